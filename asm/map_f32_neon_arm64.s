//go:build !noasm

#include "textflag.h"
#include "neon_arm64.h"
#include "map_neon_arm64.h"

// Element-wise kernels of the NEON path.
//
//	R0 elements; R1 result; R2, R3 operands; V29 to V31 constants

// ADD2 is x + y.
#define ADD2(x, y, t) FADD4S(x, x, y)

// func addF32NEON(dst, src []float32)
TEXT ·addF32NEON(SB), NOSPLIT, $0-48
	MOVD dst+0(FP), R1
	MOVD dst_len+8(FP), R0
	MOVD src+24(FP), R3
	MOVD R1, R2
	MAP2(ADD2)

// ADDV is x + v.
#define ADDV(x, t, u) FADD4S(x, x, 31)

// func addScalarF32NEON(dst []float32, v float32)
TEXT ·addScalarF32NEON(SB), NOSPLIT, $0-28
	MOVD  dst+0(FP), R1
	MOVD  dst_len+8(FP), R0
	FMOVS v+24(FP), F31
	VDUP  V31.S[0], V31.S4
	MOVD  R1, R2
	MAP1(ADDV)

// MUL2 is x * y.
#define MUL2(x, y, t) FMUL4S(x, x, y)

// func mulF32NEON(dst, x, y []float32)
TEXT ·mulF32NEON(SB), NOSPLIT, $0-72
	MOVD dst+0(FP), R1
	MOVD dst_len+8(FP), R0
	MOVD x+24(FP), R2
	MOVD y+48(FP), R3
	MAP2(MUL2)

// MULV is x * v.
#define MULV(x, t, u) FMUL4S(x, x, 31)

// func scaleF32NEON(dst []float32, v float32)
TEXT ·scaleF32NEON(SB), NOSPLIT, $0-28
	MOVD  dst+0(FP), R1
	MOVD  dst_len+8(FP), R0
	FMOVS v+24(FP), F31
	VDUP  V31.S[0], V31.S4
	MOVD  R1, R2
	MAP1(MULV)

// func fillF32NEON(dst []float32, v float32)
TEXT ·fillF32NEON(SB), NOSPLIT, $0-28
	MOVD  dst+0(FP), R1
	MOVD  dst_len+8(FP), R0
	FMOVS v+24(FP), F31
	VDUP  V31.S[0], V31.S4
	CMP   $8, R0
	BLT   rest

blocks:
	FSTPQ.P (F31, F31), 32(R1)
	SUB     $8, R0, R0
	CMP     $8, R0
	BGE     blocks

rest:
	CBZ R0, done

one:
	FMOVS.P F31, 4(R1)
	SUBS    $1, R0, R0
	BNE     one

done:
	RET

// SGD leaves the new v in y and the new w in x: y = fma(mu, v, fma(wd, w, g)),
// x = fma(-lr, y, w), where x is w, y is g, z is v.
#define SGD(x, y, z) \
	FMLA4S(y, x, 31) \
	FMLA4S(y, z, 30) \
	FMLS4S(x, y, 29)

// func sgdF32NEON(w, v, grad []float32, lr, mu, wd float32)
TEXT ·sgdF32NEON(SB), NOSPLIT, $0-84
	MOVD  w+0(FP), R1
	MOVD  w_len+8(FP), R0
	MOVD  v+24(FP), R2
	MOVD  grad+48(FP), R3
	FMOVS lr+72(FP), F29
	FMOVS mu+76(FP), F30
	FMOVS wd+80(FP), F31
	VDUP  V29.S[0], V29.S4
	VDUP  V30.S[0], V30.S4
	VDUP  V31.S[0], V31.S4
	CMP   $16, R0
	BLT   rest

blocks:
	FLDPQ   (R1), (F0, F1)      // w
	FLDPQ   32(R1), (F2, F3)
	FLDPQ.P 64(R3), (F4, F5)    // g
	FLDPQ   -32(R3), (F6, F7)
	FLDPQ   (R2), (F8, F9)      // v
	FLDPQ   32(R2), (F10, F11)
	SUB     $16, R0, R0
	SGD(0, 4, 8)
	SGD(1, 5, 9)
	SGD(2, 6, 10)
	SGD(3, 7, 11)
	CMP     $16, R0
	FSTPQ.P (F4, F5), 64(R2)
	FSTPQ   (F6, F7), -32(R2)
	FSTPQ.P (F0, F1), 64(R1)
	FSTPQ   (F2, F3), -32(R1)
	BGE     blocks

rest:
	CBZ R0, done

one:
	FMOVS   (R1), F0
	FMOVS.P 4(R3), F4
	FMOVS   (R2), F8
	SGD(0, 4, 8)
	SUBS    $1, R0, R0
	FMOVS.P F4, 4(R2)
	FMOVS.P F0, 4(R1)
	BNE     one

done:
	RET
