//go:build !noasm

package asm

// The kernels with nothing to fetch.

func gemmF32AVX512(rows, cols, kc int, a *float32, rs, cs int, b *float32, ldb int, c *float32, ldc int, load bool) {
	gemmF32AVX512x14x32(rows, cols, kc, a, rs, cs, b, ldb, c, ldc, load, nil)
}

func gemmF64AVX512(rows, cols, kc int, a *float64, rs, cs int, b *float64, ldb int, c *float64, ldc int, load bool) {
	gemmF64AVX512x14x16(rows, cols, kc, a, rs, cs, b, ldb, c, ldc, load, nil)
}

func gemmF32AVX2(rows, cols, kc int, a *float32, rs, cs int, b *float32, ldb int, c *float32, ldc int, load bool) {
	gemmF32AVX2x6x16(rows, cols, kc, a, rs, cs, b, ldb, c, ldc, load, nil)
}

func gemmF64AVX2(rows, cols, kc int, a *float64, rs, cs int, b *float64, ldb int, c *float64, ldc int, load bool) {
	gemmF64AVX2x6x8(rows, cols, kc, a, rs, cs, b, ldb, c, ldc, load, nil)
}
