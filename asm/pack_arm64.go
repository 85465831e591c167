//go:build !noasm

package asm

// packF32NEON packs four rows at a time by transposing in registers, where they
// are equally far apart; rows and steps in k that are left over go one element
// at a time.
func packF32NEON(dst, src []float32, offset []int, width, kc int) {
	dst = dst[:kc*width]
	if len(offset) < width {
		clear(dst)
	}
	blocks := kc / 4
	for i := 0; i < len(offset); i += 4 {
		first, rows := 0, offset[i:min(i+4, len(offset))] // first of the steps that are left over
		if blocks > 0 && len(rows) == 4 && rows[1]-rows[0] == rows[2]-rows[1] && rows[2]-rows[1] == rows[3]-rows[2] {
			_, _ = src[rows[0]+kc-1], src[rows[3]+kc-1]
			pack4F32NEON(blocks, &dst[i], &src[rows[0]], rows[1]-rows[0], width)
			first = 4 * blocks
		}
		for r, o := range rows {
			for k := first; k < kc; k++ {
				dst[k*width+i+r] = src[o+k]
			}
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

// packRunsF32NEON copies whole steps; what is put together from several runs is
// left to the reference.
func packRunsF32NEON(dst, src []float32, taps []int, runs []Run, width int) {
	if width != 12 || len(taps) == 0 || len(runs) != 1 || runs[0].N != 12 {
		packRunsF32Generic(dst, src, taps, runs, width)
		return
	}
	_ = dst[12*len(taps)-1]
	copyRunsF32NEON(len(taps), &dst[0], &src[runs[0].Offset], &taps[0])
}
