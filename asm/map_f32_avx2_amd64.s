//go:build !noasm

#include "textflag.h"
#include "tail_amd64.h"

// Element-wise kernels of the AVX2 path: sums, products, fill and the step of SGD.
// Need AVX2; those that multiply and add need FMA3 too. 16 elements at a time, then 8, then the rest under a mask:
// nothing outside the slices is touched, and elements do not depend on each other.
//
//	CX        elements left, less those of the loop at hand
//	DI        the first slice; SI, DX the others
//	Y0 to Y5   values; Y11 the mask of the rest
//	Y12 to Y15 constants

// func addF32AVX2(dst, src []float32)
TEXT ·addF32AVX2(SB), NOSPLIT, $0-48
	MOVQ dst_base+0(FP), DI
	MOVQ dst_len+8(FP), CX
	MOVQ src_base+24(FP), SI
	SUBQ $16, CX
	JLT  rest

loop:
	VMOVUPS (SI), Y0
	VMOVUPS 32(SI), Y1
	VMOVUPS (DI), Y2
	VMOVUPS 32(DI), Y3
	VADDPS  Y2, Y0, Y0 // src + dst
	VADDPS  Y3, Y1, Y1
	VMOVUPS Y0, (DI)
	VMOVUPS Y1, 32(DI)
	ADDQ    $64, DI
	ADDQ    $64, SI
	SUBQ    $16, CX
	JGE     loop

rest:
	ADDQ $8, CX
	JLT  last

vector:
	VMOVUPS (SI), Y0
	VMOVUPS (DI), Y2
	VADDPS  Y2, Y0, Y0 // src + dst
	VMOVUPS Y0, (DI)
	ADDQ    $32, DI
	ADDQ    $32, SI
	SUBQ    $8, CX
	JGE     vector

last:
	ADDQ       $8, CX
	JEQ        done
	TAILMASK256(Y11)
	VMASKMOVPS (SI), Y11, Y0
	VMASKMOVPS (DI), Y11, Y2
	VADDPS     Y2, Y0, Y0    // src + dst
	VMASKMOVPS Y0, Y11, (DI)

done:
	VZEROUPPER
	RET

// func addScalarF32AVX2(dst []float32, v float32)
TEXT ·addScalarF32AVX2(SB), NOSPLIT, $0-28
	MOVQ         dst_base+0(FP), DI
	MOVQ         dst_len+8(FP), CX
	VBROADCASTSS v+24(FP), Y12
	SUBQ         $16, CX
	JLT          rest

loop:
	VMOVUPS (DI), Y0
	VMOVUPS 32(DI), Y1
	VADDPS  Y12, Y0, Y0
	VADDPS  Y12, Y1, Y1
	VMOVUPS Y0, (DI)
	VMOVUPS Y1, 32(DI)
	ADDQ    $64, DI
	SUBQ    $16, CX
	JGE     loop

rest:
	ADDQ $8, CX
	JLT  last

vector:
	VMOVUPS (DI), Y0
	VADDPS  Y12, Y0, Y0
	VMOVUPS Y0, (DI)
	ADDQ    $32, DI
	SUBQ    $8, CX
	JGE     vector

last:
	ADDQ       $8, CX
	JEQ        done
	TAILMASK256(Y11)
	VMASKMOVPS (DI), Y11, Y0
	VADDPS     Y12, Y0, Y0
	VMASKMOVPS Y0, Y11, (DI)

done:
	VZEROUPPER
	RET

// func addReluF32AVX2(dst, src []float32)
TEXT ·addReluF32AVX2(SB), NOSPLIT, $0-48
	MOVQ   dst_base+0(FP), DI
	MOVQ   dst_len+8(FP), CX
	MOVQ   src_base+24(FP), SI
	VXORPS Y15, Y15, Y15
	SUBQ   $16, CX
	JLT    rest

loop:
	VMOVUPS (SI), Y0
	VMOVUPS 32(SI), Y1
	VMOVUPS (DI), Y2
	VMOVUPS 32(DI), Y3
	VADDPS  Y2, Y0, Y0
	VADDPS  Y3, Y1, Y1
	VMAXPS  Y15, Y0, Y0 // x > 0 ? x : the other, +0
	VMAXPS  Y15, Y1, Y1
	VMOVUPS Y0, (DI)
	VMOVUPS Y1, 32(DI)
	ADDQ    $64, DI
	ADDQ    $64, SI
	SUBQ    $16, CX
	JGE     loop

rest:
	ADDQ $8, CX
	JLT  last

vector:
	VMOVUPS (SI), Y0
	VMOVUPS (DI), Y2
	VADDPS  Y2, Y0, Y0
	VMAXPS  Y15, Y0, Y0 // x > 0 ? x : the other, +0
	VMOVUPS Y0, (DI)
	ADDQ    $32, DI
	ADDQ    $32, SI
	SUBQ    $8, CX
	JGE     vector

last:
	ADDQ       $8, CX
	JEQ        done
	TAILMASK256(Y11)
	VMASKMOVPS (SI), Y11, Y0
	VMASKMOVPS (DI), Y11, Y2
	VADDPS     Y2, Y0, Y0
	VMAXPS     Y15, Y0, Y0   // x > 0 ? x : the other, +0
	VMASKMOVPS Y0, Y11, (DI)

done:
	VZEROUPPER
	RET

// func mulF32AVX2(dst, x, y []float32)
TEXT ·mulF32AVX2(SB), NOSPLIT, $0-72
	MOVQ dst_base+0(FP), DI
	MOVQ dst_len+8(FP), CX
	MOVQ x_base+24(FP), SI
	MOVQ y_base+48(FP), DX
	SUBQ $16, CX
	JLT  rest

loop:
	VMOVUPS (SI), Y0
	VMOVUPS 32(SI), Y1
	VMOVUPS (DX), Y2
	VMOVUPS 32(DX), Y3
	VMULPS  Y2, Y0, Y0
	VMULPS  Y3, Y1, Y1
	VMOVUPS Y0, (DI)
	VMOVUPS Y1, 32(DI)
	ADDQ    $64, DI
	ADDQ    $64, SI
	ADDQ    $64, DX
	SUBQ    $16, CX
	JGE     loop

rest:
	ADDQ $8, CX
	JLT  last

vector:
	VMOVUPS (SI), Y0
	VMOVUPS (DX), Y2
	VMULPS  Y2, Y0, Y0
	VMOVUPS Y0, (DI)
	ADDQ    $32, DI
	ADDQ    $32, SI
	ADDQ    $32, DX
	SUBQ    $8, CX
	JGE     vector

last:
	ADDQ       $8, CX
	JEQ        done
	TAILMASK256(Y11)
	VMASKMOVPS (SI), Y11, Y0
	VMASKMOVPS (DX), Y11, Y2
	VMULPS     Y2, Y0, Y0
	VMASKMOVPS Y0, Y11, (DI)

done:
	VZEROUPPER
	RET

// func scaleF32AVX2(dst []float32, v float32)
TEXT ·scaleF32AVX2(SB), NOSPLIT, $0-28
	MOVQ         dst_base+0(FP), DI
	MOVQ         dst_len+8(FP), CX
	VBROADCASTSS v+24(FP), Y12
	SUBQ         $16, CX
	JLT          rest

loop:
	VMOVUPS (DI), Y0
	VMOVUPS 32(DI), Y1
	VMULPS  Y12, Y0, Y0
	VMULPS  Y12, Y1, Y1
	VMOVUPS Y0, (DI)
	VMOVUPS Y1, 32(DI)
	ADDQ    $64, DI
	SUBQ    $16, CX
	JGE     loop

rest:
	ADDQ $8, CX
	JLT  last

vector:
	VMOVUPS (DI), Y0
	VMULPS  Y12, Y0, Y0
	VMOVUPS Y0, (DI)
	ADDQ    $32, DI
	SUBQ    $8, CX
	JGE     vector

last:
	ADDQ       $8, CX
	JEQ        done
	TAILMASK256(Y11)
	VMASKMOVPS (DI), Y11, Y0
	VMULPS     Y12, Y0, Y0
	VMASKMOVPS Y0, Y11, (DI)

done:
	VZEROUPPER
	RET

// func fillF32AVX2(dst []float32, v float32)
TEXT ·fillF32AVX2(SB), NOSPLIT, $0-28
	MOVQ         dst_base+0(FP), DI
	MOVQ         dst_len+8(FP), CX
	VBROADCASTSS v+24(FP), Y12
	SUBQ         $16, CX
	JLT          rest

loop:
	VMOVAPS Y12, Y0
	VMOVAPS Y12, Y1
	VMOVUPS Y0, (DI)
	VMOVUPS Y1, 32(DI)
	ADDQ    $64, DI
	SUBQ    $16, CX
	JGE     loop

rest:
	ADDQ $8, CX
	JLT  last

vector:
	VMOVAPS Y12, Y0
	VMOVUPS Y0, (DI)
	ADDQ    $32, DI
	SUBQ    $8, CX
	JGE     vector

last:
	ADDQ       $8, CX
	JEQ        done
	TAILMASK256(Y11)
	VMOVAPS    Y12, Y0
	VMASKMOVPS Y0, Y11, (DI)

done:
	VZEROUPPER
	RET

// func sgdF32AVX2(w, v, g []float32, lr, mu, wd float32)
TEXT ·sgdF32AVX2(SB), NOSPLIT, $0-84
	MOVQ         w_base+0(FP), DI
	MOVQ         w_len+8(FP), CX
	MOVQ         v_base+24(FP), SI
	MOVQ         g_base+48(FP), DX
	VBROADCASTSS lr+72(FP), Y12
	VBROADCASTSS mu+76(FP), Y13
	VBROADCASTSS wd+80(FP), Y14
	SUBQ         $16, CX
	JLT          rest

loop:
	VMOVUPS      (DI), Y0
	VMOVUPS      32(DI), Y1
	VMOVUPS      (DX), Y2
	VMOVUPS      32(DX), Y3
	VFMADD231PS  Y0, Y14, Y2 // g + wd*w
	VFMADD231PS  Y1, Y14, Y3
	VMOVUPS      (SI), Y4
	VMOVUPS      32(SI), Y5
	VFMADD231PS  Y4, Y13, Y2 // + mu*v
	VFMADD231PS  Y5, Y13, Y3
	VMOVUPS      Y2, (SI)
	VMOVUPS      Y3, 32(SI)
	VFNMADD231PS Y2, Y12, Y0 // w - lr*v
	VFNMADD231PS Y3, Y12, Y1
	VMOVUPS      Y0, (DI)
	VMOVUPS      Y1, 32(DI)
	ADDQ         $64, DI
	ADDQ         $64, SI
	ADDQ         $64, DX
	SUBQ         $16, CX
	JGE          loop

rest:
	ADDQ $8, CX
	JLT  last

vector:
	VMOVUPS      (DI), Y0
	VMOVUPS      (DX), Y2
	VFMADD231PS  Y0, Y14, Y2 // g + wd*w
	VMOVUPS      (SI), Y4
	VFMADD231PS  Y4, Y13, Y2 // + mu*v
	VMOVUPS      Y2, (SI)
	VFNMADD231PS Y2, Y12, Y0 // w - lr*v
	VMOVUPS      Y0, (DI)
	ADDQ         $32, DI
	ADDQ         $32, SI
	ADDQ         $32, DX
	SUBQ         $8, CX
	JGE          vector

last:
	ADDQ         $8, CX
	JEQ          done
	TAILMASK256(Y11)
	VMASKMOVPS   (DI), Y11, Y0
	VMASKMOVPS   (DX), Y11, Y2
	VFMADD231PS  Y0, Y14, Y2   // g + wd*w
	VMASKMOVPS   (SI), Y11, Y4
	VFMADD231PS  Y4, Y13, Y2   // + mu*v
	VMASKMOVPS   Y2, Y11, (SI)
	VFNMADD231PS Y2, Y12, Y0   // w - lr*v
	VMASKMOVPS   Y0, Y11, (DI)

done:
	VZEROUPPER
	RET
