package linalg

import (
	"fmt"
	"math"

	"randalign/tensor"
)

// Cov accumulates the mean and the covariance of a stream of d-dimensional
// vectors. The first vector is subtracted from all; then each block of 256 is
// centred on its own mean before its products are summed, and blocks are joined
// by the formula of Chan, Golub and LeVeque. So neither a large mean nor a first
// vector far from it costs accuracy: to first order in eps = 2^-52 an element of
// the covariance of N vectors is off by at most (N/256 + 300) eps sqrt(C_ii C_jj),
// in practice by about the root of that factor.
//
// The bits do not depend on how the vectors are cut into calls. NaN and Inf
// stay visible in the result. After the first call of its kind on a pool nothing
// is allocated. A Cov serves one caller at a time.
type Cov struct {
	d     int
	n     int64     // vectors in mean and m2; those of the block come on top
	first []float64 // d, the origin of mean
	mean  []float64 // d
	m2    []float64 // d x d, upper triangle: sum of (x-mean)(x-mean)'
	block []float64 // d x covStride, the transposed vectors that wait
	fill  int
	pool  *tensor.Pool

	// Blocks on their way into mean and m2.
	blocks   int
	means    []float64 // blocks x d, less mean
	weights  []float64 // blocks
	products []float64 // blocks x d x d, upper triangles
	vectors  vectors   // where they come from: one of patches, rows32 and rows64
	patches  patches
	rows32   rowVectors[float32]
	rows64   rowVectors[float64]
	from     int // their first vector
	count    int // their vectors
	workers  []covWorker
}

// NewCov returns an empty accumulator for vectors of d values. It panics if d < 1.
func NewCov(d int) *Cov {
	if d < 1 {
		panic(fmt.Sprintf("linalg: covariance of %d-dimensional vectors", d))
	}
	return &Cov{
		d: d, first: make([]float64, d), mean: make([]float64, d), m2: make([]float64, d*d), block: make([]float64, d*covStride),
		means: make([]float64, d), weights: make([]float64, 1), products: make([]float64, d*d), pool: tensor.NewPool(1), workers: make([]covWorker, 1),
	}
}

// OnPool makes c work on the threads of p; no bit changes. p must not be in use
// elsewhere during a call.
func (c *Cov) OnPool(p *tensor.Pool) {
	c.pool = p
	for len(c.workers) < p.Threads() {
		c.workers = append(c.workers, covWorker{})
	}
}

// Dim returns d.
func (c *Cov) Dim() int { return c.d }

// N returns the number of vectors seen.
func (c *Cov) N() int64 { return c.n + int64(c.fill) }

// settled returns c, or a copy of it in which no vector waits.
func (c *Cov) settled() *Cov {
	if c.fill == 0 {
		return c
	}
	k := *c
	k.first = append([]float64(nil), c.first...)
	k.mean, k.m2 = append([]float64(nil), c.mean...), append([]float64(nil), c.m2...)
	k.block = append([]float64(nil), c.block...)
	k.flush()
	return &k
}

// Merge adds the vectors of o, which stays as it is. It panics if the
// dimensions differ. Bits depend on the order of merging, and on that alone.
func (c *Cov) Merge(o *Cov) {
	if c.d != o.d {
		panic(fmt.Sprintf("linalg: merge: covariances of dimension %d and %d", c.d, o.d))
	}
	o = o.settled()
	c.flush()
	if o.n == 0 {
		return
	}
	if c.n == 0 {
		copy(c.first, o.first)
	}
	for i := range c.d {
		c.means[i] = (o.first[i] - c.first[i]) + (o.mean[i] - c.mean[i])
	}
	copy(c.products, o.m2)
	c.move(0, o.n)
	c.blocks = 1
	c.fold()
}

// Mean returns the mean, zeros if there are no vectors.
func (c *Cov) Mean() []float64 {
	s := c.settled()
	m := append([]float64(nil), s.mean...)
	for i, x := range s.first {
		m[i] += x
	}
	return m
}

// Covariance returns E[(x-mean)(x-mean)'], divided by N (not N-1) and exactly
// symmetric; zeros if there are no vectors.
func (c *Cov) Covariance() *Mat {
	s := c.settled()
	a := NewMat(c.d, c.d)
	n := float64(max(s.n, 1))
	for i := range c.d {
		for j := i; j < c.d; j++ {
			v := s.m2[i*c.d+j] / n
			a.Data[i*c.d+j], a.Data[j*c.d+i] = v, v
		}
	}
	return a
}

// SecondMoment returns E[xx'], no mean subtracted.
func (c *Cov) SecondMoment() *Mat {
	a, mean := c.Covariance(), c.Mean()
	for i, x := range mean {
		for j, y := range mean {
			a.Data[i*c.d+j] = math.FMA(x, y, a.Data[i*c.d+j])
		}
	}
	return a
}
