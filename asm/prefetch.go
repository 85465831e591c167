package asm

// withAhead is the RunAhead of a kernel that fetches nothing itself: all is asked
// for before it begins.
func withAhead[T any](run func(rows, cols, kc int, a *T, rs, cs int, b *T, ldb int, c *T, ldc int, load bool)) func(rows, cols, kc int, a *T, rs, cs int, b *T, ldb int, c *T, ldc int, load bool, next *Fetch) {
	return func(rows, cols, kc int, a *T, rs, cs int, b *T, ldb int, c *T, ldc int, load bool, next *Fetch) {
		if next != nil {
			Prefetch(*next)
			next.Count = 0
		}
		run(rows, cols, kc, a, rs, cs, b, ldb, c, ldc, load)
	}
}

// Prefetch asks for f to be brought to the second-level cache, without waiting for it.
// A few hundred bytes at a time do: asked for all at once, what comes from afar
// keeps what is near waiting.
func Prefetch(f Fetch) {
	if f.Pairs > 0 && f.Count > 0 {
		prefetch(f.Next, f.Pairs, f.Stride, f.Count)
	}
}
