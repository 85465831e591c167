// The tile that gemmF32NEONx8x12 and gemmF64NEONx8x6 share: eight rows of three registers. The
// accumulators of row i are V(3i) to V(3i+2).
//
//	R0 steps left after this one; R1 a: 8 values a step; R2 b: a row of B a step, R7 ldb in bytes;
//	R3 c, row 0; R4 ldc in bytes; R5 load; R6 the row at hand
//
//	tile = C or 0
//	for k: for i: tile[i] = fma(B(k), A(i,k), tile[i])
//	C = tile
//
// A register is loaded for step k+1 as soon as step k has used it for the last
// time, at least 8 FMLAs before its next use, so that cores which issue in
// order do not wait either. The last step stands apart: it loads nothing, for
// there may be nothing readable after the panels. No prefetch: what it would
// bring cannot be measured without the machine.

// GET loads a row of C, PUT stores one, CLEAR makes one 0.
#define GET(L, M, H) FLDPQ (R6), (L, M); FMOVQ 32(R6), H
#define PUT(L, M, H) FSTPQ (L, M), (R3); FMOVQ H, 32(R3)
#define CLEAR(L, M, H) VEOR L.B16, L.B16, L.B16; VEOR M.B16, M.B16, M.B16; VEOR H.B16, H.B16, H.B16

// ROWS does OP for all rows, P being the one at hand.
#define ROWS(OP, P)   \
	OP(F0, F1, F2)    \
	ADD R4, P, P      \
	OP(F3, F4, F5)    \
	ADD R4, P, P      \
	OP(F6, F7, F8)    \
	ADD R4, P, P      \
	OP(F9, F10, F11)  \
	ADD R4, P, P      \
	OP(F12, F13, F14) \
	ADD R4, P, P      \
	OP(F15, F16, F17) \
	ADD R4, P, P      \
	OP(F18, F19, F20) \
	ADD R4, P, P      \
	OP(F21, F22, F23)

// BEGIN loads the arguments, with distances in bytes, and makes the tile 0, or C and goes to steps.
// SHIFT is the log2 of an element's size.
#define BEGIN(SHIFT) \
	MOVD  kc+0(FP), R0    \
	MOVD  a+8(FP), R1     \
	MOVD  b+16(FP), R2    \
	MOVD  ldb+24(FP), R7  \
	MOVD  c+32(FP), R3    \
	MOVD  ldc+40(FP), R4  \
	MOVBU load+48(FP), R5 \
	LSL   $SHIFT, R4, R4  \
	LSL   $SHIFT, R7, R7  \
	CBZ   R5, zero        \
	MOVD  R3, R6          \
	ROWS(GET, R6)         \
	B     steps           \
zero:                     \
	CLEAR(V0, V1, V2)     \
	CLEAR(V3, V4, V5)     \
	CLEAR(V6, V7, V8)     \
	CLEAR(V9, V10, V11)   \
	CLEAR(V12, V13, V14)  \
	CLEAR(V15, V16, V17)  \
	CLEAR(V18, V19, V20)  \
	CLEAR(V21, V22, V23)
