//go:build !noasm

#include "textflag.h"
#include "transpose_avx512_amd64.h"

// packF32AVX512 turns 16 rows into 16 columns of a panel, 16 steps in k at a
// time: a transpose of 16 x 16 in registers, as four stages of pairs. The rows
// stand at offsets of their own, so that rows of a matrix and the taps of a
// filter are packed alike. Needs AVX512F.
//
//	AX  steps left; SI  src; DX  the 16 offsets, in elements; R8  step in bytes
//	DI  panel; R11 width in bytes, R12 three of it; R9 scratch; R14 see ahead in pack_amd64.go
//	K1  steps of this block; K2  rows that there are
//	Z0 to Z15 rows, then steps; Z16 to Z31 what is between
//
//	for k: for i: dst[k*width+i] = K2[i] ? src[offset[i]+k] : 0

#define ROW(I, X) \
	MOVQ      (8*I)(DX), R9          \
	VMOVUPS.Z (SI)(R9*4), K1, X

// ASK asks for a line of row I, see ahead in pack_amd64.go.
#define ASK(I) \
	MOVQ       (8*I)(DX), R9 \
	PREFETCHT1 (R14)(R9*4)

// LANESZ is LANES for the rows that there are.
#define LANESZ(A, B, E, O) VSHUFF32X4.Z $0x88, B, A, K2, E; VSHUFF32X4.Z $0xdd, B, A, K2, O

// BLOCK loads the rows and turns them, BESIDE is ASK or NOTHING.
#define BLOCK(BESIDE) \
	ROW(0, Z0); BESIDE(0)     \
	ROW(1, Z1); BESIDE(1)     \
	ROW(2, Z2); BESIDE(2)     \
	ROW(3, Z3); BESIDE(3)     \
	ROW(4, Z4); BESIDE(4)     \
	ROW(5, Z5); BESIDE(5)     \
	ROW(6, Z6); BESIDE(6)     \
	ROW(7, Z7); BESIDE(7)     \
	ROW(8, Z8); BESIDE(8)     \
	ROW(9, Z9); BESIDE(9)     \
	ROW(10, Z10); BESIDE(10)  \
	ROW(11, Z11); BESIDE(11)  \
	ROW(12, Z12); BESIDE(12)  \
	ROW(13, Z13); BESIDE(13)  \
	ROW(14, Z14); BESIDE(14)  \
	ROW(15, Z15); BESIDE(15)  \
	TRANSPOSE16(LANESZ, BESIDE)

// PUT4 stores four steps.
#define PUT4(A, B, C, D) \
	VMOVUPS A, (DI)        \
	VMOVUPS B, (DI)(R11*1) \
	VMOVUPS C, (DI)(R11*2) \
	VMOVUPS D, (DI)(R12*1) \
	LEAQ    (DI)(R11*4), DI

// PUT stores a step of fewer than 16 and leaves when it was the last.
#define PUT(Z) \
	VMOVUPS Z, (DI)      \
	DECQ    AX           \
	JEQ     done         \
	ADDQ    R11, DI

// func packF32AVX512(kc int, dst, src *float32, offset *[16]int, width int, rows uint16, ask ahead)
TEXT ·packF32AVX512(SB), NOSPLIT, $0-72
	MOVQ    kc+0(FP), AX
	MOVQ    dst+8(FP), DI
	MOVQ    src+16(FP), SI
	MOVQ    offset+24(FP), DX
	MOVQ    width+32(FP), R11
	MOVWLZX rows+40(FP), R9
	KMOVW   R9, K2
	SHLQ    $2, R11
	LEAQ    (R11)(R11*2), R12
	MOVQ    ask_steps+48(FP), R14
	LEAQ    (SI)(R14*4), R14
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
	CMPQ ask_steps+48(FP), $0
	JEQ  load
	BLOCK(ASK)
	JMP  put

load:
	BLOCK(NOTHING)

put:
	CMPQ AX, $16
	JLT  some
	PUT4(Z0, Z1, Z2, Z3)
	PUT4(Z4, Z5, Z6, Z7)
	PUT4(Z8, Z9, Z10, Z11)
	PUT4(Z12, Z13, Z14, Z15)
	ADDQ $64, SI
	ADDQ $64, R14
	SUBQ $16, AX
	JEQ  done
	CMPQ AX, ask_left+56(FP)
	JNE  loop
	MOVQ ask_jump+64(FP), R9 // the rows that are asked for end
	LEAQ (R14)(R9*4), R14
	JMP  loop

some:
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

done:
	VZEROUPPER
	RET
