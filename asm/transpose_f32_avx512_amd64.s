//go:build !noasm

#include "textflag.h"
#include "transpose_avx512_amd64.h"

// transpose16F32AVX512 turns blocks of 16 rows and 16 columns. Needs AVX512F.
//
//	AX  blocks left
//	SI  src; BX, CX, DX rows 4, 8, 12; R8 a row in bytes, R9 three of it
//	DI  dst; R11 a row in bytes, R12 three of it
//	Z0 to Z15  rows, then columns; Z16 to Z31 what is between
//
//	for c < 16*blocks: for r < 16: dst[c*ldd+r] = src[r*lds+c]

#define FOUR(P, A, B, C, D) \
	VMOVUPS (P), A       \
	VMOVUPS (P)(R8*1), B \
	VMOVUPS (P)(R8*2), C \
	VMOVUPS (P)(R9*1), D

#define PUT4(A, B, C, D) \
	VMOVUPS A, (DI)        \
	VMOVUPS B, (DI)(R11*1) \
	VMOVUPS C, (DI)(R11*2) \
	VMOVUPS D, (DI)(R12*1) \
	LEAQ    (DI)(R11*4), DI

// func transpose16F32AVX512(blocks int, dst *float32, ldd int, src *float32, lds int)
TEXT ·transpose16F32AVX512(SB), NOSPLIT, $0-40
	MOVQ blocks+0(FP), AX
	MOVQ dst+8(FP), DI
	MOVQ ldd+16(FP), R11
	MOVQ src+24(FP), SI
	MOVQ lds+32(FP), R8
	SHLQ $2, R11
	SHLQ $2, R8
	LEAQ (R8)(R8*2), R9
	LEAQ (R11)(R11*2), R12
	LEAQ (SI)(R8*4), BX
	LEAQ (SI)(R8*8), CX
	LEAQ (BX)(R8*8), DX

loop:
	FOUR(SI, Z0, Z1, Z2, Z3)
	FOUR(BX, Z4, Z5, Z6, Z7)
	FOUR(CX, Z8, Z9, Z10, Z11)
	FOUR(DX, Z12, Z13, Z14, Z15)
	TRANSPOSE16(LANES)
	PUT4(Z0, Z1, Z2, Z3)
	PUT4(Z4, Z5, Z6, Z7)
	PUT4(Z8, Z9, Z10, Z11)
	PUT4(Z12, Z13, Z14, Z15)
	ADDQ $64, SI
	ADDQ $64, BX
	ADDQ $64, CX
	ADDQ $64, DX
	DECQ AX
	JNZ  loop
	VZEROUPPER
	RET
