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

// Direct reports whether Conv computes the shape directly, forward.
func (s ConvShape) Direct() bool {
	return !s.Winograd() && !s.WinogradStride2() && !s.WinogradRows() && !s.tiny()
}

// Products counts the multiplications of matrices that Conv's algorithm does for
// one image, forward; WeightProducts does it for the gradient of the filters.
func (s ConvShape) Products() float64 {
	ho, wo := s.Out()
	switch {
	case s.Winograd():
		return s.winogradProducts()
	case s.WinogradStride2():
		return s.stride2Products()
	case s.WinogradRows():
		return s.rowsProducts()
	case s.tiny():
		return float64(s.K*ho*wo) * float64(s.C*s.H*s.W)
	}
	return s.directProducts()
}

// WeightProducts is Products for the gradient of the filters.
func (s ConvShape) WeightProducts() float64 {
	switch {
	case s.Winograd():
		return s.winogradProducts()
	case s.WinogradStride2():
		return s.directProducts()
	case s.WinogradRows():
		return s.rowsGradProducts()
	}
	return s.Products()
}

func (s ConvShape) directProducts() float64 {
	ho, wo := s.Out()
	return float64(s.K*ho*wo) * float64(s.Patch())
}

// Conv runs a convolution of one shape, forward and backward: by Winograd's
// algorithm or tap by tap where the shape says so (ConvShape.Winograd, WinogradStride2
// and WinogradRows, tinyConv), and directly otherwise. Then patches are
// packed straight into GEMM panels; the im2col matrix of a batch never exists. The
// inputs' gradient may have an algorithm of its own (col2imGrad).
// A Conv owns the tables and job state of one layer and is not safe for
// concurrent use. T is float32 for training and float64 for checks.
type Conv[T Float] struct {
	ConvShape
	positions int
	forward   correlation[T]
	weights   convWeights[T]
	inputs    *inputGrad[T]    // made by the first InputGrad
	winograd  *winogradConv[T] // nil: another algorithm
	rows      *rowsConv[T]     // the same
	tiny      *tinyConv[T]
	col2im    *col2imGrad[T] // nil: as the others
}

// NewConv returns a Conv for the shape. It panics if the filter does not fit.
func NewConv[T Float](s ConvShape) *Conv[T] {
	c := NewDirectConv[T](s)
	switch {
	case s.Winograd():
		c.winograd = newWinogradConv[T](s)
	case s.WinogradStride2():
		c.winograd = newWinogradStride2[T](s)
	case s.WinogradRows():
		c.rows = newRowsConv[T](s)
	case s.tiny():
		c.tiny = newTinyConv[T](s)
	}
	if c.winograd == nil && c.tiny == nil && s.col2im() {
		c.col2im = newCol2imGrad[T](s)
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
	c.forward = correlation[T]{window: v, k: s.K}
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
	if bias != nil && len(bias) != c.K {
		panic(fmt.Sprintf("tensor: conv: %d filters, a bias of %d", c.K, len(bias)))
	}
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

// correlation slides k filters over the windows of images: the job of Forward, and of
// InputGrad where the stride is 1. A task does some filters on a few images.
type correlation[T Float] struct {
	window
	k               int
	pool            *Pool
	kern            *asm.Gemm[T]
	x, bias, y      []T
	filters         []T
	ld              int // distance of two filters
	panels          []T // the filters as packed panels, for a kernel that wants them
	relu            bool
	past            bool       // y passes the caches by
	taking          bool       // windows are taken beside tiles
	takers          []taker[T] // the workers'
	n, group, parts int        // images, images of a task, parts of the filters
}

// run convolves n images x with the filters w, ld apart.
func (c *correlation[T]) run(p *Pool, n int, x, w []T, ld int, bias, y []T, relu bool) {
	var panels []T
	if kernel[T]().Strided {
		c.use(p, w, ld, nil)
	} else {
		panels = shared[T](p, slotFilters, roundUp(c.k, kernel[T]().MR)*len(c.tap))
		c.use(p, w, ld, panels)
	}
	c.x, c.bias, c.y, c.relu, c.n = x, bias, y, relu, n
	c.group = max(1, l2.outputs/c.positions())
	groups := ceilDiv(n, c.group)
	// Every part packs the patches anew: there are parts only where there is no
	// image for each thread.
	c.parts = max(1, min(ceilDiv(p.Threads(), groups), c.k/(4*c.kern.MR)))
	c.past = c.passes(n)
	if c.taking = takes(&c.window, c.kern) && c.parts == 1; c.taking {
		c.takers = takersOf(c.takers, p)
	}
	p.Run(groups*c.parts, c)
	clear(c.takers)
	c.x, c.bias, c.y = nil, nil, nil
	c.use(nil, nil, 0, nil)
}

// use makes the filters w, ld apart, ready: as panels, in the given memory, for a
// kernel that wants them.
func (c *correlation[T]) use(p *Pool, w []T, ld int, panels []T) {
	c.pool, c.kern = p, kernel[T]()
	c.filters, c.ld, c.panels = w, ld, panels
	if len(panels) > 0 {
		packA(panels, p, c.kern, Matrix[T]{Data: w, Stride: ld}, c.k, len(c.tap))
	}
}

// packA packs the rows x k matrix m as panels of A, one block of K after the other.
func packA[T Float](dst []T, p *Pool, kern *asm.Gemm[T], m Matrix[T], rows, k int) {
	mr := kern.MR
	tall := roundUp(rows, mr)
	depth := evenly(k, convK, 1)
	for k0 := 0; k0 < k; k0 += depth {
		kc := min(depth, k-k0)
		packPanels(dst[tall*k0:], m, 0, rows, mr, mr*kc, k0, kc, p.offsets(0))
	}
}

// passes reports whether y of n images passes the caches by: where tiles write all of it, once.
func (c *correlation[T]) passes(n int) bool {
	patch := len(c.tap)
	return n*c.k*c.positions()*wordSize[T]() >= pastBytes && patch >= longSteps && patch <= convK && c.direct() && c.bias == nil && !c.relu
}

// direct reports whether tiles are written to y: where its rows hold whole panels.
func (c *correlation[T]) direct() bool { return c.group == 1 || c.positions()%c.kern.NR == 0 }

// Do implements Job.
func (c *correlation[T]) Do(worker, task int) {
	n0 := task / c.parts * c.group
	images := min(c.group, c.n-n0)
	r0, r1 := part(task%c.parts, c.parts, c.k, c.kern.MR)
	p := c.positions()
	total := images * p
	block := total
	if c.group == 1 {
		block = evenly(total, l2.outputs, c.kern.NR)
	}
	direct := c.direct()
	b := patches[T]{cut: block}
	if direct && c.group > 1 {
		b.cut = p
	}
	next, last := n0+c.group, min(n0+2*c.group, c.n)
	blocks := ceilDiv(total, block) * c.rounds(r1-r0) * ceilDiv(block, b.cut)
	if c.taking {
		b.taker = &c.takers[worker]
		b.src, b.size = b.taker.windows(c.pool, worker, &c.window, c.x, n0, images, c.group, next, last, blocks), c.c*c.far
	} else {
		b.src, b.size = copies(c.pool, worker, &c.window, c.x, n0, images)
		b.next = soonImages(&c.window, c.x, next, last, blocks)
	}
	for q0 := 0; q0 < total; q0 += block {
		nq := min(block, total-q0)
		b.q0, b.nq = q0, nq
		if !direct {
			ld := apart[T](nq)
			b.hop = b.cut
			out := buffer[T](c.pool, worker, slotCols, (r1-r0)*ld)
			c.product(worker, r0, r1, &b, out, ld)
			c.scatter(n0, r0, r1, nq, out, ld)
			continue
		}
		b.hop = c.k * p
		out := c.y[(n0*c.k+r0)*p+q0:]
		c.product(worker, r0, r1, &b, out, p)
		if c.bias != nil || c.relu {
			for at := 0; at < nq; at += b.cut {
				for r := r0; r < r1; r++ {
					finish(out[at/b.cut*b.hop+(r-r0)*p:][:min(b.cut, nq-at)], c.bias, r, c.relu)
				}
			}
		}
	}
}

// copies returns the windows of images n0..n0+images, size elements each.
func copies[T Float](p *Pool, worker int, v *window, x []T, n0, images int) (src []T, size int) {
	in := v.c * v.h * v.w
	if v.whole {
		return x[n0*in:], in
	}
	size = v.c * v.channel()
	src = buffer[T](p, worker, slotImage, images*size)
	for i := range images {
		fillWindow(v, src[i*size:], x[(n0+i)*in:][:in], 0, v.c)
	}
	return src, size
}

// patches are those of outputs q0..q0+nq, counted over images whose windows stand in src,
// size elements apart. Products are written in pieces of cut outputs, hop elements apart.
type patches[T Float] struct {
	src      []T
	size     int
	q0, nq   int
	cut, hop int
	next     soon[T]   // fetched meanwhile
	taker    *taker[T] // takes meanwhile, unless nil
}

// rounds returns into how many blocks of tiles the products of so many filters fall, for
// each piece of the patches.
func (c *correlation[T]) rounds(filters int) int {
	patch := len(c.tap)
	return ceilDiv(patch, evenly(patch, convK, 1)) * ceilDiv(filters, evenly(filters, blockM[T](), c.kern.MR))
}

// inPlace reports whether so many filters read the patches where they stand: where these
// are a matrix already, channel by channel. That of an image itself, whose rows may share
// sets of the cache, many filters had better find packed.
func (c *correlation[T]) inPlace(filters int) bool {
	return c.pointwise() || filters <= directFilters && c.whole && c.r*c.s == 1 && c.hp*c.wp == c.positions()
}

// product multiplies the filters r0..r1 with patches. Output q of filter r goes to
// out[(r-r0)*ld+(q-q0)%cut], hop elements further in each piece.
func (c *correlation[T]) product(worker, r0, r1 int, p *patches[T], out []T, ld int) {
	nr, patch := c.kern.NR, len(c.tap)
	rows := evenly(r1-r0, blockM[T](), c.kern.MR)
	depth := evenly(patch, convK, 1)
	// The matrix of the patches may be there already.
	ready := c.inPlace(r1-r0) && p.nq%nr == 0 && p.cut%nr == 0 && (p.cut == p.nq && p.q0+p.nq <= c.positions() || p.cut == c.positions())
	var panels []T
	if !ready {
		panels = buffer[T](c.pool, worker, slotPanelB, depth*roundUp(p.nq, nr))
	}
	for k0 := 0; k0 < patch; k0 += depth {
		kc := min(depth, patch-k0)
		for q := 0; q < p.nq && !ready; q += nr {
			runs := c.runs(c.pool.runs(worker), p.q0+q, min(nr, p.nq-q), p.size)
			packRuns(panels[q*kc:], p.src, c.tap[k0:k0+kc], runs, nr)
		}
		for m0 := r0; m0 < r1; m0 += rows {
			mc := min(rows, r1-m0)
			t := tiles[T]{kern: c.kern, rows: mc, kc: kc, ldc: ld, load: k0 > 0, past: c.past, soon: c.pool.soon(worker), taker: p.taker}
			if c.kern.Strided {
				t.a = strided[T]{data: c.filters[m0*c.ld+k0:], rs: c.ld, cs: 1}
			} else {
				t.a = strided[T]{data: c.panels[roundUp(c.k, c.kern.MR)*k0+m0*kc:], packed: true}
			}
			for q := 0; q < p.nq; q += p.cut {
				t.cols = min(p.cut, p.nq-q)
				t.c = out[(m0-r0)*ld+q/p.cut*p.hop:]
				t.b = panelled[T]{step: nr * kc, ld: nr}
				if ready {
					image, at := (p.q0+q)/c.positions(), (p.q0+q)%c.positions()
					t.b = panelled[T]{data: p.src[image*p.size+k0*c.far+at:], step: nr, ld: c.far}
				} else {
					t.b.data = panels[q*kc:]
				}
				t.ahead = [2]ahead[T]{p.next.part()}
				t.run()
			}
		}
	}
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
		asm.Active().NormApplyF32(f, f, 1, len(f), len(f), 0, 1, float32(bias[r]), relu, false, 0)
		return
	}
	AddScalar(y, bias[r])
	if relu {
		ReLU(y, y)
	}
}

// scatter finishes the outputs of whole images and moves them to where they belong.
func (c *correlation[T]) scatter(n0, r0, r1, nq int, out []T, ld int) {
	p := c.positions()
	for r := r0; r < r1; r++ {
		row := out[(r-r0)*ld:][:nq]
		finish(row, c.bias, r, c.relu)
		copyRuns(c.y[(n0*c.k+r)*p:], c.k*p, row, p, p, nq/p, false)
	}
}
