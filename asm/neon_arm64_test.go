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
	{"FMLAS 0", fmlaS(0, 1), false},
	{"FMLAS 1", fmlaS(1, 1), false},
	{"FMLAS 2", fmlaS(2, 1), false},
	{"FMLAS 3", fmlaS(3, 1), false},
	{"FMLAD 0", fmlaD(0), false},
	{"FMLAD 1", fmlaD(1), false},
	{"FMLSS 0", fmlaS(0, -1), false},
	{"FMLSS 1", fmlaS(1, -1), false},
	{"FMLSS 2", fmlaS(2, -1), false},
	{"FMLSS 3", fmlaS(3, -1), false},
	{"DUPS 0", dupS(0), true},
	{"DUPS 1", dupS(1), true},
	{"DUPS 2", dupS(2), true},
	{"DUPS 3", dupS(3), true},
	{"SHL4S 1", eachInt(func(_, n, _ uint32) uint32 { return n << 1 }), true},
	{"SHL4S 23", eachInt(func(_, n, _ uint32) uint32 { return n << 23 }), true},
	{"SSHR4S 1", eachInt(func(_, n, _ uint32) uint32 { return uint32(int32(n) >> 1) }), true},
	{"SSHR4S 31", eachInt(func(_, n, _ uint32) uint32 { return uint32(int32(n) >> 31) }), true},
	{"FADD4S", each32(func(_, n, m float32) float32 { return n + m }), false},
	{"FSUB4S", each32(func(_, n, m float32) float32 { return n - m }), false},
	{"FMUL4S", each32(func(_, n, m float32) float32 { return n * m }), false},
	{"FDIV4S", each32(func(_, n, m float32) float32 { return n / m }), false},
	{"FMAX4S", each32(func(_, n, m float32) float32 { return max(n, m) }), false},
	{"FMLA4S", each32(func(d, n, m float32) float32 { return FMA32(n, m, d) }), false},
	{"FMLS4S", each32(func(d, n, m float32) float32 { return FMA32(-n, m, d) }), false},
	{"FCMGT4S", mask32(func(n, m float32) bool { return n > m }), true},
	{"FCMEQ4S", mask32(func(n, m float32) bool { return n == m }), true},
	{"FADD2D", each64(func(_, n, m float64) float64 { return n + m }), false},
	{"FSUB2D", each64(func(_, n, m float64) float64 { return n - m }), false},
	{"FMUL2D", each64(func(_, n, m float64) float64 { return n * m }), false},
	{"FMLA2D", each64(func(d, n, m float64) float64 { return math.FMA(n, m, d) }), false},
	{"ADD4S", eachInt(func(_, n, m uint32) uint32 { return n + m }), true},
	{"SUB4S", eachInt(func(_, n, m uint32) uint32 { return n - m }), true},
	{"AND16B", eachInt(func(_, n, m uint32) uint32 { return n & m }), true},
	{"BIC16B", eachInt(func(_, n, m uint32) uint32 { return n &^ m }), true},
	{"ORR16B", eachInt(func(_, n, m uint32) uint32 { return n | m }), true},
	{"BIT16B", eachInt(func(d, n, m uint32) uint32 { return n&m | d&^m }), true},
	{"BIF16B", eachInt(func(d, n, m uint32) uint32 { return d&m | n&^m }), true},
	{"FCMGT04S", mask32(func(n, _ float32) bool { return n > 0 }), true},
	{"FCMLT04S", mask32(func(n, _ float32) bool { return n < 0 }), true},
	{"FABS4S", eachInt(func(_, n, _ uint32) uint32 { return n &^ (1 << 31) }), true},
	{"FNEG4S", eachInt(func(_, n, _ uint32) uint32 { return n ^ 1<<31 }), true},
	{"FCVTL2D", widen(0), false},
	{"FCVTL22D", widen(2), false},
	{"FDIV2D", each64(func(_, n, m float64) float64 { return n / m }), false},
	{"FMLS2D", each64(func(d, n, m float64) float64 { return math.FMA(-n, m, d) }), false},
}

func fmlaS(i int, sign float32) func(d, n, m *lanes) {
	return func(d, n, m *lanes) {
		for l := range d.f32() {
			d.f32()[l] = FMA32(sign*n.f32()[l], m.f32()[i], d.f32()[l])
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

func dupS(i int) func(d, n, m *lanes) {
	return func(d, n, _ *lanes) {
		for l := range d.u32() {
			d.u32()[l] = n.u32()[i]
		}
	}
}

func widen(from int) func(d, n, m *lanes) {
	return func(d, n, _ *lanes) {
		for l := range d.f64() {
			d.f64()[l] = float64(n.f32()[from+l])
		}
	}
}

func each32(f func(d, n, m float32) float32) func(d, n, m *lanes) {
	return func(d, n, m *lanes) {
		for l := range d.f32() {
			d.f32()[l] = f(d.f32()[l], n.f32()[l], m.f32()[l])
		}
	}
}

func each64(f func(d, n, m float64) float64) func(d, n, m *lanes) {
	return func(d, n, m *lanes) {
		for l := range d.f64() {
			d.f64()[l] = f(d.f64()[l], n.f64()[l], m.f64()[l])
		}
	}
}

func eachInt(f func(d, n, m uint32) uint32) func(d, n, m *lanes) {
	return func(d, n, m *lanes) {
		for l := range d.u32() {
			d.u32()[l] = f(d.u32()[l], n.u32()[l], m.u32()[l])
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

// Macros whose result, and whose operands, are float64.
var (
	doubles = regexp.MustCompile(`2D$|^FMLAD`)
	widens  = regexp.MustCompile(`^FCVTL`)
)

// Every macro on every triple of numbers, in lanes that differ.
func TestNEONInstructions(t *testing.T) {
	numbers := []float32{
		1.5, -2.25, 0, float32(math.Copysign(0, -1)), 3, 4097, 1e-40, -1e30, math.MaxFloat32,
		float32(math.Inf(1)), float32(math.Inf(-1)), float32(math.NaN()), 0.5, -0.75, 2.5, -1e-20,
	}
	wide := func(i int) float64 { return float64(numbers[i%len(numbers)]) * (1 + 0x1p-40) }
	for i, macro := range neonMacros {
		double := doubles.MatchString(macro.name)
		for k := range len(numbers) * len(numbers) * len(numbers) {
			var v, want [3]lanes
			for r := range v {
				at := k / []int{1, len(numbers), len(numbers) * len(numbers)}[r]
				for l := range 4 {
					v[r].f32()[l] = numbers[(at+l*(r+1))%len(numbers)]
				}
				if double && !widens.MatchString(macro.name) {
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
