//go:build !noasm

package asm

// The variables of this file are read by assembly alone, which staticcheck does
// not see.

// tailMask holds the mask of n elements, n <= 32, at tailMask[32-n].
//
//lint:ignore U1000 read by assembly
var tailMask = [64]int32{
	-1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1,
	-1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1,
}

//lint:ignore U1000 read by assembly
var one32, quarter32 float32 = 1, 0.25

// one64 is by what AVX2's sums of batch norm multiply what they add: conversions, comparisons and
// additions share two pipes, and two others multiply. The bits are those of an addition.
//
//lint:ignore U1000 read by assembly
var one64 = 1.0

// poolIndex holds the orders of VPERMI2PS, whose second operand counts from 16:
// the even elements of two vectors, the odd ones, and the two halves of the
// vectors that take one element of each in turn.
//
//lint:ignore U1000 read by assembly
var poolIndex = [4][16]int32{
	{0, 2, 4, 6, 8, 10, 12, 14, 16, 18, 20, 22, 24, 26, 28, 30},
	{1, 3, 5, 7, 9, 11, 13, 15, 17, 19, 21, 23, 25, 27, 29, 31},
	{0, 16, 1, 17, 2, 18, 3, 19, 4, 20, 5, 21, 6, 22, 7, 23},
	{8, 24, 9, 25, 10, 26, 11, 27, 12, 28, 13, 29, 14, 30, 15, 31},
}

// twice is the order that puts each of eight elements at two places.
//
//lint:ignore U1000 read by assembly
var twice = [16]int32{0, 0, 1, 1, 2, 2, 3, 3, 4, 4, 5, 5, 6, 6, 7, 7}

// The functions below are for all i < the length of their first slice. Those named
// AVX2 need AVX2, and FMA3 where there is an fma; those named AVX512 need AVX512F.

// addF32AVX2 is dst[i] += src[i].
//
//go:noescape
func addF32AVX2(dst, src []float32)

// addF32AVX512 is addF32AVX2.
//
//go:noescape
func addF32AVX512(dst, src []float32)

// addScalarF32AVX2 is dst[i] += v.
//
//go:noescape
func addScalarF32AVX2(dst []float32, v float32)

// addScalarF32AVX512 is addScalarF32AVX2.
//
//go:noescape
func addScalarF32AVX512(dst []float32, v float32)

// addReluF32AVX2 is dst[i] = dst[i]+src[i] > 0 ? dst[i]+src[i] : +0.
//
//go:noescape
func addReluF32AVX2(dst, src []float32)

// addReluF32AVX512 is addReluF32AVX2.
//
//go:noescape
func addReluF32AVX512(dst, src []float32)

// mulF32AVX2 is dst[i] = x[i] * y[i]; dst may be x or y.
//
//go:noescape
func mulF32AVX2(dst, x, y []float32)

// mulF32AVX512 is mulF32AVX2.
//
//go:noescape
func mulF32AVX512(dst, x, y []float32)

// scaleF32AVX2 is dst[i] *= v.
//
//go:noescape
func scaleF32AVX2(dst []float32, v float32)

// scaleF32AVX512 is scaleF32AVX2.
//
//go:noescape
func scaleF32AVX512(dst []float32, v float32)

// fillF32AVX2 is dst[i] = v.
//
//go:noescape
func fillF32AVX2(dst []float32, v float32)

// fillF32AVX512 is fillF32AVX2.
//
//go:noescape
func fillF32AVX512(dst []float32, v float32)

// sgdF32AVX2 is v[i] = fma(mu, v[i], fma(wd, w[i], g[i])); w[i] = fma(-lr, v[i], w[i]).
//
//go:noescape
func sgdF32AVX2(w, v, g []float32, lr, mu, wd float32)

// sgdF32AVX512 is sgdF32AVX2.
//
//go:noescape
func sgdF32AVX512(w, v, g []float32, lr, mu, wd float32)

// reluF32AVX2 is dst[i] = src[i] > 0 ? src[i] : +0; dst may be src.
//
//go:noescape
func reluF32AVX2(dst, src []float32)

// reluF32AVX512 is reluF32AVX2.
//
//go:noescape
func reluF32AVX512(dst, src []float32)

// reluGradF32AVX2 is dx[i] = y[i] > 0 ? dy[i] : +0; dx may be dy.
//
//go:noescape
func reluGradF32AVX2(dx, dy, y []float32)

// reluGradF32AVX512 is reluGradF32AVX2.
//
//go:noescape
func reluGradF32AVX512(dx, dy, y []float32)

// leakyReluF32AVX2 is dst[i] = src[i] > 0 ? src[i] : slope*src[i]; dst may be src.
//
//go:noescape
func leakyReluF32AVX2(dst, src []float32, slope float32)

// leakyReluF32AVX512 is leakyReluF32AVX2.
//
//go:noescape
func leakyReluF32AVX512(dst, src []float32, slope float32)

// leakyReluGradF32AVX2 is dx[i] = y[i] > 0 ? dy[i] : slope*dy[i]; dx may be dy.
//
//go:noescape
func leakyReluGradF32AVX2(dx, dy, y []float32, slope float32)

// leakyReluGradF32AVX512 is leakyReluGradF32AVX2.
//
//go:noescape
func leakyReluGradF32AVX512(dx, dy, y []float32, slope float32)

// sumF32AVX512 is sumF32Generic.
//
//go:noescape
func sumF32AVX512(x []float32) float32

// sumPlanes4F32AVX512 is sumPlanesF32Generic for 4*fours planes. Needs AVX512F.
//
//go:noescape
func sumPlanes4F32AVX512(fours int, sums, x *float32, area int)

// sumF32AVX2 is sumF32Generic.
//
//go:noescape
func sumF32AVX2(x []float32) float32

// countF32AVX2 is countF32Generic.
//
//go:noescape
func countF32AVX2(x []float32) int

// sumSquaresF32AVX2 is sumSquaresF32Generic.
//
//go:noescape
func sumSquaresF32AVX2(x []float32) float64

// sumSquaresF32AVX512 is sumSquaresF32Generic.
//
//go:noescape
func sumSquaresF32AVX512(x []float32) float64

// dotF32AVX2 is dotF32Generic.
//
//go:noescape
func dotF32AVX2(x, y []float32) float64

// dotF32AVX512 is dotF32Generic.
//
//go:noescape
func dotF32AVX512(x, y []float32) float64

// rotateF64AVX2 is x[i], y[i] = x[i] - s*(y[i] + h*x[i]), y[i] + s*(x[i] - h*y[i]),
// every product and sum rounded.
//
//go:noescape
func rotateF64AVX2(x, y []float64, h, s float64)

// rotateF64AVX512 is rotateF64AVX2.
//
//go:noescape
func rotateF64AVX512(x, y []float64, h, s float64)

// normSumsF32AVX2 is normSumsF32Generic for runs > 0.
//
//go:noescape
func normSumsF32AVX2(x []float32, runs, stride, width int, shift float32, s, q *[16]float64, ahead int)

// normSumsF32AVX512 is normSumsF32Generic for runs > 0.
//
//go:noescape
func normSumsF32AVX512(x []float32, runs, stride, width int, shift float32, s, q *[16]float64, ahead int)

// normApplyF32AVX2 is normApplyF32Generic for runs > 0.
//
//go:noescape
func normApplyF32AVX2(y, x []float32, runs, stride, width int, m, a, b float32, relu, past bool, ahead int)

// normApplyF32AVX512 is normApplyF32Generic for runs > 0.
//
//go:noescape
func normApplyF32AVX512(y, x []float32, runs, stride, width int, m, a, b float32, relu, past bool, ahead int)

// normGradSumsF32AVX2 is normGradSumsF32Generic for runs > 0.
//
//go:noescape
func normGradSumsF32AVX2(x, dy []float32, runs, stride, width int, mean float64, m, a, b float32, relu bool, s, q *[16]float64, ahead int)

// normGradSumsF32AVX512 is normGradSumsF32Generic for runs > 0.
//
//go:noescape
func normGradSumsF32AVX512(x, dy []float32, runs, stride, width int, mean float64, m, a, b float32, relu bool, s, q *[16]float64, ahead int)

// normGradF32AVX2 is normGradF32Generic for runs > 0.
//
//go:noescape
func normGradF32AVX2(dx, x, dy []float32, runs, stride, width int, m, a, b, c, d float32, relu, past bool, ahead int)

// normGradF32AVX512 is normGradF32Generic for runs > 0.
//
//go:noescape
func normGradF32AVX512(dx, x, dy []float32, runs, stride, width int, m, a, b, c, d float32, relu, past bool, ahead int)

// maxPool2F32AVX2 is maxPool2F32Generic for rows > 0 and w > 1.
//
//go:noescape
func maxPool2F32AVX2(y, x []float32, rows, w int)

// maxPool2F32AVX512 is maxPool2F32Generic for rows > 0 and w > 1.
//
//go:noescape
func maxPool2F32AVX512(y, x []float32, rows, w int)

// maxPool2GradF32AVX2 is maxPool2GradF32Generic for rows > 0 and w > 1.
//
//go:noescape
func maxPool2GradF32AVX2(dx, x, y, dy []float32, rows, w int)

// maxPool2GradF32AVX512 is maxPool2GradF32Generic for rows > 0 and w > 1.
//
//go:noescape
func maxPool2GradF32AVX512(dx, x, y, dy []float32, rows, w int)

// notedPool2F32AVX2 is notedPool2F32Generic for rows > 0 and w > 1.
//
//go:noescape
func notedPool2F32AVX2(y []float32, note []uint8, x []float32, rows, w int)

// notedPool2GradF32AVX2 is notedPool2GradF32Generic for rows > 0 and w > 1.
//
//go:noescape
func notedPool2GradF32AVX2(dx, dy []float32, note []uint8, rows, w int, past bool)

// notedPool2F32AVX512 is notedPool2F32Generic for rows > 0 and w > 1.
//
//go:noescape
func notedPool2F32AVX512(y []float32, note []uint8, x []float32, rows, w int)

// notedPool2GradF32AVX512 is notedPool2GradF32Generic for rows > 0 and w > 1.
//
//go:noescape
func notedPool2GradF32AVX512(dx, dy []float32, note []uint8, rows, w int, past bool)

// avgPool2F32AVX2 is avgPool2F32Generic for rows > 0 and w > 1.
//
//go:noescape
func avgPool2F32AVX2(y, x []float32, rows, w int)

// avgPool2F32AVX512 is avgPool2F32Generic for rows > 0 and w > 1.
//
//go:noescape
func avgPool2F32AVX512(y, x []float32, rows, w int)

// avgPool2GradF32AVX2 is avgPool2GradF32Generic for rows > 0 and w > 1.
//
//go:noescape
func avgPool2GradF32AVX2(dx, dy []float32, rows, w int)

// avgPool2GradF32AVX512 is avgPool2GradF32Generic for rows > 0 and w > 1.
//
//go:noescape
func avgPool2GradF32AVX512(dx, dy []float32, rows, w int)

// maxTapsF32AVX2 is maxTapsF32Generic.
//
//go:noescape
func maxTapsF32AVX2(dst, src []float32, taps []int)

// maxTapsF32AVX512 is maxTapsF32Generic.
//
//go:noescape
func maxTapsF32AVX512(dst, src []float32, taps []int)

// sumTapsF32AVX2 is sumTapsF32Generic.
//
//go:noescape
func sumTapsF32AVX2(dst, src []float32, taps []int, from, div float32)

// sumTapsF32AVX512 is sumTapsF32Generic.
//
//go:noescape
func sumTapsF32AVX512(dst, src []float32, taps []int, from, div float32)

// noteTapsF32AVX2 is noteTapsF32Generic.
//
//go:noescape
func noteTapsF32AVX2(note, none []int32, src, y []float32, taps []int)

// noteTapsF32AVX512 is noteTapsF32Generic.
//
//go:noescape
func noteTapsF32AVX512(note, none []int32, src, y []float32, taps []int)

// pickTapsF32AVX2 is pickTapsF32Generic.
//
//go:noescape
func pickTapsF32AVX2(dst, src []float32, note []int32, taps []Tap)

// pickTapsF32AVX512 is pickTapsF32Generic.
//
//go:noescape
func pickTapsF32AVX512(dst, src []float32, note []int32, taps []Tap)

// normRowsSumsF32AVX2 is normColsSumsF32Generic for rows > 0 of 16*blocks columns, blocks > 0; bytes
// are those of normcols_amd64.h. With near, what is fetched goes to the first-level cache.
//
//go:noescape
func normRowsSumsF32AVX2(blocks, rows, stride, ahead, again, width, gap int, x, shift *float32, s, q *float64, near, shared bool)

// normRowsGradSumsF32AVX2 is normColsGradSumsF32Generic for rows > 0 of 16*blocks columns, blocks > 0; bytes
// are those of normcols_amd64.h.
//
//go:noescape
func normRowsGradSumsF32AVX2(blocks, rows, stride, ahead, again, width, gap int, x, dy, m, a, b *float32, mean, s, q *float64, relu, shared bool)

// normRowsApplyF32AVX2 is normColsApplyF32Generic for rows > 0 of 16*blocks columns, blocks > 0; bytes
// are those of normcols_amd64.h.
//
//go:noescape
func normRowsApplyF32AVX2(blocks, rows, stride, ahead, again, width, gap int, y, x, m, a, b *float32, relu, shared bool)

// normRowsApplyPastF32AVX2 is that for rows of y which begin with cache lines, stored past the caches.
//
//go:noescape
func normRowsApplyPastF32AVX2(blocks, rows, stride, ahead, again, width, gap int, y, x, m, a, b *float32, relu, shared bool)

// normRowsGradF32AVX2 is normColsGradF32Generic for rows > 0 of 16*blocks columns, blocks > 0; bytes
// are those of normcols_amd64.h.
//
//go:noescape
func normRowsGradF32AVX2(blocks, rows, stride, ahead, again, width, gap int, dx, x, dy, m, a, b, c, d *float32, relu, shared bool)

// normRowsGradPastF32AVX2 is that for rows of dx which begin with cache lines, stored past the caches.
//
//go:noescape
func normRowsGradPastF32AVX2(blocks, rows, stride, ahead, again, width, gap int, dx, x, dy, m, a, b, c, d *float32, relu, shared bool)

// normRowsSumsF32AVX512 is normColsSumsF32Generic for rows > 0 of 16*blocks columns, blocks > 0; bytes
// are those of normcols_amd64.h. With near, what is fetched goes to the first-level cache.
//
//go:noescape
func normRowsSumsF32AVX512(blocks, rows, stride, ahead, again, width, gap int, x, shift *float32, s, q *float64, near, shared bool)

// normRowsGradSumsF32AVX512 is normColsGradSumsF32Generic for rows > 0 of 16*blocks columns, blocks > 0; bytes
// are those of normcols_amd64.h.
//
//go:noescape
func normRowsGradSumsF32AVX512(blocks, rows, stride, ahead, again, width, gap int, x, dy, m, a, b *float32, mean, s, q *float64, relu, shared bool)

// normRowsApplyF32AVX512 is normColsApplyF32Generic for rows > 0 of 16*blocks columns, blocks > 0; bytes
// are those of normcols_amd64.h.
//
//go:noescape
func normRowsApplyF32AVX512(blocks, rows, stride, ahead, again, width, gap int, y, x, m, a, b *float32, relu, shared bool)

// normRowsApplyPastF32AVX512 is that for rows of y which begin with cache lines, stored past the caches.
//
//go:noescape
func normRowsApplyPastF32AVX512(blocks, rows, stride, ahead, again, width, gap int, y, x, m, a, b *float32, relu, shared bool)

// normRowsGradF32AVX512 is normColsGradF32Generic for rows > 0 of 16*blocks columns, blocks > 0; bytes
// are those of normcols_amd64.h.
//
//go:noescape
func normRowsGradF32AVX512(blocks, rows, stride, ahead, again, width, gap int, dx, x, dy, m, a, b, c, d *float32, relu, shared bool)

// normRowsGradPastF32AVX512 is that for rows of dx which begin with cache lines, stored past the caches.
//
//go:noescape
func normRowsGradPastF32AVX512(blocks, rows, stride, ahead, again, width, gap int, dx, x, dy, m, a, b, c, d *float32, relu, shared bool)

// reluGradRowsF32AVX2 is reluGradRowsF32Generic for rows > 0 and width > 0.
//
//go:noescape
func reluGradRowsF32AVX2(rows int, dx *float32, ldx int, dy, y *float32, ld, width int)

// reluGradRowsF32AVX512 is reluGradRowsF32Generic for rows > 0 and width > 0.
//
//go:noescape
func reluGradRowsF32AVX512(rows int, dx *float32, ldx int, dy, y *float32, ld, width int)

// lookupF32AVX2 is dst[i] = table[src[i]] for i < 16*blocks, blocks > 0.
//
//go:noescape
func lookupF32AVX2(blocks int, dst *float32, src *byte, table *[256]float32)

// lookupF32VBMI is that for i < 64*blocks, blocks > 0. It leaves the table's bytes in bytes.
//
//go:noescape
func lookupF32VBMI(blocks int, dst *float32, src *byte, table *[256]float32, bytes *[1024]byte)
