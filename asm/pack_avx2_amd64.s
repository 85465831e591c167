//go:build !noasm

#include "textflag.h"

// packF32AVX2 turns 8 rows into 8 columns of a panel, eight steps in k at a time:
// transposes of 4 x 4 blocks in both halves of the registers. The rows stand at
// offsets of their own. Needs AVX2.
//
//	AX  blocks of eight steps, counted down; SI  src
//	DX  the 8 offsets, in elements; R8, R9 those of rows i and i+4
//	DI  panel; R11 width in bytes, R12 three of it
//	Y0 to Y3 rows, Y4 to Y7 pairs, Y8 to Y11 steps
//
//	for k: for i: dst[k*width+i] = src[offset[i]+k]

// ROW puts row I in the low half of Y and row I+4 in the high half.
#define ROW(I, O, X, Y) \
	MOVQ        (8*I)(DX), R8        \
	MOVQ        (8*I+32)(DX), R9     \
	VMOVUPS     O(SI)(R8*4), X       \
	VINSERTF128 $1, O(SI)(R9*4), Y, Y

// FOUR does four steps, from O bytes on.
#define FOUR(O) \
	ROW(0, O, X0, Y0)          \
	ROW(1, O, X1, Y1)          \
	ROW(2, O, X2, Y2)          \
	ROW(3, O, X3, Y3)          \
	VUNPCKLPS Y1, Y0, Y4       \
	VUNPCKHPS Y1, Y0, Y5       \
	VUNPCKLPS Y3, Y2, Y6       \
	VUNPCKHPS Y3, Y2, Y7       \
	VUNPCKLPD Y6, Y4, Y8       \
	VUNPCKHPD Y6, Y4, Y9       \
	VUNPCKLPD Y7, Y5, Y10      \
	VUNPCKHPD Y7, Y5, Y11      \
	VMOVUPS   Y8, (DI)         \
	VMOVUPS   Y9, (DI)(R11*1)  \
	VMOVUPS   Y10, (DI)(R11*2) \
	VMOVUPS   Y11, (DI)(R12*1) \
	LEAQ      (DI)(R11*4), DI

// func packF32AVX2(blocks int, dst, src *float32, offset *[8]int, width int)
TEXT ·packF32AVX2(SB), NOSPLIT, $0-40
	MOVQ blocks+0(FP), AX
	MOVQ dst+8(FP), DI
	MOVQ src+16(FP), SI
	MOVQ offset+24(FP), DX
	MOVQ width+32(FP), R11
	SHLQ $2, R11
	LEAQ (R11)(R11*2), R12

loop:
	FOUR(0)
	FOUR(16)
	ADDQ $32, SI
	DECQ AX
	JNZ  loop
	VZEROUPPER
	RET

// packF64AVX2 is packF32AVX2 for 4 rows of float64, four steps at a time.

// func packF64AVX2(blocks int, dst, src *float64, offset *[4]int, width int)
TEXT ·packF64AVX2(SB), NOSPLIT, $0-40
	MOVQ blocks+0(FP), AX
	MOVQ dst+8(FP), DI
	MOVQ src+16(FP), SI
	MOVQ offset+24(FP), DX
	MOVQ width+32(FP), R11
	SHLQ $3, R11
	LEAQ (R11)(R11*2), R12
	MOVQ (DX), R8
	MOVQ 8(DX), R9
	MOVQ 16(DX), R10
	MOVQ 24(DX), R13

loop64:
	VMOVUPD    (SI)(R8*8), Y0
	VMOVUPD    (SI)(R9*8), Y1
	VMOVUPD    (SI)(R10*8), Y2
	VMOVUPD    (SI)(R13*8), Y3
	VUNPCKLPD  Y1, Y0, Y4        // a0 b0 | a2 b2
	VUNPCKHPD  Y1, Y0, Y5        // a1 b1 | a3 b3
	VUNPCKLPD  Y3, Y2, Y6
	VUNPCKHPD  Y3, Y2, Y7
	VPERM2F128 $0x20, Y6, Y4, Y8 // a0 b0 c0 d0
	VPERM2F128 $0x20, Y7, Y5, Y9
	VPERM2F128 $0x31, Y6, Y4, Y10
	VPERM2F128 $0x31, Y7, Y5, Y11
	VMOVUPD    Y8, (DI)
	VMOVUPD    Y9, (DI)(R11*1)
	VMOVUPD    Y10, (DI)(R11*2)
	VMOVUPD    Y11, (DI)(R12*1)
	LEAQ       (DI)(R11*4), DI
	ADDQ       $32, SI
	DECQ       AX
	JNZ        loop64
	VZEROUPPER
	RET
