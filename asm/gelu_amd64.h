// GELU and its gradient on AVX2 and AVX-512: the results of generic_act.go to the bit. Two vectors go
// side by side: of chains that follow each other the core does not look ahead over enough to fill its
// pipes. A width's file says what their registers are, A0 to A5 of the first and B0 to B5 of the second:
//
//	A0  s
//	A1  t, then 2^k
//	A2  polynomials
//	A3  e
//	A4  v
//	A5  a polynomial, then the ratio
//
// and what the constants are, registers or places in memory: MINUS, the sign bit, LIMIT, that of v, MAGIC,
// the number to round by, TUP64, TLOG, TLN2HI, TLN2LO, TPOW, and those of the polynomials, P0 to P3, Q0 to
// Q4, E0 to E2; further how it reads, READ(P, A, B), and writes, WRITE(A, B).

// BOTH does OP, with C, to both vectors, HORNER p = p*x + C.
#define BOTH(OP, C, a, b, aa, bb) \
	OP C, a, b \
	OP C, aa, bb
#define HORNER(C, a, b, aa, bb) BOTH(VFMADD213PS, C, a, b, aa, bb)

// TAIL leaves v in A4, e in A3 and r in A5 as tail32 does, for x at P. v is scaled as an integer: what
// becomes of 0 is nothing beside the sum. The polynomials and the exponential take turns, lest a chain be
// waited for.
#define TAIL(P) \
	READV(P, A4, B4)                              \
	VMAXPS      A4, LIMIT, A4                     \
	VMAXPS      B4, LIMIT, B4                     \
	VMULPS      A4, A4, A1                        \
	VMULPS      B4, B4, B1                        \
	BOTH(VPADDD, TUP64, A4, A5, B4, B5)           \
	BOTH(VADDPS, P0, A4, A2, B4, B2)              \
	BOTH(VADDPS, Q0, A5, A5, B5, B5)              \
	BOTH(VFMADD132PS, TLOG, MAGIC, A1, MAGIC, B1) \
	HORNER(Q1, A4, A5, B4, B5)                    \
	HORNER(P1, A4, A2, B4, B2)                    \
	BOTH(VSUBPS, MAGIC, A1, A3, B1, B3)           \
	HORNER(Q2, A4, A5, B4, B5)                    \
	BOTH(VMULPS, TLN2HI, A3, A0, B3, B0)          \
	HORNER(P2, A4, A2, B4, B2)                    \
	HORNER(Q3, A4, A5, B4, B5)                    \
	VFMADD231PS A4, A4, A0                        \
	VFMADD231PS B4, B4, B0                        \
	HORNER(P3, A4, A2, B4, B2)                    \
	BOTH(VFMADD231PS, TLN2LO, A3, A0, B3, B0)     \
	HORNER(Q4, A4, A5, B4, B5)                    \
	BOTH(VADDPS, E0, A0, A3, B0, B3)              \
	VDIVPS      A5, A2, A5                        \
	VDIVPS      B5, B2, B5                        \
	HORNER(E1, A0, A3, B0, B3)                    \
	BOTH(VPERMPS, TPOW, A1, A2, B1, B2)           \
	BOTH(VPSLLD, $20, A1, A1, B1, B1)             \
	VPADDD      A1, A2, A2                        \
	VPADDD      B1, B2, B2                        \
	HORNER(E2, A0, A3, B0, B3)                    \
	VMULPS      A2, A3, A3                        \
	VMULPS      B2, B3, B3

// GELU adds to x, or -0 where x has the sign, v, or x where it has the sign, times Phi(v).
#define GELU \
	TAIL(SI)                  \
	VMULPS      A3, A5, A5    \
	VMULPS      B3, B5, B5    \
	READ(SI, A0, B0)          \
	VPMINUD     A0, MINUS, A1 \
	VPMINUD     B0, MINUS, B1 \
	VPMAXUD     A0, A4, A4    \
	VPMAXUD     B0, B4, B4    \
	VFMADD231PS A5, A4, A1    \
	VFMADD231PS B5, B4, B1    \
	WRITE(A1, B1)

// PHI leaves the gradient at v in A3, for x at DX. DENSE adds the density over e, times A, to B.
#define PHI \
	TAIL(DX)               \
	DENSE(A4, A5)          \
	DENSE(B4, B5)          \
	VMULPS      A5, A3, A3 \
	VMULPS      B5, B3, B3
