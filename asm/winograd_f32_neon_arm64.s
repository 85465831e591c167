//go:build !noasm

#include "go_asm.h"
#include "textflag.h"
#include "neon_arm64.h"
#include "pairs_neon_arm64.h"

// Winograd's transforms, eight elements of each row at a time. The operations,
// and the order of each chain, are those of generic_winograd.go, and products and
// sums are fused where it fuses them.
//
//	R0  strips left                 R1   bytes of a row of a strip; R19 those left
//	R2 to R7  rows of the source    R14  from the end of a strip to the next
//	R8 to R13 rows of the result    R15  the same for the result
//	V0 to V23  values, a pair of neighbours for eight elements
//	V24 to V27 constants of products; V28 to V31 all constants, four in each
//
//	for c < Count { for j < N, eight at a time { load; transform; store } }

// The places of the constants in ·winograd.
#define P1   0
#define P2   1
#define P3   2
#define Q1   3
#define Q2   4
#define Q3   5
#define SUM  6
#define PROD 7
#define W0   8
#define WP   9
#define WQ   10
#define P1WP 11
#define P2WP 12
#define Q1WQ 13
#define Q2WQ 14

// ARGUMENTS reads the arguments (dst, src *float32, s *Strips), Count and N not
// being 0, and the constants.
#define ARGUMENTS \
	MOVD dst+0(FP), R8            \
	MOVD src+8(FP), R2            \
	MOVD s+16(FP), R20            \
	MOVD Strips_DstRow(R20), R13  \
	MOVD Strips_DstStep(R20), R15 \
	MOVD Strips_SrcRow(R20), R7   \
	MOVD Strips_SrcStep(R20), R14 \
	MOVD Strips_N(R20), R1        \
	MOVD Strips_Count(R20), R0    \
	SUB  R1, R15, R15             \
	SUB  R1, R14, R14             \
	LSL  $2, R15, R15             \
	LSL  $2, R14, R14             \
	LSL  $2, R1, R1               \
	ADD  R7<<2, R2, R3            \
	ADD  R7<<2, R3, R4            \
	ADD  R7<<2, R4, R5            \
	ADD  R7<<2, R5, R6            \
	ADD  R7<<2, R6, R7            \
	ADD  R13<<2, R8, R9           \
	ADD  R13<<2, R9, R10          \
	ADD  R13<<2, R10, R11         \
	ADD  R13<<2, R11, R12         \
	ADD  R13<<2, R12, R13         \
	MOVD $·winograd(SB), R20      \
	VLD1 (R20), [V28.S4, V29.S4, V30.S4, V31.S4]

// EACH does BODY for every vector of every strip, and returns.
#define EACH(BODY) \
strip: \
	MOVD R1, R19       \
vector: \
	BODY               \
	SUBS $32, R19, R19 \
	BNE  vector        \
	ADD  R14, R2, R2   \
	ADD  R14, R3, R3   \
	ADD  R14, R4, R4   \
	ADD  R14, R5, R5   \
	ADD  R14, R6, R6   \
	ADD  R14, R7, R7   \
	ADD  R15, R8, R8   \
	ADD  R15, R9, R9   \
	ADD  R15, R10, R10 \
	ADD  R15, R11, R11 \
	ADD  R15, R12, R12 \
	ADD  R15, R13, R13 \
	SUBS $1, R0, R0    \
	BNE  strip         \
	RET

#define INPUT \
	FLDPQ.P 32(R3), (F0, F1)    \
	FLDPQ.P 32(R4), (F2, F3)    \
	FLDPQ.P 32(R5), (F4, F5)    \
	FLDPQ.P 32(R6), (F6, F7)    \
	FLDPQ.P 32(R2), (F8, F9)    \
	FLDPQ.P 32(R7), (F10, F11)  \
	COPY(12, 6)                 \
	COPY(14, 6)                 \
	COPY(16, 4)                 \
	FMS(12, 2, SUM)             \
	FMS(14, 2, Q2)              \
	FMS(16, 0, Q2)              \
	FMS(10, 4, SUM)             \
	FMS(6, 2, P2)               \
	FMS(4, 0, P2)               \
	FMA(12, 8, PROD)            \
	COPY(18, 14)                \
	FMA(10, 0, PROD)            \
	COPY(20, 6)                 \
	FMA(18, 16, P1)             \
	FMS(14, 16, P1)             \
	FMA(20, 4, Q1)              \
	FMS(6, 4, Q1)               \
	FSTPQ.P (F12, F13), 32(R8)  \
	FSTPQ.P (F18, F19), 32(R9)  \
	FSTPQ.P (F14, F15), 32(R10) \
	FSTPQ.P (F20, F21), 32(R11) \
	FSTPQ.P (F6, F7), 32(R12)   \
	FSTPQ.P (F10, F11), 32(R13)

#define FILTER \
	FLDPQ.P 32(R2), (F0, F1)    \
	FLDPQ.P 32(R3), (F2, F3)    \
	FLDPQ.P 32(R4), (F4, F5)    \
	MUL(6, 0, 25)               \
	COPY(8, 0)                  \
	FMA(8, 4, P2)               \
	FMA(0, 4, Q2)               \
	COPY(10, 8)                 \
	COPY(12, 0)                 \
	FMA(10, 2, P1)              \
	FMS(8, 2, P1)               \
	FMA(12, 2, Q1)              \
	FMS(0, 2, Q1)               \
	MUL(10, 10, 26)             \
	MUL(8, 8, 26)               \
	MUL(12, 12, 27)             \
	MUL(0, 0, 27)               \
	FSTPQ.P (F6, F7), 32(R8)    \
	FSTPQ.P (F10, F11), 32(R9)  \
	FSTPQ.P (F8, F9), 32(R10)   \
	FSTPQ.P (F12, F13), 32(R11) \
	FSTPQ.P (F0, F1), 32(R12)   \
	FSTPQ.P (F4, F5), 32(R13)

// SUMS loads row 0 to V0, row 5 to V10, and makes V12 and V14 the sum and the
// difference of rows 1 and 2, V16 and V18 those of rows 3 and 4.
#define SUMS \
	FLDPQ.P 32(R3), (F2, F3)   \
	FLDPQ.P 32(R4), (F4, F5)   \
	FLDPQ.P 32(R5), (F6, F7)   \
	FLDPQ.P 32(R6), (F8, F9)   \
	FLDPQ.P 32(R2), (F0, F1)   \
	FLDPQ.P 32(R7), (F10, F11) \
	PLUS(12, 2, 4)             \
	MINUS(14, 2, 4)            \
	PLUS(16, 6, 8)             \
	MINUS(18, 6, 8)

#define OUTPUT \
	SUMS                        \
	PLUS(0, 0, 12)              \
	MUL(20, 14, 26)             \
	MUL(22, 12, 27)             \
	FMA(10, 14, P3)             \
	PLUS(0, 0, 16)              \
	FMA(20, 18, Q1)             \
	FMA(22, 16, Q2)             \
	FMA(10, 18, Q3)             \
	FSTPQ.P (F0, F1), 32(R8)    \
	FSTPQ.P (F20, F21), 32(R9)  \
	FSTPQ.P (F22, F23), 32(R10) \
	FSTPQ.P (F10, F11), 32(R11)

#define OUTPUTGRAD \
	FLDPQ.P 32(R2), (F0, F1)    \
	FLDPQ.P 32(R3), (F2, F3)    \
	FLDPQ.P 32(R4), (F4, F5)    \
	FLDPQ.P 32(R5), (F6, F7)    \
	FSTPQ.P (F0, F1), 32(R8)    \
	COPY(8, 0)                  \
	COPY(10, 2)                 \
	FMA(8, 4, P2)               \
	FMA(10, 6, P2)              \
	FMA(0, 4, Q2)               \
	FMA(2, 6, Q2)               \
	COPY(12, 8)                 \
	COPY(14, 0)                 \
	FMA(12, 10, P1)             \
	FMS(8, 10, P1)              \
	FMA(14, 2, Q1)              \
	FMS(0, 2, Q1)               \
	FSTPQ.P (F12, F13), 32(R9)  \
	FSTPQ.P (F8, F9), 32(R10)   \
	FSTPQ.P (F14, F15), 32(R11) \
	FSTPQ.P (F0, F1), 32(R12)   \
	FSTPQ.P (F6, F7), 32(R13)

#define FILTERGRAD \
	SUMS                       \
	MUL(0, 0, 26)              \
	MUL(20, 14, 27)            \
	FMA(10, 12, P2WP)          \
	FMA(0, 12, WP)             \
	FMA(20, 18, Q1WQ)          \
	FMA(10, 16, Q2WQ)          \
	FMA(0, 16, WQ)             \
	FSTPQ.P (F0, F1), 32(R8)   \
	FSTPQ.P (F20, F21), 32(R9) \
	FSTPQ.P (F10, F11), 32(R10)

// func winogradInputF32NEON(dst, src *float32, s *Strips)
TEXT ·winogradInputF32NEON(SB), NOSPLIT, $0-24
	ARGUMENTS
	EACH(INPUT)

// func winogradFilterF32NEON(dst, src *float32, s *Strips)
TEXT ·winogradFilterF32NEON(SB), NOSPLIT, $0-24
	ARGUMENTS
	BCAST(W0, 25)
	BCAST(WP, 26)
	BCAST(WQ, 27)
	EACH(FILTER)

// func winogradOutputF32NEON(dst, src *float32, s *Strips)
TEXT ·winogradOutputF32NEON(SB), NOSPLIT, $0-24
	ARGUMENTS
	BCAST(P1, 26)
	BCAST(P2, 27)
	EACH(OUTPUT)

// func winogradOutputGradF32NEON(dst, src *float32, s *Strips)
TEXT ·winogradOutputGradF32NEON(SB), NOSPLIT, $0-24
	ARGUMENTS
	EACH(OUTPUTGRAD)

// func winogradFilterGradF32NEON(dst, src *float32, s *Strips)
TEXT ·winogradFilterGradF32NEON(SB), NOSPLIT, $0-24
	ARGUMENTS
	BCAST(W0, 26)
	BCAST(P1WP, 27)
	EACH(FILTERGRAD)
