//go:build !noasm

package asm

// packF32NEON packs four rows at a time by transposing in registers; rows and
// steps in k that are left over go one element at a time.
func packF32NEON(dst, src []float32, ld, rows, width, kc int) {
	blocks, quads := kc/4, rows/4
	if blocks == 0 || quads == 0 {
		packF32Generic(dst, src, ld, rows, width, kc)
		return
	}
	dst = dst[:kc*width]
	_ = src[(rows-1)*ld+kc-1]
	if rows < width {
		clear(dst)
	}
	for i := 0; i < 4*quads; i += 4 {
		pack4F32NEON(blocks, &dst[i], &src[i*ld], ld, width)
	}
	for i := range rows {
		first := 0 // of the steps that are left over
		if i < 4*quads {
			first = 4 * blocks
		}
		for k := first; k < kc; k++ {
			dst[k*width+i] = src[i*ld+k]
		}
	}
}

func copyRowsF32NEONSlice(dst, src []float32, ld, width, kc int) {
	if width != 12 || kc == 0 {
		copyRowsF32Generic(dst, src, ld, width, kc)
		return
	}
	_, _ = dst[12*kc-1], src[(kc-1)*ld+11]
	copyRowsF32NEON(kc, &dst[0], &src[0], ld)
}

func copyRunsF32NEONSlice(dst, src []float32, offset []int, width int) {
	if width != 12 || len(offset) == 0 {
		copyRunsF32Generic(dst, src, offset, width)
		return
	}
	_, _ = dst[12*len(offset)-1], src[offset[len(offset)-1]+11]
	copyRunsF32NEON(len(offset), &dst[0], &src[0], &offset[0])
}
