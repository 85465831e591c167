//go:build !noasm

#include "textflag.h"

// Bytes through a table of 256 float32s, AVX2 path. Needs AVX. Loads are what there is most
// of: bytes come two at a time, and their entries one by one, since VGATHERDPS takes Zen 4 one
// and a half times as long. A dst that begins with half a vector passes the caches by.
//
//	CX       blocks of 8 bytes left; SI bytes; DI results; DX the table
//	R8 to R11, AX, BX, R12, R13  the bytes
//	X0 to X3 their entries

// LOOKUP does all blocks with stores PUT; the label is its own.
#define LOOKUP(PUT, block) \
block:                                   \
	MOVWLZX   (SI), R9                   \
	MOVWLZX   2(SI), R11                 \
	MOVWLZX   4(SI), BX                  \
	MOVWLZX   6(SI), R13                 \
	MOVBLZX   R9, R8                     \
	SHRL      $8, R9                     \
	MOVBLZX   R11, R10                   \
	SHRL      $8, R11                    \
	MOVBLZX   BX, AX                     \
	SHRL      $8, BX                     \
	MOVBLZX   R13, R12                   \
	SHRL      $8, R13                    \
	VMOVSS    (DX)(R8*4), X0             \
	VMOVSS    (DX)(R10*4), X1            \
	VMOVSS    (DX)(AX*4), X2             \
	VMOVSS    (DX)(R12*4), X3            \
	VINSERTPS $0x10, (DX)(R9*4), X0, X0  \
	VINSERTPS $0x10, (DX)(R11*4), X1, X1 \
	VINSERTPS $0x10, (DX)(BX*4), X2, X2  \
	VINSERTPS $0x10, (DX)(R13*4), X3, X3 \
	VMOVLHPS  X1, X0, X0                 \
	VMOVLHPS  X3, X2, X2                 \
	PUT       X0, (DI)                   \
	PUT       X2, 16(DI)                 \
	ADDQ      $8, SI                     \
	ADDQ      $32, DI                    \
	DECQ      CX                         \
	JNZ       block                      \
	RET

// func lookupF32AVX2(blocks int, dst *float32, src *byte, table *[256]float32)
TEXT ·lookupF32AVX2(SB), NOSPLIT, $0-32
	MOVQ  blocks+0(FP), CX
	MOVQ  dst+8(FP), DI
	MOVQ  src+16(FP), SI
	MOVQ  table+24(FP), DX
	TESTQ $15, DI
	JNE   usual
	LOOKUP(VMOVNTPS, past)

usual:
	LOOKUP(VMOVUPS, store)
