//go:build !noasm

#include "textflag.h"

// Planes with zeros put in. Needs AVX2 and POPCNT.

// expandF32AVX2 fills planes of size elements, one behind the other: where a mask has
// a one stands the next element of src, of which a plane takes count, +0 elsewhere.
// Four bits of a mask choose the order in which VPSHUFB spreads the next four elements.
// A plane may read and write beyond its end as long as that is not the end of all, since
// the next one writes there again; the last ones go more carefully.
//
//	BX  planes left; DI a plane of dst, R14 its bytes, R12 where dst ends
//	SI  src, R15 the bytes that a plane takes, R13 where src ends
//	R11 masks; R10 dst at hand; R8 spread; CX bytes of masks left
//	AX, DX four bits of a mask, times 16, then how many are ones
//
// and in the careful planes
//
//	CX  fours of elements, DX the one at hand; R9 scratch

// func expandF32AVX2(planes int, dst, src *float32, masks *uint16, size, count int)
TEXT ·expandF32AVX2(SB), NOSPLIT, $0-48
	MOVQ  planes+0(FP), BX
	MOVQ  dst+8(FP), DI
	MOVQ  src+16(FP), SI
	MOVQ  size+32(FP), R14
	SHLQ  $2, R14
	MOVQ  count+40(FP), R15
	SHLQ  $2, R15
	MOVQ  BX, R12
	IMULQ R14, R12
	ADDQ  DI, R12
	MOVQ  BX, R13
	IMULQ R15, R13
	ADDQ  SI, R13
	LEAQ  ·spread(SB), R8

eplane:
	MOVQ masks+24(FP), R11
	MOVQ size+32(FP), CX
	MOVQ DI, R10
	LEAQ 28(DI)(R14*1), AX // up to seven elements more than the plane's
	CMPQ AX, R12
	JHI  careful
	LEAQ 16(SI)(R15*1), AX // up to four more than it takes
	CMPQ AX, R13
	JHI  careful
	ADDQ $7, CX
	SHRQ $3, CX

eblock:
	MOVBLZX (R11), AX
	MOVL    AX, DX
	SHLL    $4, AX
	ANDL    $0xF0, AX              // the first four bits
	ANDL    $0xF0, DX              // the last four
	VMOVUPS (SI), X0
	VPSHUFB (R8)(AX*1), X0, X0
	VMOVUPS X0, (R10)
	POPCNTL AX, AX
	LEAQ    (SI)(AX*4), SI
	VMOVUPS (SI), X1
	VPSHUFB (R8)(DX*1), X1, X1
	VMOVUPS X1, 16(R10)
	POPCNTL DX, DX
	LEAQ    (SI)(DX*4), SI
	INCQ    R11
	ADDQ    $32, R10
	DECQ    CX
	JNZ     eblock

enext:
	ADDQ R14, DI
	DECQ BX
	JNZ  eplane
	RET

careful:
	ADDQ $3, CX
	SHRQ $2, CX
	XORL DX, DX

four:
	MOVQ    DX, AX
	SHRQ    $1, AX
	MOVBLZX (R11)(AX*1), AX
	TESTL   $1, DX
	JNE     high
	SHLL    $4, AX

high:
	ANDL         $0xF0, AX
	VMOVDQU      (R8)(AX*1), X1
	LEAQ         -16(R13), R9     // the last four of src, or those at hand
	CMPQ         SI, R9
	CMOVQCS      SI, R9
	VMOVDQU      (R9), X0
	NEGQ         R9
	ADDQ         SI, R9           // by so many bytes further on in them
	VMOVD        R9, X2
	VPBROADCASTB X2, X2
	VPADDB       X2, X1, X1       // what is to be 0 keeps its sign
	VPSHUFB      X1, X0, X0
	POPCNTL      AX, AX
	LEAQ         (SI)(AX*4), SI
	MOVQ         R12, R9          // bytes left of dst
	SUBQ         R10, R9
	CMPQ         R9, $16
	JLT          part
	VMOVDQU      X0, (R10)

fnext:
	ADDQ $16, R10
	INCQ DX
	CMPQ DX, CX
	JLT  four
	JMP  enext

part: // one to three elements
	VMOVSS     X0, (R10)
	CMPQ       R9, $8
	JLT        fnext
	VEXTRACTPS $1, X0, 4(R10)
	JEQ        fnext
	VEXTRACTPS $2, X0, 8(R10)
	JMP        fnext
