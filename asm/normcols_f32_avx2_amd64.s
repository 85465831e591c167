//go:build !noasm

#include "textflag.h"

// Batch normalisation of vectors, one row of the batch a call and 16 columns at
// a time, AVX2 path. Needs AVX2 and FMA3. Every column has its own m, a, b, c and d; the
// Go wrappers give what 16 columns leave over to the references.
//
//	CX      blocks of 16 columns left
//	SI, DX  x, dy; DI y or dx; R9 to R13 the columns' values (R9 = m, R10 = a, R11 = b)
//	AX      bytes within a row; BX they and those to what comes to the second-level cache
//	R8      where there is no ReLU all ones, else 0, also in Y13

// NORELU sets Y13 from relu in R8.
#define NORELU \
	DECL         R8            \
	VMOVD        R8, X13       \
	VPBROADCASTD X13, Y13      \
	VXORPS       Y12, Y12, Y12

// CENTRE leaves x - m of 8 columns from O in Y0, and sets Y2 where fma(Y0, a, b) > 0,
// or everywhere without ReLU; the fma is in Y1.
#define CENTRE(O) \
	VMOVUPS     O(SI)(AX*1), Y0      \
	VSUBPS      O(R9)(AX*1), Y0, Y0  \
	VMOVUPS     O(R11)(AX*1), Y1     \
	VFMADD231PS O(R10)(AX*1), Y0, Y1 \
	VCMPPS      $0x1e, Y12, Y1, Y2   \
	VORPS       Y13, Y2, Y2

// func normRowApplyF32AVX2(blocks int, y, x, m, a, b *float32, relu bool, ahead int)
TEXT ·normRowApplyF32AVX2(SB), NOSPLIT, $0-64
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
	CENTRE(0)
	VANDPS  Y2, Y1, Y1
	VMOVUPS Y1, (DI)(AX*1)
	CENTRE(32)
	VANDPS  Y2, Y1, Y1
	VMOVUPS Y1, 32(DI)(AX*1)
	ADDQ    $64, AX
	ADDQ    $64, BX
	DECQ    CX
	JNZ     block
	VZEROUPPER
	RET

// func normRowGradF32AVX2(blocks int, dx, x, dy, m, a, b, c, d *float32, relu bool, ahead int)
TEXT ·normRowGradF32AVX2(SB), NOSPLIT, $0-88
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
	CENTRE(0)
	VANDPS      (DX)(AX*1), Y2, Y1    // g
	VMOVUPS     (R13)(AX*1), Y2
	VFMADD231PS (R12)(AX*1), Y0, Y2   // c*(x - m) + d
	VFMADD231PS (R10)(AX*1), Y1, Y2   // + a*g
	VMOVUPS     Y2, (DI)(AX*1)
	CENTRE(32)
	VANDPS      32(DX)(AX*1), Y2, Y1  // g
	VMOVUPS     32(R13)(AX*1), Y2
	VFMADD231PS 32(R12)(AX*1), Y0, Y2 // c*(x - m) + d
	VFMADD231PS 32(R10)(AX*1), Y1, Y2 // + a*g
	VMOVUPS     Y2, 32(DI)(AX*1)
	ADDQ        $64, AX
	ADDQ        $64, BX
	DECQ        CX
	JNZ         block
	VZEROUPPER
	RET
