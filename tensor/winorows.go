package tensor

import "randalign/asm"

// Winograd's convolution along rows only, for images of few channels: a tile of
// neighbouring outputs of a row is made from a stretch of each input row, the products
// of a place being summed over the steps t, which are the channels and the rows
// of a filter. With the transforms of package asm, for each tile and filter,
//
//	y = A'[ sum over t of (G w_t) * (B' x_t) ]
//
// In F(4,5), four outputs of five taps, that is 8/20 of the multiplications; in F(2,3)
// 4/6. The gradient of the filters is F(5,4) or F(3,4),
//
//	dw_t = A"[ sum over tiles of (G" dy) * (B' x_t) ]
//
// in chunks of images, as the direct algorithm's, whose sums are added in a fixed tree
// before A". Each sum is one chain from +0, over the steps, or over the tiles of a chunk's
// images, in increasing order. G and A", once a training step, are computed here,
// each product and sum rounded. The gradient of the inputs is direct.
//
// Error: with u = 2^-24 (2^-53 in float64) and the absolute values of the
// matrices, |computed - exact| <= (n + 12) u A'[sum (G|w|) * (B'|x|)] for a sum over
// n terms, element by element and to first order in u: no element meets more than
// twelve roundings in the transforms. F(2,3)'s errors are about those of
// the direct algorithm, F(4,5)'s some 3 times, the gradients' 1 to 2 times; the
// tests hold both.

// rowsTransform is one of the transforms: taps and outputs of a tile, and the
// weights with which the positive points' powers enter G and A".
type rowsTransform[T Float] struct {
	taps, tile, places int
	zero               T     // the weight of the point 0
	power              [][]T // of each pair of points, by exponent
	input              func(dst, src []T, s asm.Strips)
}

// newRowsTransform returns F(tile, taps) at 0, the points and their negatives, and
// infinity.
func newRowsTransform[T Float](taps, tile int, input func(dst, src []T, s asm.Strips), points ...float64) *rowsTransform[T] {
	f := &rowsTransform[T]{taps: taps, tile: tile, places: taps + tile - 1, input: input}
	zero := 1.0
	for i, a := range points {
		zero *= -a * a
		weight := 1 / (2 * a * a)
		for j, b := range points {
			if j != i {
				weight /= a*a - b*b
			}
		}
		var powers []T
		for range taps {
			powers = append(powers, T(weight))
			weight *= a
		}
		f.power = append(f.power, powers)
	}
	f.zero = T(1 / zero)
	return f
}

// filter is u = G w, the places ld apart.
func (f *rowsTransform[T]) filter(u []T, ld int, w []T) {
	w = w[:f.taps]
	u[0] = T(w[0] * f.zero)
	for i, c := range f.power {
		even, odd := T(w[0]*c[0]), T(w[1]*c[1])
		for k := 2; k < f.taps; k++ {
			if k%2 == 0 {
				even += T(w[k] * c[k])
			} else {
				odd += T(w[k] * c[k])
			}
		}
		u[(2*i+1)*ld], u[(2*i+2)*ld] = even+odd, even-odd
	}
	u[(f.places-1)*ld] = w[f.taps-1]
}

// filterGrad is dw = A" m, the places ld apart.
func (f *rowsTransform[T]) filterGrad(dw, m []T, ld int) {
	dw = dw[:f.taps]
	clear(dw)
	dw[0] = T(m[0] * f.zero)
	dw[f.taps-1] = m[(f.places-1)*ld]
	for i, c := range f.power {
		plus, minus := m[(2*i+1)*ld], m[(2*i+2)*ld]
		even, odd := plus+minus, plus-minus
		for k := range dw {
			if k%2 == 0 {
				dw[k] += T(even * c[k])
			} else {
				dw[k] += T(odd * c[k])
			}
		}
	}
}

func rowsInput3[T Float](dst, src []T, s asm.Strips) {
	transformBy(asm.Active().RowsInput3F32, asm.RowsInput3[T], dst, src, s)
}

func rowsInput5[T Float](dst, src []T, s asm.Strips) {
	transformBy(asm.Active().RowsInput5F32, asm.RowsInput5[T], dst, src, s)
}

// rowsForward and rowsGrad return the transforms for filters so wide.
func rowsForward[T Float](width int) *rowsTransform[T] {
	if width == 3 {
		return newRowsTransform(3, 2, rowsInput3[T], 1)
	}
	return newRowsTransform(5, 4, rowsInput5[T], 0.5, 1, 2)
}

func rowsGrad[T Float](width int) *rowsTransform[T] {
	if width == 3 {
		return newRowsTransform(3, 4, winogradInput[T], 0.75, 1.5)
	}
	return rowsForward[T](5)
}

// rowsSteps is how many steps are few: more of them are no faster than the
// direct algorithm.
const rowsSteps = 20

// WinogradRows reports whether convolutions of this shape, and their filters'
// gradients, are computed by Winograd's algorithm along rows: filters 3 or 5 wide with stride
// 1 on few channels, where it does 5/7 of the direct multiplications or less and
// the filters are enough to pay for the inputs' transform. The rule is part of the arithmetic.
func (s ConvShape) WinogradRows() bool {
	if s.S != 3 && s.S != 5 || s.Stride != 1 || s.C*s.R > rowsSteps || s.K < 2*asm.Lanes {
		return false
	}
	ho, wo := s.Out()
	return ho > 0 && 1.4*s.rowsProducts() <= float64(s.K*ho*wo)*float64(s.Patch())
}

func (s ConvShape) rowsProducts() float64 {
	if s.S == 5 {
		return s.rowsProductsOf(4)
	}
	return s.rowsProductsOf(2)
}

func (s ConvShape) rowsGradProducts() float64 { return s.rowsProductsOf(4) }

func (s ConvShape) rowsProductsOf(tile int) float64 {
	ho, wo := s.Out()
	return float64((tile+s.S-1)*ho*ceilDiv(wo, tile)) * float64(s.C*s.R*s.K)
}

// rowsInput is how a transform sees an image: its rows, with the padding, cut
// into steps of a tile, of which a tile reads two. Transformed, a place is
//
//	v[place*ld + (c*hp + y)*wp + i]    from channel c, row y, tile i
//
// where tile i of the last step of a row is none.
type rowsInput[T Float] struct {
	window // of steps, but for the channels' rows
	f      *rowsTransform[T]
	image  window // the image with its padding
	ld     int    // distance of two places
	step   []int  // of each sum, in a place: where its first tile stands
}

func newRowsInput[T Float](s ConvShape, f *rowsTransform[T]) rowsInput[T] {
	ho, wo := s.Out()
	tw := ceilDiv(wo, f.tile)
	g := rowsInput[T]{f: f, window: window{ho: ho, wo: tw, hp: ho + s.R - 1, wp: tw + 1}}
	g.image = window{c: s.C, h: s.H, w: s.W, top: s.Pad, left: s.Pad, stride: 1, r: s.R, s: s.S, ho: ho, wo: wo, ph: 1, pw: 1, hp: g.hp, wp: g.wp * f.tile, far: g.hp * g.wp * f.tile}
	g.image.setMasks()
	g.ld = apart[T](s.C*g.hp*g.wp + 1)
	for c := range s.C {
		for r := range s.R {
			g.step = append(g.step, (c*g.hp+r)*g.wp)
		}
	}
	return g
}

// tiles is the number of tiles of an image.
func (g *rowsInput[T]) tiles() int { return g.ho * g.wo }

// spread transforms an image.
func (g *rowsInput[T]) spread(p *Pool, worker int, image []T) []T {
	tile, places, ld := g.f.tile, g.f.places, g.ld
	n := g.image.c * g.hp * g.wp // steps
	work := buffer[T](p, worker, slotImage, (tile+1+places)*ld)
	pixels, phases := work[:(tile+1)*ld], work[(tile+1)*ld:]
	src := image
	if g.image.left != 0 || g.image.wp != g.image.w {
		fillWindow(&g.image, pixels[:tile*n], image, 0, g.image.c)
		src = pixels
	}
	v := buffer[T](p, worker, slotCols, places*ld)
	if tile == 4 { // neighbours are split twice
		half := v[:2*n]
		for i := range 2 {
			everySecond(half, src[i:], 2*n)
			everySecond(phases[i*ld:], half, n)
			everySecond(phases[(2+i)*ld:], half[1:], n)
		}
	} else {
		everySecond(phases, src, n)
		everySecond(phases[ld:], src[1:], n)
	}
	for r := range places {
		clear(phases[r*ld+n:][:ld-n])
		if r >= tile { // the next step's
			copy(phases[r*ld:][:n-1], phases[(r-tile)*ld+1:])
			phases[r*ld+n-1] = 0
		}
	}
	g.f.input(v, phases, asm.Strips{DstRow: ld, SrcRow: ld, N: ld, Count: 1})
	return v
}

// everySecond is dst[i] = src[2*i] for i < n.
func everySecond[T Float](dst, src []T, n int) {
	if d, ok := asF32(dst); ok {
		s, _ := asF32(src)
		asm.Active().TakeSecondF32(d, s, asm.Planes{Planes: 1, Rows: 1}, n)
		return
	}
	for i := range n {
		dst[i] = src[2*i]
	}
}

// rowsConv is what a Conv that uses the algorithm has.
type rowsConv[T Float] struct {
	forward *rowsCorr[T]
	weights *rowsWeights[T]
}

func newRowsConv[T Float](s ConvShape) *rowsConv[T] {
	return &rowsConv[T]{newRowsCorr[T](s), newRowsWeights[T](s)}
}
