//go:build !noasm

#include "textflag.h"
#include "neon_arm64.h"

// neonProbe runs one macro of neon_arm64.h, for the test alone. The registers'
// numbers have all five bits between them, so that fields that overlap show.
//
//	R0 which macro; R1 the operands; V21 result (and addend), V26 and V28 operands

// PROBE runs one instruction if R0 is i.
#define PROBE(i, instruction) \
	CMP $i, R0; \
	BNE 2(PC); \
	instruction

// func neonProbe(macro int, v *[3][16]byte)
TEXT ·neonProbe(SB), NOSPLIT, $0-16
	MOVD  macro+0(FP), R0
	MOVD  v+8(FP), R1
	FMOVQ (R1), F21
	FMOVQ 16(R1), F26
	FMOVQ 32(R1), F28
	PROBE(0, FMLAS(21, 26, 28, 0))
	PROBE(1, FMLAS(21, 26, 28, 1))
	PROBE(2, FMLAS(21, 26, 28, 2))
	PROBE(3, FMLAS(21, 26, 28, 3))
	PROBE(4, FMLAD(21, 26, 28, 0))
	PROBE(5, FMLAD(21, 26, 28, 1))
	PROBE(6, FMLSS(21, 26, 28, 0))
	PROBE(7, FMLSS(21, 26, 28, 1))
	PROBE(8, FMLSS(21, 26, 28, 2))
	PROBE(9, FMLSS(21, 26, 28, 3))
	PROBE(10, DUPS(21, 26, 0))
	PROBE(11, DUPS(21, 26, 1))
	PROBE(12, DUPS(21, 26, 2))
	PROBE(13, DUPS(21, 26, 3))
	PROBE(14, SHL4S(21, 26, 1))
	PROBE(15, SHL4S(21, 26, 23))
	PROBE(16, SSHR4S(21, 26, 1))
	PROBE(17, SSHR4S(21, 26, 31))
	PROBE(18, FADD4S(21, 26, 28))
	PROBE(19, FSUB4S(21, 26, 28))
	PROBE(20, FMUL4S(21, 26, 28))
	PROBE(21, FDIV4S(21, 26, 28))
	PROBE(22, FMAX4S(21, 26, 28))
	PROBE(23, FMLA4S(21, 26, 28))
	PROBE(24, FMLS4S(21, 26, 28))
	PROBE(25, FCMGT4S(21, 26, 28))
	PROBE(26, FCMEQ4S(21, 26, 28))
	PROBE(27, FADD2D(21, 26, 28))
	PROBE(28, FSUB2D(21, 26, 28))
	PROBE(29, FMUL2D(21, 26, 28))
	PROBE(30, FMLA2D(21, 26, 28))
	PROBE(31, ADD4S(21, 26, 28))
	PROBE(32, SUB4S(21, 26, 28))
	PROBE(33, AND16B(21, 26, 28))
	PROBE(34, BIC16B(21, 26, 28))
	PROBE(35, ORR16B(21, 26, 28))
	PROBE(36, BIT16B(21, 26, 28))
	PROBE(37, BIF16B(21, 26, 28))
	PROBE(38, FCMGT04S(21, 26))
	PROBE(39, FCMLT04S(21, 26))
	PROBE(40, FABS4S(21, 26))
	PROBE(41, FNEG4S(21, 26))
	PROBE(42, FCVTL2D(21, 26))
	PROBE(43, FCVTL22D(21, 26))
	PROBE(44, FDIV2D(21, 26, 28))
	PROBE(45, FMLS2D(21, 26, 28))
	FMOVQ F21, (R1)
	RET
