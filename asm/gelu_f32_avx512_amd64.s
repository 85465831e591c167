//go:build !noasm

#include "textflag.h"
#include "tail_amd64.h"

// GELU and its gradient, AVX-512 path: the results of generic_act.go to the bit. Needs AVX512F. 16
// elements at a time, the rest under a mask; elements do not depend on each other.
//
//	CX     elements left, less the 16 at hand
//	DI     the result; SI, DX further operands
//	Z8     x, then the result; Z9 dy
//	Z0 to Z7 values under way
//	Z10 to Z31 constants; K1 the mask of the rest, K2 a comparison
//
// All constants stay in registers: of loads the core has fewer under way than of
// other instructions, which lets it look less far ahead in the arrays.

// The places of the constants.
#define ONE ·actF32+60(SB)
#define TOP ·actF32+68(SB)
#define TMAGIC ·tailF32+0(SB)
#define TLOG ·tailF32+4(SB)
#define TLN2HI ·tailF32+8(SB)
#define TLN2LO ·tailF32+12(SB)
#define DENSITY ·tailF32+16(SB)
#define UP64 ·tailF32+20(SB)
#define TAILE(i) ·tailF32+24+4*i(SB)
#define TAILP(i) ·tailF32+36+4*i(SB)
#define TAILQ(i) ·tailF32+52+4*i(SB)

// TAIL leaves v in Z5, e in Z3 and r in Z7 as tail32 does, for x in Z8. v is scaled as an
// integer: what becomes of 0 is nothing beside the sum.
#define TAIL \
	VPORD        Z8, Z28, Z5  \
	VMAXPS       Z5, Z29, Z5  \
	VMULPS       Z5, Z5, Z1   \
	VPADDD       Z26, Z5, Z7  \
	VADDPS       Z10, Z5, Z6  \
	VADDPS       Z14, Z7, Z7  \
	VFMADD132PS  Z19, Z30, Z1 \
	VFMADD213PS  Z15, Z5, Z7  \
	VFMADD213PS  Z11, Z5, Z6  \
	VSUBPS       Z30, Z1, Z2  \
	VFMADD213PS  Z16, Z5, Z7  \
	VMULPS       Z20, Z2, Z0  \
	VFMADD213PS  Z12, Z5, Z6  \
	VFMADD213PS  Z17, Z5, Z7  \
	VFMADD231PS  Z5, Z5, Z0   \
	VFMADD213PS  Z13, Z5, Z6  \
	VFMADD231PS  Z21, Z2, Z0  \
	VFMADD213PS  Z18, Z5, Z7  \
	VADDPS       Z22, Z0, Z3  \
	VDIVPS       Z7, Z6, Z7   \
	VFMADD213PS  Z23, Z0, Z3  \
	VPERMPS      Z25, Z1, Z2  \
	VPSLLD       $20, Z1, Z1  \
	VPADDD       Z1, Z2, Z2   \
	VFMADD213PS  Z24, Z0, Z3  \
	VMULPS       Z2, Z3, Z3

// TAILCONST loads the constants of TAIL.
#define TAILCONST \
	VBROADCASTSS TAILP(0), Z10        \
	VBROADCASTSS TAILP(1), Z11        \
	VBROADCASTSS TAILP(2), Z12        \
	VBROADCASTSS TAILP(3), Z13        \
	VBROADCASTSS TAILQ(0), Z14        \
	VBROADCASTSS TAILQ(1), Z15        \
	VBROADCASTSS TAILQ(2), Z16        \
	VBROADCASTSS TAILQ(3), Z17        \
	VBROADCASTSS TAILQ(4), Z18        \
	VBROADCASTSS TLOG, Z19            \
	VBROADCASTSS TLN2HI, Z20          \
	VBROADCASTSS TLN2LO, Z21          \
	VBROADCASTSS TAILE(0), Z22        \
	VBROADCASTSS TAILE(1), Z23        \
	VBROADCASTSS TAILE(2), Z24        \
	VMOVUPS      ·tailPow(SB), Z25    \
	VBROADCASTSS UP64, Z26            \
	VPTERNLOGD   $0xff, Z28, Z28, Z28 \
	VPSLLD       $31, Z28, Z28        \
	VBROADCASTSS TOP, Z29             \
	VBROADCASTSS TMAGIC, Z30

// GELU, of x in Z8, to which the result goes, adds to x, or -0 where x has the sign, v, or x where it has the sign, times Phi(v).
#define GELU \
	TAIL                    \
	VMULPS      Z3, Z7, Z7  \
	VPMAXUD     Z8, Z5, Z5  \
	VPMINUD     Z8, Z28, Z8 \
	VFMADD231PS Z7, Z5, Z8

// GELUGRAD, of dy in Z9 besides, has g in Z3, or 1 - g where x > 0.
#define GELUGRAD \
	TAIL                          \
	VFMADD231PS Z31, Z5, Z7       \
	VMULPS      Z7, Z3, Z3        \
	VPXORD      Z4, Z4, Z4        \
	VCMPPS      $0x1e, Z4, Z8, K2 \
	VSUBPS      Z3, Z27, K2, Z3   \
	VMULPS      Z3, Z9, Z8

// func geluF32AVX512(dst, src []float32)
TEXT ·geluF32AVX512(SB), NOSPLIT, $0-48
	MOVQ         dst_base+0(FP), DI
	MOVQ         dst_len+8(FP), CX
	MOVQ         src_base+24(FP), SI
	TAILCONST
	SUBQ         $16, CX
	JLT          last

loop:
	VMOVUPS     (SI), Z8
	GELU
	VMOVUPS     Z8, (DI)
	ADDQ        $64, DI
	ADDQ        $64, SI
	SUBQ        $16, CX
	JGE         loop

last:
	ADDQ        $16, CX
	JEQ         done
	TAILMASK512
	VMOVUPS.Z   (SI), K1, Z8
	GELU
	VMOVUPS     Z8, K1, (DI)

done:
	VZEROUPPER
	RET

// func geluGradF32AVX512(dx, dy, x []float32)
TEXT ·geluGradF32AVX512(SB), NOSPLIT, $0-72
	MOVQ         dx_base+0(FP), DI
	MOVQ         dx_len+8(FP), CX
	MOVQ         dy_base+24(FP), SI
	MOVQ         x_base+48(FP), DX
	TAILCONST
	VBROADCASTSS ONE, Z27
	VBROADCASTSS DENSITY, Z31
	SUBQ         $16, CX
	JLT          last

loop:
	VMOVUPS      (DX), Z8
	VMOVUPS      (SI), Z9
	GELUGRAD
	VMOVUPS      Z8, (DI)
	ADDQ         $64, DI
	ADDQ         $64, SI
	ADDQ         $64, DX
	SUBQ         $16, CX
	JGE          loop

last:
	ADDQ         $16, CX
	JEQ          done
	TAILMASK512
	VMOVUPS.Z    (DX), K1, Z8
	VMOVUPS.Z    (SI), K1, Z9
	GELUGRAD
	VMOVUPS      Z8, K1, (DI)

done:
	VZEROUPPER
	RET
