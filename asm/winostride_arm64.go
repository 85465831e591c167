//go:build !noasm

package asm

func winogradStrideNEON() WinogradStride {
	return WinogradStride{strideInputF32NEONSlice, strideFilterF32NEONSlice, strideOutputF32NEONSlice, strideOutputGradF32NEONSlice, strideInputGradF32NEONSlice}
}

func strideInputF32NEONSlice(dst, src []float32, s Strips) {
	if s.inside(dst, 9, src, 9) {
		strideInputF32NEON(&dst[0], &src[0], &s)
	}
}

func strideFilterF32NEONSlice(dst, src []float32, s Strips) {
	if s.inside(dst, 6, src, 3) {
		strideFilterF32NEON(&dst[0], &src[0], &s)
	}
}

func strideOutputF32NEONSlice(dst, src []float32, s Strips) {
	if s.inside(dst, 4, src, 9) {
		strideOutputF32NEON(&dst[0], &src[0], &s)
	}
}

func strideOutputGradF32NEONSlice(dst, src []float32, s Strips) {
	if s.inside(dst, 9, src, 5) {
		strideOutputGradF32NEON(&dst[0], &src[0], &s)
	}
}

func strideInputGradF32NEONSlice(dst, src []float32, s Strips) {
	if s.inside(dst, 8, src, 9) {
		strideInputGradF32NEON(&dst[0], &src[0], &s)
	}
}

// The functions below are StrideInput and its like, N and Count being > 0.

//go:noescape
func strideInputF32NEON(dst, src *float32, s *Strips)

//go:noescape
func strideFilterF32NEON(dst, src *float32, s *Strips)

//go:noescape
func strideOutputF32NEON(dst, src *float32, s *Strips)

//go:noescape
func strideOutputGradF32NEON(dst, src *float32, s *Strips)

//go:noescape
func strideInputGradF32NEON(dst, src *float32, s *Strips)
