package asm

// The one-dimensional transforms of Winograd's convolution F(4x4, 3x3) and of its
// gradients (Lavin and Gray, "Fast Algorithms for Convolutional Neural Networks",
// 2016), at the points 0, 3/4, -3/4, 3/2, -3/2 and infinity. With the usual points
// 0, 1, -1, 2, -2 the errors are more than twice as large; these have matrices with
// few bits too, so that only FilterF32 and FilterGradF32, which carry the
// divisions of the interpolation, have rounded constants.
//
//	input        v = B'd          6 to 6
//	filter       u = Gg           3 to 6
//	output       y = A'm          6 to 4
//	output grad  v = G'dy         4 to 6   of the weights' gradient, which is F(3x3, 4x4)
//	filter grad  g = A"m          6 to 3   of the weights' gradient
//
// generic_winograd.go says which operations they are.

// Strips says where the vectors of a transform stand: for c < Count and j < N,
// row r of the source is src[c*SrcStep+r*SrcRow+j], and that of the result
// dst[c*DstStep+r*DstRow+j]. N is a multiple of Lanes.
type Strips struct {
	DstRow, DstStep int
	SrcRow, SrcStep int
	N, Count        int
}

// Winograd are the transforms of one path. dst and src do not overlap.
type Winograd struct {
	InputF32, FilterF32, OutputF32, OutputGradF32, FilterGradF32 func(dst, src []float32, s Strips)
}
