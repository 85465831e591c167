//go:build !noasm

#include "textflag.h"

// pack2F64NEON turns 2 rows into 2 columns of a panel, two steps in k at a time:
// a transpose of 2 x 2 in registers.
//
//	R0  blocks of two steps, counted down (at least 1)
//	R1  panel; R4 width in bytes; R2, R5 the rows
//	V0, V1 rows; V2, V3 steps
//
//	for k: for i < 2: dst[k*width+i] = src[i*ld+k]

// func pack2F64NEON(blocks int, dst, src *float64, ld, width int)
TEXT ·pack2F64NEON(SB), NOSPLIT, $0-40
	MOVD blocks+0(FP), R0
	MOVD dst+8(FP), R1
	MOVD src+16(FP), R2
	MOVD ld+24(FP), R3
	MOVD width+32(FP), R4
	LSL  $3, R4, R4
	ADD  R3<<3, R2, R5

loop:
	FMOVQ.P 16(R2), F0
	FMOVQ.P 16(R5), F1
	VTRN1   V1.D2, V0.D2, V2.D2 // a0 b0
	VTRN2   V1.D2, V0.D2, V3.D2 // a1 b1
	FMOVQ   F2, (R1)
	ADD     R4, R1, R1
	FMOVQ   F3, (R1)
	ADD     R4, R1, R1
	SUBS    $1, R0, R0
	BNE     loop
	RET
