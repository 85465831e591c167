//go:build !noasm

#include "textflag.h"

// Batch normalisation of vectors, one row of the batch a call and 16 columns at
// a time, AVX-512 path. Needs AVX512F. Every column has its own m, a, b, c and d; the
// Go wrappers give what 16 columns leave over to the references.
//
//	CX      blocks of 16 columns left
//	SI, DX  x, dy; DI y or dx; R9 to R13 the columns' values (R9 = m, R10 = a, R11 = b)
//	AX      bytes within a row; BX they and those to what comes to the second-level cache
//	R8      where there is no ReLU all ones, else 0, also in K3; K2 a comparison

// NORELU sets K3 from relu in R8.
#define NORELU \
	DECL   R8            \
	KMOVW  R8, K3        \
	VPXORD Z28, Z28, Z28

// CENTRE leaves x - m in Z0 and sets K2 where fma(Z0, a, b) > 0, or everywhere
// without ReLU; the fma is in Z1.
#define CENTRE \
	VMOVUPS     (SI)(AX*1), Z0      \
	VSUBPS      (R9)(AX*1), Z0, Z0  \
	VMOVUPS     (R11)(AX*1), Z1     \
	VFMADD231PS (R10)(AX*1), Z0, Z1 \
	VCMPPS      $0x1e, Z28, Z1, K2  \
	KORW        K3, K2, K2

// func normRowApplyF32AVX512(blocks int, y, x, m, a, b *float32, relu bool, ahead int)
TEXT ·normRowApplyF32AVX512(SB), NOSPLIT, $0-64
	MOVQ    blocks+0(FP), CX
	MOVQ    y+8(FP), DI
	MOVQ    x+16(FP), SI
	MOVQ    m+24(FP), R9
	MOVQ    a+32(FP), R10
	MOVQ    b+40(FP), R11
	MOVBLZX relu+48(FP), R8
	NORELU
	XORQ    AX, AX
	MOVQ    ahead+56(FP), BX

block:
	PREFETCHT1 (SI)(BX*1)
	PREFETCHT1 (DI)(BX*1)
	CENTRE
	VMOVAPS.Z Z1, K2, Z1
	VMOVUPS   Z1, (DI)(AX*1)
	ADDQ      $64, AX
	ADDQ      $64, BX
	DECQ      CX
	JNZ       block
	VZEROUPPER
	RET

// func normRowGradF32AVX512(blocks int, dx, x, dy, m, a, b, c, d *float32, relu bool, ahead int)
TEXT ·normRowGradF32AVX512(SB), NOSPLIT, $0-88
	MOVQ    blocks+0(FP), CX
	MOVQ    dx+8(FP), DI
	MOVQ    x+16(FP), SI
	MOVQ    dy+24(FP), DX
	MOVQ    m+32(FP), R9
	MOVQ    a+40(FP), R10
	MOVQ    b+48(FP), R11
	MOVQ    c+56(FP), R12
	MOVQ    d+64(FP), R13
	MOVBLZX relu+72(FP), R8
	NORELU
	XORQ    AX, AX
	MOVQ    ahead+80(FP), BX

block:
	PREFETCHT1 (SI)(BX*1)
	PREFETCHT1 (DX)(BX*1)
	PREFETCHT1 (DI)(BX*1)
	CENTRE
	VMOVUPS.Z   (DX)(AX*1), K2, Z1  // g
	VMOVUPS     (R13)(AX*1), Z2
	VFMADD231PS (R12)(AX*1), Z0, Z2 // c*(x - m) + d
	VFMADD231PS (R10)(AX*1), Z1, Z2 // + a*g
	VMOVUPS     Z2, (DI)(AX*1)
	ADDQ        $64, AX
	ADDQ        $64, BX
	DECQ        CX
	JNZ         block
	VZEROUPPER
	RET
