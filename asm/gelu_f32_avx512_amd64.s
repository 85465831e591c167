//go:build !noasm

#include "textflag.h"
#include "pairs_avx512_amd64.h"

// GELU and its gradient, AVX-512 path. Needs AVX512F. Constants stay in registers: of loads the core has
// fewer under way than of other instructions, which lets it look less far ahead in the arrays. See
// gelu_amd64.h and pairs_avx512_amd64.h for others.
//
//	Z0 to Z11  A0 to A5, B0 to B5
//	Z12 to Z31 constants

#define A0 Z0
#define A1 Z1
#define A2 Z2
#define A3 Z3
#define A4 Z4
#define A5 Z5
#define B0 Z6
#define B1 Z7
#define B2 Z8
#define B3 Z9
#define B4 Z10
#define B5 Z11

#define MINUS Z12
#define LIMIT Z13
#define MAGIC Z14
#define TLOG Z15
#define TLN2HI Z16
#define TLN2LO Z17
#define TUP64 Z18
#define E0 Z19
#define E1 Z20
#define E2 Z21
#define P0 Z22
#define P1 Z23
#define P2 Z24
#define P3 Z25
#define Q0 Z26
#define Q1 Z27
#define Q2 Z28
#define Q3 Z29
#define Q4 Z30
#define TPOW Z31

#define CONSTANT(i) ·tailF32+4*i(SB)
#define READ(P, A, B) VMOVUPS.Z (P), K1, A; VMOVUPS.Z 64(P), K3, B
#define READV(P, A, B) VPORD.Z (P), MINUS, K1, A; VPORD.Z 64(P), MINUS, K3, B
#define WRITE(A, B) VMOVUPS A, K1, (DI); VMOVUPS B, K3, 64(DI)
#define DENSE(A, B) VFMADD231PS.BCST CONSTANT(4), A, B

#include "gelu_amd64.h"

// TAILCONST loads the constants of TAIL.
#define TAILCONST \
	VBROADCASTSS ·actF32+72(SB), MINUS \
	VBROADCASTSS ·actF32+68(SB), LIMIT \
	VBROADCASTSS CONSTANT(0), MAGIC    \
	VBROADCASTSS CONSTANT(1), TLOG     \
	VBROADCASTSS CONSTANT(2), TLN2HI   \
	VBROADCASTSS CONSTANT(3), TLN2LO   \
	VBROADCASTSS CONSTANT(5), TUP64    \
	VBROADCASTSS CONSTANT(6), E0       \
	VBROADCASTSS CONSTANT(7), E1       \
	VBROADCASTSS CONSTANT(8), E2       \
	VBROADCASTSS CONSTANT(9), P0       \
	VBROADCASTSS CONSTANT(10), P1      \
	VBROADCASTSS CONSTANT(11), P2      \
	VBROADCASTSS CONSTANT(12), P3      \
	VBROADCASTSS CONSTANT(13), Q0      \
	VBROADCASTSS CONSTANT(14), Q1      \
	VBROADCASTSS CONSTANT(15), Q2      \
	VBROADCASTSS CONSTANT(16), Q3      \
	VBROADCASTSS CONSTANT(17), Q4      \
	VMOVUPS      ·tailPow(SB), TPOW
#define ONE ·actF32+60(SB)

// func geluF32AVX512(dst, src []float32)
TEXT ·geluF32AVX512(SB), NOSPLIT, $0-48
	MOVQ dst_base+0(FP), DI
	MOVQ dst_len+8(FP), CX
	MOVQ src_base+24(FP), SI
	TAILCONST
	BEGIN

loop:
	GELU
	ADDQ $128, SI
	END

// func geluGradF32AVX512(dx, dy, x []float32)
TEXT ·geluGradF32AVX512(SB), NOSPLIT, $0-72
	MOVQ dx_base+0(FP), DI
	MOVQ dx_len+8(FP), CX
	MOVQ dy_base+24(FP), SI
	MOVQ x_base+48(FP), DX
	TAILCONST
	BEGIN

loop:
	PHI
	READ(DX, Z0, Z6)
	VBROADCASTSS ONE, Z1
	VPTESTNMD    MINUS, Z0, K2
	VPTESTNMD    MINUS, Z6, K4
	READ(SI, Z2, Z8)
	VSUBPS       Z3, Z1, K2, Z3 // where x has no sign 1 less that: both 1/2 at 0
	VSUBPS       Z9, Z1, K4, Z9
	VMULPS       Z3, Z2, Z2
	VMULPS       Z9, Z8, Z8
	WRITE(Z2, Z8)
	ADDQ         $128, SI
	ADDQ         $128, DX
	END
