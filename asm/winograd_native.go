//go:build !noasm && (amd64 || arm64)

package asm

// winograd holds the constants of generic_winograd.go in the order of
// winograd_amd64.h and winograd_f32_neon_arm64.s, in whole vectors of NEON.
//
//lint:ignore U1000 read by assembly
var winograd = [16]float32{
	wp1, wp2, wp3, wq1, wq2, wq3, wSum, wProd, w0, wp, wq,
	wp1 * wp, wp2 * wp, wq1 * wq, wq2 * wq,
}

// inside says whether there is anything to transform, and panics where a strip
// would leave its slice: a kernel looks no more.
func (s *Strips) inside(dst []float32, dstRows int, src []float32, srcRows int) bool {
	if s.N <= 0 || s.Count <= 0 {
		return false
	}
	if s.DstRow|s.DstStep|s.SrcRow|s.SrcStep < 0 || s.N%Lanes != 0 {
		panic("asm: strips of Winograd's transform run backwards, or are no whole vectors")
	}
	_ = dst[(s.Count-1)*s.DstStep+(dstRows-1)*s.DstRow+s.N-1]
	_ = src[(s.Count-1)*s.SrcStep+(srcRows-1)*s.SrcRow+s.N-1]
	return true
}
