//go:build !noasm

#include "textflag.h"

// Every second element of the rows of planes, for convolutions of stride 2, and
// planes with zeros put in. Need AVX512F.
//
//	BX  planes, counted down; AX their rows, counted down (both at least 1)
//	DI, SI  a row of dst and of src (of the even elements); R8, R9 distances in bytes
//	R14, R15 a plane of dst and of src
//	R10 blocks of a row but for the last, CX those left; R11, R12 dst and src at hand
//	DX  elements of the last block (1 to 16); K1, K2, K3 its masks
//	Z31, Z30 permutations; R13 scratch

// LAST splits a row of N elements into R10 whole blocks and DX elements, at least 1.
#define LAST(N) \
	MOVQ N, DX    \
	DECQ DX       \
	MOVQ DX, R10  \
	SHRQ $4, R10  \
	ANDQ $15, DX  \
	INCQ DX

// ONES makes K the mask of as many ones as CX says.
#define ONES(K) \
	MOVQ  $-1, R13 \
	SHLQ  CX, R13  \
	NOTQ  R13      \
	KMOVW R13, K

// NEXTPLANE goes on to the next plane; distances of planes are in elements.
#define NEXTPLANE(DSTPLANE, SRCPLANE) \
	MOVQ DSTPLANE, R13      \
	LEAQ (R14)(R13*4), R14  \
	MOVQ SRCPLANE, R13      \
	LEAQ (R15)(R13*4), R15

// takeSecondF32AVX512 is, for p < planes, r < rows, i < n:
//
//	dst[p*dstPlane+r*dstRow+i] = src[p*srcPlane+r*srcRow+2*i]

// func takeSecondF32AVX512(planes, rows int, dst *float32, dstPlane, dstRow int, src *float32, srcPlane, srcRow, n int)
TEXT ·takeSecondF32AVX512(SB), NOSPLIT, $0-72
	MOVQ planes+0(FP), BX
	MOVQ dst+16(FP), R14
	MOVQ dstRow+32(FP), R8
	SHLQ $2, R8
	MOVQ src+40(FP), R15
	MOVQ srcRow+56(FP), R9
	SHLQ $2, R9
	LAST(n+64(FP))
	VMOVDQU32 ·evenLanes(SB), Z31
	MOVQ  DX, CX
	ONES(K3)            // what is stored of the last block
	LEAQ  -1(DX)(DX*1), CX
	ONES(K1)            // the 2*DX-1 elements that it comes from
	SHRQ  $16, R13
	KMOVW R13, K2

plane:
	MOVQ R14, DI
	MOVQ R15, SI
	MOVQ rows+8(FP), AX

row:
	MOVQ  DI, R11
	MOVQ  SI, R12
	MOVQ  R10, CX
	TESTQ CX, CX
	JEQ   last

block:
	VMOVUPS   (R12), Z0
	VMOVUPS   64(R12), Z1
	VPERMT2PS Z1, Z31, Z0     // elements 0, 2, ..., 30
	VMOVUPS   Z0, (R11)
	ADDQ      $64, R11
	ADDQ      $128, R12
	DECQ      CX
	JNZ       block

last:
	VMOVUPS.Z (R12), K1, Z0
	VMOVUPS.Z 64(R12), K2, Z1
	VPERMT2PS Z1, Z31, Z0
	CMPQ      DX, $16         // a store under a mask takes several cycles
	JEQ       whole
	CMPQ      DX, $8
	JEQ       half
	CMPQ      DX, $4
	JEQ       quarter
	VMOVUPS   Z0, K3, (R11)

next:
	ADDQ R8, DI
	ADDQ R9, SI
	DECQ AX
	JNZ  row
	NEXTPLANE(dstPlane+24(FP), srcPlane+48(FP))
	DECQ BX
	JNZ  plane
	VZEROUPPER
	RET

whole:
	VMOVUPS Z0, (R11)
	JMP     next

half:
	VMOVUPS Y0, (R11)
	JMP     next

quarter:
	VMOVUPS X0, (R11)
	JMP     next

// weaveF32AVX512 is, for p < planes, r < rows, i < n, with s = p*srcPlane+r*srcRow:
//
//	dst[p*dstPlane+r*dstRow+2*i]   = even ? even[s+i] : +0
//	dst[p*dstPlane+r*dstRow+2*i+1] = odd ? odd[s+i] : +0
//
// odd is kept as its distance from even, in R13 from the first plane on. K4 and K5 are
// the lanes that even has, in a whole block and in the last one, K6 and K7 those of odd.
// With past, rows that begin with a cache line pass the caches by, which first reading
// what they overwrite would take twice as long.

// WEAVE interleaves the registers E and O into E (the first half) and Z2.
#define WEAVE(E, O) \
	VMOVAPS   E, Z2      \
	VPERMT2PS O, Z31, E  \ // 0 16 1 17 ... 7 23
	VPERMT2PS O, Z30, Z2   // 8 24 9 25 ... 15 31

// LANESOF makes the masks of an operand, which K3 tells of the last block; the operand
// is P, in place of which Q is not read.
#define LANESOF(P, Q, WHOLE, REST, there) \
	KXNORW WHOLE, WHOLE, WHOLE \
	KMOVW  K3, REST            \
	TESTQ  P, P                \
	JNE    there               \
	KXORW  WHOLE, WHOLE, WHOLE \
	KXORW  REST, REST, REST    \
	MOVQ   Q, P                \
there:

// func weaveF32AVX512(planes, rows int, dst *float32, dstPlane, dstRow int, even, odd *float32, srcPlane, srcRow, n int, past bool)
TEXT ·weaveF32AVX512(SB), NOSPLIT, $0-81
	MOVQ planes+0(FP), BX
	MOVQ dst+16(FP), R14
	MOVQ dstRow+32(FP), R8
	SHLQ $2, R8
	MOVQ even+40(FP), R15
	MOVQ srcRow+64(FP), R9
	SHLQ $2, R9
	LAST(n+72(FP))
	VMOVDQU32 ·woven(SB), Z31
	VMOVDQU32 ·woven+64(SB), Z30
	MOVQ   DX, CX
	ONES(K3)            // the elements of the last block
	ADDQ   DX, CX
	ONES(K1)            // what is stored of it
	SHRQ   $16, R13
	KMOVW  R13, K2
	MOVQ   odd+48(FP), R13
	LANESOF(R15, R13, K4, K5, even)
	TESTQ  R15, R15
	JNE    some
	LEAQ   ·woven(SB), R15 // not dst: that would wait for what was stored there

some:
	LANESOF(R13, R15, K6, K7, odd)
	SUBQ   R15, R13

wplane:
	MOVQ R14, DI
	MOVQ R15, SI
	MOVQ rows+8(FP), AX

wrow:
	MOVQ  DI, R11
	MOVQ  SI, R12
	MOVQ  R10, CX
	CMPB  past+80(FP), $0
	JEQ   usual
	TESTQ $63, R11
	JNE   usual
	TESTQ CX, CX
	JEQ   plast

pblock:
	VMOVUPS.Z (R12), K4, Z0
	VMOVUPS.Z (R12)(R13*1), K6, Z1
	WEAVE(Z0, Z1)
	VMOVNTPS  Z0, (R11)
	VMOVNTPS  Z2, 64(R11)
	ADDQ      $128, R11
	ADDQ      $64, R12
	DECQ      CX
	JNZ       pblock

plast:
	VMOVUPS.Z (R12), K5, Z0
	VMOVUPS.Z (R12)(R13*1), K7, Z1
	WEAVE(Z0, Z1)
	CMPQ      DX, $8
	JLT       wpart
	VMOVNTPS  Z0, (R11)
	JEQ       wnext
	CMPQ      DX, $16
	JLT       wsecond
	VMOVNTPS  Z2, 64(R11)
	JMP       wnext

usual:
	TESTQ CX, CX
	JEQ   wlast

wblock:
	VMOVUPS.Z (R12), K4, Z0
	VMOVUPS.Z (R12)(R13*1), K6, Z1
	WEAVE(Z0, Z1)
	VMOVUPS   Z0, (R11)
	VMOVUPS   Z2, 64(R11)
	ADDQ      $128, R11
	ADDQ      $64, R12
	DECQ      CX
	JNZ       wblock

wlast:
	VMOVUPS.Z (R12), K5, Z0
	VMOVUPS.Z (R12)(R13*1), K7, Z1
	WEAVE(Z0, Z1)
	CMPQ      DX, $8          // a store under a mask takes several cycles
	JLT       wpart
	VMOVUPS   Z0, (R11)
	JEQ       wnext
	CMPQ      DX, $16
	JLT       wsecond
	VMOVUPS   Z2, 64(R11)

wnext:
	ADDQ R8, DI
	ADDQ R9, SI
	DECQ AX
	JNZ  wrow
	MOVQ dstPlane+24(FP), CX
	LEAQ (R14)(CX*4), R14
	MOVQ srcPlane+56(FP), CX
	LEAQ (R15)(CX*4), R15
	DECQ BX
	JNZ  wplane
	VZEROUPPER
	RET

wpart:
	CMPQ    DX, $4
	JEQ     wquarter
	VMOVUPS Z0, K1, (R11)
	JMP     wnext

wquarter:
	VMOVUPS Y0, (R11)
	JMP     wnext

wsecond:
	VMOVUPS Z2, K2, 64(R11)
	JMP     wnext

// upsampleF32AVX512 is, for p < planes, r < rows, i < 2*n, n being 4 or a multiple of 8:
//
//	dst[p*dstPlane+r*4*n+i]     = i even ? src[p*srcPlane+r*n+i/2] : +0
//	dst[p*dstPlane+r*4*n+2*n+i] = +0
//
// A double word that becomes a quad word has a zero behind it; four of them and no more
// are a row with its zeros. R10 counts the blocks of eight elements of a row, Z1 is zero.
// With past, planes that begin with a cache line pass the caches by, as in weaveF32AVX512.

// UPSAMPLE does a plane with stores PUT; the labels are its own.
#define UPSAMPLE(PUT, four, row, some, zeros) \
	MOVQ R14, DI                 \
	MOVQ R15, SI                 \
	MOVQ rows+8(FP), AX          \
	TESTQ R10, R10               \
	JNE  row                     \
four:                            \
	VPMOVZXDQ (SI), Y0           \ // and zeros in the other half of Z0
	PUT  Z0, (DI)                \
	ADDQ $16, SI                 \
	ADDQ $64, DI                 \
	DECQ AX                      \
	JNZ  four                    \
	JMP  snext                   \
row:                             \
	MOVQ R10, CX                 \
some:                            \
	VPMOVZXDQ (SI), Z0           \
	PUT  Z0, (DI)                \
	ADDQ $32, SI                 \
	ADDQ $64, DI                 \
	DECQ CX                      \
	JNZ  some                    \
	MOVQ R10, CX                 \
zeros:                           \
	PUT  Z1, (DI)                \
	ADDQ $64, DI                 \
	DECQ CX                      \
	JNZ  zeros                   \
	DECQ AX                      \
	JNZ  row                     \
	JMP  snext

// func upsampleF32AVX512(planes, rows int, dst *float32, dstPlane int, src *float32, srcPlane, n int, past bool)
TEXT ·upsampleF32AVX512(SB), NOSPLIT, $0-57
	MOVQ  planes+0(FP), BX
	MOVQ  dst+16(FP), R14
	MOVQ  src+32(FP), R15
	MOVQ  n+48(FP), R10
	SHRQ  $3, R10
	VPXOR X1, X1, X1

splane:
	CMPB  past+56(FP), $0
	JEQ   susual
	TESTQ $63, R14
	JNE   susual
	UPSAMPLE(VMOVNTPS, pfour, prow, psome, pzeros)

susual:
	UPSAMPLE(VMOVUPS, ufour, urow, usome, uzeros)

snext:
	NEXTPLANE(dstPlane+24(FP), srcPlane+40(FP))
	DECQ BX
	JNZ  splane
	VZEROUPPER
	RET

// expandF32AVX512 fills planes of size elements, one behind the other: where a mask
// has a one stands the next element of src, +0 elsewhere.
//
//	BX  planes, counted down; DI dst; SI src; DX the masks of a plane, R12 the one at hand
//	R10 whole blocks of a plane, CX those left; K3 the elements of the rest, R11 their bytes
//	K1  the mask, R13 too, then the bytes that it takes

// func expandF32AVX512(planes int, dst, src *float32, masks *uint16, size int)
TEXT ·expandF32AVX512(SB), NOSPLIT, $0-40
	MOVQ  planes+0(FP), BX
	MOVQ  dst+8(FP), DI
	MOVQ  src+16(FP), SI
	MOVQ  masks+24(FP), DX
	MOVQ  size+32(FP), R10
	MOVQ  R10, CX
	ANDQ  $15, CX
	LEAQ  (CX*4), R11
	ONES(K3)
	SHRQ  $4, R10

eplane:
	MOVQ  DX, R12
	MOVQ  R10, CX
	TESTQ CX, CX
	JEQ   erest

eblock:
	MOVWLZX     (R12), R13
	KMOVW       R13, K1
	VEXPANDPS.Z (SI), K1, Z0
	VMOVUPS     Z0, (DI)
	POPCNTL     R13, R13
	LEAQ        (SI)(R13*4), SI
	ADDQ        $64, DI
	ADDQ        $2, R12
	DECQ        CX
	JNZ         eblock

erest:
	TESTQ       R11, R11
	JEQ         enext
	MOVWLZX     (R12), R13
	KMOVW       R13, K1
	VEXPANDPS.Z (SI), K1, Z0
	POPCNTL     R13, R13
	LEAQ        (SI)(R13*4), SI
	CMPQ        BX, $1
	JEQ         emasked
	CMPQ        R10, $0        // the next plane, at least a block, overwrites the rest
	JEQ         emasked
	VMOVUPS     Z0, (DI)
	ADDQ        R11, DI

enext:
	DECQ BX
	JNZ  eplane
	VZEROUPPER
	RET

emasked:
	VMOVUPS Z0, K3, (DI)
	ADDQ    R11, DI
	JMP     enext
