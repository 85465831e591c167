package tensor

import (
	"fmt"

	"randalign/asm"
)

// ConvShape describes a two-dimensional convolution: images [N, C, H, W],
// filters [K, C, R, S], outputs [N, K, Ho, Wo] with Ho = (H+2*Pad-R)/Stride+1.
type ConvShape struct {
	C, H, W     int
	K, R, S     int
	Stride, Pad int
}

// Out returns the height and width of the output; both are below 1 where the
// filter does not fit the image.
func (s ConvShape) Out() (ho, wo int) {
	if s.Stride < 1 || s.H+2*s.Pad < s.R || s.W+2*s.Pad < s.S {
		return 0, 0
	}
	return (s.H+2*s.Pad-s.R)/s.Stride + 1, (s.W+2*s.Pad-s.S)/s.Stride + 1
}

// Patch returns C*R*S, the number of inputs of a filter.
func (s ConvShape) Patch() int { return s.C * s.R * s.S }

// Direct reports whether Conv computes the shape directly.
func (s ConvShape) Direct() bool { return !s.Winograd() && !s.WinogradRows() && !s.tiny() }

// Products counts the multiplications of matrices that Conv's algorithm does for
// one image, forward; WeightProducts does it for the gradient of the filters.
func (s ConvShape) Products() float64 {
	ho, wo := s.Out()
	switch {
	case s.Winograd():
		return s.winogradProducts()
	case s.WinogradRows():
		return s.rowsProducts()
	case s.tiny():
		return float64(s.K*ho*wo) * float64(s.C*s.H*s.W)
	}
	return float64(s.K*ho*wo) * float64(s.Patch())
}

// WeightProducts is Products for the gradient of the filters.
func (s ConvShape) WeightProducts() float64 {
	if !s.Winograd() && s.WinogradRows() {
		return s.rowsGradProducts()
	}
	return s.Products()
}

// Conv runs a convolution of one shape, forward and backward: by Winograd's
// algorithm or tap by tap where the shape says so (ConvShape.Winograd,
// ConvShape.WinogradRows, tinyConv), and directly otherwise. Then patches are
// packed straight into GEMM panels; the im2col matrix of a batch never exists.
// A Conv owns the tables and job state of one layer and is not safe for
// concurrent use. T is float32 for training and float64 for checks.
type Conv[T Float] struct {
	ConvShape
	positions int
	forward   correlation[T]
	weights   convWeights[T]
	inputs    []*inputPhase[T] // made by the first InputGrad
	zeros     zeros[T]
	winograd  *winogradConv[T] // nil: another algorithm
	rows      *rowsConv[T]     // the same
	tiny      *tinyConv[T]
}

// NewConv returns a Conv for the shape. It panics if the filter does not fit.
func NewConv[T Float](s ConvShape) *Conv[T] {
	c := NewDirectConv[T](s)
	switch {
	case s.Winograd():
		c.winograd = newWinogradConv[T](s)
	case s.WinogradRows():
		c.rows = newRowsConv[T](s)
	case s.tiny():
		c.tiny = newTinyConv[T](s)
	}
	return c
}

// NewDirectConv is NewConv without other algorithms.
func NewDirectConv[T Float](s ConvShape) *Conv[T] {
	ho, wo := s.Out()
	if ho < 1 || wo < 1 || s.C < 1 || s.K < 1 {
		panic(fmt.Sprintf("tensor: conv: %d filters of %d x %d, stride %d, pad %d do not fit images of %d x %d x %d", s.K, s.R, s.S, s.Stride, s.Pad, s.C, s.H, s.W))
	}
	c := &Conv[T]{ConvShape: s, positions: ho * wo}
	v := newWindow(s.C, s.H, s.W, s.Pad, s.Pad, s.Stride, s.R, s.S, ho, wo)
	c.forward = correlation[T]{window: v, k: s.K, step: 1, outW: wo, plane: ho * wo}
	c.weights.window, c.weights.k = &c.forward.window, s.K
	return c
}

// Positions returns Ho*Wo.
func (c *Conv[T]) Positions() int { return c.positions }

// Forward computes y[n,k] = bias[k] + sum over the patch of w[k]*patch for n
// images: directly, that is one chain from +0 over c, r, s in increasing order.
// Then the bias is added, and with relu y becomes ReLU(y) while it is in the cache.
// bias may be nil.
func (c *Conv[T]) Forward(p *Pool, n int, x, w, bias, y []T, relu bool) {
	c.check(n, x, w, y)
	switch {
	case c.winograd != nil:
		c.winograd.forward.run(p, n, x, w, c.Patch(), bias, y, relu)
		return
	case c.rows != nil:
		c.rows.forward.run(p, n, x, w, bias, y, relu)
		return
	case c.tiny != nil:
		c.tiny.forward(p, n, x, w, bias, y, relu)
		return
	}
	c.forward.run(p, n, x, w, c.Patch(), bias, y, relu)
}

func (c *Conv[T]) check(n int, x, w, y []T) {
	if len(x) < n*c.C*c.H*c.W || len(w) != c.K*c.Patch() || len(y) < n*c.K*c.positions {
		panic(fmt.Sprintf("tensor: conv: %d images of %d x %d x %d and %d filters: %d inputs, %d weights, %d outputs", n, c.C, c.H, c.W, c.K, len(x), len(w), len(y)))
	}
}

// correlation slides k filters over the windows of images: the job of Forward,
// and of each phase of InputGrad. A task does some filters on a few images.
// Output (i, j) of filter f goes to y[image][f*plane + (i*step+top)*outW + j*step+left].
type correlation[T Float] struct {
	window
	k               int
	step            int
	offY, offX      int
	outW, plane     int
	pool            *Pool
	kern            *asm.Gemm[T]
	x, bias, y      []T
	filters         []T
	ld              int // distance of two filters
	panels          []T // the filters as packed panels, for a kernel that wants them
	relu            bool
	n, group, parts int // images, images of a task, parts of the filters
}

// convBlock outputs of a filter are worked on at a time: with a depth of
// convK their patches are 384 KiB, in the second-level cache.
const convBlock = 256

// run convolves n images x with the filters w, ld apart.
func (c *correlation[T]) run(p *Pool, n int, x, w []T, ld int, bias, y []T, relu bool) {
	c.pool, c.kern = p, kernel[T]()
	c.x, c.filters, c.bias, c.y, c.ld, c.relu, c.n = x, w, bias, y, ld, relu, n
	c.group = max(1, convBlock/c.positions())
	groups := ceilDiv(n, c.group)
	// Every part packs the patches anew: there are parts only where there is no
	// image for each thread.
	c.parts = max(1, min(ceilDiv(p.Threads(), groups), c.k/(4*c.kern.MR)))
	if !c.kern.Strided {
		c.panels = packA(p, c.kern, Matrix[T]{Data: w, Stride: ld}, c.k, len(c.tap))
	}
	p.Run(groups*c.parts, c)
	c.x, c.filters, c.bias, c.y, c.panels = nil, nil, nil, nil, nil
}

// packA packs the rows x k matrix m as panels of A in the shared memory, one
// block of K after the other.
func packA[T Float](p *Pool, kern *asm.Gemm[T], m Matrix[T], rows, k int) []T {
	mr := kern.MR
	tall := roundUp(rows, mr)
	dst := shared[T](p, slotFilters, tall*k)
	depth := evenly(k, convK, 1)
	for k0 := 0; k0 < k; k0 += depth {
		kc := min(depth, k-k0)
		packPanels(dst[tall*k0:], m, 0, rows, mr, k0, kc, p.offsets(0))
	}
	return dst
}

// Do implements Job.
func (c *correlation[T]) Do(worker, task int) {
	n0 := task / c.parts * c.group
	images := min(c.group, c.n-n0)
	r0, r1 := part(task%c.parts, c.parts, c.k, c.kern.MR)
	src, size := c.copies(worker, n0, images)
	total := images * c.positions()
	block := total
	if c.group == 1 {
		block = evenly(total, convBlock, c.kern.NR)
	}
	in, patch := c.c*c.h*c.w, len(c.tap)
	next := soonOf(c.x, (n0+c.group)*in, min(n0+2*c.group, c.n)*in,
		ceilDiv(total, block)*ceilDiv(patch, evenly(patch, convK, 1))*ceilDiv(r1-r0, evenly(r1-r0, blockM[T](), c.kern.MR)))
	for q0 := 0; q0 < total; q0 += block {
		c.block(worker, n0, r0, r1, q0, min(block, total-q0), src, size, &next)
	}
}

// copies returns the windows of images n0..n0+images, size elements each.
func (c *correlation[T]) copies(worker, n0, images int) (src []T, size int) {
	in := c.c * c.h * c.w
	if c.whole {
		return c.x[n0*in:], in
	}
	size = c.c * c.channel()
	src = buffer[T](c.pool, worker, slotImage, images*size)
	for i := range images {
		fillWindow(&c.window, src[i*size:], c.x[(n0+i)*in:][:in], 0, c.c)
	}
	return src, size
}

// block does outputs q0..q0+nq, counted over the images from n0 on, of the
// filters r0..r1. Where they are neighbours in y, tiles are written there.
func (c *correlation[T]) block(worker, n0, r0, r1, q0, nq int, src []T, size int, next *soon[T]) {
	nr, patch := c.kern.NR, len(c.tap)
	direct := c.group == 1 && c.step == 1
	out, ld := []T(nil), c.plane
	if direct {
		out = c.y[(n0*c.k+r0)*c.plane+q0:]
	} else {
		ld = apart[T](nq)
		out = buffer[T](c.pool, worker, slotCols, (r1-r0)*ld)
	}
	rows := evenly(r1-r0, blockM[T](), c.kern.MR)
	depth := evenly(patch, convK, 1)
	panels := buffer[T](c.pool, worker, slotPanelB, depth*roundUp(nq, nr))
	for k0 := 0; k0 < patch; k0 += depth {
		kc := min(depth, patch-k0)
		for q := 0; q < nq; q += nr {
			runs := c.runs(c.pool.runs(worker), q0+q, min(nr, nq-q), size)
			packRuns(panels[q*kc:], src, c.tap[k0:k0+kc], runs, nr)
		}
		b := panelled[T]{data: panels, step: nr * kc, ld: nr}
		for m0 := r0; m0 < r1; m0 += rows {
			mc := min(rows, r1-m0)
			a := strided[T]{packed: true}
			if c.kern.Strided {
				a = strided[T]{data: c.filters[m0*c.ld+k0:], rs: c.ld, cs: 1}
			} else {
				a.data = c.panels[roundUp(c.k, c.kern.MR)*k0+m0*kc:]
			}
			t := tiles[T]{kern: c.kern, a: a, b: b, rows: mc, cols: nq, kc: kc, c: out[(m0-r0)*ld:], ldc: ld, load: k0 > 0, soon: c.pool.soon(worker), ahead: [2]ahead[T]{next.part()}}
			t.run()
		}
	}
	if direct {
		if c.bias != nil || c.relu {
			for r := r0; r < r1; r++ {
				finish(out[(r-r0)*ld:][:nq], c.bias, r, c.relu)
			}
		}
		return
	}
	c.scatter(n0, r0, r1, q0, nq, out, ld)
}

// finish adds the bias of filter r, if there is one, to outputs and, with relu,
// does the ReLU.
func finish[T Float](y, bias []T, r int, relu bool) {
	if bias == nil {
		if relu {
			ReLU(y, y)
		}
		return
	}
	if f, ok := asF32(y); ok { // fma(y-0, 1, bias) has the bits of y+bias
		asm.Active().NormApplyF32(f, f, 1, len(f), len(f), 0, 1, float32(bias[r]), relu)
		return
	}
	AddScalar(y, bias[r])
	if relu {
		ReLU(y, y)
	}
}

// scatter finishes a block and moves it to where it belongs.
func (c *correlation[T]) scatter(n0, r0, r1, q0, nq int, out []T, ld int) {
	p := c.positions()
	for r := r0; r < r1; r++ {
		row := out[(r-r0)*ld:][:nq]
		finish(row, c.bias, r, c.relu)
		for q := 0; q < nq; {
			image, pos := (q0+q)/p, (q0+q)%p
			n := min(p-pos, nq-q)
			dst := c.y[((n0+image)*c.k+r)*c.plane:][:c.plane]
			if c.step == 1 {
				copy(dst[pos:], row[q:q+n])
			} else {
				c.spread(dst, row[q:q+n], pos)
			}
			q += n
		}
	}
}

// spread writes outputs, from position pos on, step elements and rows apart.
func (c *correlation[T]) spread(dst, out []T, pos int) {
	y, x := pos/c.wo, pos%c.wo
	if d, ok := asF32(dst); ok && c.step == 2 && x == 0 && len(out)%c.wo == 0 {
		s, _ := asF32(out)
		asm.Active().PutSecondF32(d[(y*2+c.offY)*c.outW+c.offX:], s, len(out)/c.wo, 2*c.outW, c.wo, c.wo)
		return
	}
	for len(out) > 0 {
		n := min(c.wo-x, len(out))
		row := dst[(y*c.step+c.offY)*c.outW+x*c.step+c.offX:]
		for i, v := range out[:n] {
			row[i*c.step] = v
		}
		out, y, x = out[n:], y+1, 0
	}
}
