package asm

// The points of five taps are 0, +-1/2, +-1, +-2: rp, 1, rq. rSum and rProd are the
// symmetric functions of all squares, sum and product those of all but one.
const (
	rp, rq   = 0.5, 2.0
	rp2, rq2 = rp * rp, rq * rq
	rSum     = rp2 + 1 + rq2 // also that of the products of two
	rpSum    = 1 + rq2       // but of p
	roSum    = rp2 + rq2     // but of 1
	rqSum    = rp2 + 1       // but of q
	rpProd   = rq2           // the same for products
	rqProd   = rp2           // (that but of 1 is 1)
)

// RowsInput3 is RowsInput3F32 for any type.
func RowsInput3[T float32 | float64](dst, src []T, s Strips) {
	s.each(func(i, o, sr, dr int) {
		d0, d1, d2, d3 := src[i], src[i+sr], src[i+2*sr], src[i+3*sr]
		dst[o] = d2 - d0
		dst[o+dr] = d2 + d1
		dst[o+2*dr] = d2 - d1
		dst[o+3*dr] = d3 - d1
	})
}

// RowsInput5 is RowsInput5F32 for any type.
func RowsInput5[T float32 | float64](dst, src []T, s Strips) {
	s.each(func(i, o, sr, dr int) {
		d0, d1, d2, d3 := src[i], src[i+sr], src[i+2*sr], src[i+3*sr]
		d4, d5, d6, d7 := src[i+4*sr], src[i+5*sr], src[i+6*sr], src[i+7*sr]
		dst[o] = fma(rSum, d2, fma(-rSum, d4, d6)) - d0
		even, odd := fma(rpProd, d2, fma(-rpSum, d4, d6)), fma(rpProd, d1, fma(-rpSum, d3, d5))
		dst[o+dr] = fma(rp, odd, even)
		dst[o+2*dr] = fma(-rp, odd, even)
		even, odd = fma(-roSum, d4, d6)+d2, fma(-roSum, d3, d5)+d1
		dst[o+3*dr] = even + odd
		dst[o+4*dr] = even - odd
		even, odd = fma(rqProd, d2, fma(-rqSum, d4, d6)), fma(rqProd, d1, fma(-rqSum, d3, d5))
		dst[o+5*dr] = fma(rq, odd, even)
		dst[o+6*dr] = fma(-rq, odd, even)
		dst[o+7*dr] = fma(rSum, d3, fma(-rSum, d5, d7)) - d1
	})
}

// RowsOutputGrad5 is the transform of RowsGrad5: 8 from 4.
func RowsOutputGrad5[T float32 | float64](dst, src []T, s Strips) {
	s.each(func(i, o, sr, dr int) {
		y0, y1, y2, y3 := src[i], src[i+sr], src[i+2*sr], src[i+3*sr]
		dst[o] = y0
		even, odd := fma(rp2, y2, y0), fma(rp2, y3, y1)
		dst[o+dr] = fma(rp, odd, even)
		dst[o+2*dr] = fma(-rp, odd, even)
		even, odd = y0+y2, y1+y3
		dst[o+3*dr] = even + odd
		dst[o+4*dr] = even - odd
		even, odd = fma(rq2, y2, y0), fma(rq2, y3, y1)
		dst[o+5*dr] = fma(rq, odd, even)
		dst[o+6*dr] = fma(-rq, odd, even)
		dst[o+7*dr] = y3
	})
}

// RowsGrad3 is RowsGrad3F32 for any type.
func RowsGrad3[T float32 | float64](dst []T, place, step int, src []T, plane, ld, filters, rows, width int) {
	rowsGrad(6, dst, place, step, src, plane, ld, filters, rows, width)
}

// RowsGrad5 is RowsGrad5F32 for any type.
func RowsGrad5[T float32 | float64](dst []T, place, step int, src []T, plane, ld, filters, rows, width int) {
	rowsGrad(8, dst, place, step, src, plane, ld, filters, rows, width)
}

func rowsGrad[T float32 | float64](places int, dst []T, place, step int, src []T, plane, ld, filters, rows, width int) {
	tiles := (width + 3) / 4
	for r := range rows {
		for i := range tiles {
			for f := range Lanes {
				var y [4]T
				copy(y[:], src[min(f, filters-1)*plane+r*ld:][:width][4*i:])
				to, s := dst[(r*tiles+i)*step+f:], Strips{DstRow: place, SrcRow: 1, N: 1, Count: 1}
				if places == 6 {
					WinogradOutputGrad(to, y[:], s)
				} else {
					RowsOutputGrad5(to, y[:], s)
				}
			}
		}
	}
}

// RowsConv3 is RowsConv3F32 for any type.
func RowsConv3[T float32 | float64](blocks, taps int, dst []T, ldd int, u, v, bias []T, relu, _ bool) {
	rowsConv(4, 2, rowsOutput3[T], blocks, taps, dst, ldd, u, v, bias, relu)
}

// RowsConv5 is RowsConv5F32 for any type.
func RowsConv5[T float32 | float64](blocks, taps int, dst []T, ldd int, u, v, bias []T, relu, _ bool) {
	rowsConv(8, 4, rowsOutput5[T], blocks, taps, dst, ldd, u, v, bias, relu)
}

func rowsOutput3[T float32 | float64](m [8]T) (y [4]T) {
	y[0] = m[0] + (m[1] + m[2])
	y[1] = (m[1] - m[2]) + m[3]
	return y
}

func rowsOutput5[T float32 | float64](m [8]T) (y [4]T) {
	sp, dp, so, do, sq, dq := m[1]+m[2], m[1]-m[2], m[3]+m[4], m[3]-m[4], m[5]+m[6], m[5]-m[6]
	y[0] = m[0] + sp + so + sq
	y[1] = fma(rq, dq, T(rp*dp)+do)
	y[2] = fma(rq2, sq, T(rp2*sp)+so)
	y[3] = fma(rq*rq2, dq, fma(rp*rp2, dp, m[7])+do)
	return y
}

func rowsConv[T float32 | float64](places, tile int, output func(m [8]T) [4]T, blocks, taps int, dst []T, ldd int, u, v, bias []T, relu bool) {
	filters := RowsStep / places
	for f := range filters {
		for b := range blocks {
			y := dst[f*ldd+b*Lanes*tile:][:Lanes*tile]
			for i := range Lanes {
				var m [8]T
				for t := range taps {
					for p := range places {
						m[p] = fma(u[t*RowsStep+p*filters+f], v[((b*taps+t)*places+p)*Lanes+i], m[p])
					}
				}
				out := output(m)
				for j, r := range out[:tile] {
					r += bias[f]
					if relu && !(r > 0) {
						r = 0
					}
					y[i*tile+j] = r
				}
			}
		}
	}
}
