//go:build !noasm

#include "go_asm.h"
#include "textflag.h"
#include "neon_arm64.h"
#include "pairs_neon_arm64.h"
#include "eight_neon_arm64.h"

// The transforms, eight elements of each row at a time; eight_neon_arm64.h draws where
// the rows stand.
//
//	V0 to V21  values, a pair of neighbours for eight elements
//	V28 to V30 the constants, four in each

// The places of the constants in ·rowsConstants.
#define P1   0
#define P2   1
#define Q1   3
#define Q2   4
#define SUM  6
#define PSUM 7
#define OSUM 8
#define QSUM 9

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
	STRIPS(·rowsConstants)
	EACH(INPUT3)

// func rowsInput5F32NEON(dst, src *float32, s *Strips)
TEXT ·rowsInput5F32NEON(SB), NOSPLIT, $0-24
	STRIPS(·rowsConstants)
	EACH(INPUT5)

// func rowsOutputGrad5F32NEON(dst, src *float32, s *Strips)
TEXT ·rowsOutputGrad5F32NEON(SB), NOSPLIT, $0-24
	STRIPS(·rowsConstants)
	EACH(OUTPUTGRAD5)
