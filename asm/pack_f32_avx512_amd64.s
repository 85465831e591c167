//go:build !noasm

#include "textflag.h"

// packF32AVX512 turns 16 rows into 16 columns of a panel, 16 steps in k at a
// time: a transpose of 16 x 16 in registers, as four stages of pairs. The rows
// stand at offsets of their own, so that rows of a matrix and the taps of a
// filter are packed alike. Needs AVX512F.
//
//	AX  steps left; SI  src; DX  the 16 offsets, in elements; R8  step in bytes
//	DI  panel; R11 width in bytes; R9 scratch
//	K1  steps of this block; K2  rows that there are
//	Z0 to Z15 rows, then, stage by stage with Z16 to Z31, steps
//
//	for k: for i: dst[k*width+i] = K2[i] ? src[offset[i]+k] : 0

#define ROW(I, X) \
	MOVQ      (8*I)(DX), R9          \
	VMOVUPS.Z (SI)(R9*4), K1, X

// PAIRS4 and PAIRS8 interleave single elements and pairs of two registers each.
#define PAIRS4(A, B, L, H) VUNPCKLPS B, A, L; VUNPCKHPS B, A, H
#define PAIRS8(A, B, L, H) VUNPCKLPD B, A, L; VUNPCKHPD B, A, H
// LANES takes the even and the odd 128-bit lanes of A and B.
#define LANES(A, B, E, O) VSHUFF32X4 $0x88, B, A, E; VSHUFF32X4 $0xdd, B, A, O
#define LANESZ(A, B, E, O) VSHUFF32X4.Z $0x88, B, A, K2, E; VSHUFF32X4.Z $0xdd, B, A, K2, O

// PUT stores a step and leaves when it was the last.
#define PUT(Z) \
	VMOVUPS Z, (DI)      \
	DECQ    AX           \
	JEQ     done         \
	ADDQ    R11, DI

// func packF32AVX512(kc int, dst, src *float32, offset *[16]int, width int, rows uint16)
TEXT ·packF32AVX512(SB), NOSPLIT, $0-42
	MOVQ    kc+0(FP), AX
	MOVQ    dst+8(FP), DI
	MOVQ    src+16(FP), SI
	MOVQ    offset+24(FP), DX
	MOVQ    width+32(FP), R11
	MOVWLZX rows+40(FP), R9
	KMOVW   R9, K2
	SHLQ    $2, R11
	MOVL    $0xffff, R10
	KMOVW   R10, K1

loop:
	CMPQ  AX, $16
	JGE   full
	MOVQ  AX, CX          // fewer than 16 steps: so many ones
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
	ROW(8, Z8)
	ROW(9, Z9)
	ROW(10, Z10)
	ROW(11, Z11)
	ROW(12, Z12)
	ROW(13, Z13)
	ROW(14, Z14)
	ROW(15, Z15)

	// rows 2i, 2i+1: elements interleaved
	PAIRS4(Z0, Z1, Z16, Z17)
	PAIRS4(Z2, Z3, Z18, Z19)
	PAIRS4(Z4, Z5, Z20, Z21)
	PAIRS4(Z6, Z7, Z22, Z23)
	PAIRS4(Z8, Z9, Z24, Z25)
	PAIRS4(Z10, Z11, Z26, Z27)
	PAIRS4(Z12, Z13, Z28, Z29)
	PAIRS4(Z14, Z15, Z30, Z31)

	// four rows: step s of each 128-bit lane in Z(s), Z(4+s), Z(8+s), Z(12+s)
	PAIRS8(Z16, Z18, Z0, Z1)
	PAIRS8(Z17, Z19, Z2, Z3)
	PAIRS8(Z20, Z22, Z4, Z5)
	PAIRS8(Z21, Z23, Z6, Z7)
	PAIRS8(Z24, Z26, Z8, Z9)
	PAIRS8(Z25, Z27, Z10, Z11)
	PAIRS8(Z28, Z30, Z12, Z13)
	PAIRS8(Z29, Z31, Z14, Z15)

	// rows 0 to 7 and 8 to 15: steps s and s+8 in the even lanes, s+4 and s+12 in the odd
	LANES(Z0, Z4, Z16, Z20)
	LANES(Z1, Z5, Z17, Z21)
	LANES(Z2, Z6, Z18, Z22)
	LANES(Z3, Z7, Z19, Z23)
	LANES(Z8, Z12, Z24, Z28)
	LANES(Z9, Z13, Z25, Z29)
	LANES(Z10, Z14, Z26, Z30)
	LANES(Z11, Z15, Z27, Z31)

	// all rows
	LANESZ(Z16, Z24, Z0, Z8)
	LANESZ(Z20, Z28, Z4, Z12)
	LANESZ(Z17, Z25, Z1, Z9)
	LANESZ(Z21, Z29, Z5, Z13)
	LANESZ(Z18, Z26, Z2, Z10)
	LANESZ(Z22, Z30, Z6, Z14)
	LANESZ(Z19, Z27, Z3, Z11)
	LANESZ(Z23, Z31, Z7, Z15)

	PUT(Z0)
	PUT(Z1)
	PUT(Z2)
	PUT(Z3)
	PUT(Z4)
	PUT(Z5)
	PUT(Z6)
	PUT(Z7)
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
