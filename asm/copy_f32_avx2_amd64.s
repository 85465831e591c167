//go:build !noasm

#include "textflag.h"

// Copies of runs into a panel. Need AVX2.

// copyRowsF32AVX2 copies runs of 16 float32. Those far ahead of the one at hand are asked for,
// four times each, as in ask_amd64.h.
//
//	AX  runs, counted down (at least 1); DI panel; SI source
//	R8, R9  distance of two runs in the source and in the panel, in bytes; R12 three of R8
//	R14 source, so far ahead, if BX is not 0
//
//	for k: for j < 16: dst[k*ldd+j] = src[k*ld+j]

// func copyRowsF32AVX2(runs int, dst *float32, ldd int, src *float32, ld int, ask ahead)
TEXT ·copyRowsF32AVX2(SB), NOSPLIT, $0-64
	MOVQ  runs+0(FP), AX
	MOVQ  dst+8(FP), DI
	MOVQ  ldd+16(FP), R9
	MOVQ  src+24(FP), SI
	MOVQ  ld+32(FP), R8
	SHLQ  $2, R8
	SHLQ  $2, R9
	MOVQ  ask_steps+40(FP), BX
	LEAQ  (R8)(R8*2), R12
	MOVQ  R8, R14
	IMULQ BX, R14
	ADDQ  SI, R14
	MOVQ  ask_left+48(FP), CX

loop:
	TESTQ      BX, BX
	JEQ        copy
	PREFETCHT1 (R14)
	PREFETCHT1 (R14)(R8*4)
	PREFETCHT1 (R14)(R8*8)
	PREFETCHT1 (R14)(R12*4)
	ADDQ       R8, R14
	CMPQ       AX, CX
	JEQ        turn

copy:
	VMOVUPS (SI), Y0
	VMOVUPS 32(SI), Y1
	VMOVUPS Y0, (DI)
	VMOVUPS Y1, 32(DI)
	ADDQ    R8, SI
	ADDQ    R9, DI
	DECQ    AX
	JNZ     loop
	VZEROUPPER
	RET

turn:
	MOVQ ask_jump+56(FP), DX
	LEAQ (R14)(DX*4), R14
	JMP  copy

// copyPairsF32AVX2 is copyRowsF32AVX2 for runs of 32 float32, of which the second half goes elsewhere.
//
//	R10 the second half in the panel; the rest as above
//
//	for k: for j < 16: dst[k*ldd+j], dst[k*ldd+far+j] = src[k*ld+j], src[k*ld+16+j]

// func copyPairsF32AVX2(runs int, dst *float32, ldd, far int, src *float32, ld int, ask ahead)
TEXT ·copyPairsF32AVX2(SB), NOSPLIT, $0-72
	MOVQ  runs+0(FP), AX
	MOVQ  dst+8(FP), DI
	MOVQ  ldd+16(FP), R9
	MOVQ  far+24(FP), R10
	LEAQ  (DI)(R10*4), R10
	MOVQ  src+32(FP), SI
	MOVQ  ld+40(FP), R8
	SHLQ  $2, R8
	SHLQ  $2, R9
	MOVQ  ask_steps+48(FP), BX
	LEAQ  (R8)(R8*2), R12
	MOVQ  R8, R14
	IMULQ BX, R14
	ADDQ  SI, R14
	MOVQ  ask_left+56(FP), CX

pair:
	TESTQ      BX, BX
	JEQ        both
	PREFETCHT1 (R14)
	PREFETCHT1 (R14)(R8*4)
	PREFETCHT1 (R14)(R8*8)
	PREFETCHT1 (R14)(R12*4)
	PREFETCHT1 64(R14)
	PREFETCHT1 64(R14)(R8*4)
	PREFETCHT1 64(R14)(R8*8)
	PREFETCHT1 64(R14)(R12*4)
	ADDQ       R8, R14
	CMPQ       AX, CX
	JEQ        around

both:
	VMOVUPS (SI), Y0
	VMOVUPS 32(SI), Y1
	VMOVUPS 64(SI), Y2
	VMOVUPS 96(SI), Y3
	VMOVUPS Y0, (DI)
	VMOVUPS Y1, 32(DI)
	VMOVUPS Y2, (R10)
	VMOVUPS Y3, 32(R10)
	ADDQ    R8, SI
	ADDQ    R9, DI
	ADDQ    R9, R10
	DECQ    AX
	JNZ     pair
	VZEROUPPER
	RET

around:
	MOVQ ask_jump+64(FP), DX
	LEAQ (R14)(DX*4), R14
	JMP  both
