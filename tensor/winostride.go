package tensor

import "randalign/asm"

// Winograd's convolution with stride 2, of 3 x 3 filters and padding 1. In a row, taps 0
// and 2 meet every second input,
//
//	y[o] = w0 x[2o-1] + w2 x[2o+1] + w1 x[2o]
//
// which is a convolution of two taps with stride 1, F(4, 2), and a product. Tiles of 4 x 4
// outputs are made from 9 x 9 inputs, 8 apart. With the transforms of package asm, of
// places 0 to 4 for F(4, 2) and 5 to 8 for the products of w1, applied along columns, then rows,
//
//	y = A' [ sum over c of (G w G') * (B' x B) ] A
//
// has 81 products for the direct algorithm's 144. G gives six values a row, since the
// last four places share w1. The gradient of the inputs is
//
//	dx[2i+1] = w2 dy[i] + w0 dy[i+1]    dx[2i] = w1 dy[i]
//
// with as many products for tiles of 8 x 8 from 5 x 5 elements of dy. The gradient of the
// filters is direct.
//
// Each of the 81 sums is one chain from +0 over the channels, as winograd.go's; A' adds the
// products of w1 as generic_winostride.go of package asm says.
//
// Error: in the words of winograd.go, |computed - exact| <= (n + 16) u A'[sum (G|w|G') *
// (B'|x|B)]A for a sum over n channels, since an element meets twice at most two roundings
// in B', three in G and three in A'. On activations and filters of He's deviation errors are
// about those of the direct algorithm; the tests hold both.

// WinogradStride2 reports whether convolutions of this shape, and their inputs' gradients,
// are computed by Winograd's algorithm with stride 2: 3 x 3 filters, padding 1, where it does
// three quarters of the direct multiplications or less and the channels are enough to
// pay for the transforms. The rule is part of the arithmetic.
func (s ConvShape) WinogradStride2() bool {
	if s.R != 3 || s.S != 3 || s.Stride != 2 || s.Pad != 1 || min(s.C, s.K) < 2*asm.Lanes {
		return false
	}
	return 4*s.stride2Products() <= 3*s.directProducts()
}

// stride2Places are the products of a row of a tile.
const stride2Places = 9

func (s ConvShape) stride2Products() float64 {
	ho, wo := s.Out()
	return float64(stride2Places*stride2Places*ceilDiv(ho, wTile)*ceilDiv(wo, wTile)) * float64(s.C*s.K)
}

func strideInput[T Float](dst, src []T, s asm.Strips) {
	transformBy(asm.Active().StrideInputF32, asm.StrideInput[T], dst, src, s)
}

func strideFilter[T Float](dst, src []T, s asm.Strips) {
	transformBy(asm.Active().StrideFilterF32, asm.StrideFilter[T], dst, src, s)
}

func strideOutput[T Float](dst, src []T, s asm.Strips) {
	transformBy(asm.Active().StrideOutputF32, asm.StrideOutput[T], dst, src, s)
}

func strideOutputGrad[T Float](dst, src []T, s asm.Strips) {
	transformBy(asm.Active().StrideOutputGradF32, asm.StrideOutputGrad[T], dst, src, s)
}

func strideInputGrad[T Float](dst, src []T, s asm.Strips) {
	transformBy(asm.Active().StrideInputGradF32, asm.StrideInputGrad[T], dst, src, s)
}

func newWinogradStride2[T Float](s ConvShape) *winogradConv[T] {
	x, y := winogradPlanes(s)
	forward := &scheme[T]{stride2Places, 2*wTile + 1, 2 * wTile, wTile, strideInput[T], strideFilter[T], strideOutput[T]}
	inputs := &scheme[T]{stride2Places, wTile + 1, wTile, 2 * wTile, strideOutputGrad[T], strideFilter[T], strideInputGrad[T]}
	return &winogradConv[T]{
		forward: &winogradCorr[T]{scheme: forward, in: x, out: y, pad: s.Pad},
		inputs:  &winogradCorr[T]{scheme: inputs, in: y, out: x},
	}
}
