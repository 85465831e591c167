//go:build !noasm

package asm

func rowsNEON() Rows {
	return Rows{rowsConv3F32NEONSlice, rowsConv5F32NEONSlice, rowsInput3F32NEONSlice, rowsInput5F32NEONSlice, rowsGrad3F32NEONSlice, rowsGrad5F32NEONSlice}
}

func rowsConv3F32NEONSlice(blocks, taps int, dst []float32, ldd int, u, v, bias []float32, relu, _ bool) {
	if rowsInside(4, 2, blocks, taps, dst, ldd, u, v, bias) {
		rowsConv3F32NEON(blocks, taps, &dst[0], ldd, &u[0], &v[0], &bias[0], relu)
	}
}

func rowsConv5F32NEONSlice(blocks, taps int, dst []float32, ldd int, u, v, bias []float32, relu, _ bool) {
	if rowsInside(8, 4, blocks, taps, dst, ldd, u, v, bias) {
		rowsConv5F32NEON(blocks, taps, &dst[0], ldd, &u[0], &v[0], &bias[0], relu)
	}
}

func rowsInput3F32NEONSlice(dst, src []float32, s Strips) {
	if s.inside(dst, 4, src, 4) {
		rowsInput3F32NEON(&dst[0], &src[0], &s)
	}
}

func rowsInput5F32NEONSlice(dst, src []float32, s Strips) {
	if s.inside(dst, 8, src, 8) {
		rowsInput5F32NEON(&dst[0], &src[0], &s)
	}
}

func rowsGrad3F32NEONSlice(dst []float32, place, step int, src []float32, plane, ld, filters, rows, width int) {
	rowsGradNEON(6, dst, place, step, src, plane, ld, filters, rows, width)
}

func rowsGrad5F32NEONSlice(dst []float32, place, step int, src []float32, plane, ld, filters, rows, width int) {
	rowsGradNEON(8, dst, place, step, src, plane, ld, filters, rows, width)
}

// rowsGradNEON is RowsGrad by a transpose, of some outputs of a row at a time, and a
// transform of strips.
func rowsGradNEON(places int, dst []float32, place, step int, src []float32, plane, ld, filters, rows, width int) {
	if _, ok := rowsGradInside(places, dst, place, step, src, plane, ld, filters, rows, width); !ok {
		return
	}
	const wide = 64
	var y [wide * Lanes]float32
	s := Strips{DstRow: place, DstStep: step, SrcRow: Lanes, SrcStep: 4 * Lanes, N: Lanes}
	for r, at := 0, 0; r < rows; r++ {
		for x := 0; x < width; x += wide {
			n := min(wide, width-x)
			rowsTranspose(y[:], Lanes, src[r*ld+x:], plane, filters, n)
			for f := filters; f < Lanes; f++ {
				for i := range n {
					y[i*Lanes+f] = y[i*Lanes+filters-1]
				}
			}
			s.Count = (n + 3) / 4
			clear(y[n*Lanes : s.Count*4*Lanes])
			if places == 6 {
				winogradOutputGradF32NEON(&dst[at], &y[0], &s)
			} else {
				rowsOutputGrad5F32NEON(&dst[at], &y[0], &s)
			}
			at += s.Count * step
		}
	}
}

// rowsTranspose is TransposeF32, for memory on the stack: it lets nothing escape.
func rowsTranspose(dst []float32, ldd int, src []float32, lds, rows, cols int) {
	high, wide := rows/4*4, cols/4*4
	if wide == 0 {
		high = 0
	}
	for r := 0; r < high; r += 4 {
		pack4F32NEON(wide/4, &dst[r], &src[r*lds], lds, ldd)
	}
	for r := range rows {
		c := wide
		if r >= high {
			c = 0
		}
		for ; c < cols; c++ {
			dst[c*ldd+r] = src[r*lds+c]
		}
	}
}

// The functions below are RowsConv3 and its like, blocks, N and Count being > 0.

//go:noescape
func rowsConv3F32NEON(blocks, taps int, dst *float32, ldd int, u, v, bias *float32, relu bool)

//go:noescape
func rowsConv5F32NEON(blocks, taps int, dst *float32, ldd int, u, v, bias *float32, relu bool)

//go:noescape
func rowsInput3F32NEON(dst, src *float32, s *Strips)

//go:noescape
func rowsInput5F32NEON(dst, src *float32, s *Strips)

//go:noescape
func rowsOutputGrad5F32NEON(dst, src *float32, s *Strips)
