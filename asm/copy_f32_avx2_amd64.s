//go:build !noasm

#include "textflag.h"

// Copies of runs of 16 float32 into a panel. Need AVX2.
//
//	AX  runs, counted down (at least 1); DI panel; SI source
//	R8  distance of two runs in bytes; DX the offsets of the runs, in elements

// func copyRowsF32AVX2(runs int, dst, src *float32, ld int)
TEXT ·copyRowsF32AVX2(SB), NOSPLIT, $0-32
	MOVQ runs+0(FP), AX
	MOVQ dst+8(FP), DI
	MOVQ src+16(FP), SI
	MOVQ ld+24(FP), R8
	SHLQ $2, R8

loop:
	VMOVUPS (SI), Y0
	VMOVUPS 32(SI), Y1
	VMOVUPS Y0, (DI)
	VMOVUPS Y1, 32(DI)
	ADDQ    R8, SI
	ADDQ    $64, DI
	DECQ    AX
	JNZ     loop
	VZEROUPPER
	RET

// func copyRunsF32AVX2(runs int, dst, src *float32, offset *int)
TEXT ·copyRunsF32AVX2(SB), NOSPLIT, $0-32
	MOVQ runs+0(FP), AX
	MOVQ dst+8(FP), DI
	MOVQ src+16(FP), SI
	MOVQ offset+24(FP), DX

loop:
	MOVQ    (DX), R8
	VMOVUPS (SI)(R8*4), Y0
	VMOVUPS 32(SI)(R8*4), Y1
	VMOVUPS Y0, (DI)
	VMOVUPS Y1, 32(DI)
	ADDQ    $8, DX
	ADDQ    $64, DI
	DECQ    AX
	JNZ     loop
	VZEROUPPER
	RET
