//go:build !noasm

#include "textflag.h"
#include "tail_amd64.h"

// weaveF32AVX2 is, for p < planes, r < rows, i < n, with s = p*srcPlane+r*srcRow:
//
//	dst[p*dstPlane+r*dstRow+2*i]   = even ? even[s+i] : +0
//	dst[p*dstPlane+r*dstRow+2*i+1] = odd ? odd[s+i] : +0
//
// With past, rows that begin with a vector pass the caches by, which first reading what
// they overwrite would take twice as long: see Fence. Needs AVX2.
//
//	BX  planes left; R14 a plane of dst, R15 of even, R13 the distance of odd from even
//	AX  rows left; DI a row of dst, R8 to the next; SI of even, R9 to the next
//	R10 whole blocks of eight elements of a row, CX those left; R11, R12 where dst and
//	    even are in it; DX the elements of the rest, doubled
//	Y15, Y14 the lanes that even and odd have, Y13 and Y12 in the rest
//	Y11, Y10 what is stored of the rest; Y0, Y1 even and odd, Y2, Y3 woven

// WOVEN makes Y0 and Y1 the woven elements of Y0 and Y1.
#define WOVEN \
	VUNPCKLPS  Y1, Y0, Y2        \ // e0 o0 e1 o1, e4 o4 e5 o5
	VUNPCKHPS  Y1, Y0, Y3        \ // e2 o2 e3 o3, e6 o6 e7 o7
	VPERM2F128 $0x20, Y3, Y2, Y0 \ // e0 o0 ... e3 o3
	VPERM2F128 $0x31, Y3, Y2, Y1   // e4 o4 ... e7 o7

// func weaveF32AVX2(planes, rows int, dst *float32, dstPlane, dstRow int, even, odd *float32, srcPlane, srcRow, n int, past bool)
TEXT ·weaveF32AVX2(SB), NOSPLIT, $0-81
	MOVQ planes+0(FP), BX
	MOVQ dst+16(FP), R14
	MOVQ even+40(FP), R15
	MOVQ odd+48(FP), R13
	MOVQ srcRow+64(FP), R9
	SHLQ $2, R9
	MOVQ n+72(FP), CX
	MOVQ CX, R10
	SHRQ $3, R10
	ANDQ $7, CX
	LEAQ (CX)(CX*1), DX
	TAILMASK256(Y13)           // of CX elements
	VMOVAPS Y13, Y12
	MOVQ DX, CX                // 2*CX of them are stored: so many of the first eight
	CMPQ CX, $8
	JLE  few
	MOVQ $8, CX

few:
	TAILMASK256(Y11)
	MOVQ DX, CX                // and the others
	SUBQ $8, CX
	JGE  many
	XORQ CX, CX

many:
	TAILMASK256(Y10)
	VPCMPEQD Y15, Y15, Y15
	VMOVAPS  Y15, Y14
	TESTQ R15, R15
	JNE   haseven
	VXORPS Y15, Y15, Y15
	VXORPS Y13, Y13, Y13
	MOVQ  R13, R15
	TESTQ R15, R15
	JNE   haseven
	LEAQ  ·maskAVX2(SB), R15 // not dst: that would wait for what was stored there

haseven:
	TESTQ R13, R13
	JNE   hasodd
	VXORPS Y14, Y14, Y14
	VXORPS Y12, Y12, Y12
	MOVQ  R15, R13

hasodd:
	SUBQ R15, R13
	MOVQ dstRow+32(FP), R8
	SHLQ $2, R8

plane:
	MOVQ R14, DI
	MOVQ R15, SI
	MOVQ rows+8(FP), AX

row:
	MOVQ  DI, R11
	MOVQ  SI, R12
	MOVQ  R10, CX
	TESTQ CX, CX
	JEQ   rest
	CMPB  past+80(FP), $0
	JEQ   usual
	TESTQ $31, R11
	JNE   usual

pass:
	VMASKMOVPS (R12), Y15, Y0
	VMASKMOVPS (R12)(R13*1), Y14, Y1
	WOVEN
	VMOVNTPS   Y0, (R11)
	VMOVNTPS   Y1, 32(R11)
	ADDQ       $64, R11
	ADDQ       $32, R12
	DECQ       CX
	JNZ        pass
	JMP        rest

usual:
	VMASKMOVPS (R12), Y15, Y0
	VMASKMOVPS (R12)(R13*1), Y14, Y1
	WOVEN
	VMOVUPS    Y0, (R11)
	VMOVUPS    Y1, 32(R11)
	ADDQ       $64, R11
	ADDQ       $32, R12
	DECQ       CX
	JNZ        usual

rest:
	TESTQ DX, DX
	JEQ   next
	VMASKMOVPS (R12), Y13, Y0
	VMASKMOVPS (R12)(R13*1), Y12, Y1
	WOVEN
	CMPQ       DX, $8
	JGT        both
	JEQ        half
	VMASKMOVPS Y0, Y11, (R11)
	JMP        next

both:
	VMOVUPS    Y0, (R11)
	VMASKMOVPS Y1, Y10, 32(R11)
	JMP        next

half: // a store under a mask takes many cycles
	VMOVUPS Y0, (R11)

next:
	ADDQ R8, DI
	ADDQ R9, SI
	DECQ AX
	JNZ  row
	MOVQ dstPlane+24(FP), CX
	LEAQ (R14)(CX*4), R14
	MOVQ srcPlane+56(FP), CX
	LEAQ (R15)(CX*4), R15
	DECQ BX
	JNZ  plane

	VZEROUPPER
	RET
