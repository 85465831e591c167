//go:build !noasm

#include "textflag.h"

// gemmF32AVX2x6x16: one tile of C of up to 6 x 16 float32. Needs AVX2 and FMA3.

#define MOV     VMOVUPS
#define MASKMOV VMASKMOVPS
#define BCAST   VBROADCASTSS
#define FMA     VFMADD231PS
#define SHIFT   2
#define SCALE   4
#define FULL    16

#include "gemm_avx2_amd64.h"

// func gemmF32AVX2x6x16(rows, cols, kc int, a *float32, rs, cs int, b *float32, ldb int, c *float32, ldc int, load bool, next *Fetch)
TEXT ·gemmF32AVX2x6x16(SB), NOSPLIT, $0-96
	GEMM

// func gemmAcrossF32AVX2x6x16(panels, kc int, a *float32, rs, cs int, b *float32, bstep, ldb int, c *float32, ldc int, load bool, next *Fetch)
TEXT ·gemmAcrossF32AVX2x6x16(SB), NOSPLIT, $0-96
	ACROSS(2*NEAR, 1<<30, PUT)

// gemmPastF32AVX2x6x16 asks for no tile of C.
#define PUTPAST(C, X, L, H) VMOVNTPS L, C; VMOVNTPS H, 32 C

// func gemmPastF32AVX2x6x16(panels, kc int, a *float32, rs, cs int, b *float32, bstep, ldb int, c *float32, ldc int, load bool, next *Fetch)
TEXT ·gemmPastF32AVX2x6x16(SB), NOSPLIT, $0-96
	ACROSS(1<<30, 2, PUTPAST)
