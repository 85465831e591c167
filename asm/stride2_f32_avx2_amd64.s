//go:build !noasm

#include "textflag.h"
#include "tail_amd64.h"

// Every second element of the rows of planes, for convolutions of stride 2, and
// rows with zeros put in. Need AVX2.

// takeSecondF32AVX2 is, for p < planes, r < rows, i < n:
//
//	dst[p*dstPlane+r*dstRow+i] = src[p*srcPlane+r*srcRow+2*i]
//
// The last vector of a row ends where the row does and overlaps the one before: of
// what it comes from, the second half begins an element early, as src ends there.
//
//	BX  planes left; R14 a plane of dst, R15 of src
//	AX  rows left; DI a row of dst, R8 to the next; SI of src, R9 to the next
//	DX  elements of a row; R10 whole blocks of eight but for the last, CX those left
//	R11, R12 dst and src at hand

// SECONDS stores at TO the first of each pair of eight, IMM saying where they are in
// the second half: 0x88 at the even places, 0xD8 at the odd ones.
#define SECONDS(FROM, SECOND, IMM, TO) \
	VMOVUPS FROM, Y0              \
	VSHUFPS IMM, SECOND, Y0, Y0   \ // 0 2 8 10, 4 6 12 14
	VPERMPD $0xD8, Y0, Y0         \ // 0 2 4 6 8 10 12 14
	VMOVUPS Y0, TO

// func takeSecondF32AVX2(planes, rows int, dst *float32, dstPlane, dstRow int, src *float32, srcPlane, srcRow, n int)
TEXT ·takeSecondF32AVX2(SB), NOSPLIT, $0-72
	MOVQ planes+0(FP), BX
	MOVQ dst+16(FP), R14
	MOVQ dstRow+32(FP), R8
	SHLQ $2, R8
	MOVQ src+40(FP), R15
	MOVQ srcRow+56(FP), R9
	SHLQ $2, R9
	MOVQ n+64(FP), DX
	LEAQ -1(DX), R10
	SHRQ $3, R10

tplane:
	MOVQ R14, DI
	MOVQ R15, SI
	MOVQ rows+8(FP), AX
	CMPQ DX, $4
	JLT  tfew
	CMPQ DX, $8
	JLT  thalf

trow:
	MOVQ  DI, R11
	MOVQ  SI, R12
	MOVQ  R10, CX
	TESTQ CX, CX
	JEQ   tlast

tblock:
	SECONDS((R12), 32(R12), $0x88, (R11))
	ADDQ $32, R11
	ADDQ $64, R12
	DECQ CX
	JNZ  tblock

tlast: // from element 2*n-16 on, its second half from 2*n-9
	SECONDS(-64(SI)(DX*8), -36(SI)(DX*8), $0xD8, -32(DI)(DX*4))
	ADDQ R8, DI
	ADDQ R9, SI
	DECQ AX
	JNZ  trow

tnext:
	MOVQ dstPlane+24(FP), CX
	LEAQ (R14)(CX*4), R14
	MOVQ srcPlane+48(FP), CX
	LEAQ (R15)(CX*4), R15
	DECQ BX
	JNZ  tplane
	VZEROUPPER
	RET

thalf: // four to seven elements: the first four and the last four
	VMOVUPS (SI), X0
	VSHUFPS $0xD8, 12(SI), X0, X0         // 0 2 4 6
	VMOVUPS -32(SI)(DX*8), X1
	VSHUFPS $0xD8, -20(SI)(DX*8), X1, X1
	VMOVUPS X0, (DI)
	VMOVUPS X1, -16(DI)(DX*4)
	ADDQ    R8, DI
	ADDQ    R9, SI
	DECQ    AX
	JNZ     thalf
	JMP     tnext

tfew: // one to three, one by one
	XORQ CX, CX

tone:
	VMOVSS (SI)(CX*8), X0
	VMOVSS X0, (DI)(CX*4)
	INCQ   CX
	CMPQ   CX, DX
	JLT    tone
	ADDQ   R8, DI
	ADDQ   R9, SI
	DECQ   AX
	JNZ    tfew
	JMP    tnext

// takeFourF32AVX2 takes two rows of four elements at a time, which follow each other in dst.
//
//	BX  planes left; R10 pairs of rows of one, AX those left
//	R14, DI a plane of dst and the rows at hand; R15, SI those of src
//	R9  distance of two rows of src in bytes

// func takeFourF32AVX2(planes, pairs int, dst *float32, dstPlane int, src *float32, srcPlane, srcRow int)
TEXT ·takeFourF32AVX2(SB), NOSPLIT, $0-56
	MOVQ planes+0(FP), BX
	MOVQ pairs+8(FP), R10
	MOVQ dst+16(FP), R14
	MOVQ src+32(FP), R15
	MOVQ srcRow+48(FP), R9
	SHLQ $2, R9

pplane:
	MOVQ R14, DI
	MOVQ R15, SI
	MOVQ R10, AX

pair:
	SECONDS((SI), (SI)(R9*1), $0x88, (DI))
	LEAQ (SI)(R9*2), SI
	ADDQ $32, DI
	DECQ AX
	JNZ  pair
	MOVQ dstPlane+24(FP), CX
	LEAQ (R14)(CX*4), R14
	MOVQ srcPlane+40(FP), CX
	LEAQ (R15)(CX*4), R15
	DECQ BX
	JNZ  pplane
	VZEROUPPER
	RET

// weaveF32AVX2 is, for p < planes, r < rows, i < n, with s = p*srcPlane+r*srcRow:
//
//	dst[p*dstPlane+r*dstRow+2*i]   = even ? even[s+i] : +0
//	dst[p*dstPlane+r*dstRow+2*i+1] = odd ? odd[s+i] : +0
//
// With past, rows that begin with a vector pass the caches by, which first reading what
// they overwrite would take twice as long: see Fence.
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

// Loads under a mask take Zen 4 so long that a row of BOTH is woven in two thirds of the time.
#define BOTH \
	VMOVUPS (R12), Y0         \
	VMOVUPS (R12)(R13*1), Y1
#define MASKED \
	VMASKMOVPS (R12), Y15, Y0         \
	VMASKMOVPS (R12)(R13*1), Y14, Y1

// BLOCKS does the whole blocks of a row, loaded by LOAD and stored by PUT; the label is its own.
#define BLOCKS(LOAD, PUT, block) \
block:                \
	LOAD              \
	WOVEN             \
	PUT  Y0, (R11)    \
	PUT  Y1, 32(R11)  \
	ADDQ $64, R11     \
	ADDQ $32, R12     \
	DECQ CX           \
	JNZ  block        \
	JMP  rest

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
	CMPQ  even+40(FP), $0
	JEQ   masked
	CMPQ  odd+48(FP), $0
	JEQ   masked
	CMPB  past+80(FP), $0
	JEQ   usual
	TESTQ $31, R11
	JNE   usual
	BLOCKS(BOTH, VMOVNTPS, pass)

usual:
	BLOCKS(BOTH, VMOVUPS, store)

masked:
	CMPB  past+80(FP), $0
	JEQ   maskedusual
	TESTQ $31, R11
	JNE   maskedusual
	BLOCKS(MASKED, VMOVNTPS, maskedpass)

maskedusual:
	BLOCKS(MASKED, VMOVUPS, maskedstore)

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

// upsampleF32AVX2 is, for p < planes, r < rows, i < 2*n, n being a multiple of 4:
//
//	dst[p*dstPlane+r*4*n+i]     = i even ? src[p*srcPlane+r*n+i/2] : +0
//	dst[p*dstPlane+r*4*n+2*n+i] = +0
//
// A double word that becomes a quad word has a zero behind it. With past, planes that begin
// with a vector pass the caches by, as in weaveF32AVX2.
//
//	BX planes left; R14 a plane of dst, R8 to the next; R15 of src, R9 to the next
//	AX rows left; DI, SI dst and src at hand
//	R10 the vectors of a woven row, CX those left; Y1 zero

// UPSAMPLE does a plane with stores PUT; the labels are its own.
#define UPSAMPLE(PUT, row, some, zeros) \
	MOVQ R14, DI        \
	MOVQ R15, SI        \
	MOVQ rows+8(FP), AX \
row:                    \
	MOVQ R10, CX        \
some:                   \
	VPMOVZXDQ (SI), Y0  \
	PUT  Y0, (DI)       \
	ADDQ $16, SI        \
	ADDQ $32, DI        \
	DECQ CX             \
	JNZ  some           \
	MOVQ R10, CX        \
zeros:                  \
	PUT  Y1, (DI)       \
	ADDQ $32, DI        \
	DECQ CX             \
	JNZ  zeros          \
	DECQ AX             \
	JNZ  row            \
	JMP  unext

// func upsampleF32AVX2(planes, rows int, dst *float32, dstPlane int, src *float32, srcPlane, n int, past bool)
TEXT ·upsampleF32AVX2(SB), NOSPLIT, $0-57
	MOVQ  planes+0(FP), BX
	MOVQ  dst+16(FP), R14
	MOVQ  dstPlane+24(FP), R8
	SHLQ  $2, R8
	MOVQ  src+32(FP), R15
	MOVQ  srcPlane+40(FP), R9
	SHLQ  $2, R9
	MOVQ  n+48(FP), R10
	SHRQ  $2, R10
	VPXOR Y1, Y1, Y1

uplane:
	CMPB  past+56(FP), $0
	JEQ   uusual
	TESTQ $31, R14
	JNE   uusual
	UPSAMPLE(VMOVNTPS, prow, psome, pzeros)

uusual:
	UPSAMPLE(VMOVUPS, urow, usome, uzeros)

unext:
	ADDQ R8, R14
	ADDQ R9, R15
	DECQ BX
	JNZ  uplane
	VZEROUPPER
	RET
