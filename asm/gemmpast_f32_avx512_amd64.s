//go:build !noasm

#include "textflag.h"

// gemmPastF32AVX512x14x32: one tile of 11 to 14 x 32 float32, stored past the caches. Needs
// AVX512F.
//
// It is that of gemm_avx512_amd64.h, which tells of its registers, but asks for no tile of C.

#define MOV   VMOVUPS
#define BCAST VBROADCASTSS
#define FMA   VFMADD231PS
#define SHIFT 2
#define SCALE 4
#define HALF  16
#define LIMIT rows+0(FP)
#define NEXT  next+88(FP)

#include "gemm_avx512_amd64.h"

// LASTPAST is the last two steps of a row and the store.
#define LASTPAST(A, X, L, H) \
	FMA.BCST (SI), Z28, L        \
	FMA.BCST (SI), Z29, H        \
	FMA.BCST (SI)(CX*1), Z30, L  \
	FMA.BCST (SI)(CX*1), Z31, H  \
	VMOVNTPS L, (BX)             \
	VMOVNTPS H, 64(BX)           \
	ADDQ R8, SI                  \
	ADDQ DX, BX

#define PAST(EACH, part, zero, steps, pair, more, copy, rest, enough, loop, store, last) \
	TILE(EACH, 2*HALF, GET2, GETPART2, ROWB2, MUL2, ROWSB2, LASTPAST, PUTPART2, part, zero, steps, pair, more, copy, rest, enough, loop, store, last)

// func gemmPastF32AVX512x14x32(rows, cols, kc int, a *float32, rs, cs int, b *float32, ldb int, c *float32, ldc int, load bool, next *Fetch)
TEXT ·gemmPastF32AVX512x14x32(SB), NOSPLIT, $0-96
	MOVQ kc+16(FP), AX
	MOVQ a+24(FP), SI
	MOVQ cs+40(FP), CX
	LEAQ (CX*SCALE), CX
	MOVQ b+48(FP), DI
	MOVQ ldb+56(FP), DX
	SHLQ $SHIFT, DX
	MOVQ c+64(FP), BX
	MOVQ rows+0(FP), R8
	XORL R14, R14
	CMPQ R8, $14
	JEQ  rows14
	CMPQ R8, $13
	JEQ  rows13
	CMPQ R8, $12
	JEQ  rows12
	PAST(EACH11, q11, z11, s11, f11, m11, c11, r11, e11, l11, p11, h11)

rows12:
	PAST(EACH12, q12, z12, s12, f12, m12, c12, r12, e12, l12, p12, h12)

rows13:
	PAST(EACH13, q13, z13, s13, f13, m13, c13, r13, e13, l13, p13, h13)

rows14:
	PAST(EACH14, q14, z14, s14, f14, m14, c14, r14, e14, l14, p14, h14)
