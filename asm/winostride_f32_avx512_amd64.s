//go:build !noasm

#include "go_asm.h"
#include "textflag.h"

// The transforms of Winograd's convolution with stride 2 on Z registers, 16 float32 at a
// time; winostride_amd64.h draws their use. Need AVX512F.

#define WIDTH 64

#define V0 Z0
#define V1 Z1
#define V2 Z2
#define V3 Z3
#define V4 Z4
#define V5 Z5
#define V6 Z6
#define V7 Z7
#define V8 Z8
#define V9 Z9
#define V10 Z10
#define V11 Z11
#define V12 Z12
#define V13 Z13
#define V14 Z14
#define V15 Z15

#include "winostride_amd64.h"

// func strideInputF32AVX512(dst, src *float32, s *Strips)
TEXT ·strideInputF32AVX512(SB), NOSPLIT, $0-24
	INPUT

// func strideFilterF32AVX512(dst, src *float32, s *Strips)
TEXT ·strideFilterF32AVX512(SB), NOSPLIT, $0-24
	FILTER

// func strideOutputF32AVX512(dst, src *float32, s *Strips)
TEXT ·strideOutputF32AVX512(SB), NOSPLIT, $0-24
	OUTPUT

// func strideOutputGradF32AVX512(dst, src *float32, s *Strips)
TEXT ·strideOutputGradF32AVX512(SB), NOSPLIT, $0-24
	OUTPUTGRAD

// func strideInputGradF32AVX512(dst, src *float32, s *Strips)
TEXT ·strideInputGradF32AVX512(SB), NOSPLIT, $0-24
	INPUTGRAD
