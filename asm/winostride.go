package asm

// The one-dimensional transforms of Winograd's convolution of three taps with stride 2,
// F(4, 3; 2), and of its inputs' gradient. Taps 0 and 2 meet every second input: that is
// a convolution F(4, 2) with stride 1, done at the points 1/2, -1/2, 5/4, -5/4 and infinity.
// Tap 1 meets the inputs between, which are multiplied as they are. Of nine places in a
// row, places 0 to 4 are the points' and 5 to 8 the plain ones, which share one tap.
//
//	input        9 to 9   d0, d2, ..., d8 to the points, d1, d3, d5, d7 as they are
//	filter       3 to 6   g0, g2 to the points, g1 as it is
//	output       9 to 4   the points back, and the plain place's product added
//	output grad  5 to 9   dy0 to dy4 to the points, dy0 to dy3 as they are
//	input grad   9 to 8   the plain products even elements, the points odd ones
//
// Among the simple points these have the smallest errors, close to those of a direct
// sum. Only the filters' transform has rounded constants. generic_winostride.go says which
// operations they are.

// WinogradStride are the transforms of one path. dst and src do not overlap.
type WinogradStride struct {
	StrideInputF32, StrideFilterF32, StrideOutputF32, StrideOutputGradF32, StrideInputGradF32 func(dst, src []float32, s Strips)
}
