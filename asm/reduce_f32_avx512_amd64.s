//go:build !noasm

#include "textflag.h"
#include "tail_amd64.h"

// Sums over 16 lanes, AVX-512 path. Need AVX512F.
// Element i goes to lane i mod 16; the tree at the end adds lane i+8 to lane i,
// then i+4, i+2, i+1.
//
//	CX     elements left, less those of the loop at hand
//	SI, DX the slices
//	Z0     lanes of float32, or lanes 0 to 7 of float64; Z1 lanes 8 to 15

// func sumF32AVX512(x []float32) float32
TEXT ·sumF32AVX512(SB), NOSPLIT, $0-28
	MOVQ   x_base+0(FP), SI
	MOVQ   x_len+8(FP), CX
	VPXORD Z0, Z0, Z0
	SUBQ   $16, CX
	JLT    last

loop:
	VADDPS (SI), Z0, Z0
	ADDQ   $64, SI
	SUBQ   $16, CX
	JGE    loop

last:
	ADDQ      $16, CX
	JEQ       tree
	TAILMASK512
	VMOVUPS.Z (SI), K1, Z1
	VADDPS    Z1, Z0, K1, Z0 // the other lanes stay as they are

tree:
	VEXTRACTF64X4 $1, Z0, Y1
	VADDPS        Y1, Y0, Y0     // lanes 0 to 7
	VEXTRACTF128  $1, Y0, X1
	VADDPS        X1, X0, X0     // 0 to 3
	VMOVHLPS      X0, X0, X1
	VADDPS        X1, X0, X0     // 0 and 1
	VMOVSHDUP     X0, X1
	VADDSS        X1, X0, X0
	VMOVSS        X0, ret+24(FP)
	VZEROUPPER
	RET

// func sumSquaresF32AVX512(x []float32) float64
TEXT ·sumSquaresF32AVX512(SB), NOSPLIT, $0-32
	MOVQ   x_base+0(FP), SI
	MOVQ   x_len+8(FP), CX
	VPXORD Z0, Z0, Z0
	VPXORD Z1, Z1, Z1
	SUBQ   $16, CX
	JLT    last

loop:
	VCVTPS2PD   (SI), Z2
	VCVTPS2PD   32(SI), Z3
	VFMADD231PD Z2, Z2, Z0
	VFMADD231PD Z3, Z3, Z1
	ADDQ        $64, SI
	SUBQ        $16, CX
	JGE         loop

last:
	ADDQ          $16, CX
	JEQ           tree
	TAILMASK512
	VMOVUPS.Z     (SI), K1, Z4 // zeros change no sum of squares, which is never -0
	VEXTRACTF64X4 $1, Z4, Y5
	VCVTPS2PD     Y4, Z2
	VCVTPS2PD     Y5, Z3
	VFMADD231PD   Z2, Z2, Z0
	VFMADD231PD   Z3, Z3, Z1

tree:
	VADDPD        Z1, Z0, Z0     // lanes 0 to 7
	VEXTRACTF64X4 $1, Z0, Y1
	VADDPD        Y1, Y0, Y0     // 0 to 3
	VEXTRACTF128  $1, Y0, X1
	VADDPD        X1, X0, X0     // 0 and 1
	VUNPCKHPD     X0, X0, X1
	VADDSD        X1, X0, X0
	VMOVSD        X0, ret+24(FP)
	VZEROUPPER
	RET

// func dotF32AVX512(x, y []float32) float64
TEXT ·dotF32AVX512(SB), NOSPLIT, $0-56
	MOVQ   x_base+0(FP), SI
	MOVQ   x_len+8(FP), CX
	MOVQ   y_base+24(FP), DX
	VPXORD Z0, Z0, Z0
	VPXORD Z1, Z1, Z1
	SUBQ   $16, CX
	JLT    last

loop:
	VCVTPS2PD   (SI), Z2
	VCVTPS2PD   32(SI), Z3
	VCVTPS2PD   (DX), Z4
	VCVTPS2PD   32(DX), Z5
	VFMADD231PD Z2, Z4, Z0
	VFMADD231PD Z3, Z5, Z1
	ADDQ        $64, SI
	ADDQ        $64, DX
	SUBQ        $16, CX
	JGE         loop

last:
	ADDQ          $16, CX
	JEQ           tree
	TAILMASK512
	VMOVUPS.Z     (SI), K1, Z4 // zeros: a lane is never -0, since it began as +0
	VMOVUPS.Z     (DX), K1, Z6
	VEXTRACTF64X4 $1, Z4, Y5
	VEXTRACTF64X4 $1, Z6, Y7
	VCVTPS2PD     Y4, Z2
	VCVTPS2PD     Y5, Z3
	VCVTPS2PD     Y6, Z4
	VCVTPS2PD     Y7, Z5
	VFMADD231PD   Z2, Z4, Z0
	VFMADD231PD   Z3, Z5, Z1

tree:
	VADDPD        Z1, Z0, Z0     // lanes 0 to 7
	VEXTRACTF64X4 $1, Z0, Y1
	VADDPD        Y1, Y0, Y0     // 0 to 3
	VEXTRACTF128  $1, Y0, X1
	VADDPD        X1, X0, X0     // 0 and 1
	VUNPCKHPD     X0, X0, X1
	VADDSD        X1, X0, X0
	VMOVSD        X0, ret+48(FP)
	VZEROUPPER
	RET
