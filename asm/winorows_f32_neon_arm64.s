//go:build !noasm

#include "go_asm.h"
#include "textflag.h"
#include "neon_arm64.h"

// The fused convolutions of Winograd's algorithm along rows, NEON path: four tiles at a
// time, and as many filters as make 24 accumulators with the places of a tile, so that a
// step is 24 FMLAs for 10 or 14 loaded registers. The filters' values are taken from
// lanes. The operations, and the order of each chain, are those of generic_winorows.go.
//
//	R0   blocks left; R1 quarters of 16 tiles left; R5 steps left of R4
//	R3   u, the transformed filters; R13 where in it a step reads, 24 numbers
//	R2   v, the transformed inputs of a quarter; R14 where in it a step reads
//	R6   the outputs of the first filter, R7 of the one at hand; R8 to the next
//	R9   bias; R10 relu; R12 constants
//	V0 to V23   accumulators: the filters of the first place, of the second, ...
//	V24 to V29  a step of u; then outputs and what is between; V30, V31 inputs
//
//	for b < blocks: for four tiles of 16
//		m[p][f] = +0
//		for t < taps: m[p][f] = fma(v[b][t][p], u[t][p][f], m[p][f])
//		for f: y[f][b] = outputs of m[f], interleaved

// RELU is x > 0 ? x : +0.
#define RELU(x, t) FCMGT04S(t, x); AND16B(x, x, t)

#define ARGUMENTS \
	MOVD  blocks+0(FP), R0         \
	MOVD  taps+8(FP), R4           \
	MOVD  dst+16(FP), R6           \
	MOVD  ldd+24(FP), R8           \
	LSL   $2, R8, R8               \
	MOVD  u+32(FP), R3             \
	MOVD  v+40(FP), R2             \
	MOVD  bias+48(FP), R9          \
	MOVBU relu+56(FP), R10         \
	MOVD  $·rowsConstants(SB), R12

#define ZERO24 \
	VEOR  V0.B16, V0.B16, V0.B16 \
	VEOR  V1.B16, V1.B16, V1.B16 \
	VEOR  V2.B16, V2.B16, V2.B16 \
	VEOR  V3.B16, V3.B16, V3.B16 \
	VEOR  V4.B16, V4.B16, V4.B16 \
	VEOR  V5.B16, V5.B16, V5.B16 \
	VEOR  V6.B16, V6.B16, V6.B16 \
	VEOR  V7.B16, V7.B16, V7.B16 \
	VEOR  V8.B16, V8.B16, V8.B16 \
	VEOR  V9.B16, V9.B16, V9.B16 \
	VEOR  V10.B16, V10.B16, V10.B16 \
	VEOR  V11.B16, V11.B16, V11.B16 \
	VEOR  V12.B16, V12.B16, V12.B16 \
	VEOR  V13.B16, V13.B16, V13.B16 \
	VEOR  V14.B16, V14.B16, V14.B16 \
	VEOR  V15.B16, V15.B16, V15.B16 \
	VEOR  V16.B16, V16.B16, V16.B16 \
	VEOR  V17.B16, V17.B16, V17.B16 \
	VEOR  V18.B16, V18.B16, V18.B16 \
	VEOR  V19.B16, V19.B16, V19.B16 \
	VEOR  V20.B16, V20.B16, V20.B16 \
	VEOR  V21.B16, V21.B16, V21.B16 \
	VEOR  V22.B16, V22.B16, V22.B16 \
	VEOR  V23.B16, V23.B16, V23.B16

// OUTPUTS3 makes two outputs of a filter from its four sums: A at 0, the pair P and PM at
// 1, and Z. It adds the bias, does the ReLU if R10 says so, and stores them.
#define OUTPUTS3(A, P, PM, Z, BIAS, STORE) \
	FADD4S(24, P, PM) \
	FSUB4S(25, P, PM) \
	FMOVS BIAS(R9), F26 \
	FADD4S(24, A, 24) \
	FADD4S(25, 25, Z) \
	DUPS(26, 26, 0) \
	FADD4S(24, 24, 26) \
	FADD4S(25, 25, 26) \
	CBZ   R10, STORE \
	RELU(24, 26) \
	RELU(25, 26) \
STORE: \
	VST2  [V24.S4, V25.S4], (R7) \
	ADD   R8, R7, R7

// func rowsConv3F32NEON(blocks, taps int, dst *float32, ldd int, u, v, bias *float32, relu bool)
TEXT ·rowsConv3F32NEON(SB), NOSPLIT, $0-57
	ARGUMENTS

block:
	MOVD  $4, R1

quarter:
	ZERO24
	MOVD  R3, R13
	MOVD  R2, R14
	MOVD  R4, R5

step:
	VLD1.P 64(R13), [V24.S4, V25.S4, V26.S4, V27.S4]
	VLD1.P 32(R13), [V28.S4, V29.S4]
	FMOVQ 0(R14), F30
	FMLAS(0, 30, 24, 0)
	FMLAS(1, 30, 24, 1)
	FMLAS(2, 30, 24, 2)
	FMLAS(3, 30, 24, 3)
	FMLAS(4, 30, 25, 0)
	FMLAS(5, 30, 25, 1)
	FMOVQ 64(R14), F31
	FMLAS(6, 31, 25, 2)
	FMLAS(7, 31, 25, 3)
	FMLAS(8, 31, 26, 0)
	FMLAS(9, 31, 26, 1)
	FMLAS(10, 31, 26, 2)
	FMLAS(11, 31, 26, 3)
	FMOVQ 128(R14), F30
	FMLAS(12, 30, 27, 0)
	FMLAS(13, 30, 27, 1)
	FMLAS(14, 30, 27, 2)
	FMLAS(15, 30, 27, 3)
	FMLAS(16, 30, 28, 0)
	FMLAS(17, 30, 28, 1)
	FMOVQ 192(R14), F31
	FMLAS(18, 31, 28, 2)
	FMLAS(19, 31, 28, 3)
	FMLAS(20, 31, 29, 0)
	FMLAS(21, 31, 29, 1)
	FMLAS(22, 31, 29, 2)
	FMLAS(23, 31, 29, 3)
	ADD   $256, R14, R14
	SUBS  $1, R5, R5
	BNE   step
	MOVD  R6, R7
	OUTPUTS3(0, 6, 12, 18, 0, store0)
	OUTPUTS3(1, 7, 13, 19, 4, store1)
	OUTPUTS3(2, 8, 14, 20, 8, store2)
	OUTPUTS3(3, 9, 15, 21, 12, store3)
	OUTPUTS3(4, 10, 16, 22, 16, store4)
	OUTPUTS3(5, 11, 17, 23, 20, store5)
	ADD   $32, R6, R6
	ADD   $16, R2, R2
	SUBS  $1, R1, R1
	BNE   quarter
	SUB   $64, R2, R2
	MOVD  $256, R5
	MADD  R5, R2, R4, R2 // the next block
	SUBS  $1, R0, R0
	BNE   block
	RET

// OUTPUTS5 makes four outputs of a filter from its eight sums: A at 0, the pairs P and PM
// at 1/2, Q and QM at 1, S and SM at 2, and Z. It adds the bias, does the ReLU if R10 says so,
// and stores them. QMF and SMF name QM and SM as F registers.
#define OUTPUTS5(A, P, PM, Q, QM, QMF, S, SM, SMF, Z, BIAS, STORE) \
	FADD4S(30, P, PM) \
	FSUB4S(P, P, PM) \
	FADD4S(29, Q, QM) \
	FSUB4S(Q, Q, QM) \
	FADD4S(28, S, SM) \
	FSUB4S(S, S, SM) \
	FMOVQ (R12), F31 \
	FMOVQ 16(R12), QMF \
	DUPS(PM, 31, 0) \
	DUPS(SM, 31, 1) \
	FADD4S(24, A, 30) \
	FMUL4S(25, P, PM) \
	FMUL4S(26, 30, SM) \
	FMLAS(Z, P, 31, 2) \
	FADD4S(24, 24, 29) \
	FADD4S(25, 25, Q) \
	FADD4S(26, 26, 29) \
	FADD4S(27, Z, Q) \
	FADD4S(24, 24, 28) \
	FMLAS(25, S, 31, 3) \
	FMLAS(26, 28, QM, 0) \
	FMLAS(27, S, QM, 1) \
	FMOVS BIAS(R9), SMF \
	DUPS(SM, SM, 0) \
	FADD4S(24, 24, SM) \
	FADD4S(25, 25, SM) \
	FADD4S(26, 26, SM) \
	FADD4S(27, 27, SM) \
	CBZ   R10, STORE \
	RELU(24, SM) \
	RELU(25, SM) \
	RELU(26, SM) \
	RELU(27, SM) \
STORE: \
	VST4  [V24.S4, V25.S4, V26.S4, V27.S4], (R7) \
	ADD   R8, R7, R7

// func rowsConv5F32NEON(blocks, taps int, dst *float32, ldd int, u, v, bias *float32, relu bool)
TEXT ·rowsConv5F32NEON(SB), NOSPLIT, $0-57
	ARGUMENTS

block:
	MOVD  $4, R1

quarter:
	ZERO24
	MOVD  R3, R13
	MOVD  R2, R14
	MOVD  R4, R5

step:
	VLD1.P 64(R13), [V24.S4, V25.S4, V26.S4, V27.S4]
	VLD1.P 32(R13), [V28.S4, V29.S4]
	FMOVQ 0(R14), F30
	FMLAS(0, 30, 24, 0)
	FMLAS(1, 30, 24, 1)
	FMLAS(2, 30, 24, 2)
	FMOVQ 64(R14), F31
	FMLAS(3, 31, 24, 3)
	FMLAS(4, 31, 25, 0)
	FMLAS(5, 31, 25, 1)
	FMOVQ 128(R14), F30
	FMLAS(6, 30, 25, 2)
	FMLAS(7, 30, 25, 3)
	FMLAS(8, 30, 26, 0)
	FMOVQ 192(R14), F31
	FMLAS(9, 31, 26, 1)
	FMLAS(10, 31, 26, 2)
	FMLAS(11, 31, 26, 3)
	FMOVQ 256(R14), F30
	FMLAS(12, 30, 27, 0)
	FMLAS(13, 30, 27, 1)
	FMLAS(14, 30, 27, 2)
	FMOVQ 320(R14), F31
	FMLAS(15, 31, 27, 3)
	FMLAS(16, 31, 28, 0)
	FMLAS(17, 31, 28, 1)
	FMOVQ 384(R14), F30
	FMLAS(18, 30, 28, 2)
	FMLAS(19, 30, 28, 3)
	FMLAS(20, 30, 29, 0)
	FMOVQ 448(R14), F31
	FMLAS(21, 31, 29, 1)
	FMLAS(22, 31, 29, 2)
	FMLAS(23, 31, 29, 3)
	ADD   $512, R14, R14
	SUBS  $1, R5, R5
	BNE   step
	MOVD  R6, R7
	OUTPUTS5(0, 3, 6, 9, 12, F12, 15, 18, F18, 21, 0, store0)
	OUTPUTS5(1, 4, 7, 10, 13, F13, 16, 19, F19, 22, 4, store1)
	OUTPUTS5(2, 5, 8, 11, 14, F14, 17, 20, F20, 23, 8, store2)
	ADD   $64, R6, R6
	ADD   $16, R2, R2
	SUBS  $1, R1, R1
	BNE   quarter
	SUB   $64, R2, R2
	MOVD  $512, R5
	MADD  R5, R2, R4, R2 // the next block
	SUBS  $1, R0, R0
	BNE   block
	RET
