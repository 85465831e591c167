package tensor

import "randalign/asm"

// winogradWeights is the job of Winograd's gradient of the filters.
type winogradWeights[T Float] struct {
	*scheme[T]
	in, out planes
	pad     int
	pool    *Pool
	kern    *asm.Gemm[T]
	x, dy   []T
	dw      []T
	relu    []T       // the outputs of the ReLU behind the convolution, or nil
	through *Lines[T] // what x is read through, or nil
	farX    bool      // x comes from memory
	farDy   bool
	bias    bool
	sums    []T // of dy over the positions, [N, K]
	n0      int // the first image of the group
	images  int // of the group
	c0, c1  int // the channels at hand; all of them unless the group is all images
	v, y, m spread[T]
	stage   winogradStage
	parts   int // tasks of an image, or of a place
	unit    int // rows of a place of which tasks have a multiple
	some    int // channels of a task that transforms filters
	inParts int // of which those transform inputs
}

func newWinogradWeights[T Float](s ConvShape) *winogradWeights[T] {
	in, out := winogradPlanes(s)
	return &winogradWeights[T]{scheme: winogradScheme[T](), in: in, out: out, pad: s.Pad}
}

// run is WeightGrad.
func (j *winogradWeights[T]) run(p *Pool, n int, x, dy, dw, db, relu []T) {
	j.pool, j.kern = p, kernel[T]()
	j.x, j.dy, j.dw, j.relu, j.bias = x, dy, dw, relu, db != nil
	j.farX, j.farDy = j.in.large(n*wordSize[T]()), j.out.large(n*wordSize[T]())
	if need := n * j.out.c; j.bias && cap(j.sums) < need {
		j.sums = make([]T, need)
	}
	// What is to be summed, with its gradient, turned round: the filters that are
	// cut are the channels of the inputs.
	group, slice := groupImages(n, j.in.tiles(), wPlaces, j.out.c, j.in.c, p.Threads())
	for j.n0 = 0; j.n0 < n; j.n0 += group {
		j.images = min(group, n-j.n0)
		j.spread()
		for j.c0 = 0; j.c0 < j.in.c; j.c0 += slice {
			j.c1 = min(j.c0+slice, j.in.c)
			j.multiply()
			if j.n0+group >= n {
				j.stage = gathering
				j.some = someChannels(j.c1-j.c0, p.Threads())
				p.Run(ceilDiv(j.c1-j.c0, j.some), j)
			}
		}
	}
	j.x, j.dy, j.dw, j.relu = nil, nil, nil, nil
	j.v.data, j.y.data, j.m.data = nil, nil, nil
	sumImages(db, j.sums, n)
}

// spread transforms the group's images and their outputs' gradients.
func (j *winogradWeights[T]) spread() {
	rows := j.images * j.in.tiles()
	j.v = rowsOf[T](j.pool, slotTiles, wPlaces, rows, j.in.c)
	j.y = panelsOf(j.pool, slotProducts, rows, j.out.c, j.kern)
	j.stage, j.inParts = spreading, ceilDiv(j.in.groups(), wGroups)
	j.parts = j.inParts + ceilDiv(j.out.groups(), wGroups)
	j.pool.Run(j.images*j.parts, j)
}

// multiply adds the group's part of the sums of the channels at hand.
func (j *winogradWeights[T]) multiply() {
	j.m = rowsOf[T](j.pool, slotFilters, wPlaces, j.c1-j.c0, j.out.c)
	j.stage = multiplied
	j.parts, j.unit = cutRows(j.c1-j.c0, wPlaces, j.pool.Threads(), j.kern)
	j.pool.Run(wPlaces*j.parts, j)
}

// Do implements Job.
func (j *winogradWeights[T]) Do(worker, task int) {
	switch j.stage {
	case spreading:
		image, part := task/j.parts, task%j.parts
		if part < j.inParts {
			c := part * wGroups * lanes
			spreadInputs(j.pool, worker, j.scheme, &j.in, j.pad, j.x[(j.n0+image)*j.in.c*j.in.h*j.in.w:], c, min(c+wGroups*lanes, j.in.c), &j.v, j.v.at(image*j.in.tiles(), c), j.through, j.farX)
			return
		}
		part -= j.inParts
		j.spreadOutputs(worker, image, part*wGroups, min((part+1)*wGroups, j.out.groups()))
	case multiplied:
		r0, r1 := part(task%j.parts, j.parts, j.c1-j.c0, j.unit)
		v := j.v
		v.data = v.data[j.c0:]
		product(j.pool, worker, j.kern, task/j.parts, task/j.parts, r0, r1, j.out.c, j.images*j.in.tiles(), &v, true, &j.y, &j.m, j.n0 > 0)
	case gathering:
		j.gather(worker, j.c0+task*j.some, min(j.c0+(task+1)*j.some, j.c1))
	}
}

// spreadOutputs transforms vectors g0..g1 of channels of dy of an image of the
// group, after the ReLU's gradient.
func (j *winogradWeights[T]) spreadOutputs(worker, image, g0, g1 int) {
	o := &j.out
	n := j.n0 + image
	area, line := o.h*o.w, o.w*lanes
	tall, wide := o.th*wTile, o.tw*wTile*lanes
	pixels := buffer[T](j.pool, worker, slotImage, tall*line)
	cols := buffer[T](j.pool, worker, slotCols, wSpan*wide)
	clear(pixels[o.h*line:])
	clear(cols)
	for g := g0; g < g1; g++ {
		k0, k1 := g*lanes, min((g+1)*lanes, o.c)
		planes := j.dy[(n*o.c+k0)*area : (n*o.c+k1)*area]
		if j.relu != nil {
			ReLUGrad(planes, planes, j.relu[(n*o.c+k0)*area:(n*o.c+k1)*area])
		}
		if j.bias {
			sumPlanes(j.sums[n*o.c+k0:n*o.c+k1], planes, area)
		}
		transposeTo(pixels, lanes, planes, area, k1-k0, area, j.farDy && j.relu == nil && !j.bias, false)
		rows := j.y.at(image*o.tiles(), g*lanes)
		for i := range o.th {
			winogradOutputGrad(cols, pixels[i*wTile*line:], asm.Strips{DstRow: wide, SrcRow: line, N: line, Count: 1})
			x := crossing{rows: wSpan, dstR: wSpan * j.y.place, srcR: wide, cols: o.tw, dstC: j.y.row, srcC: wTile * lanes}
			calls, dst, src, s := x.strips(asm.Strips{DstRow: j.y.place, SrcRow: lanes, N: lanes})
			for k := range calls {
				winogradOutputGrad(rows[i*o.tw*j.y.row+k*dst:], cols[k*src:], s)
			}
		}
	}
}

// gather transforms channels c0..c1 of the sums back into filters.
func (j *winogradWeights[T]) gather(worker, c0, c1 int) {
	wide := roundUp(j.out.c, lanes)
	taps := buffer[T](j.pool, worker, slotImage, 9*(c1-c0)*wide)
	cols := buffer[T](j.pool, worker, slotCols, 3*wSpan*wide)
	for c := c0; c < c1; c++ {
		winogradFilterGrad(cols, j.m.at(c-j.c0, 0),
			asm.Strips{DstRow: wSpan * wide, DstStep: wide, SrcRow: wSpan * j.m.place, SrcStep: j.m.place, N: wide, Count: wSpan})
		winogradFilterGrad(taps[(c-c0)*9*wide:], cols,
			asm.Strips{DstRow: wide, DstStep: 3 * wide, SrcRow: wide, SrcStep: wSpan * wide, N: wide, Count: 3})
	}
	transpose(j.dw[c0*9:], j.in.c*9, taps, wide, 9*(c1-c0), j.out.c)
}
