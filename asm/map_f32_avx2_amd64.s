//go:build !noasm

#include "textflag.h"

// Element-wise kernels of the AVX2 path, on blocks of 16 float32. Need AVX2;
// sgdF32AVX2 needs FMA3 too. The Go wrappers leave the last n mod 16 elements to
// the references: elements do not depend on each other.
//
//	AX  blocks of 16, counted down (at least 1)
//	DI  the result; SI, DX further operands
//	Y12 to Y15 constants

// func addF32AVX2(blocks int, dst, src *float32)
TEXT ·addF32AVX2(SB), NOSPLIT, $0-24
	MOVQ blocks+0(FP), AX
	MOVQ dst+8(FP), DI
	MOVQ src+16(FP), SI

loop:
	VMOVUPS (DI), Y0
	VMOVUPS 32(DI), Y1
	VADDPS  (SI), Y0, Y0   // dst + src
	VADDPS  32(SI), Y1, Y1
	VMOVUPS Y0, (DI)
	VMOVUPS Y1, 32(DI)
	ADDQ    $64, DI
	ADDQ    $64, SI
	DECQ    AX
	JNZ     loop
	VZEROUPPER
	RET

// func addScalarF32AVX2(blocks int, dst *float32, v float32)
TEXT ·addScalarF32AVX2(SB), NOSPLIT, $0-20
	MOVQ         blocks+0(FP), AX
	MOVQ         dst+8(FP), DI
	VBROADCASTSS v+16(FP), Y15

loop:
	VADDPS  (DI), Y15, Y0
	VADDPS  32(DI), Y15, Y1
	VMOVUPS Y0, (DI)
	VMOVUPS Y1, 32(DI)
	ADDQ    $64, DI
	DECQ    AX
	JNZ     loop
	VZEROUPPER
	RET

// func reluF32AVX2(blocks int, dst, src *float32)
TEXT ·reluF32AVX2(SB), NOSPLIT, $0-24
	MOVQ   blocks+0(FP), AX
	MOVQ   dst+8(FP), DI
	MOVQ   src+16(FP), SI
	VXORPS Y15, Y15, Y15

loop:
	VMOVUPS (SI), Y0
	VMOVUPS 32(SI), Y1
	VMAXPS  Y15, Y0, Y0    // x > 0 ? x : the second operand, +0, also for NaN and -0
	VMAXPS  Y15, Y1, Y1
	VMOVUPS Y0, (DI)
	VMOVUPS Y1, 32(DI)
	ADDQ    $64, SI
	ADDQ    $64, DI
	DECQ    AX
	JNZ     loop
	VZEROUPPER
	RET

// func reluGradF32AVX2(blocks int, dx, dy, y *float32)
TEXT ·reluGradF32AVX2(SB), NOSPLIT, $0-32
	MOVQ   blocks+0(FP), AX
	MOVQ   dx+8(FP), DI
	MOVQ   dy+16(FP), SI
	MOVQ   y+24(FP), DX
	VXORPS Y15, Y15, Y15

loop:
	VMOVUPS (DX), Y0
	VMOVUPS 32(DX), Y1
	VCMPPS  $0x1e, Y15, Y0, Y0 // y > 0, false for NaN
	VCMPPS  $0x1e, Y15, Y1, Y1
	VANDPS  (SI), Y0, Y0       // dy where true, else +0
	VANDPS  32(SI), Y1, Y1
	VMOVUPS Y0, (DI)
	VMOVUPS Y1, 32(DI)
	ADDQ    $64, DX
	ADDQ    $64, SI
	ADDQ    $64, DI
	DECQ    AX
	JNZ     loop
	VZEROUPPER
	RET

// func sumF32AVX2(blocks int, x *float32, lane *[16]float32)
TEXT ·sumF32AVX2(SB), NOSPLIT, $0-24
	MOVQ    blocks+0(FP), AX
	MOVQ    x+8(FP), SI
	MOVQ    lane+16(FP), DI
	VMOVUPS (DI), Y0           // lanes 0 to 7
	VMOVUPS 32(DI), Y1         // lanes 8 to 15

loop:
	VADDPS  (SI), Y0, Y0
	VADDPS  32(SI), Y1, Y1
	ADDQ    $64, SI
	DECQ    AX
	JNZ     loop
	VMOVUPS Y0, (DI)
	VMOVUPS Y1, 32(DI)
	VZEROUPPER
	RET

// func sgdF32AVX2(blocks int, w, v, grad *float32, lr, mu, wd float32)
TEXT ·sgdF32AVX2(SB), NOSPLIT, $0-44
	MOVQ         blocks+0(FP), AX
	MOVQ         w+8(FP), DI
	MOVQ         v+16(FP), SI
	MOVQ         grad+24(FP), DX
	VBROADCASTSS lr+32(FP), Y13
	VBROADCASTSS mu+36(FP), Y14
	VBROADCASTSS wd+40(FP), Y15

loop:
	VMOVUPS      (DI), Y0        // w
	VMOVUPS      32(DI), Y1
	VMOVUPS      (DX), Y2        // g
	VMOVUPS      32(DX), Y3
	VFMADD231PS  Y0, Y15, Y2     // g + wd*w
	VFMADD231PS  Y1, Y15, Y3
	VFMADD231PS  (SI), Y14, Y2   // + mu*v
	VFMADD231PS  32(SI), Y14, Y3
	VMOVUPS      Y2, (SI)        // v
	VMOVUPS      Y3, 32(SI)
	VFNMADD231PS Y2, Y13, Y0     // w - lr*v
	VFNMADD231PS Y3, Y13, Y1
	VMOVUPS      Y0, (DI)
	VMOVUPS      Y1, 32(DI)
	ADDQ         $64, DI
	ADDQ         $64, SI
	ADDQ         $64, DX
	DECQ         AX
	JNZ          loop
	VZEROUPPER
	RET
