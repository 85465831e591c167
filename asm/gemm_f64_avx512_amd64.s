//go:build !noasm

#include "textflag.h"

// gemmF64AVX512x14x16: one tile of C of up to 14 x 16 float64. Needs AVX512F.

#define MOV   VMOVUPD
#define BCAST VBROADCASTSD
#define FMA   VFMADD231PD
#define SHIFT 3
#define SCALE 8
#define HALF  8
#define LIMIT rows+0(FP)
#define NEXT  next+88(FP)

#include "gemm_avx512_amd64.h"

// func gemmF64AVX512x14x16(rows, cols, kc int, a *float64, rs, cs int, b *float64, ldb int, c *float64, ldc int, load bool, next *Fetch)
TEXT ·gemmF64AVX512x14x16(SB), NOSPLIT, $0-96
	GEMM
