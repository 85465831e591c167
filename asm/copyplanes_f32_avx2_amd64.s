//go:build !noasm

#include "textflag.h"
#include "copyplanes_amd64.h"

// The rows of planes moved and parted, see copyplanes_amd64.h, AVX2 path. Needs AVX2. Rows of less than
// 8 go by two halves of a vector that overlap, or element by element.
//
//	Y0 to Y3 at work

// func copyPlanesF32AVX2(planes, rows int, dst *float32, dstPlane, dstRow int, src *float32, srcPlane, srcRow, n int)
TEXT ·copyPlanesF32AVX2(SB), NOSPLIT, $0-72
	COPY
	CMPQ CX, $4
	JLT  few
	CMPQ CX, $8
	JLT  halves
	COPYLONG(8, Y0)
	TWO(halves, halvesrow, 16, LOADED, X0, X1)
	FEW(COPYONE)

// EIGHT parts two vectors: shuffled within their halves, elements come as 0 2 8 10 4 6 12 14.
#define EIGHT \
	VMOVUPS (DX)(AX*8), Y0    \
	VMOVUPS 32(DX)(AX*8), Y1  \
	VSHUFPS $0x88, Y1, Y0, Y2 \
	VSHUFPS $0xdd, Y1, Y0, Y3 \
	VPERMPD $0xd8, Y2, Y2     \
	VPERMPD $0xd8, Y3, Y3     \
	VMOVUPS Y2, (BX)(AX*4)    \
	VMOVUPS Y3, (R15)(AX*4)

// func partF32AVX2(planes, rows int, even, odd *float32, dstPlane, dstRow int, src *float32, srcPlane, srcRow, n int)
TEXT ·partF32AVX2(SB), NOSPLIT, $0-80
	PART
	CMPQ CX, $4
	JLT  few
	CMPQ CX, $8
	JLT  halves
	PARTLONG(8, EIGHT)

halves: // two vectors of 4
	LEAQ -4(CX), R8

halvesplane:
	ROWS(rows+8(FP))

halvesrow:
	MOVQ    odd+24(FP), R15
	ADDQ    BX, R15
	VMOVUPS (DX), X0
	VMOVUPS 16(DX), X1
	VMOVUPS (DX)(R8*8), X2
	VMOVUPS 16(DX)(R8*8), X3
	VSHUFPS $0x88, X1, X0, X4
	VSHUFPS $0xdd, X1, X0, X5
	VSHUFPS $0x88, X3, X2, X6
	VSHUFPS $0xdd, X3, X2, X7
	VMOVUPS X4, (BX)
	VMOVUPS X5, (R15)
	VMOVUPS X6, (BX)(R8*4)
	VMOVUPS X7, (R15)(R8*4)
	NEXT(halvesrow, halvesplane)
	VZEROUPPER
	RET

few:
	ROWS(rows+8(FP))

fewrow:
	MOVQ odd+24(FP), R15
	ADDQ BX, R15
	XORQ AX, AX

one:
	MOVL (DX)(AX*8), R8
	MOVL R8, (BX)(AX*4)
	MOVL 4(DX)(AX*8), R8
	MOVL R8, (R15)(AX*4)
	INCQ AX
	CMPQ AX, CX
	JLT  one
	NEXT(fewrow, few)
	VZEROUPPER
	RET
