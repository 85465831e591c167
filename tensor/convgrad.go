package tensor

import (
	"fmt"

	"randalign/asm"
)

// The weight gradient sums over the positions of all images. Where its K*C*R*S
// elements are too few to share out, the images are cut into chunks, whose sums
// are added in a fixed tree: as many as make gradElements elements in all, but
// no more than gradChunks. Neither knows the threads.
const (
	gradElements = 1 << 18
	gradChunks   = 32
)

// gradCost is what the blocks of a weight gradient cost to pack: patches of a part of the
// channels need their windows, and each is put together from many places, as are columns of
// outputs that have few positions.
func gradCost(turned bool, positions int) *blockCost {
	if turned {
		return &blockCost{rows: 64, cols: min(16+3072/float64(positions), 100), last: 0.1}
	}
	return &blockCost{rows: 16, cols: 64, last: 0.1}
}

// chunkImages is how many images one partial sum of a weight gradient of so
// many elements covers.
func chunkImages(n, elements int) int {
	chunks := max(1, min(gradChunks, gradElements/elements, n))
	return ceilDiv(n, chunks)
}

// convWeights is the job of WeightGrad. The gradient is a product over the steps
// of a chunk, which are the positions of its images: of dy [K, steps] and the
// patches [steps, C*R*S] or, where the patches are the larger side, turned: of
// the patches [C*R*S, steps] and dy [steps, K]. Rows are read where they stand or
// copied, which costs less than the transpose that columns need. A task is a part
// of the product of one chunk.
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
	turned      bool
	rows, cols  int // of the product
	gr, gc      int // parts of the rows and of the columns
	sums        []T // of dy over the positions, [N, K]
	partials    []T // of the chunks
	fused       bool
	taking      bool       // windows are taken beside tiles
	takers      []taker[T] // the workers'
	depth, span int        // steps of a block of K, and the images that it covers
}

type gradStage int

const (
	preparing   gradStage = iota // ReLU and bias; a task is an image
	multiplying                  // a task is a part of one chunk's gradient
	adding                       // up the chunks; a task is a range of elements
)

// WeightGrad computes dw[k,c,r,s], the sum over n images and all positions of
// dy[n,k]*patch, and db[k], the sum of dy[n,k]; db may be nil. Directly, each chunk of
// images is one chain over images and positions in order; chunks are added in
// a fixed tree. Where a ReLU stands behind the convolution, relu is its output
// and dy its gradient, which first becomes that of the convolution, in place;
// relu is nil otherwise.
func (c *Conv[T]) WeightGrad(p *Pool, n int, x, dy, dw, db, relu []T) {
	c.check(n, x, dw, dy)
	if db != nil && len(db) != c.K || relu != nil && len(relu) < n*c.K*c.positions {
		panic(fmt.Sprintf("tensor: conv: %d images of %d outputs of %d filters: a bias gradient of %d, %d outputs of ReLU", n, c.positions, c.K, len(db), len(relu)))
	}
	if n == 0 {
		clear(dw)
		clear(db)
		return
	}
	switch {
	case c.winograd != nil && c.winograd.weights != nil:
		c.winograd.weights.run(p, n, x, dy, dw, db, relu)
	case c.rows != nil:
		c.rows.weights.run(p, n, x, dy, dw, db, relu)
	case c.tiny != nil:
		c.weights.start(p, n, x, dy, dw, db, relu)
		c.weights.prepareAll()
		c.tiny.weightGrad(p, n, x, dy, dw)
		c.weights.end(db)
	default:
		c.weights.run(p, n, x, dy, dw, db, relu)
	}
}

func (j *convWeights[T]) start(p *Pool, n int, x, dy, dw, db, relu []T) {
	j.pool, j.kern = p, kernel[T]()
	j.n, j.x, j.dy, j.dw, j.relu, j.bias = n, x, dy, dw, relu, db != nil
	if need := n * j.k; j.bias && cap(j.sums) < need {
		j.sums = make([]T, need)
	}
}

// prepareAll does the ReLU and the sums of dy for all images.
func (j *convWeights[T]) prepareAll() {
	if j.relu != nil || j.bias {
		j.stage = preparing
		j.pool.Run(j.n, j)
	}
}

// end sums up the bias's gradient and lets go of what the run was about.
func (j *convWeights[T]) end(db []T) {
	j.x, j.dy, j.dw, j.relu, j.partials = nil, nil, nil, nil, nil
	sumImages(db, j.sums, j.n)
}

func (j *convWeights[T]) run(p *Pool, n int, x, dy, dw, db, relu []T) {
	j.start(p, n, x, dy, dw, db, relu)
	patch, positions := len(j.window.tap), j.window.positions()
	j.chunk = chunkImages(n, len(dw))
	j.chunks = ceilDiv(n, j.chunk)
	j.turned = patch > j.k
	j.rows, j.cols = j.k, patch
	if j.turned {
		j.rows, j.cols = patch, j.k
	}
	if j.chunks > 1 || j.turned {
		j.partials = shared[T](p, slotProducts, j.chunks*len(dw))
	}
	// Of small images a block of K is fewer steps than convK, since x and dy of the next block,
	// which is on its way, want room in the second-level cache. Where the gradient itself stays in
	// it, tiles had better pass over it twice as often; dy of one image need not be copied.
	steps := l2.gradSteps
	if len(dw)*wordSize[T]() <= l2.gradNear {
		steps /= 2
	}
	j.span = max(1, min(steps/positions, j.chunk))
	j.depth = evenly(positions, convK, 1) * j.span
	j.gr, j.gc = grids(sharers(p, n*positions*len(dw)), j.chunks, j.rows, j.cols, positions*j.chunk, j.kern.MR, j.kern.NR, gradCost(j.turned, positions))
	j.fused = j.gr*j.gc == 1
	if j.taking = j.fused && takes(j.window, j.kern); j.taking {
		j.takers = takersOf(j.takers, p)
	}
	if !j.fused {
		j.prepareAll()
	}
	j.stage = multiplying
	p.Run(j.chunks*j.gr*j.gc, j)
	clear(j.takers)
	if j.chunks > 1 || j.turned {
		j.stage = adding
		p.Run(ceilDiv(j.rows, j.addRows()), j)
	}
	j.end(db)
}

// sumImages is db[k] = ((+0 + sums[0][k]) + sums[1][k]) + ... over n images.
func sumImages[T Float](db, sums []T, n int) {
	clear(db)
	for i := range n {
		Add(db, sums[i*len(db):][:len(db)])
	}
}

// addRows returns how many rows of the partial sums make one task: whole vectors
// of a transpose.
func (j *convWeights[T]) addRows() int { return roundUp(ceilDiv(16384, j.cols), 16) }

// Do implements Job.
func (j *convWeights[T]) Do(worker, task int) {
	switch j.stage {
	case preparing:
		j.prepare(task)
	case multiplying:
		j.multiply(worker, task)
	case adding:
		j.add(task*j.addRows(), min((task+1)*j.addRows(), j.rows))
	}
}

// prepare turns the gradient of image n into that of the convolution and sums it.
func (j *convWeights[T]) prepare(n int) {
	positions := j.window.positions()
	plane := j.dy[n*j.k*positions:][:j.k*positions]
	if j.relu != nil {
		ReLUGrad(plane, plane, j.relu[n*j.k*positions:][:j.k*positions])
	}
	j.sum(n, 1, 0, j.k)
}

// sum sums dy of filters k0..k1 over the positions of each of some images.
func (j *convWeights[T]) sum(n0, images, k0, k1 int) {
	positions := j.window.positions()
	for n := n0; j.bias && n < n0+images; n++ {
		sumPlanes(j.sums[n*j.k+k0:n*j.k+k1], j.dy[(n*j.k+k0)*positions:], positions)
	}
}

// multiply does a part of one chunk's gradient.
func (j *convWeights[T]) multiply(worker, task int) {
	positions := j.window.positions()
	chunk, cell := task/(j.gr*j.gc), task%(j.gr*j.gc)
	r0, r1 := part(cell/j.gc, j.gr, j.rows, j.kern.MR)
	c0, c1 := part(cell%j.gc, j.gc, j.cols, j.kern.NR)
	t0, t1 := c0, c1
	if j.turned {
		t0, t1 = r0, r1
	}
	out := j.dw
	if j.chunks > 1 || j.turned {
		out = j.partials[chunk*len(j.dw):][:len(j.dw)]
	}
	height := evenly(r1-r0, blockM[T](), j.kern.MR)
	out1 := j.k * positions // elements of an image of dy
	end := min(j.n, (chunk+1)*j.chunk)
	for n0 := chunk * j.chunk; n0 < end; n0 += j.span {
		images := min(j.span, end-n0)
		if j.fused && j.relu != nil {
			for i := range images {
				j.prepare(n0 + i)
			}
		}
		blocks := ceilDiv(images*positions, j.depth) * ceilDiv(r1-r0, height)
		next, last := n0+images, min(n0+images+j.span, end)
		if j.gr*j.gc == 1 { // the next chunk is the next task
			last = min(n0+images+j.span, j.n)
		}
		var nextX soon[T]
		var taken *taker[T]
		src, size, taps := []T(nil), j.window.c*j.window.far, j.window.tap
		if j.taking {
			taken = &j.takers[worker]
			src = taken.windows(j.pool, worker, j.window, j.x, n0, images, j.span, next, last, blocks)
		} else {
			src, size, taps = j.copies(worker, n0, images, t0, t1)
			nextX = soonImages(j.window, j.x, next, last, blocks)
		}
		nextY := soonOf(j.dy, next*out1, last*out1, blocks)
		for p0 := 0; p0 < images*positions; p0 += j.depth {
			kc := min(j.depth, images*positions-p0)
			runs := j.window.runs(j.pool.runs(worker), p0, kc, size)
			var b panelled[T]
			if j.turned {
				b = j.outputColumns(worker, n0, c0, c1, p0, kc)
			} else {
				b = j.patchColumns(worker, taps, src, runs, kc)
			}
			for m0 := r0; m0 < r1; m0 += height {
				mc := min(height, r1-m0)
				var m Matrix[T]
				if j.turned {
					m = j.patchRows(worker, taps[m0-r0:][:mc], src, runs, kc)
				} else {
					m = j.outputRows(worker, n0, images, m0, mc, p0, kc)
				}
				t := tiles[T]{kern: j.kern, a: operandA(j.pool, worker, j.kern, m, 0, mc, 0, kc), b: b, rows: mc, cols: c1 - c0, kc: kc,
					c: out[m0*j.cols+c0:], ldc: j.cols, load: n0 > chunk*j.chunk || p0 > 0, soon: j.pool.soon(worker), taker: taken}
				t.ahead[0] = nextX.part()
				if j.turned || images > 1 {
					t.ahead[1] = nextY.part()
				} else if m0+height < r1 {
					t.ahead[1] = j.outputsAhead(n0, m0+height, min(height, r1-m0-height), p0)
				} else if p0+j.depth < positions {
					t.ahead[1] = j.outputsAhead(n0, r0, height, p0+j.depth)
				} else if next < last {
					t.ahead[1] = j.outputsAhead(next, r0, height, 0)
				}
				t.run()
				// Where nothing was to be prepared, dy comes from memory while the tiles
				// are done, and is summed when it has been in the cache for them.
				if j.fused && j.relu == nil && !j.turned && p0+kc == images*positions {
					j.sum(n0, images, m0, m0+mc)
				}
			}
		}
		if j.fused && j.relu == nil && j.turned {
			j.sum(n0, images, 0, j.k)
		}
	}
}

// copies returns the windows of the channels that patch elements t0..t1 lie in,
// of images n0..n0+images, size elements apart, and where in them the elements
// of the first patch stand.
func (j *convWeights[T]) copies(worker, n0, images, t0, t1 int) (src []T, size int, taps []int) {
	v := j.window
	in := v.c * v.h * v.w
	if v.whole {
		return j.x[n0*in:], in, v.tap[t0:t1]
	}
	c0, c1 := t0/(v.r*v.s), ceilDiv(t1, v.r*v.s)
	size = (c1 - c0) * v.channel()
	src = buffer[T](j.pool, worker, slotImage, images*size)
	for i := range images {
		fillWindow(v, src[i*size:], j.x[(n0+i)*in:][:in], c0, c1)
	}
	taps = j.pool.taps(worker, t1-t0)
	for i := range taps {
		taps[i] = v.tap[t0+i] - c0*v.channel()
	}
	return src, size, taps
}

// outputRows returns dy of filters k0..k0+rows at steps p0..p0+kc. Steps of one
// image stand in dy itself.
func (j *convWeights[T]) outputRows(worker, n0, images, k0, rows, p0, kc int) Matrix[T] {
	positions := j.window.positions()
	if images == 1 {
		return Matrix[T]{Data: j.dy[(n0*j.k+k0)*positions+p0:], Stride: positions}
	}
	ld := apart[T](kc)
	dst := buffer[T](j.pool, worker, slotCols, rows*ld)
	for i := range images {
		copyRuns(dst[i*positions:], ld, j.dy[((n0+i)*j.k+k0)*positions+p0:], positions, min(kc, positions), rows, wordSize[T]()*len(j.dy) > pastBytes)
	}
	return Matrix[T]{Data: dst, Stride: ld}
}

// outputsAhead returns a block of dy of one image, to be fetched.
func (j *convWeights[T]) outputsAhead(n, k0, rows, p0 int) ahead[T] {
	positions := j.window.positions()
	return ahead[T]{data: j.dy[(n*j.k+k0)*positions+p0:], rows: min(rows, j.k-k0), stride: positions, width: min(j.depth, positions-p0)}
}

// patchRows copies elements of the patches, at taps in src, at the steps of runs.
func (j *convWeights[T]) patchRows(worker int, taps []int, src []T, runs []asm.Run, kc int) Matrix[T] {
	ld := apart[T](kc)
	dst := buffer[T](j.pool, worker, slotCols, len(taps)*ld)
	packRuns(dst, src, taps, runs, ld)
	return Matrix[T]{Data: dst, Stride: ld}
}

// patchColumns packs elements of the patches, at taps in src, as panels of B: a
// step is NR elements of one patch.
func (j *convWeights[T]) patchColumns(worker int, taps []int, src []T, runs []asm.Run, kc int) panelled[T] {
	nr := j.kern.NR
	dst := buffer[T](j.pool, worker, slotPanelB, roundUp(len(taps), nr)*kc)
	for t := 0; t < len(taps); t += nr {
		for _, r := range runs {
			pack(dst[t*kc+r.At*nr:], src[r.Offset:], taps[t:min(t+nr, len(taps))], nr, r.N)
		}
	}
	return panelled[T]{data: dst, step: nr * kc, ld: nr}
}

// outputColumns packs dy of filters k0..k1 at steps p0..p0+kc as panels of B: a
// step is NR filters at one position.
func (j *convWeights[T]) outputColumns(worker, n0, k0, k1, p0, kc int) panelled[T] {
	nr, positions := j.kern.NR, j.window.positions()
	dst := buffer[T](j.pool, worker, slotPanelB, roundUp(k1-k0, nr)*kc)
	offset := j.pool.offsets(worker)[:nr]
	for i := range offset {
		offset[i] = i * positions
	}
	for k := k0; k < k1; k += nr {
		panel := dst[(k-k0)*kc:]
		for at := 0; at < kc; {
			image, pos := (p0+at)/positions, (p0+at)%positions
			n := min(positions-pos, kc-at)
			pack(panel[at*nr:], j.dy[((n0+image)*j.k+k)*positions+pos:], offset[:min(nr, k1-k)], nr, n)
			at += n
		}
	}
	return panelled[T]{data: dst, step: nr * kc, ld: nr}
}

// add sums rows r0..r1 of the chunks by a tree, neighbours first, and leaves
// them in dw.
func (j *convWeights[T]) add(r0, r1 int) {
	lo, hi := r0*j.cols, r1*j.cols
	for step := 1; step < j.chunks; step *= 2 {
		for c := 0; c+step < j.chunks; c += 2 * step {
			Add(j.partials[c*len(j.dw):][lo:hi], j.partials[(c+step)*len(j.dw):][lo:hi])
		}
	}
	if !j.turned {
		copy(j.dw[lo:hi], j.partials[lo:hi])
		return
	}
	transpose(j.dw[r0:], j.rows, j.partials[lo:hi], j.cols, r1-r0, j.cols)
}
