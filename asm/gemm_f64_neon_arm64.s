//go:build !noasm

#include "textflag.h"
#include "neon_arm64.h"

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
//	R0 steps left after this one; R1 a: 8 values a step; R2 b: 6 values a step,
//	R7 ldb in bytes; R3 c, row 0; R4 ldc in bytes; R5 load; R6 the row at hand
//
//	tile = C or 0
//	for k: for i: tile[i] = fma(B(k), A(i,k), tile[i])
//	C = tile
//
// Loads run one step ahead, as in gemmF32NEONx8x12.

// QUAD2 is one column block of four rows: t(i) = fma(b, A(i), t(i)).
#define QUAD2(t0, t1, t2, t3, b, a01, a23) \
	FMLAD(t0, b, a01, 0); \
	FMLAD(t1, b, a01, 1); \
	FMLAD(t2, b, a23, 0); \
	FMLAD(t3, b, a23, 1)

// func gemmF64NEONx8x6(kc int, a, b *float64, ldb int, c *float64, ldc int, load bool)
TEXT ·gemmF64NEONx8x6(SB), NOSPLIT, $0-49
	MOVD  kc+0(FP), R0
	MOVD  a+8(FP), R1
	MOVD  b+16(FP), R2
	MOVD  ldb+24(FP), R7
	MOVD  c+32(FP), R3
	MOVD  ldc+40(FP), R4
	MOVBU load+48(FP), R5
	LSL   $3, R4, R4         // elements to bytes
	LSL   $3, R7, R7
	CBZ   R5, zero
	MOVD  R3, R6
	FLDPQ (R6), (F0, F1)
	FMOVQ 32(R6), F2
	ADD   R4, R6, R6
	FLDPQ (R6), (F3, F4)
	FMOVQ 32(R6), F5
	ADD   R4, R6, R6
	FLDPQ (R6), (F6, F7)
	FMOVQ 32(R6), F8
	ADD   R4, R6, R6
	FLDPQ (R6), (F9, F10)
	FMOVQ 32(R6), F11
	ADD   R4, R6, R6
	FLDPQ (R6), (F12, F13)
	FMOVQ 32(R6), F14
	ADD   R4, R6, R6
	FLDPQ (R6), (F15, F16)
	FMOVQ 32(R6), F17
	ADD   R4, R6, R6
	FLDPQ (R6), (F18, F19)
	FMOVQ 32(R6), F20
	ADD   R4, R6, R6
	FLDPQ (R6), (F21, F22)
	FMOVQ 32(R6), F23
	B     steps

zero:
	VEOR  V0.B16, V0.B16, V0.B16
	VEOR  V1.B16, V1.B16, V1.B16
	VEOR  V2.B16, V2.B16, V2.B16
	VEOR  V3.B16, V3.B16, V3.B16
	VEOR  V4.B16, V4.B16, V4.B16
	VEOR  V5.B16, V5.B16, V5.B16
	VEOR  V6.B16, V6.B16, V6.B16
	VEOR  V7.B16, V7.B16, V7.B16
	VEOR  V8.B16, V8.B16, V8.B16
	VEOR  V9.B16, V9.B16, V9.B16
	VEOR  V10.B16, V10.B16, V10.B16
	VEOR  V11.B16, V11.B16, V11.B16
	VEOR  V12.B16, V12.B16, V12.B16
	VEOR  V13.B16, V13.B16, V13.B16
	VEOR  V14.B16, V14.B16, V14.B16
	VEOR  V15.B16, V15.B16, V15.B16
	VEOR  V16.B16, V16.B16, V16.B16
	VEOR  V17.B16, V17.B16, V17.B16
	VEOR  V18.B16, V18.B16, V18.B16
	VEOR  V19.B16, V19.B16, V19.B16
	VEOR  V20.B16, V20.B16, V20.B16
	VEOR  V21.B16, V21.B16, V21.B16
	VEOR  V22.B16, V22.B16, V22.B16
	VEOR  V23.B16, V23.B16, V23.B16

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
	FSTPQ (F0, F1), (R3)
	FMOVQ F2, 32(R3)
	ADD   R4, R3, R3
	FSTPQ (F3, F4), (R3)
	FMOVQ F5, 32(R3)
	ADD   R4, R3, R3
	FSTPQ (F6, F7), (R3)
	FMOVQ F8, 32(R3)
	ADD   R4, R3, R3
	FSTPQ (F9, F10), (R3)
	FMOVQ F11, 32(R3)
	ADD   R4, R3, R3
	FSTPQ (F12, F13), (R3)
	FMOVQ F14, 32(R3)
	ADD   R4, R3, R3
	FSTPQ (F15, F16), (R3)
	FMOVQ F17, 32(R3)
	ADD   R4, R3, R3
	FSTPQ (F18, F19), (R3)
	FMOVQ F20, 32(R3)
	ADD   R4, R3, R3
	FSTPQ (F21, F22), (R3)
	FMOVQ F23, 32(R3)
	RET
