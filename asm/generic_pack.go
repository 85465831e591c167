package asm

// Run is a stretch of neighbours in a step of a panel: its elements At to
// At+N-1 come from the source, from Offset on.
type Run struct{ At, N, Offset int }

func packF32Generic(dst, src []float32, offset []int, width, kc int) {
	packGeneric(dst, src, offset, width, kc)
}

func packF64Generic(dst, src []float64, offset []int, width, kc int) {
	packGeneric(dst, src, offset, width, kc)
}

func packGeneric[T any](dst, src []T, offset []int, width, kc int) {
	dst = dst[:kc*width]
	if len(offset) < width {
		clear(dst)
	}
	for i, o := range offset {
		for k, x := range src[o:][:kc] {
			dst[k*width+i] = x
		}
	}
}

func copyRowsF32Generic(dst []float32, ldd int, src []float32, ld, width, kc int) {
	for k := range kc {
		copy(dst[k*ldd:][:width], src[k*ld:])
	}
}

func packRunsF32Generic(dst, src []float32, taps []int, runs []Run, width int) {
	for t, tap := range taps {
		step := dst[t*width:][:width]
		clear(step)
		for _, r := range runs {
			copy(step[r.At:][:r.N], src[tap+r.Offset:])
		}
	}
}

func padRowsF32Generic(dst, src []float32, rows, ldd, lds, zeros, n, width int) {
	for r := range rows {
		row := dst[r*ldd:][:width]
		clear(row[:zeros])
		copy(row[zeros:], src[r*lds:][:n])
		clear(row[zeros+n:])
	}
}

func transposeF32Generic(dst []float32, ldd int, src []float32, lds, rows, cols int) {
	for r := range rows {
		for c, x := range src[r*lds:][:cols] {
			dst[c*ldd+r] = x
		}
	}
}

func takeSecondF32Generic(dst, src []float32, rows, ldd, lds, n int) {
	for r := range rows {
		row := src[r*lds:]
		for i := range dst[r*ldd:][:n] {
			dst[r*ldd+i] = row[2*i]
		}
	}
}

func putSecondF32Generic(dst, src []float32, rows, ldd, lds, n int) {
	for r := range rows {
		row := dst[r*ldd:]
		for i, x := range src[r*lds:][:n] {
			row[2*i] = x
		}
	}
}
