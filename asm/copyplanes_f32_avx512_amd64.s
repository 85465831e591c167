//go:build !noasm

#include "textflag.h"
#include "copyplanes_amd64.h"

// The rows of planes moved and parted, see copyplanes_amd64.h, AVX-512 path. Needs AVX512F. Rows of
// less than 16 go by two halves of a vector or two quarters that overlap, or element by element.
//
//	Z30, Z31 the even and the odd elements of two vectors; Z0 to Z3 at work

// func copyPlanesF32AVX512(planes, rows int, dst *float32, dstPlane, dstRow int, src *float32, srcPlane, srcRow, n int)
TEXT ·copyPlanesF32AVX512(SB), NOSPLIT, $0-72
	COPY
	CMPQ CX, $4
	JLT  few
	CMPQ CX, $8
	JLT  quarters
	CMPQ CX, $16
	JLT  halves
	COPYLONG(16, Z0)
	TWO(halves, halvesrow, 32, LOADED, Y0, Y1)
	TWO(quarters, quartersrow, 16, LOADED, X0, X1)
	FEW(COPYONE)

// SIXTEEN parts two vectors.
#define SIXTEEN \
	VMOVUPS   (DX)(AX*8), Z0   \
	VMOVUPS   64(DX)(AX*8), Z1 \
	VMOVAPS   Z30, Z2          \
	VMOVAPS   Z31, Z3          \
	VPERMI2PS Z1, Z0, Z2       \
	VPERMI2PS Z1, Z0, Z3       \
	VMOVUPS   Z2, (BX)(AX*4)   \
	VMOVUPS   Z3, (R15)(AX*4)

// func partF32AVX512(planes, rows int, even, odd *float32, dstPlane, dstRow int, src *float32, srcPlane, srcRow, n int)
TEXT ·partF32AVX512(SB), NOSPLIT, $0-80
	PART
	VMOVDQU32 ·poolIndex+0(SB), Z30
	VMOVDQU32 ·poolIndex+64(SB), Z31
	PARTLONG(16, SIXTEEN)
