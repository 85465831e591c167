//go:build !noasm

#include "textflag.h"
#include "transpose_avx512_amd64.h"

// transposePastF32AVX512 turns 16 columns into rows that pass the caches by, 16 rows at a
// time: a line of each row of the result. Needs AVX512F.
//
// Lines of six of the 16 rows go through the caches after all. Zen 4 has a way of its own for what passes
// by, and both together take more: 1.05 to 1.2 times, on one thread and on two, whether they share a
// last-level cache or not. A line in the caches is read before it is written, though, and with eight rows
// of 16 one thread loses what it had gained.
//
//	AX  blocks of 16 rows left
//	SI  src; BX, CX, DX rows 4, 8, 12; R8 a row in bytes, R9 three of it, R10 16 of it
//	DI  dst, R13 four rows of it; R11 a row in bytes, R12 three of it
//	Z0 to Z15  rows, then columns; Z16 to Z31 what is between
//
//	for r < 16*blocks: for c < 16: dst[c*ldd+r] = src[r*lds+c]

#define FOUR(P, A, B, C, D) \
	VMOVUPS (P), A       \
	VMOVUPS (P)(R8*1), B \
	VMOVUPS (P)(R8*2), C \
	VMOVUPS (P)(R9*1), D

// PUT4 stores four rows: FIRST and LAST are how the first and the last of them go.
#define PUT4(FIRST, LAST, A, B, C, D) \
	FIRST    A, (R13)         \
	VMOVNTPS B, (R13)(R11*1)  \
	VMOVNTPS C, (R13)(R11*2)  \
	LAST     D, (R13)(R12*1)  \
	LEAQ     (R13)(R11*4), R13

// func transposePastF32AVX512(blocks int, dst *float32, ldd int, src *float32, lds int)
TEXT ·transposePastF32AVX512(SB), NOSPLIT, $0-40
	MOVQ blocks+0(FP), AX
	MOVQ dst+8(FP), DI
	MOVQ ldd+16(FP), R11
	MOVQ src+24(FP), SI
	MOVQ lds+32(FP), R8
	SHLQ $2, R11
	SHLQ $2, R8
	LEAQ (R8)(R8*2), R9
	LEAQ (R11)(R11*2), R12
	MOVQ R8, R10
	SHLQ $4, R10
	LEAQ (SI)(R8*4), BX
	LEAQ (SI)(R8*8), CX
	LEAQ (BX)(R8*8), DX

loop:
	FOUR(SI, Z0, Z1, Z2, Z3)
	FOUR(BX, Z4, Z5, Z6, Z7)
	FOUR(CX, Z8, Z9, Z10, Z11)
	FOUR(DX, Z12, Z13, Z14, Z15)
	TRANSPOSE16(LANES, NOTHING)
	MOVQ DI, R13
	PUT4(VMOVUPS, VMOVUPS, Z0, Z1, Z2, Z3)
	PUT4(VMOVNTPS, VMOVUPS, Z4, Z5, Z6, Z7)
	PUT4(VMOVUPS, VMOVUPS, Z8, Z9, Z10, Z11)
	PUT4(VMOVNTPS, VMOVUPS, Z12, Z13, Z14, Z15)
	ADDQ R10, SI
	ADDQ R10, BX
	ADDQ R10, CX
	ADDQ R10, DX
	ADDQ $64, DI
	DECQ AX
	JNZ  loop
	VZEROUPPER
	RET
