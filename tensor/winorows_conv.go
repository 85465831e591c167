package tensor

import (
	"math"

	"randalign/asm"
)

// rowsCorr is the job of Forward by Winograd's algorithm along rows. A task does some
// groups of filters, as many as a kernel does at a time, on an image.
type rowsCorr[T Float] struct {
	rowsInput[T]
	k, area   int // filters, outputs of one
	pool      *Pool
	x, w, y   []T
	u, bias   []T // the transformed filters, group after group, and their biases
	add       []T // the bias, or nil
	relu      bool
	past      bool // y passes the caches by
	filtering bool // transforming filters; a task is some groups
	groups    int  // of filters
	parts     int  // tasks of an image
}

// rowsGroups groups of filters are transformed by a task.
const rowsGroups = 8

func newRowsCorr[T Float](s ConvShape) *rowsCorr[T] {
	j := &rowsCorr[T]{rowsInput: newRowsInput(s, rowsForward[T](s.S)), k: s.K}
	j.area = j.ho * j.image.wo
	j.groups = ceilDiv(s.K, j.filters())
	return j
}

// filters are those of a group.
func (j *rowsCorr[T]) filters() int { return asm.RowsStep / j.f.places }

// run is Forward.
func (j *rowsCorr[T]) run(p *Pool, n int, x, w, bias, y []T, relu bool) {
	j.pool, j.x, j.w, j.y, j.add, j.relu = p, x, w, y, bias, relu
	j.past = wordSize[T]()*n*j.k*j.area > pastBytes
	all := j.groups * j.filters()
	u := shared[T](p, slotFilters, j.groups*len(j.step)*asm.RowsStep+all)
	j.bias, j.u = u[:all], u[all:]
	j.filtering = true
	p.Run(ceilDiv(j.groups, rowsGroups), j)
	j.filtering = false
	j.parts = max(1, min(ceilDiv(p.Threads(), max(1, n)), j.groups/4))
	p.Run(n*j.parts, j)
	j.x, j.w, j.y, j.add, j.u, j.bias = nil, nil, nil, nil, nil, nil
}

// Do implements Job.
func (j *rowsCorr[T]) Do(worker, task int) {
	if j.filtering {
		for g := task * rowsGroups; g < min((task+1)*rowsGroups, j.groups); g++ {
			j.filter(g)
		}
		return
	}
	n, g0, g1 := task/j.parts, task%j.parts*j.groups/j.parts, (task%j.parts+1)*j.groups/j.parts
	v := j.spread(j.pool, worker, j.x[n*j.image.c*j.image.h*j.image.w:][:j.image.c*j.image.h*j.image.w])
	blocks := ceilDiv(j.tiles(), lanes)
	for b := 0; b < blocks; b += l2.rowsBlocks {
		j.convolve(worker, n, g0, g1, b, min(b+l2.rowsBlocks, blocks), v)
	}
}

// filter transforms the filters of a group: u[step][place][filter]. Where there are
// no more filters they are zeros, and where there is no bias -0 is added, which
// changes nothing.
func (j *rowsCorr[T]) filter(group int) {
	width, filters, steps := j.f.taps, j.filters(), len(j.step)
	u := j.u[group*steps*asm.RowsStep:][:steps*asm.RowsStep]
	clear(u)
	for f := range filters {
		k := group*filters + f
		j.bias[k] = T(math.Copysign(0, -1))
		if k >= j.k {
			continue
		}
		if j.add != nil {
			j.bias[k] = j.add[k]
		}
		for t := range steps {
			j.f.filter(u[t*asm.RowsStep+f:], filters, j.w[(k*steps+t)*width:])
		}
	}
}

// convolve does blocks b0..b1 of the tiles of image n and the filters of groups
// g0..g1. Outputs that are whole blocks of neighbours are written where they belong.
func (j *rowsCorr[T]) convolve(worker, n, g0, g1, b0, b1 int, v []T) {
	steps, places, filters := len(j.step), j.f.places, j.filters()
	size := steps * places * lanes
	panels := buffer[T](j.pool, worker, slotPanelB, (b1-b0)*size)
	taps := j.pool.taps(worker, steps*places)
	for t, at := range j.step {
		for p := range places {
			taps[t*places+p] = p*j.ld + at
		}
	}
	for b := b0; b < b1; b++ {
		runs := j.runs(j.pool.runs(worker), b*lanes, min(lanes, j.tiles()-b*lanes), 0)
		packRuns(panels[(b-b0)*size:], v, taps, runs, lanes)
	}
	wide := lanes * j.f.tile // outputs of a block
	ld := (b1 - b0) * wide
	out := buffer[T](j.pool, worker, slotPanelA, filters*ld)
	contiguous := j.wo*j.f.tile == j.image.wo
	for g := g0; g < g1; g++ {
		u, bias := j.u[g*steps*asm.RowsStep:][:steps*asm.RowsStep], j.bias[g*filters:][:filters]
		k := min(filters, j.k-g*filters)
		y := j.y[(n*j.k+g*filters)*j.area:][:k*j.area]
		whole := b0
		if contiguous && k == filters {
			whole = min(b1, j.area/wide)
			rowsConvolve(places, whole-b0, steps, y[b0*wide:], j.area, u, panels, bias, j.relu, j.past)
			if whole == b1 {
				continue
			}
		}
		rowsConvolve(places, b1-whole, steps, out, ld, u, panels[(whole-b0)*size:], bias, j.relu, false)
		for f := range k {
			j.put(y[f*j.area:][:j.area], out[f*ld:], whole*lanes, min(b1*lanes, j.tiles())-whole*lanes)
		}
	}
}

// put copies the outputs of n tiles, from tile at on, to where they belong.
func (j *rowsCorr[T]) put(plane, out []T, at, n int) {
	tile, wide := j.f.tile, j.image.wo
	if j.wo*tile == wide {
		copy(plane[at*tile:][:n*tile], out)
		return
	}
	for n > 0 {
		row, i := at/j.wo, at%j.wo
		m := min(n, j.wo-i)
		copy(plane[row*wide+i*tile:][:min(m*tile, wide-i*tile)], out)
		out, at, n = out[m*tile:], at+m, n-m
	}
}

// rowsConvolve is asm.RowsConv for any type.
func rowsConvolve[T Float](places, blocks, taps int, dst []T, ldd int, u, v, bias []T, relu, past bool) {
	kernel, reference := asm.Active().RowsConv3F32, asm.RowsConv3[T]
	if places == 8 {
		kernel, reference = asm.Active().RowsConv5F32, asm.RowsConv5[T]
	}
	if d, ok := asF32(dst); ok {
		a, _ := asF32(u)
		b, _ := asF32(v)
		c, _ := asF32(bias)
		kernel(blocks, taps, d, ldd, a, b, c, relu, past)
		return
	}
	reference(blocks, taps, dst, ldd, u, v, bias, relu, past)
}
