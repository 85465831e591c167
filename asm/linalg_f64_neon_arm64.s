//go:build !noasm

#include "textflag.h"
#include "neon_arm64.h"

// Inner loops of covariances and of the eigensolver, on whole blocks; linalg_arm64.go has the rest.
//
//	R0  blocks left (at least 1)
//	R1, R2 operands, of which R1 or both are written; R3 lanes
//	V0 to V15 elements; V16 to V31 lanes; V30, V31 constants where there are no lanes

// func dotBlocksF64NEON(blocks int, x, y *float64, lane *[16]float64)
TEXT ·dotBlocksF64NEON(SB), NOSPLIT, $0-32
	MOVD blocks+0(FP), R0
	MOVD x+8(FP), R1
	MOVD y+16(FP), R2
	MOVD lane+24(FP), R3
	FLDPQ (R3), (F16, F17)
	FLDPQ 32(R3), (F18, F19)
	FLDPQ 64(R3), (F20, F21)
	FLDPQ 96(R3), (F22, F23)

loop:
	FLDPQ.P 128(R1), (F0, F1)
	FLDPQ   -96(R1), (F2, F3)
	FLDPQ   -64(R1), (F4, F5)
	FLDPQ   -32(R1), (F6, F7)
	FLDPQ.P 128(R2), (F8, F9)
	FLDPQ   -96(R2), (F10, F11)
	FLDPQ   -64(R2), (F12, F13)
	FLDPQ   -32(R2), (F14, F15)
	FMLA2D(16, 0, 8)
	FMLA2D(17, 1, 9)
	FMLA2D(18, 2, 10)
	FMLA2D(19, 3, 11)
	FMLA2D(20, 4, 12)
	FMLA2D(21, 5, 13)
	FMLA2D(22, 6, 14)
	FMLA2D(23, 7, 15)
	SUBS    $1, R0, R0
	BNE     loop
	FSTPQ   (F16, F17), (R3)
	FSTPQ   (F18, F19), 32(R3)
	FSTPQ   (F20, F21), 64(R3)
	FSTPQ   (F22, F23), 96(R3)
	RET

// func axpyBlocksF64NEON(blocks int, a float64, x, y *float64)
TEXT ·axpyBlocksF64NEON(SB), NOSPLIT, $0-32
	MOVD  blocks+0(FP), R0
	FMOVD a+8(FP), F31
	MOVD  x+16(FP), R2
	MOVD  y+24(FP), R1
	VDUP  V31.D[0], V31.D2

loop:
	FLDPQ.P 64(R2), (F0, F1)
	FLDPQ   -32(R2), (F2, F3)
	FLDPQ   (R1), (F4, F5)
	FLDPQ   32(R1), (F6, F7)
	FMLA2D(4, 0, 31)
	FMLA2D(5, 1, 31)
	FMLA2D(6, 2, 31)
	FMLA2D(7, 3, 31)
	FSTPQ.P (F4, F5), 64(R1)
	FSTPQ   (F6, F7), -32(R1)
	SUBS    $1, R0, R0
	BNE     loop
	RET

// PLANE makes x' = c*x - s*y in t and y' = c*y + s*x in u; the products with s are fused.
#define PLANE(x, y, t, u) \
	FMUL2D(t, 30, x) \
	FMUL2D(u, 30, y) \
	FMLS2D(t, 31, y) \
	FMLA2D(u, 31, x)

// func planeBlocksF64NEON(blocks int, x, y *float64, c, s float64)
TEXT ·planeBlocksF64NEON(SB), NOSPLIT, $0-40
	MOVD  blocks+0(FP), R0
	MOVD  x+8(FP), R1
	MOVD  y+16(FP), R2
	FMOVD c+24(FP), F30
	FMOVD s+32(FP), F31
	VDUP  V30.D[0], V30.D2
	VDUP  V31.D[0], V31.D2

loop:
	FLDPQ   (R1), (F0, F1)
	FLDPQ   32(R1), (F2, F3)
	FLDPQ   (R2), (F4, F5)
	FLDPQ   32(R2), (F6, F7)
	PLANE(0, 4, 8, 12)
	PLANE(1, 5, 9, 13)
	PLANE(2, 6, 10, 14)
	PLANE(3, 7, 11, 15)
	FSTPQ.P (F8, F9), 64(R1)
	FSTPQ   (F10, F11), -32(R1)
	FSTPQ.P (F12, F13), 64(R2)
	FSTPQ   (F14, F15), -32(R2)
	SUBS    $1, R0, R0
	BNE     loop
	RET

// SYMVROW is, for eight columns of the row that a register points to: lanes l0 to
// l3 += a*x, x in V0 to V3; y in V4 to V7 += a*r[q], which is lane i of register r.
#define SYMVROW(row, l0, l1, l2, l3, r, i) \
	FLDPQ.P 64(row), (F8, F9) \
	FLDPQ   -32(row), (F10, F11) \
	FMLA2D(l0, 8, 0) \
	FMLA2D(l1, 9, 1) \
	FMLA2D(l2, 10, 2) \
	FMLA2D(l3, 11, 3) \
	FMLAD(4, 8, r, i) \
	FMLAD(5, 9, r, i) \
	FMLAD(6, 10, r, i) \
	FMLAD(7, 11, r, i)

// func symvBlocksF64NEON(blocks int, a *float64, lda int, x, y *float64, r *[4]float64, lane *[4][8]float64)
TEXT ·symvBlocksF64NEON(SB), NOSPLIT, $0-56
	MOVD blocks+0(FP), R0
	MOVD a+8(FP), R4           // the four rows
	MOVD lda+16(FP), R8
	ADD  R8<<3, R4, R5
	ADD  R8<<3, R5, R6
	ADD  R8<<3, R6, R7
	MOVD x+24(FP), R2
	MOVD y+32(FP), R1
	MOVD r+40(FP), R8
	MOVD lane+48(FP), R3
	FLDPQ (R8), (F12, F13)     // r[0], r[1]; r[2], r[3]
	FLDPQ (R3), (F16, F17)
	FLDPQ 32(R3), (F18, F19)
	FLDPQ 64(R3), (F20, F21)
	FLDPQ 96(R3), (F22, F23)
	FLDPQ 128(R3), (F24, F25)
	FLDPQ 160(R3), (F26, F27)
	FLDPQ 192(R3), (F28, F29)
	FLDPQ 224(R3), (F30, F31)

loop:
	FLDPQ.P 64(R2), (F0, F1)
	FLDPQ   -32(R2), (F2, F3)
	FLDPQ   (R1), (F4, F5)
	FLDPQ   32(R1), (F6, F7)
	SYMVROW(R4, 16, 17, 18, 19, 12, 0)
	SYMVROW(R5, 20, 21, 22, 23, 12, 1)
	SYMVROW(R6, 24, 25, 26, 27, 13, 0)
	SYMVROW(R7, 28, 29, 30, 31, 13, 1)
	FSTPQ.P (F4, F5), 64(R1)
	FSTPQ   (F6, F7), -32(R1)
	SUBS    $1, R0, R0
	BNE     loop
	FSTPQ   (F16, F17), (R3)
	FSTPQ   (F18, F19), 32(R3)
	FSTPQ   (F20, F21), 64(R3)
	FSTPQ   (F22, F23), 96(R3)
	FSTPQ   (F24, F25), 128(R3)
	FSTPQ   (F26, F27), 160(R3)
	FSTPQ   (F28, F29), 192(R3)
	FSTPQ   (F30, F31), 224(R3)
	RET

// SECULAR is t = z/(d-tau), s += z*t, ds += t*t; it overwrites d.
#define SECULAR(z, d, s, ds) \
	FSUB2D(d, d, 31) \
	FDIV2D(d, z, d) \
	FMLA2D(s, z, d) \
	FMLA2D(ds, d, d)

// func secularBlocksF64NEON(blocks int, z, delta *float64, tau float64, s, ds *[8]float64)
TEXT ·secularBlocksF64NEON(SB), NOSPLIT, $0-48
	MOVD  blocks+0(FP), R0
	MOVD  z+8(FP), R1
	MOVD  delta+16(FP), R2
	FMOVD tau+24(FP), F31
	VDUP  V31.D[0], V31.D2
	MOVD  s+32(FP), R3
	MOVD  ds+40(FP), R4
	FLDPQ (R3), (F16, F17)
	FLDPQ 32(R3), (F18, F19)
	FLDPQ (R4), (F20, F21)
	FLDPQ 32(R4), (F22, F23)

loop:
	FLDPQ.P 64(R1), (F0, F1)
	FLDPQ   -32(R1), (F2, F3)
	FLDPQ.P 64(R2), (F4, F5)
	FLDPQ   -32(R2), (F6, F7)
	SECULAR(0, 4, 16, 20)
	SECULAR(1, 5, 17, 21)
	SECULAR(2, 6, 18, 22)
	SECULAR(3, 7, 19, 23)
	SUBS    $1, R0, R0
	BNE     loop
	FSTPQ   (F16, F17), (R3)
	FSTPQ   (F18, F19), 32(R3)
	FSTPQ   (F20, F21), (R4)
	FSTPQ   (F22, F23), 32(R4)
	RET

// SHIFT is four elements of the row that a register points to: minus v, added to lanes l and l+1.
#define SHIFT(row, v, l) \
	FLDPQ (row), (F8, F9) \
	FSUB2D(8, 8, v) \
	FSUB2D(9, 9, v) \
	FADD2D(l, l, 8) \
	FADD2D((l)+1, (l)+1, 9) \
	FSTPQ.P (F8, F9), 32(row)

// func shiftBlocksF64NEON(blocks int, x *float64, ld int, by *[4]float64, lane *[4][4]float64)
TEXT ·shiftBlocksF64NEON(SB), NOSPLIT, $0-40
	MOVD blocks+0(FP), R0
	MOVD x+8(FP), R1
	MOVD ld+16(FP), R5
	MOVD by+24(FP), R6
	MOVD lane+32(FP), R3
	ADD  R5<<3, R1, R2 // rows 1 to 3 are R2, R7, R8
	ADD  R5<<3, R2, R7
	ADD  R5<<3, R7, R8
	VLD4R (R6), [V0.D2, V1.D2, V2.D2, V3.D2]
	VEOR V16.B16, V16.B16, V16.B16
	VEOR V17.B16, V17.B16, V17.B16
	VEOR V18.B16, V18.B16, V18.B16
	VEOR V19.B16, V19.B16, V19.B16
	VEOR V20.B16, V20.B16, V20.B16
	VEOR V21.B16, V21.B16, V21.B16
	VEOR V22.B16, V22.B16, V22.B16
	VEOR V23.B16, V23.B16, V23.B16

loop:
	SHIFT(R1, 0, 16)
	SHIFT(R2, 1, 18)
	SHIFT(R7, 2, 20)
	SHIFT(R8, 3, 22)
	SUBS  $1, R0, R0
	BNE   loop
	FSTPQ (F16, F17), (R3)
	FSTPQ (F18, F19), 32(R3)
	FSTPQ (F20, F21), 64(R3)
	FSTPQ (F22, F23), 96(R3)
	RET
