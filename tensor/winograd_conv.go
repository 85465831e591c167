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
	past    bool      // y passes the caches by
	far     bool      // x comes from memory
	through *Lines[T] // what x is read through, or nil
	n0      int       // the first image of the group
	images  int       // of the group
	c0, c1  int       // the channels at hand
	k0, k1  int       // the filters at hand
	u, v, m spread[T]
	stage   winogradStage
	parts   int // tasks of an image, or of a place
	unit    int // rows of a place of which tasks have a multiple
	some    int // channels of a task that transforms filters
}

type winogradStage int

const (
	filtering  winogradStage = iota // transforming filters; a task is some channels
	spreading                       // transforming inputs; a task is some channels of an image
	multiplied                      // a task is some rows of a place
	gathering                       // transforming outputs; a task is some filters of an image
)

// wGroups vectors of channels are transformed by a task, wChannels channels of the
// filters, or wFew where there are many threads.
const (
	wGroups   = 4
	wChannels = 16
	wFew      = 4
)

// someChannels is how many of the channels of filters are transformed by a task.
func someChannels(channels, threads int) int {
	return min(roundUp(ceilDiv(channels, threads), wFew), wChannels)
}

// run convolves n images x with the filters w, ld apart. Where all images are in the works
// at a time, either the filters are cut or, if they have more channels, these.
func (j *winogradCorr[T]) run(p *Pool, n int, x, w []T, ld int, bias, y []T, relu bool) {
	j.pool, j.kern = p, kernel[T]()
	j.x, j.y, j.w, j.ld, j.bias, j.relu = x, y, w, ld, bias, relu
	j.far = j.in.large(n * wordSize[T]())
	// What is finished afterwards had better be in the caches then.
	j.past = bias == nil && !relu && j.out.large(n*wordSize[T]())
	group, slice := groupImages(n, j.in.tiles(), j.area(), j.in.c, j.out.c, p.Threads())
	j.n0, j.images = 0, min(n, group)
	j.c0, j.c1, j.k0, j.k1 = 0, j.in.c, 0, j.out.c
	switch cuts := ceilDiv(j.out.c, slice); {
	case cuts == 1:
		j.filters()
		for ; j.n0 < n; j.n0 += group {
			j.images = min(group, n-j.n0)
			j.spread()
			j.multiply()
			j.collect()
		}
	case j.in.c > j.out.c:
		slice = roundUp(ceilDiv(j.in.c, cuts), wGroups*lanes)
		for ; j.c0 < j.in.c; j.c0 += slice {
			j.c1 = min(j.c0+slice, j.in.c)
			j.filters()
			j.spread()
			j.multiply()
		}
		j.collect()
	default:
		j.spread()
		for ; j.k0 < j.out.c; j.k0 += slice {
			j.k1 = min(j.k0+slice, j.out.c)
			j.filters()
			j.multiply()
			j.collect()
		}
	}
	j.x, j.y, j.w, j.bias = nil, nil, nil, nil
	j.u.data, j.v.data, j.m.data = nil, nil, nil
}

// filters transforms the filters at hand.
func (j *winogradCorr[T]) filters() {
	j.u = panelsOf(j.pool, slotFilters, j.c1-j.c0, j.k1-j.k0, j.kern)
	j.stage = filtering
	j.some = someChannels(j.c1-j.c0, j.pool.Threads())
	j.pool.Run(ceilDiv(j.c1-j.c0, j.some), j)
}

// spread transforms the group's images.
func (j *winogradCorr[T]) spread() {
	j.v = rowsOf[T](j.pool, slotTiles, j.area(), j.images*j.in.tiles(), j.c1-j.c0)
	j.stage, j.parts = spreading, ceilDiv(j.c1-j.c0, wGroups*lanes)
	j.pool.Run(j.images*j.parts, j)
}

// multiply adds the channels at hand to the group's sums.
func (j *winogradCorr[T]) multiply() {
	rows := j.images * j.in.tiles()
	j.m = rowsOf[T](j.pool, slotProducts, j.area(), rows, j.k1-j.k0)
	j.stage = multiplied
	j.parts, j.unit = cutRows(rows, j.area(), j.pool.Threads(), j.kern)
	j.pool.Run(j.area()*j.parts, j)
}

// collect makes the group's outputs of the sums.
func (j *winogradCorr[T]) collect() {
	j.stage, j.parts = gathering, ceilDiv(j.k1-j.k0, wGroups*lanes)
	j.pool.Run(j.images*j.parts, j)
}

// Do implements Job.
func (j *winogradCorr[T]) Do(worker, task int) {
	switch j.stage {
	case filtering:
		c0 := j.c0 + task*j.some
		j.filter(worker, c0, min(c0+j.some, j.c1))
	case spreading:
		image, c := task/j.parts, task%j.parts*wGroups*lanes
		tiles := j.v.at(image*j.in.tiles(), c)
		c += j.c0
		spreadInputs(j.pool, worker, j.scheme, &j.in, j.pad, j.x[(j.n0+image)*j.in.c*j.in.h*j.in.w:], c, min(c+wGroups*lanes, j.c1), &j.v, tiles, j.through, j.far)
	case multiplied:
		place := task / j.parts
		r0, r1 := part(task%j.parts, j.parts, j.images*j.in.tiles(), j.unit)
		product(j.pool, worker, j.kern, place, j.filterOf(place), r0, r1, j.k1-j.k0, j.c1-j.c0, &j.v, false, &j.u, &j.m, j.c0 > 0)
	case gathering:
		k := j.k0 + task%j.parts*wGroups*lanes
		j.gather(worker, task/j.parts, k, min(k+wGroups*lanes, j.k1))
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
			j.scheme.filter(j.u.at(c-j.c0, 0)[i*wSpan*j.u.place:], cols[i*3*wide:],
				asm.Strips{DstRow: j.u.place, DstStep: j.u.panel, SrcRow: wide, SrcStep: n, N: n, Count: count})
		}
	}
}

// wArea pixels of so many vectors of channels are transformed side by side, but no more
// than wGroups: the more, the longer the kernels' runs, until a cache is full.
const wArea = 1024

func sideBySide(area int) int { return min(wGroups, max(1, wArea/area)) }

// crossing is a transform of strips that stand in rows and columns: the strip of row r and
// column c is r and c times so much further in the source and in the result.
type crossing struct {
	rows, dstR, srcR int
	cols, dstC, srcC int
}

// strips returns how often the transform is called, for each row or column, whichever are
// fewer, how far a call is from the next in the result and in the source, and s with steps.
func (x crossing) strips(s asm.Strips) (calls, dst, src int, strips asm.Strips) {
	if x.rows > x.cols {
		s.Count, s.DstStep, s.SrcStep = x.rows, x.dstR, x.srcR
		return x.cols, x.dstC, x.srcC, s
	}
	s.Count, s.DstStep, s.SrcStep = x.cols, x.dstC, x.srcC
	return x.rows, x.dstR, x.srcR, s
}

// spreadInputs transforms channels c0..c1 of an image; its tiles become rows of v, the
// first of which begins with tiles. far says that they come from memory.
func spreadInputs[T Float](p *Pool, worker int, f *scheme[T], in *planes, pad int, image []T, c0, c1 int, v *spread[T], tiles []T, through *Lines[T], far bool) {
	area, most := in.h*in.w, min(sideBySide(in.h*in.w)*lanes, roundUp(c1-c0, lanes))
	tall, long := (in.th-1)*f.step+f.span, (in.tw-1)*f.step+f.span // pixels of a column and of a row
	pixels := buffer[T](p, worker, slotImage, tall*in.w*most)
	cols := buffer[T](p, worker, slotCols, f.places*long*most)
	padded := 0 // so many values of a pixel are zero round the image
	for c := c0; c < c1; c += most {
		end := min(c+most, c1)
		n := roundUp(end-c, lanes)
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
		transposeTo(pixels[pad*line:], n, image[c*area:], area, end-c, area, far, false)
		if through != nil {
			through.pixels(pixels[pad*line:][:area*n], n, c, end)
		}
		for i := range in.th {
			f.input(cols[pad*n:], pixels[i*f.step*line:], asm.Strips{DstRow: wide, SrcRow: line, N: line, Count: 1})
			x := crossing{rows: f.places, dstR: f.places * v.place, srcR: wide, cols: in.tw, dstC: v.row, srcC: f.step * n}
			calls, dst, src, s := x.strips(asm.Strips{DstRow: v.place, SrcRow: n, N: n})
			for k := range calls {
				f.input(tiles[c-c0+i*in.tw*v.row+k*dst:], cols[k*src:], s)
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
		asm.Active().NormColsApplyF32(f, f, len(f)/n, n, 1, m, a, b, l.ReLU, false)
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

// gather transforms filters k0..k1 of an image of the group back.
func (j *winogradCorr[T]) gather(worker, image, k0, k1 int) {
	o := &j.out
	area, wide, most := o.h*o.w, o.tw*j.tile, min(sideBySide(o.h*o.w)*lanes, roundUp(k1-k0, lanes))
	cols := buffer[T](j.pool, worker, slotCols, j.tile*j.places*o.tw*most)
	pixels := buffer[T](j.pool, worker, slotImage, j.tile*wide*most)
	for k := k0; k < k1; k += most {
		end := min(k+most, k1)
		n := roundUp(end-k, lanes)
		step := o.tw * n
		y := j.y[((j.n0+image)*o.c+k)*area:][:(end-k)*area]
		sums := j.m.at(image*o.tiles(), k-j.k0)
		for i := range o.th {
			x := crossing{rows: j.places, dstR: step, srcR: j.m.place, cols: o.tw, dstC: n, srcC: j.m.row}
			calls, dst, src, s := x.strips(asm.Strips{DstRow: j.places * step, SrcRow: j.places * j.m.place, N: n})
			for c := range calls {
				j.output(cols[c*dst:], sums[i*o.tw*j.m.row+c*src:], s)
			}
			rows := min(j.tile, o.h-i*j.tile)
			x = crossing{rows: rows, dstR: wide * n, srcR: j.places * step, cols: o.tw, dstC: j.tile * n, srcC: n}
			calls, dst, src, s = x.strips(asm.Strips{DstRow: n, SrcRow: step, N: n})
			for c := range calls {
				j.output(pixels[c*dst:], cols[c*src:], s)
			}
			at := y[i*j.tile*o.w:]
			if wide == o.w {
				transposeTo(at, area, pixels, n, rows*o.w, end-k, false, j.past)
				continue
			}
			for r := range rows { // what is beyond its end is overwritten by the rows below, if there are
				w := o.w
				if (i*j.tile+r)*o.w+wide <= area {
					w = wide
				}
				transposeTo(at[r*o.w:], area, pixels[r*wide*n:], n, w, end-k, false, j.past)
			}
		}
		for r := range end - k {
			finish(y[r*area:][:area], j.bias, k+r, j.relu)
		}
	}
}
