//go:build !noasm

#include "textflag.h"
#include "tail_amd64.h"

// Sigmoid, tanh, GELU and its gradient, AVX2 path: the operations of
// generic_act.go in the same order. Needs AVX2 and FMA3. 8 elements at a time, the rest
// under a mask; elements do not depend on each other. What is read and written is fetched a
// kilobyte before.
//
//	CX     elements left, less the 8 at hand
//	DI     the result; SI, DX further operands
//	Y8     x, then the result; Y9 dy
//	Y0 to Y7 values under way
//	Y12 to Y15 constants (Y12 the sign bit, Y13 one), Y11 the mask of the rest

// The places of the constants.
#define LOW ·actF32+0(SB)
#define LOG2E ·actF32+4(SB)
#define MAGIC ·actF32+8(SB)
#define LN2HI ·actF32+12(SB)
#define LN2LO ·actF32+16(SB)
#define C5 ·actF32+20(SB)
#define C4 ·actF32+24(SB)
#define C3 ·actF32+28(SB)
#define C2 ·actF32+32(SB)
#define C1 ·actF32+36(SB)
#define C0 ·actF32+40(SB)
#define ONE ·actF32+44(SB)
#define MINUS2 ·actF32+48(SB)
#define TLOW ·actF32+52(SB)
#define TOP ·actF32+56(SB)
#define MHALF ·actF32+60(SB)
#define MILLSU ·actF32+64(SB)
#define INVRT ·actF32+68(SB)
#define HALF ·actF32+72(SB)
#define TWO ·actF32+76(SB)

// EXPPARTS leaves in Y1 = k as a float, in Y2 = its bits as an integer, and in Y3
// = q of e^(Y0+Y7), or of e^Y0 where EXTRA is empty. It overwrites Y0 and Y4.
#define EXPPARTS(EXTRA) \
	VBROADCASTSS LOG2E, Y1   \
	VMOVAPS      Y14, Y2     \
	VFMADD231PS  Y1, Y0, Y2  \
	VSUBPS       Y14, Y2, Y1 \
	VPSUBD       Y14, Y2, Y2 \
	VBROADCASTSS LN2HI, Y3   \
	VBROADCASTSS LN2LO, Y4   \
	VFNMADD231PS Y3, Y1, Y0  \
	VFNMADD231PS Y4, Y1, Y0  \
	EXTRA                    \
	VBROADCASTSS C5, Y3      \
	VBROADCASTSS C4, Y4      \
	VFMADD213PS  Y4, Y0, Y3  \
	VBROADCASTSS C3, Y4      \
	VFMADD213PS  Y4, Y0, Y3  \
	VBROADCASTSS C2, Y4      \
	VFMADD213PS  Y4, Y0, Y3  \
	VBROADCASTSS C1, Y4      \
	VFMADD213PS  Y4, Y0, Y3  \
	VBROADCASTSS C0, Y4      \
	VFMADD213PS  Y4, Y0, Y3  \
	VMULPS       Y0, Y0, Y4  \
	VFMADD213PS  Y0, Y4, Y3

#define LOWPART VADDPS Y7, Y0, Y0
#define NOTHING

// EXPNEG(EXTRA) leaves e^(Y0+Y7) or e^Y0 in Y3, for Y0 <= 0. VMAXPS gives its
// last operand, Y0, for NaN. 2^k is split in two, since it may be denormal; the
// integer 127<<23 that the exponents need is the float 1.
#define EXPNEG(EXTRA) \
	VBROADCASTSS LOW, Y1     \
	VMAXPS       Y0, Y1, Y0  \
	EXPPARTS(EXTRA)          \
	VADDPS       Y13, Y3, Y3 \
	VPSRAD       $1, Y2, Y1  \
	VPSUBD       Y1, Y2, Y2  \
	VPSLLD       $23, Y1, Y1 \
	VPSLLD       $23, Y2, Y2 \
	VPADDD       Y13, Y1, Y1 \
	VPADDD       Y13, Y2, Y2 \
	VMULPS       Y1, Y3, Y3  \
	VMULPS       Y2, Y3, Y3

// EXPCONST loads the constants that stay in registers.
#define EXPCONST \
	VBROADCASTSS MAGIC, Y14    \
	VBROADCASTSS ONE, Y13      \
	VPCMPEQD     Y12, Y12, Y12 \
	VPSLLD       $31, Y12, Y12

// NORMAL leaves Phi(x) in Y6, e^(-x^2/2) in Y3 and |x|, cut, in Y5, for x in Y8.
#define NORMAL \
	VANDNPS      Y8, Y12, Y5        \
	VBROADCASTSS TOP, Y6            \
	VMINPS       Y5, Y6, Y5         \
	VMULPS       Y5, Y5, Y6         \
	VMOVAPS      Y5, Y7             \
	VFMSUB213PS  Y6, Y5, Y7         \
	VMULPS       Y15, Y6, Y0        \
	VMULPS       Y15, Y7, Y7        \
	EXPNEG(LOWPART)                 \
	VBROADCASTSS MILLSU, Y6         \
	VFMADD213PS  Y13, Y5, Y6        \
	VDIVPS       Y6, Y13, Y6        \
	VADDPS       Y15, Y6, Y6        \
	VBROADCASTSS ·millsC+0(SB), Y4  \
	VBROADCASTSS ·millsC+4(SB), Y1  \
	VFMADD213PS  Y1, Y6, Y4         \
	VBROADCASTSS ·millsC+8(SB), Y1  \
	VFMADD213PS  Y1, Y6, Y4         \
	VBROADCASTSS ·millsC+12(SB), Y1 \
	VFMADD213PS  Y1, Y6, Y4         \
	VBROADCASTSS ·millsC+16(SB), Y1 \
	VFMADD213PS  Y1, Y6, Y4         \
	VBROADCASTSS ·millsC+20(SB), Y1 \
	VFMADD213PS  Y1, Y6, Y4         \
	VBROADCASTSS ·millsC+24(SB), Y1 \
	VFMADD213PS  Y1, Y6, Y4         \
	VBROADCASTSS ·millsC+28(SB), Y1 \
	VFMADD213PS  Y1, Y6, Y4         \
	VBROADCASTSS ·millsC+32(SB), Y1 \
	VFMADD213PS  Y1, Y6, Y4         \
	VBROADCASTSS ·millsC+36(SB), Y1 \
	VFMADD213PS  Y1, Y6, Y4         \
	VBROADCASTSS ·millsC+40(SB), Y1 \
	VFMADD213PS  Y1, Y6, Y4         \
	VMULPS       Y4, Y3, Y6         \
	VSUBPS       Y6, Y13, Y4        \
	VXORPS       Y1, Y1, Y1         \
	VCMPPS       $0x1e, Y1, Y8, Y1  \
	VBLENDVPS    Y1, Y4, Y6, Y6

// func sigmoidF32AVX2(dst, src []float32)
TEXT ·sigmoidF32AVX2(SB), NOSPLIT, $0-48
	MOVQ dst_base+0(FP), DI
	MOVQ dst_len+8(FP), CX
	MOVQ src_base+24(FP), SI
	EXPCONST
	SUBQ $8, CX
	JLT  last

loop:
	PREFETCHT0 1024(SI)
	PREFETCHT0 1024(DI)
	VMOVUPS   (SI), Y8
	VORPS     Y12, Y8, Y0       // -|x|
	EXPNEG(NOTHING)
	VXORPS    Y1, Y1, Y1
	VCMPPS    $0x11, Y1, Y8, Y1 // x < 0
	VADDPS    Y3, Y13, Y2       // 1 + e
	VBLENDVPS Y1, Y3, Y13, Y1
	VDIVPS    Y2, Y1, Y8
	VMOVUPS   Y8, (DI)
	ADDQ      $32, DI
	ADDQ      $32, SI
	SUBQ      $8, CX
	JGE       loop

last:
	ADDQ       $8, CX
	JEQ        done
	TAILMASK256(Y11)
	VMASKMOVPS (SI), Y11, Y8
	VORPS      Y12, Y8, Y0       // -|x|
	EXPNEG(NOTHING)
	VXORPS     Y1, Y1, Y1
	VCMPPS     $0x11, Y1, Y8, Y1 // x < 0
	VADDPS     Y3, Y13, Y2       // 1 + e
	VBLENDVPS  Y1, Y3, Y13, Y1
	VDIVPS     Y2, Y1, Y8
	VMASKMOVPS Y8, Y11, (DI)

done:
	VZEROUPPER
	RET

// func tanhF32AVX2(dst, src []float32)
TEXT ·tanhF32AVX2(SB), NOSPLIT, $0-48
	MOVQ         dst_base+0(FP), DI
	MOVQ         dst_len+8(FP), CX
	MOVQ         src_base+24(FP), SI
	EXPCONST
	VBROADCASTSS MINUS2, Y15
	VBROADCASTSS TLOW, Y10
	VBROADCASTSS TWO, Y6
	SUBQ         $8, CX
	JLT          last

loop:
	PREFETCHT0 1024(SI)
	PREFETCHT0 1024(DI)
	VMOVUPS     (SI), Y8
	VANDNPS     Y8, Y12, Y0
	VMULPS      Y15, Y0, Y0 // -2|x|
	VMAXPS      Y0, Y10, Y0
	EXPPARTS(NOTHING)
	VPSLLD      $23, Y2, Y2
	VPADDD      Y13, Y2, Y2 // s = 2^k
	VSUBPS      Y13, Y2, Y1 // s - 1
	VFMADD213PS Y1, Y2, Y3  // m
	VADDPS      Y3, Y6, Y1
	VDIVPS      Y1, Y3, Y3  // m/(2+m)
	VANDNPS     Y3, Y12, Y3
	VANDPS      Y8, Y12, Y8
	VORPS       Y3, Y8, Y8  // its size with the sign of x
	VMOVUPS     Y8, (DI)
	ADDQ        $32, DI
	ADDQ        $32, SI
	SUBQ        $8, CX
	JGE         loop

last:
	ADDQ        $8, CX
	JEQ         done
	TAILMASK256(Y11)
	VMASKMOVPS  (SI), Y11, Y8
	VANDNPS     Y8, Y12, Y0
	VMULPS      Y15, Y0, Y0   // -2|x|
	VMAXPS      Y0, Y10, Y0
	EXPPARTS(NOTHING)
	VPSLLD      $23, Y2, Y2
	VPADDD      Y13, Y2, Y2   // s = 2^k
	VSUBPS      Y13, Y2, Y1   // s - 1
	VFMADD213PS Y1, Y2, Y3    // m
	VADDPS      Y3, Y6, Y1
	VDIVPS      Y1, Y3, Y3    // m/(2+m)
	VANDNPS     Y3, Y12, Y3
	VANDPS      Y8, Y12, Y8
	VORPS       Y3, Y8, Y8    // its size with the sign of x
	VMASKMOVPS  Y8, Y11, (DI)

done:
	VZEROUPPER
	RET

// func geluF32AVX2(dst, src []float32)
TEXT ·geluF32AVX2(SB), NOSPLIT, $0-48
	MOVQ         dst_base+0(FP), DI
	MOVQ         dst_len+8(FP), CX
	MOVQ         src_base+24(FP), SI
	EXPCONST
	VBROADCASTSS MHALF, Y15
	SUBQ         $8, CX
	JLT          last

loop:
	PREFETCHT0 1024(SI)
	PREFETCHT0 1024(DI)
	VMOVUPS (SI), Y8
	NORMAL
	VMULPS  Y6, Y8, Y8
	VMOVUPS Y8, (DI)
	ADDQ    $32, DI
	ADDQ    $32, SI
	SUBQ    $8, CX
	JGE     loop

last:
	ADDQ       $8, CX
	JEQ        done
	TAILMASK256(Y11)
	VMASKMOVPS (SI), Y11, Y8
	NORMAL
	VMULPS     Y6, Y8, Y8
	VMASKMOVPS Y8, Y11, (DI)

done:
	VZEROUPPER
	RET

// func geluGradF32AVX2(dx, dy, x []float32)
TEXT ·geluGradF32AVX2(SB), NOSPLIT, $0-72
	MOVQ         dx_base+0(FP), DI
	MOVQ         dx_len+8(FP), CX
	MOVQ         dy_base+24(FP), SI
	MOVQ         x_base+48(FP), DX
	EXPCONST
	VBROADCASTSS MHALF, Y15
	SUBQ         $8, CX
	JLT          last

loop:
	PREFETCHT0 1024(SI)
	PREFETCHT0 1024(DI)
	PREFETCHT0 1024(DX)
	VMOVUPS      (DX), Y8
	VMOVUPS      (SI), Y9
	NORMAL
	VBROADCASTSS INVRT, Y1
	VMULPS       Y1, Y3, Y3  // the density
	VANDPS       Y8, Y12, Y8
	VORPS        Y5, Y8, Y8  // |x|, cut, with the sign of x
	VFMADD213PS  Y6, Y3, Y8
	VMULPS       Y8, Y9, Y8
	VMOVUPS      Y8, (DI)
	ADDQ         $32, DI
	ADDQ         $32, SI
	ADDQ         $32, DX
	SUBQ         $8, CX
	JGE          loop

last:
	ADDQ         $8, CX
	JEQ          done
	TAILMASK256(Y11)
	VMASKMOVPS   (DX), Y11, Y8
	VMASKMOVPS   (SI), Y11, Y9
	NORMAL
	VBROADCASTSS INVRT, Y1
	VMULPS       Y1, Y3, Y3    // the density
	VANDPS       Y8, Y12, Y8
	VORPS        Y5, Y8, Y8    // |x|, cut, with the sign of x
	VFMADD213PS  Y6, Y3, Y8
	VMULPS       Y8, Y9, Y8
	VMASKMOVPS   Y8, Y11, (DI)

done:
	VZEROUPPER
	RET
