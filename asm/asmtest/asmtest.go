// Package asmtest holds what the tests of every floor share: running a test on
// each kernel path, comparing bits, guarded memory and test numbers.
package asmtest

import (
	"fmt"
	"math"
	"os"
	"slices"
	"strings"
	"testing"
	"unsafe"

	"randalign/asm"
)

// ForEachPath runs f once for each kernel path of this machine, generic last,
// and brings back the path that was active. RANDALIGN_TEST_PATHS names paths
// that must exist ("avx2,generic"): a missing one fails the test.
func ForEachPath(t *testing.T, f func(t *testing.T)) {
	t.Helper()
	if want := os.Getenv("RANDALIGN_TEST_PATHS"); want != "" {
		for _, p := range strings.Split(want, ",") {
			if !slices.Contains(asm.Paths(), p) {
				t.Fatalf("RANDALIGN_TEST_PATHS wants path %q; this machine has %v", p, asm.Paths())
			}
		}
	}
	for _, p := range asm.Paths() {
		t.Run(p, func(t *testing.T) {
			undo, err := asm.Select(p)
			if err != nil {
				t.Fatal(err)
			}
			defer undo()
			f(t)
		})
	}
}

// SameBits fails the test at the first element whose bits differ. All NaNs
// count as equal; -0 and +0 do not.
func SameBits[T float32 | float64](t *testing.T, want, got []T, format string, args ...any) {
	t.Helper()
	if len(want) != len(got) {
		t.Fatalf("%s: %d elements for %d", fmt.Sprintf(format, args...), len(got), len(want))
	}
	for i, w := range want {
		g := got[i]
		if w != w && g != g {
			continue
		}
		if w != g || math.Signbit(float64(w)) != math.Signbit(float64(g)) {
			t.Fatalf("%s: element %d is %v (%x) for %v (%x)", fmt.Sprintf(format, args...), i, g, g, w, w)
		}
	}
}

// poison fills the canaries of Guarded; its bits are no number that a test uses.
const poison = 0x7fa5

// Guarded returns a slice of n elements starting off elements into a buffer
// whose rest holds poison, and a check that fails the test if any of the rest
// was written.
func Guarded[T float32 | float64](t *testing.T, n, off int) (s []T, check func()) {
	t.Helper()
	const canary = 64
	b := make([]T, canary+off+n+canary)
	for i := range b {
		b[i] = -poison
	}
	s = b[canary+off:][:n:n]
	return s, func() {
		t.Helper()
		for i, v := range b {
			if (i < canary+off || i >= canary+off+n) && v != -poison {
				t.Fatalf("element %d of a slice of %d was written", i-canary-off, n)
			}
		}
	}
}

// Sizes returns 0, 1, ..., 2*tile+3: every way for a tile to be cut.
func Sizes(tile int) []int {
	s := make([]int, 2*tile+4)
	for i := range s {
		s[i] = i
	}
	return s
}

// Exact returns the i-th of a list of small integers and powers of two, whose
// products and sums are exact in any order: a wrong index shows as a wrong value.
func Exact[T float32 | float64](i int) T {
	numbers := [...]T{1, -2, 3, 0.5, -4, 7, 0.25, -5, 8, 11, -0.125, 13}
	return numbers[(i*7+i/12)%len(numbers)]
}

// Special returns the i-th of a list that holds NaN, infinities, zeros of both
// signs, denormals, the ends of T's range and squares that overflow among ordinary
// numbers.
func Special[T float32 | float64](i int) T {
	at := (i*11 + i/len(special32)) % len(special32)
	if unsafe.Sizeof(T(0)) == 4 {
		return T(special32[at])
	}
	return T(special64[at])
}

var special32 = [...]float32{
	1.5, float32(math.Copysign(0, -1)), 0, math.MaxFloat32, -math.MaxFloat32, math.SmallestNonzeroFloat32,
	-1e-40, 1e-38, float32(math.Inf(1)), float32(math.Inf(-1)), float32(math.NaN()), -3.25, 0x1.fffffep-1, 4097, 1e-20,
	0x1p127, -0x1p64,
}

var special64 = [len(special32)]float64{
	1.5, math.Copysign(0, -1), 0, math.MaxFloat64, -math.MaxFloat64, math.SmallestNonzeroFloat64,
	-1e-310, 2e-308, math.Inf(1), math.Inf(-1), math.NaN(), -3.25, 0x1.fffffffffffffp-1, 1<<27 + 1, 1e-160,
	0x1p1023, -0x1p512,
}

// Marked returns i+1, or for every third i a special number: a copy that takes
// the wrong element shows, and so does one that loses a sign or a denormal.
func Marked[T float32 | float64](i int) T {
	if i%3 == 1 {
		return Special[T](i)
	}
	return T(i + 1)
}
