//go:build !noasm

#include "textflag.h"
#include "act_avx2_amd64.h"
#include "exp_amd64.h"

// Sigmoid and tanh, AVX2 path. Needs AVX2 and FMA3. Four vectors go side by side. Constants that are
// operands in memory take no place in what the core looks ahead over. x is fetched a kilobyte before.
// See act_avx2_amd64.h for other registers.
//
//	Y0 to Y2  A, T and P of the first vector; Y3 to Y5, Y6 to Y8, Y9 to Y11 of the others
//	Y12       2^64, or 1; Y13 the limit of a; Y14 MAGIC
//	Y15       Q, of one vector after the other

#define EACH(OP, C) \
	OP(C, 0, NONE, Y0, Y1, Y2, Y15)   \
	OP(C, 32, NONE, Y3, Y4, Y5, Y15)  \
	OP(C, 64, NONE, Y6, Y7, Y8, Y15)  \
	OP(C, 96, NONE, Y9, Y10, Y11, Y15)

#define UP64 Y12
#define ONE Y12
#define LOW Y13
#define MAGIC Y14

#define READX(I, KX, TO) VMOVUPS I(SI), TO
#define WRITE(FROM, I, KX) VMOVUPS FROM, I(DI)
#define OR(C, A) VORPS C, A, A
#define WHERESIGN(X, P, C, TO) VBLENDVPS X, P, C, TO
#define WITHSIGN(X, C, A) VANDPS C, X, X; VORPS X, A, A

#define FETCH \
	PREFETCHT0 1024(SI) \
	PREFETCHT0 1088(SI)

// func sigmoidF32AVX2(dst, src []float32)
TEXT ·sigmoidF32AVX2(SB), NOSPLIT, $128-48
	VMOVAPS UP64S, Y12
	VMOVAPS LOWS, Y13
	VMOVAPS MAGIC64S, Y14
	ARGUMENTS(32)

loop:
	FETCH
	SIGMOID
	LEFT(32, MASKS4, FRAME4, x-128(SP), UNFRAME4)

// func tanhF32AVX2(dst, src []float32)
TEXT ·tanhF32AVX2(SB), NOSPLIT, $128-48
	VMOVAPS ONES, Y12
	VMOVAPS TLOWS, Y13
	VMOVAPS MAGIC0S, Y14
	ARGUMENTS(32)

loop:
	FETCH
	TANH
	LEFT(32, MASKS4, FRAME4, x-128(SP), UNFRAME4)
