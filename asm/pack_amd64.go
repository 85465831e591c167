//go:build !noasm

package asm

// packF32AVX2 packs whole panels, whose width is that of this path's kernels,
// by transposing in registers, and leaves the rest to the reference.
func packF32AVX2(dst, src []float32, ld, rows, width, kc int) {
	blocks := kc / 8
	if rows < width || blocks == 0 || width != 6 && width%8 != 0 {
		packF32Generic(dst, src, ld, rows, width, kc)
		return
	}
	_, _ = dst[kc*width-1], src[(rows-1)*ld+kc-1]
	if width == 6 {
		pack6F32AVX2(blocks, &dst[0], &src[0], ld, width)
	} else {
		for i := 0; i < width; i += 8 {
			pack8F32AVX2(blocks, &dst[i], &src[i*ld], ld, width)
		}
	}
	if k := 8 * blocks; k < kc {
		packF32Generic(dst[k*width:], src[k:], ld, rows, width, kc-k)
	}
}

func copyRowsF32AVX2Slice(dst, src []float32, ld, width, kc int) {
	if width != 16 || kc == 0 {
		copyRowsF32Generic(dst, src, ld, width, kc)
		return
	}
	_, _ = dst[16*kc-1], src[(kc-1)*ld+15]
	copyRowsF32AVX2(kc, &dst[0], &src[0], ld)
}

func copyRunsF32AVX2Slice(dst, src []float32, offset []int, width int) {
	if width != 16 || len(offset) == 0 {
		copyRunsF32Generic(dst, src, offset, width)
		return
	}
	_, _ = dst[16*len(offset)-1], src[offset[len(offset)-1]+15]
	copyRunsF32AVX2(len(offset), &dst[0], &src[0], &offset[0])
}
