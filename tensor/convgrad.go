package tensor

// convChunks bounds how many partial sums a weight gradient is split into.
const convChunks = 32

// chunkImages is how many images one partial sum of the weight gradient covers.
// It depends on the batch alone, so the sum's tree does not know the threads.
func chunkImages(n int) int { return max(1, ceilDiv(n, convChunks)) }

// convWeights is the job of WeightGrad; a task is one chunk of images.
type convWeights[T Float] struct {
	*Conv[T]
	n      int
	x, dy  []T
	relu   []T  // the outputs of the ReLU behind the convolution, or nil
	bias   bool // sums of dy are wanted
	adding bool // adding up the partial sums; a task is a range of elements
	chunks int
	dw     []T
}

// WeightGrad computes dw[k,c,r,s], the sum over n images and all positions of
// dy[n,k]*patch, and db[k], the sum of dy[n,k]; db may be nil. Each chunk of
// images is one chain over images and positions in order; chunks are added in
// a fixed tree. Where a ReLU stands behind the convolution, relu is its output
// and dy its gradient, which first becomes that of the convolution, in place;
// relu is nil otherwise.
func (c *Conv[T]) WeightGrad(p *Pool, n int, x, dy, dw, db, relu []T) {
	c.check(n, x, dw, dy)
	c.pool, c.kern = p, kernel[T]()
	j := &c.weights
	j.n, j.x, j.dy, j.dw, j.relu, j.bias = n, x, dy, dw, relu, db != nil
	if need := n * c.K; cap(c.sums) < need {
		c.sums = make([]T, need)
	}
	j.chunks = ceilDiv(n, chunkImages(n))
	if need := j.chunks * len(dw); cap(c.partials) < need {
		c.partials = make([]T, need)
	}
	p.Run(j.chunks, j)
	j.adding = true
	p.Run(ceilDiv(len(dw), addTask), j)
	j.adding = false
	j.x, j.dy, j.dw, j.relu = nil, nil, nil, nil
	for k := range db {
		var sum T
		for i := range n {
			sum += c.sums[i*c.K+k]
		}
		db[k] = sum
	}
}

// addTask elements of the partial sums make one task.
const addTask = 16384

// Do implements Job.
func (j *convWeights[T]) Do(worker, task int) {
	if j.adding {
		j.add(task*addTask, min((task+1)*addTask, len(j.dw)))
		return
	}
	kern, patch, positions := j.kern, j.Patch(), len(j.pixel)
	images := chunkImages(j.n)
	dw := j.partials[task*len(j.dw):][:len(j.dw)]
	pa := buffer[T](j.pool, worker, slotPanelA, roundUp(j.K, kern.MR)*blockK)
	pb := buffer[T](j.pool, worker, slotPanelB, roundUp(patch, kern.NR)*blockK)
	load := false
	for n := task * images; n < min(j.n, (task+1)*images); n++ {
		image := j.padded(worker, j.x[n*j.imageSize():][:j.imageSize()])
		plane := j.dy[n*j.K*positions:][:j.K*positions]
		if j.relu != nil {
			ReLUGrad(plane, plane, j.relu[n*j.K*positions:][:j.K*positions])
		}
		if j.bias {
			for k := range j.K {
				j.sums[n*j.K+k] = Sum(plane[k*positions:][:positions])
			}
		}
		dy := RowMajor(plane, positions)
		for p0 := 0; p0 < positions; p0 += blockK {
			kc := min(blockK, positions-p0)
			for i := 0; i < j.K; i += kern.MR {
				packRows(pa[i*kc:], dy, i, min(kern.MR, j.K-i), kern.MR, p0, kc)
			}
			j.packTaps(pb, image, p0, kc)
			macro(kern, j.pool, worker, j.K, patch, kc, pa, pb, kern.NR, kc, dw, patch, load)
			load = true
		}
	}
}

// packTaps packs the patches at kc positions from p0 as panels of B whose
// columns are the elements of the patch: a step is NR elements of one patch.
func (c *Conv[T]) packTaps(dst, image []T, p0, kc int) {
	nr := c.kern.NR
	for t0 := 0; t0 < len(c.tap); t0 += nr {
		taps := c.tap[t0:min(t0+nr, len(c.tap))]
		if len(taps) < nr {
			clear(dst[t0*kc:][:nr*kc])
		}
		for k, o := range c.pixel[p0:][:kc] {
			src, row := image[o:], dst[t0*kc+k*nr:][:len(taps)]
			for i, t := range taps {
				row[i] = src[t]
			}
		}
	}
}

// add sums elements lo..hi of the chunks by a tree: neighbours first.
func (j *convWeights[T]) add(lo, hi int) {
	for step := 1; step < j.chunks; step *= 2 {
		for c := 0; c+step < j.chunks; c += 2 * step {
			Add(j.partials[c*len(j.dw):][lo:hi], j.partials[(c+step)*len(j.dw):][lo:hi])
		}
	}
	copy(j.dw[lo:hi], j.partials[lo:hi])
}

// convInputs is the job of InputGrad; a task is one image.
type convInputs[T Float] struct {
	*Conv[T]
	dy, dx []T
	packed []T
}

// InputGrad computes dx for n images from dy and the filters w. A block of
// convBlock positions is multiplied by the transposed filters (one chain over k
// an element) and added to the image by element of the patch, then position.
func (c *Conv[T]) InputGrad(p *Pool, n int, w, dy, dx []T) {
	c.check(n, dx, w, dy)
	c.pool, c.kern = p, kernel[T]()
	j := &c.inputs
	j.dy, j.dx = dy, dx
	j.packed = packA(p, c.kern, Transposed(w, c.Patch()), c.Patch(), c.K)
	p.Run(n, j)
	j.dy, j.dx = nil, nil
}

// Do implements Job.
func (j *convInputs[T]) Do(worker, n int) {
	kern, patch, positions := j.kern, j.Patch(), len(j.pixel)
	dx := j.dx[n*j.imageSize():][:j.imageSize()]
	image := dx
	h, w := j.H+2*j.Pad, j.W+2*j.Pad
	if j.Pad > 0 {
		image = buffer[T](j.pool, worker, slotImage, j.C*h*w)
	}
	clear(image)
	dy := RowMajor(j.dy[n*j.K*positions:], positions)
	tall := roundUp(patch, kern.MR)
	cols := buffer[T](j.pool, worker, slotCols, patch*convBlock)
	pb := buffer[T](j.pool, worker, slotPanelB, blockK*roundUp(convBlock, kern.NR))
	for p0 := 0; p0 < positions; p0 += convBlock {
		np := min(convBlock, positions-p0)
		for k0 := 0; k0 < j.K; k0 += blockK {
			kc := min(blockK, j.K-k0)
			for i := 0; i < np; i += kern.NR {
				packCols(pb[i*kc:], dy, p0+i, min(kern.NR, np-i), kern.NR, k0, kc)
			}
			macro(kern, j.pool, worker, patch, np, kc, j.packed[tall*k0:], pb, kern.NR, kc, cols, convBlock, k0 > 0)
		}
		for t, tap := range j.tap {
			dst, col := image[tap:], cols[t*convBlock:][:np]
			for i, o := range j.pixel[p0:][:np] {
				dst[o] += col[i]
			}
		}
	}
	if j.Pad > 0 {
		for ch := range j.C {
			for y := range j.H {
				copy(dx[(ch*j.H+y)*j.W:][:j.W], image[(ch*h+y+j.Pad)*w+j.Pad:])
			}
		}
	}
}
