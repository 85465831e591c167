//go:build !noasm

#include "textflag.h"

// Bytes through a table of 256 float32s, AVX2 path. Needs AVX. An element is two loads,
// of the byte and of its entry; four stand in a register before they are stored, since a
// store of each would take a cycle. VGATHERDPS takes Zen 4 one and a half times as long.
//
//	CX       blocks of 8 bytes left; SI bytes; DI results; DX the table
//	R8 to R11, AX, BX, R12, R13  the bytes
//	X0, X1   their entries

// func lookupF32AVX2(blocks int, dst *float32, src *byte, table *[256]float32)
TEXT ·lookupF32AVX2(SB), NOSPLIT, $0-32
	MOVQ blocks+0(FP), CX
	MOVQ dst+8(FP), DI
	MOVQ src+16(FP), SI
	MOVQ table+24(FP), DX

block:
	MOVBLZX   (SI), R8
	MOVBLZX   1(SI), R9
	MOVBLZX   2(SI), R10
	MOVBLZX   3(SI), R11
	MOVBLZX   4(SI), AX
	MOVBLZX   5(SI), BX
	MOVBLZX   6(SI), R12
	MOVBLZX   7(SI), R13
	VMOVSS    (DX)(R8*4), X0
	VMOVSS    (DX)(AX*4), X1
	VINSERTPS $0x10, (DX)(R9*4), X0, X0
	VINSERTPS $0x10, (DX)(BX*4), X1, X1
	VINSERTPS $0x20, (DX)(R10*4), X0, X0
	VINSERTPS $0x20, (DX)(R12*4), X1, X1
	VINSERTPS $0x30, (DX)(R11*4), X0, X0
	VINSERTPS $0x30, (DX)(R13*4), X1, X1
	VMOVUPS   X0, (DI)
	VMOVUPS   X1, 16(DI)
	ADDQ      $8, SI
	ADDQ      $32, DI
	DECQ      CX
	JNZ       block
	RET
