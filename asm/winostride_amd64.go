//go:build !noasm

package asm

func winogradStrideAVX2() WinogradStride {
	return WinogradStride{strideInputF32AVX2Slice, strideFilterF32AVX2Slice, strideOutputF32AVX2Slice, strideOutputGradF32AVX2Slice, strideInputGradF32AVX2Slice}
}

func winogradStrideAVX512() WinogradStride {
	return WinogradStride{strideInputF32AVX512Slice, strideFilterF32AVX512Slice, strideOutputF32AVX512Slice, strideOutputGradF32AVX512Slice, strideInputGradF32AVX512Slice}
}

func strideInputF32AVX2Slice(dst, src []float32, s Strips) {
	if s.inside(dst, 9, src, 9) {
		strideInputF32AVX2(&dst[0], &src[0], &s)
	}
}

func strideFilterF32AVX2Slice(dst, src []float32, s Strips) {
	if s.inside(dst, 6, src, 3) {
		strideFilterF32AVX2(&dst[0], &src[0], &s)
	}
}

func strideOutputF32AVX2Slice(dst, src []float32, s Strips) {
	if s.inside(dst, 4, src, 9) {
		strideOutputF32AVX2(&dst[0], &src[0], &s)
	}
}

func strideOutputGradF32AVX2Slice(dst, src []float32, s Strips) {
	if s.inside(dst, 9, src, 5) {
		strideOutputGradF32AVX2(&dst[0], &src[0], &s)
	}
}

func strideInputGradF32AVX2Slice(dst, src []float32, s Strips) {
	if s.inside(dst, 8, src, 9) {
		strideInputGradF32AVX2(&dst[0], &src[0], &s)
	}
}

func strideInputF32AVX512Slice(dst, src []float32, s Strips) {
	if s.inside(dst, 9, src, 9) {
		strideInputF32AVX512(&dst[0], &src[0], &s)
	}
}

func strideFilterF32AVX512Slice(dst, src []float32, s Strips) {
	if s.inside(dst, 6, src, 3) {
		strideFilterF32AVX512(&dst[0], &src[0], &s)
	}
}

func strideOutputF32AVX512Slice(dst, src []float32, s Strips) {
	if s.inside(dst, 4, src, 9) {
		strideOutputF32AVX512(&dst[0], &src[0], &s)
	}
}

func strideOutputGradF32AVX512Slice(dst, src []float32, s Strips) {
	if s.inside(dst, 9, src, 5) {
		strideOutputGradF32AVX512(&dst[0], &src[0], &s)
	}
}

func strideInputGradF32AVX512Slice(dst, src []float32, s Strips) {
	if s.inside(dst, 8, src, 9) {
		strideInputGradF32AVX512(&dst[0], &src[0], &s)
	}
}

// The functions below are StrideInput and its like, N and Count being > 0.
// Those named AVX2 need AVX2 and FMA3, those named AVX512 AVX512F.

//go:noescape
func strideInputF32AVX2(dst, src *float32, s *Strips)

//go:noescape
func strideFilterF32AVX2(dst, src *float32, s *Strips)

//go:noescape
func strideOutputF32AVX2(dst, src *float32, s *Strips)

//go:noescape
func strideOutputGradF32AVX2(dst, src *float32, s *Strips)

//go:noescape
func strideInputGradF32AVX2(dst, src *float32, s *Strips)

//go:noescape
func strideInputF32AVX512(dst, src *float32, s *Strips)

//go:noescape
func strideFilterF32AVX512(dst, src *float32, s *Strips)

//go:noescape
func strideOutputF32AVX512(dst, src *float32, s *Strips)

//go:noescape
func strideOutputGradF32AVX512(dst, src *float32, s *Strips)

//go:noescape
func strideInputGradF32AVX512(dst, src *float32, s *Strips)
