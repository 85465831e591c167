package tensor

import "randalign/asm"

// col2imGrad computes the gradient of the inputs of a convolution that makes clearly fewer outputs
// than it has inputs, as without padding: a correlation of dy with the filters would often meet zeros, where no
// output lies. Or of so few channels that they would not fill a tile. Instead dy is multiplied with
// the filters, and the products of each element of a filter are added to the inputs that it meets:
//
//	col [C*R*S, N*Ho*Wo] = w' [C*R*S, K] dy [K, N*Ho*Wo]
//	dx[n,c,y+r-Pad,x+s-Pad] += col[(c,r,s),(n,y,x)], y and x in increasing order, from +0
//
// An element of col is one chain from +0 over k in increasing order.
type col2imGrad[T Float] struct {
	conv         ConvShape
	ho, wo       int
	products     correlation[T] // of all images with the turned filters
	turn         transposeJob[T]
	pool         *Pool
	dy, dx       []T
	n, group     int // images, images of a task
	unit         int // channels whose rows of the turned filters are whole panels, where there are panels
	parts, block int // parts of the channels, channels of a block of col, whole units
	rows         int // of outputs at a time
}

const (
	// col2imInputs for each output, or fewer than col2imChannels channels, make it worth while: 5 x 5 filters
	// that are not padded take 1.1 times as long otherwise on images of 32 x 32 and 4.5 times on 7 x 7, six
	// channels with padding 1.2 to 1.8 times, and 16 channels 0.9 to 1.5 times.
	col2imInputs, col2imChannels = 1.2, 16
	// col2imBlock elements of col are made at a time, which stay in the second-level cache.
	col2imBlock = 1 << 16
)

// col2im reports whether col2imGrad computes the inputs' gradient, unless Winograd's algorithm or
// tinyConv does.
func (s ConvShape) col2im() bool {
	ho, wo := s.Out()
	inputs := float64(s.H*s.W) / float64(ho*wo)
	return s.Stride == 1 && (inputs >= col2imInputs || inputs >= 1 && s.C < col2imChannels && s.R*s.S > 1)
}

func newCol2imGrad[T Float](s ConvShape) *col2imGrad[T] {
	j := &col2imGrad[T]{conv: s}
	j.ho, j.wo = s.Out()
	j.products = correlation[T]{window: newWindow(s.K, j.ho, j.wo, 0, 0, 1, 1, 1, j.ho, j.wo), k: s.Patch()}
	return j
}

// run computes dx of n images.
func (j *col2imGrad[T]) run(p *Pool, n int, w, dy, dx []T) {
	s, kern, patch := &j.conv, kernel[T](), j.conv.Patch()
	turned := shared[T](p, slotTurned, patch*s.K)
	j.turn.run(p, turned, w, s.K, patch)
	var panels []T
	j.unit = 1
	if !kern.Strided {
		panels = shared[T](p, slotFilters, roundUp(patch, kern.MR)*s.K)
		for j.unit*s.R*s.S%kern.MR > 0 {
			j.unit++
		}
	}
	j.products.use(p, turned, s.K, panels)
	j.pool, j.n, j.dy, j.dx = p, n, dy, dx
	groups := max(ceilDiv(n, max(1, l2.outputs/(j.ho*j.wo))), min(n, p.Threads()))
	j.group = ceilDiv(n, groups)
	groups = ceilDiv(n, j.group)
	j.rows = j.ho
	if j.group == 1 {
		j.rows = evenly(j.ho, max(1, l2.outputs/j.wo), 1)
	}
	j.parts = max(1, min(ceilDiv(p.Threads(), groups), s.C/j.unit))
	j.block = roundUp(max(1, col2imBlock/(j.group*j.rows*j.wo*s.R*s.S)), j.unit)
	p.Run(groups*j.parts, j)
	j.pool, j.dy, j.dx = nil, nil, nil
	j.products.use(nil, nil, 0, nil)
}

// Do implements Job. A task is some channels of a few images, or of one, a few rows of outputs at a time.
func (j *col2imGrad[T]) Do(worker, task int) {
	s, taps := &j.conv, j.conv.R*j.conv.S
	n0 := task / j.parts * j.group
	images := min(j.group, j.n-n0)
	c0, c1 := part(task%j.parts, j.parts, s.C, j.unit)
	in, area := s.K*j.ho*j.wo, s.H*s.W
	for i := range images {
		clear(j.dx[((n0+i)*s.C+c0)*area:][:(c1-c0)*area])
	}
	ld := apart[T](images * j.rows * j.wo)
	col := buffer[T](j.pool, worker, slotCols, min(j.block, c1-c0)*taps*ld)
	for y := 0; y < j.ho; y += j.rows {
		rows := min(j.rows, j.ho-y)
		nq := images * rows * j.wo
		b := patches[T]{src: j.dy[n0*in:], size: in, q0: y * j.wo, nq: nq, cut: nq, hop: nq}
		for c := c0; c < c1; c += j.block {
			end := min(c+j.block, c1)
			j.products.product(worker, c*taps, end*taps, &b, col, ld)
			for i := range images {
				dx := j.dx[((n0+i)*s.C+c)*area:][:(end-c)*area]
				for t := taps - 1; t >= 0; t-- {
					j.add(dx, col[t*ld+i*rows*j.wo:], end-c, t, y, rows, ld)
				}
			}
		}
	}
}

// add adds the products of a filter's element t with rows of outputs, for so many channels, to the inputs
// that it meets.
func (j *col2imGrad[T]) add(dx, col []T, channels, t, y, rows, ld int) {
	s := &j.conv
	r, q := t/s.S-s.Pad, t%s.S-s.Pad
	y0, y1 := max(y, -r), min(y+rows, s.H-r)
	x0, x1 := max(0, -q), min(j.wo, s.W-q)
	if y0 >= y1 || x0 >= x1 {
		return
	}
	p := asm.Planes{Planes: channels, Rows: y1 - y0, DstPlane: s.H * s.W, DstRow: s.W, SrcPlane: s.R * s.S * ld, SrcRow: j.wo}
	to, from := dx[(y0+r)*s.W+x0+q:], col[(y0-y)*j.wo+x0:]
	if d, ok := asF32(to); ok {
		f, _ := asF32(from)
		asm.Active().AddPlanesF32(d, f, p, x1-x0)
		return
	}
	for i := range p.Planes * p.Rows {
		at, of := p.Row(i)
		for x, v := range from[of:][:x1-x0] {
			to[at+x] += v
		}
	}
}
