// Instructions that the Go assembler does not know, as machine words: the manual
// is Arm's A64 Instruction Set Architecture, "SIMD&FP instructions". Registers
// are given by number. TestNEONInstructions holds each against Go.

// FMLAS is FMLA Vd.4S, Vn.4S, Vm.S[i]: d[l] = fma(n[l], m[i], d[l]), i = 0..3.
// Manual: FMLA (by element), vector, single and double precision.
#define FMLAS(d, n, m, i) WORD $(0x4F801000 | ((i)&1)<<21 | (m)<<16 | ((i)>>1)<<11 | (n)<<5 | (d))

// FMLAD is FMLA Vd.2D, Vn.2D, Vm.D[i]: d[l] = fma(n[l], m[i], d[l]), i = 0..1.
// Manual: the same page.
#define FMLAD(d, n, m, i) WORD $(0x4FC01000 | (m)<<16 | (i)<<11 | (n)<<5 | (d))
