//go:build !noasm

#include "textflag.h"
#include "neon_arm64.h"

// rotateF64NEON turns two rows against each other, every product and sum rounded:
//
//	x, y = x - s*(y + h*x), y + s*(x - h*y)
//
//	R0 elements left; R1 x; R2 y
//	V0 to V3 x; V4 to V7 y; V8 to V15 at work; V30 h; V31 s

#define ROTATE(x, y, t, u) \
	FMUL2D(t, 30, x) \
	FMUL2D(u, 30, y) \
	FADD2D(t, y, t) \
	FSUB2D(u, x, u) \
	FMUL2D(t, 31, t) \
	FMUL2D(u, 31, u) \
	FSUB2D(x, x, t) \
	FADD2D(y, y, u)

// func rotateF64NEON(x, y []float64, h, s float64)
TEXT ·rotateF64NEON(SB), NOSPLIT, $0-64
	MOVD  x+0(FP), R1
	MOVD  x_len+8(FP), R0
	MOVD  y+24(FP), R2
	FMOVD h+48(FP), F30
	FMOVD s+56(FP), F31
	VDUP  V30.D[0], V30.D2
	VDUP  V31.D[0], V31.D2
	CMP   $8, R0
	BLT   rest

blocks:
	FLDPQ   (R1), (F0, F1)
	FLDPQ   32(R1), (F2, F3)
	FLDPQ   (R2), (F4, F5)
	FLDPQ   32(R2), (F6, F7)
	SUB     $8, R0, R0
	ROTATE(0, 4, 8, 12)
	ROTATE(1, 5, 9, 13)
	ROTATE(2, 6, 10, 14)
	ROTATE(3, 7, 11, 15)
	CMP     $8, R0
	FSTPQ.P (F0, F1), 64(R1)
	FSTPQ   (F2, F3), -32(R1)
	FSTPQ.P (F4, F5), 64(R2)
	FSTPQ   (F6, F7), -32(R2)
	BGE     blocks

rest:
	CBZ R0, done

one:
	FMOVD   (R1), F0
	FMOVD   (R2), F4
	ROTATE(0, 4, 8, 12)
	SUBS    $1, R0, R0
	FMOVD.P F0, 8(R1)
	FMOVD.P F4, 8(R2)
	BNE     one

done:
	RET
