//go:build !noasm

#include "textflag.h"
#include "neon_arm64.h"

// Element-wise kernels of the NEON path, on blocks of 16 float32. The Go wrappers
// leave the last n mod 16 elements to the references: elements do not depend on
// each other.
//
//	R0  blocks of 16, counted down (at least 1)
//	R1  the result; R2, R3 further operands
//	V0 to V15 elements; V28 to V31 constants

// func addF32NEON(blocks int, dst, src *float32)
TEXT ·addF32NEON(SB), NOSPLIT, $0-24
	MOVD blocks+0(FP), R0
	MOVD dst+8(FP), R1
	MOVD src+16(FP), R2

loop:
	FLDPQ   (R1), (F0, F1)
	FLDPQ   32(R1), (F2, F3)
	FLDPQ.P 64(R2), (F4, F5)
	FLDPQ   -32(R2), (F6, F7)
	FADD4S(0, 0, 4)           // dst + src
	FADD4S(1, 1, 5)
	FADD4S(2, 2, 6)
	FADD4S(3, 3, 7)
	FSTPQ.P (F0, F1), 64(R1)
	FSTPQ   (F2, F3), -32(R1)
	SUBS    $1, R0, R0
	BNE     loop
	RET

// func addScalarF32NEON(blocks int, dst *float32, v float32)
TEXT ·addScalarF32NEON(SB), NOSPLIT, $0-20
	MOVD  blocks+0(FP), R0
	MOVD  dst+8(FP), R1
	FMOVS v+16(FP), F31
	VDUP  V31.S[0], V31.S4

loop:
	FLDPQ   (R1), (F0, F1)
	FLDPQ   32(R1), (F2, F3)
	FADD4S(0, 0, 31)
	FADD4S(1, 1, 31)
	FADD4S(2, 2, 31)
	FADD4S(3, 3, 31)
	FSTPQ.P (F0, F1), 64(R1)
	FSTPQ   (F2, F3), -32(R1)
	SUBS    $1, R0, R0
	BNE     loop
	RET

// func reluF32NEON(blocks int, dst, src *float32)
TEXT ·reluF32NEON(SB), NOSPLIT, $0-24
	MOVD blocks+0(FP), R0
	MOVD dst+8(FP), R1
	MOVD src+16(FP), R2

loop:
	FLDPQ.P 64(R2), (F0, F1)
	FLDPQ   -32(R2), (F2, F3)
	FCMGT04S(4, 0)            // x > 0, false for NaN and zeros
	FCMGT04S(5, 1)
	FCMGT04S(6, 2)
	FCMGT04S(7, 3)
	VAND    V4.B16, V0.B16, V0.B16 // x where true, else +0
	VAND    V5.B16, V1.B16, V1.B16
	VAND    V6.B16, V2.B16, V2.B16
	VAND    V7.B16, V3.B16, V3.B16
	FSTPQ.P (F0, F1), 64(R1)
	FSTPQ   (F2, F3), -32(R1)
	SUBS    $1, R0, R0
	BNE     loop
	RET

// func reluGradF32NEON(blocks int, dx, dy, y *float32)
TEXT ·reluGradF32NEON(SB), NOSPLIT, $0-32
	MOVD blocks+0(FP), R0
	MOVD dx+8(FP), R1
	MOVD dy+16(FP), R2
	MOVD y+24(FP), R3

loop:
	FLDPQ.P 64(R3), (F4, F5)
	FLDPQ   -32(R3), (F6, F7)
	FLDPQ.P 64(R2), (F0, F1)
	FLDPQ   -32(R2), (F2, F3)
	FCMGT04S(4, 4)            // y > 0, false for NaN and zeros
	FCMGT04S(5, 5)
	FCMGT04S(6, 6)
	FCMGT04S(7, 7)
	VAND    V4.B16, V0.B16, V0.B16 // dy where true, else +0
	VAND    V5.B16, V1.B16, V1.B16
	VAND    V6.B16, V2.B16, V2.B16
	VAND    V7.B16, V3.B16, V3.B16
	FSTPQ.P (F0, F1), 64(R1)
	FSTPQ   (F2, F3), -32(R1)
	SUBS    $1, R0, R0
	BNE     loop
	RET

// func sumF32NEON(blocks int, x *float32, lane *[16]float32)
TEXT ·sumF32NEON(SB), NOSPLIT, $0-24
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

// func sgdF32NEON(blocks int, w, v, grad *float32, lr, mu, wd float32)
TEXT ·sgdF32NEON(SB), NOSPLIT, $0-44
	MOVD  blocks+0(FP), R0
	MOVD  w+8(FP), R1
	MOVD  v+16(FP), R2
	MOVD  grad+24(FP), R3
	FMOVS lr+32(FP), F29
	FMOVS mu+36(FP), F30
	FMOVS wd+40(FP), F31
	VDUP  V29.S[0], V29.S4
	VDUP  V30.S[0], V30.S4
	VDUP  V31.S[0], V31.S4

loop:
	FLDPQ   (R1), (F0, F1)           // w
	FLDPQ   32(R1), (F2, F3)
	FLDPQ   (R2), (F4, F5)           // v
	FLDPQ   32(R2), (F6, F7)
	FLDPQ.P 64(R3), (F8, F9)         // g
	FLDPQ   -32(R3), (F10, F11)
	VFMLA   V0.S4, V31.S4, V8.S4     // g + wd*w
	VFMLA   V1.S4, V31.S4, V9.S4
	VFMLA   V2.S4, V31.S4, V10.S4
	VFMLA   V3.S4, V31.S4, V11.S4
	VFMLA   V4.S4, V30.S4, V8.S4     // + mu*v
	VFMLA   V5.S4, V30.S4, V9.S4
	VFMLA   V6.S4, V30.S4, V10.S4
	VFMLA   V7.S4, V30.S4, V11.S4
	FSTPQ.P (F8, F9), 64(R2)         // v
	FSTPQ   (F10, F11), -32(R2)
	VFMLS   V8.S4, V29.S4, V0.S4     // w - lr*v
	VFMLS   V9.S4, V29.S4, V1.S4
	VFMLS   V10.S4, V29.S4, V2.S4
	VFMLS   V11.S4, V29.S4, V3.S4
	FSTPQ.P (F0, F1), 64(R1)
	FSTPQ   (F2, F3), -32(R1)
	SUBS    $1, R0, R0
	BNE     loop
	RET
