//go:build !noasm

#include "textflag.h"
#include "copyplanes_amd64.h"

// The rows of planes added to others, see copyplanes_amd64.h, AVX2 path. Needs AVX2. What overlaps is
// reckoned from what stood there before, and stored twice.
//
//	Y0 at work, Y1 the last vector of a row

// func addPlanesF32AVX2(planes, rows int, dst *float32, dstPlane, dstRow int, src *float32, srcPlane, srcRow, n int)
TEXT ·addPlanesF32AVX2(SB), NOSPLIT, $0-72
	COPY
	CMPQ CX, $4
	JLT  few
	CMPQ CX, $8
	JLT  halves
	LEAQ -8(CX), R8

plane:
	ROWS(rows+8(FP))

row:
	VMOVUPS (BX)(R8*4), Y1
	VADDPS  (DX)(R8*4), Y1, Y1
	XORQ    AX, AX
	CMPQ    AX, R8
	JGE     last

vector:
	VMOVUPS (BX)(AX*4), Y0
	VADDPS  (DX)(AX*4), Y0, Y0
	VMOVUPS Y0, (BX)(AX*4)
	ADDQ    $8, AX
	CMPQ    AX, R8
	JLT     vector

last:
	VMOVUPS Y1, (BX)(R8*4)
	NEXT(row, plane)
	VZEROUPPER
	RET

halves: // two vectors of 4
	ROWS(rows+8(FP))

halvesrow:
	VMOVUPS (BX), X0
	VMOVUPS -16(BX)(CX*4), X1
	VADDPS  (DX), X0, X0
	VADDPS  -16(DX)(CX*4), X1, X1
	VMOVUPS X0, (BX)
	VMOVUPS X1, -16(BX)(CX*4)
	NEXT(halvesrow, halves)
	VZEROUPPER
	RET

few: // one by one
	ROWS(rows+8(FP))

fewrow:
	XORQ AX, AX

one:
	VMOVSS (BX)(AX*4), X0
	VADDSS (DX)(AX*4), X0, X0
	VMOVSS X0, (BX)(AX*4)
	INCQ   AX
	CMPQ   AX, CX
	JLT    one
	NEXT(fewrow, few)
	VZEROUPPER
	RET
