//go:build !noasm

#include "textflag.h"
#include "neon_arm64.h"
#include "gemm_neon_arm64.h"

// gemmF64NEONx8x6: one 8 x 6 tile of C.
//
// Why 8 x 6: 24 accumulators hide the 4 cycles of FMLA on up to four units;
// with 4 registers of A and 3 of B, 31 of 32 are in use, and a step in k is
// 24 FMLAs for 7 loaded registers. FMLA takes A's value straight from a lane.
//
//	                     B(k, 0:2)  B(k, 2:4)  B(k, 4:6)
//	                     V28        V29        V30
//	A(0,k) V24[0]       V0          V1          V2
//	A(1,k) V24[1]       V3          V4          V5
//	A(2,k) V25[0]       V6          V7          V8
//	A(3,k) V25[1]       V9          V10         V11
//	A(4,k) V26[0]       V12         V13         V14
//	A(5,k) V26[1]       V15         V16         V17
//	A(6,k) V27[0]       V18         V19         V20
//	A(7,k) V27[1]       V21         V22         V23
//
//	R0 to R7: see gemm_neon_arm64.h

// QUAD2 is one column block of four rows: t(i) = fma(b, A(i), t(i)).
#define QUAD2(t0, t1, t2, t3, b, a01, a23) \
	FMLAD(t0, b, a01, 0); \
	FMLAD(t1, b, a01, 1); \
	FMLAD(t2, b, a23, 0); \
	FMLAD(t3, b, a23, 1)

// func gemmF64NEONx8x6(kc int, a, b *float64, ldb int, c *float64, ldc int, load bool)
TEXT ·gemmF64NEONx8x6(SB), NOSPLIT, $0-49
	BEGIN(3)

steps:
	CBZ   R0, store
	FLDPQ (R1), (F24, F25)
	FLDPQ 32(R1), (F26, F27)
	FLDPQ (R2), (F28, F29)
	FMOVQ 32(R2), F30
	ADD   $64, R1
	ADD   R7, R2, R2
	SUB   $1, R0, R0
	CBZ   R0, last

loop:
	QUAD2(0, 3, 6, 9, 28, 24, 25)
	QUAD2(1, 4, 7, 10, 29, 24, 25)
	QUAD2(2, 5, 8, 11, 30, 24, 25)
	FLDPQ.P 64(R1), (F24, F25) // A(0:4, k+1)
	QUAD2(12, 15, 18, 21, 28, 26, 27)
	FMOVQ (R2), F28            // B(k+1, 0:2)
	QUAD2(13, 16, 19, 22, 29, 26, 27)
	FMOVQ 16(R2), F29          // B(k+1, 2:4)
	QUAD2(14, 17, 20, 23, 30, 26, 27)
	FMOVQ 32(R2), F30          // B(k+1, 4:6)
	FLDPQ -32(R1), (F26, F27)  // A(4:8, k+1)
	ADD   R7, R2, R2
	SUBS  $1, R0, R0
	BNE   loop

last:
	QUAD2(0, 3, 6, 9, 28, 24, 25)
	QUAD2(1, 4, 7, 10, 29, 24, 25)
	QUAD2(2, 5, 8, 11, 30, 24, 25)
	QUAD2(12, 15, 18, 21, 28, 26, 27)
	QUAD2(13, 16, 19, 22, 29, 26, 27)
	QUAD2(14, 17, 20, 23, 30, 26, 27)

store:
	ROWS(PUT, R3)
	RET
