//go:build !noasm

#include "textflag.h"

// Rows copied into wider ones whose other elements are zero. Zeros go to both ends of a row
// first, by whole vectors, which may reach into where the elements then go; their last vector
// ends where they do and overlaps the one before.
//
//	R0 rows left; R1 a row of dst, R2 to the next; R3 a row of src, R4 to the next
//	R5 bytes of zeros in front; R6 where the last vector of elements begins in src
//	R7 where the last vector of a row begins in dst, R8 where that of the elements does
//	R9 bytes within a row, R10, R11 dst and src there; V0 at work; V31 zero

// func padRowsF32NEON(rows int, dst *float32, ldd int, src *float32, lds, zeros, n, width int)
TEXT ·padRowsF32NEON(SB), NOSPLIT, $0-64
	MOVD rows+0(FP), R0
	MOVD dst+8(FP), R1
	MOVD ldd+16(FP), R2
	MOVD src+24(FP), R3
	MOVD lds+32(FP), R4
	MOVD zeros+40(FP), R5
	MOVD n+48(FP), R6
	MOVD width+56(FP), R7
	LSL  $2, R2, R2
	LSL  $2, R4, R4
	LSL  $2, R5, R5
	SUB  $4, R6, R6
	LSL  $2, R6, R6
	SUB  $4, R7, R7
	LSL  $2, R7, R7
	ADD  R5, R6, R8
	VEOR V31.B16, V31.B16, V31.B16

row:
	MOVD $0, R9
	MOVD R1, R10

front:
	CMP     R5, R9
	BGE     back
	FMOVQ.P F31, 16(R10)
	ADD     $16, R9, R9
	B       front

back:
	MOVD R7, R9

behind:
	CMP   R8, R9
	BLE   copy
	ADD   R1, R9, R10
	FMOVQ F31, (R10)
	SUB   $16, R9, R9
	B     behind

copy:
	ADD  R5, R1, R10
	MOVD R3, R11
	MOVD R6, R9
	CMP  $0, R9
	BLE  last

vector:
	FMOVQ.P 16(R11), F0
	SUBS    $16, R9, R9
	FMOVQ.P F0, 16(R10)
	BGT     vector

last:
	ADD   R3, R6, R11
	ADD   R1, R8, R10
	FMOVQ (R11), F0
	FMOVQ F0, (R10)
	ADD   R2, R1, R1
	ADD   R4, R3, R3
	SUBS  $1, R0, R0
	BNE   row
	RET
