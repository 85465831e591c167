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

// pack4F32NEON is, for i < 4 and k < 4*blocks (blocks > 0):
//
//	dst[k*width+i] = src[i*ld+k]
//
//go:noescape
func pack4F32NEON(blocks int, dst, src *float32, ld, width int)

// copyRowsF32NEON is dst[k*ldd+j] = src[k*ld+j] for k < runs, j < 12, runs > 0.
//
//go:noescape
func copyRowsF32NEON(runs int, dst *float32, ldd int, src *float32, ld int)

// packRunF32NEON is dst[k*width+j] = src[taps[k]+offset+j] for k < steps, j < n,
// steps > 0, n < 16.
//
//go:noescape
func packRunF32NEON(steps int, dst, src *float32, taps *int, offset, width, n int)

// pack2F64NEON is, for i < 2 and k < 2*blocks (blocks > 0):
//
//	dst[k*width+i] = src[i*ld+k]
//
//go:noescape
func pack2F64NEON(blocks int, dst, src *float64, ld, width int)

// neonProbe runs one macro of neon_arm64.h, by its place in the test's table, on
// d = v[0], n = v[1], m = v[2], and leaves d in v[0]. Only the test calls it.
//
//go:noescape
func neonProbe(macro int, v *[3][16]byte)
