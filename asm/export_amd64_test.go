//go:build !noasm

package asm

// The lists of features for the test that holds the kernels against them.
var (
	AVX2Features   = avx2Features
	AVX512Features = avx512Features
)
