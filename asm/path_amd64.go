//go:build !noasm

package asm

import "github.com/klauspost/cpuid/v2"

// nativePaths returns the tables that this CPU can run, the fastest first. cpuid
// also asks whether the operating system saves the registers.
func nativePaths() []Kernels {
	var paths []Kernels
	if cpuid.CPU.Supports(cpuid.AVX2, cpuid.FMA3) {
		t := reference()
		t.Name = "avx2"
		t.GemmF32 = Gemm[float32]{6, 16, true, gemmF32AVX2x6x16}
		t.GemmF64 = Gemm[float64]{6, 8, true, gemmF64AVX2x6x8}
		t.PackF32 = packF32AVX2Slice
		t.PackF64 = packF64AVX2Slice
		t.CopyRowsF32 = copyRowsF32AVX2Slice
		t.PackRunsF32 = packRunsF32AVX2Slice
		t.AddF32 = addF32AVX2Slice
		t.AddScalarF32 = addScalarF32AVX2Slice
		t.ReluF32 = reluF32AVX2Slice
		t.ReluGradF32 = reluGradF32AVX2Slice
		t.SumF32 = sumF32AVX2Slice
		t.SgdF32 = sgdF32AVX2Slice
		t.PeakF32 = Peak[float32]{96, peakF32AVX2}
		t.PeakF64 = Peak[float64]{48, peakF64AVX2}
		t.CopyF32 = copyF32AVX2Slice
		t.linalgAVX2()
		paths = append(paths, t)
		if cpuid.CPU.Supports(cpuid.AVX512F, cpuid.AVX512DQ, cpuid.AVX512BW, cpuid.AVX512VL) {
			t.Name = "avx512"
			t.GemmF32 = Gemm[float32]{14, 32, true, gemmF32AVX512x14x32}
			t.GemmF64 = Gemm[float64]{14, 16, true, gemmF64AVX512x14x16}
			t.PeakF32 = Peak[float32]{384, peakF32AVX512}
			t.PeakF64 = Peak[float64]{192, peakF64AVX512}
			t.CopyF32 = copyF32AVX512Slice
			t.linalgAVX512()
			t.PackF32 = packF32AVX512Slice
			t.PackF64 = packF64AVX512Slice
			t.CopyRowsF32 = copyRowsF32AVX512Slice
			t.PackRunsF32 = packRunsF32AVX512Slice
			paths = append([]Kernels{t}, paths...)
		}
	}
	return paths
}
