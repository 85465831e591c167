//go:build !noasm

#include "textflag.h"

// gemmPanelsF32AVX512x14x32: tiles of up to 14 x 32 float32 side by side, which share their
// rows of A; the tile's steps are those of gemm_avx512_amd64.h. Where a dense layer is
// shallow, calls and the distances of rows would take as long as a third of its products.
// A bias and a ReLU find units free beside the last two steps, as the stores do.
// Needs AVX512F.
//
//	SI  A(i,k), R8 rs; CX cs in bytes    DI  B(k,0), DX 128; before and behind ldc in bytes
//	AX  steps left                       BX  C(i,0)
//	R9 to R13, R15 multiples of rs; R14 as in BESIDE, behind the steps the bias
//
//	for p < panels: tile = C or 0; steps; C = tile or max(tile + bias, 0)

#define MOV   VMOVUPS
#define BCAST VBROADCASTSS
#define FMA   VFMADD231PS
#define SHIFT 2
#define SCALE 4
#define HALF  16
#define LIMIT limit-8(SP)
#define NEXT  next+96(FP)

#include "gemm_avx512_amd64.h"

// GETROW is the row of C that BX points to.
#define GETROW(C, X, L, H) MOV (BX), L; MOV 64(BX), H; ADDQ DX, BX

// LASTBIAS is LAST2 with the bias and the ReLU: what is not above 0 becomes +0.
#define LASTBIAS(A, X, L, H) \
	FMA.BCST (SI), Z28, L              \
	FMA.BCST (SI), Z29, H              \
	FMA.BCST (SI)(CX*1), Z30, L        \
	FMA.BCST (SI)(CX*1), Z31, H        \
	VADDPS (R14), L, L                 \
	VADDPS 64(R14), H, H               \
	VMAXPS.BCST floor-12(SP), L, L     \
	VMAXPS.BCST floor-12(SP), H, H     \
	MOV L, (BX)                        \
	MOV H, 64(BX)                      \
	ADDQ R8, SI                        \
	ADDQ DX, BX

// PANELS is the tiles of one height. The tile that follows is the one beside, and behind the
// last one the first of the rows below. What is to be copied has been fetched beside the
// first tile.
#define PANELS(N, EACH, tile, zero, steps, ahead, pair, more, copy, rest, loop, last, bias, end) \
tile:                           \
	MOVQ c+64(FP), BX       \
	MOVQ ldc+72(FP), DX     \
	MOVQ kc+16(FP), AX      \
	MOVQ a+24(FP), SI       \
	MOVQ b+48(FP), DI       \
	LEAQ 128(BX), R14       \
	CMPQ panels+8(FP), $1   \
	JNE  ahead              \
	MOVQ below-24(SP), R14  \
ahead:                          \
	CMPB load+80(FP), $0    \
	JEQ  zero               \
	EACH(GETROW, BX)        \
	JMP  steps              \
zero:                           \
	EACH(CLEAR, BX)         \
steps:                          \
	LEAQ -2*N(AX), BX       \
	MOVQ BX, LIMIT          \
	MOVQ DX, BX             \
	MOVQ $128, DX           \
	BESIDE(EACH, ROWB2, MUL2, pair, more, copy, rest) \
rest:                           \
	SUBQ $2, AX             \
	JEQ  last               \
loop:                           \
	STEP(EACH, ROWB2, MUL2) \
	DECQ AX                 \
	JNZ  loop               \
last:                           \
	ROWSB2                  \
	MOVQ c+64(FP), BX       \
	MOVQ ldc+72(FP), DX     \
	MOVQ bias+88(FP), R14   \
	TESTQ R14, R14          \
	JNE  bias               \
	EACH(LAST2, SI)         \
	JMP  end                \
bias:                           \
	EACH(LASTBIAS, SI)      \
	SUBQ $-128, R14         \
	MOVQ R14, bias+88(FP)   \
end:                            \
	MOVQ then+104(FP), R14  \
	MOVQ R14, NEXT          \
	MOVQ step+56(FP), DI    \
	ADDQ DI, b+48(FP)       \
	SUBQ $-128, c+64(FP)    \
	DECQ panels+8(FP)       \
	JNZ  tile               \
	VZEROUPPER              \
	RET

// func gemmPanelsF32AVX512x14x32(rows, panels, kc int, a *float32, rs, cs int, b *float32, step int, c *float32, ldc int, load bool, bias *float32, next, then *Fetch)
TEXT ·gemmPanelsF32AVX512x14x32(SB), NOSPLIT, $24-112
	MOVQ rows+0(FP), BX
	SHLQ $2, step+56(FP)
	MOVQ ldc+72(FP), DX
	SHLQ $2, DX
	MOVQ DX, ldc+72(FP)
	IMULQ BX, DX
	ADDQ c+64(FP), DX
	MOVQ DX, below-24(SP)
	MOVL $0, floor-12(SP)
	MOVQ cs+40(FP), CX
	SHLQ $2, CX
	STRIDE(rs+32(FP))
	CMPQ BX, $14
	JEQ  rows14
	CMPQ BX, $13
	JEQ  rows13
	CMPQ BX, $12
	JEQ  rows12
	CMPQ BX, $11
	JEQ  rows11
	CMPQ BX, $10
	JEQ  rows10
	CMPQ BX, $9
	JEQ  rows9
	CMPQ BX, $8
	JEQ  rows8
	CMPQ BX, $7
	JEQ  rows7
	CMPQ BX, $6
	JEQ  rows6
	CMPQ BX, $5
	JEQ  rows5
	CMPQ BX, $4
	JEQ  rows4
	CMPQ BX, $3
	JEQ  rows3
	CMPQ BX, $2
	JEQ  rows2

rows1:
	PANELS(1, EACH1, t1, z1, s1, a1, p1, m1, c1, r1, l1, e1, b1, n1)

rows2:
	PANELS(2, EACH2, t2, z2, s2, a2, p2, m2, c2, r2, l2, e2, b2, n2)

rows3:
	PANELS(3, EACH3, t3, z3, s3, a3, p3, m3, c3, r3, l3, e3, b3, n3)

rows4:
	PANELS(4, EACH4, t4, z4, s4, a4, p4, m4, c4, r4, l4, e4, b4, n4)

rows5:
	PANELS(5, EACH5, t5, z5, s5, a5, p5, m5, c5, r5, l5, e5, b5, n5)

rows6:
	PANELS(6, EACH6, t6, z6, s6, a6, p6, m6, c6, r6, l6, e6, b6, n6)

rows7:
	PANELS(7, EACH7, t7, z7, s7, a7, p7, m7, c7, r7, l7, e7, b7, n7)

rows8:
	PANELS(8, EACH8, t8, z8, s8, a8, p8, m8, c8, r8, l8, e8, b8, n8)

rows9:
	PANELS(9, EACH9, t9, z9, s9, a9, p9, m9, c9, r9, l9, e9, b9, n9)

rows10:
	PANELS(10, EACH10, t10, z10, s10, a10, p10, m10, c10, r10, l10, e10, b10, n10)

rows11:
	PANELS(11, EACH11, t11, z11, s11, a11, p11, m11, c11, r11, l11, e11, b11, n11)

rows12:
	PANELS(12, EACH12, t12, z12, s12, a12, p12, m12, c12, r12, l12, e12, b12, n12)

rows13:
	PANELS(13, EACH13, t13, z13, s13, a13, p13, m13, c13, r13, l13, e13, b13, n13)

rows14:
	PANELS(14, EACH14, t14, z14, s14, a14, p14, m14, c14, r14, l14, e14, b14, n14)
