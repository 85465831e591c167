//go:build !noasm

#include "textflag.h"

// gemmF32AVX512x14x32: tiles of C of up to 14 x 32 float32 side by side. Needs AVX512F.
// gemm_avx512_amd64.h has the loops, and the reason for the size of a tile.

#define MOV   VMOVUPS
#define BCAST VBROADCASTSS
#define FMA   VFMADD231PS
#define ADD   VADDPS
#define MAX   VMAXPS
#define SHIFT 2
#define SCALE 4
#define HALF  16

#include "gemm_avx512_amd64.h"
#include "gemmrow_avx512_amd64.h"

// func gemmF32AVX512x14x32(rows, cols, kc int, a *float32, rs, cs int, b *float32, step, ldb int, c *float32, ldc int, load bool, bias *float32, next *Fetch)
TEXT ·gemmF32AVX512x14x32(SB), NOSPLIT, $104-112
	GEMM

// func gemmPastF32AVX512x14x32(rows, cols, kc int, a *float32, rs, cs int, b *float32, step, ldb int, c *float32, ldc int, load bool, bias *float32, next *Fetch)
TEXT ·gemmPastF32AVX512x14x32(SB), NOSPLIT, $72-112
	GEMMPAST
