package tensor

import "randalign/asm"

// winogradCorr is the job of Winograd's convolution by a scheme: Forward, and InputGrad
// with the filters turned round.
type winogradCorr[T Float] struct {
	*scheme[T]
	in, out planes
	pad     int
	pool    *Pool
	kern    *asm.Gemm[T]
	x, y    []T
	w, bias []T
	ld      int // distance of two filters
	relu    bool
	through *Lines[T] // what x is read through, or nil
	n0      int       // the first image of the group
	images  int       // of the group
	k0, k1  int       // the filters at hand
	u, v, m spread[T]
	stage   winogradStage
	parts   int // tasks of an image, or of a place
}

type winogradStage int

const (
	filtering  winogradStage = iota // transforming filters; a task is some channels
	spreading                       // transforming inputs; a task is some channels of an image
	multiplied                      // a task is some rows of a place
	gathering                       // transforming outputs; a task is some filters of an image
)

// wGroups vectors of channels are transformed by a task, wChannels channels of the
// filters.
const (
	wGroups   = 4
	wChannels = 16
)

// run convolves n images x with the filters w, ld apart.
func (j *winogradCorr[T]) run(p *Pool, n int, x, w []T, ld int, bias, y []T, relu bool) {
	j.pool, j.kern = p, kernel[T]()
	j.x, j.y, j.w, j.ld, j.bias, j.relu = x, y, w, ld, bias, relu
	tiles := j.in.tiles()
	group, slice := groupImages(n, tiles, j.area(), j.in.c, j.out.c, p.Threads())
	if slice < j.out.c {
		j.n0, j.images = 0, n
		j.spread()
		for j.k0 = 0; j.k0 < j.out.c; j.k0 += slice {
			j.filters(slice)
			j.multiply()
		}
	} else {
		j.k0 = 0
		j.filters(j.out.c)
		for j.n0 = 0; j.n0 < n; j.n0 += group {
			j.images = min(group, n-j.n0)
			j.spread()
			j.multiply()
		}
	}
	j.x, j.y, j.w, j.bias = nil, nil, nil, nil
	j.u.data, j.v.data, j.m.data = nil, nil, nil
}

// filters transforms up to so many filters from k0 on.
func (j *winogradCorr[T]) filters(slice int) {
	j.k1 = min(j.k0+slice, j.out.c)
	j.u = panelsOf(j.pool, slotFilters, j.in.c, j.k1-j.k0, j.kern)
	j.stage = filtering
	j.pool.Run(ceilDiv(j.in.c, wChannels), j)
}

// spread transforms the group's images.
func (j *winogradCorr[T]) spread() {
	j.v = rowsOf[T](j.pool, slotTiles, j.area(), j.images*j.in.tiles(), j.in.c)
	j.stage, j.parts = spreading, ceilDiv(j.in.groups(), wGroups)
	j.pool.Run(j.images*j.parts, j)
}

// multiply makes the group's outputs of the filters at hand.
func (j *winogradCorr[T]) multiply() {
	rows := j.images * j.in.tiles()
	j.m = rowsOf[T](j.pool, slotProducts, j.area(), rows, j.k1-j.k0)
	j.stage, j.parts = multiplied, partsOf[T](rows, j.area(), j.pool.Threads(), j.kern.MR)
	j.pool.Run(j.area()*j.parts, j)
	j.stage, j.parts = gathering, ceilDiv(ceilDiv(j.k1-j.k0, lanes), wGroups)
	j.pool.Run(j.images*j.parts, j)
}

// Do implements Job.
func (j *winogradCorr[T]) Do(worker, task int) {
	switch j.stage {
	case filtering:
		j.filter(worker, task*wChannels, min((task+1)*wChannels, j.in.c))
	case spreading:
		image, g0 := task/j.parts, task%j.parts*wGroups
		g1 := min(g0+wGroups, j.in.groups())
		spreadInputs(j.pool, worker, j.scheme, &j.in, j.pad, j.x[(j.n0+image)*j.in.c*j.in.h*j.in.w:], g0, g1, image*j.in.tiles(), &j.v, j.through)
	case multiplied:
		place := task / j.parts
		r0, r1 := part(task%j.parts, j.parts, j.images*j.in.tiles(), j.kern.MR)
		product(j.pool, worker, j.kern, place, j.filterOf(place), r0, r1, j.k1-j.k0, j.in.c, &j.v, false, &j.u, &j.m, false)
	case gathering:
		image, g0 := task/j.parts, task%j.parts*wGroups
		j.gather(worker, image, g0, min(g0+wGroups, ceilDiv(j.k1-j.k0, lanes)))
	}
}

// filter transforms channels c0..c1 of the filters at hand. They are transposed first, so
// that the filters stand side by side.
func (j *winogradCorr[T]) filter(worker, c0, c1 int) {
	k := j.k1 - j.k0
	n := min(j.u.width, roundUp(k, lanes))
	count := ceilDiv(k, n)
	wide := count * n
	taps := buffer[T](j.pool, worker, slotImage, 9*(c1-c0)*wide)
	transpose(taps, wide, j.w[j.k0*j.ld+c0*9:], j.ld, k, 9*(c1-c0))
	cols := buffer[T](j.pool, worker, slotCols, wSpan*3*wide)
	for c := c0; c < c1; c++ {
		j.scheme.filter(cols, taps[(c-c0)*9*wide:], asm.Strips{DstRow: 3 * wide, SrcRow: 3 * wide, N: 3 * wide, Count: 1})
		for i := range wSpan {
			j.scheme.filter(j.u.at(c, 0)[i*wSpan*j.u.place:], cols[i*3*wide:],
				asm.Strips{DstRow: j.u.place, DstStep: j.u.panel, SrcRow: wide, SrcStep: n, N: n, Count: count})
		}
	}
}

// wArea pixels of so many vectors of channels are transformed side by side, but no more
// than wGroups: the more, the longer the kernels' runs, until a cache is full.
const wArea = 512

func sideBySide(area int) int { return min(wGroups, max(1, wArea/area)) }

// crossing is a transform of strips that stand in rows and columns: the strip of row r and
// column c is r and c times so much further in the source and in the result.
type crossing struct {
	rows, dstR, srcR int
	cols, dstC, srcC int
}

// each does the transform f, whose strips are s but for their steps. It is called for each
// row or column, whichever are fewer.
func (x crossing) each(s asm.Strips) (calls, dst, src int, strips asm.Strips) {
	if x.rows > x.cols {
		s.Count, s.DstStep, s.SrcStep = x.rows, x.dstR, x.srcR
		return x.cols, x.dstC, x.srcC, s
	}
	s.Count, s.DstStep, s.SrcStep = x.cols, x.dstC, x.srcC
	return x.rows, x.dstR, x.srcR, s
}

// spreadInputs transforms vectors g0..g1 of channels of an image; its tiles become
// rows of v from row on.
func spreadInputs[T Float](p *Pool, worker int, f *scheme[T], in *planes, pad int, image []T, g0, g1, row int, v *spread[T], through *Lines[T]) {
	area, vectors := in.h*in.w, sideBySide(in.h*in.w)
	tall, long := (in.th-1)*f.step+f.span, (in.tw-1)*f.step+f.span // pixels of a column and of a row
	most := min(vectors, g1-g0) * lanes
	pixels := buffer[T](p, worker, slotImage, tall*in.w*most)
	cols := buffer[T](p, worker, slotCols, f.places*long*most)
	padded := 0 // so many values of a pixel are zero round the image
	for g := g0; g < g1; g += vectors {
		n := min(vectors, g1-g) * lanes
		c0, c1 := g*lanes, min(g*lanes+n, in.c)
		line, wide := in.w*n, long*n
		if n != padded {
			padded = n
			clear(pixels[:pad*line])
			clear(pixels[(pad+in.h)*line:][:(tall-pad-in.h)*line])
			for r := range f.places {
				clear(cols[r*wide:][:pad*n])
				clear(cols[r*wide:][(pad+in.w)*n : wide])
			}
		}
		transpose(pixels[pad*line:], n, image[c0*area:], area, c1-c0, area)
		if through != nil {
			through.pixels(pixels[pad*line:][:area*n], n, c0, c1)
		}
		rows := v.at(row, c0)
		for i := range in.th {
			f.input(cols[pad*n:], pixels[i*f.step*line:], asm.Strips{DstRow: wide, SrcRow: line, N: line, Count: 1})
			x := crossing{rows: f.places, dstR: f.places * v.place, srcR: wide, cols: in.tw, dstC: v.row, srcC: f.step * n}
			calls, dst, src, s := x.each(asm.Strips{DstRow: v.place, SrcRow: n, N: n})
			for k := range calls {
				f.input(rows[i*in.tw*v.row+k*dst:], cols[k*src:], s)
			}
		}
	}
}

// pixels applies the lines of channels c0..c1, at most n, to pixels of n values, in place.
func (l *Lines[T]) pixels(x []T, n, c0, c1 int) {
	m, a, b := l.M[c0:c1], l.A[c0:c1], l.B[c0:c1]
	if f, ok := asF32(x); ok {
		m, _ := asF32(m)
		a, _ := asF32(a)
		b, _ := asF32(b)
		asm.Active().NormColsApplyF32(f, f, len(f)/n, n, m, a, b, l.ReLU)
		return
	}
	for i := range x {
		if c := i % n; c < len(m) {
			if x[i] = mulAdd(x[i]-m[c], a[c], b[c]); l.ReLU && !(x[i] > 0) {
				x[i] = 0
			}
		}
	}
}

// gather transforms vectors g0..g1 of the filters at hand of an image of the
// group back.
func (j *winogradCorr[T]) gather(worker, image, g0, g1 int) {
	o := &j.out
	area, wide, vectors := o.h*o.w, o.tw*j.tile, sideBySide(o.h*o.w)
	most := min(vectors, g1-g0) * lanes
	cols := buffer[T](j.pool, worker, slotCols, j.tile*j.places*o.tw*most)
	pixels := buffer[T](j.pool, worker, slotImage, j.tile*wide*most)
	for g := g0; g < g1; g += vectors {
		n := min(vectors, g1-g) * lanes
		step := o.tw * n
		first := j.k0 + g*lanes
		k := min(n, j.k1-first)
		y := j.y[((j.n0+image)*o.c+first)*area:][:k*area]
		sums := j.m.at(image*o.tiles(), g*lanes)
		for i := range o.th {
			x := crossing{rows: j.places, dstR: step, srcR: j.m.place, cols: o.tw, dstC: n, srcC: j.m.row}
			calls, dst, src, s := x.each(asm.Strips{DstRow: j.places * step, SrcRow: j.places * j.m.place, N: n})
			for c := range calls {
				j.output(cols[c*dst:], sums[i*o.tw*j.m.row+c*src:], s)
			}
			rows := min(j.tile, o.h-i*j.tile)
			x = crossing{rows: rows, dstR: wide * n, srcR: j.places * step, cols: o.tw, dstC: j.tile * n, srcC: n}
			calls, dst, src, s = x.each(asm.Strips{DstRow: n, SrcRow: step, N: n})
			for c := range calls {
				j.output(pixels[c*dst:], cols[c*src:], s)
			}
			at := y[i*j.tile*o.w:]
			if wide == o.w {
				transpose(at, area, pixels, n, rows*o.w, k)
				continue
			}
			for r := range rows {
				transpose(at[r*o.w:], area, pixels[r*wide*n:], n, o.w, k)
			}
		}
		for c := range k {
			finish(y[c*area:][:area], j.bias, first+c, j.relu)
		}
	}
}
