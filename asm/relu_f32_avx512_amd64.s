//go:build !noasm

#include "textflag.h"
#include "tail_amd64.h"

// ReLU, leaky ReLU and the gradients of what is cheap to derive, AVX-512 path.
// Need AVX512F. 32 elements at a time, then 16, then the rest under a mask:
// nothing outside the slices is touched, and elements do not depend on each other.
//
//	CX        elements left, less those of the loop at hand
//	DI        the first slice; SI, DX the others
//	Z0 to Z5   values; K2, K3 a comparison, K1 the mask of the rest
//	Z28 to Z31 constants

// func reluF32AVX512(dst, src []float32)
TEXT ·reluF32AVX512(SB), NOSPLIT, $0-48
	MOVQ   dst_base+0(FP), DI
	MOVQ   dst_len+8(FP), CX
	MOVQ   src_base+24(FP), SI
	VPXORD Z31, Z31, Z31
	SUBQ   $32, CX
	JLT    rest

loop:
	VMOVUPS (SI), Z0
	VMOVUPS 64(SI), Z1
	VMAXPS  Z31, Z0, Z0 // x > 0 ? x : the other, +0, also for NaN and -0
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
	VMAXPS  Z31, Z0, Z0 // x > 0 ? x : the other, +0, also for NaN and -0
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
	VMAXPS    Z31, Z0, Z0  // x > 0 ? x : the other, +0, also for NaN and -0
	VMOVUPS   Z0, K1, (DI)

done:
	VZEROUPPER
	RET

// func reluGradF32AVX512(dx, dy, y []float32)
TEXT ·reluGradF32AVX512(SB), NOSPLIT, $0-72
	MOVQ   dx_base+0(FP), DI
	MOVQ   dx_len+8(FP), CX
	MOVQ   dy_base+24(FP), SI
	MOVQ   y_base+48(FP), DX
	VPXORD Z31, Z31, Z31
	SUBQ   $32, CX
	JLT    rest

loop:
	VMOVUPS   (DX), Z0
	VMOVUPS   64(DX), Z1
	VCMPPS    $0x1e, Z31, Z0, K2 // y > 0, false for NaN
	VCMPPS    $0x1e, Z31, Z1, K3
	VMOVUPS   (SI), Z2
	VMOVUPS   64(SI), Z3
	VMOVAPS.Z Z2, K2, Z0         // dy where true, else +0
	VMOVAPS.Z Z3, K3, Z1
	VMOVUPS   Z0, (DI)
	VMOVUPS   Z1, 64(DI)
	ADDQ      $128, DI
	ADDQ      $128, SI
	ADDQ      $128, DX
	SUBQ      $32, CX
	JGE       loop

rest:
	ADDQ $16, CX
	JLT  last

vector:
	VMOVUPS   (DX), Z0
	VCMPPS    $0x1e, Z31, Z0, K2 // y > 0, false for NaN
	VMOVUPS   (SI), Z2
	VMOVAPS.Z Z2, K2, Z0         // dy where true, else +0
	VMOVUPS   Z0, (DI)
	ADDQ      $64, DI
	ADDQ      $64, SI
	ADDQ      $64, DX
	SUBQ      $16, CX
	JGE       vector

last:
	ADDQ      $16, CX
	JEQ       done
	TAILMASK512
	VMOVUPS.Z (DX), K1, Z0
	VCMPPS    $0x1e, Z31, Z0, K2 // y > 0, false for NaN
	VMOVUPS.Z (SI), K1, Z2
	VMOVAPS.Z Z2, K2, Z0         // dy where true, else +0
	VMOVUPS   Z0, K1, (DI)

done:
	VZEROUPPER
	RET

// func leakyReluF32AVX512(dst, src []float32, slope float32)
TEXT ·leakyReluF32AVX512(SB), NOSPLIT, $0-52
	MOVQ         dst_base+0(FP), DI
	MOVQ         dst_len+8(FP), CX
	MOVQ         src_base+24(FP), SI
	VBROADCASTSS slope+48(FP), Z28
	VPXORD       Z31, Z31, Z31
	SUBQ         $32, CX
	JLT          rest

loop:
	VMOVUPS (SI), Z0
	VMOVUPS 64(SI), Z1
	VMULPS  Z28, Z0, Z2
	VMULPS  Z28, Z1, Z3
	VCMPPS  $0x1e, Z31, Z0, K2 // x > 0, false for NaN
	VCMPPS  $0x1e, Z31, Z1, K3
	VMOVAPS Z0, K2, Z2         // x where true
	VMOVAPS Z1, K3, Z3
	VMOVUPS Z2, (DI)
	VMOVUPS Z3, 64(DI)
	ADDQ    $128, DI
	ADDQ    $128, SI
	SUBQ    $32, CX
	JGE     loop

rest:
	ADDQ $16, CX
	JLT  last

vector:
	VMOVUPS (SI), Z0
	VMULPS  Z28, Z0, Z2
	VCMPPS  $0x1e, Z31, Z0, K2 // x > 0, false for NaN
	VMOVAPS Z0, K2, Z2         // x where true
	VMOVUPS Z2, (DI)
	ADDQ    $64, DI
	ADDQ    $64, SI
	SUBQ    $16, CX
	JGE     vector

last:
	ADDQ      $16, CX
	JEQ       done
	TAILMASK512
	VMOVUPS.Z (SI), K1, Z0
	VMULPS    Z28, Z0, Z2
	VCMPPS    $0x1e, Z31, Z0, K2 // x > 0, false for NaN
	VMOVAPS   Z0, K2, Z2         // x where true
	VMOVUPS   Z2, K1, (DI)

done:
	VZEROUPPER
	RET

// func leakyReluGradF32AVX512(dx, dy, y []float32, slope float32)
TEXT ·leakyReluGradF32AVX512(SB), NOSPLIT, $0-76
	MOVQ         dx_base+0(FP), DI
	MOVQ         dx_len+8(FP), CX
	MOVQ         dy_base+24(FP), SI
	MOVQ         y_base+48(FP), DX
	VBROADCASTSS slope+72(FP), Z28
	VPXORD       Z31, Z31, Z31
	SUBQ         $32, CX
	JLT          rest

loop:
	VMOVUPS (DX), Z0
	VMOVUPS 64(DX), Z1
	VCMPPS  $0x1e, Z31, Z0, K2 // y > 0, false for NaN
	VCMPPS  $0x1e, Z31, Z1, K3
	VMOVUPS (SI), Z0
	VMOVUPS 64(SI), Z1
	VMULPS  Z28, Z0, Z2
	VMULPS  Z28, Z1, Z3
	VMOVAPS Z0, K2, Z2         // dy where true
	VMOVAPS Z1, K3, Z3
	VMOVUPS Z2, (DI)
	VMOVUPS Z3, 64(DI)
	ADDQ    $128, DI
	ADDQ    $128, SI
	ADDQ    $128, DX
	SUBQ    $32, CX
	JGE     loop

rest:
	ADDQ $16, CX
	JLT  last

vector:
	VMOVUPS (DX), Z0
	VCMPPS  $0x1e, Z31, Z0, K2 // y > 0, false for NaN
	VMOVUPS (SI), Z0
	VMULPS  Z28, Z0, Z2
	VMOVAPS Z0, K2, Z2         // dy where true
	VMOVUPS Z2, (DI)
	ADDQ    $64, DI
	ADDQ    $64, SI
	ADDQ    $64, DX
	SUBQ    $16, CX
	JGE     vector

last:
	ADDQ      $16, CX
	JEQ       done
	TAILMASK512
	VMOVUPS.Z (DX), K1, Z0
	VCMPPS    $0x1e, Z31, Z0, K2 // y > 0, false for NaN
	VMOVUPS.Z (SI), K1, Z0
	VMULPS    Z28, Z0, Z2
	VMOVAPS   Z0, K2, Z2         // dy where true
	VMOVUPS   Z2, K1, (DI)

done:
	VZEROUPPER
	RET

// func sigmoidGradF32AVX512(dx, dy, y []float32)
TEXT ·sigmoidGradF32AVX512(SB), NOSPLIT, $0-72
	MOVQ         dx_base+0(FP), DI
	MOVQ         dx_len+8(FP), CX
	MOVQ         dy_base+24(FP), SI
	MOVQ         y_base+48(FP), DX
	VBROADCASTSS ·one32(SB), Z31
	SUBQ         $32, CX
	JLT          rest

loop:
	VMOVUPS (DX), Z0
	VMOVUPS 64(DX), Z1
	VMOVUPS (SI), Z2
	VMOVUPS 64(SI), Z3
	VSUBPS  Z0, Z31, Z4 // 1 - y
	VSUBPS  Z1, Z31, Z5
	VMULPS  Z4, Z0, Z0
	VMULPS  Z5, Z1, Z1
	VMULPS  Z0, Z2, Z2
	VMULPS  Z1, Z3, Z3
	VMOVUPS Z2, (DI)
	VMOVUPS Z3, 64(DI)
	ADDQ    $128, DI
	ADDQ    $128, SI
	ADDQ    $128, DX
	SUBQ    $32, CX
	JGE     loop

rest:
	ADDQ $16, CX
	JLT  last

vector:
	VMOVUPS (DX), Z0
	VMOVUPS (SI), Z2
	VSUBPS  Z0, Z31, Z4 // 1 - y
	VMULPS  Z4, Z0, Z0
	VMULPS  Z0, Z2, Z2
	VMOVUPS Z2, (DI)
	ADDQ    $64, DI
	ADDQ    $64, SI
	ADDQ    $64, DX
	SUBQ    $16, CX
	JGE     vector

last:
	ADDQ      $16, CX
	JEQ       done
	TAILMASK512
	VMOVUPS.Z (DX), K1, Z0
	VMOVUPS.Z (SI), K1, Z2
	VSUBPS    Z0, Z31, Z4  // 1 - y
	VMULPS    Z4, Z0, Z0
	VMULPS    Z0, Z2, Z2
	VMOVUPS   Z2, K1, (DI)

done:
	VZEROUPPER
	RET

// func tanhGradF32AVX512(dx, dy, y []float32)
TEXT ·tanhGradF32AVX512(SB), NOSPLIT, $0-72
	MOVQ         dx_base+0(FP), DI
	MOVQ         dx_len+8(FP), CX
	MOVQ         dy_base+24(FP), SI
	MOVQ         y_base+48(FP), DX
	VBROADCASTSS ·one32(SB), Z31
	SUBQ         $32, CX
	JLT          rest

loop:
	VMOVUPS      (DX), Z0
	VMOVUPS      64(DX), Z1
	VMOVUPS      (SI), Z2
	VMOVUPS      64(SI), Z3
	VMOVAPS      Z31, Z4
	VMOVAPS      Z31, Z5
	VFNMADD231PS Z0, Z0, Z4 // 1 - y*y
	VFNMADD231PS Z1, Z1, Z5
	VMULPS       Z4, Z2, Z2
	VMULPS       Z5, Z3, Z3
	VMOVUPS      Z2, (DI)
	VMOVUPS      Z3, 64(DI)
	ADDQ         $128, DI
	ADDQ         $128, SI
	ADDQ         $128, DX
	SUBQ         $32, CX
	JGE          loop

rest:
	ADDQ $16, CX
	JLT  last

vector:
	VMOVUPS      (DX), Z0
	VMOVUPS      (SI), Z2
	VMOVAPS      Z31, Z4
	VFNMADD231PS Z0, Z0, Z4 // 1 - y*y
	VMULPS       Z4, Z2, Z2
	VMOVUPS      Z2, (DI)
	ADDQ         $64, DI
	ADDQ         $64, SI
	ADDQ         $64, DX
	SUBQ         $16, CX
	JGE          vector

last:
	ADDQ         $16, CX
	JEQ          done
	TAILMASK512
	VMOVUPS.Z    (DX), K1, Z0
	VMOVUPS.Z    (SI), K1, Z2
	VMOVAPS      Z31, Z4
	VFNMADD231PS Z0, Z0, Z4   // 1 - y*y
	VMULPS       Z4, Z2, Z2
	VMOVUPS      Z2, K1, (DI)

done:
	VZEROUPPER
	RET
