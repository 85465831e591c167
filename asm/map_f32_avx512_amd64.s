//go:build !noasm

#include "textflag.h"
#include "tail_amd64.h"

// Element-wise kernels of the AVX-512 path: sums, products, fill and the step of SGD.
// Need AVX512F. 32 elements at a time, then 16, then the rest under a mask:
// nothing outside the slices is touched, and elements do not depend on each other.
//
//	CX        elements left, less those of the loop at hand
//	DI        the first slice; SI, DX the others
//	Z0 to Z5   values; K2, K3 a comparison, K1 the mask of the rest
//	Z28 to Z31 constants

// func addF32AVX512(dst, src []float32)
TEXT ·addF32AVX512(SB), NOSPLIT, $0-48
	MOVQ dst_base+0(FP), DI
	MOVQ dst_len+8(FP), CX
	MOVQ src_base+24(FP), SI
	SUBQ $32, CX
	JLT  rest

loop:
	VMOVUPS (SI), Z0
	VMOVUPS 64(SI), Z1
	VMOVUPS (DI), Z2
	VMOVUPS 64(DI), Z3
	VADDPS  Z2, Z0, Z0 // src + dst
	VADDPS  Z3, Z1, Z1
	VMOVUPS Z0, (DI)
	VMOVUPS Z1, 64(DI)
	ADDQ    $128, DI
	ADDQ    $128, SI
	SUBQ    $32, CX
	JGE     loop

rest:
	ADDQ $16, CX
	JLT  last

vector:
	VMOVUPS (SI), Z0
	VMOVUPS (DI), Z2
	VADDPS  Z2, Z0, Z0 // src + dst
	VMOVUPS Z0, (DI)
	ADDQ    $64, DI
	ADDQ    $64, SI
	SUBQ    $16, CX
	JGE     vector

last:
	ADDQ      $16, CX
	JEQ       done
	TAILMASK512
	VMOVUPS.Z (SI), K1, Z0
	VMOVUPS.Z (DI), K1, Z2
	VADDPS    Z2, Z0, Z0   // src + dst
	VMOVUPS   Z0, K1, (DI)

done:
	VZEROUPPER
	RET

// func addScalarF32AVX512(dst []float32, v float32)
TEXT ·addScalarF32AVX512(SB), NOSPLIT, $0-28
	MOVQ         dst_base+0(FP), DI
	MOVQ         dst_len+8(FP), CX
	VBROADCASTSS v+24(FP), Z28
	SUBQ         $32, CX
	JLT          rest

loop:
	VMOVUPS (DI), Z0
	VMOVUPS 64(DI), Z1
	VADDPS  Z28, Z0, Z0
	VADDPS  Z28, Z1, Z1
	VMOVUPS Z0, (DI)
	VMOVUPS Z1, 64(DI)
	ADDQ    $128, DI
	SUBQ    $32, CX
	JGE     loop

rest:
	ADDQ $16, CX
	JLT  last

vector:
	VMOVUPS (DI), Z0
	VADDPS  Z28, Z0, Z0
	VMOVUPS Z0, (DI)
	ADDQ    $64, DI
	SUBQ    $16, CX
	JGE     vector

last:
	ADDQ      $16, CX
	JEQ       done
	TAILMASK512
	VMOVUPS.Z (DI), K1, Z0
	VADDPS    Z28, Z0, Z0
	VMOVUPS   Z0, K1, (DI)

done:
	VZEROUPPER
	RET

// func addReluF32AVX512(dst, src []float32)
TEXT ·addReluF32AVX512(SB), NOSPLIT, $0-48
	MOVQ   dst_base+0(FP), DI
	MOVQ   dst_len+8(FP), CX
	MOVQ   src_base+24(FP), SI
	VPXORD Z31, Z31, Z31
	SUBQ   $32, CX
	JLT    rest

loop:
	VMOVUPS (SI), Z0
	VMOVUPS 64(SI), Z1
	VMOVUPS (DI), Z2
	VMOVUPS 64(DI), Z3
	VADDPS  Z2, Z0, Z0
	VADDPS  Z3, Z1, Z1
	VMAXPS  Z31, Z0, Z0 // x > 0 ? x : the other, +0
	VMAXPS  Z31, Z1, Z1
	VMOVUPS Z0, (DI)
	VMOVUPS Z1, 64(DI)
	ADDQ    $128, DI
	ADDQ    $128, SI
	SUBQ    $32, CX
	JGE     loop

rest:
	ADDQ $16, CX
	JLT  last

vector:
	VMOVUPS (SI), Z0
	VMOVUPS (DI), Z2
	VADDPS  Z2, Z0, Z0
	VMAXPS  Z31, Z0, Z0 // x > 0 ? x : the other, +0
	VMOVUPS Z0, (DI)
	ADDQ    $64, DI
	ADDQ    $64, SI
	SUBQ    $16, CX
	JGE     vector

last:
	ADDQ      $16, CX
	JEQ       done
	TAILMASK512
	VMOVUPS.Z (SI), K1, Z0
	VMOVUPS.Z (DI), K1, Z2
	VADDPS    Z2, Z0, Z0
	VMAXPS    Z31, Z0, Z0  // x > 0 ? x : the other, +0
	VMOVUPS   Z0, K1, (DI)

done:
	VZEROUPPER
	RET

// func mulF32AVX512(dst, x, y []float32)
TEXT ·mulF32AVX512(SB), NOSPLIT, $0-72
	MOVQ dst_base+0(FP), DI
	MOVQ dst_len+8(FP), CX
	MOVQ x_base+24(FP), SI
	MOVQ y_base+48(FP), DX
	SUBQ $32, CX
	JLT  rest

loop:
	VMOVUPS (SI), Z0
	VMOVUPS 64(SI), Z1
	VMOVUPS (DX), Z2
	VMOVUPS 64(DX), Z3
	VMULPS  Z2, Z0, Z0
	VMULPS  Z3, Z1, Z1
	VMOVUPS Z0, (DI)
	VMOVUPS Z1, 64(DI)
	ADDQ    $128, DI
	ADDQ    $128, SI
	ADDQ    $128, DX
	SUBQ    $32, CX
	JGE     loop

rest:
	ADDQ $16, CX
	JLT  last

vector:
	VMOVUPS (SI), Z0
	VMOVUPS (DX), Z2
	VMULPS  Z2, Z0, Z0
	VMOVUPS Z0, (DI)
	ADDQ    $64, DI
	ADDQ    $64, SI
	ADDQ    $64, DX
	SUBQ    $16, CX
	JGE     vector

last:
	ADDQ      $16, CX
	JEQ       done
	TAILMASK512
	VMOVUPS.Z (SI), K1, Z0
	VMOVUPS.Z (DX), K1, Z2
	VMULPS    Z2, Z0, Z0
	VMOVUPS   Z0, K1, (DI)

done:
	VZEROUPPER
	RET

// func scaleF32AVX512(dst []float32, v float32)
TEXT ·scaleF32AVX512(SB), NOSPLIT, $0-28
	MOVQ         dst_base+0(FP), DI
	MOVQ         dst_len+8(FP), CX
	VBROADCASTSS v+24(FP), Z28
	SUBQ         $32, CX
	JLT          rest

loop:
	VMOVUPS (DI), Z0
	VMOVUPS 64(DI), Z1
	VMULPS  Z28, Z0, Z0
	VMULPS  Z28, Z1, Z1
	VMOVUPS Z0, (DI)
	VMOVUPS Z1, 64(DI)
	ADDQ    $128, DI
	SUBQ    $32, CX
	JGE     loop

rest:
	ADDQ $16, CX
	JLT  last

vector:
	VMOVUPS (DI), Z0
	VMULPS  Z28, Z0, Z0
	VMOVUPS Z0, (DI)
	ADDQ    $64, DI
	SUBQ    $16, CX
	JGE     vector

last:
	ADDQ      $16, CX
	JEQ       done
	TAILMASK512
	VMOVUPS.Z (DI), K1, Z0
	VMULPS    Z28, Z0, Z0
	VMOVUPS   Z0, K1, (DI)

done:
	VZEROUPPER
	RET

// func fillF32AVX512(dst []float32, v float32)
TEXT ·fillF32AVX512(SB), NOSPLIT, $0-28
	MOVQ         dst_base+0(FP), DI
	MOVQ         dst_len+8(FP), CX
	VBROADCASTSS v+24(FP), Z28
	SUBQ         $32, CX
	JLT          rest

loop:
	VMOVAPS Z28, Z0
	VMOVAPS Z28, Z1
	VMOVUPS Z0, (DI)
	VMOVUPS Z1, 64(DI)
	ADDQ    $128, DI
	SUBQ    $32, CX
	JGE     loop

rest:
	ADDQ $16, CX
	JLT  last

vector:
	VMOVAPS Z28, Z0
	VMOVUPS Z0, (DI)
	ADDQ    $64, DI
	SUBQ    $16, CX
	JGE     vector

last:
	ADDQ    $16, CX
	JEQ     done
	TAILMASK512
	VMOVAPS Z28, Z0
	VMOVUPS Z0, K1, (DI)

done:
	VZEROUPPER
	RET

// func sgdF32AVX512(w, v, g []float32, lr, mu, wd float32)
TEXT ·sgdF32AVX512(SB), NOSPLIT, $0-84
	MOVQ         w_base+0(FP), DI
	MOVQ         w_len+8(FP), CX
	MOVQ         v_base+24(FP), SI
	MOVQ         g_base+48(FP), DX
	VBROADCASTSS lr+72(FP), Z28
	VBROADCASTSS mu+76(FP), Z29
	VBROADCASTSS wd+80(FP), Z30
	SUBQ         $32, CX
	JLT          rest

loop:
	VMOVUPS      (DI), Z0
	VMOVUPS      64(DI), Z1
	VMOVUPS      (DX), Z2
	VMOVUPS      64(DX), Z3
	VFMADD231PS  Z0, Z30, Z2 // g + wd*w
	VFMADD231PS  Z1, Z30, Z3
	VMOVUPS      (SI), Z4
	VMOVUPS      64(SI), Z5
	VFMADD231PS  Z4, Z29, Z2 // + mu*v
	VFMADD231PS  Z5, Z29, Z3
	VMOVUPS      Z2, (SI)
	VMOVUPS      Z3, 64(SI)
	VFNMADD231PS Z2, Z28, Z0 // w - lr*v
	VFNMADD231PS Z3, Z28, Z1
	VMOVUPS      Z0, (DI)
	VMOVUPS      Z1, 64(DI)
	ADDQ         $128, DI
	ADDQ         $128, SI
	ADDQ         $128, DX
	SUBQ         $32, CX
	JGE          loop

rest:
	ADDQ $16, CX
	JLT  last

vector:
	VMOVUPS      (DI), Z0
	VMOVUPS      (DX), Z2
	VFMADD231PS  Z0, Z30, Z2 // g + wd*w
	VMOVUPS      (SI), Z4
	VFMADD231PS  Z4, Z29, Z2 // + mu*v
	VMOVUPS      Z2, (SI)
	VFNMADD231PS Z2, Z28, Z0 // w - lr*v
	VMOVUPS      Z0, (DI)
	ADDQ         $64, DI
	ADDQ         $64, SI
	ADDQ         $64, DX
	SUBQ         $16, CX
	JGE          vector

last:
	ADDQ         $16, CX
	JEQ          done
	TAILMASK512
	VMOVUPS.Z    (DI), K1, Z0
	VMOVUPS.Z    (DX), K1, Z2
	VFMADD231PS  Z0, Z30, Z2  // g + wd*w
	VMOVUPS.Z    (SI), K1, Z4
	VFMADD231PS  Z4, Z29, Z2  // + mu*v
	VMOVUPS      Z2, K1, (SI)
	VFNMADD231PS Z2, Z28, Z0  // w - lr*v
	VMOVUPS      Z0, K1, (DI)

done:
	VZEROUPPER
	RET
