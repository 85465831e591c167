//go:build !noasm

#include "textflag.h"

// Every second element of rows, for convolutions of stride 2. Need AVX512F.
//
//	AX  rows, counted down (at least 1); DI, SI  a row of dst and of src
//	R8, R9  distances of rows of dst and of src in bytes
//	R10 elements of a row (at least 1); R14 those left; R11, R12 dst and src at hand
//	Z31 a permutation; K1, K2 masks of two registers of the longer row
//	CX, R13 scratch

// MASKS makes K1 and K2 for the first 2*R14-1 elements, no more than 31.
#define MASKS \
	MOVQ    $31, R13           \
	LEAQ    -1(R14)(R14*1), CX \
	CMPQ    CX, R13            \
	CMOVQGT R13, CX            \
	MOVQ    $-1, R13           \
	SHLQ    CX, R13            \
	NOTQ    R13                \
	KMOVW   R13, K1            \
	SHRQ    $16, R13           \
	KMOVW   R13, K2

// takeSecondF32AVX512 is, for r < rows, i < n: dst[r*ldd+i] = src[r*lds+2*i].

// func takeSecondF32AVX512(rows int, dst *float32, ldd int, src *float32, lds, n int)
TEXT ·takeSecondF32AVX512(SB), NOSPLIT, $0-48
	MOVQ    rows+0(FP), AX
	MOVQ    dst+8(FP), DI
	MOVQ    ldd+16(FP), R8
	SHLQ    $2, R8
	MOVQ    src+24(FP), SI
	MOVQ    lds+32(FP), R9
	SHLQ    $2, R9
	MOVQ    n+40(FP), R10
	VMOVDQU32 ·evenLanes(SB), Z31

row:
	MOVQ R10, R14
	MOVQ DI, R11
	MOVQ SI, R12

block:
	MASKS
	VMOVUPS.Z (R12), K1, Z0
	VMOVUPS.Z 64(R12), K2, Z1
	VPERMT2PS Z1, Z31, Z0     // elements 0, 2, ..., 30
	CMPQ      R14, $16
	JLT       last
	VMOVUPS   Z0, (R11)
	ADDQ      $64, R11
	ADDQ      $128, R12
	SUBQ      $16, R14
	JNZ       block
	JMP       next

last:
	MOVQ    R14, CX
	MOVQ    $-1, R13
	SHLQ    CX, R13
	NOTQ    R13
	KMOVW   R13, K1
	VMOVUPS Z0, K1, (R11)

next:
	ADDQ R8, DI
	ADDQ R9, SI
	DECQ AX
	JNZ  row
	VZEROUPPER
	RET

// putSecondF32AVX512 is, for r < rows, i < n: dst[r*ldd+2*i] = src[r*lds+i]. What
// stands between is left alone.

// func putSecondF32AVX512(rows int, dst *float32, ldd int, src *float32, lds, n int)
TEXT ·putSecondF32AVX512(SB), NOSPLIT, $0-48
	MOVQ    rows+0(FP), AX
	MOVQ    dst+8(FP), DI
	MOVQ    ldd+16(FP), R8
	SHLQ    $2, R8
	MOVQ    src+24(FP), SI
	MOVQ    lds+32(FP), R9
	SHLQ    $2, R9
	MOVQ    n+40(FP), R10
	VMOVDQU32 ·doubledLanes(SB), Z31
	VMOVDQU32 ·doubledLanes+64(SB), Z30
	MOVL    $0x5555, R13
	KMOVW   R13, K3

putrow:
	MOVQ R10, R14
	MOVQ DI, R11
	MOVQ SI, R12

putblock:
	MASKS
	KANDW     K3, K1, K1
	KANDW     K3, K2, K2
	MOVQ      $-1, R13
	MOVQ      $16, CX
	CMPQ      R14, CX
	CMOVQLT   R14, CX
	SHLQ      CX, R13
	NOTQ      R13
	KMOVW     R13, K4
	VMOVUPS.Z (R12), K4, Z0
	VPERMPS   Z0, Z31, Z1     // 0 0 1 1 ... 7 7
	VPERMPS   Z0, Z30, Z2     // 8 8 9 9 ... 15 15
	VMOVUPS   Z1, K1, (R11)
	VMOVUPS   Z2, K2, 64(R11)
	ADDQ      $128, R11
	ADDQ      $64, R12
	SUBQ      $16, R14
	JGT       putblock
	ADDQ      R8, DI
	ADDQ      R9, SI
	DECQ      AX
	JNZ       putrow
	VZEROUPPER
	RET
