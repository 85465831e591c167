//go:build !noasm

#include "textflag.h"

// gemmReluGradF32AVX512x14x32: one tile of up to 14 x 32 float32 of a product that becomes
// zero where y is not above 0, stored past the caches. Needs AVX512F and AVX512DQ.
//
// Its steps are those of gemm_avx512_amd64.h, with nothing to fetch; the last two are done
// row by row there too, and hide the stores. No register is left for a zero to compare
// with, so that a row of y is classed: K1 and K2 are the columns that are not above 0.
//
//	SI  A(i,k), R8 rs; CX cs in bytes    DI  B(k,0), DX ldb in bytes; at the last y(i,0)
//	AX  kc-2, counted down               BX  C(i,0), DX at the last ldc in bytes
//	R9 to R13, R15 multiples of rs; R14 rows

#define MOV   VMOVUPS
#define BCAST VBROADCASTSS
#define FMA   VFMADD231PS
#define SHIFT 2
#define SCALE 4
#define HALF  16

#include "gemm_avx512_amd64.h"

// NOTABOVE are the classes of what is not above 0: quiet NaN, +0, -0, -Inf, negative,
// signalling NaN.
#define NOTABOVE $0xd7

// LASTRELU is the last two steps of a row, the ReLU's gradient and the store.
#define LASTRELU(A, X, L, H) \
	VFPCLASSPSZ NOTABOVE, (DI), K1   \
	VFPCLASSPSZ NOTABOVE, 64(DI), K2 \
	FMA.BCST (SI), Z28, L        \
	FMA.BCST (SI), Z29, H        \
	FMA.BCST (SI)(CX*1), Z30, L  \
	FMA.BCST (SI)(CX*1), Z31, H  \
	VPXORD L, L, K1, L           \
	VPXORD H, H, K2, H           \
	VMOVNTPS L, (BX)             \
	VMOVNTPS H, 64(BX)           \
	ADDQ R8, SI                  \
	SUBQ $-128, DI               \
	ADDQ DX, BX

// TILERELU is a tile of one height. The others see its rows before they hear of the end.
#define TILERELU(EACH, loop, last) \
	EACH(CLEAR, BX)           \
	TESTQ AX, AX              \
	JEQ last                  \
loop:                         \
	STEP(EACH, ROWB2, MUL2)   \
	DECQ AX                   \
	JNZ  loop                 \
last:                         \
	ROWSB2                    \
	MOVQ y+72(FP), DI         \
	MOVQ ldc+64(FP), DX       \
	SHLQ $SHIFT, DX           \
	EACH(LASTRELU, SI)        \
	VZEROUPPER                \
	RET

// func gemmReluGradF32AVX512x14x32(rows, kc int, a *float32, rs, cs int, b *float32, ldb int, c *float32, ldc int, y *float32)
TEXT ·gemmReluGradF32AVX512x14x32(SB), NOSPLIT, $0-80
	MOVQ rows+0(FP), R14
	MOVQ kc+8(FP), AX
	MOVQ a+16(FP), SI
	MOVQ cs+32(FP), CX
	LEAQ (CX*SCALE), CX
	MOVQ b+40(FP), DI
	MOVQ ldb+48(FP), DX
	SHLQ $SHIFT, DX
	MOVQ c+56(FP), BX
	STRIDE(rs+24(FP))
	SUBQ $2, AX
	CMPQ R14, $14
	JEQ  rows14
	CMPQ R14, $13
	JEQ  rows13
	CMPQ R14, $12
	JEQ  rows12
	CMPQ R14, $11
	JEQ  rows11
	CMPQ R14, $10
	JEQ  rows10
	CMPQ R14, $9
	JEQ  rows9
	CMPQ R14, $8
	JEQ  rows8
	CMPQ R14, $7
	JEQ  rows7
	CMPQ R14, $6
	JEQ  rows6
	CMPQ R14, $5
	JEQ  rows5
	CMPQ R14, $4
	JEQ  rows4
	CMPQ R14, $3
	JEQ  rows3
	CMPQ R14, $2
	JEQ  rows2

rows1:
	TILERELU(EACH1, l1, e1)

rows2:
	TILERELU(EACH2, l2, e2)

rows3:
	TILERELU(EACH3, l3, e3)

rows4:
	TILERELU(EACH4, l4, e4)

rows5:
	TILERELU(EACH5, l5, e5)

rows6:
	TILERELU(EACH6, l6, e6)

rows7:
	TILERELU(EACH7, l7, e7)

rows8:
	TILERELU(EACH8, l8, e8)

rows9:
	TILERELU(EACH9, l9, e9)

rows10:
	TILERELU(EACH10, l10, e10)

rows11:
	TILERELU(EACH11, l11, e11)

rows12:
	TILERELU(EACH12, l12, e12)

rows13:
	TILERELU(EACH13, l13, e13)

rows14:
	TILERELU(EACH14, l14, e14)
