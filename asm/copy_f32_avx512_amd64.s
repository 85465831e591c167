//go:build !noasm

#include "textflag.h"

// Copies of runs into a panel. Need AVX512F.

// copyRowsF32AVX512 copies runs of 32 float32. Those far ahead of the one at hand are asked for,
// four times each, as in ask_amd64.h.
//
//	AX  runs, counted down (at least 1); DI panel; SI source
//	R8, R9  distance of two runs in the source and in the panel, in bytes; R12 three of R8
//	R14 source, so far ahead, if BX is not 0
//
//	for k: for j < 32: dst[k*ldd+j] = src[k*ld+j]

// func copyRowsF32AVX512(runs int, dst *float32, ldd int, src *float32, ld int, ask ahead)
TEXT ·copyRowsF32AVX512(SB), NOSPLIT, $0-64
	MOVQ  runs+0(FP), AX
	MOVQ  dst+8(FP), DI
	MOVQ  ldd+16(FP), R9
	MOVQ  src+24(FP), SI
	MOVQ  ld+32(FP), R8
	SHLQ  $2, R8
	SHLQ  $2, R9
	MOVQ  ask_steps+40(FP), BX
	LEAQ  (R8)(R8*2), R12
	MOVQ  R8, R14
	IMULQ BX, R14
	ADDQ  SI, R14
	MOVQ  ask_left+48(FP), CX

loop:
	TESTQ      BX, BX
	JEQ        copy
	PREFETCHT1 (R14)
	PREFETCHT1 (R14)(R8*4)
	PREFETCHT1 (R14)(R8*8)
	PREFETCHT1 (R14)(R12*4)
	PREFETCHT1 64(R14)
	PREFETCHT1 64(R14)(R8*4)
	PREFETCHT1 64(R14)(R8*8)
	PREFETCHT1 64(R14)(R12*4)
	ADDQ       R8, R14
	CMPQ       AX, CX
	JEQ        turn

copy:
	VMOVUPS (SI), Z0
	VMOVUPS 64(SI), Z1
	VMOVUPS Z0, (DI)
	VMOVUPS Z1, 64(DI)
	ADDQ    R8, SI
	ADDQ    R9, DI
	DECQ    AX
	JNZ     loop
	VZEROUPPER
	RET

turn:
	MOVQ ask_jump+56(FP), DX
	LEAQ (R14)(DX*4), R14
	JMP  copy

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
