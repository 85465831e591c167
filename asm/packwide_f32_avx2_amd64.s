//go:build !noasm

#include "textflag.h"

// packWideF32AVX2 is packF32AVX2 for panels whose steps are far apart. It turns blocks of 8 rows, so that a
// line of the panel is written in two pieces, not four: of lines that share a set of the first-level cache,
// or come from memory, each time may cost as much. Transposes of 4 x 4 stand in both halves of the
// registers. All rows do 16 steps before any goes on: a line of each is read once. Needs AVX2.
//
//	AX  eights of steps left; SI  src; R14 see ahead in pack_amd64.go
//	DX  the 8 offsets at hand, in elements; R8, R9 those of rows i and i+4
//	BX  blocks of 8 rows, CX those left
//	R13 the block's columns in the panel, DI four steps of them; R11 width in bytes, R12 three of it
//	Y0 to Y3 rows, Y4 to Y7 pairs, Y8 to Y11 steps
//
//	for k < 8*eights: for i < 8*blocks: dst[k*width+i] = src[offset[i]+k]

// ROW puts row I in the low half of Y and row I+4 in the high half.
#define ROW(I, O, X, Y) \
	MOVQ        (8*I)(DX), R8        \
	MOVQ        (8*I+32)(DX), R9     \
	VMOVUPS     O(SI)(R8*4), X       \
	VINSERTF128 $1, O(SI)(R9*4), Y, Y

// ROWASK asks for a line of either, too, see ahead in pack_amd64.go: of what is asked for all at once, more
// is forgotten.
#define ROWASK(I, O, X, Y) \
	ROW(I, O, X, Y)              \
	PREFETCHT1 (-4*O)(R14)(R8*4) \
	PREFETCHT1 (-4*O)(R14)(R9*4)

// FOUR does four steps, from O bytes on, with ROW or ROWASK.
#define FOUR(O, LOAD) \
	LOAD(0, O, X0, Y0)         \
	LOAD(1, O, X1, Y1)         \
	LOAD(2, O, X2, Y2)         \
	LOAD(3, O, X3, Y3)         \
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

// SIXTEEN does the steps of a cache line, or eight that are left.
#define SIXTEEN(LOAD) \
	FOUR(0, LOAD)  \
	FOUR(16, LOAD) \
	CMPQ AX, $1    \
	JEQ  next      \
	FOUR(32, LOAD) \
	FOUR(48, LOAD)

// func packWideF32AVX2(eights int, dst, src *float32, offset *int, width, blocks int, ask ahead)
TEXT ·packWideF32AVX2(SB), NOSPLIT, $0-72
	MOVQ eights+0(FP), AX
	MOVQ dst+8(FP), R13
	MOVQ src+16(FP), SI
	MOVQ width+32(FP), R11
	MOVQ blocks+40(FP), BX
	MOVQ ask_steps+48(FP), R14
	SHLQ $2, R11
	LEAQ (R11)(R11*2), R12
	LEAQ (SI)(R14*4), R14

loop:
	MOVQ offset+24(FP), DX
	MOVQ BX, CX

block:
	MOVQ R13, DI
	CMPQ ask_steps+48(FP), $0
	JEQ  load
	SIXTEEN(ROWASK)
	JMP  next

load:
	SIXTEEN(ROW)

next:
	ADDQ $64, DX
	ADDQ $32, R13
	DECQ CX
	JNE  block
	MOVQ BX, R9        // to the next 16 steps
	SHLQ $5, R9
	SUBQ R9, R13
	MOVQ R11, R9
	SHLQ $4, R9
	ADDQ R9, R13
	ADDQ $64, SI
	ADDQ $64, R14
	SUBQ $2, AX
	JLE  done
	CMPQ AX, ask_left+56(FP)
	JNE  loop
	MOVQ ask_jump+64(FP), R9
	LEAQ (R14)(R9*4), R14
	JMP  loop

done:
	VZEROUPPER
	RET
