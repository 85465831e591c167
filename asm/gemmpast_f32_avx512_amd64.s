//go:build !noasm

#include "textflag.h"

// gemmPastF32AVX512x14x32: tiles of 11 to 14 x 32 float32 side by side, stored past the caches.
// Needs AVX512F.
//
// They are those of gemm_avx512_amd64.h, which tells of its registers, but ask for no tile of C.

#define MOV   VMOVUPS
#define BCAST VBROADCASTSS
#define FMA   VFMADD231PS
#define ADD   VADDPS
#define MAX   VMAXPS
#define SHIFT 2
#define SCALE 4
#define HALF  16

#include "gemm_avx512_amd64.h"

// PUTPAST stores a row, LASTPAST after its last two steps.
#define PUTPAST(C, X, L, H) VMOVNTPS L, (BX); VMOVNTPS H, 64(BX); ADDQ DX, BX
#define LASTPAST(A, X, L, H) TWO(L, H, Z28, Z29, Z30, Z31); PUTPAST(A, X, L, H)

#define PAST(EACH, again, ahead, part, zero, steps, pair, plain, more, go, copy, rest, enough, loop, store, put, last, bias, done) \
	TILE(0, EACH, 2*HALF, GET2, GETPART2, ROWB2, MUL2, ROWSB2, LASTPAST, LASTPAST, BIASPART2, PARTBIAS2, PUTPAST, again, ahead, part, zero, steps, pair, plain, more, go, copy, rest, enough, loop, store, put, last, bias, done)

// func gemmPastF32AVX512x14x32(rows, cols, kc int, a *float32, rs, cs int, b *float32, step, ldb int, c *float32, ldc int, load bool, bias *float32, next *Fetch)
TEXT ·gemmPastF32AVX512x14x32(SB), NOSPLIT, $72-112
	SPREAD(begin)
	STRIDE(rs+32(FP))
tile:
	MOVQ cs+40(FP), CX
	LEAQ (CX*SCALE), CX
	MOVQ rows+0(FP), R14
	CMPQ R14, $14
	JEQ  rows14
	CMPQ R14, $13
	JEQ  rows13
	CMPQ R14, $12
	JEQ  rows12
	PAST(EACH11, v11, a11, q11, z11, s11, f11, x11, m11, g11, c11, r11, e11, l11, p11, u11, h11, b11, d11)

rows12:
	PAST(EACH12, v12, a12, q12, z12, s12, f12, x12, m12, g12, c12, r12, e12, l12, p12, u12, h12, b12, d12)

rows13:
	PAST(EACH13, v13, a13, q13, z13, s13, f13, x13, m13, g13, c13, r13, e13, l13, p13, u13, h13, b13, d13)

rows14:
	PAST(EACH14, v14, a14, q14, z14, s14, f14, x14, m14, g14, c14, r14, e14, l14, p14, u14, h14, b14, d14)

end:
	VZEROUPPER
	RET
