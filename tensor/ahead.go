package tensor

import (
	"unsafe"

	"randalign/asm"
)

// ahead is memory that will be read when a block of tiles is done, rows of width
// elements, stride apart. Fetched tile by tile, it comes while the FMA units are
// busy; otherwise they would wait for it.
type ahead[T Float] struct {
	data                []T
	rows, stride, width int
	done                int // rows
}

// take returns the next n rows, or what is left.
func (a *ahead[T]) take(n int) (f asm.Fetch) {
	a.ask(&f, n)
	return f
}

// ask puts the next n rows, or what is left, in f and returns that, nil if nothing is.
// (Fields are read as they were written: a Fetch that is copied, 16 bytes at a time, right after
// its words were stored is not there before all of a tile is.)
func (a *ahead[T]) ask(f *asm.Fetch, n int) *asm.Fetch {
	n = min(n, a.rows-a.done)
	if n <= 0 || a.width == 0 {
		return nil
	}
	at := a.data[a.done*a.stride:]
	a.done += n
	return askRows(f, at, n, a.stride, a.width)
}

// askRows asks for n rows of width elements, stride apart. f may be nil.
func askRows[T Float](f *asm.Fetch, data []T, n, stride, width int) *asm.Fetch {
	if f == nil {
		return nil
	}
	size := wordSize[T]()
	if stride == width {
		n, width = 1, n*width
	}
	f.Next = uintptr(unsafe.Pointer(&data[0]))
	f.Pairs, f.Stride, f.Count = (width*size+127)>>7, stride*size, n
	f.Rows = 0
	return f
}

// copied is what a kernel copies when it has asked for them, the rows that are left, in pieces of
// NR columns: piece p of row r to dst[p*piece+r*row]. It is nothing where the kernel does not copy or
// a piece is not whole.
func (a *ahead[T]) copied(k *asm.Gemm[T], dst []T, piece, row int) asm.Copy {
	rows := a.rows - a.done
	if !k.Copies || rows <= 0 || a.width < k.NR || a.width%k.NR > 0 {
		return asm.Copy{}
	}
	c := copyRowsBeside(a.data[a.done*a.stride:], rows, a.stride, a.width, k.NR, dst, piece, row)
	c.Behind = rows
	return c
}

// copyRowsBeside is what a kernel copies of rows of whole pieces of nr elements: piece p of row r to
// dst[p*piece+r*row].
func copyRowsBeside[T Float](src []T, rows, stride, width, nr int, dst []T, piece, row int) asm.Copy {
	pieces, size := width/nr, wordSize[T]()
	return asm.Copy{
		Src:  uintptr(unsafe.Pointer(&src[0])),
		Dst:  uintptr(unsafe.Pointer(&dst[0])),
		Left: pieces, Rows: rows, Pieces: pieces, DstPiece: piece * size,
		SrcSkip: (stride - width) * size, DstSkip: (row - pieces*piece) * size,
	}
}

// soon is memory, the next image as a rule, that will be read after some blocks
// of tiles, each of which fetches a part of it.
type soon[T Float] struct {
	data         []T
	row, stride  int // it is read in rows so long and so far apart
	parts, taken int
}

// soonRow elements are fetched at a time.
const soonRow = 128

// soonOf returns elements lo..hi of data, none if hi <= lo, for so many blocks.
func soonOf[T Float](data []T, lo, hi, parts int) soon[T] {
	return soonRows(data, lo, hi, parts, soonRow, soonRow)
}

// soonRows is soonOf for rows of so many elements, stride apart.
func soonRows[T Float](data []T, lo, hi, parts, row, stride int) soon[T] {
	s := soon[T]{row: row, stride: stride, parts: max(1, parts)}
	if lo < hi {
		s.data = data[lo:min(hi, lo+l2.soon/row*stride)]
	}
	return s
}

// soonImages is soonOf for the images n0..n1 that a window sees, of which it may leave out
// rows.
func soonImages[T Float](v *window, x []T, n0, n1, parts int) soon[T] {
	row, stride, in := soonRow, soonRow, v.c*v.h*v.w
	if v.r < v.stride && v.h%v.stride == 0 {
		row, stride = v.r*v.w, v.stride*v.w
	}
	return soonRows(x, n0*in, n1*in, parts, row, stride)
}

// part returns what the next block fetches.
func (s *soon[T]) part() ahead[T] {
	if len(s.data) == 0 {
		return ahead[T]{}
	}
	rows := ceilDiv(len(s.data), s.stride)
	lo, hi := rows*s.taken/s.parts, rows*(s.taken+1)/s.parts
	if s.taken++; s.taken > s.parts {
		return ahead[T]{}
	}
	return ahead[T]{data: s.data[lo*s.stride:], rows: hi - lo, stride: s.stride, width: s.row}
}
