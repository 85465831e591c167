package asm

import (
	"math"
	"unsafe"
)

// gemmF32Generic is one tile of the reference of GemmF32.
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

// gemmF64Generic is one tile of the reference of GemmF64.
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

// gemmTiles returns the Run that a kernel of one tile, nr columns wide, which fetches nothing
// itself, and a bias with a ReLU make together: all is asked for before it begins.
func gemmTiles[T float32 | float64](tile func(rows, cols, kc int, a *T, rs, cs int, b *T, ldb int, c *T, ldc int, load bool), nr int, addRelu func(dst, src []T)) func(rows, cols, kc int, a *T, rs, cs int, b *T, step, ldb int, c *T, ldc int, load bool, bias *T, next *Fetch) {
	return func(rows, cols, kc int, a *T, rs, cs int, b *T, step, ldb int, c *T, ldc int, load bool, bias *T, next *Fetch) {
		if next != nil {
			Prefetch(*next)
			next.Count = 0
		}
		for j := 0; j < cols; j += nr {
			tile(rows, min(nr, cols-j), kc, a, rs, cs, at(b, j/nr*step), ldb, at(c, j), ldc, load)
		}
		addReluRows(rows, cols, c, ldc, bias, addRelu)
	}
}

// addReluRows adds a bias, if there is one, to each row of c and does the ReLU.
func addReluRows[T float32 | float64](rows, cols int, c *T, ldc int, bias *T, addRelu func(dst, src []T)) {
	for i := 0; i < rows && bias != nil; i++ {
		addRelu(unsafe.Slice(at(c, i*ldc), cols), unsafe.Slice(bias, cols))
	}
}

// gemmReluGrad returns the GemmReluGradF32 that a kernel and a gradient of the ReLU make
// together.
func gemmReluGrad(g Gemm[float32], grad func(dx []float32, ldx int, dy, y []float32, ld, rows, width int)) func(rows, cols, kc int, a *float32, rs, cs int, b *float32, ldb int, c *float32, ldc int, y *float32, tile []float32) {
	return func(rows, cols, kc int, a *float32, rs, cs int, b *float32, ldb int, c *float32, ldc int, y *float32, tile []float32) {
		g.Run(rows, cols, kc, a, rs, cs, b, 0, ldb, &tile[0], g.NR, false, nil, nil)
		grad(unsafe.Slice(c, (rows-1)*ldc+cols), ldc, tile, unsafe.Slice(y, (rows-1)*g.NR+cols), g.NR, rows, cols)
	}
}

// at returns the address of p[i].
func at[T any](p *T, i int) *T {
	return (*T)(unsafe.Add(unsafe.Pointer(p), uintptr(i)*unsafe.Sizeof(*p)))
}
