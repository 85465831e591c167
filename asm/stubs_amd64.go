//go:build !noasm

package asm

// maskAVX2 is as many ones as there are bytes in two registers, then as many zeros.
var maskAVX2 = [16]int64{-1, -1, -1, -1, -1, -1, -1, -1}

// gemmF32AVX2x6x16 is, for i < rows <= 6 and j < cols <= 16:
//
//	t := c[i*ldc+j] if load, else 0
//	for k := 0; k < kc; k++ { t = fma(a[i*rs+k*cs], b[k*ldb+j], t) }
//	c[i*ldc+j] = t
//
// It reads 16 columns of b. Needs AVX2 and FMA3.
//
//go:noescape
func gemmF32AVX2x6x16(rows, cols, kc int, a *float32, rs, cs int, b *float32, ldb int, c *float32, ldc int, load bool)

// gemmF64AVX2x6x8 is gemmF32AVX2x6x16 for float64 and 8 columns.
//
//go:noescape
func gemmF64AVX2x6x8(rows, cols, kc int, a *float64, rs, cs int, b *float64, ldb int, c *float64, ldc int, load bool)

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

// addF32AVX2 is dst[i] += src[i] for i < 16*blocks, blocks > 0.
//
//go:noescape
func addF32AVX2(blocks int, dst, src *float32)

// addScalarF32AVX2 is dst[i] += v for i < 16*blocks, blocks > 0.
//
//go:noescape
func addScalarF32AVX2(blocks int, dst *float32, v float32)

// reluF32AVX2 is dst[i] = src[i] > 0 ? src[i] : +0 for i < 16*blocks,
// blocks > 0; dst may be src.
//
//go:noescape
func reluF32AVX2(blocks int, dst, src *float32)

// reluGradF32AVX2 is dx[i] = y[i] > 0 ? dy[i] : +0 for i < 16*blocks,
// blocks > 0; dx may be dy.
//
//go:noescape
func reluGradF32AVX2(blocks int, dx, dy, y *float32)

// sumF32AVX2 is lane[i%16] += x[i] for i < 16*blocks, in increasing i, blocks > 0.
//
//go:noescape
func sumF32AVX2(blocks int, x *float32, lane *[16]float32)

// sgdF32AVX2 is, for i < 16*blocks, blocks > 0:
//
//	v[i] = fma(mu, v[i], fma(wd, w[i], grad[i]))
//	w[i] = fma(-lr, v[i], w[i])
//
//go:noescape
func sgdF32AVX2(blocks int, w, v, grad *float32, lr, mu, wd float32)

// copyRowsF32AVX2 is dst[16*k+j] = src[k*ld+j] for k < runs, j < 16, runs > 0.
//
//go:noescape
func copyRowsF32AVX2(runs int, dst, src *float32, ld int)

// copyRunsF32AVX2 is dst[16*k+j] = src[offset[k]+j] for k < runs, j < 16, runs > 0.
//
//go:noescape
func copyRunsF32AVX2(runs int, dst, src *float32, offset *int)

// gemmF32AVX512x14x32 is, for i < rows <= 14 and j < cols <= 32:
//
//	t := c[i*ldc+j] if load, else 0
//	for k := 0; k < kc; k++ { t = fma(a[i*rs+k*cs], b[k*ldb+j], t) }
//	c[i*ldc+j] = t
//
// Needs AVX512F.
//
//go:noescape
func gemmF32AVX512x14x32(rows, cols, kc int, a *float32, rs, cs int, b *float32, ldb int, c *float32, ldc int, load bool)

// gemmF64AVX512x14x16 is gemmF32AVX512x14x32 for float64 and 16 columns.
//
//go:noescape
func gemmF64AVX512x14x16(rows, cols, kc int, a *float64, rs, cs int, b *float64, ldb int, c *float64, ldc int, load bool)
