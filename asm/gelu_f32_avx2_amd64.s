//go:build !noasm

#include "textflag.h"
#include "act_avx2_amd64.h"

// GELU and its gradient, AVX2 path. Needs AVX2 and FMA3. Constants that are operands in memory take no
// place in registers. See gelu_amd64.h and act_avx2_amd64.h for others.
//
//	Y0 to Y11  A0 to A5, B0 to B5
//	Y12        1
//	Y13        the limit of v
//	Y14        the number to round by
//	Y15        the sign bit

#define A0 Y0
#define A1 Y1
#define A2 Y2
#define A3 Y3
#define A4 Y4
#define A5 Y5
#define B0 Y6
#define B1 Y7
#define B2 Y8
#define B3 Y9
#define B4 Y10
#define B5 Y11
#define LIMIT Y13
#define MAGIC Y14
#define MINUS Y15

#define TLOG ·tail8F32+32(SB)
#define TLN2HI ·tail8F32+64(SB)
#define TLN2LO ·tail8F32+96(SB)
#define DENSITY ·tail8F32+128(SB)
#define TUP64 ·tail8F32+160(SB)
#define E0 ·tail8F32+192(SB)
#define E1 ·tail8F32+224(SB)
#define E2 ·tail8F32+256(SB)
#define P0 ·tail8F32+288(SB)
#define P1 ·tail8F32+320(SB)
#define P2 ·tail8F32+352(SB)
#define P3 ·tail8F32+384(SB)
#define Q0 ·tail8F32+416(SB)
#define Q1 ·tail8F32+448(SB)
#define Q2 ·tail8F32+480(SB)
#define Q3 ·tail8F32+512(SB)
#define Q4 ·tail8F32+544(SB)
#define TPOW ·tailPow(SB)

#define READ(P, A, B) VMOVUPS (P), A; VMOVUPS 32(P), B
#define READV(P, A, B) VORPS (P), MINUS, A; VORPS 32(P), MINUS, B
#define WRITE(A, B) VMOVUPS A, (DI); VMOVUPS B, 32(DI)
#define DENSE(A, B) VFMADD231PS DENSITY, A, B

#include "gelu_amd64.h"

// TAILCONST loads the constants of TAIL that are in registers.
#define TAILCONST \
	VMOVAPS TOP, LIMIT          \
	VMOVAPS ·tail8F32(SB), MAGIC \
	VMOVAPS SIGN, MINUS

// func geluF32AVX2(dst, src []float32)
TEXT ·geluF32AVX2(SB), NOSPLIT, $64-48
	TAILCONST
	ARGUMENTS(16)

loop:
	GELU
	LEFT(16, MASKS2, FRAME2, x-64(SP), UNFRAME2)

// func geluGradF32AVX2(dx, dy, x []float32)
TEXT ·geluGradF32AVX2(SB), NOSPLIT, $128-72
	MOVQ    dx_base+0(FP), DI
	MOVQ    dx_len+8(FP), CX
	MOVQ    dy_base+24(FP), SI
	MOVQ    x_base+48(FP), DX
	TAILCONST
	VMOVAPS ONES, Y12
	XORL    R9, R9
	SUBQ    $16, CX
	JLT     rest

loop:
	PHI
	VSUBPS    Y3, Y12, Y0
	VSUBPS    Y9, Y12, Y6
	READ(DX, Y1, Y7)
	VBLENDVPS Y1, Y3, Y0, Y0 // that where x has the sign, else 1 less it: both 1/2 at 0
	VBLENDVPS Y7, Y9, Y6, Y6
	VMULPS    (SI), Y0, Y0
	VMULPS    32(SI), Y6, Y6
	WRITE(Y0, Y6)
	ADDQ      $64, DI
	ADDQ      $64, SI
	ADDQ      $64, DX
	SUBQ      $16, CX
	JGE       loop
	TESTQ     R9, R9
	JNE       out

rest:
	ADDQ  $16, CX
	JEQ   done
	MASKS2
	FRAME2(SI, dy-128(SP))
	FRAME2(DX, x-64(SP))
	REST(dy-128(SP))
	JMP   loop

out:
	UNFRAME2

done:
	VZEROUPPER
	RET
