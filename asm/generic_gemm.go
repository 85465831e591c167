package asm

import (
	"math"
	"unsafe"
)

// gemmF32Generic is the reference of GemmF32, on a 4 x 8 tile.
func gemmF32Generic(kc int, a, b *float32, ldb int, c *float32, ldc int, load bool) {
	const mr, nr = 4, 8
	var acc [mr][nr]float32
	for i := range mr {
		if load {
			copy(acc[i][:], unsafe.Slice(at(c, i*ldc), nr))
		}
	}
	pa := unsafe.Slice(a, kc*mr)
	for k := range kc {
		ak, bk := pa[k*mr:][:mr], unsafe.Slice(at(b, k*ldb), nr)
		for i, x := range ak {
			row := &acc[i]
			for j, y := range bk {
				row[j] = FMA32(x, y, row[j])
			}
		}
	}
	for i := range mr {
		copy(unsafe.Slice(at(c, i*ldc), nr), acc[i][:])
	}
}

// gemmF64Generic is the reference of GemmF64, on a 4 x 4 tile.
func gemmF64Generic(kc int, a, b *float64, ldb int, c *float64, ldc int, load bool) {
	const mr, nr = 4, 4
	var acc [mr][nr]float64
	for i := range mr {
		if load {
			copy(acc[i][:], unsafe.Slice(at(c, i*ldc), nr))
		}
	}
	pa := unsafe.Slice(a, kc*mr)
	for k := range kc {
		ak, bk := pa[k*mr:][:mr], unsafe.Slice(at(b, k*ldb), nr)
		for i, x := range ak {
			row := &acc[i]
			for j, y := range bk {
				row[j] = math.FMA(x, y, row[j])
			}
		}
	}
	for i := range mr {
		copy(unsafe.Slice(at(c, i*ldc), nr), acc[i][:])
	}
}

// at returns the address of p[i].
func at[T any](p *T, i int) *T {
	return (*T)(unsafe.Add(unsafe.Pointer(p), uintptr(i)*unsafe.Sizeof(*p)))
}
