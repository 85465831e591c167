//go:build !noasm

package asm

// gemmF32NEONx8x12 is, for i < 8 and j < 12:
//
//	t := c[i*ldc+j] if load, else 0
//	for k := 0; k < kc; k++ { t = fma(a[k*8+i], b[k*ldb+j], t) }
//	c[i*ldc+j] = t
//
//go:noescape
func gemmF32NEONx8x12(kc int, a, b *float32, ldb int, c *float32, ldc int, load bool)

// gemmF64NEONx8x6 is gemmF32NEONx8x12 for float64 and 6 columns.
//
//go:noescape
func gemmF64NEONx8x6(kc int, a, b *float64, ldb int, c *float64, ldc int, load bool)
