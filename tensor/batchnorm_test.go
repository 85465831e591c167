package tensor

import (
	"fmt"
	"math"
	"slices"
	"testing"

	"github.com/stretchr/testify/require"

	"randalign/asm/asmtest"
)

type normCase struct{ n, channels, plane int }

var normCases = []normCase{{4, 3, 25}, {2, 2, 16}, {5, 1, 1}, {6, 70, 1}, {3, 4, 2}, {1, 2, 40}, {2, 3, 67}, {3, 300, 4}, {2, 3, 17}, {3, 40, 9}, {9, 20, 70}, {7, 5, 20}, {2, 3, 300}}

// normalised runs a layer forward and backward and returns all that it makes.
func normalised[T Float](p *Pool, tc normCase, relu bool, x, dy, gamma, beta []T) [][]T {
	l := NewBatchNorm[T](tc.channels, tc.plane, 1e-5, 0.1, relu)
	y, dx := make([]T, len(x)), make([]T, len(x))
	mean, variance := make([]T, tc.channels), make([]T, tc.channels)
	for i := range variance {
		variance[i] = 1
	}
	dgamma, dbeta := make([]T, tc.channels), make([]T, tc.channels)
	l.Forward(p, tc.n, x, y, gamma, beta, mean, variance)
	l.Backward(p, tc.n, x, gamma, dy, dx, dgamma, dbeta)
	infer := make([]T, len(x))
	l.Infer(p, tc.n, x, infer, gamma, beta, mean, variance)
	return [][]T{y, dx, dgamma, dbeta, mean, variance, infer}
}

var normNames = []string{"y", "dx", "dgamma", "dbeta", "running mean", "running variance", "inference"}

func normInput[T Float](tc normCase) (x, dy, gamma, beta []T) {
	s := NewStream(3, fmt.Sprint(tc))
	size := tc.n * tc.channels * tc.plane
	x, dy, gamma, beta = make([]T, size), make([]T, size), make([]T, tc.channels), make([]T, tc.channels)
	for i := range x {
		x[i] = T(float32(s.Normal()*2 + 1))
		dy[i] = T(float32(s.Normal()))
	}
	for c := range gamma {
		gamma[c], beta[c] = T(float32(s.Normal())), T(float32(s.Normal()*0.3))
	}
	return x, dy, gamma, beta
}

// The textbook: two passes, one channel at a time, in float64.
func refNorm(tc normCase, relu bool, x, dy, gamma, beta []float64) [][]float64 {
	y, dx, infer := make([]float64, len(x)), make([]float64, len(x)), make([]float64, len(x))
	dgamma, dbeta := make([]float64, tc.channels), make([]float64, tc.channels)
	runMean, runVar := make([]float64, tc.channels), make([]float64, tc.channels)
	m := float64(tc.n * tc.plane)
	for c := range tc.channels {
		var at []int
		for i := range x {
			if i/tc.plane%tc.channels == c {
				at = append(at, i)
			}
		}
		var mean, v float64
		for _, i := range at {
			mean += x[i] / m
		}
		for _, i := range at {
			v += (x[i] - mean) * (x[i] - mean) / m
		}
		inv := 1 / math.Sqrt(v+1e-5)
		runMean[c], runVar[c] = 0.1*mean, 0.9+0.1*v*m/max(1, m-1)
		var meanG, meanGX float64
		g := map[int]float64{}
		for _, i := range at {
			h := (x[i] - mean) * inv
			y[i] = h*gamma[c] + beta[c]
			infer[i] = (x[i]-runMean[c])/math.Sqrt(runVar[c]+1e-5)*gamma[c] + beta[c]
			g[i] = dy[i]
			if relu && y[i] <= 0 {
				y[i], g[i] = 0, 0
			}
			if relu {
				infer[i] = max(0, infer[i])
			}
			dbeta[c] += g[i]
			dgamma[c] += g[i] * h
			meanG += g[i] / m
			meanGX += g[i] * h / m
		}
		for _, i := range at {
			dx[i] = gamma[c] * inv * (g[i] - meanG - (x[i]-mean)*inv*meanGX)
		}
	}
	return [][]float64{y, dx, dgamma, dbeta, runMean, runVar, infer}
}

func TestBatchNormIsTheTextbooks(t *testing.T) {
	p := NewPool(2)
	defer p.Close()
	for _, tc := range normCases {
		for _, relu := range []bool{false, true} {
			x, dy, gamma, beta := normInput[float64](tc)
			want := refNorm(tc, relu, x, dy, gamma, beta)
			for i, got := range normalised(p, tc, relu, x, dy, gamma, beta) {
				for j := range got {
					require.InDelta(t, want[i][j], got[j], 1e-11, "float64 %v relu %v: %s", tc, relu, normNames[i])
				}
			}
			x32, dy32, gamma32, beta32 := normInput[float32](tc)
			for i, got := range normalised(p, tc, relu, x32, dy32, gamma32, beta32) {
				for j := range got {
					// Values of order 1 to 10 after a handful of float32 roundings.
					require.InDelta(t, want[i][j], got[j], 1e-5, "float32 %v relu %v: %s", tc, relu, normNames[i])
				}
			}
		}
	}
}

// dx, dgamma and dbeta of float64 against central differences of a weighted sum of y.
func TestBatchNormGradient(t *testing.T) {
	p := NewPool(1)
	for _, tc := range []normCase{{3, 2, 4}, {5, 3, 1}} {
		x, dy, gamma, beta := normInput[float64](tc)
		loss := func() (s float64) {
			for i, y := range normalised(p, tc, true, x, dy, gamma, beta)[0] {
				s += y * dy[i]
			}
			return s
		}
		out := normalised(p, tc, true, x, dy, gamma, beta)
		for i, v := range [][]float64{x, gamma, beta} {
			for j, old := range v {
				const h = 1e-5
				v[j] = old + h
				up := loss()
				v[j] = old - h
				down := loss()
				v[j] = old
				require.InDelta(t, (up-down)/(2*h), out[i+1][j], 1e-7, "%v: %s of %d", tc, normNames[i+1], j)
			}
		}
	}
}

func TestBatchNormHasTheSameBitsEverywhere(t *testing.T) {
	for _, tc := range normCases {
		for _, relu := range []bool{false, true} {
			x, dy, gamma, beta := normInput[float32](tc)
			var want [][]float32
			asmtest.ForEachPath(t, func(t *testing.T) {
				for _, threads := range []int{1, 2, 7} {
					p := NewPool(threads)
					got := normalised(p, tc, relu, x, dy, gamma, beta)
					p.Close()
					if want == nil {
						want = got
					}
					for i := range got {
						asmtest.SameBits(t, want[i], got[i], "%v relu %v: %s", tc, relu, normNames[i])
					}
				}
			})
		}
	}
}

// What is made again, and gradients that take the place of dy or x, have the
// bits of the first time.
func TestBatchNormAgainAndInPlace(t *testing.T) {
	asmtest.ForEachPath(t, func(t *testing.T) {
		p := NewPool(2)
		defer p.Close()
		for _, tc := range normCases {
			for _, relu := range []bool{false, true} {
				x, dy, gamma, beta := normInput[float32](tc)
				want := normalised(p, tc, relu, x, dy, gamma, beta)
				l := NewBatchNorm[float32](tc.channels, tc.plane, 1e-5, 0.1, relu)
				y, zero := make([]float32, len(x)), make([]float32, tc.channels)
				l.Forward(p, tc.n, x, y, gamma, beta, zero, zero)
				clear(y)
				l.Again(p, tc.n, x, y)
				asmtest.SameBits(t, want[0], y, "%v relu %v: again", tc, relu)
				copy(y, x)
				l.Again(p, tc.n, y, y)
				asmtest.SameBits(t, want[0], y, "%v relu %v: again in place", tc, relu)
				for name, dx := range map[string][]float32{"dy": dy, "x": x} {
					dgamma, dbeta := make([]float32, tc.channels), make([]float32, tc.channels)
					x0, dy0 := slices.Clone(x), slices.Clone(dy)
					l.Backward(p, tc.n, x, gamma, dy, dx, dgamma, dbeta)
					for i, got := range [][]float32{dx, dgamma, dbeta} {
						asmtest.SameBits(t, want[i+1], got, "%v relu %v: %s in place of %s", tc, relu, normNames[i+1], name)
					}
					copy(x, x0)
					copy(dy, dy0)
				}
			}
		}
	})
}

// What is larger than the caches passes them by, unless it is made in place.
func TestBatchNormPastTheCaches(t *testing.T) {
	for _, tc := range []normCase{{channels: 5, plane: 1040}, {channels: 64, plane: 16}, {channels: 7, plane: 9}} {
		tc.n = pastBytes/4/tc.channels/tc.plane + 1
		x, dy, gamma, beta := normInput[float32](tc)
		vectors := [4][]float32{}
		for i := range vectors {
			vectors[i] = make([]float32, tc.channels)
		}
		y, dx := make([]float32, len(x)), make([]float32, len(x))
		asmtest.ForEachPath(t, func(t *testing.T) {
			p := NewPool(2)
			defer p.Close()
			l := NewBatchNorm[float32](tc.channels, tc.plane, 1e-5, 0.1, true)
			l.Forward(p, tc.n, x, y, gamma, beta, vectors[0], vectors[1])
			require.True(t, l.past)
			again := slices.Clone(x)
			l.Again(p, tc.n, again, again)
			require.False(t, l.past)
			asmtest.SameBits(t, again, y, "forward")
			l.Backward(p, tc.n, x, gamma, dy, dx, vectors[2], vectors[3])
			require.True(t, l.past)
			copy(again, dy)
			l.Backward(p, tc.n, x, gamma, again, again, vectors[2], vectors[3])
			require.False(t, l.past)
			asmtest.SameBits(t, again, dx, "backward")
		})
	}
}

// A mean a thousand times the spread, and no spread at all.
func TestBatchNormKeepsItsDigits(t *testing.T) {
	p := NewPool(1)
	l := NewBatchNorm[float32](1, 64, 1e-5, 1, false)
	x, y := make([]float32, 4096), make([]float32, 4096)
	one, zero, mean, variance := []float32{1}, []float32{0}, []float32{0}, []float32{0}
	FillNormal(NewStream(4, "x"), x, 1)
	var s, q float64
	for i := range x {
		x[i] += 1000
		s += float64(x[i]) / 4096
	}
	for _, v := range x {
		q += (float64(v) - s) * (float64(v) - s) / 4095
	}
	l.Forward(p, 64, x, y, one, zero, mean, variance)
	require.InEpsilon(t, s, mean[0], 1e-7)
	require.InEpsilon(t, q, variance[0], 1e-6)
	for i := range x {
		x[i] = 1e6
	}
	l.Forward(p, 64, x, y, one, []float32{3}, mean, variance)
	require.Equal(t, []float32{1e6, 0}, []float32{mean[0], variance[0]})
	for _, v := range y {
		require.Equal(t, float32(3), v)
	}
}

func TestBatchNormAllocatesNothing(t *testing.T) {
	p := NewPool(2)
	defer p.Close()
	for _, tc := range []normCase{{4, 3, 25}, {6, 70, 1}, {2, 70, 4}} {
		x, dy, gamma, beta := normInput[float32](tc)
		l := NewBatchNorm[float32](tc.channels, tc.plane, 1e-5, 0.1, true)
		y, mean, variance := make([]float32, len(x)), make([]float32, tc.channels), make([]float32, tc.channels)
		require.Zero(t, testing.AllocsPerRun(5, func() {
			l.Forward(p, tc.n, x, y, gamma, beta, mean, variance)
			l.Backward(p, tc.n, x, gamma, dy, y, mean, variance)
			l.Infer(p, tc.n, x, y, gamma, beta, mean, variance)
		}))
		require.Panics(t, func() { l.Forward(p, tc.n+1, x, y, gamma, beta, mean, variance) })
		require.Panics(t, func() { l.Backward(p, tc.n-1, x, gamma, dy, y, mean, variance) })
	}
	require.Panics(t, func() { NewBatchNorm[float32](0, 1, 1, 1, false) })
}
