package tensor

import (
	"fmt"

	"randalign/asm"
)

// Winograd's convolution F(4x4, 3x3): outputs are made in tiles of 4 x 4, each
// from 6 x 6 inputs. With the transforms of package asm, applied along rows and
// columns, and the products over the channels c for each of the 36 places,
//
//	y = A' [ sum over c of (G w G') * (B' x B) ] A
//
// which is a quarter of the multiplications. The gradient of the inputs is the
// same with the filters turned round. The gradient of the filters is F(3x3, 4x4):
//
//	dw = A"[ sum over tiles of (G" dy G"') * (B' x B) ] A"'
//
// Each of the 36 sums is one chain from +0, over the channels, or the tiles of
// all images, in increasing order: a product of matrices with the contract of
// Gemm. Threads, paths and the grouping of images reach no bit.
//
// Error: with u = 2^-24 (2^-53 in float64) and the absolute values of the
// matrices, |computed - exact| <= (n + 24) u A'[sum (G|w|G') * (B'|x|B)]A
// for a sum over n terms, element by element and to first order in u, since an
// element passes twice through each of the transforms, at most four roundings deep.
// On activations and filters of He's deviation errors are some 2 to 4 times those
// of the direct algorithm; the tests hold both.

// wTile outputs in a row are made from wSpan inputs; wPlaces are the products of
// a tile for each channel, and the transformed values of a filter.
const (
	wTile   = 4
	wSpan   = 6
	wPlaces = wSpan * wSpan
)

// scheme is how a correlation goes in a row: a tile of so many outputs, made from span
// inputs, of which the next tile's begin step further, by so many products.
type scheme[T Float] struct {
	places, span, step, tile int
	input, filter, output    func(dst, src []T, s asm.Strips)
}

// winogradScheme is F(4, 3).
func winogradScheme[T Float]() *scheme[T] {
	return &scheme[T]{wSpan, wSpan, wTile, wTile, winogradInput[T], winogradFilter[T], winogradOutput[T]}
}

// area is the number of a tile's places.
func (f *scheme[T]) area() int { return f.places * f.places }

// filterOf returns the place of the filters that a place's inputs are multiplied with: in
// rows and columns those behind the sixth share the sixth's.
func (f *scheme[T]) filterOf(place int) int {
	return min(place/f.places, wSpan-1)*wSpan + min(place%f.places, wSpan-1)
}

// Winograd reports whether convolutions of this shape, and their gradients, are
// computed by Winograd's algorithm: 3 x 3 filters with stride 1 where it does
// half the direct multiplications or less and the channels are enough to pay for
// the transforms. The rule is part of the arithmetic.
func (s ConvShape) Winograd() bool {
	if s.R != 3 || s.S != 3 || s.Stride != 1 || s.Pad > 2 || min(s.C, s.K) < 2*asm.Lanes {
		return false
	}
	ho, wo := s.Out()
	return 2*s.winogradProducts() <= float64(s.K*ho*wo)*float64(s.Patch())
}

func (s ConvShape) winogradProducts() float64 {
	ho, wo := s.Out()
	return float64(wPlaces*ceilDiv(ho, wTile)*ceilDiv(wo, wTile)) * float64(s.C*s.K)
}

// The transforms for any type: by the path's kernel, or the reference for float64.

func transformBy[T Float](kernel func(dst, src []float32, s asm.Strips), reference func(dst, src []T, s asm.Strips), dst, src []T, s asm.Strips) {
	if d, ok := asF32(dst); ok {
		x, _ := asF32(src)
		kernel(d, x, s)
		return
	}
	reference(dst, src, s)
}

func winogradInput[T Float](dst, src []T, s asm.Strips) {
	transformBy(asm.Active().InputF32, asm.WinogradInput[T], dst, src, s)
}

func winogradFilter[T Float](dst, src []T, s asm.Strips) {
	transformBy(asm.Active().FilterF32, asm.WinogradFilter[T], dst, src, s)
}

func winogradOutput[T Float](dst, src []T, s asm.Strips) {
	transformBy(asm.Active().OutputF32, asm.WinogradOutput[T], dst, src, s)
}

func winogradOutputGrad[T Float](dst, src []T, s asm.Strips) {
	transformBy(asm.Active().OutputGradF32, asm.WinogradOutputGrad[T], dst, src, s)
}

func winogradFilterGrad[T Float](dst, src []T, s asm.Strips) {
	transformBy(asm.Active().FilterGradF32, asm.WinogradFilterGrad[T], dst, src, s)
}

// lanes is how many channels are transformed side by side: a vector of AVX-512.
const lanes = asm.Lanes

// planes is a batch of images [N, c, h, w] and how they are cut into tiles.
type planes struct {
	c, h, w int
	th, tw  int // tiles in a column and in a row
}

func (p *planes) tiles() int { return p.th * p.tw }

// large reports whether images, of so many bytes for each element of one, are too large to be left in
// the caches.
func (p *planes) large(bytes int) bool { return bytes*p.c*p.h*p.w > pastBytes }

// winogradPlanes returns the inputs and the outputs of a shape, which have the
// same tiles, of 4 x 4 outputs.
func winogradPlanes(s ConvShape) (in, out planes) {
	ho, wo := s.Out()
	th, tw := ceilDiv(ho, wTile), ceilDiv(wo, wTile)
	return planes{s.C, s.H, s.W, th, tw}, planes{s.K, ho, wo, th, tw}
}

// groups is the number of vectors of channels.
func (p *planes) groups() int { return ceilDiv(p.c, lanes) }

// spread is a matrix for each place of a tile: rows of tiles or channels, columns
// of channels, in panels as wide as B's of a GEMM kernel or as they come.
type spread[T Float] struct {
	data  []T
	place int // distance of two places
	row   int // of two rows
	panel int // of two panels
	width int // columns of a panel; a multiple of lanes
}

// at returns the elements from row r, column c of place 0 on.
func (m *spread[T]) at(r, c int) []T {
	return m.data[c/m.width*m.panel+r*m.row+c%m.width:]
}

// rowsOf lays out rows x cols as an operand A, or as a result: rows that share no
// set of the cache.
func rowsOf[T Float](p *Pool, slot, places, rows, cols int) spread[T] {
	ld := apart[T](roundUp(cols, lanes))
	return spread[T]{data: shared[T](p, slot, places*rows*ld), place: rows * ld, row: ld, width: ld}
}

// panelsOf lays out rows x cols as an operand B.
func panelsOf[T Float](p *Pool, slot, rows, cols int, kern *asm.Gemm[T]) spread[T] {
	nr := kern.NR
	if nr%lanes != 0 {
		nr = roundUp(cols, lanes) + maxNR // read where it stands, up to a panel beyond the end
	}
	panels := ceilDiv(cols, nr)
	return spread[T]{data: shared[T](p, slot, wPlaces*panels*nr*rows), place: panels * nr * rows, row: nr, panel: nr * rows, width: nr}
}

// operandB returns rows k0.. of one place of an operand B from a column on.
func (m *spread[T]) operandB(place, k0, col int, kern *asm.Gemm[T]) panelled[T] {
	b := panelled[T]{data: m.data[place*m.place:], step: m.panel, ld: m.row}
	if m.width != kern.NR {
		b.step = kern.NR
		b.data = b.data[k0*m.row+col:]
		return b
	}
	b.data = b.data[col/m.width*m.panel+k0*m.row:]
	return b
}

// product does rows r0..r1 of all columns of C = A*B or C += A*B at one place, of B at
// place in. a is [rows, k] or, turned, [k, rows].
func product[T Float](p *Pool, worker int, kern *asm.Gemm[T], place, in, r0, r1, cols, k int, a *spread[T], turned bool, b, c *spread[T], load bool) {
	m := Matrix[T]{Data: a.data[place*a.place:], Stride: a.row, Trans: turned}
	depth := evenly(k, blockK, 1)
	rows := evenly(r1-r0, blockM[T](), kern.MR)
	for k0 := 0; k0 < k; k0 += depth {
		kc := min(depth, k-k0)
		for c0 := 0; c0 < cols; c0 += blockN[T]() {
			bb := b.operandB(in, k0, c0, kern)
			for m0 := r0; m0 < r1; m0 += rows {
				mc := min(rows, r1-m0)
				t := tiles[T]{kern: kern, a: operandA(p, worker, kern, m, m0, mc, k0, kc), b: bb, rows: mc, cols: min(blockN[T](), cols-c0), kc: kc,
					c: c.data[place*c.place+m0*c.row+c0:], ldc: c.row, load: load || k0 > 0}
				// The next task, as a rule, does the same rows of the next place.
				if after := (place + 1) * a.place; !turned && after+a.place <= len(a.data) {
					t.soon = p.soon(worker)
					t.ahead[0] = ahead[T]{data: a.data[after+m0*a.row+k0:], rows: mc, stride: a.row, width: kc}
				}
				t.run()
			}
		}
	}
}

// operandA makes rows i0..i0+rows, steps k0..k0+kc of m an operand of the kernel:
// where they stand, unless it wants panels.
func operandA[T Float](p *Pool, worker int, kern *asm.Gemm[T], m Matrix[T], i0, rows, k0, kc int) strided[T] {
	switch {
	case !kern.Strided:
		mr := kern.MR
		dst := buffer[T](p, worker, slotPanelA, roundUp(rows, mr)*kc)
		packPanels(dst, m, i0, rows, mr, mr*kc, k0, kc, p.offsets(worker))
		return strided[T]{data: dst, packed: true}
	case m.Trans:
		return strided[T]{data: m.Data[k0*m.Stride+i0:], rs: 1, cs: m.Stride}
	}
	return strided[T]{data: m.Data[i0*m.Stride+k0:], rs: m.Stride, cs: 1}
}

// groupImages is how many images, of so many tiles of so many places each, are in the
// works at a time, and how many of the k filters. The images' tiles, of c and k channels,
// fill a MiB for each thread, so that the caches hold them, but are not so few that
// threads go idle or the transformed filters pass through the caches for nothing.
// Where all images, of the fewer channels, take less room than the filters, it is
// these that are cut.
func groupImages(n, tiles, places, c, k, threads int) (images, filters int) {
	if n*tiles*places <= wPlaces*max(c, k) && wPlaces*c*k > wFilters {
		return n, roundUp(ceilDiv(k, ceilDiv(wPlaces*c*k, wFilters)), wGroups*lanes)
	}
	fill, few := threads<<18, max(2, threads)*48
	idle := ceilDiv(threads, ceilDiv(min(c, k), wGroups*lanes))
	return min(n, max(fill/(places*tiles*(c+k)), ceilDiv(few, tiles), idle)), k
}

// wFilters values of transformed filters, and of their gradients, are held at a
// time: 8 MiB, which a third-level cache has room for.
const wFilters = 1 << 21

// cutRows returns how many tasks share the rows of a place, and of which they are multiples:
// blocks of A, or fewer rows where there are many threads. Where these get but a few tasks each,
// it is as many as are done soonest, B's way to a core costing as much as half a tile, and of any
// number of rows if lower tiles do as much for each.
func cutRows[T Float](rows, places, threads int, kern *asm.Gemm[T]) (parts, unit int) {
	const few = 8
	mr := kern.MR
	least := ceilDiv(rows, blockM[T]())
	parts, unit = max(least, min(ceilDiv(4*threads, places), ceilDiv(rows, 4*mr))), mr
	if places*parts >= few*threads {
		return parts, unit
	}
	if kern.Strided && !kern.Whole {
		unit = 1
	}
	best := 0
	for n := least; n <= max(least, ceilDiv(rows, mr)); n++ {
		t := ceilDiv(places*n, threads) * (2*unit*ceilDiv(ceilDiv(rows, unit), n) + mr)
		if best == 0 || t < best {
			best, parts = t, n
		}
	}
	return parts, unit
}

// winogradConv is what a Conv that uses the algorithm has, with stride 1 or 2.
type winogradConv[T Float] struct {
	forward, inputs *winogradCorr[T]
	weights         *winogradWeights[T] // nil: direct
}

func newWinogradConv[T Float](s ConvShape) *winogradConv[T] {
	ho, wo := s.Out()
	back := ConvShape{C: s.K, H: ho, W: wo, K: s.C, R: s.R, S: s.S, Stride: 1, Pad: 2 - s.Pad}
	in, out := winogradPlanes(s)
	dy, dx := winogradPlanes(back)
	f := winogradScheme[T]()
	return &winogradConv[T]{
		&winogradCorr[T]{scheme: f, in: in, out: out, pad: s.Pad},
		&winogradCorr[T]{scheme: f, in: dy, out: dx, pad: back.Pad},
		newWinogradWeights[T](s),
	}
}

// Through makes Forward and WeightGrad read their inputs through lines, or with nil
// as they are. It panics unless ConvShape.Winograd says yes.
func (c *Conv[T]) Through(l *Lines[T]) {
	if c.winograd == nil || c.Stride != 1 {
		panic(fmt.Sprintf("tensor: conv: lines into %+v, which is not Winograd's", c.ConvShape))
	}
	c.winograd.forward.through, c.winograd.weights.through = l, l
}
