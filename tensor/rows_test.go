package tensor

import (
	"math"
	"testing"

	"github.com/stretchr/testify/require"

	"randalign/asm/asmtest"
)

func TestSumRows(t *testing.T) {
	asmtest.ForEachPath(t, func(t *testing.T) {
		for _, n := range []int{1, 3, 16, 65, 200} {
			for _, rows := range []int{0, 1, 2, 9} {
				stride := n + rows%3
				x, got := make([]float32, rows*stride+1), make([]float32, n)
				s := NewStream(1, "rows")
				FillNormal(s, x, 1)
				sum := make([]float32, n)
				for r := range rows {
					Add(sum, x[r*stride:][:n]) // as one example after the other
				}
				SumRows(got, x, rows, stride)
				asmtest.SameBits(t, sum, got, "sum rows %d x %d", rows, n)
			}
		}
	})
	wide := []float64{11, 22, 13, 24}
	SumRows(wide[:2], append([]float64(nil), wide...), 2, 2)
	require.Equal(t, []float64{24, 46}, wide[:2])
	require.PanicsWithValue(t, "tensor: sum rows: 2 rows of 2, 3 apart, do not fit 4 elements", func() { SumRows(wide[:2], wide, 2, 3) })
}

func TestDropout(t *testing.T) {
	const n, p = 100_001, 0.3
	mask := make([]float32, n)
	DropoutMask(NewStream(1, "dropout"), mask, p)
	kept := 0
	for _, m := range mask {
		if m != 0 {
			require.Equal(t, float32(1/(1-p)), m)
			kept++
		}
	}
	require.InDelta(t, n*(1-p), kept, 5*math.Sqrt(n*p*(1-p)))
	s := NewStream(1, "dropout")
	b := s.Uint64()
	for i, half := range []uint64{b & (1<<32 - 1), b >> 32} {
		require.Equal(t, float64(half)/(1<<32) >= p, mask[i] != 0)
	}
	shorter := make([]float64, 7)
	DropoutMask(NewStream(1, "dropout"), shorter, p)
	for i, m := range shorter {
		require.Equal(t, mask[i], float32(m))
	}
	DropoutMask(s, mask, 0)
	require.Equal(t, float32(1), mask[0])
	require.Panics(t, func() { DropoutMask(s, mask, 1) })
	require.Panics(t, func() { DropoutMask(s, mask, math.NaN()) })
	x := []float32{1, 2, 3}
	Mul(x, x, []float32{2, 0, 3})
	require.Equal(t, []float32{2, 0, 9}, x)
	w := []float64{1, 2}
	Mul(w, w, w)
	require.Equal(t, []float64{1, 4}, w)
}

func TestSumsOverLanes(t *testing.T) {
	const n = 1000
	x, y := make([]float32, n), make([]float32, n)
	FillNormal(NewStream(1, "x"), x, 1)
	FillNormal(NewStream(1, "y"), y, 1)
	wide, wideY := make([]float64, n), make([]float64, n)
	for i := range wide {
		wide[i], wideY[i] = float64(x[i]), float64(y[i])
	}
	asmtest.ForEachPath(t, func(t *testing.T) {
		// The lanes are float64 for both types, and float32s are exact in it.
		require.Equal(t, SumSquares(wide), SumSquares(x))
		require.Equal(t, Dot(wide, wideY), Dot(x, y))
		var sum float64
		for i := range wide {
			sum += wide[i] * wideY[i]
		}
		require.InDelta(t, sum, Dot(x, y), 1e-11)
	})
	z := []float32{1, 2, 3}
	Scale(z, 0.5)
	require.Equal(t, []float32{0.5, 1, 1.5}, z)
	w := []float64{1, 2}
	Scale(w, 2)
	require.Equal(t, []float64{2, 4}, w)
	Fill(w, 7)
	Fill(z, 7)
	require.Equal(t, w[1], float64(z[2]))
	require.Panics(t, func() { Dot(w, w[1:]) })
}
