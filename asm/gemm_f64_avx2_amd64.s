//go:build !noasm

#include "textflag.h"

// gemmF64AVX2x6x8: tiles of C of up to 6 x 8 float64 side by side. Needs AVX2 and FMA3.
// gemm_avx2_amd64.h has the loops, and the reason for the size of a tile.

#define MOV     VMOVUPD
#define MASKMOV VMASKMOVPD
#define BCAST   VBROADCASTSD
#define FMA     VFMADD231PD
#define SHIFT   3
#define SCALE   8
#define FULL    8

#include "gemm_avx2_amd64.h"
#include "gemmrow_avx2_amd64.h"

// func gemmF64AVX2x6x8(rows, cols, kc int, a *float64, rs, cs int, b *float64, step, ldb int, c *float64, ldc int, load bool, next *Fetch)
TEXT ·gemmF64AVX2x6x8(SB), NOSPLIT, $24-104
	GEMM

// func gemmPastF64AVX2x6x8(rows, cols, kc int, a *float64, rs, cs int, b *float64, step, ldb int, c *float64, ldc int, load bool, next *Fetch)
TEXT ·gemmPastF64AVX2x6x8(SB), NOSPLIT, $24-104
	GEMMPAST
