//go:build !noasm

#include "textflag.h"

// A copy by ordinary stores, against which memory-bound kernels are judged.
//
//	R0  blocks of eight registers, counted down; R1 dst, R2 src

// func copyF32NEON(blocks int, dst, src *float32)
TEXT ·copyF32NEON(SB), NOSPLIT, $0-24
	MOVD blocks+0(FP), R0
	MOVD dst+8(FP), R1
	MOVD src+16(FP), R2

loop:
	VLD1.P 64(R2), [V0.S4, V1.S4, V2.S4, V3.S4]
	VLD1.P 64(R2), [V4.S4, V5.S4, V6.S4, V7.S4]
	VST1.P [V0.S4, V1.S4, V2.S4, V3.S4], 64(R1)
	VST1.P [V4.S4, V5.S4, V6.S4, V7.S4], 64(R1)
	SUBS $1, R0, R0
	BNE  loop
	RET
