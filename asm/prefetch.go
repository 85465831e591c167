package asm

// Prefetch asks for f to be brought to the second-level cache, without waiting for it.
// A few hundred bytes at a time do: asked for all at once, what comes from afar
// keeps what is near waiting.
func Prefetch(f Fetch) {
	if f.Pairs > 0 && f.Count > 0 {
		prefetch(f.Next, f.Pairs, f.Stride, f.Count)
	}
}
