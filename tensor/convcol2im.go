package tensor

import "randalign/asm"

// col2imGrad computes the gradient of the inputs of a convolution that makes clearly fewer outputs
// than it has inputs, as without padding: a correlation of dy with the filters would often meet zeros, where no
// output lies. Or of so few channels that they would not fill a tile. Instead dy is multiplied with
// the filters, and the products of each element of a filter are added to the inputs that it meets:
//
//	col [C*R*S, N*Ho*Wo] = w' [C*R*S, K] dy [K, N*Ho*Wo]
//	dx[n,c,y+r-Pad,x+s-Pad] += col[(c,r,s),(n,y,x)], r and s in increasing order, from +0
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
	parts, block int // parts of the channels, channels of a block of col
}

const (
	// col2imInputs for each output, or fewer than col2imChannels channels, make it worth while: 5 x 5 filters
	// that are not padded take 1.2 times as long otherwise on images of 32 x 32 and 4.4 times on 7 x 7, six
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
	if !kern.Strided {
		panels = shared[T](p, slotFilters, roundUp(patch, kern.MR)*s.K)
	}
	j.products.use(p, turned, s.K, panels)
	j.pool, j.n, j.dy, j.dx = p, n, dy, dx
	positions := j.ho * j.wo
	groups := max(ceilDiv(n, max(1, l2.outputs/positions)), min(n, p.Threads()))
	j.group = ceilDiv(n, groups)
	groups = ceilDiv(n, j.group)
	j.parts = max(1, min(ceilDiv(p.Threads(), groups), s.C))
	j.block = max(1, col2imBlock/(j.group*positions*s.R*s.S))
	p.Run(groups*j.parts, j)
	j.pool, j.dy, j.dx = nil, nil, nil
	j.products.use(nil, nil, 0, nil)
}

// Do implements Job. A task is some channels of a few images.
func (j *col2imGrad[T]) Do(worker, task int) {
	s, taps, positions := &j.conv, j.conv.R*j.conv.S, j.ho*j.wo
	n0 := task / j.parts * j.group
	images := min(j.group, j.n-n0)
	c0, c1 := part(task%j.parts, j.parts, s.C, 1)
	in, nq := s.K*positions, images*positions
	ld := apart[T](nq)
	col := buffer[T](j.pool, worker, slotCols, min(j.block, c1-c0)*taps*ld)
	for c := c0; c < c1; c += j.block {
		end := min(c+j.block, c1)
		b := patches[T]{src: j.dy[n0*in:], size: in, nq: nq, cut: nq, hop: nq}
		j.products.product(worker, c*taps, end*taps, &b, col, ld)
		for i := range images {
			dx := j.dx[((n0+i)*s.C+c)*s.H*s.W:][:(end-c)*s.H*s.W]
			clear(dx)
			for t := range taps {
				j.add(dx, col[t*ld+i*positions:], end-c, t, ld)
			}
		}
	}
}

// add adds the products of a filter's element t, for so many channels, to the inputs that it meets.
func (j *col2imGrad[T]) add(dx, col []T, channels, t, ld int) {
	s := &j.conv
	r, q := t/s.S-s.Pad, t%s.S-s.Pad
	y0, y1 := max(0, -r), min(j.ho, s.H-r)
	x0, x1 := max(0, -q), min(j.wo, s.W-q)
	if y0 >= y1 || x0 >= x1 {
		return
	}
	p := asm.Planes{Planes: channels, Rows: y1 - y0, DstPlane: s.H * s.W, DstRow: s.W, SrcPlane: s.R * s.S * ld, SrcRow: j.wo}
	to, from := dx[(y0+r)*s.W+x0+q:], col[y0*j.wo+x0:]
	if d, ok := asF32(to); ok {
		f, _ := asF32(from)
		asm.Active().AddPlanesF32(d, f, p, x1-x0)
		return
	}
	for i := range p.Planes * p.Rows {
		row := to[i/p.Rows*p.DstPlane+i%p.Rows*p.DstRow:]
		for x, v := range from[i/p.Rows*p.SrcPlane+i%p.Rows*p.SrcRow:][:x1-x0] {
			row[x] += v
		}
	}
}
