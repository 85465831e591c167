//go:build !noasm

package asm

// peakF32AVX2 is, turns times over, acc[i] = fma(x, y, acc[i]) for i < 96. Needs
// AVX2 and FMA3.
//
//go:noescape
func peakF32AVX2(turns int, acc *float32, x, y float32)

// peakF64AVX2 is, turns times over, acc[i] = fma(x, y, acc[i]) for i < 48. Needs
// AVX2 and FMA3.
//
//go:noescape
func peakF64AVX2(turns int, acc *float64, x, y float64)

// peakF32AVX512 is, turns times over, acc[i] = fma(x, y, acc[i]) for i < 384. Needs
// AVX-512F.
//
//go:noescape
func peakF32AVX512(turns int, acc *float32, x, y float32)

// peakF64AVX512 is, turns times over, acc[i] = fma(x, y, acc[i]) for i < 192. Needs
// AVX-512F.
//
//go:noescape
func peakF64AVX512(turns int, acc *float64, x, y float64)

// copyF32AVX2 is dst[i] = src[i] for i < 32*blocks, blocks > 0. Needs AVX2.
//
//go:noescape
func copyF32AVX2(blocks int, dst, src *float32)

// copyF32AVX512 is dst[i] = src[i] for i < 64*blocks, blocks > 0. Needs AVX-512F.
//
//go:noescape
func copyF32AVX512(blocks int, dst, src *float32)

func copyF32AVX2Slice(dst, src []float32) {
	src = src[:len(dst)]
	b := len(dst) / 32
	if b > 0 {
		copyF32AVX2(b, &dst[0], &src[0])
	}
	copyF32Generic(dst[32*b:], src[32*b:])
}

func copyF32AVX512Slice(dst, src []float32) {
	src = src[:len(dst)]
	b := len(dst) / 64
	if b > 0 {
		copyF32AVX512(b, &dst[0], &src[0])
	}
	copyF32Generic(dst[64*b:], src[64*b:])
}
