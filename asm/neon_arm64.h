// Instructions as machine words: those that the Go assembler does not know, and
// some that it knows, for macros that take registers by number. The manual is
// Arm's A64 Instruction Set Architecture, "SIMD&FP instructions". Operands stand
// in the manual's order, the result d first. Comparisons are false for NaN.
// TestNEONInstructions holds each against Go.

// FMLAS is FMLA Vd.4S, Vn.4S, Vm.S[i]: d[l] = fma(n[l], m[i], d[l]), i = 0..3.
// Manual: FMLA (by element), vector, single and double precision.
#define FMLAS(d, n, m, i) WORD $(0x4F801000 | ((i)&1)<<21 | (m)<<16 | ((i)>>1)<<11 | (n)<<5 | (d))

// FMLAD is FMLA Vd.2D, Vn.2D, Vm.D[i]: d[l] = fma(n[l], m[i], d[l]), i = 0..1.
// Manual: the same page.
#define FMLAD(d, n, m, i) WORD $(0x4FC01000 | (m)<<16 | (i)<<11 | (n)<<5 | (d))

// FMLSS is FMLS Vd.4S, Vn.4S, Vm.S[i]: d[l] = fma(-n[l], m[i], d[l]), i = 0..3.
// Manual: FMLS (by element), vector, single and double precision.
#define FMLSS(d, n, m, i) WORD $(0x4F805000 | ((i)&1)<<21 | (m)<<16 | ((i)>>1)<<11 | (n)<<5 | (d))

// DUPS is DUP Vd.4S, Vn.S[i]: d[l] = n[i], i = 0..3. Manual: DUP (element).
#define DUPS(d, n, i) WORD $(0x4E040400 | (i)<<19 | (n)<<5 | (d))

// SHL4S is SHL Vd.4S, Vn.4S, #s: d = n << s, s = 0..31. Manual: SHL.
#define SHL4S(d, n, s) WORD $(0x4F005400 | (32+(s))<<16 | (n)<<5 | (d))

// SSHR4S is SSHR Vd.4S, Vn.4S, #s: d = n >> s of signed integers, s = 1..32. Manual: SSHR.
#define SSHR4S(d, n, s) WORD $(0x4F000400 | (64-(s))<<16 | (n)<<5 | (d))

// FADD4S is FADD Vd.4S, Vn.4S, Vm.4S: d = n + m. Manual: FADD (vector).
#define FADD4S(d, n, m) WORD $(0x4E20D400 | (m)<<16 | (n)<<5 | (d))

// FSUB4S is FSUB Vd.4S, Vn.4S, Vm.4S: d = n - m. Manual: FSUB (vector).
#define FSUB4S(d, n, m) WORD $(0x4EA0D400 | (m)<<16 | (n)<<5 | (d))

// FMUL4S is FMUL Vd.4S, Vn.4S, Vm.4S: d = n * m. Manual: FMUL (vector).
#define FMUL4S(d, n, m) WORD $(0x6E20DC00 | (m)<<16 | (n)<<5 | (d))

// FDIV4S is FDIV Vd.4S, Vn.4S, Vm.4S: d = n / m. Manual: FDIV (vector).
#define FDIV4S(d, n, m) WORD $(0x6E20FC00 | (m)<<16 | (n)<<5 | (d))

// FMAX4S is FMAX Vd.4S, Vn.4S, Vm.4S: d = the larger, NaN if one is NaN. Manual: FMAX (vector).
#define FMAX4S(d, n, m) WORD $(0x4E20F400 | (m)<<16 | (n)<<5 | (d))

// FMLA4S is FMLA Vd.4S, Vn.4S, Vm.4S: d = fma(n, m, d). Manual: FMLA (vector).
#define FMLA4S(d, n, m) WORD $(0x4E20CC00 | (m)<<16 | (n)<<5 | (d))

// FMLS4S is FMLS Vd.4S, Vn.4S, Vm.4S: d = fma(-n, m, d). Manual: FMLS (vector).
#define FMLS4S(d, n, m) WORD $(0x4EA0CC00 | (m)<<16 | (n)<<5 | (d))

// FCMGT4S is FCMGT Vd.4S, Vn.4S, Vm.4S: d = n > m ? all ones : 0. Manual: FCMGT (register).
#define FCMGT4S(d, n, m) WORD $(0x6EA0E400 | (m)<<16 | (n)<<5 | (d))

// FCMEQ4S is FCMEQ Vd.4S, Vn.4S, Vm.4S: d = n == m ? all ones : 0. Manual: FCMEQ (register).
#define FCMEQ4S(d, n, m) WORD $(0x4E20E400 | (m)<<16 | (n)<<5 | (d))

// FADD2D is FADD Vd.2D, Vn.2D, Vm.2D: d = n + m. Manual: FADD (vector).
#define FADD2D(d, n, m) WORD $(0x4E60D400 | (m)<<16 | (n)<<5 | (d))

// FSUB2D is FSUB Vd.2D, Vn.2D, Vm.2D: d = n - m. Manual: FSUB (vector).
#define FSUB2D(d, n, m) WORD $(0x4EE0D400 | (m)<<16 | (n)<<5 | (d))

// FMUL2D is FMUL Vd.2D, Vn.2D, Vm.2D: d = n * m. Manual: FMUL (vector).
#define FMUL2D(d, n, m) WORD $(0x6E60DC00 | (m)<<16 | (n)<<5 | (d))

// FMLA2D is FMLA Vd.2D, Vn.2D, Vm.2D: d = fma(n, m, d). Manual: FMLA (vector).
#define FMLA2D(d, n, m) WORD $(0x4E60CC00 | (m)<<16 | (n)<<5 | (d))

// FDIV2D is FDIV Vd.2D, Vn.2D, Vm.2D: d = n / m. Manual: FDIV (vector).
#define FDIV2D(d, n, m) WORD $(0x6E60FC00 | (m)<<16 | (n)<<5 | (d))

// FMLS2D is FMLS Vd.2D, Vn.2D, Vm.2D: d = fma(-n, m, d). Manual: FMLS (vector).
#define FMLS2D(d, n, m) WORD $(0x4EE0CC00 | (m)<<16 | (n)<<5 | (d))

// ADD4S is ADD Vd.4S, Vn.4S, Vm.4S: d = n + m of integers. Manual: ADD (vector).
#define ADD4S(d, n, m) WORD $(0x4EA08400 | (m)<<16 | (n)<<5 | (d))

// SUB4S is SUB Vd.4S, Vn.4S, Vm.4S: d = n - m of integers. Manual: SUB (vector).
#define SUB4S(d, n, m) WORD $(0x6EA08400 | (m)<<16 | (n)<<5 | (d))

// AND16B is AND Vd.16B, Vn.16B, Vm.16B: d = n & m. Manual: AND (vector).
#define AND16B(d, n, m) WORD $(0x4E201C00 | (m)<<16 | (n)<<5 | (d))

// BIC16B is BIC Vd.16B, Vn.16B, Vm.16B: d = n & ^m. Manual: BIC (vector, register).
#define BIC16B(d, n, m) WORD $(0x4E601C00 | (m)<<16 | (n)<<5 | (d))

// ORR16B is ORR Vd.16B, Vn.16B, Vm.16B: d = n | m. Manual: ORR (vector, register).
#define ORR16B(d, n, m) WORD $(0x4EA01C00 | (m)<<16 | (n)<<5 | (d))

// BIT16B is BIT Vd.16B, Vn.16B, Vm.16B: d = n where m has ones, else d. Manual: BIT.
#define BIT16B(d, n, m) WORD $(0x6EA01C00 | (m)<<16 | (n)<<5 | (d))

// BIF16B is BIF Vd.16B, Vn.16B, Vm.16B: d = d where m has ones, else n. Manual: BIF.
#define BIF16B(d, n, m) WORD $(0x6EE01C00 | (m)<<16 | (n)<<5 | (d))

// FCMGT04S is FCMGT Vd.4S, Vn.4S, #0.0: d = n > 0 ? all ones : 0. Manual: FCMGT (zero).
#define FCMGT04S(d, n) WORD $(0x4EA0C800 | (n)<<5 | (d))

// FCMLT04S is FCMLT Vd.4S, Vn.4S, #0.0: d = n < 0 ? all ones : 0. Manual: FCMLT (zero).
#define FCMLT04S(d, n) WORD $(0x4EA0E800 | (n)<<5 | (d))

// FABS4S is FABS Vd.4S, Vn.4S: d = |n|. Manual: FABS (vector).
#define FABS4S(d, n) WORD $(0x4EA0F800 | (n)<<5 | (d))

// FNEG4S is FNEG Vd.4S, Vn.4S: d = -n. Manual: FNEG (vector).
#define FNEG4S(d, n) WORD $(0x6EA0F800 | (n)<<5 | (d))

// FCVTL2D is FCVTL Vd.2D, Vn.2S: d = float64 of n[0:2]. Manual: FCVTL, FCVTL2.
#define FCVTL2D(d, n) WORD $(0x0E617800 | (n)<<5 | (d))

// FCVTL22D is FCVTL2 Vd.2D, Vn.4S: d = float64 of n[2:4]. Manual: the same page.
#define FCVTL22D(d, n) WORD $(0x4E617800 | (n)<<5 | (d))
