package linalg

import (
	"fmt"
	"math"
	"testing"

	"github.com/stretchr/testify/require"

	"randalign/asm/asmtest"
	"randalign/tensor"
)

// naiveCov is the definition, in two passes.
func naiveCov(x []float64, n, d int) (mean []float64, cov, second *Mat) {
	mean, cov, second = make([]float64, d), NewMat(d, d), NewMat(d, d)
	for k := range n {
		for i := range d {
			mean[i] += x[k*d+i] / float64(n)
		}
	}
	for k := range n {
		for i := range d {
			for j := range d {
				xi, xj := x[k*d+i], x[k*d+j]
				cov.Data[i*d+j] += (xi - mean[i]) * (xj - mean[j]) / float64(n)
				second.Data[i*d+j] += xi * xj / float64(n)
			}
		}
	}
	return mean, cov, second
}

// naivePatches lists patches as the package comment of tensor defines them.
func naivePatches(im []float32, n, ch, h, w, r, s, stride, pad int) (rows []float64) {
	for i := range n {
		for y := 0; y+r <= h+2*pad; y += stride {
			for x := 0; x+s <= w+2*pad; x += stride {
				for c := range ch {
					for a := range r {
						for b := range s {
							yy, xx, v := y+a-pad, x+b-pad, 0.0
							if yy >= 0 && yy < h && xx >= 0 && xx < w {
								v = float64(im[((i*ch+c)*h+yy)*w+xx])
							}
							rows = append(rows, v)
						}
					}
				}
			}
		}
	}
	return rows
}

func requireCov(t *testing.T, c *Cov, x []float64) {
	t.Helper()
	n := len(x) / c.Dim()
	mean, cov, second := naiveCov(x, n, c.Dim())
	require.Equal(t, int64(n), c.N())
	require.InDeltaSlice(t, mean, c.Mean(), 1e-12)
	require.LessOrEqual(t, maxDiff(t, cov, c.Covariance()), 1e-12)
	require.LessOrEqual(t, maxDiff(t, second, c.SecondMoment()), 1e-12)
}

func TestCovEqualsItsDefinition(t *testing.T) {
	s := stream("cov")
	for _, n := range []int{1, 2, 255, 256, 257, 700} {
		for _, d := range []int{1, 3, 60} {
			x := make([]float64, n*d)
			for i := range x {
				x[i] = s.Normal() + float64(i%d)*0.1
			}
			c := NewCov(d)
			c.AddRows64(x, n)
			requireCov(t, c, x)
		}
	}
	require.Equal(t, NewMat(2, 2), NewCov(2).Covariance())
}

// Patches are those of the definition, and on any path, any number of threads and
// however images are cut into calls, the bits are those of adding them one by one.
func TestPatchesEqualNaiveLoops(t *testing.T) {
	s := stream("patches")
	for _, c := range []struct{ n, ch, h, w, r, s, stride, pad int }{
		{2, 3, 32, 32, 3, 3, 1, 0},
		{3, 2, 9, 11, 3, 5, 1, 0},
		{3, 2, 9, 11, 3, 5, 2, 0},
		{2, 1, 7, 6, 3, 2, 1, 2},
		{2, 2, 8, 8, 3, 3, 3, 1},
		{1, 1, 4, 4, 4, 4, 1, 0},
		{1, 1, 2, 2, 5, 5, 1, 2},     // a filter larger than the image
		{700, 1, 2, 3, 2, 2, 1, 0},   // blocks of many images
		{40, 2, 12, 300, 1, 2, 4, 1}, // rows longer than a block
		{40, 1, 5, 5, 1, 1, 1, 0},
		{9, 3, 17, 16, 5, 5, 1, 1},
		{7, 31, 9, 8, 3, 3, 1, 1}, // threads share rows
		{3, 2, 50, 9, 2, 3, 1, 1}, // many more lines than are kept
		{2, 1, 70, 5, 2, 2, 5, 0},
	} {
		t.Run(fmt.Sprint(c), func(t *testing.T) {
			size := c.ch * c.h * c.w
			im := make([]float32, c.n*size)
			tensor.FillNormal(s, im, 1)
			rows := naivePatches(im, c.n, c.ch, c.h, c.w, c.r, c.s, c.stride, c.pad)
			whole := NewCov(c.ch * c.r * c.s)
			whole.AddRows64(rows, len(rows)/whole.Dim())
			requireCov(t, whole, rows)
			want, mean := whole.Covariance(), whole.Mean()
			asmtest.ForEachPath(t, func(t *testing.T) {
				for _, threads := range []int{1, 2, 5} {
					p := tensor.NewPool(threads)
					defer p.Close()
					cov := NewCov(whole.Dim())
					cov.OnPool(p)
					first := c.n / 3
					cov.AddPatches(im[:first*size], first, c.ch, c.h, c.w, c.r, c.s, c.stride, c.pad)
					cov.AddPatches(im[first*size:], c.n-first, c.ch, c.h, c.w, c.r, c.s, c.stride, c.pad)
					require.Equal(t, whole.N(), cov.N())
					require.Equal(t, want, cov.Covariance(), "%d threads", threads)
					require.Equal(t, mean, cov.Mean(), "%d threads", threads)
				}
			})
		})
	}
}

// A mean 2^27 times the deviation costs no accuracy: the shift is exact here.
func TestCovWithLargeMean(t *testing.T) {
	const n, d = 1000, 4
	s := stream("mean")
	x, shifted := make([]float64, n*d), make([]float64, n*d)
	for i := range x {
		x[i] = math.Round(s.Normal()*1024) / 1024
		shifted[i] = x[i] + 0x1p27
	}
	a, b := NewCov(d), NewCov(d)
	a.AddRows64(x, n)
	b.AddRows64(shifted, n)
	require.LessOrEqual(t, maxDiff(t, a.Covariance(), b.Covariance()), 1e-13)
}

func TestCovBitsDoNotDependOnCallsOrThreads(t *testing.T) {
	const n = 900
	for _, d := range []int{1, 53, 300} { // of 300 threads share a block, of the others each has its own
		s := stream("calls")
		x, wide := make([]float32, n*d), make([]float64, n*d)
		tensor.FillNormal(s, x, 1)
		for i, v := range x {
			wide[i] = float64(v)
		}
		whole := NewCov(d)
		whole.AddRows(x, n)
		requireCov(t, whole, wide)
		want, mean := whole.Covariance(), whole.Mean()
		asmtest.ForEachPath(t, func(t *testing.T) {
			for _, threads := range []int{1, 2, 7} {
				p := tensor.NewPool(threads)
				defer p.Close()
				check := func(add func(c *Cov)) {
					c := NewCov(d)
					c.OnPool(p)
					add(c)
					require.Equal(t, want, c.Covariance(), "%d threads", threads)
					require.Equal(t, mean, c.Mean(), "%d threads", threads)
				}
				check(func(c *Cov) { c.AddRows(x, n) })
				check(func(c *Cov) { c.AddRows64(wide, n) })
				check(func(c *Cov) {
					for at, k := 0, 1; at < n; at, k = at+k, k+7 {
						k = min(k, n-at)
						c.AddRows(x[at*d:(at+k)*d], k)
						c.Mean() // looking must not change anything
					}
				})
			}
		})
	}
}

func TestCovMerge(t *testing.T) {
	const d = 5
	s := stream("merge")
	x := make([]float64, 1500*d)
	for i := range x {
		x[i] = s.Normal() + float64(i/d)*0.01 // the parts have different means
	}
	total := NewCov(d)
	for at, k := range map[int]int{0: 0, 7: 700, 707: 1, 708: 256, 964: 536} {
		part := NewCov(d)
		part.AddRows64(x[at*d:(at+k)*d], k)
		total.Merge(part)
		require.Equal(t, int64(k), part.N())
	}
	total.AddRows64(x[:7*d], 7)
	requireCov(t, total, x)
}

func TestCovShowsNaN(t *testing.T) {
	c := NewCov(2)
	c.AddRows([]float32{1, 2, float32(math.NaN()), 3}, 2)
	_, err := Eigen(c.Covariance())
	require.ErrorContains(t, err, "NaN at row 0, column 0")
}

func TestAddingDoesNotAllocate(t *testing.T) {
	im, rows := make([]float32, 4*3*32*32), make([]float32, 1000*75)
	for _, threads := range []int{1, 3} {
		p := tensor.NewPool(threads)
		c := NewCov(75)
		c.OnPool(p)
		for name, add := range map[string]func(){
			"patches": func() { c.AddPatches(im, 4, 3, 32, 32, 5, 5, 1, 0) },
			"rows":    func() { c.AddRows(rows, 1000) },
		} {
			add()
			require.Zero(t, testing.AllocsPerRun(5, add), name)
		}
		p.Close()
	}
}

// The formula of the doc comment, with its loops written out.
func TestLedoitWolfEqualsItsDefinition(t *testing.T) {
	s := stream("ledoit")
	for _, c := range [][2]int{{2, 3}, {10, 20}, {50, 8}, {3, 1}} {
		m, d := c[0], c[1]
		x := make([]float32, m*d)
		for i := range x {
			x[i] = float32(s.Normal() * float64(1+i%d))
		}
		sm := NewMat(d, d)
		for k := range m {
			for i := range d {
				for j := range d {
					sm.Data[i*d+j] += float64(x[k*d+i]) * float64(x[k*d+j]) / float64(m)
				}
			}
		}
		mu := sm.Trace() / float64(d)
		var spread, noise float64
		for i := range d {
			for j := range d {
				target := 0.0
				if i == j {
					target = mu
				}
				spread += (sm.At(i, j) - target) * (sm.At(i, j) - target)
				for k := range m {
					e := float64(x[k*d+i])*float64(x[k*d+j]) - sm.At(i, j)
					noise += e * e / float64(m*m)
				}
			}
		}
		want := 0.0
		if spread > 0 {
			want = min(noise/spread, 1)
		}
		got, intensity := LedoitWolf(x, m, d)
		require.InDelta(t, want, intensity, 1e-12)
		for i := range d {
			for j := range d {
				v := (1 - want) * sm.At(i, j)
				if i == j {
					v += want * mu
				}
				require.InDelta(t, v, got.At(i, j), 1e-11*mu)
			}
		}
		require.InEpsilon(t, sm.Trace(), got.Trace(), 1e-12, "shrinking keeps the trace")
		if d > 1 {
			_, err := Cholesky(got)
			require.NoError(t, err)
		}
	}
}
