//go:build !noasm

#include "textflag.h"

// The rotation of two rows, AVX2 path: x, y = x - s*(y + h*x), y + s*(x - h*y),
// every product and sum rounded. Needs AVX2. 8 pairs at a time, then 4, then the
// rest one by one.
//
//	CX     pairs left, less those of the loop at hand
//	DI, SI x, y
//	Y14, Y15 h, s

// func rotateF64AVX2(x, y []float64, h, s float64)
TEXT ·rotateF64AVX2(SB), NOSPLIT, $0-64
	MOVQ         x_base+0(FP), DI
	MOVQ         x_len+8(FP), CX
	MOVQ         y_base+24(FP), SI
	VBROADCASTSD h+48(FP), Y14
	VBROADCASTSD s+56(FP), Y15
	SUBQ         $8, CX
	JLT          rest

loop:
	VMOVUPD (DI), Y0    // u
	VMOVUPD 32(DI), Y1
	VMOVUPD (SI), Y2    // w
	VMOVUPD 32(SI), Y3
	VMULPD  Y0, Y14, Y4
	VMULPD  Y1, Y14, Y5
	VMULPD  Y2, Y14, Y6
	VMULPD  Y3, Y14, Y7
	VADDPD  Y4, Y2, Y4  // w + h*u
	VADDPD  Y5, Y3, Y5
	VSUBPD  Y6, Y0, Y6  // u - h*w
	VSUBPD  Y7, Y1, Y7
	VMULPD  Y4, Y15, Y4
	VMULPD  Y5, Y15, Y5
	VMULPD  Y6, Y15, Y6
	VMULPD  Y7, Y15, Y7
	VSUBPD  Y4, Y0, Y4
	VSUBPD  Y5, Y1, Y5
	VADDPD  Y6, Y2, Y6
	VADDPD  Y7, Y3, Y7
	VMOVUPD Y4, (DI)
	VMOVUPD Y5, 32(DI)
	VMOVUPD Y6, (SI)
	VMOVUPD Y7, 32(SI)
	ADDQ    $64, DI
	ADDQ    $64, SI
	SUBQ    $8, CX
	JGE     loop

rest:
	ADDQ    $4, CX
	JLT     last
	VMOVUPD (DI), Y0    // u
	VMOVUPD (SI), Y2    // w
	VMULPD  Y0, Y14, Y4
	VMULPD  Y2, Y14, Y6
	VADDPD  Y4, Y2, Y4  // w + h*u
	VSUBPD  Y6, Y0, Y6  // u - h*w
	VMULPD  Y4, Y15, Y4
	VMULPD  Y6, Y15, Y6
	VSUBPD  Y4, Y0, Y4
	VADDPD  Y6, Y2, Y6
	VMOVUPD Y4, (DI)
	VMOVUPD Y6, (SI)
	ADDQ    $32, DI
	ADDQ    $32, SI
	SUBQ    $4, CX

last:
	ADDQ $4, CX
	JEQ  done

one:
	VMOVSD (DI), X0
	VMOVSD (SI), X2
	VMULSD X0, X14, X4
	VMULSD X2, X14, X6
	VADDSD X4, X2, X4
	VSUBSD X6, X0, X6
	VMULSD X4, X15, X4
	VMULSD X6, X15, X6
	VSUBSD X4, X0, X4
	VADDSD X6, X2, X6
	VMOVSD X4, (DI)
	VMOVSD X6, (SI)
	ADDQ   $8, DI
	ADDQ   $8, SI
	DECQ   CX
	JNZ    one

done:
	VZEROUPPER
	RET
