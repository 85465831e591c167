//go:build !noasm

package asm

func rowsAVX2() Rows {
	return Rows{rowsConv3F32AVX2Slice, rowsConv5F32AVX2Slice, rowsInput3F32AVX2Slice, rowsInput5F32AVX2Slice, rowsGrad3F32AVX2Slice, rowsGrad5F32AVX2Slice}
}

func rowsAVX512() Rows {
	return Rows{rowsConv3F32AVX512Slice, rowsConv5F32AVX512Slice, rowsInput3F32AVX512Slice, rowsInput5F32AVX512Slice, rowsGrad3F32AVX512Slice, rowsGrad5F32AVX512Slice}
}

func rowsConv3F32AVX2Slice(blocks, taps int, dst []float32, ldd int, u, v, bias []float32, relu, past bool) {
	if rowsInside(4, 2, blocks, taps, dst, ldd, u, v, bias) {
		rowsConv3F32AVX2(blocks, taps, &dst[0], ldd, &u[0], &v[0], &bias[0], relu, past)
	}
}

func rowsConv5F32AVX2Slice(blocks, taps int, dst []float32, ldd int, u, v, bias []float32, relu, past bool) {
	if rowsInside(8, 4, blocks, taps, dst, ldd, u, v, bias) {
		rowsConv5F32AVX2(blocks, taps, &dst[0], ldd, &u[0], &v[0], &bias[0], relu, past)
	}
}

func rowsInput3F32AVX2Slice(dst, src []float32, s Strips) {
	if s.inside(dst, 4, src, 4) {
		rowsInput3F32AVX2(&dst[0], &src[0], &s)
	}
}

func rowsInput5F32AVX2Slice(dst, src []float32, s Strips) {
	if s.inside(dst, 8, src, 8) {
		rowsInput5F32AVX2(&dst[0], &src[0], &s)
	}
}

func rowsGrad3F32AVX2Slice(dst []float32, place, step int, src []float32, plane, ld, filters, rows, width int) {
	if from, ok := rowsGradInside(6, dst, place, step, src, plane, ld, filters, rows, width); ok {
		for f := 0; f < Lanes; f += 8 {
			rowsGrad3F32AVX2(rows, width, &dst[f], place, step, &src[0], ld, &from[f])
		}
	}
}

func rowsGrad5F32AVX2Slice(dst []float32, place, step int, src []float32, plane, ld, filters, rows, width int) {
	if from, ok := rowsGradInside(8, dst, place, step, src, plane, ld, filters, rows, width); ok {
		for f := 0; f < Lanes; f += 8 {
			rowsGrad5F32AVX2(rows, width, &dst[f], place, step, &src[0], ld, &from[f])
		}
	}
}

func rowsConv3F32AVX512Slice(blocks, taps int, dst []float32, ldd int, u, v, bias []float32, relu, past bool) {
	if rowsInside(4, 2, blocks, taps, dst, ldd, u, v, bias) {
		rowsConv3F32AVX512(blocks, taps, &dst[0], ldd, &u[0], &v[0], &bias[0], relu, past)
	}
}

func rowsConv5F32AVX512Slice(blocks, taps int, dst []float32, ldd int, u, v, bias []float32, relu, past bool) {
	if rowsInside(8, 4, blocks, taps, dst, ldd, u, v, bias) {
		rowsConv5F32AVX512(blocks, taps, &dst[0], ldd, &u[0], &v[0], &bias[0], relu, past)
	}
}

func rowsInput3F32AVX512Slice(dst, src []float32, s Strips) {
	if s.inside(dst, 4, src, 4) {
		rowsInput3F32AVX512(&dst[0], &src[0], &s)
	}
}

func rowsInput5F32AVX512Slice(dst, src []float32, s Strips) {
	if s.inside(dst, 8, src, 8) {
		rowsInput5F32AVX512(&dst[0], &src[0], &s)
	}
}

func rowsGrad3F32AVX512Slice(dst []float32, place, step int, src []float32, plane, ld, filters, rows, width int) {
	if from, ok := rowsGradInside(6, dst, place, step, src, plane, ld, filters, rows, width); ok {
		rowsGrad3F32AVX512(rows, width, &dst[0], place, step, &src[0], ld, &from)
	}
}

func rowsGrad5F32AVX512Slice(dst []float32, place, step int, src []float32, plane, ld, filters, rows, width int) {
	if from, ok := rowsGradInside(8, dst, place, step, src, plane, ld, filters, rows, width); ok {
		rowsGrad5F32AVX512(rows, width, &dst[0], place, step, &src[0], ld, &from)
	}
}

// The functions below are RowsConv3 and its like, blocks, N and Count being > 0.
// Those named AVX2 need AVX2 and FMA3, those named AVX512 AVX512F.

//go:noescape
func rowsConv3F32AVX2(blocks, taps int, dst *float32, ldd int, u, v, bias *float32, relu, past bool)

//go:noescape
func rowsConv5F32AVX2(blocks, taps int, dst *float32, ldd int, u, v, bias *float32, relu, past bool)

//go:noescape
func rowsInput3F32AVX2(dst, src *float32, s *Strips)

//go:noescape
func rowsInput5F32AVX2(dst, src *float32, s *Strips)

//go:noescape
func rowsGrad3F32AVX2(rows, width int, dst *float32, place, step int, src *float32, ld int, from *int)

//go:noescape
func rowsGrad5F32AVX2(rows, width int, dst *float32, place, step int, src *float32, ld int, from *int)

//go:noescape
func rowsConv3F32AVX512(blocks, taps int, dst *float32, ldd int, u, v, bias *float32, relu, past bool)

//go:noescape
func rowsConv5F32AVX512(blocks, taps int, dst *float32, ldd int, u, v, bias *float32, relu, past bool)

//go:noescape
func rowsInput3F32AVX512(dst, src *float32, s *Strips)

//go:noescape
func rowsInput5F32AVX512(dst, src *float32, s *Strips)

//go:noescape
func rowsGrad3F32AVX512(rows, width int, dst *float32, place, step int, src *float32, ld int, from *[Lanes]int)

//go:noescape
func rowsGrad5F32AVX512(rows, width int, dst *float32, place, step int, src *float32, ld int, from *[Lanes]int)

// rowsWide are the first of the constants in vectors of AVX2.
//
//lint:ignore U1000 read by assembly
var rowsWide = func() (w [6][8]float32) {
	for i, c := range rowsConstants[:len(w)] {
		for j := range w[i] {
			w[i][j] = c
		}
	}
	return w
}()

// rowsIndices interleave two registers, for VPERMI2PS and VPERMI2PD: the elements of
// their lower and upper halves, and the pairs of them.
//
//lint:ignore U1000 read by assembly
var rowsIndices = [...]uint32{
	0, 16, 1, 17, 2, 18, 3, 19, 4, 20, 5, 21, 6, 22, 7, 23,
	8, 24, 9, 25, 10, 26, 11, 27, 12, 28, 13, 29, 14, 30, 15, 31,
	0, 0, 8, 0, 1, 0, 9, 0, 2, 0, 10, 0, 3, 0, 11, 0,
	4, 0, 12, 0, 5, 0, 13, 0, 6, 0, 14, 0, 7, 0, 15, 0,
}
