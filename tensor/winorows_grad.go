package tensor

import "randalign/asm"

// rowsWeights is the job of the gradient of the filters by Winograd's algorithm along
// rows. At each place, the inputs [steps, tiles] are multiplied with the outputs'
// gradient [tiles, filters] of some filters at a time, which stay in the caches.
type rowsWeights[T Float] struct {
	rowsInput[T]
	k, area   int // filters, outputs of one
	pool      *Pool
	kern      *asm.Gemm[T]
	n, chunk  int // images, images of a chunk
	chunks    int
	x, dy, dw []T
	relu      []T // the outputs of the ReLU behind the convolution, or nil
	bias      bool
	sums      []T // of dy over the positions, [N, K]
	partials  []T // of the chunks, [places, steps, K] each
	rows      int // of an image that are worked on at a time
	parts     int // tasks of a chunk
	shares    int // ranges of chunks of which the last has so many tasks, or 0
	stage     gradStage
}

const (
	// rowsFilters filters are transformed side by side: a panel of AVX-512.
	rowsFilters = 2 * asm.Lanes
	// rowsBand rows of them are transformed before more of dy is fetched.
	rowsBand = 4
	// rowsAdd filters are one task when the chunks are added.
	rowsAdd = 64
)

func newRowsWeights[T Float](s ConvShape) *rowsWeights[T] {
	j := &rowsWeights[T]{rowsInput: newRowsInput(s, rowsGrad[T](s.S)), k: s.K}
	j.area = j.ho * j.image.wo
	j.rows = evenly(j.ho, max(1, l2.rowsTiles/j.wo), 1)
	return j
}

// size is the number of elements of a partial sum.
func (j *rowsWeights[T]) size() int { return j.f.places * len(j.step) * j.k }

// run is WeightGrad.
func (j *rowsWeights[T]) run(p *Pool, n int, x, dy, dw, db, relu []T) {
	j.pool, j.kern = p, kernel[T]()
	j.n, j.x, j.dy, j.dw, j.relu, j.bias = n, x, dy, dw, relu, db != nil
	if need := n * j.k; j.bias && cap(j.sums) < need {
		j.sums = make([]T, need)
	}
	j.chunk = chunkImages(n, j.size())
	j.chunks = ceilDiv(n, j.chunk)
	j.partials = shared[T](p, slotProducts, j.chunks*j.size())
	j.parts = j.cut(p.Threads())
	j.shares = 0
	tasks := j.chunks * j.parts
	if t := p.Threads(); t > 1 && j.parts == 1 && n%(t*j.chunk) != 0 && ceilDiv(j.k, rowsFilters) >= t {
		j.shares = t
		tasks += t * (t - 1)
	}
	j.stage = multiplying
	p.Run(tasks, j)
	j.stage = adding
	p.Run(len(j.step)*ceilDiv(j.k, rowsAdd), j)
	j.x, j.dy, j.dw, j.relu, j.partials = nil, nil, nil, nil, nil
	sumImages(db, j.sums, n)
}

// cut returns in how many parts each chunk is done: where there are more threads than chunks, as
// many as are done soonest, the inputs' transform costing as much as a quarter of the filters that
// are transformed side by side.
func (j *rowsWeights[T]) cut(threads int) (parts int) {
	groups, best := ceilDiv(j.k, rowsFilters), 0
	for n := 1; n <= groups; n++ {
		t := ceilDiv(j.chunks*n, threads) * (4*ceilDiv(groups, n) + 1)
		if best == 0 || j.chunks < threads && t < best {
			best, parts = t, n
		}
	}
	return parts
}

// Do implements Job.
func (j *rowsWeights[T]) Do(worker, task int) {
	if j.stage == adding {
		k0 := task / len(j.step) * rowsAdd
		j.gather(task%len(j.step), k0, min(k0+rowsAdd, j.k))
		return
	}
	chunk, q, parts := j.part(task)
	k0, k1 := part(q, parts, j.k, rowsFilters)
	sums := j.partials[chunk*j.size():][:j.size()]
	in := j.image.c * j.image.h * j.image.w
	for n := chunk * j.chunk; n < min(j.n, (chunk+1)*j.chunk); n++ {
		v := j.spread(j.pool, worker, j.x[n*in:][:in])
		for r := 0; r < j.ho; r += j.rows {
			j.multiply(worker, n, k0, k1, r, min(r+j.rows, j.ho), v, sums, n > chunk*j.chunk || r > 0)
		}
	}
}

// part is which part of so many of a chunk a task does. Chunks take as long as the whole
// work of some threads: the last one of each share is done in parts, with which who has done
// his share can help.
func (j *rowsWeights[T]) part(task int) (chunk, q, parts int) {
	if j.shares == 0 {
		return task / j.parts, task % j.parts, j.parts
	}
	for s := range j.shares {
		last := (s+1)*j.chunks/j.shares - 1
		if chunk = task - s*(j.shares-1); chunk < last {
			return chunk, 0, 1
		}
		if q = chunk - last; q < j.shares {
			return last, q, j.shares
		}
	}
	panic("tensor: no such task")
}

// multiply adds rows r0..r1 of image n to the sums of filters k0..k1.
func (j *rowsWeights[T]) multiply(worker, n, k0, k1, r0, r1 int, v, sums []T, load bool) {
	steps, places := len(j.step), j.f.places
	count := (r1 - r0) * j.wo
	inputs := j.inputs(worker, r0*j.wo, count, v)
	hidden := j.fetched(count)
	for k := k0; k < k1; k += rowsFilters {
		filters := min(rowsFilters, k1-k)
		dy := j.dy[(n*j.k+k)*j.area:][:filters*j.area]
		if r0 == 0 && j.relu != nil {
			ReLUGrad(dy, dy, j.relu[(n*j.k+k)*j.area:][:len(dy)])
		}
		next, end := (n*j.k+k+rowsFilters)*j.area, (n*j.k+k1)*j.area
		if k+rowsFilters >= k1 && n+1 < j.n {
			next, end = ((n+1)*j.k+k0)*j.area, ((n+1)*j.k+k1)*j.area
		}
		end = min(end, next+rowsFilters*j.area)
		soon, rest := soonOf(j.dy, next, min(next+hidden, end), places), soonOf(j.dy, next+hidden, end, ceilDiv(filters, lanes)*ceilDiv(r1-r0, rowsBand))
		d, place := j.spreadOutputs(worker, dy, filters, r0, r1, &rest)
		if r1 == j.ho && j.bias { // dy has been in the cache for the transform
			sumPlanes(j.sums[n*j.k+k:][:filters], dy, j.area)
		}
		for p := range places {
			t := tiles[T]{kern: j.kern, a: inputs.at(p), b: panelled[T]{data: d[p*place:], step: j.kern.NR, ld: rowsFilters}, rows: steps, cols: filters, kc: count,
				c: sums[p*steps*j.k+k:], ldc: j.k, load: load, soon: j.pool.soon(worker), ahead: [2]ahead[T]{soon.part()}}
			t.run()
		}
	}
}

// fetched is how many elements the products of so many tiles fetch: a line with each, but for
// those of the sums.
func (j *rowsWeights[T]) fetched(count int) int {
	panels := ceilDiv(len(j.step), j.kern.MR)
	return j.f.places * max(0, count*panels-2*len(j.step)) * 64 / wordSize[T]()
}

// rowsOperand is the inputs [steps, tiles] at all places, the left operands.
type rowsOperand[T Float] struct {
	strided[T]
	place int // distance of two places
}

func (o *rowsOperand[T]) at(place int) strided[T] {
	a := o.strided
	a.data = a.data[place*o.place:]
	return a
}

// inputs returns those of count tiles from tile t0 on.
func (j *rowsWeights[T]) inputs(worker, t0, count int, v []T) rowsOperand[T] {
	steps, places, ld := len(j.step), j.f.places, apart[T](count)
	rows := buffer[T](j.pool, worker, slotImage, places*steps*ld)
	runs := j.runs(j.pool.runs(worker), t0, count, 0)
	for p := range places {
		packRuns(rows[p*steps*ld:], v[p*j.ld:], j.step, runs, ld)
	}
	if j.kern.Strided {
		return rowsOperand[T]{strided[T]{data: rows, rs: ld, cs: 1}, steps * ld}
	}
	size := roundUp(steps, j.kern.MR) * count
	panels := buffer[T](j.pool, worker, slotPanelA, places*size)
	for p := range places {
		packPanels(panels[p*size:], Matrix[T]{Data: rows[p*steps*ld:], Stride: ld}, 0, steps, j.kern.MR, j.kern.MR*count, 0, count, j.pool.offsets(worker))
	}
	return rowsOperand[T]{strided[T]{data: panels, packed: true}, size}
}

// spreadOutputs transforms rows r0..r1 of dy of some filters: [tile][filter] at each place.
// Beyond the right edge dy counts as zero. Between some rows and the next a part of rest
// is fetched.
func (j *rowsWeights[T]) spreadOutputs(worker int, dy []T, filters, r0, r1 int, rest *soon[T]) (d []T, place int) {
	wide := j.image.wo
	place = apart[T]((r1 - r0) * j.wo * rowsFilters)
	d = buffer[T](j.pool, worker, slotPanelB, j.f.places*place+maxNR)
	band := r1 - r0
	if len(rest.data) > 0 {
		band = rowsBand
	}
	for f := 0; f < filters; f += lanes {
		for r := r0; r < r1; r += band {
			ahead := rest.part()
			asm.Prefetch(ahead.take(ahead.rows))
			rows, width := min(band, r1-r), wide
			if wide == j.wo*j.f.tile { // one long row
				rows, width = 1, rows*wide
			}
			rowsSpread(j.f.places, d[(r-r0)*j.wo*rowsFilters+f:], place, rowsFilters, dy[f*j.area+r*wide:], j.area, wide, min(lanes, filters-f), rows, width)
		}
	}
	return d, place
}

// rowsSpread is asm.RowsGrad for any type.
func rowsSpread[T Float](places int, dst []T, place, step int, src []T, plane, ld, filters, rows, width int) {
	kernel, reference := asm.Active().RowsGrad3F32, asm.RowsGrad3[T]
	if places == 8 {
		kernel, reference = asm.Active().RowsGrad5F32, asm.RowsGrad5[T]
	}
	if d, ok := asF32(dst); ok {
		s, _ := asF32(src)
		kernel(d, place, step, s, plane, ld, filters, rows, width)
		return
	}
	reference(dst, place, step, src, plane, ld, filters, rows, width)
}

// gather adds the sums of one step and filters k0..k1 over the chunks by a tree, neighbours
// first, and transforms them into a row of each filter.
func (j *rowsWeights[T]) gather(step, k0, k1 int) {
	steps, size := len(j.step), j.size()
	of := func(chunk, place int) []T { return j.partials[chunk*size+(place*steps+step)*j.k:][k0:k1] }
	for p := range j.f.places {
		for apart := 1; apart < j.chunks; apart *= 2 {
			for c := 0; c+apart < j.chunks; c += 2 * apart {
				Add(of(c, p), of(c+apart, p))
			}
		}
	}
	for k := k0; k < k1; k++ {
		j.f.filterGrad(j.dw[(k*steps+step)*j.f.taps:], j.partials[step*j.k+k:], steps*j.k)
	}
}
