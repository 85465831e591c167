package tensor

import "randalign/asm"

// inputPhase computes the gradient of those inputs whose row and column leave
// certain remainders by the stride. They are reached by the elements (u+st*i,
// v+st*j) of a filter only, so that their gradient is a correlation of dy with
// these, in reverse.
type inputPhase[T Float] struct {
	corr correlation[T]
	// The elements of a filter that reach them, in the order of the chain, and the
	// filters that they make: back[c][k][i], rows ld apart, is element i of w[k][c].
	elements []int
	back     []T
	ld       int
}

// inputGrad is the job of InputGrad: to turn the filters, then to go through the phases.
// The rows of dx are put together from the phases that they are made of while these are
// in the caches.
type inputGrad[T Float] struct {
	conv            ConvShape
	phases          []inputPhase[T] // of row remainder a and column remainder b, at a*Stride+b
	gaps            bool            // some inputs are reached by nothing
	joint           window          // the copy of dy that phases share
	copied          bool            // there is one
	sparse          bool            // every second row and column has a gradient, no others
	turning         bool
	pool            *Pool
	w, dy, dx       []T
	n, group, parts int // images, images of a task, parts of the channels
}

func newInputGrad[T Float](s ConvShape) *inputGrad[T] {
	j := &inputGrad[T]{conv: s, phases: make([]inputPhase[T], s.Stride*s.Stride)}
	ho, wo := s.Out()
	var list []*window
	for i := range j.phases {
		f, a, b := &j.phases[i], i/s.Stride, i%s.Stride
		u, v := (a+s.Pad)%s.Stride, (b+s.Pad)%s.Stride
		for r := (s.R - 1 - u) / s.Stride * s.Stride; u < s.R && r >= 0; r -= s.Stride {
			for q := (s.S - 1 - v) / s.Stride * s.Stride; v < s.S && q >= 0; q -= s.Stride {
				f.elements = append(f.elements, (u+r)*s.S+v+q)
			}
		}
		rows, cols := ceilDiv(s.H-a, s.Stride), ceilDiv(s.W-b, s.Stride)
		if len(f.elements) == 0 || rows <= 0 || cols <= 0 {
			f.elements = nil
			j.gaps = true
			continue
		}
		r, q := ceilDiv(s.R-u, s.Stride), ceilDiv(s.S-v, s.Stride)
		top, left := r-1-(a+s.Pad-u)/s.Stride, q-1-(b+s.Pad-v)/s.Stride
		f.corr = correlation[T]{window: newWindow(s.K, ho, wo, top, left, 1, r, q, rows, cols), k: s.C}
		list = append(list, &f.corr.window)
	}
	if s.Stride > 1 {
		j.joint, j.copied = union(list)
	}
	j.sparse = s.Stride == 2 && s.R*s.S == 1 && s.Pad == 0 && s.H%2 == 0 && s.W%2 == 0
	return j
}

// InputGrad computes dx for n images from dy and the filters w. An element of
// dx is, directly, one chain from +0 over k in increasing order, and for each k over the
// elements (r, s) of the filter whose row and column leave the right remainders
// by the stride, both decreasing; where no output lies, dy counts as +0. See col2imGrad
// for another sum.
func (c *Conv[T]) InputGrad(p *Pool, n int, w, dy, dx []T) {
	c.check(n, dx, w, dy)
	if c.tiny != nil {
		c.tiny.inputGrad(p, n, w, dy, dx)
		return
	}
	if c.col2im != nil {
		c.col2im.run(p, n, w, dy, dx)
		return
	}
	if c.inputs == nil {
		s := c.ConvShape
		if c.winograd != nil { // takes filters that are turned as a whole
			s.Stride = 1
		}
		c.inputs = newInputGrad[T](s)
	}
	j := c.inputs
	j.turn(p, w)
	switch f := &j.phases[0]; {
	case c.winograd != nil:
		c.winograd.inputs.run(p, n, dy, f.back, f.ld, nil, dx, false)
	case c.Stride == 1:
		f.corr.run(p, n, dy, f.back, f.ld, nil, dx, false)
	default:
		j.run(p, n, dy, dx)
	}
	for i := range j.phases {
		j.phases[i].back = nil
	}
}

// turnTask channels are turned by a task: 16 of 3 x 3 are nine cache lines of a filter.
const turnTask = 16

// turn makes the filters of all phases.
func (j *inputGrad[T]) turn(p *Pool, w []T) {
	size := 0
	for i := range j.phases {
		f := &j.phases[i]
		f.ld = apart[T](j.conv.K * len(f.elements))
		size += j.conv.C * f.ld
	}
	all := shared[T](p, slotTurned, size)
	for i := range j.phases {
		f := &j.phases[i]
		f.back, all = all[:j.conv.C*f.ld], all[j.conv.C*f.ld:]
	}
	j.pool, j.w, j.turning = p, w, true
	p.Run(ceilDiv(j.conv.C, turnTask), j)
	j.pool, j.w, j.turning = nil, nil, false
}

// turnSome turns the filters of channels c0..c1. Where a kernel does not do it, a transpose puts
// those of an element side by side, and elements are then put together.
func (j *inputGrad[T]) turnSome(worker, c0, c1 int) {
	s := &j.conv
	if w, ok := asF32(j.w); ok && s.Stride == 1 && s.R == 3 && s.S == 3 {
		f := &j.phases[0]
		back, _ := asF32(f.back)
		asm.Active().TurnF32(back[c0*f.ld:], f.ld, w[9*c0:], 9*s.C, s.K, c1-c0)
		return
	}
	taps, ld := s.R*s.S, apart[T](s.K)
	wt := buffer[T](j.pool, worker, slotPanelB, (c1-c0)*taps*ld)
	pairs := buffer[T](j.pool, worker, slotCols, 4*s.K)
	transpose(wt, ld, j.w[c0*taps:], s.C*taps, s.K, (c1-c0)*taps)
	for c := c0; c < c1; c++ {
		row := func(element int) []T { return wt[((c-c0)*taps+element)*ld:][:s.K] }
		for i := range j.phases {
			f := &j.phases[i]
			dst := f.back[c*f.ld:][:s.K*len(f.elements)]
			switch e := f.elements; len(e) {
			case 1:
				copy(dst, row(e[0]))
			case 2:
				weave(dst, row(e[0]), row(e[1]), asm.Planes{Planes: 1, Rows: 1}, s.K, false)
			case 4:
				weave(pairs, row(e[0]), row(e[2]), asm.Planes{Planes: 1, Rows: 1}, s.K, false)
				weave(pairs[2*s.K:], row(e[1]), row(e[3]), asm.Planes{Planes: 1, Rows: 1}, s.K, false)
				weave(dst, pairs[:2*s.K], pairs[2*s.K:], asm.Planes{Planes: 1, Rows: 1}, 2*s.K, false)
			default:
				for i, element := range e {
					for k, x := range row(element) {
						dst[k*len(e)+i] = x
					}
				}
			}
		}
	}
}

const (
	// dxPast bytes of dx are more than the next layer could find in the caches: they pass
	// them by.
	dxPast = 8 << 20
	// upsampleBlock is l2.outputs for a dx that is mostly zeros: it is four times as large as
	// what it comes from, and written before that leaves the second-level cache.
	upsampleBlock = 64
)

// weave interleaves rows, see asm.Kernels.WeaveF32.
func weave[T Float](dst, even, odd []T, p asm.Planes, n int, past bool) {
	if d, ok := asF32(dst); ok {
		e, _ := asF32(even)
		o, _ := asF32(odd)
		asm.Active().WeaveF32(d, e, o, p, n, past)
		return
	}
	for i := range p.Planes * p.Rows {
		to, from := p.Row(i)
		for x := range n {
			dst[to+2*x], dst[to+2*x+1] = 0, 0
			if even != nil {
				dst[to+2*x] = even[from+x]
			}
			if odd != nil {
				dst[to+2*x+1] = odd[from+x]
			}
		}
	}
}

// upsample puts zeros between the elements and the rows of planes, see
// asm.Kernels.UpsampleF32.
func upsample[T Float](dst, src []T, p asm.Planes, n int, past bool) {
	if d, ok := asF32(dst); ok {
		s, _ := asF32(src)
		asm.Active().UpsampleF32(d, s, p, n, past)
		return
	}
	weave(dst, src, nil, p, n, past)
	weave(dst[2*n:], nil, nil, p, n, past)
}

// run goes through the phases for n images.
func (j *inputGrad[T]) run(p *Pool, n int, dy, dx []T) {
	s, kern := &j.conv, kernel[T]()
	j.pool, j.dy, j.dx, j.n = p, dy, dx, n
	var panels []T
	if !kern.Strided {
		panels = shared[T](p, slotFilters, roundUp(s.C, kern.MR)*s.K*s.R*s.S)
	}
	for i := range j.phases {
		f := &j.phases[i]
		if len(f.elements) == 0 {
			continue
		}
		size := 0
		if !kern.Strided {
			size = roundUp(s.C, kern.MR) * s.K * len(f.elements)
		}
		f.corr.use(p, f.back, f.ld, panels[:size])
		panels = panels[size:]
	}
	block := l2.outputs
	if j.sparse && !j.phases[0].corr.inPlace(s.C) {
		block = upsampleBlock
	}
	j.group = max(1, block/(ceilDiv(s.H, s.Stride)*ceilDiv(s.W, s.Stride)))
	groups := ceilDiv(n, j.group)
	j.parts = max(1, min(ceilDiv(p.Threads(), groups), s.C/(4*kern.MR)))
	p.Run(groups*j.parts, j)
	j.pool, j.dy, j.dx = nil, nil, nil
	for i := range j.phases {
		j.phases[i].corr.use(nil, nil, 0, nil)
	}
}

// Do implements Job.
func (j *inputGrad[T]) Do(worker, task int) {
	s := &j.conv
	if j.turning {
		j.turnSome(worker, task*turnTask, min((task+1)*turnTask, s.C))
		return
	}
	n0 := task / j.parts * j.group
	images := min(j.group, j.n-n0)
	r0, r1 := part(task%j.parts, j.parts, s.C, kernel[T]().MR)
	ho, wo := s.Out()
	in := s.K * ho * wo
	var copied []T
	var size int
	if j.copied {
		copied, size = copies(j.pool, worker, &j.joint, j.dy, n0, images)
	}
	width := ceilDiv(s.W, s.Stride)
	high := evenly(ceilDiv(s.H, s.Stride), max(1, l2.outputs/width), 1) // rows of a block
	blocks := 0
	for i := range j.phases {
		if f := &j.phases[i]; len(f.elements) > 0 {
			blocks += ceilDiv(f.corr.ho, high) * f.corr.rounds(r1-r0) * images * high * f.corr.wo / j.cut(f, images, r1-r0, high)
		}
	}
	next := soonOf(j.dy, (n0+j.group)*in, min(n0+2*j.group, j.n)*in, blocks)
	ld := apart[T](images * high * width)
	cols := buffer[T](j.pool, worker, slotCols, s.Stride*(r1-r0)*ld)
	for a := range s.Stride {
		for y0 := 0; y0 < ceilDiv(s.H-a, s.Stride); y0 += high {
			rows := min(high, ceilDiv(s.H-a, s.Stride)-y0)
			for b := range s.Stride {
				f := &j.phases[a*s.Stride+b]
				if len(f.elements) == 0 {
					continue
				}
				p := patches[T]{src: copied, size: size, q0: y0 * f.corr.wo, nq: images * rows * f.corr.wo, next: next}
				if f.corr.whole {
					p.src, p.size = j.dy[n0*in:], in
				}
				p.cut = j.cut(f, images, r1-r0, rows)
				p.hop = p.cut
				f.corr.product(worker, r0, r1, &p, cols[b*(r1-r0)*ld:], ld)
				next = p.next
			}
			j.put(n0, images, r0, r1, a, y0, rows, cols, ld)
		}
	}
}

// cut returns into pieces of how many outputs the products of a phase are cut: those of
// an image, if its patches are read in place, and of all images otherwise.
func (j *inputGrad[T]) cut(f *inputPhase[T], images, channels, rows int) int {
	n := rows * f.corr.wo
	if f.corr.inPlace(channels) && n%f.corr.kern.NR == 0 {
		return n
	}
	return images * n
}

// put writes rows y0..y0+rows of row remainder a, all columns, of channels r0..r1. Those
// of a phase are out[(b*(r1-r0)+r)*ld:], image after image.
func (j *inputGrad[T]) put(n0, images, r0, r1, a, y0, rows int, out []T, ld int) {
	s := &j.conv
	st, plane := s.Stride, s.H*s.W
	if j.sparse && a > 0 { // these are written with the rows above them
		return
	}
	here := j.phases[a*st:][:st]
	past := wordSize[T]()*j.n*s.C*plane >= dxPast
	for i := range images {
		dx := j.dx[((n0+i)*s.C+r0)*plane:][:(r1-r0)*plane]
		if st == 2 && s.W%2 == 0 {
			wo := s.W / 2
			planes := asm.Planes{Planes: r1 - r0, Rows: rows, DstPlane: plane, DstRow: 2 * s.W, SrcPlane: ld, SrcRow: wo}
			if j.sparse {
				upsample(dx[y0*st*s.W:], out[i*rows*wo:], planes, wo, past)
				continue
			}
			var from [2][]T
			for b := range from {
				if len(here[b].elements) > 0 {
					from[b] = out[b*(r1-r0)*ld+i*rows*wo:]
				}
			}
			weave(dx[(y0*st+a)*s.W:], from[0], from[1], planes, wo, past)
			continue
		}
		if j.gaps && a == 0 && y0 == 0 {
			clear(dx)
		}
		for b := range here {
			if len(here[b].elements) == 0 {
				continue
			}
			wo := here[b].corr.wo
			for r := range r1 - r0 {
				from := out[(b*(r1-r0)+r)*ld+i*rows*wo:]
				for y := range rows {
					row := dx[r*plane+((y0+y)*st+a)*s.W+b:]
					for x, v := range from[y*wo:][:wo] {
						row[x*st] = v
					}
				}
			}
		}
	}
}
