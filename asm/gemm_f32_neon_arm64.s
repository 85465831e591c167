//go:build !noasm

#include "textflag.h"
#include "neon_arm64.h"

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
//	R0 kc, counted down; R1 a: 8 values a step; R2 b: 12 values a step, R7 ldb in bytes
//	R3 c, row 0; R4 ldc in bytes; R5 load; R6 the row at hand
//
//	tile = C or 0
//	for k: for i: tile[i] = fma(B(k), A(i,k), tile[i])
//	C = tile

// func gemmF32NEONx8x12(kc int, a, b *float32, ldb int, c *float32, ldc int, load bool)
TEXT ·gemmF32NEONx8x12(SB), NOSPLIT, $0-49
	MOVD  kc+0(FP), R0
	MOVD  a+8(FP), R1
	MOVD  b+16(FP), R2
	MOVD  ldb+24(FP), R7
	MOVD  c+32(FP), R3
	MOVD  ldc+40(FP), R4
	MOVBU load+48(FP), R5
	LSL   $2, R4, R4         // elements to bytes
	LSL   $2, R7, R7
	CBZ   R5, zero
	MOVD  R3, R6
	VLD1  (R6), [V0.S4, V1.S4, V2.S4]
	ADD   R4, R6, R6
	VLD1  (R6), [V3.S4, V4.S4, V5.S4]
	ADD   R4, R6, R6
	VLD1  (R6), [V6.S4, V7.S4, V8.S4]
	ADD   R4, R6, R6
	VLD1  (R6), [V9.S4, V10.S4, V11.S4]
	ADD   R4, R6, R6
	VLD1  (R6), [V12.S4, V13.S4, V14.S4]
	ADD   R4, R6, R6
	VLD1  (R6), [V15.S4, V16.S4, V17.S4]
	ADD   R4, R6, R6
	VLD1  (R6), [V18.S4, V19.S4, V20.S4]
	ADD   R4, R6, R6
	VLD1  (R6), [V21.S4, V22.S4, V23.S4]
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
	VLD1.P 32(R1), [V24.S4, V25.S4]
	VLD1  (R2), [V26.S4, V27.S4, V28.S4]
	ADD   R7, R2, R2
	FMLAS(0, 26, 24, 0)
	FMLAS(1, 27, 24, 0)
	FMLAS(2, 28, 24, 0)
	FMLAS(3, 26, 24, 1)
	FMLAS(4, 27, 24, 1)
	FMLAS(5, 28, 24, 1)
	FMLAS(6, 26, 24, 2)
	FMLAS(7, 27, 24, 2)
	FMLAS(8, 28, 24, 2)
	FMLAS(9, 26, 24, 3)
	FMLAS(10, 27, 24, 3)
	FMLAS(11, 28, 24, 3)
	FMLAS(12, 26, 25, 0)
	FMLAS(13, 27, 25, 0)
	FMLAS(14, 28, 25, 0)
	FMLAS(15, 26, 25, 1)
	FMLAS(16, 27, 25, 1)
	FMLAS(17, 28, 25, 1)
	FMLAS(18, 26, 25, 2)
	FMLAS(19, 27, 25, 2)
	FMLAS(20, 28, 25, 2)
	FMLAS(21, 26, 25, 3)
	FMLAS(22, 27, 25, 3)
	FMLAS(23, 28, 25, 3)
	SUBS  $1, R0, R0
	BNE   loop

store:
	VST1  [V0.S4, V1.S4, V2.S4], (R3)
	ADD   R4, R3, R3
	VST1  [V3.S4, V4.S4, V5.S4], (R3)
	ADD   R4, R3, R3
	VST1  [V6.S4, V7.S4, V8.S4], (R3)
	ADD   R4, R3, R3
	VST1  [V9.S4, V10.S4, V11.S4], (R3)
	ADD   R4, R3, R3
	VST1  [V12.S4, V13.S4, V14.S4], (R3)
	ADD   R4, R3, R3
	VST1  [V15.S4, V16.S4, V17.S4], (R3)
	ADD   R4, R3, R3
	VST1  [V18.S4, V19.S4, V20.S4], (R3)
	ADD   R4, R3, R3
	VST1  [V21.S4, V22.S4, V23.S4], (R3)
	RET
