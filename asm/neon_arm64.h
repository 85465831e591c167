// Instructions that the Go assembler does not know, as machine words: the manual
// is Arm's A64 Instruction Set Architecture, "SIMD&FP instructions". Registers
// are given by number, in the manual's order: result first.
// TestNEONInstructions holds each against Go.

// FMLAS is FMLA Vd.4S, Vn.4S, Vm.S[i]: d[l] = fma(n[l], m[i], d[l]), i = 0..3.
// Manual: FMLA (by element), vector, single and double precision.
#define FMLAS(d, n, m, i) WORD $(0x4F801000 | ((i)&1)<<21 | (m)<<16 | ((i)>>1)<<11 | (n)<<5 | (d))

// FMLAD is FMLA Vd.2D, Vn.2D, Vm.D[i]: d[l] = fma(n[l], m[i], d[l]), i = 0..1.
// Manual: the same page.
#define FMLAD(d, n, m, i) WORD $(0x4FC01000 | (m)<<16 | (i)<<11 | (n)<<5 | (d))

// FADD4S is FADD Vd.4S, Vn.4S, Vm.4S: d = n + m. Manual: FADD (vector).
#define FADD4S(d, n, m) WORD $(0x4E20D400 | (m)<<16 | (n)<<5 | (d))

// FCMGT04S is FCMGT Vd.4S, Vn.4S, #0.0: d = n > 0 ? all ones : 0, 0 for NaN.
// Manual: FCMGT (zero).
#define FCMGT04S(d, n) WORD $(0x4EA0C800 | (n)<<5 | (d))
