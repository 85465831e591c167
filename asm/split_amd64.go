//go:build !noasm

package asm

import "github.com/klauspost/cpuid/v2"

// splits512 reports whether this CPU does operations on 512 bits in two halves, as Zen 4 does, which alone
// of AMD's family 19h has AVX-512.
func splits512() bool { return cpuid.CPU.IsVendor(cpuid.AMD) && cpuid.CPU.Family == 0x19 }

// notSplit leaves to AVX2's kernels what such a CPU is slower at in vectors of 512 bits.
//
// In the caches most kernels are as fast either way. But what writes to other memory than it reads takes
// 1.04 to 1.24 times as long to do so from memory and on one thread, on two 1.0 to 1.09 times: the
// core brings in less where each access is a whole line. And a conversion of eight numbers to float64 takes
// 2.7 times as long as one of four: 1.4 times as long for dot products, 1.1 to 1.3 times for sums of planes.
func notSplit(t *Kernels) {
	t.CopyF32 = copyF32AVX2Slice
	t.AddF32, t.AddReluF32, t.MulF32, t.SumRowsF32 = addF32AVX2, addReluF32AVX2, mulF32AVX2, sumRowsF32AVX2
	t.ReluF32, t.ReluGradF32 = reluF32AVX2, reluGradF32AVX2
	t.LeakyReluF32, t.LeakyReluGradF32 = leakyReluF32AVX2, leakyReluGradF32AVX2
	t.SigmoidGradF32, t.TanhGradF32 = sigmoidGradF32AVX2, tanhGradF32AVX2
	t.DotF32, t.NormSumsF32 = dotF32AVX2, normSumsF32AVX2
	t.NormApplyF32 = normApplyF32Split
}

func normApplyF32Split(y, x []float32, runs, stride, width int, m, a, b float32, relu, past bool, ahead int) {
	if past {
		normApplyF32AVX2(y, x, runs, stride, width, m, a, b, relu, past, ahead)
		return
	}
	normApplyF32AVX512(y, x, runs, stride, width, m, a, b, relu, past, ahead)
}
