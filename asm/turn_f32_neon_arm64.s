//go:build !noasm

#include "textflag.h"

// turnF32NEON turns filters of 3 x 3 round, and puts those of a channel side by side.
//
//	R0  filters left; R1 where the one at hand goes, R2 it in src, R3 bytes to the next one
//	R4  channels, R5 left; R6, R7 dst and src at hand, R8 bytes from a channel to the next in dst
//	V0, V1 eight elements, R9 the first of the nine
//
//	dst[c*ldd+9*f+i] = src[f*lds+9*c+8-i]

// func turnF32NEON(filters, channels int, dst *float32, ldd int, src *float32, lds int)
TEXT ·turnF32NEON(SB), NOSPLIT, $0-48
	MOVD filters+0(FP), R0
	MOVD channels+8(FP), R4
	MOVD dst+16(FP), R1
	MOVD ldd+24(FP), R8
	LSL  $2, R8, R8
	MOVD src+32(FP), R2
	MOVD lds+40(FP), R3
	LSL  $2, R3, R3

filter:
	MOVD R4, R5
	MOVD R1, R6
	MOVD R2, R7

channel:
	MOVWU.P 4(R7), R9
	VLD1.P  32(R7), [V0.S4, V1.S4]
	VREV64  V0.S4, V0.S4           // 1 0 3 2
	VREV64  V1.S4, V1.S4
	VEXT    $8, V0.B16, V0.B16, V3.B16 // 3 2 1 0
	VEXT    $8, V1.B16, V1.B16, V2.B16
	VST1    [V2.S4, V3.S4], (R6)
	MOVW    R9, 32(R6)
	ADD     R8, R6, R6
	SUB     $1, R5, R5
	CBNZ    R5, channel
	ADD     $36, R1, R1
	ADD     R3, R2, R2
	SUB     $1, R0, R0
	CBNZ    R0, filter
	RET
