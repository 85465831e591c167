//go:build !noasm

package asm

import "unsafe"

// gemmF32NEON gives whole tiles to the assembly and cuts others out of a tile on the stack.
func gemmF32NEON(rows, cols, kc int, a *float32, _, _ int, b *float32, ldb int, c *float32, ldc int, load bool) {
	const mr, nr = 8, 12
	if rows == mr && cols == nr {
		gemmF32NEONx8x12(kc, a, b, ldb, c, ldc, load)
		return
	}
	var tile [mr * nr]float32
	if load {
		copyTile(rows, cols, &tile[0], nr, c, ldc)
	}
	gemmF32NEONx8x12(kc, a, b, ldb, &tile[0], nr, load)
	copyTile(rows, cols, c, ldc, &tile[0], nr)
}

// gemmF64NEON is gemmF32NEON for float64.
func gemmF64NEON(rows, cols, kc int, a *float64, _, _ int, b *float64, ldb int, c *float64, ldc int, load bool) {
	const mr, nr = 8, 6
	if rows == mr && cols == nr {
		gemmF64NEONx8x6(kc, a, b, ldb, c, ldc, load)
		return
	}
	var tile [mr * nr]float64
	if load {
		copyTile(rows, cols, &tile[0], nr, c, ldc)
	}
	gemmF64NEONx8x6(kc, a, b, ldb, &tile[0], nr, load)
	copyTile(rows, cols, c, ldc, &tile[0], nr)
}

func copyTile[T any](rows, cols int, dst *T, ldd int, src *T, lds int) {
	for i := range rows {
		copy(unsafe.Slice(at(dst, i*ldd), cols), unsafe.Slice(at(src, i*lds), cols))
	}
}
