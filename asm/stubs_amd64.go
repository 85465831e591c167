//go:build !noasm

package asm

// gemmF32AVX2x6x16 is, for i < 6 and j < 16:
//
//	t := c[i*ldc+j] if load, else 0
//	for k := 0; k < kc; k++ { t = fma(a[k*6+i], b[k*16+j], t) }
//	c[i*ldc+j] = t
//
// Needs AVX2 and FMA3.
//
//go:noescape
func gemmF32AVX2x6x16(kc int, a, b, c *float32, ldc int, load bool)

// gemmF64AVX2x6x8 is gemmF32AVX2x6x16 for float64 and 8 columns.
//
//go:noescape
func gemmF64AVX2x6x8(kc int, a, b, c *float64, ldc int, load bool)

// pack8F32AVX2 is, for i < 8 and k < 8*blocks (blocks > 0):
//
//	dst[k*width+i] = src[i*ld+k]
//
// Needs AVX2.
//
//go:noescape
func pack8F32AVX2(blocks int, dst, src *float32, ld, width int)

// pack6F32AVX2 is pack8F32AVX2 for i < 6. Needs AVX2.
//
//go:noescape
func pack6F32AVX2(blocks int, dst, src *float32, ld, width int)
