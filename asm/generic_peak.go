package asm

import (
	"math"
	"unsafe"
)

// peakF32Generic is the reference of PeakF32, of 8 chains.
func peakF32Generic(turns int, acc *float32, x, y float32) {
	a := (*[8]float32)(unsafe.Pointer(acc))
	for range turns {
		for i := range a {
			a[i] = FMA32(x, y, a[i])
		}
	}
}

// peakF64Generic is the reference of PeakF64, of 8 chains, in variables of
// their own so that the compiler keeps them in registers.
func peakF64Generic(turns int, acc *float64, x, y float64) {
	a := (*[8]float64)(unsafe.Pointer(acc))
	a0, a1, a2, a3, a4, a5, a6, a7 := a[0], a[1], a[2], a[3], a[4], a[5], a[6], a[7]
	for range turns {
		a0, a1, a2, a3 = math.FMA(x, y, a0), math.FMA(x, y, a1), math.FMA(x, y, a2), math.FMA(x, y, a3)
		a4, a5, a6, a7 = math.FMA(x, y, a4), math.FMA(x, y, a5), math.FMA(x, y, a6), math.FMA(x, y, a7)
	}
	*a = [8]float64{a0, a1, a2, a3, a4, a5, a6, a7}
}

func copyF32Generic(dst, src []float32) {
	src = src[:len(dst)]
	for i := range dst {
		dst[i] = src[i]
	}
}
