//go:build !noasm

package asm

func winogradAVX2() Winograd {
	return Winograd{winogradInputF32AVX2Slice, winogradFilterF32AVX2Slice, winogradOutputF32AVX2Slice, winogradOutputGradF32AVX2Slice, winogradFilterGradF32AVX2Slice}
}

func winogradAVX512() Winograd {
	return Winograd{winogradInputF32AVX512Slice, winogradFilterF32AVX512Slice, winogradOutputF32AVX512Slice, winogradOutputGradF32AVX512Slice, winogradFilterGradF32AVX512Slice}
}

func winogradInputF32AVX2Slice(dst, src []float32, s Strips) {
	if s.inside(dst, 6, src, 6) {
		winogradInputF32AVX2(&dst[0], &src[0], &s)
	}
}

func winogradFilterF32AVX2Slice(dst, src []float32, s Strips) {
	if s.inside(dst, 6, src, 3) {
		winogradFilterF32AVX2(&dst[0], &src[0], &s)
	}
}

func winogradOutputF32AVX2Slice(dst, src []float32, s Strips) {
	if s.inside(dst, 4, src, 6) {
		winogradOutputF32AVX2(&dst[0], &src[0], &s)
	}
}

func winogradOutputGradF32AVX2Slice(dst, src []float32, s Strips) {
	if s.inside(dst, 6, src, 4) {
		winogradOutputGradF32AVX2(&dst[0], &src[0], &s)
	}
}

func winogradFilterGradF32AVX2Slice(dst, src []float32, s Strips) {
	if s.inside(dst, 3, src, 6) {
		winogradFilterGradF32AVX2(&dst[0], &src[0], &s)
	}
}

func winogradInputF32AVX512Slice(dst, src []float32, s Strips) {
	if s.inside(dst, 6, src, 6) {
		winogradInputF32AVX512(&dst[0], &src[0], &s)
	}
}

func winogradFilterF32AVX512Slice(dst, src []float32, s Strips) {
	if s.inside(dst, 6, src, 3) {
		winogradFilterF32AVX512(&dst[0], &src[0], &s)
	}
}

func winogradOutputF32AVX512Slice(dst, src []float32, s Strips) {
	if s.inside(dst, 4, src, 6) {
		winogradOutputF32AVX512(&dst[0], &src[0], &s)
	}
}

func winogradOutputGradF32AVX512Slice(dst, src []float32, s Strips) {
	if s.inside(dst, 6, src, 4) {
		winogradOutputGradF32AVX512(&dst[0], &src[0], &s)
	}
}

func winogradFilterGradF32AVX512Slice(dst, src []float32, s Strips) {
	if s.inside(dst, 3, src, 6) {
		winogradFilterGradF32AVX512(&dst[0], &src[0], &s)
	}
}

// The functions below are WinogradInput and its like, N and Count being > 0.
// Those named AVX2 need AVX2 and FMA3, those named AVX512 AVX512F.

//go:noescape
func winogradInputF32AVX2(dst, src *float32, s *Strips)

//go:noescape
func winogradFilterF32AVX2(dst, src *float32, s *Strips)

//go:noescape
func winogradOutputF32AVX2(dst, src *float32, s *Strips)

//go:noescape
func winogradOutputGradF32AVX2(dst, src *float32, s *Strips)

//go:noescape
func winogradFilterGradF32AVX2(dst, src *float32, s *Strips)

//go:noescape
func winogradInputF32AVX512(dst, src *float32, s *Strips)

//go:noescape
func winogradFilterF32AVX512(dst, src *float32, s *Strips)

//go:noescape
func winogradOutputF32AVX512(dst, src *float32, s *Strips)

//go:noescape
func winogradOutputGradF32AVX512(dst, src *float32, s *Strips)

//go:noescape
func winogradFilterGradF32AVX512(dst, src *float32, s *Strips)
