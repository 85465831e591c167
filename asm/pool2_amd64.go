//go:build !noasm

package asm

// Poolings of 2 x 2 windows on the AVX-512 path leave to AVX2's kernels rows of so many elements that
// half of a vector of 16 outputs, or more, would be masked, and theirs of 8 nearly filled: of 16 and of 8
// these are near 1.4 to 2.1 times as fast, of 12 and 14 0.6 to 1.3 times.

// suits8 reports whether rows of w elements are such.
func suits8(w int) bool { return w <= 10 || w == 16 }

// byWidth is narrow for such rows and wide for others.
func byWidth(narrow, wide func(dst, src []float32, rows, w int)) func(dst, src []float32, rows, w int) {
	return func(dst, src []float32, rows, w int) {
		if suits8(w) {
			narrow(dst, src, rows, w)
			return
		}
		wide(dst, src, rows, w)
	}
}

func maxPool2GradF32Either(dx, x, y, dy []float32, rows, w int) {
	if suits8(w) {
		maxPool2GradF32AVX2(dx, x, y, dy, rows, w)
		return
	}
	maxPool2GradF32AVX512(dx, x, y, dy, rows, w)
}

// notedPool2F32Either leaves to AVX2 rows that its vectors of 8 and 4 outputs, or one alone, fill: near
// those of 16, of 8 and of 2 elements are made 1.4 to 1.8 times as fast. Others are faster here.
func notedPool2F32Either(y []float32, note []uint8, x []float32, rows, w int) {
	if w == 16 || w == 8 || w < 4 {
		notedPool2F32AVX2(y, note, x, rows, w)
		return
	}
	notedPool2F32AVX512(y, note, x, rows, w)
}
