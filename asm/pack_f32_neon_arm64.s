//go:build !noasm

#include "textflag.h"

// pack4F32NEON turns 4 rows into 4 columns of a panel, four steps in k at a
// time: a transpose of 4 x 4 in registers.
//
//	R0  blocks of four steps, counted down (at least 1)
//	R1  panel; R4 width in bytes
//	R2, R5, R6, R7  the rows
//	V0 to V3 rows, V4 to V7 pairs, V0 to V3 steps
//
//	for k: for i < 4: dst[k*width+i] = src[i*ld+k]

// func pack4F32NEON(blocks int, dst, src *float32, ld, width int)
TEXT ·pack4F32NEON(SB), NOSPLIT, $0-40
	MOVD blocks+0(FP), R0
	MOVD dst+8(FP), R1
	MOVD src+16(FP), R2
	MOVD ld+24(FP), R3
	MOVD width+32(FP), R4
	LSL  $2, R4, R4
	ADD  R3<<2, R2, R5
	ADD  R3<<2, R5, R6
	ADD  R3<<2, R6, R7

loop:
	FMOVQ.P 16(R2), F0
	FMOVQ.P 16(R5), F1
	FMOVQ.P 16(R6), F2
	FMOVQ.P 16(R7), F3
	VTRN1   V1.S4, V0.S4, V4.S4 // a0 b0 a2 b2
	VTRN2   V1.S4, V0.S4, V5.S4 // a1 b1 a3 b3
	VTRN1   V3.S4, V2.S4, V6.S4 // c0 d0 c2 d2
	VTRN2   V3.S4, V2.S4, V7.S4 // c1 d1 c3 d3
	VTRN1   V6.D2, V4.D2, V0.D2 // a0 b0 c0 d0
	VTRN1   V7.D2, V5.D2, V1.D2 // a1 b1 c1 d1
	VTRN2   V6.D2, V4.D2, V2.D2 // a2 b2 c2 d2
	VTRN2   V7.D2, V5.D2, V3.D2 // a3 b3 c3 d3
	FMOVQ   F0, (R1)
	ADD     R4, R1, R1
	FMOVQ   F1, (R1)
	ADD     R4, R1, R1
	FMOVQ   F2, (R1)
	ADD     R4, R1, R1
	FMOVQ   F3, (R1)
	ADD     R4, R1, R1
	SUBS    $1, R0, R0
	BNE     loop
	RET
