//go:build !noasm

#include "textflag.h"

// Copies of runs of 12 float32 into a panel.
//
//	R0  runs, counted down (at least 1); R1 panel; R2 source
//	R3  distance of two runs in bytes, or the offsets of the runs, in elements
//	R4, R5  the run at hand

// func copyRowsF32NEON(runs int, dst, src *float32, ld int)
TEXT ·copyRowsF32NEON(SB), NOSPLIT, $0-32
	MOVD runs+0(FP), R0
	MOVD dst+8(FP), R1
	MOVD src+16(FP), R2
	MOVD ld+24(FP), R3
	LSL  $2, R3, R3

loop:
	FLDPQ   (R2), (F0, F1)
	FMOVQ   32(R2), F2
	ADD     R3, R2, R2
	FSTPQ.P (F0, F1), 48(R1)
	FMOVQ   F2, -16(R1)
	SUBS    $1, R0, R0
	BNE     loop
	RET

// func copyRunsF32NEON(runs int, dst, src *float32, offset *int)
TEXT ·copyRunsF32NEON(SB), NOSPLIT, $0-32
	MOVD runs+0(FP), R0
	MOVD dst+8(FP), R1
	MOVD src+16(FP), R2
	MOVD offset+24(FP), R3

loop:
	MOVD.P  8(R3), R4
	ADD     R4<<2, R2, R5
	FLDPQ   (R5), (F0, F1)
	FMOVQ   32(R5), F2
	FSTPQ.P (F0, F1), 48(R1)
	FMOVQ   F2, -16(R1)
	SUBS    $1, R0, R0
	BNE     loop
	RET
