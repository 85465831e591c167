//go:build !noasm

package asm

import (
	"slices"

	"github.com/klauspost/cpuid/v2"
)

// The lists of features for the test that holds the kernels against them.
var (
	AVX2Features   = avx2Features
	AVX512Features = avx512Features
	VBMIFeatures   = vbmiFeatures
)

// CPUs whose AVX-512 path has other kernels than this one's are not at hand when it is tested: theirs is
// one more path.
func init() {
	i := slices.IndexFunc(tables, func(t Kernels) bool { return t.Name == "avx2" })
	if i < 0 || !cpuid.CPU.Supports(avx512Features...) {
		return
	}
	other := avx512Path(tables[i], !splits512())
	other.Name = "avx512, other CPUs"
	tables = slices.Insert(tables, i, other)
}
