//go:build !noasm

package asm

import "github.com/klauspost/cpuid/v2"

// nativePaths returns the tables that this CPU can run, the fastest first.
func nativePaths() []Kernels {
	var paths []Kernels
	if cpuid.CPU.Supports(cpuid.ASIMD) {
		t := reference()
		t.Name = "neon"
		t.GemmF32 = Gemm[float32]{8, 12, false, false, gemmF32NEON, withAhead(gemmF32NEON), nil}
		t.GemmF64 = Gemm[float64]{8, 6, false, false, gemmF64NEON, withAhead(gemmF64NEON), nil}
		t.PeakF32 = Peak[float32]{96, peakF32NEON}
		t.PeakF64 = Peak[float64]{48, peakF64NEON}
		t.CopyF32 = copyF32NEONSlice
		t.PackF32 = packF32NEON
		t.PackF64 = packF64NEON
		t.CopyRowsF32 = copyRowsF32NEONSlice
		t.PackRunsF32 = packRunsF32NEON
		t.TransposeF32 = transposeF32NEON
		t.CopyPlanesF32 = copyPlanesF32NEONSlice
		t.PartF32 = partF32NEONSlice
		t.CopyPastF32 = copyF32NEONSlice
		t.TakeSecondF32 = takeSecondF32NEONSlice
		t.WeaveF32 = weaveF32NEONSlice
		t.UpsampleF32 = upsampleF32(weaveF32NEONSlice)
		t.ExpandF32 = expandF32NEONSlice
		mapsNEON(&t)
		t.GemmPastF32 = gemmPast(withAhead(gemmF32NEON), 12)
		t.GemmPanelsF32 = gemmPanels(withAhead(gemmF32NEON), 12, addReluF32NEON)
		t.GemmReluGradF32 = gemmReluGrad(gemmF32NEON, 12, reluGradRowsF32NEON)
		t.linalgNEON()
		t.Winograd = winogradNEON()
		t.WinogradStride = winogradStrideNEON()
		t.Rows = rowsNEON()
		paths = append(paths, t)
	}
	return paths
}
