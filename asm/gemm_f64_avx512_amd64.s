//go:build !noasm

#include "textflag.h"

// gemmF64AVX512x14x16: tiles of C of up to 14 x 16 float64 side by side. Needs AVX512F.
// gemm_avx512_amd64.h has the loops, and the reason for the size of a tile.

#define MOV   VMOVUPD
#define BCAST VBROADCASTSD
#define FMA   VFMADD231PD
#define ADD   VADDPD
#define MAX   VMAXPD
#define SHIFT 3
#define SCALE 8
#define HALF  8

#include "gemm_avx512_amd64.h"
#include "gemmrow_avx512_amd64.h"

// func gemmF64AVX512x14x16(rows, cols, kc int, a *float64, rs, cs int, b *float64, step, ldb int, c *float64, ldc int, load bool, bias *float64, next *Fetch)
TEXT ·gemmF64AVX512x14x16(SB), NOSPLIT, $104-112
	GEMM

// func gemmPastF64AVX512x14x16(rows, cols, kc int, a *float64, rs, cs int, b *float64, step, ldb int, c *float64, ldc int, load bool, bias *float64, next *Fetch)
TEXT ·gemmPastF64AVX512x14x16(SB), NOSPLIT, $72-112
	GEMMPAST
