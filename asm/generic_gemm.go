package asm

import (
	"math"
	"unsafe"
)

// gemmF32Generic is the reference of GemmF32.
func gemmF32Generic(rows, cols, kc int, a *float32, rs, cs int, b *float32, ldb int, c *float32, ldc int, load bool) {
	for i := range rows {
		row := unsafe.Slice(at(c, i*ldc), cols)
		if !load {
			clear(row)
		}
		for k := range kc {
			x, bk := *at(a, i*rs+k*cs), unsafe.Slice(at(b, k*ldb), cols)
			for j, y := range bk {
				row[j] = FMA32(x, y, row[j])
			}
		}
	}
}

// gemmF64Generic is the reference of GemmF64.
func gemmF64Generic(rows, cols, kc int, a *float64, rs, cs int, b *float64, ldb int, c *float64, ldc int, load bool) {
	for i := range rows {
		row := unsafe.Slice(at(c, i*ldc), cols)
		if !load {
			clear(row)
		}
		for k := range kc {
			x, bk := *at(a, i*rs+k*cs), unsafe.Slice(at(b, k*ldb), cols)
			for j, y := range bk {
				row[j] = math.FMA(x, y, row[j])
			}
		}
	}
}

// gemmPanels returns the GemmPanelsF32 that a kernel of nr columns and a bias with a ReLU
// make together.
func gemmPanels(gemm func(rows, cols, kc int, a *float32, rs, cs int, b *float32, ldb int, c *float32, ldc int, load bool, next *Fetch), nr int, addRelu func(dst, src []float32)) func(rows, panels, kc int, a *float32, rs, cs int, b *float32, step int, c *float32, ldc int, load bool, bias *float32, next, then *Fetch) {
	return func(rows, panels, kc int, a *float32, rs, cs int, b *float32, step int, c *float32, ldc int, load bool, bias *float32, next, then *Fetch) {
		for p := range panels {
			gemm(rows, nr, kc, a, rs, cs, at(b, p*step), nr, at(c, p*nr), ldc, load, next)
			next = then
		}
		addReluRows(rows, panels*nr, c, ldc, bias, addRelu)
	}
}

// gemmPast returns the GemmPastF32 of a kernel of nr columns, tile by tile.
func gemmPast(gemm func(rows, cols, kc int, a *float32, rs, cs int, b *float32, ldb int, c *float32, ldc int, load bool, next *Fetch), nr int) func(rows, panels, kc int, a *float32, rs, cs int, b *float32, bstep, ldb int, c *float32, ldc int, next *Fetch) {
	return func(rows, panels, kc int, a *float32, rs, cs int, b *float32, bstep, ldb int, c *float32, ldc int, next *Fetch) {
		for p := range panels {
			gemm(rows, nr, kc, a, rs, cs, at(b, p*bstep), ldb, at(c, p*nr), ldc, false, next)
		}
	}
}

// addReluRows adds a bias, if there is one, to each row of c and does the ReLU.
func addReluRows(rows, cols int, c *float32, ldc int, bias *float32, addRelu func(dst, src []float32)) {
	for i := 0; i < rows && bias != nil; i++ {
		addRelu(unsafe.Slice(at(c, i*ldc), cols), unsafe.Slice(bias, cols))
	}
}

// gemmReluGrad returns the GemmReluGradF32 that a kernel of nr columns and a gradient of
// the ReLU make together.
func gemmReluGrad(gemm func(rows, cols, kc int, a *float32, rs, cs int, b *float32, ldb int, c *float32, ldc int, load bool), nr int, grad func(dx []float32, ldx int, dy, y []float32, ld, rows, width int)) func(rows, cols, kc int, a *float32, rs, cs int, b *float32, ldb int, c *float32, ldc int, y *float32, tile []float32) {
	return func(rows, cols, kc int, a *float32, rs, cs int, b *float32, ldb int, c *float32, ldc int, y *float32, tile []float32) {
		gemm(rows, cols, kc, a, rs, cs, b, ldb, &tile[0], nr, false)
		grad(unsafe.Slice(c, (rows-1)*ldc+cols), ldc, tile, unsafe.Slice(y, (rows-1)*nr+cols), nr, rows, cols)
	}
}

// at returns the address of p[i].
func at[T any](p *T, i int) *T {
	return (*T)(unsafe.Add(unsafe.Pointer(p), uintptr(i)*unsafe.Sizeof(*p)))
}
