//go:build !noasm

package asm

// gemmF32AVX512 is one tile with nothing to fetch ahead.
func gemmF32AVX512(rows, cols, kc int, a *float32, rs, cs int, b *float32, ldb int, c *float32, ldc int, load bool) {
	gemmF32AVX512x14x32(rows, cols, kc, a, rs, cs, b, ldb, c, ldc, load, nil, 0, 0, 0)
}

// gemmF64AVX512 is gemmF32AVX512 for float64.
func gemmF64AVX512(rows, cols, kc int, a *float64, rs, cs int, b *float64, ldb int, c *float64, ldc int, load bool) {
	gemmF64AVX512x14x16(rows, cols, kc, a, rs, cs, b, ldb, c, ldc, load, nil, 0, 0, 0)
}
