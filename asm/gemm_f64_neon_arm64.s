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
//	R0 kc, counted down; R1 a: 8 values a step; R2 b: 6 values a step, R7 ldb in bytes
//	R3 c, row 0; R4 ldc in bytes; R5 load; R6 the row at hand
//
//	tile = C or 0
//	for k: for i: tile[i] = fma(B(k), A(i,k), tile[i])
//	C = tile

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
	VLD1  (R6), [V0.D2, V1.D2, V2.D2]
	ADD   R4, R6, R6
	VLD1  (R6), [V3.D2, V4.D2, V5.D2]
	ADD   R4, R6, R6
	VLD1  (R6), [V6.D2, V7.D2, V8.D2]
	ADD   R4, R6, R6
	VLD1  (R6), [V9.D2, V10.D2, V11.D2]
	ADD   R4, R6, R6
	VLD1  (R6), [V12.D2, V13.D2, V14.D2]
	ADD   R4, R6, R6
	VLD1  (R6), [V15.D2, V16.D2, V17.D2]
	ADD   R4, R6, R6
	VLD1  (R6), [V18.D2, V19.D2, V20.D2]
	ADD   R4, R6, R6
	VLD1  (R6), [V21.D2, V22.D2, V23.D2]
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

loop:
	VLD1.P 64(R1), [V24.D2, V25.D2, V26.D2, V27.D2]
	VLD1  (R2), [V28.D2, V29.D2, V30.D2]
	ADD   R7, R2, R2
	FMLAD(0, 28, 24, 0)
	FMLAD(1, 29, 24, 0)
	FMLAD(2, 30, 24, 0)
	FMLAD(3, 28, 24, 1)
	FMLAD(4, 29, 24, 1)
	FMLAD(5, 30, 24, 1)
	FMLAD(6, 28, 25, 0)
	FMLAD(7, 29, 25, 0)
	FMLAD(8, 30, 25, 0)
	FMLAD(9, 28, 25, 1)
	FMLAD(10, 29, 25, 1)
	FMLAD(11, 30, 25, 1)
	FMLAD(12, 28, 26, 0)
	FMLAD(13, 29, 26, 0)
	FMLAD(14, 30, 26, 0)
	FMLAD(15, 28, 26, 1)
	FMLAD(16, 29, 26, 1)
	FMLAD(17, 30, 26, 1)
	FMLAD(18, 28, 27, 0)
	FMLAD(19, 29, 27, 0)
	FMLAD(20, 30, 27, 0)
	FMLAD(21, 28, 27, 1)
	FMLAD(22, 29, 27, 1)
	FMLAD(23, 30, 27, 1)
	SUBS  $1, R0, R0
	BNE   loop

store:
	VST1  [V0.D2, V1.D2, V2.D2], (R3)
	ADD   R4, R3, R3
	VST1  [V3.D2, V4.D2, V5.D2], (R3)
	ADD   R4, R3, R3
	VST1  [V6.D2, V7.D2, V8.D2], (R3)
	ADD   R4, R3, R3
	VST1  [V9.D2, V10.D2, V11.D2], (R3)
	ADD   R4, R3, R3
	VST1  [V12.D2, V13.D2, V14.D2], (R3)
	ADD   R4, R3, R3
	VST1  [V15.D2, V16.D2, V17.D2], (R3)
	ADD   R4, R3, R3
	VST1  [V18.D2, V19.D2, V20.D2], (R3)
	ADD   R4, R3, R3
	VST1  [V21.D2, V22.D2, V23.D2], (R3)
	RET
