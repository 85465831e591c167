//go:build !noasm

package asm

// maskAVX2 is as many ones as there are bytes in two registers, then as many zeros.
//
//lint:ignore U1000 read by assembly
var maskAVX2 = [16]int64{-1, -1, -1, -1, -1, -1, -1, -1}

// gemmF32AVX2x6x16 is, for i < rows <= 6 and j < cols <= 16:
//
//	t := c[i*ldc+j] if load, else 0
//	for k := 0; k < kc; k++ { t = fma(a[i*rs+k*cs], b[k*ldb+j], t) }
//	c[i*ldc+j] = t
//
// It reads 16 columns of b, and asks for what is next. Needs AVX2 and FMA3.
//
//go:noescape
func gemmF32AVX2x6x16(rows, cols, kc int, a *float32, rs, cs int, b *float32, ldb int, c *float32, ldc int, load bool, next *Fetch)

// gemmF64AVX2x6x8 is gemmF32AVX2x6x16 for float64 and 8 columns.
//
//go:noescape
func gemmF64AVX2x6x8(rows, cols, kc int, a *float64, rs, cs int, b *float64, ldb int, c *float64, ldc int, load bool, next *Fetch)

// packF32AVX2 is, for i < 8 and k < 8*blocks (blocks > 0):
//
//	dst[k*width+i] = src[offset[i]+k]
//
// Needs AVX2.
//
//go:noescape
func packF32AVX2(blocks int, dst, src *float32, offset *[8]int, width int)

// packF64AVX2 is packF32AVX2 for i < 4 and k < 4*blocks. Needs AVX2.
//
//go:noescape
func packF64AVX2(blocks int, dst, src *float64, offset *[4]int, width int)

// packF32AVX512 is, for i < 16 and k < kc (kc > 0):
//
//	dst[k*width+i] = src[offset[i]+k] if bit i of rows is set, else 0
//
// It reads all 16 rows. Needs AVX512F.
//
//go:noescape
func packF32AVX512(kc int, dst, src *float32, offset *[16]int, width int, rows uint16)

// packF64AVX512 is packF32AVX512 for i < 8. Needs AVX512F.
//
//go:noescape
func packF64AVX512(kc int, dst, src *float64, offset *[8]int, width int, rows uint8)

// transpose16F32AVX512 is, for r < 16 and c < 16*blocks (blocks > 0):
//
//	dst[c*ldd+r] = src[r*lds+c]
//
// Needs AVX512F.
//
//go:noescape
func transpose16F32AVX512(blocks int, dst *float32, ldd int, src *float32, lds int)

// copyRowsF32AVX2 is dst[k*ldd+j] = src[k*ld+j] for k < runs, j < 16, runs > 0.
//
//go:noescape
func copyRowsF32AVX2(runs int, dst *float32, ldd int, src *float32, ld int)

// copyRowsF32AVX512 is dst[k*ldd+j] = src[k*ld+j] for k < runs, j < 32, runs > 0.
// Needs AVX512F.
//
//go:noescape
func copyRowsF32AVX512(runs int, dst *float32, ldd int, src *float32, ld int)

// packRunsF32AVX2 is, for t < taps (taps > 0), j < 8 and n runs (n > 0):
//
//	dst[t*width+j] = src[tap[t]+r.offset+j] for the run r whose mask has j, else 0
//
// Needs AVX2.
//
//go:noescape
func packRunsF32AVX2(taps int, dst, src *float32, tap *int, width int, runs *run256, n int)

// packRunsF32AVX512 is packRunsF32AVX2 for j < 16. Needs AVX512F.
//
//go:noescape
func packRunsF32AVX512(taps int, dst, src *float32, tap *int, width int, runs *run512, n int)

// copyTapsF32AVX512 is dst[t*width+j] = src[tap[t]+offset+j] for t < taps (taps > 0) and
// j < 16. Needs AVX512F.
//
//go:noescape
func copyTapsF32AVX512(taps int, dst, src *float32, offset int, tap *int, width int)

// copyTaps32F32AVX512 is dst[32*t+j] = src[tap[t]+j] for t < taps (taps > 0) and
// j < 32. Needs AVX512F.
//
//go:noescape
func copyTaps32F32AVX512(taps int, dst, src *float32, tap *int)

// padRowsF32AVX512 is, for r < rows (rows > 0) and each j of the blocks of 16
// (blocks > 0) whose bit is set in the second mask of its block:
//
//	dst[r*ldd+j] = src[r*lds-zeros+j] if its bit is set in the first mask, else 0
//
// Needs AVX512F.
//
//go:noescape
func padRowsF32AVX512(rows int, dst *float32, ldd int, src *float32, lds, zeros int, masks *[2]uint16, blocks int)

// evenLanes are the even lanes of two registers of float32.
//
//lint:ignore U1000 stride2_f32_avx512_amd64.s reads it
var evenLanes = [16]int32{0, 2, 4, 6, 8, 10, 12, 14, 16, 18, 20, 22, 24, 26, 28, 30}

// doubledLanes are the lanes of a register, each twice.
//
//lint:ignore U1000 stride2_f32_avx512_amd64.s reads it
var doubledLanes = [32]int32{0, 0, 1, 1, 2, 2, 3, 3, 4, 4, 5, 5, 6, 6, 7, 7, 8, 8, 9, 9, 10, 10, 11, 11, 12, 12, 13, 13, 14, 14, 15, 15}

// takeSecondF32AVX512 is dst[r*ldd+i] = src[r*lds+2*i] for r < rows (rows > 0) and
// i < n (n > 0). Needs AVX512F.
//
//go:noescape
func takeSecondF32AVX512(rows int, dst *float32, ldd int, src *float32, lds, n int)

// putSecondF32AVX512 is dst[r*ldd+2*i] = src[r*lds+i] for r < rows (rows > 0) and
// i < n (n > 0). Needs AVX512F.
//
//go:noescape
func putSecondF32AVX512(rows int, dst *float32, ldd int, src *float32, lds, n int)

// gemmF32AVX512x14x32 is, for i < rows <= 14 and j < cols <= 32:
//
//	t := c[i*ldc+j] if load, else 0
//	for k := 0; k < kc; k++ { t = fma(a[i*rs+k*cs], b[k*ldb+j], t) }
//	c[i*ldc+j] = t
//
// It asks for what is next. Needs AVX512F.
//
//go:noescape
func gemmF32AVX512x14x32(rows, cols, kc int, a *float32, rs, cs int, b *float32, ldb int, c *float32, ldc int, load bool, next *Fetch)

// gemmF64AVX512x14x16 is gemmF32AVX512x14x32 for float64 and 16 columns.
//
//go:noescape
func gemmF64AVX512x14x16(rows, cols, kc int, a *float64, rs, cs int, b *float64, ldb int, c *float64, ldc int, load bool, next *Fetch)
