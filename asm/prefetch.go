package asm

import "unsafe"

// Prefetch asks for s to be brought to the second-level cache, without waiting
// for it. A few hundred bytes at a time do: asked for all at once, what comes
// from afar keeps what is near waiting.
func Prefetch[T float32 | float64](s []T) {
	if size := len(s) * int(unsafe.Sizeof(*new(T))); size > 0 {
		prefetch(unsafe.Pointer(unsafe.SliceData(s)), (size+63)/64)
	}
}
