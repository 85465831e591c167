package asm

// The points p and q and what the transforms need of them.
const (
	sp1, sq1 = 0.5, 1.25
	sp2, sq2 = sp1 * sp1, sq1 * sq1
	sp3, sq3 = sp1 * sp2, sq1 * sq2
	sSum     = sp2 + sq2
	sProd    = sp2 * sq2
	// The products of a point's distances from the others, inverted: of p and of q, and
	// negative of -p and of -q.
	spInv = 1 / (2 * sp1 * (sp2 - sq2))
	sqInv = 1 / (2 * sq1 * (sq2 - sp2))
)

// stridePoints puts the transform of five elements at dst[o] and dr after dr from it.
func stridePoints[T float32 | float64](dst []T, o, dr int, d0, d1, d2, d3, d4 T) {
	even, odd := fma(-sq2, d1, d3), fma(-sq2, d0, d2)
	dst[o] = fma(sp1, odd, even)
	dst[o+dr] = fma(-sp1, odd, even)
	even, odd = fma(-sp2, d1, d3), fma(-sp2, d0, d2)
	dst[o+2*dr] = fma(sq1, odd, even)
	dst[o+3*dr] = fma(-sq1, odd, even)
	dst[o+4*dr] = fma(sProd, d0, fma(-sSum, d2, d4))
}

// StrideInput is StrideInputF32 for any type.
func StrideInput[T float32 | float64](dst, src []T, s Strips) {
	s.each(func(i, o, sr, dr int) {
		stridePoints(dst, o, dr, src[i], src[i+2*sr], src[i+4*sr], src[i+6*sr], src[i+8*sr])
		for k := range 4 {
			dst[o+(5+k)*dr] = src[i+(2*k+1)*sr]
		}
	})
}

// StrideOutputGrad is StrideOutputGradF32 for any type.
func StrideOutputGrad[T float32 | float64](dst, src []T, s Strips) {
	s.each(func(i, o, sr, dr int) {
		stridePoints(dst, o, dr, src[i], src[i+sr], src[i+2*sr], src[i+3*sr], src[i+4*sr])
		for k := range 4 {
			dst[o+(5+k)*dr] = src[i+k*sr]
		}
	})
}

// StrideFilter is StrideFilterF32 for any type.
func StrideFilter[T float32 | float64](dst, src []T, s Strips) {
	s.each(func(i, o, sr, dr int) {
		g0, g2 := src[i], src[i+2*sr]
		dst[o] = fma(sp1, g2, g0) * spInv
		dst[o+dr] = fma(-sp1, g2, g0) * -spInv
		dst[o+2*dr] = fma(sq1, g2, g0) * sqInv
		dst[o+3*dr] = fma(-sq1, g2, g0) * -sqInv
		dst[o+4*dr] = g2
		dst[o+5*dr] = src[i+sr]
	})
}

// StrideOutput is StrideOutputF32 for any type.
func StrideOutput[T float32 | float64](dst, src []T, s Strips) {
	s.each(func(i, o, sr, dr int) {
		m0, m1, m2, m3 := src[i], src[i+sr], src[i+2*sr], src[i+3*sr]
		plusP, minusP, plusQ, minusQ := m0+m1, m0-m1, m2+m3, m2-m3
		dst[o] = src[i+5*sr] + plusP + plusQ
		dst[o+dr] = fma(sq1, minusQ, fma(sp1, minusP, src[i+6*sr]))
		dst[o+2*dr] = fma(sq2, plusQ, fma(sp2, plusP, src[i+7*sr]))
		dst[o+3*dr] = fma(sq3, minusQ, fma(sp3, minusP, src[i+4*sr]+src[i+8*sr]))
	})
}

// StrideInputGrad is StrideInputGradF32 for any type.
func StrideInputGrad[T float32 | float64](dst, src []T, s Strips) {
	s.each(func(i, o, sr, dr int) {
		m0, m1, m2, m3 := src[i], src[i+sr], src[i+2*sr], src[i+3*sr]
		plusP, minusP, plusQ, minusQ := m0+m1, m0-m1, m2+m3, m2-m3
		for k := range 4 {
			dst[o+2*k*dr] = src[i+(5+k)*sr]
		}
		dst[o+dr] = plusP + plusQ
		dst[o+3*dr] = fma(sq1, minusQ, T(sp1*minusP))
		dst[o+5*dr] = fma(sq2, plusQ, T(sp2*plusP))
		dst[o+7*dr] = fma(sq3, minusQ, fma(sp3, minusP, src[i+4*sr]))
	})
}

func winogradStrideReference() WinogradStride {
	return WinogradStride{StrideInput[float32], StrideFilter[float32], StrideOutput[float32], StrideOutputGrad[float32], StrideInputGrad[float32]}
}
