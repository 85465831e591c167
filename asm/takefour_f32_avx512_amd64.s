//go:build !noasm

#include "textflag.h"

// takeFourF32AVX512 takes every second element of four rows at a time, four of each, which follow each
// other in dst. Needs AVX512F.
//
//	BX  planes, counted down; R10 fours of rows of one, AX those left
//	R14, DI a plane of dst and the rows at hand; R15, SI those of src
//	R9  distance of two rows of src in bytes, R11 three, R12 four of it

// func takeFourF32AVX512(planes, fours int, dst *float32, dstPlane int, src *float32, srcPlane, srcRow int)
TEXT ·takeFourF32AVX512(SB), NOSPLIT, $0-56
	MOVQ planes+0(FP), BX
	MOVQ fours+8(FP), R10
	MOVQ dst+16(FP), R14
	MOVQ src+32(FP), R15
	MOVQ srcRow+48(FP), R9
	SHLQ $2, R9
	LEAQ (R9)(R9*2), R11
	LEAQ (R9*4), R12
	VMOVDQU32 ·evenLanes(SB), Z31

fplane:
	MOVQ R14, DI
	MOVQ R15, SI
	MOVQ R10, AX

four:
	VMOVUPS      (SI), Y0
	VINSERTF64X4 $1, (SI)(R9*1), Z0, Z0
	VMOVUPS      (SI)(R9*2), Y1
	VINSERTF64X4 $1, (SI)(R11*1), Z1, Z1
	VPERMT2PS    Z1, Z31, Z0
	VMOVUPS      Z0, (DI)
	ADDQ         R12, SI
	ADDQ         $64, DI
	DECQ         AX
	JNZ          four
	MOVQ dstPlane+24(FP), CX
	LEAQ (R14)(CX*4), R14
	MOVQ srcPlane+40(FP), CX
	LEAQ (R15)(CX*4), R15
	DECQ BX
	JNZ  fplane
	VZEROUPPER
	RET
