package linalg

import (
	"math"
	"math/big"
	"testing"

	"github.com/stretchr/testify/require"

	"randalign/asm/asmtest"
	"randalign/tensor"
)

func randomPixels(n int, seed uint64) []uint8 {
	s := tensor.NewStream(seed, "pixels")
	x := make([]uint8, n)
	for i := range x {
		x[i] = uint8(s.Uint64() >> 56)
		if i%5 > 0 { // smooth, so that neighbours are correlated
			x[i] = uint8((3*int(x[i-1]) + int(x[i])) / 4)
		}
	}
	return x
}

// exactCovariance is the definition in rational numbers, rounded once.
func exactCovariance(images []uint8, n, ch, h, w, r, s, stride, pad int) (*Mat, int64) {
	d := ch * r * s
	sum, prod := make([]int64, d), make([]int64, d*d)
	patch := make([]int64, d)
	var count int64
	for i := range n {
		for y := -pad; y+r <= h+pad; y += stride {
			for x := -pad; x+s <= w+pad; x += stride {
				count++
				for e := range patch {
					c, yy, xx := e/(r*s), y+e/s%r, x+e%s
					patch[e] = 0
					if yy >= 0 && yy < h && xx >= 0 && xx < w {
						patch[e] = int64(images[((i*ch+c)*h+yy)*w+xx])
					}
				}
				for a, u := range patch {
					sum[a] += u
					for b, v := range patch {
						prod[a*d+b] += u * v
					}
				}
			}
		}
	}
	m := NewMat(d, d)
	for a := range d {
		for b := range d {
			x := new(big.Int).Mul(big.NewInt(count), big.NewInt(prod[a*d+b]))
			x.Sub(x, new(big.Int).Mul(big.NewInt(sum[a]), big.NewInt(sum[b])))
			m.Data[a*d+b], _ = new(big.Rat).SetFrac(x, new(big.Int).Mul(big.NewInt(count), big.NewInt(count))).Float64()
		}
	}
	return m, count
}

// The bound of PixelCov: every element is right to 2^-51 of itself.
func TestPixelCovIsExact(t *testing.T) {
	for _, c := range []struct{ n, ch, h, w, r, s, stride, pad int }{
		{1, 1, 1, 1, 1, 1, 1, 0},
		{3, 1, 5, 7, 2, 3, 1, 0},
		{19, 3, 8, 9, 3, 3, 1, 0},
		{17, 3, 9, 8, 5, 5, 1, 0},
		{5, 2, 7, 7, 3, 2, 2, 0},
		{5, 2, 6, 9, 3, 3, 2, 1},
		{4, 1, 4, 4, 4, 4, 1, 2},
		{33, 1, 6, 6, 6, 6, 1, 0},
		{3, 1, 9, 9, 2, 2, 3, 0},
	} {
		images := randomPixels(c.n*c.ch*c.h*c.w, uint64(c.n))
		want, count := exactCovariance(images, c.n, c.ch, c.h, c.w, c.r, c.s, c.stride, c.pad)
		var first []float64
		asmtest.ForEachPath(t, func(t *testing.T) {
			for _, threads := range []int{1, 3} {
				p := tensor.NewPool(threads)
				cov := NewPixelCov(c.ch, c.h, c.w, c.r, c.s, c.stride, c.pad)
				half := c.n / 2
				other := NewPixelCov(c.ch, c.h, c.w, c.r, c.s, c.stride, c.pad)
				other.Add(p, images[half*c.ch*c.h*c.w:], c.n-half)
				cov.Add(p, images[:half*c.ch*c.h*c.w], half)
				cov.Merge(other)
				p.Close()
				require.Equal(t, count, cov.N())
				a := cov.Covariance()
				for i, x := range want.Data {
					require.InDelta(t, x, a.Data[i], math.Abs(x)*0x1p-51, "element %d of %v", i, c)
				}
				if first == nil {
					first = a.Data
				}
				asmtest.SameBits(t, first, a.Data, "%v on %d threads", c, threads)
				// The general accumulator sees the same patches.
				floats := make([]float32, len(images))
				for i, v := range images {
					floats[i] = float32(v)
				}
				general := NewCov(cov.Dim())
				general.AddPatches(floats, c.n, c.ch, c.h, c.w, c.r, c.s, c.stride, c.pad)
				require.InDeltaSlice(t, general.Mean(), cov.Mean(), 1e-10)
				require.InDelta(t, 0, maxDiff(t, general.Covariance(), a), 1e-9)
			}
		})
	}
}

func TestPixelCovAddAllocatesNothing(t *testing.T) {
	const n, ch, side = 40, 3, 12
	images := randomPixels(n*ch*side*side, 1)
	p := tensor.NewPool(2)
	defer p.Close()
	for _, stride := range []int{1, 2} {
		c := NewPixelCov(ch, side, side, 5, 5, stride, 2)
		c.Add(p, images, n)
		require.Zero(t, testing.AllocsPerRun(5, func() { c.Add(p, images, n) }), "stride %d", stride)
	}
}

func TestPixelCovMisuse(t *testing.T) {
	require.PanicsWithValue(t, "linalg: pixel covariance: 3 x 3 filter (stride 1, pad 0) on 1 x 2 x 2 images", func() { NewPixelCov(1, 2, 2, 3, 3, 1, 0) })
	require.PanicsWithValue(t, "linalg: pixel covariance: 2 images of 1 x 2 x 2 in a slice of 7", func() {
		NewPixelCov(1, 2, 2, 1, 1, 1, 0).Add(tensor.NewPool(1), make([]uint8, 7), 2)
	})
	require.Panics(t, func() { NewPixelCov(1, 2, 2, 1, 1, 1, 0).Merge(NewPixelCov(1, 2, 2, 1, 2, 1, 0)) })
	require.Zero(t, maxAbs(NewPixelCov(1, 2, 2, 1, 1, 1, 0).Covariance().Data))
}

func BenchmarkPixelCov(b *testing.B) {
	for _, r := range []int{3, 5} {
		for _, threads := range []int{1, 2} {
			b.Run([]string{"27", "75"}[r/5]+[]string{"/1", "/2"}[threads-1], func(b *testing.B) {
				const n = 256
				images := randomPixels(n*3*32*32, 1)
				p := tensor.NewPool(threads)
				defer p.Close()
				c := NewPixelCov(3, 32, 32, r, r, 1, 0)
				for b.Loop() {
					c.Add(p, images, n)
				}
				b.ReportMetric(float64(c.N())/b.Elapsed().Seconds()/1e6, "Mpatches/s")
			})
		}
	}
}
