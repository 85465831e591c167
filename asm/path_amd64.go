//go:build !noasm

package asm

import "github.com/klauspost/cpuid/v2"

// The features that the assembly of each path uses. A test holds every
// instruction of the built kernels against these lists.
var (
	avx2Features   = []cpuid.FeatureID{cpuid.AVX2, cpuid.FMA3, cpuid.POPCNT}
	avx512Features = []cpuid.FeatureID{cpuid.AVX512F, cpuid.AVX512DQ, cpuid.AVX512BW, cpuid.AVX512VL}
)

// nativePaths returns the tables that this CPU can run, the fastest first. cpuid
// also asks whether the operating system saves the registers.
func nativePaths() []Kernels {
	var paths []Kernels
	if cpuid.CPU.Supports(avx2Features...) {
		t := reference()
		t.Name = "avx2"
		t.GemmF32 = Gemm[float32]{6, 16, true, false, gemmF32AVX2, gemmF32AVX2x6x16, gemmAcrossF32AVX2x6x16}
		t.GemmF64 = Gemm[float64]{6, 8, true, false, gemmF64AVX2, gemmF64AVX2x6x8, gemmAcrossF64AVX2x6x8}
		t.PackF32 = packF32AVX2Slice
		t.PackF64 = packF64AVX2Slice
		t.CopyRowsF32 = copyRowsF32AVX2Slice
		t.PackRunsF32 = packRunsF32AVX2Slice
		t.TransposeF32 = transposeF32AVX2
		t.CopyPlanesF32 = copyPlanesF32AVX2Slice
		t.PartF32 = partF32AVX2Slice
		t.CopyPastF32 = copyPastF32AVX2
		t.TakeSecondF32 = takeSecondF32AVX2Slice
		t.WeaveF32 = weaveF32AVX2Slice
		t.UpsampleF32 = upsampleF32AVX2Slice
		t.ExpandF32 = expandF32AVX2Slice
		mapsAVX2(&t)
		t.PeakF32 = Peak[float32]{96, peakF32AVX2}
		t.PeakF64 = Peak[float64]{48, peakF64AVX2}
		t.CopyF32 = copyF32AVX2Slice
		t.linalgAVX2()
		t.Winograd = winogradAVX2()
		t.WinogradStride = winogradStrideAVX2()
		t.Rows = rowsAVX2()
		t.GemmPanelsF32 = gemmPanelsF32AVX2
		t.GemmPastF32 = gemmPastF32AVX2
		t.GemmReluGradF32 = gemmReluGrad(gemmF32AVX2, 16, reluGradRowsF32AVX2Slice)
		paths = append(paths, t)
		if cpuid.CPU.Supports(avx512Features...) {
			t.Name = "avx512"
			t.GemmF32 = Gemm[float32]{14, 32, true, true, gemmF32AVX512, gemmF32AVX512x14x32, nil}
			t.GemmF64 = Gemm[float64]{14, 16, true, true, gemmF64AVX512, gemmF64AVX512x14x16, nil}
			t.PeakF32 = Peak[float32]{384, peakF32AVX512}
			t.PeakF64 = Peak[float64]{192, peakF64AVX512}
			t.CopyF32 = copyF32AVX512Slice
			t.linalgAVX512()
			t.Winograd = winogradAVX512()
			t.WinogradStride = winogradStrideAVX512()
			t.Rows = rowsAVX512()
			t.GemmPanelsF32 = gemmPanelsF32AVX512
			t.GemmPastF32 = gemmPastF32AVX512
			t.GemmReluGradF32 = gemmReluGradF32AVX512
			t.PackF32 = packF32AVX512Slice
			t.PackF64 = packF64AVX512Slice
			t.CopyRowsF32 = copyRowsF32AVX512Slice
			t.PackRunsF32 = packRunsF32AVX512Slice
			t.TransposeF32 = transposeF32AVX512
			t.CopyPlanesF32 = copyPlanesF32AVX512Slice
			t.PartF32 = partF32AVX512Slice
			t.CopyPastF32 = copyPastF32AVX512
			t.TakeSecondF32 = takeSecondF32AVX512Slice
			t.WeaveF32 = weaveF32AVX512Slice
			t.UpsampleF32 = upsampleF32AVX512Slice
			t.ExpandF32 = expandF32AVX512Slice
			t.PadRowsF32 = padRowsF32AVX512Slice
			mapsAVX512(&t)
			paths = append([]Kernels{t}, paths...)
		}
	}
	return paths
}
