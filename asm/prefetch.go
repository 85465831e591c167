package asm

import "unsafe"

// withAhead is the RunAhead of a kernel that fetches nothing itself: all is asked
// for before it begins.
func withAhead[T any](run func(rows, cols, kc int, a *T, rs, cs int, b *T, ldb int, c *T, ldc int, load bool)) func(rows, cols, kc int, a *T, rs, cs int, b *T, ldb int, c *T, ldc int, load bool, next unsafe.Pointer, pairs, stride, count int) {
	return func(rows, cols, kc int, a *T, rs, cs int, b *T, ldb int, c *T, ldc int, load bool, next unsafe.Pointer, pairs, stride, count int) {
		Prefetch(next, pairs, stride, count)
		run(rows, cols, kc, a, rs, cs, b, ldb, c, ldc, load)
	}
}

// Prefetch asks for memory as RunAhead does, and does not wait for it. A few
// hundred bytes at a time do: asked for all at once, what comes from afar keeps
// what is near waiting.
func Prefetch(p unsafe.Pointer, pairs, stride, count int) {
	if pairs > 0 && count > 0 {
		prefetch(p, pairs, stride, count)
	}
}
