//go:build !noasm

#include "textflag.h"

// The rows of planes to where they are other distances apart, and rows parted into
// their even and their odd elements, AVX2 path. Needs AVX2. The last vector of a row
// ends where the row does and overlaps the one before, since stores under a mask are slow;
// rows of less than 8 go by two halves of a vector that overlap likewise, or element by
// element.
//
//	DI, SI  the plane at hand, R9, R11 bytes to the next one; planes are counted in the frame
//	R14     rows left; BX, DX the row at hand, R10, R12 bytes to the next one
//	CX      elements of a row; R8 where the last vector begins; AX the element at hand
//	R13     planes left; R15 the odd elements of the row at hand
//	Y0 to Y3 at work

// NEXT goes to the next row and plane.
#define NEXT(row, plane) \
	ADDQ R10, BX \
	ADDQ R12, DX \
	DECQ R14     \
	JNE  row     \
	ADDQ R9, DI  \
	ADDQ R11, SI \
	DECQ R13     \
	JNE  plane

// BYTES makes bytes of the distances.
#define BYTES \
	SHLQ $2, R9  \
	SHLQ $2, R10 \
	SHLQ $2, R11 \
	SHLQ $2, R12

// ROWS begins a plane.
#define ROWS(rows) \
	MOVQ DI, BX    \
	MOVQ SI, DX    \
	MOVQ rows, R14

// func copyPlanesF32AVX2(planes, rows int, dst *float32, dstPlane, dstRow int, src *float32, srcPlane, srcRow, n int)
TEXT ·copyPlanesF32AVX2(SB), NOSPLIT, $0-72
	MOVQ planes+0(FP), R13
	MOVQ dst+16(FP), DI
	MOVQ dstPlane+24(FP), R9
	MOVQ dstRow+32(FP), R10
	MOVQ src+40(FP), SI
	MOVQ srcPlane+48(FP), R11
	MOVQ srcRow+56(FP), R12
	MOVQ n+64(FP), CX
	BYTES
	CMPQ CX, $4
	JLT  few
	CMPQ CX, $8
	JLT  halves
	LEAQ -8(CX), R8

plane:
	ROWS(rows+8(FP))

row:
	XORQ AX, AX
	CMPQ AX, R8
	JGE  last

vector:
	VMOVUPS (DX)(AX*4), Y0
	VMOVUPS Y0, (BX)(AX*4)
	ADDQ    $8, AX
	CMPQ    AX, R8
	JLT     vector

last:
	VMOVUPS (DX)(R8*4), Y0
	VMOVUPS Y0, (BX)(R8*4)
	NEXT(row, plane)
	VZEROUPPER
	RET

halves: // two vectors of 4
	ROWS(rows+8(FP))

halvesrow:
	VMOVUPS (DX), X0
	VMOVUPS -16(DX)(CX*4), X1
	VMOVUPS X0, (BX)
	VMOVUPS X1, -16(BX)(CX*4)
	NEXT(halvesrow, halves)
	VZEROUPPER
	RET

few:
	ROWS(rows+8(FP))

fewrow:
	XORQ AX, AX

one:
	MOVL (DX)(AX*4), R8
	MOVL R8, (BX)(AX*4)
	INCQ AX
	CMPQ AX, CX
	JLT  one
	NEXT(fewrow, few)
	VZEROUPPER
	RET

// func partF32AVX2(planes, rows int, even, odd *float32, dstPlane, dstRow int, src *float32, srcPlane, srcRow, n int)
TEXT ·partF32AVX2(SB), NOSPLIT, $0-80
	MOVQ planes+0(FP), R13
	MOVQ even+16(FP), DI
	MOVQ odd+24(FP), R15
	SUBQ DI, R15              // from the even elements to the odd
	MOVQ R15, odd+24(FP)
	MOVQ dstPlane+32(FP), R9
	MOVQ dstRow+40(FP), R10
	MOVQ src+48(FP), SI
	MOVQ srcPlane+56(FP), R11
	MOVQ srcRow+64(FP), R12
	MOVQ n+72(FP), CX
	BYTES
	CMPQ CX, $4
	JLT  few
	CMPQ CX, $8
	JLT  halves
	LEAQ -8(CX), R8

plane:
	ROWS(rows+8(FP))

row:
	MOVQ odd+24(FP), R15
	ADDQ BX, R15
	XORQ AX, AX
	CMPQ AX, R8
	JGE  last

vector:
	VMOVUPS (DX)(AX*8), Y0
	VMOVUPS 32(DX)(AX*8), Y1
	VSHUFPS $0x88, Y1, Y0, Y2 // 0 2 8 10 4 6 12 14
	VSHUFPS $0xdd, Y1, Y0, Y3
	VPERMPD $0xd8, Y2, Y2
	VPERMPD $0xd8, Y3, Y3
	VMOVUPS Y2, (BX)(AX*4)
	VMOVUPS Y3, (R15)(AX*4)
	ADDQ $8, AX
	CMPQ AX, R8
	JLT  vector

last:
	MOVQ R8, AX
	VMOVUPS (DX)(AX*8), Y0
	VMOVUPS 32(DX)(AX*8), Y1
	VSHUFPS $0x88, Y1, Y0, Y2 // 0 2 8 10 4 6 12 14
	VSHUFPS $0xdd, Y1, Y0, Y3
	VPERMPD $0xd8, Y2, Y2
	VPERMPD $0xd8, Y3, Y3
	VMOVUPS Y2, (BX)(AX*4)
	VMOVUPS Y3, (R15)(AX*4)
	NEXT(row, plane)
	VZEROUPPER
	RET

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
