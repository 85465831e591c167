//go:build !noasm

package asm

// winograd holds the constants of generic_winograd.go in the order of
// winograd_amd64.h.
//
//lint:ignore U1000 read by assembly
var winograd = [15]float32{
	wp1, wp2, wp3, wq1, wq2, wq3, wSum, wProd, w0, wp, wq,
	wp1 * wp, wp2 * wp, wq1 * wq, wq2 * wq,
}

func winogradAVX2() Winograd {
	return Winograd{
		InputF32:      winogradSlice(winogradInputF32AVX2, 6, 6),
		FilterF32:     winogradSlice(winogradFilterF32AVX2, 6, 3),
		OutputF32:     winogradSlice(winogradOutputF32AVX2, 4, 6),
		OutputGradF32: winogradSlice(winogradOutputGradF32AVX2, 6, 4),
		FilterGradF32: winogradSlice(winogradFilterGradF32AVX2, 3, 6),
	}
}

func winogradAVX512() Winograd {
	return Winograd{
		InputF32:      winogradSlice(winogradInputF32AVX512, 6, 6),
		FilterF32:     winogradSlice(winogradFilterF32AVX512, 6, 3),
		OutputF32:     winogradSlice(winogradOutputF32AVX512, 4, 6),
		OutputGradF32: winogradSlice(winogradOutputGradF32AVX512, 6, 4),
		FilterGradF32: winogradSlice(winogradFilterGradF32AVX512, 3, 6),
	}
}

// The functions below are WinogradInput and its like, N and Count being > 0.
// Those named AVX2 need AVX2 and FMA3, those named AVX512 AVX512F.

//go:noescape
func winogradInputF32AVX2(dst, src *float32, s Strips)

//go:noescape
func winogradFilterF32AVX2(dst, src *float32, s Strips)

//go:noescape
func winogradOutputF32AVX2(dst, src *float32, s Strips)

//go:noescape
func winogradOutputGradF32AVX2(dst, src *float32, s Strips)

//go:noescape
func winogradFilterGradF32AVX2(dst, src *float32, s Strips)

//go:noescape
func winogradInputF32AVX512(dst, src *float32, s Strips)

//go:noescape
func winogradFilterF32AVX512(dst, src *float32, s Strips)

//go:noescape
func winogradOutputF32AVX512(dst, src *float32, s Strips)

//go:noescape
func winogradOutputGradF32AVX512(dst, src *float32, s Strips)

//go:noescape
func winogradFilterGradF32AVX512(dst, src *float32, s Strips)
