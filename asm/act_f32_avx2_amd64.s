//go:build !noasm

#include "textflag.h"
#include "act_avx2_amd64.h"

// Sigmoid and tanh, AVX2 path: the results of generic_act.go to the bit. Needs AVX2 and
// FMA3. Four vectors go side by side: of chains that follow each other the core does not
// look ahead over enough to fill its pipes. Constants that are operands in memory take no
// place there. x is fetched a kilobyte before. See act_avx2_amd64.h for other registers.
//
//	Y0 to Y2  the first vector; Y3 to Y5, Y6 to Y8, Y9 to Y11 the others:
//	Y0        a, then r
//	Y1        t, then 2^k
//	Y2        k, then polynomials
//	Y12       2^64, or 1
//	Y13       the limit of a
//	Y14       the number to round by
//	Y15       r^2, of one vector after the other

// EACH does OP, with a constant C, for each vector, I bytes from where x is.
#define EACH(OP, C) \
	OP(C, 0, Y0, Y1, Y2)  \
	OP(C, 32, Y3, Y4, Y5) \
	OP(C, 64, Y6, Y7, Y8) \
	OP(C, 96, Y9, Y10, Y11)

#define NEGATIVE(C, I, A, T, P) VMOVUPS I(SI), A; VORPS C, A, A
#define LIMIT(C, I, A, T, P) VMAXPS A, C, A // A, the last operand, for NaN
#define ROUND(C, I, A, T, P) VMOVAPS Y14, T; VFMADD231PS C, A, T
#define DOUBLE(C, I, A, T, P) VADDPS A, A, A
#define WHOLE(C, I, A, T, P) VSUBPS C, T, P
#define LESS(C, I, A, T, P) VFNMADD231PS C, P, A
#define FIRST(C, I, A, T, P) VMOVAPS C, P
#define HORNER(C, I, A, T, P) VFMADD213PS C, A, P
#define POWER(C, I, A, T, P) VPSLLD C, T, T
#define SQUARE(C, I, A, T, P) VMULPS A, A, C; VFMADD213PS A, C, P

// EXPPARTS leaves in Y2 = q of e^Y0, of which ROUND has made Y1, and in Y1 = 2^k times the
// power of two whose biased exponent stands in the low bits of Y14, where k was added. (That
// they are odd turned no rounding: a log2 e is never half an integer.) It overwrites Y0.
#define EXPPARTS \
	EACH(WHOLE, Y14)   \
	EACH(LESS, LN2HI)  \
	EACH(LESS, LN2LO)  \
	EACH(FIRST, C5)    \
	EACH(HORNER, C4)   \
	EACH(HORNER, C3)   \
	EACH(HORNER, C2)   \
	EACH(HORNER, C1)   \
	EACH(HORNER, C0)   \
	EACH(POWER, $23)   \
	EACH(SQUARE, Y15)

// ARGUMENTS reads those of a function.
#define ARGUMENTS \
	MOVQ dst_base+0(FP), DI  \
	MOVQ dst_len+8(FP), CX   \
	MOVQ src_base+24(FP), SI \
	XORL R9, R9              \
	SUBQ $32, CX             \
	JLT  rest

// Of sigmoid, all of it times 2^64: E = 2^64 e^-|x| is never denormal, 2^64 + E is 1 + e^-|x|
// rounded, and the ratio is rounded once, which may be denormal where the sum is 2^64.
#define EXPONENTIAL(C, I, A, T, P) VFMADD213PS T, T, P
#define BELOW(C, I, A, T, P) VADDPS P, C, A
#define ABOVE(C, I, A, T, P) VMOVUPS I(SI), T; VBLENDVPS T, P, C, T // E where x has the sign, else 2^64
#define RATIO(C, I, A, T, P) VDIVPS A, T, A
#define STORE(C, I, A, T, P) VMOVUPS A, I(DI)

// func sigmoidF32AVX2(dst, src []float32)
TEXT ·sigmoidF32AVX2(SB), NOSPLIT, $128-48
	VMOVAPS UP64, Y12
	VMOVAPS LOW, Y13
	VMOVAPS MAGIC64, Y14
	ARGUMENTS

loop:
	PREFETCHT0 1024(SI)
	PREFETCHT0 1088(SI)
	EACH(NEGATIVE, SIGN)
	EACH(LIMIT, Y13)
	EACH(ROUND, LOG2E)
	EXPPARTS
	EACH(EXPONENTIAL, NONE)
	EACH(BELOW, Y12)
	EACH(ABOVE, Y12)
	EACH(RATIO, NONE)
	EACH(STORE, NONE)
	LEFT(32, MASKS4, FRAME4, x-128(SP), UNFRAME4)

// Of tanh: s = 2^k.
#define LESSPOWER(C, I, A, T, P) VSUBPS T, C, A // 1 - s
#define MINUSM(C, I, A, T, P) VFNMADD213PS A, T, P
#define PLUSM(C, I, A, T, P) VMOVAPS C, A; VSUBPS P, A, A
#define TANH(C, I, A, T, P) VDIVPS A, P, P // -m/(2+m), never -0
#define SIGNOF(C, I, A, T, P) VMOVAPS C, T; VANDPS I(SI), T, T
#define WITHSIGN(C, I, A, T, P) VORPS T, P, A

// func tanhF32AVX2(dst, src []float32)
TEXT ·tanhF32AVX2(SB), NOSPLIT, $128-48
	VMOVAPS ONE, Y12
	VMOVAPS TLOW, Y13
	VMOVAPS MAGIC0, Y14
	ARGUMENTS

loop:
	PREFETCHT0 1024(SI)
	PREFETCHT0 1088(SI)
	EACH(NEGATIVE, SIGN)
	EACH(LIMIT, Y13)
	EACH(ROUND, TWOLOG2E)
	EACH(DOUBLE, NONE)
	EXPPARTS
	EACH(LESSPOWER, Y12)
	EACH(MINUSM, NONE)
	EACH(PLUSM, TWO)
	EACH(TANH, NONE)
	EACH(SIGNOF, SIGN)
	EACH(WITHSIGN, NONE)
	EACH(STORE, NONE)
	LEFT(32, MASKS4, FRAME4, x-128(SP), UNFRAME4)
