//go:build !noasm

#include "textflag.h"

// Copies of runs into a panel.
//
//	R0  runs or taps, counted down (at least 1); R1 panel; R2 source
//	R3  distance of two runs in bytes, or the taps, in elements
//	R4  width of the panel or distance of two runs in it, in bytes; R5 elements of a run; R6 the run at hand
//	R7  where it goes

// func copyRowsF32NEON(runs int, dst *float32, ldd int, src *float32, ld int)
TEXT ·copyRowsF32NEON(SB), NOSPLIT, $0-40
	MOVD runs+0(FP), R0
	MOVD dst+8(FP), R1
	MOVD ldd+16(FP), R4
	MOVD src+24(FP), R2
	MOVD ld+32(FP), R3
	LSL  $2, R3, R3
	LSL  $2, R4, R4

loop:
	FLDPQ (R2), (F0, F1)
	FMOVQ 32(R2), F2
	ADD   R3, R2, R2
	FSTPQ (F0, F1), (R1)
	FMOVQ F2, 32(R1)
	ADD   R4, R1, R1
	SUBS    $1, R0, R0
	BNE     loop
	RET

// The bits of R5 say which parts a run has; the branches go the same way in
// every step.

// func packRunF32NEON(steps int, dst, src *float32, taps *int, offset, width, n int)
TEXT ·packRunF32NEON(SB), NOSPLIT, $0-56
	MOVD steps+0(FP), R0
	MOVD dst+8(FP), R1
	MOVD src+16(FP), R2
	MOVD taps+24(FP), R3
	MOVD offset+32(FP), R6
	MOVD width+40(FP), R4
	MOVD n+48(FP), R5
	ADD  R6<<2, R2, R2
	LSL  $2, R4, R4

loop:
	MOVD.P 8(R3), R6
	ADD    R6<<2, R2, R6
	MOVD   R1, R7
	ADD    R4, R1, R1
	TBZ    $3, R5, four
	FLDPQ.P 32(R6), (F0, F1)
	FSTPQ.P (F0, F1), 32(R7)

four:
	TBZ     $2, R5, two
	FMOVQ.P 16(R6), F0
	FMOVQ.P F0, 16(R7)

two:
	TBZ     $1, R5, one
	FMOVD.P 8(R6), F0
	FMOVD.P F0, 8(R7)

one:
	TBZ   $0, R5, next
	FMOVS (R6), F0
	FMOVS F0, (R7)

next:
	SUBS $1, R0, R0
	BNE  loop
	RET
