//go:build !noasm

package asm

func winogradNEON() Winograd {
	return Winograd{winogradInputF32NEONSlice, winogradFilterF32NEONSlice, winogradOutputF32NEONSlice, winogradOutputGradF32NEONSlice, winogradFilterGradF32NEONSlice}
}

func winogradInputF32NEONSlice(dst, src []float32, s Strips) {
	if s.inside(dst, 6, src, 6) {
		winogradInputF32NEON(&dst[0], &src[0], &s)
	}
}

func winogradFilterF32NEONSlice(dst, src []float32, s Strips) {
	if s.inside(dst, 6, src, 3) {
		winogradFilterF32NEON(&dst[0], &src[0], &s)
	}
}

func winogradOutputF32NEONSlice(dst, src []float32, s Strips) {
	if s.inside(dst, 4, src, 6) {
		winogradOutputF32NEON(&dst[0], &src[0], &s)
	}
}

func winogradOutputGradF32NEONSlice(dst, src []float32, s Strips) {
	if s.inside(dst, 6, src, 4) {
		winogradOutputGradF32NEON(&dst[0], &src[0], &s)
	}
}

func winogradFilterGradF32NEONSlice(dst, src []float32, s Strips) {
	if s.inside(dst, 3, src, 6) {
		winogradFilterGradF32NEON(&dst[0], &src[0], &s)
	}
}

// The functions below are WinogradInput and its like, N and Count being > 0.

//go:noescape
func winogradInputF32NEON(dst, src *float32, s *Strips)

//go:noescape
func winogradFilterF32NEON(dst, src *float32, s *Strips)

//go:noescape
func winogradOutputF32NEON(dst, src *float32, s *Strips)

//go:noescape
func winogradOutputGradF32NEON(dst, src *float32, s *Strips)

//go:noescape
func winogradFilterGradF32NEON(dst, src *float32, s *Strips)
