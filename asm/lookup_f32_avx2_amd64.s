//go:build !noasm

#include "textflag.h"

// Bytes through a table of 256 float32s, AVX2 path, and AVX-512's where it cannot permute bytes: its
// VPERMI2PS over a table in registers takes Zen 4 1.25 times as long, VGATHERDPS longer still. Needs
// AVX. Instructions are what holds it: eight bytes come at once, and leave the register by its low
// halves, two at a time. A dst that begins with half a vector passes the caches by.
//
//	CX      blocks of 16 bytes left; SI bytes; DI results; DX the table
//	AX      eight bytes; R8, BX two of them
//	X0, X1, X2, X3  their entries

// TWO makes X of the entries of the two lowest bytes, and EIGHT puts those of eight bytes, from I on.
#define TWO(X) \
	MOVBLZX   AL, R8                  \
	MOVBLZX   AH, BX                  \
	SHRQ      $16, AX                 \
	VMOVSS    (DX)(R8*4), X           \
	VINSERTPS $0x10, (DX)(BX*4), X, X

#define EIGHT(PUT, I) \
	MOVQ     I(SI), AX         \
	TWO(X0)                    \
	TWO(X1)                    \
	TWO(X2)                    \
	TWO(X3)                    \
	VMOVLHPS X1, X0, X0        \
	VMOVLHPS X3, X2, X2        \
	PUT      X0, (4*I)(DI)     \
	PUT      X2, (4*I+16)(DI)

// LOOKUP does all blocks with stores PUT; the label is its own.
#define LOOKUP(PUT, block) \
block:                     \
	EIGHT(PUT, 0)      \
	EIGHT(PUT, 8)      \
	ADDQ $16, SI       \
	ADDQ $64, DI       \
	DECQ CX            \
	JNZ  block         \
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
