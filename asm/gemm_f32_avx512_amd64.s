//go:build !noasm

#include "textflag.h"

// gemmF32AVX512x14x32: one tile of C of up to 14 x 32 float32. Needs AVX512F.

#define MOV   VMOVUPS
#define BCAST VBROADCASTSS
#define FMA   VFMADD231PS
#define SHIFT 2
#define SCALE 4
#define HALF  16
#define LIMIT rows+0(FP)
#define NEXT  next+88(FP)

#include "gemm_avx512_amd64.h"

// func gemmF32AVX512x14x32(rows, cols, kc int, a *float32, rs, cs int, b *float32, ldb int, c *float32, ldc int, load bool, next *Fetch)
TEXT ·gemmF32AVX512x14x32(SB), NOSPLIT, $0-96
	GEMM
