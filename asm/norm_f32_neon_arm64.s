//go:build !noasm

#include "textflag.h"
#include "neon_arm64.h"
#include "map_neon_arm64.h"

// One run of a channel under batch normalisation. Sums take whole blocks of 16
// elements, their lanes in registers.
//
//	R0 elements or blocks left; R1 result or s; R2 x; R3 dy; R4 q
//	maps: V27 m, V28 a, V29 b, V30 c, V31 d
//	sums: V0 to V3 x; V4 to V7 dy; V8 to V11 at work; V12 m, V13 a, V14 b
//	      V15 shift or mean in float64; V16 to V23 s; V24 to V31 q

#define APPLYARGS \
	MOVD  y+0(FP), R1 \
	MOVD  y_len+8(FP), R0 \
	MOVD  x+24(FP), R2 \
	FMOVS m+48(FP), F27 \
	FMOVS a+52(FP), F28 \
	FMOVS b+56(FP), F29 \
	VDUP  V27.S[0], V27.S4 \
	VDUP  V28.S[0], V28.S4 \
	VDUP  V29.S[0], V29.S4

#define GRADARGS \
	MOVD  dx+0(FP), R1 \
	MOVD  dx_len+8(FP), R0 \
	MOVD  x+24(FP), R2 \
	MOVD  dy+48(FP), R3 \
	FMOVS m+72(FP), F27 \
	FMOVS a+76(FP), F28 \
	FMOVS b+80(FP), F29 \
	FMOVS c+84(FP), F30 \
	FMOVS d+88(FP), F31 \
	VDUP  V27.S[0], V27.S4 \
	VDUP  V28.S[0], V28.S4 \
	VDUP  V29.S[0], V29.S4 \
	VDUP  V30.S[0], V30.S4 \
	VDUP  V31.S[0], V31.S4

// NORM is fma(x-m, a, b).
#define NORM(x, t, u) \
	FSUB4S(u, x, 27) \
	ORR16B(x, 29, 29) \
	FMLA4S(x, u, 28)

// NORMRELU is NORM where that is > 0, else +0.
#define NORMRELU(x, t, u) \
	NORM(x, t, u) \
	FCMGT04S(t, x) \
	AND16B(x, x, t)

// func normRunF32NEON(y, x []float32, m, a, b float32)
TEXT ·normRunF32NEON(SB), NOSPLIT, $0-60
	APPLYARGS
	MAP1(NORM)

// func normReluRunF32NEON(y, x []float32, m, a, b float32)
TEXT ·normReluRunF32NEON(SB), NOSPLIT, $0-60
	APPLYARGS
	MAP1(NORMRELU)

// NORMGRAD is fma(y, a, fma(x-m, c, d)).
#define NORMGRAD(x, y, t) \
	FSUB4S(x, x, 27) \
	ORR16B(t, 31, 31) \
	FMLA4S(t, x, 30) \
	FMLA4S(t, y, 28) \
	ORR16B(x, t, t)

// NORMRELUGRAD is NORMGRAD with +0 for y unless fma(x-m, a, b) > 0.
#define NORMRELUGRAD(x, y, t) \
	FSUB4S(x, x, 27) \
	ORR16B(t, 29, 29) \
	FMLA4S(t, x, 28) \
	FCMGT04S(t, t) \
	AND16B(y, y, t) \
	ORR16B(t, 31, 31) \
	FMLA4S(t, x, 30) \
	FMLA4S(t, y, 28) \
	ORR16B(x, t, t)

// func normGradRunF32NEON(dx, x, dy []float32, m, a, b, c, d float32)
TEXT ·normGradRunF32NEON(SB), NOSPLIT, $0-92
	GRADARGS
	MAP2(NORMGRAD)

// func normReluGradRunF32NEON(dx, x, dy []float32, m, a, b, c, d float32)
TEXT ·normReluGradRunF32NEON(SB), NOSPLIT, $0-92
	GRADARGS
	MAP2(NORMRELUGRAD)

#define LOADLANES \
	FLDPQ (R1), (F16, F17) \
	FLDPQ 32(R1), (F18, F19) \
	FLDPQ 64(R1), (F20, F21) \
	FLDPQ 96(R1), (F22, F23) \
	FLDPQ (R4), (F24, F25) \
	FLDPQ 32(R4), (F26, F27) \
	FLDPQ 64(R4), (F28, F29) \
	FLDPQ 96(R4), (F30, F31)

#define STORELANES \
	FSTPQ (F16, F17), (R1) \
	FSTPQ (F18, F19), 32(R1) \
	FSTPQ (F20, F21), 64(R1) \
	FSTPQ (F22, F23), 96(R1) \
	FSTPQ (F24, F25), (R4) \
	FSTPQ (F26, F27), 32(R4) \
	FSTPQ (F28, F29), 64(R4) \
	FSTPQ (F30, F31), 96(R4) \
	RET

// SUMS adds four elements x to two registers of s and of q.
#define SUMS(x, s0, s1, q0, q1) \
	FCVTL2D(8, x) \
	FCVTL22D(9, x) \
	FSUB2D(8, 8, 15) \
	FSUB2D(9, 9, 15) \
	FADD2D(s0, s0, 8) \
	FADD2D(s1, s1, 9) \
	FMLA2D(q0, 8, 8) \
	FMLA2D(q1, 9, 9)

// func normSumsBlocksF32NEON(blocks int, x *float32, shift float64, s, q *[16]float64)
TEXT ·normSumsBlocksF32NEON(SB), NOSPLIT, $0-40
	MOVD  blocks+0(FP), R0
	MOVD  x+8(FP), R2
	FMOVD shift+16(FP), F15
	VDUP  V15.D[0], V15.D2
	MOVD  s+24(FP), R1
	MOVD  q+32(FP), R4
	LOADLANES

loop:
	FLDPQ.P 64(R2), (F0, F1)
	FLDPQ   -32(R2), (F2, F3)
	SUMS(0, 16, 17, 24, 25)
	SUMS(1, 18, 19, 26, 27)
	SUMS(2, 20, 21, 28, 29)
	SUMS(3, 22, 23, 30, 31)
	SUBS    $1, R0, R0
	BNE     loop
	STORELANES

// GRADSUMS adds four elements x with gradients y to two registers of s and of q.
#define GRADSUMS(x, y, s0, s1, q0, q1) \
	FCVTL2D(8, x) \
	FCVTL22D(9, x) \
	FCVTL2D(10, y) \
	FCVTL22D(11, y) \
	FSUB2D(8, 8, 15) \
	FSUB2D(9, 9, 15) \
	FADD2D(s0, s0, 10) \
	FADD2D(s1, s1, 11) \
	FMLA2D(q0, 10, 8) \
	FMLA2D(q1, 11, 9)

// MASKED makes y +0 unless fma(x-m, a, b) > 0.
#define MASKED(x, y) \
	FSUB4S(8, x, 12) \
	ORR16B(9, 14, 14) \
	FMLA4S(9, 8, 13) \
	FCMGT04S(9, 9) \
	AND16B(y, y, 9)

// func normGradSumsBlocksF32NEON(blocks int, x, dy *float32, mean float64, s, q *[16]float64)
TEXT ·normGradSumsBlocksF32NEON(SB), NOSPLIT, $0-48
	MOVD  blocks+0(FP), R0
	MOVD  x+8(FP), R2
	MOVD  dy+16(FP), R3
	FMOVD mean+24(FP), F15
	VDUP  V15.D[0], V15.D2
	MOVD  s+32(FP), R1
	MOVD  q+40(FP), R4
	LOADLANES

loop:
	FLDPQ.P 64(R2), (F0, F1)
	FLDPQ   -32(R2), (F2, F3)
	FLDPQ.P 64(R3), (F4, F5)
	FLDPQ   -32(R3), (F6, F7)
	GRADSUMS(0, 4, 16, 17, 24, 25)
	GRADSUMS(1, 5, 18, 19, 26, 27)
	GRADSUMS(2, 6, 20, 21, 28, 29)
	GRADSUMS(3, 7, 22, 23, 30, 31)
	SUBS    $1, R0, R0
	BNE     loop
	STORELANES

// func normReluGradSumsBlocksF32NEON(blocks int, x, dy *float32, mean float64, m, a, b float32, s, q *[16]float64)
TEXT ·normReluGradSumsBlocksF32NEON(SB), NOSPLIT, $0-64
	MOVD  blocks+0(FP), R0
	MOVD  x+8(FP), R2
	MOVD  dy+16(FP), R3
	FMOVD mean+24(FP), F15
	VDUP  V15.D[0], V15.D2
	FMOVS m+32(FP), F12
	FMOVS a+36(FP), F13
	FMOVS b+40(FP), F14
	VDUP  V12.S[0], V12.S4
	VDUP  V13.S[0], V13.S4
	VDUP  V14.S[0], V14.S4
	MOVD  s+48(FP), R1
	MOVD  q+56(FP), R4
	LOADLANES

loop:
	FLDPQ.P 64(R2), (F0, F1)
	FLDPQ   -32(R2), (F2, F3)
	FLDPQ.P 64(R3), (F4, F5)
	FLDPQ   -32(R3), (F6, F7)
	MASKED(0, 4)
	GRADSUMS(0, 4, 16, 17, 24, 25)
	MASKED(1, 5)
	GRADSUMS(1, 5, 18, 19, 26, 27)
	MASKED(2, 6)
	GRADSUMS(2, 6, 20, 21, 28, 29)
	MASKED(3, 7)
	GRADSUMS(3, 7, 22, 23, 30, 31)
	SUBS    $1, R0, R0
	BNE     loop
	STORELANES
