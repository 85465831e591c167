//go:build !noasm

package asm

// peakF32NEON is, turns times over, acc[i] = fma(x, y, acc[i]) for i < 96.
//
//go:noescape
func peakF32NEON(turns int, acc *float32, x, y float32)

// peakF64NEON is, turns times over, acc[i] = fma(x, y, acc[i]) for i < 48.
//
//go:noescape
func peakF64NEON(turns int, acc *float64, x, y float64)

// copyF32NEON is dst[i] = src[i] for i < 32*blocks, blocks > 0.
//
//go:noescape
func copyF32NEON(blocks int, dst, src *float32)

func copyF32NEONSlice(dst, src []float32) {
	src = src[:len(dst)]
	b := len(dst) / 32
	if b > 0 {
		copyF32NEON(b, &dst[0], &src[0])
	}
	copyF32Generic(dst[32*b:], src[32*b:])
}
