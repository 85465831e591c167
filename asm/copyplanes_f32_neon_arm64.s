//go:build !noasm

#include "textflag.h"
#include "neon_arm64.h"

// The rows of planes to where they are other distances apart, or added to what is there, and rows
// parted into their even and their odd elements: four (pairs) at a time, then one.
//
//	R0  planes left; R1, R2 dst and src of the plane at hand, R3, R4 bytes to the next one
//	R5  rows left; R6, R7 the row at hand, R8, R9 bytes to the next one
//	R10 elements (pairs) of a row, R11 left; R12, R13 dst and src at hand
//	R14 from the even elements to the odd, R15 the odd ones at hand

// PLANES does FOUR, and ONE for what is left of a row, to all rows.
#define PLANES(FOUR, ONE) \
	MOVD planes+0(FP), R0 \
	MOVD dst+16(FP), R1 \
	MOVD dstPlane+24(FP), R3 \
	MOVD dstRow+32(FP), R8 \
	MOVD src+40(FP), R2 \
	MOVD srcPlane+48(FP), R4 \
	MOVD srcRow+56(FP), R9 \
	MOVD n+64(FP), R10 \
	LSL  $2, R3, R3 \
	LSL  $2, R4, R4 \
	LSL  $2, R8, R8 \
	LSL  $2, R9, R9 \
plane: \
	MOVD R1, R6 \
	MOVD R2, R7 \
	MOVD rows+8(FP), R5 \
row: \
	MOVD R6, R12 \
	MOVD R7, R13 \
	MOVD R10, R11 \
	CMP  $4, R11 \
	BLT  rest \
four: \
	SUB  $4, R11, R11 \
	FOUR \
	CMP  $4, R11 \
	BGE  four \
rest: \
	CBZ  R11, next \
one: \
	SUB  $1, R11, R11 \
	ONE \
	CBNZ R11, one \
next: \
	ADD  R8, R6, R6 \
	ADD  R9, R7, R7 \
	SUB  $1, R5, R5 \
	CBNZ R5, row \
	ADD  R3, R1, R1 \
	ADD  R4, R2, R2 \
	SUB  $1, R0, R0 \
	CBNZ R0, plane \
	RET

#define COPY4 \
	FMOVQ.P 16(R13), F0 \
	FMOVQ.P F0, 16(R12)
#define COPY1 \
	FMOVS.P 4(R13), F0 \
	FMOVS.P F0, 4(R12)

#define ADD4 \
	FMOVQ.P 16(R13), F1 \
	FMOVQ   (R12), F0 \
	FADD4S(0, 0, 1) \
	FMOVQ.P F0, 16(R12)
#define ADD1 \
	FMOVS.P 4(R13), F1 \
	FMOVS   (R12), F0 \
	FADD4S(0, 0, 1) \
	FMOVS.P F0, 4(R12)

// func copyPlanesF32NEON(planes, rows int, dst *float32, dstPlane, dstRow int, src *float32, srcPlane, srcRow, n int)
TEXT ·copyPlanesF32NEON(SB), NOSPLIT, $0-72
	PLANES(COPY4, COPY1)

// func addPlanesF32NEON(planes, rows int, dst *float32, dstPlane, dstRow int, src *float32, srcPlane, srcRow, n int)
TEXT ·addPlanesF32NEON(SB), NOSPLIT, $0-72
	PLANES(ADD4, ADD1)

// func partF32NEON(planes, rows int, even, odd *float32, dstPlane, dstRow int, src *float32, srcPlane, srcRow, n int)
TEXT ·partF32NEON(SB), NOSPLIT, $0-80
	MOVD planes+0(FP), R0
	MOVD even+16(FP), R1
	MOVD odd+24(FP), R14
	SUB  R1, R14, R14
	MOVD dstPlane+32(FP), R3
	MOVD dstRow+40(FP), R8
	MOVD src+48(FP), R2
	MOVD srcPlane+56(FP), R4
	MOVD srcRow+64(FP), R9
	MOVD n+72(FP), R10
	LSL  $2, R3, R3
	LSL  $2, R4, R4
	LSL  $2, R8, R8
	LSL  $2, R9, R9

plane:
	MOVD R1, R6
	MOVD R2, R7
	MOVD rows+8(FP), R5

row:
	MOVD R6, R12
	ADD  R14, R6, R15
	MOVD R7, R13
	MOVD R10, R11
	CMP  $4, R11
	BLT  rest

four:
	FLDPQ.P 32(R13), (F0, F1)
	SUB     $4, R11, R11
	VUZP1   V1.S4, V0.S4, V2.S4
	VUZP2   V1.S4, V0.S4, V3.S4
	CMP     $4, R11
	FMOVQ.P F2, 16(R12)
	FMOVQ.P F3, 16(R15)
	BGE     four

rest:
	CBZ R11, next

one:
	FMOVS.P 4(R13), F0
	FMOVS.P 4(R13), F1
	SUB     $1, R11, R11
	FMOVS.P F0, 4(R12)
	FMOVS.P F1, 4(R15)
	CBNZ    R11, one

next:
	ADD  R8, R6, R6
	ADD  R9, R7, R7
	SUB  $1, R5, R5
	CBNZ R5, row
	ADD  R3, R1, R1
	ADD  R4, R2, R2
	SUB  $1, R0, R0
	CBNZ R0, plane
	RET
