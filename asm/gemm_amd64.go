//go:build !noasm

package asm

import "unsafe"

// onLines reports whether the rows of c begin with cache lines.
func onLines[T float32 | float64](c *T, ldc int) bool {
	return (uintptr(unsafe.Pointer(c))|uintptr(ldc)*unsafe.Sizeof(*c))%64 == 0
}

// gemmThenReluGradF32AVX512 does the other tiles of gemmReluGradF32AVX512.
var gemmThenReluGradF32AVX512 = gemmReluGrad(Gemm[float32]{NR: 32, Run: gemmF32AVX512x14x32}, reluGradRowsF32AVX512Slice)

// gemmReluGradF32AVX512 gives whole tiles whose rows begin with a cache line to the assembly.
func gemmReluGradF32AVX512(rows, cols, kc int, a *float32, rs, cs int, b *float32, ldb int, c *float32, ldc int, y *float32, tile []float32) {
	if cols == 32 && kc >= 2 && onLines(c, ldc) {
		gemmReluGradF32AVX512x14x32(rows, kc, a, rs, cs, b, ldb, c, ldc, y)
		return
	}
	gemmThenReluGradF32AVX512(rows, cols, kc, a, rs, cs, b, ldb, c, ldc, y, tile)
}

func gemmF32AVX2(rows, cols, kc int, a *float32, rs, cs int, b *float32, step, ldb int, c *float32, ldc int, load bool, bias *float32, next *Fetch) {
	for i, h := 0, 0; i < rows; i += h {
		h = heightAVX2(rows - i)
		gemmF32AVX2x6x16(h, cols, kc, at(a, i*rs), rs, cs, b, step, ldb, at(c, i*ldc), ldc, load, next)
	}
	addReluRows(rows, cols, c, ldc, bias, addReluF32AVX2)
}

func gemmF64AVX2(rows, cols, kc int, a *float64, rs, cs int, b *float64, step, ldb int, c *float64, ldc int, load bool, bias *float64, next *Fetch) {
	for i, h := 0, 0; i < rows; i += h {
		h = heightAVX2(rows - i)
		gemmF64AVX2x6x8(h, cols, kc, at(a, i*rs), rs, cs, b, step, ldb, at(c, i*ldc), ldc, load, next)
	}
	addReluRows(rows, cols, c, ldc, bias, addReluGeneric)
}

// heightAVX2 returns the height of the first tile of so many rows, the last two being about equal.
func heightAVX2(rows int) int {
	if rows <= 6 {
		return rows
	}
	return min(6, (rows+1)/2)
}

// gemmRun is the type of Gemm.Run.
type gemmRun[T float32 | float64] func(rows, cols, kc int, a *T, rs, cs int, b *T, step, ldb int, c *T, ldc int, load bool, bias *T, next *Fetch)

// withPast adds a RunPast to g, which gives whole tiles that begin with cache lines to past. Of
// rows it wants at least so many, the fewest that past has code for.
func withPast[T float32 | float64](g Gemm[T], least int, past gemmRun[T]) Gemm[T] {
	g.RunPast = func(rows, cols, kc int, a *T, rs, cs int, b *T, step, ldb int, c *T, ldc int, next *Fetch) {
		whole := cols - cols%g.NR
		if rows < least || kc < 2 || !onLines(c, ldc) {
			whole = 0
		}
		if whole > 0 {
			past(rows, whole, kc, a, rs, cs, b, step, ldb, c, ldc, false, nil, next)
		}
		if whole < cols {
			g.Run(rows, cols-whole, kc, a, rs, cs, at(b, whole/g.NR*step), step, ldb, at(c, whole), ldc, false, nil, next)
		}
	}
	return g
}

func gemmPastF32AVX2(rows, cols, kc int, a *float32, rs, cs int, b *float32, step, ldb int, c *float32, ldc int, load bool, _ *float32, next *Fetch) {
	gemmPastF32AVX2x6x16(rows, cols, kc, a, rs, cs, b, step, ldb, c, ldc, load, next)
}

func gemmPastF64AVX2(rows, cols, kc int, a *float64, rs, cs int, b *float64, step, ldb int, c *float64, ldc int, load bool, _ *float64, next *Fetch) {
	gemmPastF64AVX2x6x8(rows, cols, kc, a, rs, cs, b, step, ldb, c, ldc, load, next)
}
