//go:build !noasm

#include "textflag.h"
#include "neon_arm64.h"

// Sums over 16 lanes, and counts, on blocks of 16 elements, and the way to float64.
//
//	R0 blocks or elements, counted down; R1 lanes or result; R2, R3 elements
//	V0 to V3 lanes of float32; V16 to V23 lanes of float64; V4 to V11 elements

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

// func countBlocksF32NEON(blocks int, x *float32) int
TEXT ·countBlocksF32NEON(SB), NOSPLIT, $0-24
	MOVD blocks+0(FP), R0
	MOVD x+8(FP), R2
	VEOR V0.B16, V0.B16, V0.B16
	VEOR V1.B16, V1.B16, V1.B16
	VEOR V2.B16, V2.B16, V2.B16
	VEOR V3.B16, V3.B16, V3.B16

loop:
	FLDPQ.P 64(R2), (F4, F5)
	FLDPQ   -32(R2), (F6, F7)
	VSHL    $1, V4.S4, V4.S4         // less the sign
	VSHL    $1, V5.S4, V5.S4
	VSHL    $1, V6.S4, V6.S4
	VSHL    $1, V7.S4, V7.S4
	VCMTST  V4.S4, V4.S4, V4.S4      // any bit: -1
	VCMTST  V5.S4, V5.S4, V5.S4
	VCMTST  V6.S4, V6.S4, V6.S4
	VCMTST  V7.S4, V7.S4, V7.S4
	VSUB    V4.S4, V0.S4, V0.S4
	VSUB    V5.S4, V1.S4, V1.S4
	VSUB    V6.S4, V2.S4, V2.S4
	VSUB    V7.S4, V3.S4, V3.S4
	SUBS    $1, R0, R0
	BNE     loop
	VADD    V1.S4, V0.S4, V0.S4
	VADD    V3.S4, V2.S4, V2.S4
	VADD    V2.S4, V0.S4, V0.S4
	VADDP   V0.S4, V0.S4, V0.S4
	VADDP   V0.S4, V0.S4, V0.S4
	VMOV    V0.S[0], R1
	MOVD    R1, ret+16(FP)
	RET

// DOT adds four products x*y to two registers of lanes.
#define DOT(x, y, l0, l1) \
	FCVTL2D(8, x) \
	FCVTL22D(9, x) \
	FCVTL2D(10, y) \
	FCVTL22D(11, y) \
	FMLA2D(l0, 8, 10) \
	FMLA2D(l1, 9, 11)

// func dotBlocksF32NEON(blocks int, x, y *float32, lane *[16]float64)
TEXT ·dotBlocksF32NEON(SB), NOSPLIT, $0-32
	MOVD  blocks+0(FP), R0
	MOVD  x+8(FP), R2
	MOVD  y+16(FP), R3
	MOVD  lane+24(FP), R1
	FLDPQ (R1), (F16, F17)
	FLDPQ 32(R1), (F18, F19)
	FLDPQ 64(R1), (F20, F21)
	FLDPQ 96(R1), (F22, F23)

loop:
	FLDPQ.P 64(R2), (F0, F1)
	FLDPQ   -32(R2), (F2, F3)
	FLDPQ.P 64(R3), (F4, F5)
	FLDPQ   -32(R3), (F6, F7)
	DOT(0, 4, 16, 17)
	DOT(1, 5, 18, 19)
	DOT(2, 6, 20, 21)
	DOT(3, 7, 22, 23)
	SUBS    $1, R0, R0
	BNE     loop
	FSTPQ   (F16, F17), (R1)
	FSTPQ   (F18, F19), 32(R1)
	FSTPQ   (F20, F21), 64(R1)
	FSTPQ   (F22, F23), 96(R1)
	RET
