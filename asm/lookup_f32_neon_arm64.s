//go:build !noasm

#include "textflag.h"

// Bytes through a table of 256 float32s: eight bytes are one load, and their entries one each.
// TBL on the table's 64 registers of bytes, which cannot all stay, is predicted to take three
// to four times as long on Neoverse N1 and V1.
//
//	R0 blocks of 8 bytes left; R1 results; R2 bytes; R3 the table
//	R4 eight bytes; R5 to R12 one each; F0 to F7 their entries

// func lookupF32NEON(blocks int, dst *float32, src *byte, table *[256]float32)
TEXT ·lookupF32NEON(SB), NOSPLIT, $0-32
	MOVD blocks+0(FP), R0
	MOVD dst+8(FP), R1
	MOVD src+16(FP), R2
	MOVD table+24(FP), R3

block:
	MOVD.P  8(R2), R4
	AND     $255, R4, R5
	UBFX    $8, R4, $8, R6
	UBFX    $16, R4, $8, R7
	UBFX    $24, R4, $8, R8
	UBFX    $32, R4, $8, R9
	UBFX    $40, R4, $8, R10
	UBFX    $48, R4, $8, R11
	LSR     $56, R4, R12
	FMOVS   (R3)(R5<<2), F0
	FMOVS   (R3)(R6<<2), F1
	FMOVS   (R3)(R7<<2), F2
	FMOVS   (R3)(R8<<2), F3
	FMOVS   (R3)(R9<<2), F4
	FMOVS   (R3)(R10<<2), F5
	FMOVS   (R3)(R11<<2), F6
	FMOVS   (R3)(R12<<2), F7
	SUBS    $1, R0, R0
	FSTPS.P (F0, F1), 32(R1)
	FSTPS   (F2, F3), -24(R1)
	FSTPS   (F4, F5), -16(R1)
	FSTPS   (F6, F7), -8(R1)
	BNE     block
	RET
