//go:build !noasm

#include "textflag.h"
#include "tail_amd64.h"

// ReLU, leaky ReLU and the gradients of what is cheap to derive, AVX2 path.
// Need AVX2; those that multiply and add need FMA3 too. 16 elements at a time, then 8, then the rest under a mask:
// nothing outside the slices is touched, and elements do not depend on each other.
//
//	CX        elements left, less those of the loop at hand
//	DI        the first slice; SI, DX the others
//	Y0 to Y5   values; Y11 the mask of the rest
//	Y12 to Y15 constants

// func reluF32AVX2(dst, src []float32)
TEXT ·reluF32AVX2(SB), NOSPLIT, $0-48
	MOVQ   dst_base+0(FP), DI
	MOVQ   dst_len+8(FP), CX
	MOVQ   src_base+24(FP), SI
	VXORPS Y15, Y15, Y15
	SUBQ   $16, CX
	JLT    rest

loop:
	VMOVUPS (SI), Y0
	VMOVUPS 32(SI), Y1
	VMAXPS  Y15, Y0, Y0 // x > 0 ? x : the other, +0, also for NaN and -0
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
	VMAXPS  Y15, Y0, Y0 // x > 0 ? x : the other, +0, also for NaN and -0
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
	VMAXPS     Y15, Y0, Y0   // x > 0 ? x : the other, +0, also for NaN and -0
	VMASKMOVPS Y0, Y11, (DI)

done:
	VZEROUPPER
	RET

// func reluGradF32AVX2(dx, dy, y []float32)
TEXT ·reluGradF32AVX2(SB), NOSPLIT, $0-72
	MOVQ   dx_base+0(FP), DI
	MOVQ   dx_len+8(FP), CX
	MOVQ   dy_base+24(FP), SI
	MOVQ   y_base+48(FP), DX
	VXORPS Y15, Y15, Y15
	SUBQ   $16, CX
	JLT    rest

loop:
	VMOVUPS (DX), Y0
	VMOVUPS 32(DX), Y1
	VCMPPS  $0x1e, Y15, Y0, Y0 // y > 0, false for NaN
	VCMPPS  $0x1e, Y15, Y1, Y1
	VMOVUPS (SI), Y2
	VMOVUPS 32(SI), Y3
	VANDPS  Y2, Y0, Y0         // dy where true, else +0
	VANDPS  Y3, Y1, Y1
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
	VMOVUPS (DX), Y0
	VCMPPS  $0x1e, Y15, Y0, Y0 // y > 0, false for NaN
	VMOVUPS (SI), Y2
	VANDPS  Y2, Y0, Y0         // dy where true, else +0
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
	VMASKMOVPS (DX), Y11, Y0
	VCMPPS     $0x1e, Y15, Y0, Y0 // y > 0, false for NaN
	VMASKMOVPS (SI), Y11, Y2
	VANDPS     Y2, Y0, Y0         // dy where true, else +0
	VMASKMOVPS Y0, Y11, (DI)

done:
	VZEROUPPER
	RET

// func leakyReluF32AVX2(dst, src []float32, slope float32)
TEXT ·leakyReluF32AVX2(SB), NOSPLIT, $0-52
	MOVQ         dst_base+0(FP), DI
	MOVQ         dst_len+8(FP), CX
	MOVQ         src_base+24(FP), SI
	VBROADCASTSS slope+48(FP), Y12
	VXORPS       Y15, Y15, Y15
	SUBQ         $16, CX
	JLT          rest

loop:
	VMOVUPS   (SI), Y0
	VMOVUPS   32(SI), Y1
	VMULPS    Y12, Y0, Y2
	VMULPS    Y12, Y1, Y3
	VCMPPS    $0x1e, Y15, Y0, Y4 // x > 0, false for NaN
	VCMPPS    $0x1e, Y15, Y1, Y5
	VBLENDVPS Y4, Y0, Y2, Y2     // x where true
	VBLENDVPS Y5, Y1, Y3, Y3
	VMOVUPS   Y2, (DI)
	VMOVUPS   Y3, 32(DI)
	ADDQ      $64, DI
	ADDQ      $64, SI
	SUBQ      $16, CX
	JGE       loop

rest:
	ADDQ $8, CX
	JLT  last

vector:
	VMOVUPS   (SI), Y0
	VMULPS    Y12, Y0, Y2
	VCMPPS    $0x1e, Y15, Y0, Y4 // x > 0, false for NaN
	VBLENDVPS Y4, Y0, Y2, Y2     // x where true
	VMOVUPS   Y2, (DI)
	ADDQ      $32, DI
	ADDQ      $32, SI
	SUBQ      $8, CX
	JGE       vector

last:
	ADDQ       $8, CX
	JEQ        done
	TAILMASK256(Y11)
	VMASKMOVPS (SI), Y11, Y0
	VMULPS     Y12, Y0, Y2
	VCMPPS     $0x1e, Y15, Y0, Y4 // x > 0, false for NaN
	VBLENDVPS  Y4, Y0, Y2, Y2     // x where true
	VMASKMOVPS Y2, Y11, (DI)

done:
	VZEROUPPER
	RET

// func leakyReluGradF32AVX2(dx, dy, y []float32, slope float32)
TEXT ·leakyReluGradF32AVX2(SB), NOSPLIT, $0-76
	MOVQ         dx_base+0(FP), DI
	MOVQ         dx_len+8(FP), CX
	MOVQ         dy_base+24(FP), SI
	MOVQ         y_base+48(FP), DX
	VBROADCASTSS slope+72(FP), Y12
	VXORPS       Y15, Y15, Y15
	SUBQ         $16, CX
	JLT          rest

loop:
	VMOVUPS   (DX), Y0
	VMOVUPS   32(DX), Y1
	VCMPPS    $0x1e, Y15, Y0, Y4 // y > 0, false for NaN
	VCMPPS    $0x1e, Y15, Y1, Y5
	VMOVUPS   (SI), Y0
	VMOVUPS   32(SI), Y1
	VMULPS    Y12, Y0, Y2
	VMULPS    Y12, Y1, Y3
	VBLENDVPS Y4, Y0, Y2, Y2     // dy where true
	VBLENDVPS Y5, Y1, Y3, Y3
	VMOVUPS   Y2, (DI)
	VMOVUPS   Y3, 32(DI)
	ADDQ      $64, DI
	ADDQ      $64, SI
	ADDQ      $64, DX
	SUBQ      $16, CX
	JGE       loop

rest:
	ADDQ $8, CX
	JLT  last

vector:
	VMOVUPS   (DX), Y0
	VCMPPS    $0x1e, Y15, Y0, Y4 // y > 0, false for NaN
	VMOVUPS   (SI), Y0
	VMULPS    Y12, Y0, Y2
	VBLENDVPS Y4, Y0, Y2, Y2     // dy where true
	VMOVUPS   Y2, (DI)
	ADDQ      $32, DI
	ADDQ      $32, SI
	ADDQ      $32, DX
	SUBQ      $8, CX
	JGE       vector

last:
	ADDQ       $8, CX
	JEQ        done
	TAILMASK256(Y11)
	VMASKMOVPS (DX), Y11, Y0
	VCMPPS     $0x1e, Y15, Y0, Y4 // y > 0, false for NaN
	VMASKMOVPS (SI), Y11, Y0
	VMULPS     Y12, Y0, Y2
	VBLENDVPS  Y4, Y0, Y2, Y2     // dy where true
	VMASKMOVPS Y2, Y11, (DI)

done:
	VZEROUPPER
	RET

// func sigmoidGradF32AVX2(dx, dy, y []float32)
TEXT ·sigmoidGradF32AVX2(SB), NOSPLIT, $0-72
	MOVQ         dx_base+0(FP), DI
	MOVQ         dx_len+8(FP), CX
	MOVQ         dy_base+24(FP), SI
	MOVQ         y_base+48(FP), DX
	VBROADCASTSS ·one32(SB), Y15
	SUBQ         $16, CX
	JLT          rest

loop:
	VMOVUPS (DX), Y0
	VMOVUPS 32(DX), Y1
	VMOVUPS (SI), Y2
	VMOVUPS 32(SI), Y3
	VSUBPS  Y0, Y15, Y4 // 1 - y
	VSUBPS  Y1, Y15, Y5
	VMULPS  Y4, Y0, Y0
	VMULPS  Y5, Y1, Y1
	VMULPS  Y0, Y2, Y2
	VMULPS  Y1, Y3, Y3
	VMOVUPS Y2, (DI)
	VMOVUPS Y3, 32(DI)
	ADDQ    $64, DI
	ADDQ    $64, SI
	ADDQ    $64, DX
	SUBQ    $16, CX
	JGE     loop

rest:
	ADDQ $8, CX
	JLT  last

vector:
	VMOVUPS (DX), Y0
	VMOVUPS (SI), Y2
	VSUBPS  Y0, Y15, Y4 // 1 - y
	VMULPS  Y4, Y0, Y0
	VMULPS  Y0, Y2, Y2
	VMOVUPS Y2, (DI)
	ADDQ    $32, DI
	ADDQ    $32, SI
	ADDQ    $32, DX
	SUBQ    $8, CX
	JGE     vector

last:
	ADDQ       $8, CX
	JEQ        done
	TAILMASK256(Y11)
	VMASKMOVPS (DX), Y11, Y0
	VMASKMOVPS (SI), Y11, Y2
	VSUBPS     Y0, Y15, Y4   // 1 - y
	VMULPS     Y4, Y0, Y0
	VMULPS     Y0, Y2, Y2
	VMASKMOVPS Y2, Y11, (DI)

done:
	VZEROUPPER
	RET

// func tanhGradF32AVX2(dx, dy, y []float32)
TEXT ·tanhGradF32AVX2(SB), NOSPLIT, $0-72
	MOVQ         dx_base+0(FP), DI
	MOVQ         dx_len+8(FP), CX
	MOVQ         dy_base+24(FP), SI
	MOVQ         y_base+48(FP), DX
	VBROADCASTSS ·one32(SB), Y15
	SUBQ         $16, CX
	JLT          rest

loop:
	VMOVUPS      (DX), Y0
	VMOVUPS      32(DX), Y1
	VMOVUPS      (SI), Y2
	VMOVUPS      32(SI), Y3
	VMOVAPS      Y15, Y4
	VMOVAPS      Y15, Y5
	VFNMADD231PS Y0, Y0, Y4 // 1 - y*y
	VFNMADD231PS Y1, Y1, Y5
	VMULPS       Y4, Y2, Y2
	VMULPS       Y5, Y3, Y3
	VMOVUPS      Y2, (DI)
	VMOVUPS      Y3, 32(DI)
	ADDQ         $64, DI
	ADDQ         $64, SI
	ADDQ         $64, DX
	SUBQ         $16, CX
	JGE          loop

rest:
	ADDQ $8, CX
	JLT  last

vector:
	VMOVUPS      (DX), Y0
	VMOVUPS      (SI), Y2
	VMOVAPS      Y15, Y4
	VFNMADD231PS Y0, Y0, Y4 // 1 - y*y
	VMULPS       Y4, Y2, Y2
	VMOVUPS      Y2, (DI)
	ADDQ         $32, DI
	ADDQ         $32, SI
	ADDQ         $32, DX
	SUBQ         $8, CX
	JGE          vector

last:
	ADDQ         $8, CX
	JEQ          done
	TAILMASK256(Y11)
	VMASKMOVPS   (DX), Y11, Y0
	VMASKMOVPS   (SI), Y11, Y2
	VMOVAPS      Y15, Y4
	VFNMADD231PS Y0, Y0, Y4    // 1 - y*y
	VMULPS       Y4, Y2, Y2
	VMASKMOVPS   Y2, Y11, (DI)

done:
	VZEROUPPER
	RET
