//go:build !noasm

#include "textflag.h"
#include "neon_arm64.h"

// Pools of 2 x 2 windows with stride 2: four windows at a time, then one at a
// time by the same instructions, whose other lanes do not count.
//
//	R0 rows left; R9 windows of a row; R8 windows left in the row at hand
//	R1, R2 the two rows of windows; R3 y; R4 dy; R5, R6 the two rows of dx
//	R7 w in bytes, R10 4*(w mod 2)
//	V0 to V3 a, b (upper row), c, d (lower row) of four windows
//	V30 0.25; V31 +0

// LARGER is x = y > x ? y : x.
#define LARGER(x, y, t) \
	FCMGT4S(t, y, x) \
	BIT16B(x, y, t)

// MAX makes the maxima of windows in V0, NaN where one of the four is NaN.
#define MAX \
	FMAX4S(4, 0, 1) \ // for NaN only: zeros of different signs are equal here
	FMAX4S(5, 2, 3) \
	FMAX4S(4, 4, 5) \
	FCMEQ4S(5, 4, 4) \
	LARGER(0, 1, 6) \
	LARGER(2, 3, 7) \
	LARGER(0, 2, 6) \
	BIF16B(0, 4, 5)

// AVERAGE makes the averages of windows in V0.
#define AVERAGE \
	FADD4S(0, 0, 1) \
	FADD4S(0, 0, 2) \
	FADD4S(0, 0, 3) \
	FMUL4S(0, 0, 30)

// POOL is R3 = BODY of the windows of R1 and R2, row by row.
#define POOL(BODY) \
rows: \
	CBZ     R0, done \
	SUB     $1, R0, R0 \
	ADD     R7, R1, R2 \
	ADD     R7, R2, R5 \ // the next pair of rows
	MOVD    R9, R8 \
	CMP     $4, R8 \
	BLT     rest \
blocks: \
	FLDPQ.P 32(R1), (F4, F5) \
	FLDPQ.P 32(R2), (F6, F7) \
	VUZP1   V5.S4, V4.S4, V0.S4 \
	VUZP2   V5.S4, V4.S4, V1.S4 \
	VUZP1   V7.S4, V6.S4, V2.S4 \
	VUZP2   V7.S4, V6.S4, V3.S4 \
	SUB     $4, R8, R8 \
	BODY \
	CMP     $4, R8 \
	FMOVQ.P F0, 16(R3) \
	BGE     blocks \
rest: \
	CBZ     R8, next \
one: \
	FMOVD.P 8(R1), F4 \
	FMOVD.P 8(R2), F6 \
	VUZP1   V4.S4, V4.S4, V0.S4 \
	VUZP2   V4.S4, V4.S4, V1.S4 \
	VUZP1   V6.S4, V6.S4, V2.S4 \
	VUZP2   V6.S4, V6.S4, V3.S4 \
	BODY \
	SUBS    $1, R8, R8 \
	FMOVS.P F0, 4(R3) \
	BNE     one \
next: \
	MOVD    R5, R1 \
	B       rows \
done: \
	RET

// func maxPool2F32NEON(y, x []float32, rows, w int)
TEXT ·maxPool2F32NEON(SB), NOSPLIT, $0-64
	MOVD y+0(FP), R3
	MOVD x+24(FP), R1
	MOVD rows+48(FP), R0
	MOVD w+56(FP), R7
	LSR  $1, R7, R9
	LSL  $2, R7, R7
	POOL(MAX)

// func avgPool2F32NEON(y, x []float32, rows, w int)
TEXT ·avgPool2F32NEON(SB), NOSPLIT, $0-64
	MOVD  y+0(FP), R3
	MOVD  x+24(FP), R1
	MOVD  rows+48(FP), R0
	MOVD  w+56(FP), R7
	LSR   $1, R7, R9
	LSL   $2, R7, R7
	FMOVS $0.25, F30
	VDUP  V30.S[0], V30.S4
	POOL(AVERAGE)

// SAME makes of x ones where it neither is less than V4 nor more: equal, or one is NaN.
#define SAME(x, t) \
	FCMGT4S(t, 4, x) \
	FCMGT4S(x, x, 4) \
	ORR16B(x, x, t) \ // different
	BIC16B(x, 9, x)

// SPREAD makes the gradients of four windows in V0 to V3, in the order of a, b, c, d:
// V4 is y, V5 dy, V8 the gradient that is not yet given away, V9 ones.
#define SPREAD \
	FADD4S(8, 5, 31) \ // dy + 0
	SAME(0, 10) \
	SAME(1, 11) \
	SAME(2, 12) \
	SAME(3, 13) \
	AND16B(10, 8, 0) \
	BIC16B(8, 8, 0) \
	AND16B(11, 8, 1) \
	BIC16B(8, 8, 1) \
	AND16B(12, 8, 2) \
	BIC16B(8, 8, 2) \
	AND16B(13, 8, 3)

// func maxPool2GradF32NEON(dx, x, y, dy []float32, rows, w int)
TEXT ·maxPool2GradF32NEON(SB), NOSPLIT, $0-112
	MOVD dx+0(FP), R5
	MOVD x+24(FP), R1
	MOVD y+48(FP), R3
	MOVD dy+72(FP), R4
	MOVD rows+96(FP), R0
	MOVD w+104(FP), R7
	LSR  $1, R7, R9
	AND  $1, R7, R10
	LSL  $2, R7, R7
	VEOR V31.B16, V31.B16, V31.B16
	VCMEQ V31.B16, V31.B16, V9.B16

rows:
	CBZ  R0, done
	SUB  $1, R0, R0
	ADD  R7, R1, R2
	ADD  R7, R5, R6
	MOVD R9, R8
	CMP  $4, R8
	BLT  rest

blocks:
	FLDPQ.P 32(R1), (F4, F5)
	FLDPQ.P 32(R2), (F6, F7)
	VUZP1   V5.S4, V4.S4, V0.S4
	VUZP2   V5.S4, V4.S4, V1.S4
	VUZP1   V7.S4, V6.S4, V2.S4
	VUZP2   V7.S4, V6.S4, V3.S4
	FMOVQ.P 16(R3), F4
	FMOVQ.P 16(R4), F5
	SUB     $4, R8, R8
	SPREAD
	VZIP1   V11.S4, V10.S4, V0.S4
	VZIP2   V11.S4, V10.S4, V1.S4
	VZIP1   V13.S4, V12.S4, V2.S4
	VZIP2   V13.S4, V12.S4, V3.S4
	CMP     $4, R8
	FSTPQ.P (F0, F1), 32(R5)
	FSTPQ.P (F2, F3), 32(R6)
	BGE     blocks

rest:
	CBZ R8, odd

one:
	FMOVD.P 8(R1), F4
	FMOVD.P 8(R2), F6
	VUZP1   V4.S4, V4.S4, V0.S4
	VUZP2   V4.S4, V4.S4, V1.S4
	VUZP1   V6.S4, V6.S4, V2.S4
	VUZP2   V6.S4, V6.S4, V3.S4
	FMOVS.P 4(R3), F4
	FMOVS.P 4(R4), F5
	SPREAD
	VZIP1   V11.S4, V10.S4, V0.S4
	VZIP1   V13.S4, V12.S4, V2.S4
	SUBS    $1, R8, R8
	FMOVD.P F0, 8(R5)
	FMOVD.P F2, 8(R6)
	BNE     one

odd:
	CBZ     R10, next
	FMOVS.P F31, 4(R5)
	FMOVS.P F31, 4(R6)

next:
	ADD  R10<<2, R2, R1 // past the lower row and its odd column
	MOVD R6, R5
	B    rows

done:
	RET

// func avgPool2GradF32NEON(dx, dy []float32, rows, w int)
TEXT ·avgPool2GradF32NEON(SB), NOSPLIT, $0-64
	MOVD  dx+0(FP), R5
	MOVD  dy+24(FP), R4
	MOVD  rows+48(FP), R0
	MOVD  w+56(FP), R7
	LSR   $1, R7, R9
	AND   $1, R7, R10
	LSL   $2, R7, R7
	FMOVS $0.25, F30
	VDUP  V30.S[0], V30.S4
	VEOR  V31.B16, V31.B16, V31.B16

rows:
	CBZ  R0, done
	SUB  $1, R0, R0
	ADD  R7, R5, R6
	MOVD R9, R8
	CMP  $4, R8
	BLT  rest

blocks:
	FMOVQ.P 16(R4), F0
	SUB     $4, R8, R8
	FMUL4S(0, 0, 30)
	FADD4S(0, 0, 31)
	VZIP1   V0.S4, V0.S4, V1.S4
	VZIP2   V0.S4, V0.S4, V2.S4
	CMP     $4, R8
	FSTPQ.P (F1, F2), 32(R5)
	FSTPQ.P (F1, F2), 32(R6)
	BGE     blocks

rest:
	CBZ R8, odd

one:
	FMOVS.P 4(R4), F0
	FMUL4S(0, 0, 30)
	FADD4S(0, 0, 31)
	VZIP1   V0.S4, V0.S4, V1.S4
	SUBS    $1, R8, R8
	FMOVD.P F1, 8(R5)
	FMOVD.P F1, 8(R6)
	BNE     one

odd:
	CBZ     R10, next
	FMOVS.P F31, 4(R5)
	FMOVS.P F31, 4(R6)

next:
	MOVD R6, R5
	B    rows

done:
	RET
