//go:build !noasm

#include "textflag.h"
#include "pairs_avx512_amd64.h"
#include "exp_amd64.h"

// Sigmoid and tanh, AVX-512 path. Needs AVX512F. Constants stay in registers: of loads the core has
// fewer under way than of other instructions, which lets it look less far ahead in the arrays. See
// exp_amd64.h and pairs_avx512_amd64.h.
//
//	SI         x
//	Z0 to Z3   A, T, P and Q of the first vector; Z4 to Z7 of the second
//	Z16 to Z30 constants
//	K2         where x has the sign

#define EACH(OP, C) \
	OP(C, 0, K1, Z0, Z1, Z2, Z3)  \
	OP(C, 64, K3, Z4, Z5, Z6, Z7)

#define LOW Z16
#define LOG2E Z17
#define TWOLOG2E Z17
#define MAGIC Z18
#define LN2HI Z19
#define LN2LO Z20
#define C5 Z21
#define C4 Z22
#define C3 Z23
#define C2 Z24
#define C1 Z25
#define C0 Z26
#define UP64 Z27
#define ONE Z27
#define SIGN Z28
#define TWO Z30

#define READX(I, KX, TO) VMOVUPS.Z I(SI), KX, TO
#define WRITE(FROM, I, KX) VMOVUPS FROM, KX, I(DI)
#define OR(C, A) VPORD C, A, A
#define WHERESIGN(X, P, C, TO) VPTESTMD SIGN, X, K2; VBLENDMPS P, C, K2, TO
#define WITHSIGN(X, C, A) VPTERNLOGD $0xb8, X, C, A // X where C has a bit, else A

// ACT is a constant's place, in the order of the names in act_avx2_amd64.h.
#define ACT(i) ·actF32+4*i(SB)

// ARGUMENTS reads the arguments and those constants that both functions have.
#define ARGUMENTS \
	MOVQ         dst_base+0(FP), DI  \
	MOVQ         dst_len+8(FP), CX   \
	MOVQ         src_base+24(FP), SI \
	VBROADCASTSS ACT(6), LN2HI       \
	VBROADCASTSS ACT(7), LN2LO       \
	VBROADCASTSS ACT(8), C5          \
	VBROADCASTSS ACT(9), C4          \
	VBROADCASTSS ACT(10), C3         \
	VBROADCASTSS ACT(11), C2         \
	VBROADCASTSS ACT(12), C1         \
	VBROADCASTSS ACT(13), C0         \
	VBROADCASTSS ACT(18), SIGN

// func sigmoidF32AVX512(dst, src []float32)
TEXT ·sigmoidF32AVX512(SB), NOSPLIT, $0-48
	VBROADCASTSS ACT(0), LOW
	VBROADCASTSS ACT(2), LOG2E
	VBROADCASTSS ACT(4), MAGIC
	VBROADCASTSS ACT(14), UP64
	ARGUMENTS
	BEGIN

loop:
	SIGMOID
	ADDQ $128, SI
	END

// func tanhF32AVX512(dst, src []float32)
TEXT ·tanhF32AVX512(SB), NOSPLIT, $0-48
	VBROADCASTSS ACT(1), LOW
	VBROADCASTSS ACT(3), TWOLOG2E
	VBROADCASTSS ACT(5), MAGIC
	VBROADCASTSS ACT(15), ONE
	VBROADCASTSS ACT(16), TWO
	ARGUMENTS
	BEGIN

loop:
	TANH
	ADDQ $128, SI
	END
