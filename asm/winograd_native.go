//go:build !noasm && (amd64 || arm64)

package asm

// winogradSlice checks a transform's slices, by their last elements, before its
// kernel goes over them.
func winogradSlice(kernel func(dst, src *float32, s Strips), dstRows, srcRows int) func(dst, src []float32, s Strips) {
	return func(dst, src []float32, s Strips) {
		if s.N <= 0 || s.Count <= 0 {
			return
		}
		if s.DstRow|s.DstStep|s.SrcRow|s.SrcStep < 0 || s.N%Lanes != 0 {
			panic("asm: strips of Winograd's transform run backwards, or are no whole vectors")
		}
		_ = dst[(s.Count-1)*s.DstStep+(dstRows-1)*s.DstRow+s.N-1]
		_ = src[(s.Count-1)*s.SrcStep+(srcRows-1)*s.SrcRow+s.N-1]
		kernel(&dst[0], &src[0], s)
	}
}
