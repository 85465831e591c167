package linalg

import (
	"math"
	"math/big"
	"testing"

	"github.com/stretchr/testify/require"
)

// The bound of Cov's doc comment, against integers of any size: (N/256 + 300) eps
// sqrt(C_ii C_jj), and less than the root of that factor unless products all round
// the same way. Where data are badly centred, sums of products less those of the
// means miss the bound: of the vectors as they are, or less the first one.
func TestCovKeepsItsBound(t *testing.T) {
	const d = 6
	s := stream("bound")
	noise := func() int64 { return int64(s.Uint64()>>40) - 1<<23 } // 24 bits: products do not fit 53, but for few
	const equal = "all products equal"
	data := []struct {
		name  string
		fails string // which sums of products do not do
		value func(k, i int) int64
	}{
		{"centred", "", func(k, i int) int64 { return noise() }},
		{"correlated", "", func(k, i int) int64 {
			if i == 0 {
				return noise()
			}
			return int64(k)*int64(k)%8191*1021 + noise()>>(2*i)
		}},
		{"mean of 2^29 deviations", "plain", func(k, i int) int64 { return 1<<52 + noise() }},
		{"first vector far off", "less the first", func(k, i int) int64 {
			if k == 0 {
				return 1<<50 + noise()
			}
			return noise()
		}},
		{"two places", "", func(k, i int) int64 { return noise() + int64(k/700)%2<<38 }},
		{"drift", "plain", func(k, i int) int64 { return 1<<40 + int64(k*i)<<18 + noise() }},
		{equal, "", func(k, i int) int64 { return int64(1-k%2*2) * (1<<23 + 1<<20*int64(i) + 4321*int64(i) + 1) }},
		{"nearly constant", "plain", func(k, i int) int64 { return 1<<45 + noise()>>(4*i) }},
	}
	sizes := []int{2, 255, 257, 3001, 50000}
	if testing.Short() {
		sizes = sizes[:4]
	}
	for _, c := range data {
		t.Run(c.name, func(t *testing.T) {
			for _, n := range sizes {
				x, exact := make([]float64, n*d), make([]int64, n*d)
				for k := range n {
					for i := range d {
						exact[k*d+i] = c.value(k, i)
						x[k*d+i] = float64(exact[k*d+i])
					}
				}
				cov := NewCov(d)
				cov.AddRows64(x, n)
				want := exactMoments(exact, n, d)
				factor := float64(n)/256 + 300
				worst := worstError(cov.Covariance(), want)
				t.Logf("N = %d: %.3g eps, bound %.0f", n, worst, factor)
				require.LessOrEqual(t, worst, factor, "N = %d", n)
				if c.name != equal {
					require.LessOrEqual(t, worst, math.Sqrt(factor), "N = %d", n)
				}
				if n < 3000 {
					continue
				}
				switch c.fails {
				case "plain":
					require.Greater(t, worstError(plainCov(x, n, make([]float64, d)), want), factor, "N = %d", n)
				case "less the first":
					require.Greater(t, worstError(plainCov(x, n, x[:d]), want), factor, "N = %d", n)
				}
			}
		})
	}
}

// exactMoments returns the covariance without an error.
func exactMoments(x []int64, n, d int) []*big.Rat {
	sums, products := make([]big.Int, d), make([]big.Int, d*d)
	v := make([]big.Int, d)
	var p big.Int
	for k := range n {
		for i := range d {
			v[i].SetInt64(x[k*d+i])
			sums[i].Add(&sums[i], &v[i])
			for j := range i + 1 {
				products[i*d+j].Add(&products[i*d+j], p.Mul(&v[i], &v[j]))
			}
		}
	}
	c := make([]*big.Rat, d*d)
	count := big.NewInt(int64(n))
	for i := range d {
		for j := range i + 1 {
			m := new(big.Int).Mul(count, &products[i*d+j])
			m.Sub(m, p.Mul(&sums[i], &sums[j]))
			c[i*d+j] = new(big.Rat).SetFrac(m, p.Mul(count, count))
			c[j*d+i] = c[i*d+j]
		}
	}
	return c
}

// worstError returns the largest error of an element in units of eps sqrt(C_ii C_jj).
func worstError(got *Mat, want []*big.Rat) (worst float64) {
	d := got.Rows
	scale := make([]float64, d)
	for i := range scale {
		v, _ := want[i*d+i].Float64()
		scale[i] = math.Sqrt(v)
	}
	for i := range d {
		for j := range d {
			g := new(big.Rat).SetFloat64(got.At(i, j))
			off, _ := g.Sub(g, want[i*d+j]).Float64()
			worst = max(worst, math.Abs(off)/(eps*scale[i]*scale[j]))
		}
	}
	return worst
}

// plainCov is E[yy'] - E[y] E[y]' for y = x - origin.
func plainCov(x []float64, n int, origin []float64) *Mat {
	d := len(origin)
	sums, c := make([]float64, d), NewMat(d, d)
	for k := range n {
		for i := range d {
			y := x[k*d+i] - origin[i]
			sums[i] += y
			for j := range d {
				c.Data[i*d+j] = math.FMA(y, x[k*d+j]-origin[j], c.Data[i*d+j])
			}
		}
	}
	for i := range d {
		for j := range d {
			c.Data[i*d+j] = c.Data[i*d+j]/float64(n) - float64(sums[i]/float64(n)*(sums[j]/float64(n)))
		}
	}
	return c
}
