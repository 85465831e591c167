//go:build !noasm

#include "textflag.h"
#include "neon_arm64.h"
#include "gemm_neon_arm64.h"

// gemmF32NEONx8x12: one 8 x 12 tile of C.
//
// Why 8 x 12: 24 accumulators hide the 4 cycles of FMLA on up to four units;
// with 2 registers of A and 3 of B, 29 of 32 are in use, and a step in k is
// 24 FMLAs for 5 loaded registers. FMLA takes A's value straight from a lane.
//
//	                     B(k, 0:4)  B(k, 4:8)  B(k, 8:12)
//	                     V26        V27        V28
//	A(0,k) V24[0]       V0          V1          V2
//	A(1,k) V24[1]       V3          V4          V5
//	A(2,k) V24[2]       V6          V7          V8
//	A(3,k) V24[3]       V9          V10         V11
//	A(4,k) V25[0]       V12         V13         V14
//	A(5,k) V25[1]       V15         V16         V17
//	A(6,k) V25[2]       V18         V19         V20
//	A(7,k) V25[3]       V21         V22         V23
//
//	R0 to R7: see gemm_neon_arm64.h

// QUAD4 is one column block of four rows: t(i) = fma(b, a[i], t(i)).
#define QUAD4(t0, t1, t2, t3, b, a) \
	FMLAS(t0, b, a, 0); \
	FMLAS(t1, b, a, 1); \
	FMLAS(t2, b, a, 2); \
	FMLAS(t3, b, a, 3)

// func gemmF32NEONx8x12(kc int, a, b *float32, ldb int, c *float32, ldc int, load bool)
TEXT ·gemmF32NEONx8x12(SB), NOSPLIT, $0-49
	BEGIN(2)

steps:
	CBZ   R0, store
	FLDPQ.P 32(R1), (F24, F25)
	FLDPQ (R2), (F26, F27)
	FMOVQ 32(R2), F28
	ADD   R7, R2, R2
	SUB   $1, R0, R0
	CBZ   R0, last

loop:
	QUAD4(0, 3, 6, 9, 26, 24)
	QUAD4(1, 4, 7, 10, 27, 24)
	QUAD4(2, 5, 8, 11, 28, 24)
	FMOVQ.P 32(R1), F24        // A(0:4, k+1)
	QUAD4(12, 15, 18, 21, 26, 25)
	FMOVQ (R2), F26            // B(k+1, 0:4)
	QUAD4(13, 16, 19, 22, 27, 25)
	FMOVQ 16(R2), F27          // B(k+1, 4:8)
	QUAD4(14, 17, 20, 23, 28, 25)
	FMOVQ 32(R2), F28          // B(k+1, 8:12)
	FMOVQ -16(R1), F25         // A(4:8, k+1)
	ADD   R7, R2, R2
	SUBS  $1, R0, R0
	BNE   loop

last:
	QUAD4(0, 3, 6, 9, 26, 24)
	QUAD4(1, 4, 7, 10, 27, 24)
	QUAD4(2, 5, 8, 11, 28, 24)
	QUAD4(12, 15, 18, 21, 26, 25)
	QUAD4(13, 16, 19, 22, 27, 25)
	QUAD4(14, 17, 20, 23, 28, 25)

store:
	ROWS(PUT, R3)
	RET
