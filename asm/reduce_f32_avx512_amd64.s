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

// sumPlanes4F32AVX512 sums four planes side by side: a short one alone would wait for its
// own additions. Planes have at least one element.
//
//	CX  elements left, less those of the loop at hand; R11 of a plane
//	SI  a plane; R9, R10 one and three planes in bytes; AX fours left; DI sums
//	Z0 to Z3  lanes; Z4 to Z7 what is between

// TREE4 adds the lanes of Z, of which X and Y are a part, to element 0.
#define TREE4(Z, Y, X, TY, TX) \
	VEXTRACTF64X4 $1, Z, TY   \
	VADDPS        TY, Y, Y    \
	VEXTRACTF128  $1, Y, TX   \
	VADDPS        TX, X, X    \
	VMOVHLPS      X, X, TX    \
	VADDPS        TX, X, X    \
	VMOVSHDUP     X, TX       \
	VADDSS        TX, X, X

// func sumPlanes4F32AVX512(fours int, sums, x *float32, area int)
TEXT ·sumPlanes4F32AVX512(SB), NOSPLIT, $0-32
	MOVQ fours+0(FP), AX
	MOVQ sums+8(FP), DI
	MOVQ x+16(FP), SI
	MOVQ area+24(FP), R11
	LEAQ (R11*4), R9
	LEAQ (R9)(R9*2), R10

four:
	MOVQ   SI, DX
	MOVQ   R11, CX
	VPXORD Z0, Z0, Z0
	VPXORD Z1, Z1, Z1
	VPXORD Z2, Z2, Z2
	VPXORD Z3, Z3, Z3
	SUBQ   $16, CX
	JLT    last

loop:
	VADDPS (DX), Z0, Z0
	VADDPS (DX)(R9*1), Z1, Z1
	VADDPS (DX)(R9*2), Z2, Z2
	VADDPS (DX)(R10*1), Z3, Z3
	ADDQ   $64, DX
	SUBQ   $16, CX
	JGE    loop

last:
	ADDQ      $16, CX
	JEQ       tree
	TAILMASK512
	VMOVUPS.Z (DX), K1, Z4
	VMOVUPS.Z (DX)(R9*1), K1, Z5
	VMOVUPS.Z (DX)(R9*2), K1, Z6
	VMOVUPS.Z (DX)(R10*1), K1, Z7
	VADDPS    Z4, Z0, K1, Z0 // the other lanes stay as they are
	VADDPS    Z5, Z1, K1, Z1
	VADDPS    Z6, Z2, K1, Z2
	VADDPS    Z7, Z3, K1, Z3

tree:
	TREE4(Z0, Y0, X0, Y4, X4)
	TREE4(Z1, Y1, X1, Y5, X5)
	TREE4(Z2, Y2, X2, Y6, X6)
	TREE4(Z3, Y3, X3, Y7, X7)
	VMOVSS X0, (DI)
	VMOVSS X1, 4(DI)
	VMOVSS X2, 8(DI)
	VMOVSS X3, 12(DI)
	ADDQ   $16, DI
	LEAQ   (SI)(R9*4), SI
	DECQ   AX
	JNZ    four
	VZEROUPPER
	RET
