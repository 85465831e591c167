//go:build !noasm

#include "textflag.h"

// gemmF32AVX2x6x16: tiles of C of up to 6 x 16 float32 side by side. Needs AVX2 and FMA3.
// gemm_avx2_amd64.h has the loops, and the reason for the size of a tile.

#define MOV     VMOVUPS
#define MASKMOV VMASKMOVPS
#define BCAST   VBROADCASTSS
#define FMA     VFMADD231PS
#define SHIFT   2
#define SCALE   4
#define FULL    16

#include "gemm_avx2_amd64.h"
#include "gemmrow_avx2_amd64.h"

// func gemmF32AVX2x6x16(rows, cols, kc int, a *float32, rs, cs int, b *float32, step, ldb int, c *float32, ldc int, load bool, next *Fetch)
TEXT ·gemmF32AVX2x6x16(SB), NOSPLIT, $24-104
	GEMM

// func gemmPastF32AVX2x6x16(rows, cols, kc int, a *float32, rs, cs int, b *float32, step, ldb int, c *float32, ldc int, load bool, next *Fetch)
TEXT ·gemmPastF32AVX2x6x16(SB), NOSPLIT, $24-104
	GEMMPAST
