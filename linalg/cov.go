package linalg

import (
	"fmt"
	"math"

	"randalign/tensor"
)

// covBlock vectors are centred and multiplied at a time; tensor's GEMM packs
// that depth at once.
const covBlock = 256

// Cov accumulates the mean and the covariance of a stream of d-dimensional
// vectors. The first vector is subtracted from all; then each block of 256 is
// centred on its own mean before its products are summed, and blocks are joined
// by the formula of Chan, Golub and LeVeque. So neither a large mean nor a first
// vector far from it costs accuracy: to first order in eps = 2^-52 an element of
// the covariance of N vectors is off by at most (N/256 + 300) eps sqrt(C_ii C_jj),
// in practice by about the root of that factor.
//
// The bits do not depend on how the vectors are cut into calls. NaN and Inf
// stay visible in the result. After the first call nothing is allocated. A Cov
// serves one caller at a time.
type Cov struct {
	d     int
	n     int64     // vectors in mean and m2; those of the block come on top
	first []float64 // d, the origin of mean
	mean  []float64 // d
	m2    []float64 // d x d, upper triangle: sum of (x-mean)(x-mean)'
	block []float64 // d x covBlock, the transposed vectors that wait
	fill  int
	delta []float64 // d
	prod  []float64 // d x d, the upper triangle of a block
	ones  []float64 // covBlock
	pool  *tensor.Pool
}

// NewCov returns an empty accumulator for vectors of d values. It panics if d < 1.
func NewCov(d int) *Cov {
	if d < 1 {
		panic(fmt.Sprintf("linalg: covariance of %d-dimensional vectors", d))
	}
	ones := make([]float64, covBlock)
	for i := range ones {
		ones[i] = 1
	}
	return &Cov{
		ones: ones, d: d, first: make([]float64, d), mean: make([]float64, d), m2: make([]float64, d*d), block: make([]float64, d*covBlock),
		delta: make([]float64, d), prod: make([]float64, d*d), pool: tensor.NewPool(1),
	}
}

// OnPool makes c multiply on the threads of p, which pays from some 200
// dimensions on; no bit changes. p must not be in use elsewhere during a call.
func (c *Cov) OnPool(p *tensor.Pool) { c.pool = p }

// Dim returns d.
func (c *Cov) Dim() int { return c.d }

// N returns the number of vectors seen.
func (c *Cov) N() int64 { return c.n + int64(c.fill) }

// AddRows adds rows vectors, x being [rows, d]. It panics if x has another size.
func (c *Cov) AddRows(x []float32, rows int) { addRows(c, x, rows) }

// AddRows64 is AddRows for float64.
func (c *Cov) AddRows64(x []float64, rows int) { addRows(c, x, rows) }

func addRows[T tensor.Float](c *Cov, x []T, rows int) {
	mustRows("add rows", len(x), rows, c.d)
	for rows > 0 {
		// Eight rows at a time fill whole cache lines of the transposed block.
		k := min(8, rows, covBlock-c.fill)
		for i := range c.d {
			dst := c.block[i*covBlock+c.fill:][:k]
			for b := range dst {
				dst[b] = float64(x[b*c.d+i])
			}
		}
		x, rows = x[k*c.d:], rows-k
		c.advance(k)
	}
}

// advance counts k vectors that were written to the block.
func (c *Cov) advance(k int) {
	if c.fill += k; c.fill == covBlock {
		c.flush()
	}
}

// flush moves the block into mean and m2.
func (c *Cov) flush() {
	k, d := c.fill, c.d
	if k == 0 {
		return
	}
	total := float64(c.n + int64(k))
	for i := range d {
		row := c.block[i*covBlock:][:k]
		if c.n == 0 {
			c.first[i] = row[0]
		}
		// fma(-x, 1, row[b]) is row[b] - x.
		axpy(-c.first[i], c.ones, row)
		m := sum(row) / float64(k)
		axpy(-m, c.ones, row)
		c.delta[i] = m - c.mean[i]
	}
	tensor.Syrk(c.pool, d, k, tensor.RowMajor(c.block, covBlock), c.prod, d, tensor.Set)
	for i := range d {
		axpy(1, c.prod[i*d+i:(i+1)*d], c.m2[i*d+i:(i+1)*d])
	}
	c.combine(float64(float64(c.n)*float64(k))/total, float64(k)/total)
	c.n += int64(k)
	c.fill = 0
}

// combine adds what two parts with different means owe to each other: delta is
// the difference of their means, weight n1*n2/(n1+n2), share n2/(n1+n2).
func (c *Cov) combine(weight, share float64) {
	for i, x := range c.delta {
		axpy(float64(x*weight), c.delta[i:], c.m2[i*c.d+i:(i+1)*c.d])
	}
	axpy(share, c.delta, c.mean)
}

// sum adds x over four lanes, element i in lane i mod 4.
func sum(x []float64) float64 {
	var s [4]float64
	for len(x) >= 4 {
		s[0] += x[0]
		s[1] += x[1]
		s[2] += x[2]
		s[3] += x[3]
		x = x[4:]
	}
	for i, v := range x {
		s[i] += v
	}
	return (s[0] + s[2]) + (s[1] + s[3])
}

// settled returns c, or a copy of it in which no vector waits.
func (c *Cov) settled() *Cov {
	if c.fill == 0 {
		return c
	}
	k := *c
	k.first = append([]float64(nil), c.first...)
	k.mean, k.m2 = append([]float64(nil), c.mean...), append([]float64(nil), c.m2...)
	k.block, k.delta = append([]float64(nil), c.block...), make([]float64, c.d)
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
	n1, n2 := float64(c.n), float64(o.n)
	for i := range c.delta {
		c.delta[i] = (o.first[i] - c.first[i]) + (o.mean[i] - c.mean[i])
	}
	for i := range c.m2 {
		c.m2[i] += o.m2[i]
	}
	c.combine(float64(n1*n2)/(n1+n2), n2/(n1+n2))
	c.n += o.n
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
