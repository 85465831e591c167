//go:build !noasm

#include "textflag.h"

// The rows of planes to where they are other distances apart, and rows parted into
// their even and their odd elements, AVX-512 path. Needs AVX512F. The last vector of a row
// ends where the row does and overlaps the one before, since stores under a mask are slow;
// rows of less than 16 go by two halves of a vector or two quarters that overlap likewise,
// or element by element.
//
//	DI, SI  the plane at hand, R9, R11 bytes to the next one; planes are counted in the frame
//	R14     rows left; BX, DX the row at hand, R10, R12 bytes to the next one
//	CX      elements of a row; R8 where the last vector begins; AX the element at hand
//	R13     planes left; R15 the odd elements of the row at hand
//	Z30, Z31 the even and the odd elements of two vectors

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

// func copyPlanesF32AVX512(planes, rows int, dst *float32, dstPlane, dstRow int, src *float32, srcPlane, srcRow, n int)
TEXT ·copyPlanesF32AVX512(SB), NOSPLIT, $0-72
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
	JLT  quarters
	CMPQ CX, $16
	JLT  halves
	LEAQ -16(CX), R8

plane:
	ROWS(rows+8(FP))

row:
	XORQ AX, AX
	CMPQ AX, R8
	JGE  last

vector:
	VMOVUPS (DX)(AX*4), Z0
	VMOVUPS Z0, (BX)(AX*4)
	ADDQ    $16, AX
	CMPQ    AX, R8
	JLT     vector

last:
	VMOVUPS (DX)(R8*4), Z0
	VMOVUPS Z0, (BX)(R8*4)
	NEXT(row, plane)
	VZEROUPPER
	RET

halves: // two vectors of 8
	ROWS(rows+8(FP))

halvesrow:
	VMOVUPS (DX), Y0
	VMOVUPS -32(DX)(CX*4), Y1
	VMOVUPS Y0, (BX)
	VMOVUPS Y1, -32(BX)(CX*4)
	NEXT(halvesrow, halves)
	VZEROUPPER
	RET

quarters: // two vectors of 4
	ROWS(rows+8(FP))

quartersrow:
	VMOVUPS (DX), X0
	VMOVUPS -16(DX)(CX*4), X1
	VMOVUPS X0, (BX)
	VMOVUPS X1, -16(BX)(CX*4)
	NEXT(quartersrow, quarters)
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

// func partF32AVX512(planes, rows int, even, odd *float32, dstPlane, dstRow int, src *float32, srcPlane, srcRow, n int)
TEXT ·partF32AVX512(SB), NOSPLIT, $0-80
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
	VMOVDQU32 ·poolIndex+0(SB), Z30
	VMOVDQU32 ·poolIndex+64(SB), Z31
	LEAQ -16(CX), R8

plane:
	ROWS(rows+8(FP))

row:
	MOVQ odd+24(FP), R15
	ADDQ BX, R15
	XORQ AX, AX
	CMPQ AX, R8
	JGE  last

vector:
	VMOVUPS   (DX)(AX*8), Z0
	VMOVUPS   64(DX)(AX*8), Z1
	VMOVAPS   Z30, Z2
	VMOVAPS   Z31, Z3
	VPERMI2PS Z1, Z0, Z2
	VPERMI2PS Z1, Z0, Z3
	VMOVUPS   Z2, (BX)(AX*4)
	VMOVUPS   Z3, (R15)(AX*4)
	ADDQ $16, AX
	CMPQ AX, R8
	JLT  vector

last:
	MOVQ R8, AX
	VMOVUPS   (DX)(AX*8), Z0
	VMOVUPS   64(DX)(AX*8), Z1
	VMOVAPS   Z30, Z2
	VMOVAPS   Z31, Z3
	VPERMI2PS Z1, Z0, Z2
	VPERMI2PS Z1, Z0, Z3
	VMOVUPS   Z2, (BX)(AX*4)
	VMOVUPS   Z3, (R15)(AX*4)
	NEXT(row, plane)
	VZEROUPPER
	RET
