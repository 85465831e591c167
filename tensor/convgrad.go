package tensor

import "randalign/asm"

// The weight gradient sums over the positions of all images. Where its K*C*R*S
// elements are too few to share out, the images are cut into chunks, whose sums
// are added in a fixed tree: as many as make gradElements elements in all, but
// no more than gradChunks. Neither knows the threads.
const (
	gradElements = 1 << 18
	gradChunks   = 32
)

// chunkImages is how many images one partial sum of a weight gradient of so
// many elements covers.
func chunkImages(n, elements int) int {
	chunks := max(1, min(gradChunks, gradElements/elements, n))
	return ceilDiv(n, chunks)
}

// convWeights is the job of WeightGrad; a task is a part of the filters and
// patch elements, and one chunk of images.
type convWeights[T Float] struct {
	window      *window
	k           int
	pool        *Pool
	kern        *asm.Gemm[T]
	n, chunk    int // images, images of a chunk
	chunks      int
	x, dy, dw   []T
	relu        []T  // the outputs of the ReLU behind the convolution, or nil
	bias        bool // sums of dy are wanted
	stage       gradStage
	gk, gt      int // parts of the filters and of the patch
	sums        []T // of dy over the positions, [N, K]
	partials    []T // of the chunks
	fused       bool
	depth, span int // steps of a block of K, and the images that it covers
}

type gradStage int

const (
	preparing   gradStage = iota // ReLU and bias; a task is an image
	multiplying                  // a task is a part of one chunk's gradient
	adding                       // up the chunks; a task is a range of elements
)

// WeightGrad computes dw[k,c,r,s], the sum over n images and all positions of
// dy[n,k]*patch, and db[k], the sum of dy[n,k]; db may be nil. Each chunk of
// images is one chain over images and positions in order; chunks are added in
// a fixed tree. Where a ReLU stands behind the convolution, relu is its output
// and dy its gradient, which first becomes that of the convolution, in place;
// relu is nil otherwise.
func (c *Conv[T]) WeightGrad(p *Pool, n int, x, dy, dw, db, relu []T) {
	c.check(n, x, dw, dy)
	if n == 0 {
		clear(dw)
		clear(db)
		return
	}
	c.weights.run(p, n, x, dy, dw, db, relu)
}

func (j *convWeights[T]) run(p *Pool, n int, x, dy, dw, db, relu []T) {
	j.pool, j.kern = p, kernel[T]()
	j.n, j.x, j.dy, j.dw, j.relu, j.bias = n, x, dy, dw, relu, db != nil
	patch, positions := len(j.window.tap), j.window.positions()
	if need := n * j.k; j.bias && cap(j.sums) < need {
		j.sums = make([]T, need)
	}
	j.chunk = chunkImages(n, len(dw))
	j.chunks = ceilDiv(n, j.chunk)
	if need := j.chunks * len(dw); j.chunks > 1 && cap(j.partials) < need {
		j.partials = Make[T](need)
	}
	j.span = max(1, min(blockK/positions, j.chunk))
	j.depth = evenly(positions, blockK, 1) * j.span
	j.gk, j.gt = grid(ceilDiv(p.Threads(), j.chunks), j.k, patch, positions*j.chunk, j.kern.MR, j.kern.NR)
	j.fused = j.gk*j.gt == 1
	if !j.fused && (j.relu != nil || j.bias) {
		j.stage = preparing
		p.Run(n, j)
	}
	j.stage = multiplying
	p.Run(j.chunks*j.gk*j.gt, j)
	if j.chunks > 1 {
		j.stage = adding
		p.Run(ceilDiv(len(dw), addTask), j)
	}
	j.x, j.dy, j.dw, j.relu = nil, nil, nil, nil
	for k := range db {
		var sum T
		for i := range n {
			sum += j.sums[i*j.k+k]
		}
		db[k] = sum
	}
}

// addTask elements of the partial sums make one task.
const addTask = 16384

// Do implements Job.
func (j *convWeights[T]) Do(worker, task int) {
	switch j.stage {
	case preparing:
		j.prepare(task)
	case multiplying:
		j.multiply(worker, task)
	case adding:
		j.add(task*addTask, min((task+1)*addTask, len(j.dw)))
	}
}

// prepare turns the gradient of image n into that of the convolution and sums it.
func (j *convWeights[T]) prepare(n int) {
	positions := j.window.positions()
	plane := j.dy[n*j.k*positions:][:j.k*positions]
	if j.relu != nil {
		ReLUGrad(plane, plane, j.relu[n*j.k*positions:][:j.k*positions])
	}
	if j.bias {
		for k := range j.k {
			j.sums[n*j.k+k] = Sum(plane[k*positions:][:positions])
		}
	}
}

// multiply does a part of one chunk's gradient.
func (j *convWeights[T]) multiply(worker, task int) {
	patch, positions := len(j.window.tap), j.window.positions()
	chunk, cell := task/(j.gk*j.gt), task%(j.gk*j.gt)
	k0, k1 := part(cell/j.gt, j.gk, j.k, j.kern.MR)
	t0, t1 := part(cell%j.gt, j.gt, patch, j.kern.NR)
	dw := j.dw
	if j.chunks > 1 {
		dw = j.partials[chunk*len(j.dw):][:len(j.dw)]
	}
	end := min(j.n, (chunk+1)*j.chunk)
	for n0 := chunk * j.chunk; n0 < end; n0 += j.span {
		images := min(j.span, end-n0)
		if j.fused {
			for i := range images {
				j.prepare(n0 + i)
			}
		}
		src, size, origin := j.copies(worker, n0, images, t0, t1)
		for p0 := 0; p0 < images*positions; p0 += j.depth {
			kc := min(j.depth, images*positions-p0)
			a := j.outputs(worker, n0, images, k0, k1, p0, kc)
			b := j.taps(worker, t0, t1, p0, kc, src, size, origin)
			rows := evenly(k1-k0, blockM[T](), j.kern.MR)
			for m0 := k0; m0 < k1; m0 += rows {
				part := a
				if a.packed {
					part.data = a.data[(m0-k0)*kc:]
				} else {
					part.data = a.data[(m0-k0)*a.rs:]
				}
				t := tiles[T]{kern: j.kern, a: part, b: b, rows: min(rows, k1-m0), cols: t1 - t0, kc: kc,
					c: dw[m0*patch+t0:], ldc: patch, load: n0 > chunk*j.chunk || p0 > 0}
				t.run()
			}
		}
	}
}

// copies returns the windows of the channels that patch elements t0..t1 lie in,
// of images n0..n0+images, size elements apart; the first stands at origin.
func (j *convWeights[T]) copies(worker, n0, images, t0, t1 int) (src []T, size, origin int) {
	v := j.window
	in := v.c * v.h * v.w
	if v.whole {
		return j.x[n0*in:], in, 0
	}
	c0, c1 := t0/(v.r*v.s), ceilDiv(t1, v.r*v.s)
	size = (c1 - c0) * v.channel()
	src = buffer[T](j.pool, worker, slotImage, images*size)
	for i := range images {
		fillWindow(v, src[i*size:], j.x[(n0+i)*in:][:in], c0, c1)
	}
	return src, size, c0 * v.channel()
}

// outputs makes dy of filters k0..k1 at steps p0..p0+kc ready for the kernel:
// steps are positions, image after image.
func (j *convWeights[T]) outputs(worker, n0, images, k0, k1, p0, kc int) strided[T] {
	positions := j.window.positions()
	m := Matrix[T]{Data: j.dy[(n0*j.k+k0)*positions+p0:], Stride: positions}
	if images > 1 || j.kern.Strided && aliased[T](positions) {
		ld := apart[T](kc)
		dst := buffer[T](j.pool, worker, slotPanelA, (k1-k0)*ld)
		for i := range images {
			for k := range k1 - k0 {
				w := min(kc, positions)
				copy(dst[k*ld+i*positions:][:w], j.dy[((n0+i)*j.k+k0+k)*positions+p0:])
			}
		}
		m = Matrix[T]{Data: dst, Stride: ld}
	}
	if j.kern.Strided {
		return strided[T]{data: m.Data, rs: m.Stride, cs: 1}
	}
	mr := j.kern.MR
	dst := buffer[T](j.pool, worker, slotCols, roundUp(k1-k0, mr)*kc)
	for i := 0; i < k1-k0; i += mr {
		packRows(dst[i*kc:], m, i, min(mr, k1-k0-i), mr, 0, kc, j.pool.offsets(worker))
	}
	return strided[T]{data: dst, packed: true}
}

// taps packs elements t0..t1 of the patches at steps p0..p0+kc as panels of B: a
// step is NR elements of one patch.
func (j *convWeights[T]) taps(worker, t0, t1, p0, kc int, src []T, size, origin int) panelled[T] {
	nr := j.kern.NR
	dst := buffer[T](j.pool, worker, slotPanelB, roundUp(t1-t0, nr)*kc)
	runs := j.window.runs(j.pool.runs(worker), p0, kc, size)
	for t := t0; t < t1; t += nr {
		panel := dst[(t-t0)*kc:]
		taps := j.window.tap[t:min(t+nr, t1)]
		for _, r := range runs {
			offset := j.pool.offsets(worker)[:len(taps)]
			for i, tap := range taps {
				offset[i] = tap + r.Offset - origin
			}
			pack(panel[r.At*nr:], src, offset, nr, r.N)
		}
	}
	return panelled[T]{data: dst, step: nr * kc, ld: nr}
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
