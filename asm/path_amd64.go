//go:build !noasm

package asm

import "github.com/klauspost/cpuid/v2"

// The features that the assembly of each path uses. A test holds every
// instruction of the built kernels against these lists.
var (
	avx2Features   = []cpuid.FeatureID{cpuid.AVX2, cpuid.FMA3, cpuid.POPCNT}
	avx512Features = []cpuid.FeatureID{cpuid.AVX512F, cpuid.AVX512DQ, cpuid.AVX512BW, cpuid.AVX512VL}
	vbmiFeatures   = []cpuid.FeatureID{cpuid.AVX512VBMI} // besides, of kernels for the CPUs that have them
)

// nativePaths returns the tables that this CPU can run, the fastest first. cpuid
// also asks whether the operating system saves the registers.
func nativePaths() []Kernels {
	var paths []Kernels
	if cpuid.CPU.Supports(avx2Features...) {
		t := reference()
		t.Name = "avx2"
		t.GemmF32 = withPast(Gemm[float32]{MR: 6, NR: 16, Strided: true, Copies: true, Whole: true, Run: gemmF32AVX2}, 6, gemmPastF32AVX2)
		t.GemmF64 = withPast(Gemm[float64]{MR: 6, NR: 8, Strided: true, Copies: true, Whole: true, Run: gemmF64AVX2}, 6, gemmPastF64AVX2)
		t.PackF32 = packF32AVX2Slice
		t.PackF64 = packF64AVX2Slice
		t.CopyRowsF32 = copyRowsF32AVX2Slice
		t.CopyPanelsF32 = copyPanelsF32AVX2
		t.PackRunsF32 = packRunsF32AVX2Slice
		t.TransposeF32 = transposeF32AVX2
		t.TurnF32 = turnF32AVX2Slice
		t.CopyPlanesF32 = copyPlanesF32AVX2Slice
		t.AddPlanesF32 = addPlanesF32AVX2Slice
		t.PartF32 = partF32AVX2Slice
		t.CopyPastF32 = copyPastF32AVX2
		t.TakeSecondF32 = takeSecondF32AVX2Slice
		t.WeaveF32 = weaveF32AVX2Slice
		t.UpsampleF32 = upsampleF32AVX2Slice
		t.ExpandF32 = expandF32AVX2Slice
		t.PadRowsF32 = padRowsF32AVX2Slice
		mapsAVX2(&t)
		pools3AVX2(&t)
		t.PeakF32 = Peak[float32]{96, peakF32AVX2}
		t.PeakF64 = Peak[float64]{48, peakF64AVX2}
		t.CopyF32 = copyF32AVX2Slice
		t.linalgAVX2()
		t.Winograd = winogradAVX2()
		t.WinogradStride = winogradStrideAVX2()
		t.Rows = rowsAVX2()
		t.GemmReluGradF32 = gemmReluGrad(t.GemmF32, reluGradRowsF32AVX2Slice)
		paths = append(paths, t)
		if cpuid.CPU.Supports(avx512Features...) {
			paths = append([]Kernels{avx512Path(t, splits512())}, paths...)
		}
	}
	return paths
}

// avx512Path makes that path of AVX2's. splits is splits512's.
func avx512Path(t Kernels, splits bool) Kernels {
	t.Name = "avx512"
	t.GemmF32 = withPast(Gemm[float32]{MR: 14, NR: 32, Reads: 16, Strided: true, Copies: true, Takes: true, Run: gemmF32AVX512x14x32}, 11, gemmPastF32AVX512x14x32)
	t.GemmF64 = withPast(Gemm[float64]{MR: 14, NR: 16, Reads: 8, Strided: true, Copies: true, Run: gemmF64AVX512x14x16}, 11, gemmPastF64AVX512x14x16)
	t.PeakF32 = Peak[float32]{384, peakF32AVX512}
	t.PeakF64 = Peak[float64]{192, peakF64AVX512}
	t.CopyF32 = copyF32AVX512Slice
	t.linalgAVX512()
	t.Winograd = winogradAVX512()
	t.WinogradStride = winogradStrideAVX512()
	t.Rows = rowsAVX512()
	t.GemmReluGradF32 = gemmReluGradF32AVX512
	t.PackF32 = packF32AVX512Slice
	t.PackF64 = packF64AVX512Slice
	t.CopyRowsF32 = copyRowsF32AVX512Slice
	t.CopyPanelsF32 = copyPanelsF32(copyRowsF32AVX512Slice)
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
	if cpuid.CPU.Supports(vbmiFeatures...) {
		t.LookupF32 = lookupF32VBMISlice
	}
	pools3AVX512(&t)
	if splits {
		notSplit(&t)
	}
	return t
}
