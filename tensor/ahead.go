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
func (a *ahead[T]) take(n int) asm.Fetch {
	n = min(n, a.rows-a.done)
	if n <= 0 || a.width == 0 {
		return asm.Fetch{}
	}
	size := wordSize[T]()
	next := uintptr(unsafe.Pointer(&a.data[a.done*a.stride]))
	a.done += n
	if a.stride == a.width {
		return asm.Fetch{Next: next, Pairs: ceilDiv(n*a.width*size, 128), Count: 1}
	}
	return asm.Fetch{Next: next, Pairs: ceilDiv(a.width*size, 128), Stride: a.stride * size, Count: n}
}

// soon is memory, the next image as a rule, that will be read after some blocks
// of tiles, each of which fetches a part of it.
type soon[T Float] struct {
	data        []T
	parts, done int
}

const (
	// soonMost elements at the most are fetched: a quarter of a second-level cache
	// of 1 MiB in float32.
	soonMost = 1 << 16
	// soonRow elements are fetched at a time.
	soonRow = 128
)

// soonOf returns elements lo..hi of data, none if hi <= lo, for so many blocks.
func soonOf[T Float](data []T, lo, hi, parts int) soon[T] {
	if lo >= hi {
		return soon[T]{parts: 1}
	}
	return soon[T]{data: data[lo:min(hi, lo+soonMost)], parts: parts}
}

// part returns what the next block fetches.
func (s *soon[T]) part() ahead[T] {
	n := len(s.data)
	lo, hi := n*s.done/s.parts, n*(s.done+1)/s.parts
	s.done++
	data := s.data[min(lo, n):min(hi, n)]
	return ahead[T]{data: data, rows: ceilDiv(len(data), soonRow), stride: soonRow, width: soonRow}
}
