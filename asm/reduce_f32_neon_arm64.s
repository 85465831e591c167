//go:build !noasm

#include "textflag.h"
#include "neon_arm64.h"

// Sums over 16 lanes, on blocks of 16 elements.
//
//	R0 blocks, counted down; R1 lanes; R2 elements
//	V0 to V3 the lanes; V4 to V7 elements

// func sumBlocksF32NEON(blocks int, x *float32, lane *[16]float32)
TEXT ·sumBlocksF32NEON(SB), NOSPLIT, $0-24
	MOVD  blocks+0(FP), R0
	MOVD  x+8(FP), R2
	MOVD  lane+16(FP), R1
	FLDPQ (R1), (F0, F1)      // lanes 0 to 7
	FLDPQ 32(R1), (F2, F3)    // lanes 8 to 15

loop:
	FLDPQ.P 64(R2), (F4, F5)
	FLDPQ   -32(R2), (F6, F7)
	FADD4S(0, 0, 4)
	FADD4S(1, 1, 5)
	FADD4S(2, 2, 6)
	FADD4S(3, 3, 7)
	SUBS    $1, R0, R0
	BNE     loop
	FSTPQ   (F0, F1), (R1)
	FSTPQ   (F2, F3), 32(R1)
	RET
