//go:build !noasm

#include "textflag.h"

// transposePastF32AVX2 turns columns into rows that pass the caches by, 16 rows and four
// columns at a time: the two halves of a line of each row of the result follow each other.
// Of every eight rows of the result three go through the caches, see transposePastF32AVX512.
// Needs AVX2.
//
//	AX  blocks of 16 rows left; R14 fours of columns, R15 those left
//	SI  src; BX, CX, DX rows 4, 8, 12; R8 a row in bytes, R9 three of it
//	R10 from behind the columns to 16 rows further
//	DI  dst, R13 four rows of it; R11 a row in bytes, R12 three of it
//	Y0 to Y3 rows, Y4 to Y7 pairs, Y8 to Y11 columns of eight rows, Y12 to Y15 of the next eight
//
//	for r < 16*blocks: for c < 4*fours: dst[c*ldd+r] = src[r*lds+c]

// EIGHT turns four columns of the rows at P and Q.
#define EIGHT(P, Q, A, B, C, D) \
	VMOVUPS     (P), X0                \
	VMOVUPS     (P)(R8*1), X1          \
	VMOVUPS     (P)(R8*2), X2          \
	VMOVUPS     (P)(R9*1), X3          \
	VINSERTF128 $1, (Q), Y0, Y0        \
	VINSERTF128 $1, (Q)(R8*1), Y1, Y1  \
	VINSERTF128 $1, (Q)(R8*2), Y2, Y2  \
	VINSERTF128 $1, (Q)(R9*1), Y3, Y3  \
	VUNPCKLPS   Y1, Y0, Y4             \
	VUNPCKHPS   Y1, Y0, Y5             \
	VUNPCKLPS   Y3, Y2, Y6             \
	VUNPCKHPS   Y3, Y2, Y7             \
	VUNPCKLPD   Y6, Y4, A              \
	VUNPCKHPD   Y6, Y4, B              \
	VUNPCKLPD   Y7, Y5, C              \
	VUNPCKHPD   Y7, Y5, D

// func transposePastF32AVX2(blocks, fours int, dst *float32, ldd int, src *float32, lds int)
TEXT ·transposePastF32AVX2(SB), NOSPLIT, $0-48
	MOVQ blocks+0(FP), AX
	MOVQ fours+8(FP), R14
	MOVQ dst+16(FP), DI
	MOVQ ldd+24(FP), R11
	MOVQ src+32(FP), SI
	MOVQ lds+40(FP), R8
	SHLQ $2, R11
	SHLQ $2, R8
	LEAQ (R8)(R8*2), R9
	LEAQ (R11)(R11*2), R12
	MOVQ R8, R10
	SHLQ $4, R10
	MOVQ R14, BX
	SHLQ $4, BX
	SUBQ BX, R10
	LEAQ (SI)(R8*4), BX
	LEAQ (SI)(R8*8), CX
	LEAQ (BX)(R8*8), DX

loop:
	MOVQ DI, R13
	MOVQ R14, R15

columns:
	EIGHT(SI, BX, Y8, Y9, Y10, Y11)
	EIGHT(CX, DX, Y12, Y13, Y14, Y15)
	TESTQ    $1, R15
	JNZ      past
	VMOVUPS  Y8, (R13)
	VMOVUPS  Y12, 32(R13)
	JMP      rest

past:
	VMOVNTPS Y8, (R13)
	VMOVNTPS Y12, 32(R13)

rest:
	VMOVNTPS Y9, (R13)(R11*1)
	VMOVNTPS Y13, 32(R13)(R11*1)
	VMOVNTPS Y10, (R13)(R11*2)
	VMOVNTPS Y14, 32(R13)(R11*2)
	VMOVUPS  Y11, (R13)(R12*1)
	VMOVUPS  Y15, 32(R13)(R12*1)
	LEAQ     (R13)(R11*4), R13
	ADDQ     $16, SI
	ADDQ     $16, BX
	ADDQ     $16, CX
	ADDQ     $16, DX
	DECQ     R15
	JNZ      columns
	ADDQ     R10, SI
	ADDQ     R10, BX
	ADDQ     R10, CX
	ADDQ     R10, DX
	ADDQ     $64, DI
	DECQ     AX
	JNZ      loop
	VZEROUPPER
	RET
