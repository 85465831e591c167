//go:build !noasm

package asm

import (
	"fmt"
	"math"
	"os"
	"regexp"
	"testing"
	"unsafe"

	"github.com/stretchr/testify/require"
)

// lanes is the content of one register; the test works on little-endian machines.
type lanes [16]byte

func (v *lanes) f32() *[4]float32 { return (*[4]float32)(unsafe.Pointer(v)) }
func (v *lanes) u32() *[4]uint32  { return (*[4]uint32)(unsafe.Pointer(v)) }
func (v *lanes) f64() *[2]float64 { return (*[2]float64)(unsafe.Pointer(v)) }

// The macros in the order of neonProbe: what each does to d, in Go, and whether
// the result is a mask or an integer, whose bits count even where they spell NaN.
var neonMacros = []struct {
	name string
	run  func(d, n, m *lanes)
	bits bool
}{
	{"FMLAS 0", fmlaS(0), false},
	{"FMLAS 1", fmlaS(1), false},
	{"FMLAS 2", fmlaS(2), false},
	{"FMLAS 3", fmlaS(3), false},
	{"FMLAD 0", fmlaD(0), false},
	{"FMLAD 1", fmlaD(1), false},
	{"FADD4S", each32(func(n, m float32) float32 { return n + m }), false},
	{"FCMGT04S", mask32(func(n, _ float32) bool { return n > 0 }), true},
}

func fmlaS(i int) func(d, n, m *lanes) {
	return func(d, n, m *lanes) {
		for l := range d.f32() {
			d.f32()[l] = FMA32(n.f32()[l], m.f32()[i], d.f32()[l])
		}
	}
}

func fmlaD(i int) func(d, n, m *lanes) {
	return func(d, n, m *lanes) {
		for l := range d.f64() {
			d.f64()[l] = math.FMA(n.f64()[l], m.f64()[i], d.f64()[l])
		}
	}
}

func each32(f func(n, m float32) float32) func(d, n, m *lanes) {
	return func(d, n, m *lanes) {
		for l := range d.f32() {
			d.f32()[l] = f(n.f32()[l], m.f32()[l])
		}
	}
}

func mask32(f func(n, m float32) bool) func(d, n, m *lanes) {
	return func(d, n, m *lanes) {
		for l := range d.u32() {
			d.u32()[l] = 0
			if f(n.f32()[l], m.f32()[l]) {
				d.u32()[l] = math.MaxUint32
			}
		}
	}
}

// Every macro on every triple of numbers, in lanes that differ.
func TestNEONInstructions(t *testing.T) {
	numbers := []float32{
		1.5, -2.25, 0, float32(math.Copysign(0, -1)), 3, 4097, 1e-40, -1e30, math.MaxFloat32,
		float32(math.Inf(1)), float32(math.Inf(-1)), float32(math.NaN()), 0.5, -0.75, 2.5, -1e-20,
	}
	wide := func(i int) float64 { return float64(numbers[i%len(numbers)]) * (1 + 0x1p-40) }
	for i, macro := range neonMacros {
		double := regexp.MustCompile(`2D|FMLAD`).MatchString(macro.name)
		for k := range len(numbers) * len(numbers) * len(numbers) {
			var v, want [3]lanes
			for r := range v {
				at := k / []int{1, len(numbers), len(numbers) * len(numbers)}[r]
				for l := range 4 {
					v[r].f32()[l] = numbers[(at+l*(r+1))%len(numbers)]
				}
				if double {
					*v[r].f64() = [2]float64{wide(at), wide(at + r + 1)}
				}
			}
			want = v
			macro.run(&want[0], &want[1], &want[2])
			neonProbe(i, (*[3][16]byte)(unsafe.Pointer(&v)))
			if v[0] != want[0] && (macro.bits || !sameNumbers(want[0], v[0], double)) {
				t.Fatalf("%s of %v: %x for %x", macro.name, want[1:], v[0], want[0])
			}
		}
	}
}

// sameNumbers compares bits and lets any NaN stand for any other.
func sameNumbers(want, got lanes, double bool) bool {
	if double {
		for l, w := range want.f64() {
			if g := got.f64()[l]; math.Float64bits(w) != math.Float64bits(g) && (w == w || g == g) {
				return false
			}
		}
		return true
	}
	for l, w := range want.f32() {
		if g := got.f32()[l]; math.Float32bits(w) != math.Float32bits(g) && (w == w || g == g) {
			return false
		}
	}
	return true
}

// A macro that the test does not know would be held against nothing.
func TestEveryNEONMacroIsProbed(t *testing.T) {
	header, err := os.ReadFile("neon_arm64.h")
	require.NoError(t, err)
	probed := map[string]bool{}
	for _, m := range neonMacros {
		var name string
		fmt.Sscan(m.name, &name)
		probed[name] = true
	}
	for _, m := range regexp.MustCompile(`(?m)^#define (\w+)\(`).FindAllSubmatch(header, -1) {
		require.True(t, probed[string(m[1])], "%s has no row in neonMacros", m[1])
	}
}
