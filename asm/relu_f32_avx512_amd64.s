//go:build !noasm

#include "textflag.h"
#include "each_avx512_amd64.h"
#include "relu_amd64.h"

// ReLU, leaky ReLU and the gradients of what is cheap to derive, AVX-512 path. Need AVX512F.

// func reluF32AVX512(dst, src []float32)
TEXT ·reluF32AVX512(SB), NOSPLIT, $0-48
	RELUF32

// func reluGradF32AVX512(dx, dy, y []float32)
TEXT ·reluGradF32AVX512(SB), NOSPLIT, $0-72
	RELUGRADF32

// func leakyReluF32AVX512(dst, src []float32, slope float32)
TEXT ·leakyReluF32AVX512(SB), NOSPLIT, $0-52
	LEAKYRELUF32

// func leakyReluGradF32AVX512(dx, dy, y []float32, slope float32)
TEXT ·leakyReluGradF32AVX512(SB), NOSPLIT, $0-76
	LEAKYRELUGRADF32

// func sigmoidGradF32AVX512(dx, dy, y []float32)
TEXT ·sigmoidGradF32AVX512(SB), NOSPLIT, $0-72
	SIGMOIDGRADF32

// func tanhGradF32AVX512(dx, dy, y []float32)
TEXT ·tanhGradF32AVX512(SB), NOSPLIT, $0-72
	TANHGRADF32
