package tensor

import (
	"math"
	"testing"

	"github.com/stretchr/testify/require"

	"randalign/asm/asmtest"
)

func TestRowsAndChannels(t *testing.T) {
	asmtest.ForEachPath(t, func(t *testing.T) {
		for _, n := range []int{1, 3, 16, 65, 200} {
			for _, rows := range []int{0, 1, 2, 9} {
				stride := n + rows%3
				x, bias := make([]float32, rows*stride+1), make([]float32, n)
				s := NewStream(1, "rows")
				FillNormal(s, x, 1)
				FillNormal(s, bias, 1)
				added := append([]float32(nil), x...)
				sum := make([]float32, n)
				for r := range rows {
					Add(added[r*stride:][:n], bias)
					Add(sum, x[r*stride:][:n]) // as one example after the other
				}
				got := append([]float32(nil), x...)
				AddRows(got, bias, rows, stride)
				asmtest.SameBits(t, added, got, "add rows %d x %d", rows, n)
				SumRows(bias, x, rows, stride)
				asmtest.SameBits(t, sum, bias, "sum rows %d x %d", rows, n)
			}
		}
		x := []float32{1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12} // 2 x 3 x 2
		sums := make([]float32, 3)
		SumChannels(sums, x, 2, 2)
		require.Equal(t, []float32{18, 26, 34}, sums)
		AddChannels(x, []float32{10, 20, 30}, 2, 2)
		require.Equal(t, []float32{11, 12, 23, 24, 35, 36, 17, 18, 29, 30, 41, 42}, x)
	})
	wide := []float64{1, 2, 3, 4}
	AddRows(wide, []float64{10, 20}, 2, 2)
	require.Equal(t, []float64{11, 22, 13, 24}, wide)
	SumRows(wide[:2], append([]float64(nil), wide...), 2, 2)
	require.Equal(t, []float64{24, 46}, wide[:2])
	require.PanicsWithValue(t, "tensor: sum rows: 2 rows of 2, 3 apart, do not fit 4 elements", func() { SumRows(wide[:2], wide, 2, 3) })
	require.Panics(t, func() { AddRows(wide, wide[:3], 1, 2) })
	require.Panics(t, func() { AddChannels(wide, wide[:2], 2, 2) })
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

func TestMeanSquaredError(t *testing.T) {
	x, target, grad := []float32{1, 2, 3, 5}, []float32{1, 0, 4, 2}, make([]float32, 4)
	require.Equal(t, (0+4+1+9)/4.0, MeanSquaredError(x, target, grad))
	require.Equal(t, []float32{0, 1, -0.5, 1.5}, grad)
	require.Equal(t, 3.5, MeanSquaredError(x, target, nil))
	require.Zero(t, MeanSquaredError[float64](nil, nil, nil))
	require.Panics(t, func() { MeanSquaredError(x, target[1:], nil) })
}

func TestSumsOverLanes(t *testing.T) {
	const n = 1000
	x, y := make([]float32, n), make([]float32, n)
	FillNormal(NewStream(1, "x"), x, 1)
	FillNormal(NewStream(1, "y"), y, 1)
	wide, wideY := make([]float64, n), make([]float64, n)
	asmtest.ForEachPath(t, func(t *testing.T) {
		Widen(wide, x)
		Widen(wideY, y)
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
	Axpy(z, []float32{1, 1, 2}, 2)
	Scale(z, 0.5)
	require.Equal(t, []float32{1.5, 2, 3.5}, z)
	w := []float64{1, 2}
	Axpy(w, []float64{3, 4}, 2)
	Scale(w, 2)
	require.Equal(t, []float64{14, 20}, w)
	Fill(w, 7)
	Fill(z, 7)
	require.Equal(t, w[1], float64(z[2]))
	require.Panics(t, func() { Widen(w, z) })
	require.Panics(t, func() { Dot(w, w[1:]) })
}
