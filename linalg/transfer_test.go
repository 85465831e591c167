package linalg

import (
	"math"
	"testing"

	"github.com/stretchr/testify/require"
)

func eigen(t *testing.T, a *Mat) *Eig {
	t.Helper()
	e, err := Eigen(a)
	require.NoError(t, err)
	return e
}

func TestTransferFunctionReadsTheSpectrum(t *testing.T) {
	q := Haar(5, stream("transfer"))
	e := eigen(t, withSpectrum(q, []float64{0, 1, 4, 4, 9}))
	b := withSpectrum(q, []float64{2, 9, 1, 3, 16})
	got := TransferFunction(e, Group(e.Values, DefaultRelTol), b)
	want := []Point{{0, 0, math.Sqrt2, 1}, {1, 1, 3, 1}, {2, 4, math.Sqrt2, 2}, {3, 9, 4, 1}}
	require.Len(t, got, len(want))
	for i, p := range want {
		require.InDelta(t, p.Sigma, got[i].Sigma, 1e-7)
		require.InDelta(t, p.Eigenvalue, got[i].Eigenvalue, 1e-14)
		require.InDelta(t, p.F, got[i].F, 1e-14)
		require.Equal(t, p.Multiplicity, got[i].Multiplicity)
	}
}

func TestShape(t *testing.T) {
	curve := func(n int, f func(x float64) float64) []Point {
		p := make([]Point, n)
		for i := range p {
			x := float64(i+1) / float64(n)
			p[i] = Point{Sigma: x, F: f(x), Multiplicity: 1}
		}
		return p
	}
	s := stream("shape")
	noisy := func(f func(x float64) float64) func(float64) float64 {
		return func(x float64) float64 { return f(x) * (1 + 0.02*s.Normal()) }
	}
	rising := func(x float64) float64 { return 0.18 + 0.07*min(1, x/0.8) }
	falling := func(x float64) float64 { return 0.38 - 0.07*x }
	peaked := func(x float64) float64 { return 0.16 + 0.2*x*math.Exp(-4*x) }
	for _, c := range []struct {
		name   string
		points []Point
		noise  float64
		want   string
	}{
		{"none", nil, 0, "flat"},
		{"one", curve(1, rising), 0, "flat"},
		{"constant", curve(30, func(float64) float64 { return 0.1 }), 0, "flat"},
		{"noise", curve(75, func(float64) float64 { return 1 + 0.044*s.Normal() }), 0.044, "flat"},
		{"zero", curve(3, func(float64) float64 { return 0 }), 0, "flat"},
		{"rises and levels off", curve(30, rising), 0, "increasing"},
		{"rises, noisy", curve(30, noisy(rising)), 0.02, "increasing"},
		{"falls", curve(10, falling), 0, "decreasing"},
		{"falls, noisy", curve(10, noisy(falling)), 0.02, "decreasing"},
		{"peak", curve(30, peaked), 0, "unimodal"},
		{"two peaks", curve(60, func(x float64) float64 { return 1 + 0.5*math.Sin(4*math.Pi*x) }), 0.02, "other"},
		{"valley", curve(30, func(x float64) float64 { return 1 + (x-0.5)*(x-0.5) }), 0, "other"},
	} {
		require.Equal(t, c.want, Shape(c.points, c.noise), c.name)
	}
}

// Pool adjacent violators against all partitions into constant pieces.
func TestRisingResidualsAreLeastSquares(t *testing.T) {
	s := stream("isotonic")
	const n = 8
	for range 20 {
		f, w := make([]float64, n), make([]float64, n)
		for i := range f {
			f[i], w[i] = s.Normal(), float64(1+s.IntN(3))
		}
		best := math.Inf(1)
		for cuts := range 1 << (n - 1) {
			last, total, start := math.Inf(-1), 0.0, 0
			for i := range n {
				if i < n-1 && cuts>>i&1 == 0 {
					continue
				}
				var m, sw float64
				for k := start; k <= i; k++ {
					m, sw = m+w[k]*f[k], sw+w[k]
				}
				m /= sw
				for k := start; k <= i; k++ {
					total += w[k] * (f[k] - m) * (f[k] - m)
				}
				if m < last {
					total = math.Inf(1)
				}
				last, start = m, i+1
			}
			best = min(best, total)
		}
		require.InDelta(t, best, risingResiduals(f, w)[n], 1e-12)
	}
}

func TestOverlapAndMatches(t *testing.T) {
	s := stream("overlap")
	q := Haar(6, s)
	a := eigen(t, withSpectrum(q, []float64{1, 2, 3, 4, 5, 6}))
	same := eigen(t, withSpectrum(q, []float64{1, 3, 2, 7, 9, 8}))
	require.InDelta(t, 1, Overlap(a, same, 3), 1e-12) // the same three, in another order
	require.InDelta(t, 0, Overlap(a, same, 1), 1e-12)
	// A repeated leading eigenvalue: its basis is arbitrary, the span is not.
	flat := eigen(t, withSpectrum(q, []float64{1, 2, 3, 4, 9, 9}))
	require.InDelta(t, 1, Overlap(a, flat, 1), 1e-12)
	require.InDelta(t, 1, Overlap(a, a, 6), 1e-12)
	// Strangers overlap by k/d on average.
	var mean float64
	for range 300 {
		mean += Overlap(a, eigen(t, withSpectrum(Haar(6, s), []float64{1, 2, 3, 4, 5, 6})), 2) / 300
	}
	require.InDelta(t, 2.0/6, mean, 0.05)

	m := MatchVectors(a, same, 2, DefaultRelTol)
	require.Equal(t, []Space{{4, 5}, {5, 6}}, []Space{m[0].Space, m[1].Space})
	require.InDelta(t, 1, m[0].Cos, 1e-12)
	require.InDelta(t, math.Sqrt(1.0/6), m[0].Chance, 1e-12)
	m = MatchVectors(a, flat, 1, DefaultRelTol)
	require.Equal(t, Match{Vector: 5, Space: Space{4, 6}, Cos: m[0].Cos, Chance: math.Sqrt(2.0 / 6)}, m[0])
	require.InDelta(t, 1, m[0].Cos, 1e-12)
}
