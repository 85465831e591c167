//go:build !noasm

package asm

import "unsafe"

// The kernels with nothing to fetch.

func gemmF32AVX512(rows, cols, kc int, a *float32, rs, cs int, b *float32, ldb int, c *float32, ldc int, load bool) {
	gemmF32AVX512x14x32(rows, cols, kc, a, rs, cs, b, ldb, c, ldc, load, nil)
}

func gemmF64AVX512(rows, cols, kc int, a *float64, rs, cs int, b *float64, ldb int, c *float64, ldc int, load bool) {
	gemmF64AVX512x14x16(rows, cols, kc, a, rs, cs, b, ldb, c, ldc, load, nil)
}

// gemmPanelByPanelF32AVX512 is gemmPanelsF32AVX512 of a single step.
var gemmPanelByPanelF32AVX512 = gemmPanels(gemmF32AVX512x14x32, 32, addReluF32AVX512)

func gemmPanelsF32AVX512(rows, panels, kc int, a *float32, rs, cs int, b *float32, step int, c *float32, ldc int, load bool, bias *float32, next, then *Fetch) {
	if kc < 2 {
		gemmPanelByPanelF32AVX512(rows, panels, kc, a, rs, cs, b, step, c, ldc, load, bias, next, then)
		return
	}
	gemmPanelsF32AVX512x14x32(rows, panels, kc, a, rs, cs, b, step, c, ldc, load, bias, next, then)
}

// gemmThenReluGradF32AVX512 does the other tiles of gemmReluGradF32AVX512.
var gemmThenReluGradF32AVX512 = gemmReluGrad(gemmF32AVX512, 32, reluGradRowsF32AVX512Slice)

// gemmReluGradF32AVX512 gives whole tiles whose rows begin with a cache line to the assembly.
func gemmReluGradF32AVX512(rows, cols, kc int, a *float32, rs, cs int, b *float32, ldb int, c *float32, ldc int, y *float32, tile []float32) {
	if cols == 32 && kc >= 2 && (uintptr(unsafe.Pointer(c))|uintptr(4*ldc))%64 == 0 {
		gemmReluGradF32AVX512x14x32(rows, kc, a, rs, cs, b, ldb, c, ldc, y)
		return
	}
	gemmThenReluGradF32AVX512(rows, cols, kc, a, rs, cs, b, ldb, c, ldc, y, tile)
}

// gemmPanelByPanelF32AVX2 is gemmPanelsF32AVX2 of few rows or panels.
var gemmPanelByPanelF32AVX2 = gemmPanels(gemmF32AVX2x6x16, 16, addReluF32AVX2)

func gemmPanelsF32AVX2(rows, panels, kc int, a *float32, rs, cs int, b *float32, step int, c *float32, ldc int, load bool, bias *float32, next, then *Fetch) {
	if rows < 6 || panels < 2 {
		gemmPanelByPanelF32AVX2(rows, panels, kc, a, rs, cs, b, step, c, ldc, load, bias, next, then)
		return
	}
	done := 0
	if next != then {
		done = 1
		gemmAcrossF32AVX2x6x16(done, kc, a, rs, cs, b, step, 16, c, ldc, load, next)
	}
	gemmAcrossF32AVX2x6x16(panels-done, kc, a, rs, cs, at(b, done*step), step, 16, at(c, done*16), ldc, load, then)
	addReluRows(rows, 16*panels, c, ldc, bias, addReluF32AVX2)
}

// gemmTilesPastF32AVX512 does the other tiles of gemmPastF32AVX512.
var gemmTilesPastF32AVX512 = gemmPast(gemmF32AVX512x14x32, 32)

// gemmPastF32AVX512 gives whole tiles whose rows begin with a cache line to the assembly.
func gemmPastF32AVX512(rows, panels, kc int, a *float32, rs, cs int, b *float32, bstep, ldb int, c *float32, ldc int, next *Fetch) {
	if rows < 11 || kc < 2 || (uintptr(unsafe.Pointer(c))|uintptr(4*ldc))%64 > 0 {
		gemmTilesPastF32AVX512(rows, panels, kc, a, rs, cs, b, bstep, ldb, c, ldc, next)
		return
	}
	for p := range panels {
		gemmPastF32AVX512x14x32(rows, 32, kc, a, rs, cs, at(b, p*bstep), ldb, at(c, p*32), ldc, false, next)
	}
}

// gemmTilesPastF32AVX2 does the other tiles of gemmPastF32AVX2.
var gemmTilesPastF32AVX2 = gemmPast(gemmF32AVX2x6x16, 16)

// gemmPastF32AVX2 gives whole tiles whose rows begin with a cache line to the assembly.
func gemmPastF32AVX2(rows, panels, kc int, a *float32, rs, cs int, b *float32, bstep, ldb int, c *float32, ldc int, next *Fetch) {
	if rows < 6 || (uintptr(unsafe.Pointer(c))|uintptr(4*ldc))%64 > 0 {
		gemmTilesPastF32AVX2(rows, panels, kc, a, rs, cs, b, bstep, ldb, c, ldc, next)
		return
	}
	gemmPastF32AVX2x6x16(panels, kc, a, rs, cs, b, bstep, ldb, c, ldc, false, next)
}

func gemmF32AVX2(rows, cols, kc int, a *float32, rs, cs int, b *float32, ldb int, c *float32, ldc int, load bool) {
	gemmF32AVX2x6x16(rows, cols, kc, a, rs, cs, b, ldb, c, ldc, load, nil)
}

func gemmF64AVX2(rows, cols, kc int, a *float64, rs, cs int, b *float64, ldb int, c *float64, ldc int, load bool) {
	gemmF64AVX2x6x8(rows, cols, kc, a, rs, cs, b, ldb, c, ldc, load, nil)
}
