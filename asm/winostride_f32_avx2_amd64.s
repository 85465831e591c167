//go:build !noasm

#include "go_asm.h"
#include "textflag.h"

// The transforms of Winograd's convolution with stride 2 on Y registers, 8 float32 at a
// time; winostride_amd64.h draws their use. Need AVX2 and FMA3.

#define WIDTH 32

#define V0 Y0
#define V1 Y1
#define V2 Y2
#define V3 Y3
#define V4 Y4
#define V5 Y5
#define V6 Y6
#define V7 Y7
#define V8 Y8
#define V9 Y9
#define V10 Y10
#define V11 Y11
#define V12 Y12
#define V13 Y13
#define V14 Y14
#define V15 Y15

#include "winostride_amd64.h"

// func strideInputF32AVX2(dst, src *float32, s *Strips)
TEXT ·strideInputF32AVX2(SB), NOSPLIT, $0-24
	INPUT

// func strideFilterF32AVX2(dst, src *float32, s *Strips)
TEXT ·strideFilterF32AVX2(SB), NOSPLIT, $0-24
	FILTER

// func strideOutputF32AVX2(dst, src *float32, s *Strips)
TEXT ·strideOutputF32AVX2(SB), NOSPLIT, $0-24
	OUTPUT

// func strideOutputGradF32AVX2(dst, src *float32, s *Strips)
TEXT ·strideOutputGradF32AVX2(SB), NOSPLIT, $0-24
	OUTPUTGRAD

// func strideInputGradF32AVX2(dst, src *float32, s *Strips)
TEXT ·strideInputGradF32AVX2(SB), NOSPLIT, $0-24
	INPUTGRAD
