//go:build !noasm

#include "textflag.h"

// packF64AVX512 is packF32AVX512 for 8 rows of float64: a transpose of 8 x 8 in
// three stages. Needs AVX512F.
//
//	AX  steps left; SI  src; DX  the 8 offsets, in elements
//	DI  panel; R11 width in bytes; R9 scratch
//	K1  steps of this block; K2  rows that there are
//	Z0 to Z7 rows, then, stage by stage with Z8 to Z15, steps
//
//	for k: for i: dst[k*width+i] = K2[i] ? src[offset[i]+k] : 0

#define ROW(I, X) \
	MOVQ      (8*I)(DX), R9          \
	VMOVUPD.Z (SI)(R9*8), K1, X

#define PAIRS(A, B, L, H) VUNPCKLPD B, A, L; VUNPCKHPD B, A, H
// LANES takes the even and the odd 128-bit lanes of A and B.
#define LANES(A, B, E, O) VSHUFF64X2 $0x88, B, A, E; VSHUFF64X2 $0xdd, B, A, O
#define LANESZ(A, B, E, O) VSHUFF64X2.Z $0x88, B, A, K2, E; VSHUFF64X2.Z $0xdd, B, A, K2, O

// PUT stores a step and leaves when it was the last.
#define PUT(Z) \
	VMOVUPD Z, (DI)      \
	DECQ    AX           \
	JEQ     done         \
	ADDQ    R11, DI

// func packF64AVX512(kc int, dst, src *float64, offset *[8]int, width int, rows uint8)
TEXT ·packF64AVX512(SB), NOSPLIT, $0-41
	MOVQ    kc+0(FP), AX
	MOVQ    dst+8(FP), DI
	MOVQ    src+16(FP), SI
	MOVQ    offset+24(FP), DX
	MOVQ    width+32(FP), R11
	MOVBLZX rows+40(FP), R9
	KMOVW   R9, K2
	SHLQ    $3, R11
	MOVL    $0xff, R10
	KMOVW   R10, K1

loop:
	CMPQ  AX, $8
	JGE   full
	MOVQ  AX, CX          // fewer than 8 steps: so many ones
	MOVL  $1, R10
	SHLL  CX, R10
	DECL  R10
	KMOVW R10, K1

full:
	ROW(0, Z0)
	ROW(1, Z1)
	ROW(2, Z2)
	ROW(3, Z3)
	ROW(4, Z4)
	ROW(5, Z5)
	ROW(6, Z6)
	ROW(7, Z7)

	// rows 2i, 2i+1: step s of each 128-bit lane in Z8+2i+s
	PAIRS(Z0, Z1, Z8, Z9)
	PAIRS(Z2, Z3, Z10, Z11)
	PAIRS(Z4, Z5, Z12, Z13)
	PAIRS(Z6, Z7, Z14, Z15)

	// four rows: steps s and s+4 in the even lanes, s+2 and s+6 in the odd
	LANES(Z8, Z10, Z0, Z2)
	LANES(Z12, Z14, Z4, Z6)
	LANES(Z9, Z11, Z1, Z3)
	LANES(Z13, Z15, Z5, Z7)

	// all rows
	LANESZ(Z0, Z4, Z8, Z12)
	LANESZ(Z2, Z6, Z10, Z14)
	LANESZ(Z1, Z5, Z9, Z13)
	LANESZ(Z3, Z7, Z11, Z15)

	PUT(Z8)
	PUT(Z9)
	PUT(Z10)
	PUT(Z11)
	PUT(Z12)
	PUT(Z13)
	PUT(Z14)
	PUT(Z15)
	ADDQ $64, SI
	JMP  loop

done:
	VZEROUPPER
	RET
