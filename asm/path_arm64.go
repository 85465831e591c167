//go:build !noasm

package asm

import "github.com/klauspost/cpuid/v2"

// nativePaths returns the tables that this CPU can run, the fastest first.
func nativePaths() []Kernels {
	var paths []Kernels
	if cpuid.CPU.Supports(cpuid.ASIMD) {
		t := reference()
		t.Name = "neon"
		t.GemmF32 = Gemm[float32]{MR: 8, NR: 12, Run: gemmTiles(gemmF32NEON, 12, addReluF32NEON)}
		t.GemmF64 = Gemm[float64]{MR: 8, NR: 6, Run: gemmTiles(gemmF64NEON, 6, addReluGeneric)}
		t.PeakF32 = Peak[float32]{96, peakF32NEON}
		t.PeakF64 = Peak[float64]{48, peakF64NEON}
		t.CopyF32 = copyF32NEONSlice
		t.PackF32 = packF32NEON
		t.PackF64 = packF64NEON
		t.CopyRowsF32 = copyRowsF32NEONSlice
		t.CopyPanelsF32 = copyPanelsF32(copyRowsF32NEONSlice)
		t.PackRunsF32 = packRunsF32NEON
		t.TransposeF32 = transposeF32NEON
		t.TurnF32 = turnF32NEONSlice
		t.CopyPlanesF32 = copyPlanesF32NEONSlice
		t.AddPlanesF32 = addPlanesF32NEONSlice
		t.PartF32 = partF32NEONSlice
		t.CopyPastF32 = copyF32NEONSlice
		t.TakeSecondF32 = takeSecondF32NEONSlice
		t.WeaveF32 = weaveF32NEONSlice
		t.UpsampleF32 = upsampleF32(weaveF32NEONSlice)
		t.ExpandF32 = expandF32NEONSlice
		t.PadRowsF32 = padRowsF32NEONSlice
		mapsNEON(&t)
		t.GemmReluGradF32 = gemmReluGrad(t.GemmF32, reluGradRowsF32NEON)
		t.linalgNEON()
		t.Winograd = winogradNEON()
		t.WinogradStride = winogradStrideNEON()
		t.Rows = rowsNEON()
		paths = append(paths, t)
	}
	return paths
}
