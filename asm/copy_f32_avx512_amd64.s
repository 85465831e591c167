//go:build !noasm

#include "textflag.h"
#include "vectors_avx512_amd64.h"
#include "copyrows_amd64.h"

// Copies of runs into a panel. Need AVX512F.

// copyRowsF32AVX512 copies runs of 32 float32.
//
//	for k: for j < 32: dst[k*ldd+j] = src[k*ld+j]

// func copyRowsF32AVX512(runs int, dst *float32, ldd int, src *float32, ld int, ask ahead)
TEXT ·copyRowsF32AVX512(SB), NOSPLIT, $0-64
	COPYROWS(ASKPAIR, COPYTWO)

// padRowsF32AVX512 copies rows into wider ones whose other elements are zero, 16
// elements at a time: a mask says which of them a row has. Needs AVX512F.
//
//	AX  rows, counted down (at least 1); DI  a row of dst, R8 their distance in bytes
//	SI  a row of src, less the zeros before it; R9 their distance in bytes
//	DX  the masks, two a block: what is loaded, what is stored; CX, R10 blocks
//	R11, R12 the block at hand; K1, K2 its masks
//
//	for r: for j < 16*blocks: if stored[j] { dst[r*ldd+j] = loaded[j] ? src[r*lds-zeros+j] : 0 }

// func padRowsF32AVX512(rows int, dst *float32, ldd int, src *float32, lds, zeros int, masks *[2]uint16, blocks int)
TEXT ·padRowsF32AVX512(SB), NOSPLIT, $0-64
	MOVQ rows+0(FP), AX
	MOVQ dst+8(FP), DI
	MOVQ ldd+16(FP), R8
	SHLQ $2, R8
	MOVQ src+24(FP), SI
	MOVQ lds+32(FP), R9
	SHLQ $2, R9
	MOVQ zeros+40(FP), DX
	SHLQ $2, DX
	SUBQ DX, SI
	MOVQ masks+48(FP), DX
	MOVQ blocks+56(FP), R10

row:
	MOVQ R10, CX
	MOVQ DI, R11
	MOVQ SI, R12
	MOVQ DX, R13

block:
	KMOVW     (R13), K1
	KMOVW     2(R13), K2
	VMOVUPS.Z (R12), K1, Z0
	CMPW      2(R13), $-1
	JNE       partial
	VMOVUPS   Z0, (R11)       // a store under a mask takes several cycles

next:
	ADDQ      $4, R13
	ADDQ      $64, R11
	ADDQ      $64, R12
	DECQ      CX
	JNZ       block
	ADDQ      R8, DI
	ADDQ      R9, SI
	DECQ      AX
	JNZ       row
	VZEROUPPER
	RET

partial:
	VMOVUPS Z0, K2, (R11)
	JMP     next
