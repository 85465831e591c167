//go:build !noasm

#include "textflag.h"
#include "neon_arm64.h"
#include "map_neon_arm64.h"

// Sigmoid, tanh, GELU and their gradients: the operations of generic_act.go in
// the same order, one instruction for each rounding. Four elements at a time,
// then one at a time by the same instructions, whose other lanes do not count.
//
//	R0 elements left; R1 result; R2 x (dy); R3 y (x); R4 the constants
//	V0 x, then the result; V1 dy; V2 to V9 at work
//	V16 log2 e, ln2 hi, ln2 lo, C5    V17 C4, C3, C2, C1    V18 C0
//	of GELU: V16 log, ln2 hi, ln2 lo, density    V17 tailE, tailP[0]
//	V18 tailP[1:], tailQ[0]    V19 tailQ[1:]    V21, V22 tailPow
//	of its places: V20 the first byte of each lane, V30 28, V23 0, 1, 2, 3
//	in all lanes: V24 the number to round by, V25 the sign bit, V26 1, V27 the
//	least argument, V28 the integer 127, or 64<<23, V29 2 or -15

// CONSTANTS fills V16 to V20 and V24 to V29 from the table T.
#define CONSTANTS(T) \
	MOVD  $T(SB), R4 \
	FLDPQ (R4), (F16, F17) \
	FLDPQ 32(R4), (F18, F19) \
	FMOVQ 64(R4), F20 \
	FLDPQ 80(R4), (F28, F31) \
	DUPS(24, 28, 0) \
	DUPS(25, 28, 1) \
	DUPS(26, 28, 2) \
	DUPS(27, 28, 3) \
	DUPS(28, 31, 0) \
	DUPS(29, 31, 1)

// LEAST raises V2 to the least argument.
#define LEAST \
	FCMGT4S(4, 27, 2) \
	BIT16B(2, 27, 4)

// EXPPARTS leaves k in V4 and q in V2, of e^V2.
#define EXPPARTS \
	ORR16B(4, 24, 24) \
	FMLAS(4, 2, 16, 0) \
	FSUB4S(5, 4, 24) \
	SUB4S(4, 4, 24) \
	FMLSS(2, 5, 16, 1) \
	FMLSS(2, 5, 16, 2) \
	DUPS(6, 17, 0) \
	FMLAS(6, 2, 16, 3) \
	DUPS(7, 17, 1) \
	FMLA4S(7, 2, 6) \
	DUPS(6, 17, 2) \
	FMLA4S(6, 2, 7) \
	DUPS(7, 17, 3) \
	FMLA4S(7, 2, 6) \
	DUPS(6, 18, 0) \
	FMLA4S(6, 2, 7) \
	FMUL4S(7, 2, 2) \
	FMLA4S(2, 7, 6)

// EXPNEG makes e of V2, of k in V4 and q in V2: (1+q) * 2^h * 2^(k-h).
#define EXPNEG \
	SSHR4S(5, 4, 1) \
	SUB4S(4, 4, 5) \
	ADD4S(5, 5, 28) \
	ADD4S(4, 4, 28) \
	SHL4S(5, 5, 23) \
	SHL4S(4, 4, 23) \
	FADD4S(2, 2, 26) \
	FMUL4S(2, 2, 5) \
	FMUL4S(2, 2, 4)

// ACT1 is R1[i] = BODY of V0 = R2[i].
#define ACT1(BODY) \
	CMP     $4, R0 \
	BLT     rest \
blocks: \
	FMOVQ.P 16(R2), F0 \
	SUB     $4, R0, R0 \
	BODY \
	CMP     $4, R0 \
	FMOVQ.P F0, 16(R1) \
	BGE     blocks \
rest: \
	CBZ     R0, done \
one: \
	FMOVS.P 4(R2), F0 \
	BODY \
	SUBS    $1, R0, R0 \
	FMOVS.P F0, 4(R1) \
	BNE     one \
done: \
	RET

#define SIGMOID \
	ORR16B(2, 0, 25) \ // -|x|
	LEAST \
	EXPPARTS \
	EXPNEG \
	FADD4S(3, 2, 26) \
	FCMLT04S(4, 0) \
	BIF16B(2, 26, 4) \ // e where x < 0, else 1
	FDIV4S(0, 2, 3)

// func sigmoidF32NEON(dst, src []float32)
TEXT ·sigmoidF32NEON(SB), NOSPLIT, $0-48
	MOVD dst+0(FP), R1
	MOVD dst_len+8(FP), R0
	MOVD src+24(FP), R2
	CONSTANTS(·actNEON)
	ACT1(SIGMOID)

#define TANH \
	ORR16B(2, 0, 25) \
	FADD4S(2, 2, 2) \ // -2|x|
	LEAST \
	EXPPARTS \
	ADD4S(4, 4, 28) \
	SHL4S(4, 4, 23) \ // s = 2^k
	FSUB4S(5, 4, 26) \
	FMLA4S(5, 4, 2) \ // m = s*q + (s-1)
	FADD4S(6, 29, 5) \
	FDIV4S(5, 5, 6) \
	BIF16B(0, 5, 25) // x's sign, the quotient's magnitude

// func tanhF32NEON(dst, src []float32)
TEXT ·tanhF32NEON(SB), NOSPLIT, $0-48
	MOVD  dst+0(FP), R1
	MOVD  dst_len+8(FP), R0
	MOVD  src+24(FP), R2
	CONSTANTS(·actNEON)
	FMOVS 112(R4), F27
	VDUP  V27.S[0], V27.S4
	FMOVS $2.0, F29
	VDUP  V29.S[0], V29.S4
	ACT1(TANH)

// TAILCONSTANTS fills the registers of GELU.
#define TAILCONSTANTS \
	CONSTANTS(·tailNEON) \
	DUPS(30, 31, 2) \
	DUPS(23, 31, 3) \
	MOVD  $·tailPow(SB), R4 \
	FLDPQ (R4), (F21, F22)

// TAIL leaves v in V8, e in V2 and r in V7 as tail32 does, for x in V0. v is scaled as
// an integer: what becomes of 0 is nothing beside the sum.
#define TAIL \
	ORR16B(8, 0, 25) \
	FMAX4S(8, 8, 29) \
	DUPS(7, 17, 3) \
	FADD4S(6, 8, 7) \
	DUPS(7, 18, 0) \
	FMLA4S(7, 6, 8) \
	DUPS(6, 18, 1) \
	FMLA4S(6, 7, 8) \
	DUPS(7, 18, 2) \
	FMLA4S(7, 6, 8) \ // the numerator
	ADD4S(6, 8, 28) \
	DUPS(9, 18, 3) \
	FADD4S(6, 6, 9) \
	DUPS(9, 19, 0) \
	FMLA4S(9, 6, 8) \
	DUPS(6, 19, 1) \
	FMLA4S(6, 9, 8) \
	DUPS(9, 19, 2) \
	FMLA4S(9, 6, 8) \
	DUPS(6, 19, 3) \
	FMLA4S(6, 9, 8) \
	FDIV4S(7, 7, 6) \
	FMUL4S(3, 8, 8) \
	ORR16B(4, 24, 24) \
	FMLAS(4, 3, 16, 0) \
	FSUB4S(5, 4, 24) \
	DUPS(2, 16, 1) \
	FMUL4S(2, 5, 2) \
	FMLA4S(2, 8, 8) \
	FMLAS(2, 5, 16, 2) \ // s
	DUPS(6, 17, 0) \
	FADD4S(6, 2, 6) \
	DUPS(9, 17, 1) \
	FMLA4S(9, 6, 2) \
	DUPS(6, 17, 2) \
	FMLA4S(6, 9, 2) \
	SHL4S(5, 4, 2) \ // the bytes 4j to 4j+3 of tailPow
	VTBL V20.B16, [V5.B16], V5.B16 \
	AND16B(5, 5, 30) \
	ORR16B(5, 5, 23) \
	VTBL V5.B16, [V21.B16, V22.B16], V5.B16 \
	SHL4S(4, 4, 20) \
	ADD4S(5, 5, 4) \
	FMUL4S(2, 6, 5)

#define GELU \
	TAIL \
	FMUL4S(7, 7, 2) \
	FCMLT04S(4, 0) \
	BIT16B(8, 0, 4) \ // v, or x where it is negative
	BIT16B(0, 25, 4) \ // x, or -0 there
	FMLA4S(0, 8, 7)

// func geluF32NEON(dst, src []float32)
TEXT ·geluF32NEON(SB), NOSPLIT, $0-48
	MOVD dst+0(FP), R1
	MOVD dst_len+8(FP), R0
	MOVD src+24(FP), R2
	TAILCONSTANTS
	ACT1(GELU)

#define GELUGRAD \
	TAIL \
	DUPS(3, 16, 3) \
	FMLA4S(7, 8, 3) \
	FMUL4S(7, 7, 2) \ // g
	FSUB4S(6, 26, 7) \
	FCMGT04S(4, 0) \
	BIT16B(7, 6, 4) \ // 1 - g where x > 0
	FMUL4S(0, 1, 7)

// func geluGradF32NEON(dx, dy, x []float32)
TEXT ·geluGradF32NEON(SB), NOSPLIT, $0-72
	MOVD dx+0(FP), R1
	MOVD dx_len+8(FP), R0
	MOVD dy+24(FP), R2
	MOVD x+48(FP), R3
	TAILCONSTANTS
	CMP  $4, R0
	BLT  rest

blocks:
	FMOVQ.P 16(R2), F1
	FMOVQ.P 16(R3), F0
	SUB     $4, R0, R0
	GELUGRAD
	CMP     $4, R0
	FMOVQ.P F0, 16(R1)
	BGE     blocks

rest:
	CBZ R0, done

one:
	FMOVS.P 4(R2), F1
	FMOVS.P 4(R3), F0
	GELUGRAD
	SUBS    $1, R0, R0
	FMOVS.P F0, 4(R1)
	BNE     one

done:
	RET

// SIGMOIDGRAD is x*(y*(1-y)).
#define SIGMOIDGRAD(x, y, t) \
	FSUB4S(t, 31, y) \
	FMUL4S(y, y, t) \
	FMUL4S(x, x, y)

// func sigmoidGradF32NEON(dx, dy, y []float32)
TEXT ·sigmoidGradF32NEON(SB), NOSPLIT, $0-72
	MOVD  dx+0(FP), R1
	MOVD  dx_len+8(FP), R0
	MOVD  dy+24(FP), R2
	MOVD  y+48(FP), R3
	FMOVS $1.0, F31
	VDUP  V31.S[0], V31.S4
	MAP2(SIGMOIDGRAD)

// TANHGRAD is x*fma(-y, y, 1).
#define TANHGRAD(x, y, t) \
	ORR16B(t, 31, 31) \
	FMLS4S(t, y, y) \
	FMUL4S(x, x, t)

// func tanhGradF32NEON(dx, dy, y []float32)
TEXT ·tanhGradF32NEON(SB), NOSPLIT, $0-72
	MOVD  dx+0(FP), R1
	MOVD  dx_len+8(FP), R0
	MOVD  dy+24(FP), R2
	MOVD  y+48(FP), R3
	FMOVS $1.0, F31
	VDUP  V31.S[0], V31.S4
	MAP2(TANHGRAD)
