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

// peakF64Generic is the reference of PeakF64, of 8 chains.
func peakF64Generic(turns int, acc *float64, x, y float64) {
	a := (*[8]float64)(unsafe.Pointer(acc))
	for range turns {
		for i := range a {
			a[i] = math.FMA(x, y, a[i])
		}
	}
}

func copyF32Generic(dst, src []float32) {
	src = src[:len(dst)]
	for i := range dst {
		dst[i] = src[i]
	}
}
