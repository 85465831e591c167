package linalg

import (
	"randalign/asm"
	"randalign/tensor"
)

// covBlock vectors are centred and multiplied at a time; tensor's GEMM packs
// that depth at once. Rows lie a cache line further apart, so that those of a
// tile do not meet in the same few sets of a cache.
const (
	covBlock  = 256
	covStride = covBlock + 8
)

// Where d is small a task is a whole block, and so many for each thread are under
// way at a time, whose products stay in its L2 cache; where it is not, threads
// share the rows of one block.
const (
	blocksPerThread = 4
	productWords    = 1 << 16 // of the blocks of a thread, at most
)

// covWorker is what one thread works with.
type covWorker struct {
	pool  *tensor.Pool
	block []float64  // as that of Cov
	kept  []float64  // see vectors
	by    [4]float64 // see centre
	sums  [4]float64
}

// advance counts k vectors that were written to the block.
func (c *Cov) advance(k int) {
	if c.fill += k; c.fill == covBlock {
		c.flush()
	}
}

// flush moves the block into mean and m2.
func (c *Cov) flush() {
	if c.fill == 0 {
		return
	}
	if c.n == 0 {
		for i := range c.first {
			c.first[i] = c.block[i*covStride]
		}
	}
	c.pool.Run(ceilDiv(c.d, centreRows), (*centring)(c))
	tensor.Syrk(c.pool, c.d, c.fill, tensor.RowMajor(c.block, covStride), c.products, c.d, tensor.Set)
	c.blocks = 1
	c.join(c.fill)
	c.fill = 0
}

// centreRows rows are centred by a task, too few to share below some 200.
const centreRows = 128

// centring is the job of some rows of the block that waits.
type centring Cov

// Do implements tensor.Job.
func (j *centring) Do(worker, task int) {
	lo := task * centreRows
	hi := min(lo+centreRows, j.d)
	(*Cov)(j).centre(&j.workers[worker], j.block, j.means, lo, hi, j.fill)
}

// centre takes the origin and then their mean from k vectors' elements lo..hi-1,
// and writes that mean.
func (c *Cov) centre(w *covWorker, block, mean []float64, lo, hi, k int) {
	if hi-lo < 4 {
		for i := lo; i < hi; i++ {
			row := block[i*covStride:][:k]
			lower(row, c.first[i])
			mean[i] = sum(row) / float64(k)
			lower(row, mean[i])
		}
		return
	}
	shift := asm.Active().ShiftF64
	for i := lo; i < hi; i += 4 {
		at := min(i, hi-4)
		rows := block[at*covStride:][:3*covStride+k]
		done := i - at // rows that are centred already stay as they are
		w.by = [4]float64{}
		copy(w.by[done:], c.first[i:at+4])
		shift(rows, covStride, k, &w.by, &w.sums)
		for q := done; q < 4; q++ {
			w.by[q] = w.sums[q] / float64(k)
			mean[at+q] = w.by[q]
		}
		shift(rows, covStride, k, &w.by, &w.sums)
	}
}

// lower takes v from the elements of x.
func lower(x []float64, v float64) {
	for i := range x {
		x[i] -= v
	}
}

// join adds the blocks under way, of k vectors each, in their order.
func (c *Cov) join(k int) {
	for b := range c.blocks {
		delta := c.means[b*c.d:][:c.d]
		for i, x := range c.mean {
			delta[i] -= x
		}
		c.move(b, int64(k))
	}
	c.fold()
}

// move moves the mean for block b of k vectors, whose mean is delta further.
func (c *Cov) move(b int, k int64) {
	n1, n2 := float64(c.n), float64(k)
	c.weights[b] = float64(n1*n2) / (n1 + n2)
	axpy(n2/(n1+n2), c.means[b*c.d:][:c.d], c.mean)
	c.n += k
}

// fold adds the products of the blocks under way to m2, and what parts with
// different means owe to each other.
func (c *Cov) fold() { c.pool.Run(ceilDiv(c.d, c.foldRows()), (*folding)(c)) }

func (c *Cov) foldRows() int { return max(1, centreRows/c.blocks) }

// folding is the job of some rows of all blocks.
type folding Cov

// Do implements tensor.Job.
func (j *folding) Do(_, task int) {
	d, rows := j.d, (*Cov)(j).foldRows()
	for i := task * rows; i < min(task*rows+rows, d); i++ {
		row := j.m2[i*d:][i:d]
		for b := range j.blocks {
			delta := j.means[b*d:][i:d]
			axpy(1, j.products[(b*d+i)*d:][i:d], row)
			axpy(float64(delta[0]*j.weights[b]), delta, row)
		}
	}
}

// sum adds x over four lanes, element i in lane i mod 4. They are four variables,
// since an array would be kept in memory.
func sum(x []float64) float64 {
	var a, b, c, d float64
	for len(x) >= 4 {
		a += x[0]
		b += x[1]
		c += x[2]
		d += x[3]
		x = x[4:]
	}
	switch len(x) {
	case 3:
		c += x[2]
		fallthrough
	case 2:
		b += x[1]
		fallthrough
	case 1:
		a += x[0]
	}
	return (a + c) + (b + d)
}
