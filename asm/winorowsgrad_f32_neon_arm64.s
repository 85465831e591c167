//go:build !noasm

#include "go_asm.h"
#include "textflag.h"
#include "neon_arm64.h"
#include "pairs_neon_arm64.h"

// The transforms, eight elements of each row at a time.
//
//	R0  strips left                 R22  bytes of a row of a strip; R19 those left
//	R2 to R9    rows of the source  R20  from the end of a strip to the next
//	R10 to R17  rows of the result  R21  the same for the result
//	V0 to V21  values, a pair of neighbours for eight elements
//	V28 to V30 the constants, four in each
//
//	for c < Count { for j < N, eight at a time { load; transform; store } }

// The places of the constants in ·rowsConstants.
#define P1   0
#define P2   1
#define Q1   3
#define Q2   4
#define SUM  6
#define PSUM 7
#define OSUM 8
#define QSUM 9

// STRIPS reads the arguments (dst, src *float32, s *Strips), Count and N not being 0,
// and the constants.
#define STRIPS \
	MOVD dst+0(FP), R10           \
	MOVD src+8(FP), R2            \
	MOVD s+16(FP), R23            \
	MOVD Strips_DstRow(R23), R17  \
	MOVD Strips_DstStep(R23), R21 \
	MOVD Strips_SrcRow(R23), R9   \
	MOVD Strips_SrcStep(R23), R20 \
	MOVD Strips_N(R23), R22       \
	MOVD Strips_Count(R23), R0    \
	SUB  R22, R21, R21            \
	SUB  R22, R20, R20            \
	LSL  $2, R21, R21             \
	LSL  $2, R20, R20             \
	LSL  $2, R22, R22             \
	ADD  R9<<2, R2, R3           \
	ADD  R9<<2, R3, R4           \
	ADD  R9<<2, R4, R5           \
	ADD  R9<<2, R5, R6           \
	ADD  R9<<2, R6, R7           \
	ADD  R9<<2, R7, R8           \
	ADD  R9<<2, R8, R9            \
	ADD  R17<<2, R10, R11        \
	ADD  R17<<2, R11, R12        \
	ADD  R17<<2, R12, R13        \
	ADD  R17<<2, R13, R14        \
	ADD  R17<<2, R14, R15        \
	ADD  R17<<2, R15, R16        \
	ADD  R17<<2, R16, R17         \
	MOVD $·rowsConstants(SB), R23 \
	VLD1 (R23), [V28.S4, V29.S4, V30.S4]

// EACH does BODY for every vector of every strip, and returns.
#define EACH(BODY) \
strip: \
	MOVD R22, R19      \
vector: \
	BODY               \
	SUBS $32, R19, R19 \
	BNE  vector        \
	ADD  R20, R2, R2   \
	ADD  R20, R3, R3   \
	ADD  R20, R4, R4   \
	ADD  R20, R5, R5   \
	ADD  R20, R6, R6   \
	ADD  R20, R7, R7   \
	ADD  R20, R8, R8   \
	ADD  R20, R9, R9   \
	ADD  R21, R10, R10 \
	ADD  R21, R11, R11 \
	ADD  R21, R12, R12 \
	ADD  R21, R13, R13 \
	ADD  R21, R14, R14 \
	ADD  R21, R15, R15 \
	ADD  R21, R16, R16 \
	ADD  R21, R17, R17 \
	SUBS $1, R0, R0    \
	BNE  strip         \
	RET

#define INPUT3 \
	FLDPQ.P 32(R2), (F0, F1) \
	FLDPQ.P 32(R3), (F2, F3) \
	FLDPQ.P 32(R4), (F4, F5) \
	FLDPQ.P 32(R5), (F6, F7) \
	MINUS(8, 4, 0) \
	PLUS(10, 4, 2) \
	MINUS(12, 4, 2) \
	MINUS(14, 6, 2) \
	FSTPQ.P (F8, F9), 32(R10) \
	FSTPQ.P (F10, F11), 32(R11) \
	FSTPQ.P (F12, F13), 32(R12) \
	FSTPQ.P (F14, F15), 32(R13)

#define INPUT5 \
	FLDPQ.P 32(R2), (F0, F1) \
	FLDPQ.P 32(R3), (F2, F3) \
	FLDPQ.P 32(R4), (F4, F5) \
	FLDPQ.P 32(R5), (F6, F7) \
	FLDPQ.P 32(R6), (F8, F9) \
	FLDPQ.P 32(R7), (F10, F11) \
	FLDPQ.P 32(R8), (F12, F13) \
	FLDPQ.P 32(R9), (F14, F15) \
	COPY(16, 12) \
	FMS(16, 8, SUM) \
	FMS(14, 10, SUM) \
	FMA(16, 4, SUM) \
	FMA(14, 6, SUM) \
	MINUS(16, 16, 0) \
	MINUS(14, 14, 2) \
	FSTPQ.P (F16, F17), 32(R10) \
	FSTPQ.P (F14, F15), 32(R17) \
	COPY(16, 12) \
	COPY(18, 10) \
	FMS(16, 8, PSUM) \
	FMS(18, 6, PSUM) \
	FMA(16, 4, Q2) \
	FMA(18, 2, Q2) \
	COPY(20, 16) \
	FMA(20, 18, P1) \
	FMS(16, 18, P1) \
	FSTPQ.P (F20, F21), 32(R11) \
	FSTPQ.P (F16, F17), 32(R12) \
	COPY(16, 12) \
	COPY(18, 10) \
	FMS(16, 8, OSUM) \
	FMS(18, 6, OSUM) \
	PLUS(16, 16, 4) \
	PLUS(18, 18, 2) \
	PLUS(20, 16, 18) \
	MINUS(16, 16, 18) \
	FSTPQ.P (F20, F21), 32(R13) \
	FSTPQ.P (F16, F17), 32(R14) \
	FMS(12, 8, QSUM) \
	FMS(10, 6, QSUM) \
	FMA(12, 4, P2) \
	FMA(10, 2, P2) \
	COPY(20, 12) \
	FMA(20, 10, Q1) \
	FMS(12, 10, Q1) \
	FSTPQ.P (F20, F21), 32(R15) \
	FSTPQ.P (F12, F13), 32(R16)

#define OUTPUTGRAD5 \
	FLDPQ.P 32(R2), (F0, F1) \
	FLDPQ.P 32(R3), (F2, F3) \
	FLDPQ.P 32(R4), (F4, F5) \
	FLDPQ.P 32(R5), (F6, F7) \
	FSTPQ.P (F0, F1), 32(R10) \
	COPY(8, 0) \
	COPY(10, 2) \
	FMA(8, 4, P2) \
	FMA(10, 6, P2) \
	COPY(12, 8) \
	FMA(12, 10, P1) \
	FMS(8, 10, P1) \
	FSTPQ.P (F12, F13), 32(R11) \
	FSTPQ.P (F8, F9), 32(R12) \
	PLUS(14, 0, 4) \
	PLUS(16, 2, 6) \
	PLUS(18, 14, 16) \
	MINUS(14, 14, 16) \
	FSTPQ.P (F18, F19), 32(R13) \
	FSTPQ.P (F14, F15), 32(R14) \
	FMA(0, 4, Q2) \
	FMA(2, 6, Q2) \
	COPY(20, 0) \
	FMA(20, 2, Q1) \
	FMS(0, 2, Q1) \
	FSTPQ.P (F20, F21), 32(R15) \
	FSTPQ.P (F0, F1), 32(R16) \
	FSTPQ.P (F6, F7), 32(R17)

// func rowsInput3F32NEON(dst, src *float32, s *Strips)
TEXT ·rowsInput3F32NEON(SB), NOSPLIT, $0-24
	STRIPS
	EACH(INPUT3)

// func rowsInput5F32NEON(dst, src *float32, s *Strips)
TEXT ·rowsInput5F32NEON(SB), NOSPLIT, $0-24
	STRIPS
	EACH(INPUT5)

// func rowsOutputGrad5F32NEON(dst, src *float32, s *Strips)
TEXT ·rowsOutputGrad5F32NEON(SB), NOSPLIT, $0-24
	STRIPS
	EACH(OUTPUTGRAD5)
