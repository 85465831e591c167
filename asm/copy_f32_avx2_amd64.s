//go:build !noasm

#include "textflag.h"
#include "vectors_avx2_amd64.h"
#include "copyrows_amd64.h"

// Copies of runs into a panel. Need AVX2.

// copyRowsF32AVX2 copies runs of 16 float32.
//
//	for k: for j < 16: dst[k*ldd+j] = src[k*ld+j]

// func copyRowsF32AVX2(runs int, dst *float32, ldd int, src *float32, ld int, ask ahead)
TEXT ·copyRowsF32AVX2(SB), NOSPLIT, $0-64
	COPYROWS(ASKLINE, COPYTWO)

// copyPairsF32AVX2 copies runs of 32 float32, of which the second half goes elsewhere.
//
//	R10 where the second half goes
//
//	for k: for j < 16: dst[k*ldd+j], dst[k*ldd+far+j] = src[k*ld+j], src[k*ld+16+j]

#define COPYHALVES \
	VMOVUPS (SI), Y0    \
	VMOVUPS 32(SI), Y1  \
	VMOVUPS 64(SI), Y2  \
	VMOVUPS 96(SI), Y3  \
	VMOVUPS Y0, (DI)    \
	VMOVUPS Y1, 32(DI)  \
	VMOVUPS Y2, (R10)   \
	VMOVUPS Y3, 32(R10) \
	ADDQ    R9, R10

// func copyPairsF32AVX2(runs int, dst *float32, ldd int, src *float32, ld int, ask ahead, far int)
TEXT ·copyPairsF32AVX2(SB), NOSPLIT, $0-72
	MOVQ dst+8(FP), R10
	MOVQ far+64(FP), DX
	LEAQ (R10)(DX*4), R10
	COPYROWS(ASKPAIR, COPYHALVES)
