package linalg

import "randalign/tensor"

// vectors are what a Cov is given in one call.
type vectors interface {
	// parts is into how many parts of how many elements vectors are cut for threads to share.
	parts() (n, size int)
	// room is how many float64s gather needs, which are zeros at first.
	room() int
	// gather writes count vectors, the from-th and what follows, to the columns of dst: the parts lo..hi-1
	// of each.
	gather(dst []float64, lo, hi, from, count int, kept []float64)
}

// add adds n vectors.
func (c *Cov) add(v vectors, n int) {
	c.vectors = v
	group := c.reserve()
	for c.from = 0; c.from < n; c.from += c.count {
		// The first block of all tells the origin of the others.
		if c.blocks = min((n-c.from)/covBlock, group); c.n == 0 || c.fill > 0 || c.blocks < 2 {
			c.count = min(n-c.from, covBlock-c.fill)
			parts, _ := v.parts()
			c.pool.Run(ceilDiv(parts, c.gatherParts()), (*gathering)(c))
			c.advance(c.count)
			continue
		}
		c.count = c.blocks * covBlock
		c.pool.Run(c.blocks, (*multiplying)(c))
		c.join(covBlock)
	}
	c.vectors = nil
}

// reserve makes room for the blocks to be under way at a time, and returns their number.
func (c *Cov) reserve() int {
	threads := c.pool.Threads()
	group := threads * min(blocksPerThread, productWords/(c.d*c.d))
	if threads == 1 || group < threads {
		group = 1
	}
	if len(c.weights) < group {
		c.weights, c.means, c.products = make([]float64, group), make([]float64, group*c.d), make([]float64, group*c.d*c.d)
	}
	for i := range c.workers[:threads] {
		w := &c.workers[i]
		if size := c.vectors.room(); len(w.kept) < size {
			w.kept = make([]float64, size)
		}
		clear(w.kept)
		if group > 1 && w.pool == nil {
			w.pool, w.block = tensor.NewPool(1), make([]float64, c.d*covStride)
			w.multiply(c.d, c.products) // so that none allocates later, whoever gets the first task
		}
	}
	return group
}

// multiplying is the job of one block of vectors, up to its products.
type multiplying Cov

// Do implements tensor.Job.
func (j *multiplying) Do(worker, task int) {
	w, d := &j.workers[worker], j.d
	parts, _ := j.vectors.parts()
	j.vectors.gather(w.block, 0, parts, j.from+task*covBlock, covBlock, w.kept)
	(*Cov)(j).centre(w, w.block, j.means[task*d:], 0, d, covBlock)
	w.multiply(d, j.products[task*d*d:])
}

func (w *covWorker) multiply(d int, products []float64) {
	tensor.Syrk(w.pool, d, covBlock, tensor.RowMajor(w.block, covStride), products, d, tensor.Set)
}

// gathering is the job of some parts of the vectors for the block that waits.
type gathering Cov

func (c *Cov) gatherParts() int {
	_, size := c.vectors.parts()
	return ceilDiv(centreRows, size)
}

// Do implements tensor.Job.
func (j *gathering) Do(worker, task int) {
	n := (*Cov)(j).gatherParts()
	parts, _ := j.vectors.parts()
	lo := task * n
	j.vectors.gather(j.block[j.fill:], lo, min(lo+n, parts), j.from, j.count, j.workers[worker].kept)
}
