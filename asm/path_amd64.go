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
		t.GemmF32 = Gemm[float32]{6, 16, gemmF32AVX2x6x16}
		t.GemmF64 = Gemm[float64]{6, 8, gemmF64AVX2x6x8}
		t.PackF32 = packF32AVX2
		t.CopyRowsF32 = copyRowsF32AVX2Slice
		t.CopyRunsF32 = copyRunsF32AVX2Slice
		t.AddF32 = addF32AVX2Slice
		t.AddScalarF32 = addScalarF32AVX2Slice
		t.ReluF32 = reluF32AVX2Slice
		t.ReluGradF32 = reluGradF32AVX2Slice
		t.SumF32 = sumF32AVX2Slice
		t.SgdF32 = sgdF32AVX2Slice
		paths = append(paths, t)
		if cpuid.CPU.Supports(cpuid.AVX512F, cpuid.AVX512DQ, cpuid.AVX512BW, cpuid.AVX512VL) {
			t.Name = "avx512"
			paths = append([]Kernels{t}, paths...)
		}
	}
	return paths
}
