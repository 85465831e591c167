//go:build !noasm

package asm

// maskAVX2 is as many ones as there are bytes in two registers, then as many zeros.
//
//lint:ignore U1000 read by assembly
var maskAVX2 = [16]int64{-1, -1, -1, -1, -1, -1, -1, -1}

// gemmF32AVX2x6x16 is, for i < rows <= 6 and j < cols:
//
//	t := c[i*ldc+j] if load, else 0
//	for k := 0; k < kc; k++ { t = fma(a[i*rs+k*cs], b[j/16*step+k*ldb+j%16], t) }
//	c[i*ldc+j] = t
//
// It reads 16 columns of each panel of b, asks for what is next and copies. Needs AVX2 and FMA3.
//
//go:noescape
func gemmF32AVX2x6x16(rows, cols, kc int, a *float32, rs, cs int, b *float32, step, ldb int, c *float32, ldc int, load bool, next *Fetch)

// gemmPastF32AVX2x6x16 is gemmF32AVX2x6x16 for whole tiles of six rows that begin with cache
// lines, which it does not leave in the caches.
//
//go:noescape
func gemmPastF32AVX2x6x16(rows, cols, kc int, a *float32, rs, cs int, b *float32, step, ldb int, c *float32, ldc int, load bool, next *Fetch)

// gemmF64AVX2x6x8 is gemmF32AVX2x6x16 for float64 and panels of 8 columns.
//
//go:noescape
func gemmF64AVX2x6x8(rows, cols, kc int, a *float64, rs, cs int, b *float64, step, ldb int, c *float64, ldc int, load bool, next *Fetch)

// gemmPastF64AVX2x6x8 is gemmPastF32AVX2x6x16 for float64 and panels of 8 columns.
//
//go:noescape
func gemmPastF64AVX2x6x8(rows, cols, kc int, a *float64, rs, cs int, b *float64, step, ldb int, c *float64, ldc int, load bool, next *Fetch)

// packF32AVX2 is, for i < 4*blocks and k < 8*units (both > 0):
//
//	dst[k*width+i] = src[offset[i]+k]
//
// Needs AVX2.
//
//go:noescape
func packF32AVX2(units int, dst, src *float32, offset *int, width, blocks int, ask ahead)

// packWideF32AVX2 is packF32AVX2 for i < 8*blocks, of a panel that is wide. Needs AVX2.
//
//go:noescape
func packWideF32AVX2(units int, dst, src *float32, offset *int, width, blocks int, ask ahead)

// packF64AVX2 is packF32AVX2 for k < 4*units. Needs AVX2.
//
//go:noescape
func packF64AVX2(units int, dst, src *float64, offset *int, width, blocks int, ask ahead)

// packF32AVX512 is, for i < 16 and k < kc (kc > 0):
//
//	dst[k*width+i] = src[offset[i]+k] if bit i of rows is set, else 0
//
// It reads all 16 rows. Needs AVX512F.
//
//go:noescape
func packF32AVX512(kc int, dst, src *float32, offset *[16]int, width int, rows uint16, ask ahead)

// packF64AVX512 is packF32AVX512 for i < 8. Needs AVX512F.
//
//go:noescape
func packF64AVX512(kc int, dst, src *float64, offset *[8]int, width int, rows uint8, ask ahead)

// transposePastF32AVX2 is, for r < 16*blocks and c < 4*fours (both > 0):
//
//	dst[c*ldd+r] = src[r*lds+c]
//
// past the caches. Rows of dst begin with cache lines. Needs AVX2.
//
//go:noescape
func transposePastF32AVX2(blocks, fours int, dst *float32, ldd int, src *float32, lds int)

// transposePastF32AVX512 is transposePastF32AVX2 for c < 16. Needs AVX512F.
//
//go:noescape
func transposePastF32AVX512(blocks int, dst *float32, ldd int, src *float32, lds int)

// copyRowsF32AVX2 is dst[k*ldd+j] = src[k*ld+j] for k < runs, j < 16, runs > 0.
//
//go:noescape
func copyRowsF32AVX2(runs int, dst *float32, ldd int, src *float32, ld int, ask ahead)

// copyPairsF32AVX2 is, for k < runs, j < 16, runs > 0:
//
//	dst[k*ldd+j], dst[k*ldd+far+j] = src[k*ld+j], src[k*ld+16+j]
//
// Needs AVX2.
//
//go:noescape
func copyPairsF32AVX2(runs int, dst *float32, ldd int, src *float32, ld int, ask ahead, far int)

// copyRowsF32AVX512 is dst[k*ldd+j] = src[k*ld+j] for k < runs, j < 32, runs > 0.
// Needs AVX512F.
//
//go:noescape
func copyRowsF32AVX512(runs int, dst *float32, ldd int, src *float32, ld int, ask ahead)

// packRunsF32AVX2 is, for t < taps (taps > 0), j < 8 and n runs:
//
//	dst[t*width+j] = src[tap[t]+r.offset+j] for the run r whose mask has j, else 0
//
// Needs AVX2.
//
//go:noescape
func packRunsF32AVX2(taps int, dst, src *float32, tap *int, width int, runs *run256, n int)

// copyTapsF32AVX2 is, from column i = from on, 8 columns at a time as long as a run r has them all:
//
//	dst[t*width+i+j] = src[tap[t]+r.Offset-r.At+i+j] for t < taps (taps > 0), j < 8
//
// It returns the column behind them. Needs AVX2.
//
//go:noescape
func copyTapsF32AVX2(taps int, dst, src *float32, tap *int, width int, runs *Run, n, from int) (to int)

// packRunsF32AVX512 is packRunsF32AVX2 for j < 16. Needs AVX512F.
//
//go:noescape
func packRunsF32AVX512(taps int, dst, src *float32, tap *int, width int, runs *run512, n int)

// copyTapsF32AVX512 is copyTapsF32AVX2 for 16 columns at a time. Needs AVX512F.
//
//go:noescape
func copyTapsF32AVX512(taps int, dst, src *float32, tap *int, width int, runs *Run, n, from int) (to int)

// padRowsF32AVX2 is padRowsF32Generic for rows > 0 and n > 3. Needs AVX.
//
//go:noescape
func padRowsF32AVX2(rows int, dst *float32, ldd int, src *float32, lds, zeros, n, width int)

// padRowsF32AVX512 is, for r < rows (rows > 0) and each j of the blocks of 16
// (blocks > 0) whose bit is set in the second mask of its block:
//
//	dst[r*ldd+j] = src[r*lds-zeros+j] if its bit is set in the first mask, else 0
//
// Needs AVX512F.
//
//go:noescape
func padRowsF32AVX512(rows int, dst *float32, ldd int, src *float32, lds, zeros int, masks *[2]uint16, blocks int)

// turned are the lanes of a register the other way round.
//
//lint:ignore U1000 turn_f32_avx2_amd64.s reads it
var turned = [8]int32{7, 6, 5, 4, 3, 2, 1, 0}

// turnF32AVX2 is, for f < filters, c < channels, which are all positive, and i < 9:
//
//	dst[c*ldd+9*f+i] = src[f*lds+9*c+8-i]
//
// Needs AVX2.
//
//go:noescape
func turnF32AVX2(filters, channels int, dst *float32, ldd int, src *float32, lds int)

// evenLanes are the even lanes of two registers of float32.
//
//lint:ignore U1000 stride2_f32_avx512_amd64.s reads it
var evenLanes = [16]int32{0, 2, 4, 6, 8, 10, 12, 14, 16, 18, 20, 22, 24, 26, 28, 30}

// woven are the lanes of two registers of float32 in turn.
//
//lint:ignore U1000 stride2_f32_avx512_amd64.s reads it
var woven = [32]int32{0, 16, 1, 17, 2, 18, 3, 19, 4, 20, 5, 21, 6, 22, 7, 23, 8, 24, 9, 25, 10, 26, 11, 27, 12, 28, 13, 29, 14, 30, 15, 31}

// takeSecondF32AVX512 is, for p < planes, r < rows, i < n, which are all positive:
//
//	dst[p*dstPlane+r*dstRow+i] = src[p*srcPlane+r*srcRow+2*i]
//
// Needs AVX512F.
//
//go:noescape
func takeSecondF32AVX512(planes, rows int, dst *float32, dstPlane, dstRow int, src *float32, srcPlane, srcRow, n int)

// takeSecondF32AVX2 is takeSecondF32AVX512. Needs AVX2.
//
//go:noescape
func takeSecondF32AVX2(planes, rows int, dst *float32, dstPlane, dstRow int, src *float32, srcPlane, srcRow, n int)

// takeFourF32AVX512 is, for p < planes, r < 4*fours, which are positive, and i < 4:
//
//	dst[p*dstPlane+4*r+i] = src[p*srcPlane+r*srcRow+2*i]
//
// It reads eight elements of each row. Needs AVX512F.
//
//go:noescape
func takeFourF32AVX512(planes, fours int, dst *float32, dstPlane int, src *float32, srcPlane, srcRow int)

// takeFourF32AVX2 is takeFourF32AVX512 for r < 2*pairs. Needs AVX2.
//
//go:noescape
func takeFourF32AVX2(planes, pairs int, dst *float32, dstPlane int, src *float32, srcPlane, srcRow int)

// copyPlanesF32AVX512 is, for p < planes, r < rows, i < n, which are all positive:
//
//	dst[p*dstPlane+r*dstRow+i] = src[p*srcPlane+r*srcRow+i]
//
// Needs AVX512F.
//
//go:noescape
func copyPlanesF32AVX512(planes, rows int, dst *float32, dstPlane, dstRow int, src *float32, srcPlane, srcRow, n int)

// addPlanesF32AVX2 is addPlanesF32Generic for what is positive. Needs AVX2.
//
//go:noescape
func addPlanesF32AVX2(planes, rows int, dst *float32, dstPlane, dstRow int, src *float32, srcPlane, srcRow, n int)

// copyPlanesF32AVX2 is copyPlanesF32AVX512. Needs AVX2.
//
//go:noescape
func copyPlanesF32AVX2(planes, rows int, dst *float32, dstPlane, dstRow int, src *float32, srcPlane, srcRow, n int)

// weaveF32AVX512 is, for p < planes, r < rows, i < n, which are all positive:
//
//	dst[p*dstPlane+r*dstRow+2*i]   = even[p*srcPlane+r*srcRow+i], or +0 if even is nil
//	dst[p*dstPlane+r*dstRow+2*i+1] = odd[p*srcPlane+r*srcRow+i], or +0 if odd is nil
//
// With past, by stores that pass the caches by. Needs AVX512F.
//
//go:noescape
func weaveF32AVX512(planes, rows int, dst *float32, dstPlane, dstRow int, even, odd *float32, srcPlane, srcRow, n int, past bool)

// weaveF32AVX2 is weaveF32AVX512. Needs AVX2.
//
//go:noescape
func weaveF32AVX2(planes, rows int, dst *float32, dstPlane, dstRow int, even, odd *float32, srcPlane, srcRow, n int, past bool)

// upsampleF32AVX512 is, for p < planes, r < rows, i < 2*n, which are all positive, n being 4
// or a multiple of 8:
//
//	dst[p*dstPlane+r*4*n+i]     = i%2 == 0 ? src[p*srcPlane+r*n+i/2] : +0
//	dst[p*dstPlane+r*4*n+2*n+i] = +0
//
// With past, by stores that pass the caches by. Needs AVX512F and AVX2.
//
//go:noescape
func upsampleF32AVX512(planes, rows int, dst *float32, dstPlane int, src *float32, srcPlane, n int, past bool)

// upsampleF32AVX2 is upsampleF32AVX512 for any n that is a multiple of 4. Needs AVX2.
//
//go:noescape
func upsampleF32AVX2(planes, rows int, dst *float32, dstPlane int, src *float32, srcPlane, n int, past bool)

// expandF32AVX512 fills planes of size elements (planes > 0, size > 0): element i is
// the next of src if bit i%16 of masks[i/16] is set, else +0. Needs AVX512F.
//
//go:noescape
func expandF32AVX512(planes int, dst, src *float32, masks *uint16, size int)

// expandF32AVX2 is expandF32AVX512 for planes that take count elements of src each,
// together at least four. Needs AVX2 and POPCNT.
//
//go:noescape
func expandF32AVX2(planes int, dst, src *float32, masks *uint16, size, count int)

// gemmF32AVX512x14x32 is, for i < rows <= 14 and j < cols:
//
//	t := c[i*ldc+j] if load, else 0
//	for k := 0; k < kc; k++ { t = fma(a[i*rs+k*cs], b[j/32*step+k*ldb+j%32], t) }
//	if bias != nil { t = t+bias[j] > 0 ? t+bias[j] : +0 }
//	c[i*ldc+j] = t
//
// It asks for what is next and copies. Needs AVX512F.
//
//go:noescape
func gemmF32AVX512x14x32(rows, cols, kc int, a *float32, rs, cs int, b *float32, step, ldb int, c *float32, ldc int, load bool, bias *float32, next *Fetch)

// gemmPastF32AVX512x14x32 is gemmF32AVX512x14x32 for whole tiles of 11 to 14 rows that begin with
// cache lines, which it does not leave in the caches, for kc > 1, no load and no bias.
//
//go:noescape
func gemmPastF32AVX512x14x32(rows, cols, kc int, a *float32, rs, cs int, b *float32, step, ldb int, c *float32, ldc int, load bool, bias *float32, next *Fetch)

// gemmF64AVX512x14x16 is gemmF32AVX512x14x32 for float64 and panels of 16 columns.
//
//go:noescape
func gemmF64AVX512x14x16(rows, cols, kc int, a *float64, rs, cs int, b *float64, step, ldb int, c *float64, ldc int, load bool, bias *float64, next *Fetch)

// gemmPastF64AVX512x14x16 is gemmPastF32AVX512x14x32 for float64 and panels of 16 columns.
//
//go:noescape
func gemmPastF64AVX512x14x16(rows, cols, kc int, a *float64, rs, cs int, b *float64, step, ldb int, c *float64, ldc int, load bool, bias *float64, next *Fetch)

// gemmReluGradF32AVX512x14x32 is, for i < rows <= 14 and j < 32:
//
//	t := 0
//	for k := 0; k < kc; k++ { t = fma(a[i*rs+k*cs], b[k*ldb+j], t) }
//	c[i*ldc+j] = y[i*32+j] > 0 ? t : 0
//
// for kc > 1 and rows of c that begin with a cache line. Needs AVX512F and AVX512DQ.
//
//go:noescape
func gemmReluGradF32AVX512x14x32(rows, kc int, a *float32, rs, cs int, b *float32, ldb int, c *float32, ldc int, y *float32)

// partF32AVX512 is, for p < planes, r < rows, i < n, which are all positive, n at least 16:
//
//	even[p*dstPlane+r*dstRow+i] = src[p*srcPlane+r*srcRow+2*i]
//	odd[p*dstPlane+r*dstRow+i]  = src[p*srcPlane+r*srcRow+2*i+1]
//
// Needs AVX512F.
//
//go:noescape
func partF32AVX512(planes, rows int, even, odd *float32, dstPlane, dstRow int, src *float32, srcPlane, srcRow, n int)

// partF32AVX2 is partF32AVX512 for any n. Needs AVX2.
//
//go:noescape
func partF32AVX2(planes, rows int, even, odd *float32, dstPlane, dstRow int, src *float32, srcPlane, srcRow, n int)

// copyPastF32AVX512 is dst[i] = src[i] for i < len(dst), by stores that pass the caches
// by. Needs AVX512F.
//
//go:noescape
func copyPastF32AVX512(dst, src []float32)

// copyPastF32AVX2 is copyPastF32AVX512. Needs AVX2.
//
//go:noescape
func copyPastF32AVX2(dst, src []float32)
