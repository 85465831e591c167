//go:build !noasm

#include "go_asm.h"
#include "textflag.h"

// Winograd's transforms on Z registers, 16 float32 at a time; winograd_amd64.h
// draws their use. Need AVX512F.

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

#include "winograd_amd64.h"

// func winogradInputF32AVX512(dst, src *float32, s *Strips)
TEXT ·winogradInputF32AVX512(SB), NOSPLIT, $0-24
	INPUT

// func winogradFilterF32AVX512(dst, src *float32, s *Strips)
TEXT ·winogradFilterF32AVX512(SB), NOSPLIT, $0-24
	FILTER

// func winogradOutputF32AVX512(dst, src *float32, s *Strips)
TEXT ·winogradOutputF32AVX512(SB), NOSPLIT, $0-24
	OUTPUT

// func winogradOutputGradF32AVX512(dst, src *float32, s *Strips)
TEXT ·winogradOutputGradF32AVX512(SB), NOSPLIT, $0-24
	OUTPUTGRAD

// func winogradFilterGradF32AVX512(dst, src *float32, s *Strips)
TEXT ·winogradFilterGradF32AVX512(SB), NOSPLIT, $0-24
	FILTERGRAD
