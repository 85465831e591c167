package asm

import "math"

// The points p and q and what the transforms need of them.
const (
	wp1, wq1 = 0.75, 1.5
	wp2, wq2 = wp1 * wp1, wq1 * wq1
	wp3, wq3 = wp1 * wp2, wq1 * wq2
	wSum     = wp2 + wq2
	wProd    = wp2 * wq2
	// The products of a point's distances from the others, inverted: of 0, of
	// either p and of either q.
	w0 = 1 / wProd
	wp = 1 / (2 * wp2 * (wp2 - wq2))
	wq = 1 / (2 * wq2 * (wq2 - wp2))
)

func fma[T float32 | float64](x, y, z T) T {
	switch x := any(x).(type) {
	case float32:
		return T(FMA32(x, float32(y), float32(z)))
	case float64:
		return T(math.FMA(x, float64(y), float64(z)))
	}
	panic("asm: fma of no float")
}

// WinogradInput is InputF32 for any type.
func WinogradInput[T float32 | float64](dst, src []T, s Strips) {
	s.each(func(i, o, sr, dr int) {
		d0, d1, d2, d3, d4, d5 := src[i], src[i+sr], src[i+2*sr], src[i+3*sr], src[i+4*sr], src[i+5*sr]
		even, odd := fma(-wq2, d2, d4), fma(-wq2, d1, d3)
		dst[o] = fma(wProd, d0, fma(-wSum, d2, d4))
		dst[o+dr] = fma(wp1, odd, even)
		dst[o+2*dr] = fma(-wp1, odd, even)
		even, odd = fma(-wp2, d2, d4), fma(-wp2, d1, d3)
		dst[o+3*dr] = fma(wq1, odd, even)
		dst[o+4*dr] = fma(-wq1, odd, even)
		dst[o+5*dr] = fma(wProd, d1, fma(-wSum, d3, d5))
	})
}

// WinogradFilter is FilterF32 for any type.
func WinogradFilter[T float32 | float64](dst, src []T, s Strips) {
	s.each(func(i, o, sr, dr int) {
		g0, g1, g2 := src[i], src[i+sr], src[i+2*sr]
		dst[o] = g0 * w0
		even := fma(wp2, g2, g0)
		dst[o+dr] = fma(wp1, g1, even) * wp
		dst[o+2*dr] = fma(-wp1, g1, even) * wp
		even = fma(wq2, g2, g0)
		dst[o+3*dr] = fma(wq1, g1, even) * wq
		dst[o+4*dr] = fma(-wq1, g1, even) * wq
		dst[o+5*dr] = g2
	})
}

// WinogradOutput is OutputF32 for any type.
func WinogradOutput[T float32 | float64](dst, src []T, s Strips) {
	s.each(func(i, o, sr, dr int) {
		m1, m2, m3, m4 := src[i+sr], src[i+2*sr], src[i+3*sr], src[i+4*sr]
		sp, dp, sq, dq := m1+m2, m1-m2, m3+m4, m3-m4
		dst[o] = src[i] + sp + sq
		dst[o+dr] = fma(wq1, dq, T(wp1*dp))
		dst[o+2*dr] = fma(wq2, sq, T(wp2*sp))
		dst[o+3*dr] = fma(wq3, dq, fma(wp3, dp, src[i+5*sr]))
	})
}

// WinogradOutputGrad is OutputGradF32 for any type.
func WinogradOutputGrad[T float32 | float64](dst, src []T, s Strips) {
	s.each(func(i, o, sr, dr int) {
		y0, y1, y2, y3 := src[i], src[i+sr], src[i+2*sr], src[i+3*sr]
		dst[o] = y0
		even, odd := fma(wp2, y2, y0), fma(wp2, y3, y1)
		dst[o+dr] = fma(wp1, odd, even)
		dst[o+2*dr] = fma(-wp1, odd, even)
		even, odd = fma(wq2, y2, y0), fma(wq2, y3, y1)
		dst[o+3*dr] = fma(wq1, odd, even)
		dst[o+4*dr] = fma(-wq1, odd, even)
		dst[o+5*dr] = y3
	})
}

// WinogradFilterGrad is FilterGradF32 for any type.
func WinogradFilterGrad[T float32 | float64](dst, src []T, s Strips) {
	s.each(func(i, o, sr, dr int) {
		m1, m2, m3, m4 := src[i+sr], src[i+2*sr], src[i+3*sr], src[i+4*sr]
		sp, dp, sq, dq := m1+m2, m1-m2, m3+m4, m3-m4
		dst[o] = fma(wq, sq, fma(wp, sp, T(src[i]*w0)))
		dst[o+dr] = fma(wq1*wq, dq, T(wp1*wp*dp))
		dst[o+2*dr] = fma(wq2*wq, sq, fma(wp2*wp, sp, src[i+5*sr]))
	})
}

// each calls f with the places of the first row, i in the source and o in the
// result, of every element, and the distances of the rows.
func (s Strips) each(f func(i, o, sr, dr int)) {
	for c := range s.Count {
		for j := range s.N {
			f(c*s.SrcStep+j, c*s.DstStep+j, s.SrcRow, s.DstRow)
		}
	}
}

func winogradReference() Winograd {
	return Winograd{WinogradInput[float32], WinogradFilter[float32], WinogradOutput[float32], WinogradOutputGrad[float32], WinogradFilterGrad[float32]}
}
