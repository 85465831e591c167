//go:build !noasm

#include "textflag.h"
#include "tail_amd64.h"

// The rows of planes to where they are other distances apart, AVX-512 path. Needs
// AVX512F. A row is whole vectors of 16, and what is left under a mask.
//
//	R13     planes left; DI, SI the plane at hand, R9, R11 bytes to the next one
//	R14     rows left; BX, DX the row at hand, R10, R12 bytes to the next one
//	CX      elements of whole vectors of a row; AX the element at hand
//	R8      at work, then how many are left behind the whole vectors; K1 their mask

// func copyPlanesF32AVX512(planes, rows int, dst *float32, dstPlane, dstRow int, src *float32, srcPlane, srcRow, n int)
TEXT ·copyPlanesF32AVX512(SB), NOSPLIT, $0-72
	MOVQ n+64(FP), CX
	ANDQ $15, CX
	TAILMASK512
	MOVQ planes+0(FP), R13
	MOVQ dst+16(FP), DI
	MOVQ dstPlane+24(FP), R9
	MOVQ dstRow+32(FP), R10
	MOVQ src+40(FP), SI
	MOVQ srcPlane+48(FP), R11
	MOVQ srcRow+56(FP), R12
	MOVQ n+64(FP), CX
	MOVQ CX, R8
	ANDQ $15, R8
	SUBQ R8, CX
	SHLQ $2, R9
	SHLQ $2, R10
	SHLQ $2, R11
	SHLQ $2, R12

plane:
	MOVQ DI, BX
	MOVQ SI, DX
	MOVQ rows+8(FP), R14

row:
	XORQ  AX, AX
	TESTQ CX, CX
	JEQ   rest

vector:
	VMOVUPS (DX)(AX*4), Z0
	VMOVUPS Z0, (BX)(AX*4)
	ADDQ    $16, AX
	CMPQ    AX, CX
	JLT     vector

rest:
	TESTQ R8, R8
	JEQ   next
	VMOVUPS.Z (DX)(AX*4), K1, Z0
	VMOVUPS   Z0, K1, (BX)(AX*4)

next:
	ADDQ R10, BX
	ADDQ R12, DX
	DECQ R14
	JNE  row
	ADDQ R9, DI
	ADDQ R11, SI
	DECQ R13
	JNE  plane
	VZEROUPPER
	RET
