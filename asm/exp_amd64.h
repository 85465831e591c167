// Sigmoid and tanh on AVX2 and AVX-512: the results of generic_act.go to the bit. Several vectors go
// side by side: of chains that follow each other the core does not look ahead over enough to fill its
// pipes. For each of them a width's file has
//
//	A     a, then r
//	T     t, then 2^k
//	P     k, then polynomials
//	Q     at work
//	I     bytes from SI to where x is; KX which of its elements there are
//
// and says in EACH(OP, C) that OP is done with a constant C for each, further what MAGIC is, the number to
// round by, and the other constants, and how x is read and results are stored.

#define NEGATIVE(C, I, KX, A, T, P, Q) READX(I, KX, A); OR(C, A)
#define LIMIT(C, I, KX, A, T, P, Q) VMAXPS A, C, A // A, the last operand, for NaN
#define ROUND(C, I, KX, A, T, P, Q) VMOVAPS MAGIC, T; VFMADD231PS C, A, T
#define DOUBLE(C, I, KX, A, T, P, Q) VADDPS A, A, A
#define WHOLE(C, I, KX, A, T, P, Q) VSUBPS C, T, P
#define LESS(C, I, KX, A, T, P, Q) VFNMADD231PS C, P, A
#define FIRST(C, I, KX, A, T, P, Q) VMOVAPS C, P
#define HORNER(C, I, KX, A, T, P, Q) VFMADD213PS C, A, P
#define POWER(C, I, KX, A, T, P, Q) VPSLLD C, T, T
#define SQUARE(C, I, KX, A, T, P, Q) VMULPS A, A, Q; VFMADD213PS A, Q, P

// EXPPARTS leaves in P = q of e^A, of which ROUND has made T, and in T = 2^k times the power of two
// whose biased exponent stands in the low bits of MAGIC, where k was added. (That they are odd turned
// no rounding: a log2 e is never half an integer.) It overwrites A.
#define EXPPARTS \
	EACH(WHOLE, MAGIC)  \
	EACH(LESS, LN2HI)   \
	EACH(LESS, LN2LO)   \
	EACH(FIRST, C5)     \
	EACH(HORNER, C4)    \
	EACH(HORNER, C3)    \
	EACH(HORNER, C2)    \
	EACH(HORNER, C1)    \
	EACH(HORNER, C0)    \
	EACH(POWER, $23)    \
	EACH(SQUARE, NONE)

// Of sigmoid, all of it times 2^64: E = 2^64 e^-|x| is never denormal, 2^64 + E is 1 + e^-|x|
// rounded, and the ratio is rounded once, which may be denormal where the sum is 2^64.
#define EXPONENTIAL(C, I, KX, A, T, P, Q) VFMADD213PS T, T, P
#define BELOW(C, I, KX, A, T, P, Q) VADDPS P, C, A
#define ABOVE(C, I, KX, A, T, P, Q) READX(I, KX, Q); WHERESIGN(Q, P, C, T) // E where x has the sign, else 2^64
#define RATIO(C, I, KX, A, T, P, Q) VDIVPS A, T, A
#define STORE(C, I, KX, A, T, P, Q) WRITE(A, I, KX)

#define SIGMOID \
	EACH(NEGATIVE, SIGN)    \
	EACH(LIMIT, LOW)        \
	EACH(ROUND, LOG2E)      \
	EXPPARTS                \
	EACH(EXPONENTIAL, NONE) \
	EACH(BELOW, UP64)       \
	EACH(ABOVE, UP64)       \
	EACH(RATIO, NONE)       \
	EACH(STORE, NONE)

// Of tanh: s = 2^k. LOW is half of the limit, since it is doubled only after t is made.
#define LESSPOWER(C, I, KX, A, T, P, Q) VSUBPS T, C, A // 1 - s
#define MINUSM(C, I, KX, A, T, P, Q) VFNMADD213PS A, T, P
#define PLUSM(C, I, KX, A, T, P, Q) VMOVAPS C, A; VSUBPS P, A, A
#define QUOTIENT(C, I, KX, A, T, P, Q) VDIVPS A, P, A // -m/(2+m), never -0
#define SIGNED(C, I, KX, A, T, P, Q) READX(I, KX, T); WITHSIGN(T, C, A)

#define TANH \
	EACH(NEGATIVE, SIGN)  \
	EACH(LIMIT, LOW)      \
	EACH(ROUND, TWOLOG2E) \
	EACH(DOUBLE, NONE)    \
	EXPPARTS              \
	EACH(LESSPOWER, ONE)  \
	EACH(MINUSM, NONE)    \
	EACH(PLUSM, TWO)      \
	EACH(QUOTIENT, NONE)  \
	EACH(SIGNED, SIGN)    \
	EACH(STORE, NONE)
