package bench

import "randalign/asm"

// wideKernels are those of package linalg, on float64s.
//
// The sums of the secular equation are bound by the divider, 5 cycles of Zen 4 for four
// quotients, and so are slower than a copy of as many bytes.
var wideKernels = []memoryKernel{
	{"dot-f64", 2, func(k *asm.Kernels, a arrays) { k.DotF64(view[float64](a.x), view[float64](a.y)) }},
	{"axpy-f64", 3, func(k *asm.Kernels, a arrays) { k.AxpyF64(1e-6, view[float64](a.x), view[float64](a.y)) }},
	{"plane-f64", 4, func(k *asm.Kernels, a arrays) { k.PlaneF64(view[float64](a.x), view[float64](a.y), 0.6, 0.8) }},
	{"rotate-f64", 4, func(k *asm.Kernels, a arrays) { k.RotateF64(view[float64](a.x), view[float64](a.y), 0.5, 0.8) }},
	// Four rows at a time; the vectors stay in the first-level cache.
	{"symv-f64", 1, func(k *asm.Kernels, a arrays) {
		x, r, out := view[float64](a.x), [4]float64{1, 2, 3, 4}, [4]float64{}
		for i := 0; i+4*longRow <= len(x); i += 4 * longRow {
			k.SymvF64(x[i:], longRow, a.mean, a.s, &r, &out, true)
		}
	}},
	// Rows of a block of vectors, moved where they stand.
	{"shift-f64", 2, func(k *asm.Kernels, a arrays) {
		x, by, sums := view[float64](a.x), [4]float64{}, [4]float64{}
		for i := 0; i+4*longRow <= len(x); i += 4 * longRow {
			k.ShiftF64(x[i:], longRow, longRow, &by, &sums)
		}
	}},
	{"secular-f64", 2, func(k *asm.Kernels, a arrays) { k.SecularF64(view[float64](a.x), view[float64](a.y), 2) }},
}
