//go:build !noasm

#include "textflag.h"

// pack8F32AVX2 and pack6F32AVX2 turn 8 (6) rows into a panel, eight steps in k
// at a time: a transpose of 4 x 4 blocks in both halves of the registers. Need AVX2.
//
//	AX  blocks of eight steps, counted down
//	SI  rows 0 to 3; R10 rows 4 to 7; R8 ld in bytes, R9 three of it
//	DI  panel; R11 width in bytes, R12 three of it
//	Y0 to Y3 rows, Y4 to Y7 pairs, Y8 to Y11 steps
//
//	for k: for i: dst[k*width+i] = src[i*ld+k]

// func pack8F32AVX2(blocks int, dst, src *float32, ld, width int)
TEXT ·pack8F32AVX2(SB), NOSPLIT, $0-40
	MOVQ blocks+0(FP), AX
	MOVQ dst+8(FP), DI
	MOVQ src+16(FP), SI
	MOVQ ld+24(FP), R8
	MOVQ width+32(FP), R11
	SHLQ $2, R8
	SHLQ $2, R11
	LEAQ (R8)(R8*2), R9
	LEAQ (R11)(R11*2), R12
	LEAQ (SI)(R8*4), R10

loop:
	// steps 0 to 3: row i in the low half of Y(i), row i+4 in the high half
	VMOVUPS     (SI), X0
	VINSERTF128 $1, (R10), Y0, Y0
	VMOVUPS     (SI)(R8*1), X1
	VINSERTF128 $1, (R10)(R8*1), Y1, Y1
	VMOVUPS     (SI)(R8*2), X2
	VINSERTF128 $1, (R10)(R8*2), Y2, Y2
	VMOVUPS     (SI)(R9*1), X3
	VINSERTF128 $1, (R10)(R9*1), Y3, Y3
	VUNPCKLPS   Y1, Y0, Y4  // a0 b0 a1 b1
	VUNPCKHPS   Y1, Y0, Y5  // a2 b2 a3 b3
	VUNPCKLPS   Y3, Y2, Y6  // c0 d0 c1 d1
	VUNPCKHPS   Y3, Y2, Y7  // c2 d2 c3 d3
	VUNPCKLPD   Y6, Y4, Y8  // a0 b0 c0 d0
	VUNPCKHPD   Y6, Y4, Y9  // a1 b1 c1 d1
	VUNPCKLPD   Y7, Y5, Y10 // a2 b2 c2 d2
	VUNPCKHPD   Y7, Y5, Y11 // a3 b3 c3 d3
	VMOVUPS     Y8, (DI)
	VMOVUPS     Y9, (DI)(R11*1)
	VMOVUPS     Y10, (DI)(R11*2)
	VMOVUPS     Y11, (DI)(R12*1)
	LEAQ        (DI)(R11*4), DI
	// steps 4 to 7: row i in the low half of Y(i), row i+4 in the high half
	VMOVUPS     16(SI), X0
	VINSERTF128 $1, 16(R10), Y0, Y0
	VMOVUPS     16(SI)(R8*1), X1
	VINSERTF128 $1, 16(R10)(R8*1), Y1, Y1
	VMOVUPS     16(SI)(R8*2), X2
	VINSERTF128 $1, 16(R10)(R8*2), Y2, Y2
	VMOVUPS     16(SI)(R9*1), X3
	VINSERTF128 $1, 16(R10)(R9*1), Y3, Y3
	VUNPCKLPS   Y1, Y0, Y4  // a0 b0 a1 b1
	VUNPCKHPS   Y1, Y0, Y5  // a2 b2 a3 b3
	VUNPCKLPS   Y3, Y2, Y6  // c0 d0 c1 d1
	VUNPCKHPS   Y3, Y2, Y7  // c2 d2 c3 d3
	VUNPCKLPD   Y6, Y4, Y8  // a0 b0 c0 d0
	VUNPCKHPD   Y6, Y4, Y9  // a1 b1 c1 d1
	VUNPCKLPD   Y7, Y5, Y10 // a2 b2 c2 d2
	VUNPCKHPD   Y7, Y5, Y11 // a3 b3 c3 d3
	VMOVUPS     Y8, (DI)
	VMOVUPS     Y9, (DI)(R11*1)
	VMOVUPS     Y10, (DI)(R11*2)
	VMOVUPS     Y11, (DI)(R12*1)
	LEAQ        (DI)(R11*4), DI
	ADDQ        $32, SI
	ADDQ        $32, R10
	DECQ        AX
	JNZ         loop
	VZEROUPPER
	RET

// func pack6F32AVX2(blocks int, dst, src *float32, ld, width int)
TEXT ·pack6F32AVX2(SB), NOSPLIT, $0-40
	MOVQ blocks+0(FP), AX
	MOVQ dst+8(FP), DI
	MOVQ src+16(FP), SI
	MOVQ ld+24(FP), R8
	MOVQ width+32(FP), R11
	SHLQ $2, R8
	SHLQ $2, R11
	LEAQ (R8)(R8*2), R9
	LEAQ (R11)(R11*2), R12
	LEAQ (SI)(R8*4), R10

loop:
	// steps 0 to 3: row i in the low half of Y(i), row i+4 in the high half
	VMOVUPS     (SI), X0
	VINSERTF128 $1, (R10), Y0, Y0
	VMOVUPS     (SI)(R8*1), X1
	VINSERTF128 $1, (R10)(R8*1), Y1, Y1
	VMOVUPS     (SI)(R8*2), X2
	VMOVUPS     (SI)(R9*1), X3
	VUNPCKLPS   Y1, Y0, Y4  // a0 b0 a1 b1
	VUNPCKHPS   Y1, Y0, Y5  // a2 b2 a3 b3
	VUNPCKLPS   Y3, Y2, Y6  // c0 d0 c1 d1
	VUNPCKHPS   Y3, Y2, Y7  // c2 d2 c3 d3
	VUNPCKLPD   Y6, Y4, Y8  // a0 b0 c0 d0
	VUNPCKHPD   Y6, Y4, Y9  // a1 b1 c1 d1
	VUNPCKLPD   Y7, Y5, Y10 // a2 b2 c2 d2
	VUNPCKHPD   Y7, Y5, Y11 // a3 b3 c3 d3
	VMOVUPS     X8, (DI)
	VEXTRACTF128 $1, Y8, X4
	VMOVLPS     X4, 16(DI)
	VMOVUPS     X9, (DI)(R11*1)
	VEXTRACTF128 $1, Y9, X4
	VMOVLPS     X4, 16(DI)(R11*1)
	VMOVUPS     X10, (DI)(R11*2)
	VEXTRACTF128 $1, Y10, X4
	VMOVLPS     X4, 16(DI)(R11*2)
	VMOVUPS     X11, (DI)(R12*1)
	VEXTRACTF128 $1, Y11, X4
	VMOVLPS     X4, 16(DI)(R12*1)
	LEAQ        (DI)(R11*4), DI
	// steps 4 to 7: row i in the low half of Y(i), row i+4 in the high half
	VMOVUPS     16(SI), X0
	VINSERTF128 $1, 16(R10), Y0, Y0
	VMOVUPS     16(SI)(R8*1), X1
	VINSERTF128 $1, 16(R10)(R8*1), Y1, Y1
	VMOVUPS     16(SI)(R8*2), X2
	VMOVUPS     16(SI)(R9*1), X3
	VUNPCKLPS   Y1, Y0, Y4  // a0 b0 a1 b1
	VUNPCKHPS   Y1, Y0, Y5  // a2 b2 a3 b3
	VUNPCKLPS   Y3, Y2, Y6  // c0 d0 c1 d1
	VUNPCKHPS   Y3, Y2, Y7  // c2 d2 c3 d3
	VUNPCKLPD   Y6, Y4, Y8  // a0 b0 c0 d0
	VUNPCKHPD   Y6, Y4, Y9  // a1 b1 c1 d1
	VUNPCKLPD   Y7, Y5, Y10 // a2 b2 c2 d2
	VUNPCKHPD   Y7, Y5, Y11 // a3 b3 c3 d3
	VMOVUPS     X8, (DI)
	VEXTRACTF128 $1, Y8, X4
	VMOVLPS     X4, 16(DI)
	VMOVUPS     X9, (DI)(R11*1)
	VEXTRACTF128 $1, Y9, X4
	VMOVLPS     X4, 16(DI)(R11*1)
	VMOVUPS     X10, (DI)(R11*2)
	VEXTRACTF128 $1, Y10, X4
	VMOVLPS     X4, 16(DI)(R11*2)
	VMOVUPS     X11, (DI)(R12*1)
	VEXTRACTF128 $1, Y11, X4
	VMOVLPS     X4, 16(DI)(R12*1)
	LEAQ        (DI)(R11*4), DI
	ADDQ        $32, SI
	ADDQ        $32, R10
	DECQ        AX
	JNZ         loop
	VZEROUPPER
	RET
