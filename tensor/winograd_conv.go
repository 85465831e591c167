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

// spreadInputs transforms vectors g0..g1 of channels of an image; its tiles become
// rows of v from row on.
func spreadInputs[T Float](p *Pool, worker int, f *scheme[T], in *planes, pad int, image []T, g0, g1, row int, v *spread[T], through *Lines[T]) {
	area, line := in.h*in.w, in.w*lanes
	tall, wide := (in.th-1)*f.step+f.span, ((in.tw-1)*f.step+f.span)*lanes
	pixels := buffer[T](p, worker, slotImage, tall*line)
	cols := buffer[T](p, worker, slotCols, f.places*wide)
	clear(pixels[:pad*line])
	clear(pixels[(pad+in.h)*line:])
	clear(cols)
	for g := g0; g < g1; g++ {
		transpose(pixels[pad*line:], lanes, image[g*lanes*area:], area, min(lanes, in.c-g*lanes), area)
		if through != nil {
			through.pixels(pixels[pad*line:][:area*lanes], g*lanes, min((g+1)*lanes, in.c))
		}
		rows := v.at(row, g*lanes)
		for i := range in.th {
			f.input(cols[pad*lanes:], pixels[i*f.step*line:], asm.Strips{DstRow: wide, SrcRow: line, N: line, Count: 1})
			for r := range f.places {
				f.input(rows[i*in.tw*v.row+r*f.places*v.place:], cols[r*wide:],
					asm.Strips{DstRow: v.place, DstStep: v.row, SrcRow: lanes, SrcStep: f.step * lanes, N: lanes, Count: in.tw})
			}
		}
	}
}

// pixels applies the lines of channels c0..c1, at most lanes, to pixels of lanes
// values, in place.
func (l *Lines[T]) pixels(x []T, c0, c1 int) {
	m, a, b := l.M[c0:c1], l.A[c0:c1], l.B[c0:c1]
	if f, ok := asF32(x); ok {
		m, _ := asF32(m)
		a, _ := asF32(a)
		b, _ := asF32(b)
		asm.Active().NormColsApplyF32(f, f, len(f)/lanes, lanes, m, a, b, l.ReLU)
		return
	}
	for i := range x {
		if c := i % lanes; c < len(m) {
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
	area, wide := o.h*o.w, o.tw*j.tile
	step := o.tw * lanes
	cols := buffer[T](j.pool, worker, slotCols, j.tile*j.places*step)
	pixels := buffer[T](j.pool, worker, slotImage, j.tile*wide*lanes)
	for g := g0; g < g1; g++ {
		first := j.k0 + g*lanes
		k := min(lanes, j.k1-first)
		y := j.y[((j.n0+image)*o.c+first)*area:][:k*area]
		sums := j.m.at(image*o.tiles(), g*lanes)
		for i := range o.th {
			for s := range j.places {
				j.output(cols[s*step:], sums[i*o.tw*j.m.row+s*j.m.place:],
					asm.Strips{DstRow: j.places * step, DstStep: lanes, SrcRow: j.places * j.m.place, SrcStep: j.m.row, N: lanes, Count: o.tw})
			}
			rows := min(j.tile, o.h-i*j.tile)
			for r := range rows {
				j.output(pixels[r*wide*lanes:], cols[r*j.places*step:],
					asm.Strips{DstRow: lanes, DstStep: j.tile * lanes, SrcRow: step, SrcStep: lanes, N: lanes, Count: o.tw})
			}
			at := y[i*j.tile*o.w:]
			if wide == o.w {
				transpose(at, area, pixels, lanes, rows*o.w, k)
				continue
			}
			for r := range rows {
				transpose(at[r*o.w:], area, pixels[r*wide*lanes:], lanes, o.w, k)
			}
		}
		for c := range k {
			finish(y[c*area:][:area], j.bias, first+c, j.relu)
		}
	}
}
