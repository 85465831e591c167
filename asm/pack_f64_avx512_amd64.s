//go:build !noasm

#include "textflag.h"

// packF64AVX512 is packF32AVX512 for 8 rows of float64: a transpose of 8 x 8 in
// three stages. Needs AVX512F.
//
//	AX  steps left; SI  src; DX  the 8 offsets, in elements
//	DI  panel; R11 width in bytes, R12 three of it; R9 scratch; R14 see ahead in pack_amd64.go
//	K1  steps of this block; K2  rows that there are
//	Z0 to Z7 rows, then, stage by stage with Z8 to Z15, steps
//
//	for k: for i: dst[k*width+i] = K2[i] ? src[offset[i]+k] : 0

#define ROW(I, X) \
	MOVQ      (8*I)(DX), R9          \
	VMOVUPD.Z (SI)(R9*8), K1, X

// ASK asks for a line of row I, see ahead in pack_amd64.go.
#define ASK(I) \
	MOVQ       (8*I)(DX), R9 \
	PREFETCHT1 (R14)(R9*8)
#define NOTHING(I)

#define PAIRS(A, B, L, H) VUNPCKLPD B, A, L; VUNPCKHPD B, A, H
// LANES takes the even and the odd 128-bit lanes of A and B.
#define LANES(A, B, E, O) VSHUFF64X2 $0x88, B, A, E; VSHUFF64X2 $0xdd, B, A, O
#define LANESZ(A, B, E, O) VSHUFF64X2.Z $0x88, B, A, K2, E; VSHUFF64X2.Z $0xdd, B, A, K2, O

// BLOCK loads the rows and turns them in three stages; BESIDE(I), ASK or NOTHING, is done thrice for each row.
//
//	1  rows 2i, 2i+1: step s of each 128-bit lane in Z8+2i+s
//	2  four rows: steps s and s+4 in the even lanes, s+2 and s+6 in the odd
//	3  all rows
#define BLOCK(BESIDE) \
	ROW(0, Z0); BESIDE(0)                         \
	ROW(1, Z1); BESIDE(1)                         \
	ROW(2, Z2); BESIDE(2)                         \
	ROW(3, Z3); BESIDE(3)                         \
	ROW(4, Z4); BESIDE(4)                         \
	ROW(5, Z5); BESIDE(5)                         \
	ROW(6, Z6); BESIDE(6)                         \
	ROW(7, Z7); BESIDE(7)                         \
	PAIRS(Z0, Z1, Z8, Z9); BESIDE(0); BESIDE(1)   \
	PAIRS(Z2, Z3, Z10, Z11); BESIDE(2); BESIDE(3) \
	PAIRS(Z4, Z5, Z12, Z13); BESIDE(4); BESIDE(5) \
	PAIRS(Z6, Z7, Z14, Z15); BESIDE(6); BESIDE(7) \
	LANES(Z8, Z10, Z0, Z2); BESIDE(0)             \
	LANES(Z12, Z14, Z4, Z6); BESIDE(1)            \
	LANES(Z9, Z11, Z1, Z3); BESIDE(2)             \
	LANES(Z13, Z15, Z5, Z7); BESIDE(3)            \
	LANESZ(Z0, Z4, Z8, Z12); BESIDE(4)            \
	LANESZ(Z2, Z6, Z10, Z14); BESIDE(5)           \
	LANESZ(Z1, Z5, Z9, Z13); BESIDE(6)            \
	LANESZ(Z3, Z7, Z11, Z15); BESIDE(7)

// PUT4 stores four steps.
#define PUT4(A, B, C, D) \
	VMOVUPD A, (DI)        \
	VMOVUPD B, (DI)(R11*1) \
	VMOVUPD C, (DI)(R11*2) \
	VMOVUPD D, (DI)(R12*1) \
	LEAQ    (DI)(R11*4), DI

// PUT stores a step of fewer than 8 and leaves when it was the last.
#define PUT(Z) \
	VMOVUPD Z, (DI)      \
	DECQ    AX           \
	JEQ     done         \
	ADDQ    R11, DI

// func packF64AVX512(kc int, dst, src *float64, offset *[8]int, width int, rows uint8, ask ahead)
TEXT ·packF64AVX512(SB), NOSPLIT, $0-72
	MOVQ    kc+0(FP), AX
	MOVQ    dst+8(FP), DI
	MOVQ    src+16(FP), SI
	MOVQ    offset+24(FP), DX
	MOVQ    width+32(FP), R11
	MOVBLZX rows+40(FP), R9
	KMOVW   R9, K2
	SHLQ    $3, R11
	LEAQ    (R11)(R11*2), R12
	MOVQ    ask_steps+48(FP), R14
	LEAQ    (SI)(R14*8), R14
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
	CMPQ ask_steps+48(FP), $0
	JEQ  load
	BLOCK(ASK)
	JMP  put

load:
	BLOCK(NOTHING)

put:
	CMPQ AX, $8
	JLT  some
	PUT4(Z8, Z9, Z10, Z11)
	PUT4(Z12, Z13, Z14, Z15)
	ADDQ $64, SI
	ADDQ $64, R14
	SUBQ $8, AX
	JEQ  done
	CMPQ AX, ask_left+56(FP)
	JNE  loop
	MOVQ ask_jump+64(FP), R9 // the rows that are asked for end
	LEAQ (R14)(R9*8), R14
	JMP  loop

some:
	PUT(Z8)
	PUT(Z9)
	PUT(Z10)
	PUT(Z11)
	PUT(Z12)
	PUT(Z13)
	PUT(Z14)
	PUT(Z15)

done:
	VZEROUPPER
	RET
