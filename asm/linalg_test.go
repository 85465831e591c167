package asm_test

import (
	"math/rand/v2"
	"testing"

	"github.com/stretchr/testify/require"

	"randalign/asm"
	"randalign/asm/asmtest"
)

// The kernels of the eigensolver against their reference, to the bit, over all
// lengths past twice the largest unrolled block, with guarded ends.
func TestLinalgKernelsEqualTheirReference(t *testing.T) {
	undo, err := asm.Select("generic")
	require.NoError(t, err)
	ref := asm.Active()
	undo()
	asmtest.ForEachPath(t, func(t *testing.T) {
		k := asm.Active()
		rng := rand.New(rand.NewPCG(7, 8))
		for n := range 70 {
			for off := range 4 {
				number := func(i int) float64 {
					switch off {
					case 0:
						return asmtest.Exact[float64](i)
					case 1:
						return asmtest.Special[float64](i)
					case 2: // sums and products that are denormals
						return rng.NormFloat64() * []float64{1e-308, 1e-155}[i%2]
					}
					return rng.NormFloat64()
				}
				fill := func(n int) ([]float64, func()) {
					x, check := asmtest.Guarded[float64](t, n, off)
					for i := range x {
						x[i] = number(i)
					}
					return x, check
				}
				lda := n + off
				if off == 2 {
					lda += 512 // rows of a matrix beyond the second-level cache
				}
				a, checkA := fill(4*lda + n)
				x, checkX := fill(n)
				y, checkY := fill(n)
				wx, wy := append([]float64(nil), x...), append([]float64(nil), y...)
				same := func(name string) {
					t.Helper()
					asmtest.SameBits(t, wx, x, "%s n %d offset %d, x", name, n, off)
					asmtest.SameBits(t, wy, y, "%s n %d offset %d, y", name, n, off)
					checkA()
					checkX()
					checkY()
				}
				asmtest.SameBits(t, []float64{ref.DotF64(wx, wy)}, []float64{k.DotF64(x, y)}, "dot n %d offset %d", n, off)
				ref.AxpyF64(0.3, wx, wy)
				k.AxpyF64(0.3, x, y)
				same("axpy")
				ref.PlaneF64(wx, wy, 0.6, -0.8)
				k.PlaneF64(x, y, 0.6, -0.8)
				same("plane")
				for i := range n { // no NaN of the sums before
					x[i], y[i] = number(i+1), number(i+2)
					wx[i], wy[i] = x[i], y[i]
				}
				r := [4]float64{0.5, -1.25, 3, 1e-3}
				if off == 1 {
					r = [4]float64{asmtest.Special[float64](n), 0.5, asmtest.Special[float64](n + 1), asmtest.Special[float64](n + 2)}
				}
				var want, got [4]float64
				ref.SymvF64(a, lda, wx, wy, &r, &want, false)
				k.SymvF64(a, lda, x, y, &r, &got, n%2 == 0)
				same("symv")
				asmtest.SameBits(t, want[:], got[:], "symv n %d offset %d", n, off)
				s, ds := ref.SecularF64(wx, wy, 0.7)
				s2, ds2 := k.SecularF64(x, y, 0.7)
				asmtest.SameBits(t, []float64{s, ds}, []float64{s2, ds2}, "secular n %d offset %d", n, off)
				moved, wantMoved := a, append([]float64(nil), a...)
				ref.ShiftF64(wantMoved, lda, n, &r, &want)
				k.ShiftF64(moved, lda, n, &r, &got)
				same("shift")
				asmtest.SameBits(t, wantMoved, moved, "shift n %d offset %d", n, off)
				asmtest.SameBits(t, want[:], got[:], "shift n %d offset %d, sums", n, off)
			}
		}
	})
}

func TestLinalgKernelsByHand(t *testing.T) {
	asmtest.ForEachPath(t, func(t *testing.T) {
		k := asm.Active()
		x, y := []float64{1, 2, 3}, []float64{4, 5, 6}
		require.Equal(t, 32.0, k.DotF64(x, y))
		k.AxpyF64(2, x, y)
		require.Equal(t, []float64{6, 9, 12}, y)
		k.PlaneF64(x, y, 0, 1)
		require.Equal(t, []float64{-6, -9, -12}, x)
		require.Equal(t, []float64{1, 2, 3}, y)
		var out [4]float64
		k.SymvF64([]float64{1, 2, 3, 4, 5, 6, 7, 8}, 2, []float64{1, 10}, y[:2], &[4]float64{1, 1, 1, 1}, &out, false)
		require.Equal(t, [4]float64{21, 43, 65, 87}, out)
		require.Equal(t, []float64{17, 22, 3}, y)
		s, ds := k.SecularF64([]float64{1, 2}, []float64{3, 5}, 1)
		require.Equal(t, []float64{1.5, 0.5}, []float64{s, ds})
		rows := []float64{1, 2, 0, 3, 4, 0, 5, 6, 0, 7, 8}
		k.ShiftF64(rows, 3, 2, &[4]float64{1, 0, -1, 10}, &out)
		require.Equal(t, []float64{0, 1, 0, 3, 4, 0, 6, 7, 0, -3, -2}, rows)
		require.Equal(t, [4]float64{1, 7, 13, -5}, out)
	})
}
