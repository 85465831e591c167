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
	PROBE(6, FADD4S(21, 26, 28))
	PROBE(7, FCMGT04S(21, 26))
	FMOVQ F21, (R1)
	RET
