package tensor

import "unsafe"

// hugePage is the size of a huge page on every machine that this runs on.
const hugePage = 2 << 20

// Make returns n zeros, like make, and asks the system to back a large slice by
// huge pages: a first touch then costs a five-hundredth of the page faults, and
// a sweep over the slice misses the TLB far less often. The memory is the
// garbage collector's, as any other.
func Make[T Float](n int) []T {
	s := make([]T, n)
	size := uintptr(n) * unsafe.Sizeof(*new(T))
	if size < 2*hugePage {
		return s
	}
	p := unsafe.Pointer(unsafe.SliceData(s))
	skip := -uintptr(p) & (hugePage - 1)
	adviseHuge(unsafe.Slice((*byte)(unsafe.Add(p, skip)), (size-skip)&^(hugePage-1)))
	return s
}
