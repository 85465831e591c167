//go:build !noasm

#include "textflag.h"
#include "copyplanes_amd64.h"

// The rows of planes added to others, see copyplanes_amd64.h, AVX2 path. Needs AVX2. What overlaps is
// reckoned from what stood there before, and stored twice.
//
//	Y0 at work, Y1 the last vector of a row

// SUM leaves in V what stands at DST and what is added to it.
#define SUM(SRC, DST, V) \
	VMOVUPS DST, V   \
	VADDPS  SRC, V, V

#define ADDONE \
	VMOVSS (BX)(AX*4), X0     \
	VADDSS (DX)(AX*4), X0, X0 \
	VMOVSS X0, (BX)(AX*4)

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
	SUM((DX)(R8*4), (BX)(R8*4), Y1)
	XORQ AX, AX
	CMPQ AX, R8
	JGE  last

vector:
	SUM((DX)(AX*4), (BX)(AX*4), Y0)
	VMOVUPS Y0, (BX)(AX*4)
	ADDQ    $8, AX
	CMPQ    AX, R8
	JLT     vector

last:
	VMOVUPS Y1, (BX)(R8*4)
	NEXT(row, plane)
	VZEROUPPER
	RET

	TWO(halves, halvesrow, 16, SUM, X0, X1)
	FEW(ADDONE)
