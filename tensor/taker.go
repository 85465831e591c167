package tensor

import (
	"unsafe"

	"randalign/asm"
)

// taker has a kernel that Takes fill the windows of a worker's next images, of every second
// element of every second row, beside the tiles of those at hand: done all at once, between
// tiles, it costs a tenth of the time of a convolution of 64 channels. The windows at hand and
// the next ones are the halves of a buffer.
//
//	images   n0           n0+g         n0+2g
//	         multiplied   taken        fetched, as the kernel says
type taker[T Float] struct {
	window      *window
	first       int // of the next images
	images      int // of them, 0 if there are none
	x, dst      []T // theirs
	done, given int // channels of theirs that are taken, and that a kernel was told to take
	part, parts int // of the blocks of tiles beside which they are
	odd         int // the half that is theirs
	_           [64]byte
}

// takeRow elements of a row of an image make a piece, or so many of two, see asm.Copy.
const takeRow = 32

// takes reports whether the kernel can take the windows beside its tiles, so that the channels of
// all images follow each other there and here.
func takes[T Float](v *window, k *asm.Gemm[T]) bool {
	if !k.Takes || !v.pointwise() || v.stride != 2 || v.top != 0 || v.left != 0 || v.h != 2*v.ho || v.w != 2*v.wo {
		return false
	}
	return v.w == takeRow || v.w == takeRow/2 && v.ho%2 == 0
}

// takersOf returns the workers' takers, of which list is those that there are. They have no
// windows yet, and are cleared when all is done.
func takersOf[T Float](list []taker[T], p *Pool) []taker[T] {
	if len(list) < p.Threads() {
		list = make([]taker[T], p.Threads())
	}
	return list
}

// windows returns those of images n0..n0+n of x, at most g, and begins with those of next..last,
// beside so many blocks of tiles.
func (t *taker[T]) windows(p *Pool, worker int, v *window, x []T, n0, n, g, next, last, parts int) []T {
	size, in := v.c*v.far, v.c*v.h*v.w
	both := buffer[T](p, worker, slotImage, 2*g*size)
	if t.images == 0 || t.first != n0 {
		t.window, t.images, t.done = v, n, 0
		t.x, t.dst = x[n0*in:], both[t.odd*g*size:]
	}
	if all := t.images * v.c; t.done < all { // the channels of all images follow each other
		fillWindow(v, t.dst[t.done*v.far:], t.x, t.done, all)
	}
	now := t.dst
	t.odd = 1 - t.odd
	t.first, t.images, t.done, t.part, t.parts = next, max(0, last-next), 0, 0, parts
	if t.images > 0 {
		t.x, t.dst = x[next*in:], both[t.odd*g*size:]
	}
	return now
}

// give has a kernel take what it should have when so many of all tiles of a block are done, beside
// what f asks for, if that is not nil.
func (t *taker[T]) give(soon, f *asm.Fetch, tiles, all int) *asm.Fetch {
	v := t.window
	t.given = max(0, t.images*v.c*((t.part-1)*all+tiles)/(t.parts*all)-t.done)
	if t.given == 0 {
		return f
	}
	if f == nil {
		f = soon
		f.Count = 0
	}
	const line = takeRow / 2 * 4
	pieces, apart := v.ho, line
	if v.w < takeRow {
		pieces, apart = v.ho/2, 2*line
	}
	f.Copy = asm.Copy{
		Src:  uintptr(unsafe.Pointer(&t.x[t.done*v.h*v.w])),
		Dst:  uintptr(unsafe.Pointer(&t.dst[t.done*v.far])),
		Left: pieces, Rows: t.given, Pieces: pieces, DstPiece: line,
		DstSkip: 4*v.far - pieces*line, Second: 4 * line, Behind: t.given, Apart: apart,
	}
	return f
}

// took notes what a kernel has taken: a channel that is not whole is taken again.
func (t *taker[T]) took(f *asm.Fetch) {
	if t.given > 0 {
		t.done += t.given - f.Rows
		f.Rows = 0
	}
}
