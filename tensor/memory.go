package tensor

import (
	"runtime/debug"
	"unsafe"
)

// hugePage is the size of a huge page on every machine that this runs on.
const hugePage = 2 << 20

// Make returns n zeros, like make, and asks the system to back a large slice by
// huge pages: a first touch then costs a five-hundredth of the page faults, and
// a sweep over the slice misses the TLB far less often. The memory is the
// garbage collector's, as any other.
func Make[T Float](n int) []T {
	size := uintptr(n) * unsafe.Sizeof(*new(T))
	if size < 2*hugePage {
		return make([]T, n)
	}
	return makeHuge[T](n)
}

// makeHuge is Make for memory of any size that is worth whole huge pages: the
// slice begins with one.
func makeHuge[T Float](n int) []T {
	each := unsafe.Sizeof(*new(T))
	pages := (uintptr(n)*each + hugePage - 1) / hugePage * hugePage
	s := make([]T, (pages+hugePage)/each)
	skip := -uintptr(unsafe.Pointer(unsafe.SliceData(s))) & (hugePage - 1)
	s = s[skip/each:][:n:n]
	adviseHuge(unsafe.Slice((*byte)(unsafe.Pointer(unsafe.SliceData(s))), pages))
	return s
}

// Dropped is called where n elements of long life have just been let go of and
// others are about to take their place. The collector, which waits until garbage
// is as much as what lives, would let the process grow by the dropped ones: it
// is made to hand a large slice's memory back at once. That takes a millisecond
// or so and happens while buffers find their sizes, in a first step.
func Dropped[T Float](n int) {
	if n*wordSize[T]() >= hugePage {
		debug.FreeOSMemory()
	}
}
