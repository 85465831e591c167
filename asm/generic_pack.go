package asm

func packF32Generic(dst, src []float32, ld, rows, width, kc int) {
	dst = dst[:kc*width]
	if rows < width {
		clear(dst)
	}
	for i := range rows {
		for k, x := range src[i*ld:][:kc] {
			dst[k*width+i] = x
		}
	}
}

func copyRowsF32Generic(dst, src []float32, ld, width, kc int) {
	for k := range kc {
		copy(dst[k*width:][:width], src[k*ld:])
	}
}

func copyRunsF32Generic(dst, src []float32, offset []int, width int) {
	for k, o := range offset {
		copy(dst[k*width:][:width], src[o:])
	}
}
