//go:build !noasm

#include "textflag.h"

// Batch normalisation of vectors, one row of the batch a call and 16 columns at
// a time, AVX2 path. Needs AVX2 and FMA3. Every column has its own m, a, b, c, d,
// mean and sums; the Go wrappers give what 16 columns leave over to the references.
//
//	CX      blocks of 16 columns left
//	SI, DX  x, dy; DI y or dx; R9 to R13 the columns' values (R9 = m, R10 = a, R11 = b)
//	AX, BX  bytes within a row of float32, of float64
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

// func normRowSumsF32AVX2(blocks int, x, shift *float32, s, q *float64)
TEXT ·normRowSumsF32AVX2(SB), NOSPLIT, $0-40
	MOVQ blocks+0(FP), CX
	MOVQ x+8(FP), SI
	MOVQ shift+16(FP), R9
	MOVQ s+24(FP), R12
	MOVQ q+32(FP), R13
	XORQ AX, AX
	XORQ BX, BX

block:
	VCVTPS2PD   (SI)(AX*1), Y0
	VCVTPS2PD   (R9)(AX*1), Y1
	VSUBPD      Y1, Y0, Y0            // d
	VMOVUPD     (R13)(BX*1), Y2
	VADDPD      (R12)(BX*1), Y0, Y1
	VFMADD231PD Y0, Y0, Y2
	VMOVUPD     Y1, (R12)(BX*1)
	VMOVUPD     Y2, (R13)(BX*1)
	VCVTPS2PD   16(SI)(AX*1), Y0
	VCVTPS2PD   16(R9)(AX*1), Y1
	VSUBPD      Y1, Y0, Y0            // d
	VMOVUPD     32(R13)(BX*1), Y2
	VADDPD      32(R12)(BX*1), Y0, Y1
	VFMADD231PD Y0, Y0, Y2
	VMOVUPD     Y1, 32(R12)(BX*1)
	VMOVUPD     Y2, 32(R13)(BX*1)
	VCVTPS2PD   32(SI)(AX*1), Y0
	VCVTPS2PD   32(R9)(AX*1), Y1
	VSUBPD      Y1, Y0, Y0            // d
	VMOVUPD     64(R13)(BX*1), Y2
	VADDPD      64(R12)(BX*1), Y0, Y1
	VFMADD231PD Y0, Y0, Y2
	VMOVUPD     Y1, 64(R12)(BX*1)
	VMOVUPD     Y2, 64(R13)(BX*1)
	VCVTPS2PD   48(SI)(AX*1), Y0
	VCVTPS2PD   48(R9)(AX*1), Y1
	VSUBPD      Y1, Y0, Y0            // d
	VMOVUPD     96(R13)(BX*1), Y2
	VADDPD      96(R12)(BX*1), Y0, Y1
	VFMADD231PD Y0, Y0, Y2
	VMOVUPD     Y1, 96(R12)(BX*1)
	VMOVUPD     Y2, 96(R13)(BX*1)
	ADDQ        $64, AX
	ADDQ        $128, BX
	DECQ        CX
	JNZ         block
	VZEROUPPER
	RET

// func normRowApplyF32AVX2(blocks int, y, x, m, a, b *float32, relu bool)
TEXT ·normRowApplyF32AVX2(SB), NOSPLIT, $0-49
	MOVQ    blocks+0(FP), CX
	MOVQ    y+8(FP), DI
	MOVQ    x+16(FP), SI
	MOVQ    m+24(FP), R9
	MOVQ    a+32(FP), R10
	MOVQ    b+40(FP), R11
	MOVBLZX relu+48(FP), R8
	NORELU
	XORQ    AX, AX

block:
	CENTRE(0)
	VANDPS  Y2, Y1, Y1
	VMOVUPS Y1, (DI)(AX*1)
	CENTRE(32)
	VANDPS  Y2, Y1, Y1
	VMOVUPS Y1, 32(DI)(AX*1)
	ADDQ    $64, AX
	DECQ    CX
	JNZ     block
	VZEROUPPER
	RET

// func normRowGradSumsF32AVX2(blocks int, x, dy, m, a, b *float32, mean, s, q *float64, relu bool)
TEXT ·normRowGradSumsF32AVX2(SB), NOSPLIT, $0-73
	MOVQ    blocks+0(FP), CX
	MOVQ    x+8(FP), SI
	MOVQ    dy+16(FP), DX
	MOVQ    m+24(FP), R9
	MOVQ    a+32(FP), R10
	MOVQ    b+40(FP), R11
	MOVBLZX relu+72(FP), R8
	NORELU
	MOVQ    mean+48(FP), R8
	MOVQ    s+56(FP), R12
	MOVQ    q+64(FP), R13
	XORQ    AX, AX
	XORQ    BX, BX

block:
	CENTRE(0)
	VANDPS       (DX)(AX*1), Y2, Y1    // g
	VEXTRACTF128 $1, Y1, X3
	VCVTPS2PD    X1, Y1
	VCVTPS2PD    X3, Y3
	VCVTPS2PD    (SI)(AX*1), Y0
	VSUBPD       (R8)(BX*1), Y0, Y0    // x - mean
	VMOVUPD      (R13)(BX*1), Y2
	VFMADD231PD  Y1, Y0, Y2
	VADDPD       (R12)(BX*1), Y1, Y0
	VMOVUPD      Y0, (R12)(BX*1)
	VMOVUPD      Y2, (R13)(BX*1)
	VCVTPS2PD    16(SI)(AX*1), Y0
	VSUBPD       32(R8)(BX*1), Y0, Y0  // x - mean
	VMOVUPD      32(R13)(BX*1), Y2
	VFMADD231PD  Y3, Y0, Y2
	VADDPD       32(R12)(BX*1), Y3, Y0
	VMOVUPD      Y0, 32(R12)(BX*1)
	VMOVUPD      Y2, 32(R13)(BX*1)
	CENTRE(32)
	VANDPS       32(DX)(AX*1), Y2, Y1  // g
	VEXTRACTF128 $1, Y1, X3
	VCVTPS2PD    X1, Y1
	VCVTPS2PD    X3, Y3
	VCVTPS2PD    32(SI)(AX*1), Y0
	VSUBPD       64(R8)(BX*1), Y0, Y0  // x - mean
	VMOVUPD      64(R13)(BX*1), Y2
	VFMADD231PD  Y1, Y0, Y2
	VADDPD       64(R12)(BX*1), Y1, Y0
	VMOVUPD      Y0, 64(R12)(BX*1)
	VMOVUPD      Y2, 64(R13)(BX*1)
	VCVTPS2PD    48(SI)(AX*1), Y0
	VSUBPD       96(R8)(BX*1), Y0, Y0  // x - mean
	VMOVUPD      96(R13)(BX*1), Y2
	VFMADD231PD  Y3, Y0, Y2
	VADDPD       96(R12)(BX*1), Y3, Y0
	VMOVUPD      Y0, 96(R12)(BX*1)
	VMOVUPD      Y2, 96(R13)(BX*1)
	ADDQ         $64, AX
	ADDQ         $128, BX
	DECQ         CX
	JNZ          block
	VZEROUPPER
	RET

// func normRowGradF32AVX2(blocks int, dx, x, dy, m, a, b, c, d *float32, relu bool)
TEXT ·normRowGradF32AVX2(SB), NOSPLIT, $0-73
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

block:
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
	DECQ        CX
	JNZ         block
	VZEROUPPER
	RET
