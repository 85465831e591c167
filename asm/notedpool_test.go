package asm_test

import (
	"math"
	"slices"
	"testing"

	"github.com/stretchr/testify/require"

	"randalign/asm"
	"randalign/asm/asmtest"
)

// guardedBytes is asmtest.Guarded for bytes.
func guardedBytes(t *testing.T, n, off int) (s []uint8, check func()) {
	t.Helper()
	const canary, poison = 64, 0xa5
	b := slices.Repeat([]uint8{poison}, canary+off+n+canary)
	return b[canary+off:][:n:n], func() {
		t.Helper()
		for i, v := range b {
			require.False(t, (i < canary+off || i >= canary+off+n) && v != poison, "byte %d of a slice of %d was written", i-canary-off, n)
		}
	}
}

func TestNotedPool2EqualsItsReference(t *testing.T) {
	ref := generic(t)
	asmtest.ForEachPath(t, func(t *testing.T) {
		k := asm.Active()
		for w := 2; w < 71; w++ {
			for rows := 1; rows < 4; rows++ {
				for off := range 4 {
					x, _ := asmtest.Guarded[float32](t, 2*rows*w, off)
					y, checkY := asmtest.Guarded[float32](t, rows*(w/2), 3-off)
					note, checkNote := guardedBytes(t, len(y), off)
					dy, _ := asmtest.Guarded[float32](t, len(y), off)
					dx, checkDX := asmtest.Guarded[float32](t, len(x), 1)
					numbers(off%2 == 1, x, dy)
					if off == 0 { // many ties, and windows without any above 0
						for i := range x {
							x[i] = float32(math.Round(float64(x[i])))
						}
					}
					want, wantNote, wantDX := make([]float32, len(y)), make([]uint8, len(y)), make([]float32, len(x))
					ref.NotedPool2F32(want, wantNote, x, rows, w)
					k.NotedPool2F32(y, note, x, rows, w)
					asmtest.SameBits(t, want, y, "%d rows of %d, offset %d", rows, w, off)
					require.Equal(t, wantNote, note, "%d rows of %d, offset %d", rows, w, off)
					checkY()
					checkNote()
					ref.NotedPool2GradF32(wantDX, dy, note, rows, w, false)
					k.NotedPool2GradF32(dx, dy, note, rows, w, false)
					asmtest.SameBits(t, wantDX, dx, "gradient, %d rows of %d, offset %d", rows, w, off)
					checkDX()
					for _, at := range []int{0, 1, 8} { // past the caches, if dx begins with a line
						dx, check := onLine[float32](t, len(dx), at)
						k.NotedPool2GradF32(dx, dy, note, rows, w, true)
						asm.Fence()
						asmtest.SameBits(t, wantDX, dx, "gradient past the caches, %d rows of %d, %d off a line", rows, w, at)
						check()
					}
				}
			}
		}
	})
}
