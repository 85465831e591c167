// Vectors by pairs of neighbours, for the transforms of Winograd's convolutions: by the
// first of each, d += n * C, d -= n * C (fused), d = n + m, d = n - m, d = n. C is the place
// of a constant in V28 to V31, four in each.

#define FMA(d, n, C)   FMLAS(d, n, 28+(C)/4, (C)%4); FMLAS((d)+1, (n)+1, 28+(C)/4, (C)%4)
#define FMS(d, n, C)   FMLSS(d, n, 28+(C)/4, (C)%4); FMLSS((d)+1, (n)+1, 28+(C)/4, (C)%4)
#define PLUS(d, n, m)  FADD4S(d, n, m); FADD4S((d)+1, (n)+1, (m)+1)
#define MINUS(d, n, m) FSUB4S(d, n, m); FSUB4S((d)+1, (n)+1, (m)+1)
#define COPY(d, n)     ORR16B(d, n, n); ORR16B((d)+1, (n)+1, (n)+1)

// d = n * V(m), on pairs but for m, which BCAST fills with C.
#define MUL(d, n, m)   FMUL4S(d, n, m); FMUL4S((d)+1, (n)+1, m)
#define BCAST(C, d)    DUPS(d, 28+(C)/4, (C)%4)
