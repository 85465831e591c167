//go:build !noasm

package asm

// winograd holds the constants of generic_winograd.go in the order of
// winograd_f32_neon_arm64.s.
//
//lint:ignore U1000 read by assembly
var winograd = [16]float32{
	wp1, wp2, wp3, wq1, wq2, wq3, wSum, wProd, w0, wp, wq,
	wp1 * wp, wp2 * wp, wq1 * wq, wq2 * wq,
}

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
