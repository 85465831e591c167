package asm_test

import (
	"fmt"
	"math"
	"math/rand/v2"
	"testing"

	"github.com/stretchr/testify/require"

	"randalign/asm"
)

// stridePoints are the finite ones of the interpolation, to which infinity is added.
var stridePoints = []float64{0.5, -0.5, 1.25, -1.25}

// strideMatrix returns the matrix of a transform: interpolation at the points of what has
// to do with taps 0 and 2, and ones.
func strideMatrix(f transform) [][]float64 {
	m := make([][]float64, f.dst)
	for i := range m {
		m[i] = make([]float64, f.src)
	}
	// The values' transform: the polynomials that vanish at all other points, of elements
	// every so many rows, and the rows that are left as they are.
	values := func(every, plain int) {
		for i := range 5 {
			for j, v := range polynomial(stridePoints, i) { // 4 skips none
				m[i][j*every] = v
			}
		}
		for k := range 4 {
			m[5+k][k*every+plain] = 1
		}
	}
	// The sums' transform, element k going to row k*every+odd.
	sums := func(every, odd int) {
		for k := range 4 {
			for i, a := range stridePoints {
				m[k*every+odd][i] = math.Pow(a, float64(k))
			}
			m[k*every][5+k] = 1
		}
		m[3*every+odd][4] = 1
	}
	switch f.name {
	case "StrideInput":
		values(2, 1)
	case "StrideOutputGrad":
		values(1, 0)
	case "StrideOutput":
		sums(1, 0)
	case "StrideInputGrad":
		sums(2, 1)
	case "StrideFilter":
		for i, a := range stridePoints {
			distances := 1.0
			for j, b := range stridePoints {
				if j != i {
					distances *= a - b
				}
			}
			m[i][0], m[i][2] = 1/distances, a/distances
		}
		m[4][2], m[5][1] = 1, 1
	}
	return m
}

var wideStride = map[string]func(dst, src []float64, s asm.Strips){
	"StrideInput": asm.StrideInput[float64], "StrideFilter": asm.StrideFilter[float64], "StrideOutput": asm.StrideOutput[float64],
	"StrideOutputGrad": asm.StrideOutputGrad[float64], "StrideInputGrad": asm.StrideInputGrad[float64],
}

// Unit vectors show the matrices' entries, which are exact but where the
// interpolation divides.
func TestWinogradStrideMatrices(t *testing.T) {
	ref := generic(t)
	for _, f := range strideTransforms {
		m := strideMatrix(f)
		for j := range f.src {
			unit, narrow := make([]float64, f.src), make([]float32, f.src)
			unit[j], narrow[j] = 1, 1
			column, short := once(wideStride[f.name], f.dst, unit...), once(f.of(ref), f.dst, narrow...)
			for i := range m {
				want, where := m[i][j], fmt.Sprintf("%s, row %d, column %d", f.name, i, j)
				if f.name == "StrideFilter" {
					require.InDelta(t, want, column[i], math.Abs(want)*0x1p-52, where)
					require.InDelta(t, want, float64(short[i]), math.Abs(want)*0x1p-23, where)
					continue
				}
				require.Equal(t, want, column[i], where)
				require.Equal(t, float32(want), short[i], where)
			}
		}
	}
}

// The transforms come together to a correlation with stride 2, and to its gradient.
func TestWinogradStrideIsACorrelation(t *testing.T) {
	rng := rand.New(rand.NewPCG(15, 16))
	normal := func(n int) []float64 { return normals(rng, n) }
	// times multiplies nine places by the six of a filter.
	times := func(v, u []float64) []float64 {
		m := make([]float64, 9)
		for i := range m {
			m[i] = v[i] * u[min(i, 5)]
		}
		return m
	}
	for range 1000 {
		d, g, dy := normal(9), normal(3), normal(5)
		u := once(asm.StrideFilter[float64], 6, g...)
		y := once(asm.StrideOutput[float64], 4, times(once(asm.StrideInput[float64], 9, d...), u)...)
		for o, got := range y {
			require.InDelta(t, g[0]*d[2*o]+g[1]*d[2*o+1]+g[2]*d[2*o+2], got, 1e-12)
		}
		// The inputs' gradient sees the filter turned round.
		u = once(asm.StrideFilter[float64], 6, g[2], g[1], g[0])
		dx := once(asm.StrideInputGrad[float64], 8, times(once(asm.StrideOutputGrad[float64], 9, dy...), u)...)
		for i := range 4 {
			require.InDelta(t, g[1]*dy[i], dx[2*i], 1e-12)
			require.InDelta(t, g[2]*dy[i]+g[0]*dy[i+1], dx[2*i+1], 1e-12)
		}
	}
}
