//go:build !noasm

#include "textflag.h"
#include "tail_amd64.h"

// Sigmoid, tanh, GELU and its gradient, AVX2 path: the results of generic_act.go to
// the bit. Needs AVX2 and FMA3. 16 elements at a time, as two vectors side by side: of
// chains that follow each other the core does not look ahead over enough. Constants that
// are operands in memory take no room of it. What is left goes through a frame of 16. What
// is read and written is fetched a kilobyte before.
//
//	CX           elements left, less the 16 at hand
//	DI           the result; SI, DX further operands
//	R9           the result, while DI is the frame, else 0
//	R8           where the masks of the frame are
//	Y0 to Y5     the first vector; Y6 to Y11 the second:
//	Y0, Y6       a, then r
//	Y1, Y7       t, then 2^k
//	Y2, Y8       the polynomials
//	Y3, Y9       r^2 and others
//	Y4, Y10      x or |x|
//	Y5, Y11      z, of GELU
//	Y12          1
//	Y13          the limit of a or |x|
//	Y14          the number to round by
//	Y15          2 or -1/2

// The places of the constants.
#define SIGN ·actF32x8+0(SB)
#define ABS ·actF32x8+32(SB)
#define ONE ·actF32x8+64(SB)
#define TWO ·actF32x8+96(SB)
#define MHALF ·actF32x8+128(SB)
#define LOW ·actF32x8+160(SB)
#define TLOW ·actF32x8+192(SB)
#define TOP ·actF32x8+224(SB)
#define MAGIC64 ·actF32x8+256(SB)
#define MAGIC0 ·actF32x8+288(SB)
#define DOWN64 ·actF32x8+320(SB)
#define LOG2E ·actF32x8+352(SB)
#define LN2HI ·actF32x8+384(SB)
#define LN2LO ·actF32x8+416(SB)
#define C5 ·actF32x8+448(SB)
#define C4 ·actF32x8+480(SB)
#define C3 ·actF32x8+512(SB)
#define C2 ·actF32x8+544(SB)
#define C1 ·actF32x8+576(SB)
#define C0 ·actF32x8+608(SB)
#define MILLSU ·actF32x8+640(SB)
#define INVRT ·actF32x8+672(SB)
#define MILLS(i) ·actF32x8+704+32*i(SB)

// HORNER is p = p*x + C of both vectors.
#define HORNER(C, x, p, xx, pp) \
	VFMADD213PS C, x, p \
	VFMADD213PS C, xx, pp

// EXPPARTS leaves in Y2 = q of e^(Y0+Y3), or of e^Y0 where EXTRA is empty, and in
// Y1 = 2^k times the power of two whose biased exponent stands in the low bits of Y14, where
// k is added. (That they are odd turns no rounding: a log2 e is never half an integer.) It
// overwrites Y0 and Y3.
#define EXPPARTS(EXTRA) \
	VMOVAPS      Y14, Y1       \
	VMOVAPS      Y14, Y7       \
	VFMADD231PS  LOG2E, Y0, Y1 \
	VFMADD231PS  LOG2E, Y6, Y7 \
	VSUBPS       Y14, Y1, Y2   \
	VSUBPS       Y14, Y7, Y8   \
	VFNMADD231PS LN2HI, Y2, Y0 \
	VFNMADD231PS LN2HI, Y8, Y6 \
	VFNMADD231PS LN2LO, Y2, Y0 \
	VFNMADD231PS LN2LO, Y8, Y6 \
	EXTRA                      \
	VPSLLD       $23, Y1, Y1   \
	VPSLLD       $23, Y7, Y7   \
	VMOVAPS      C5, Y2        \
	VMOVAPS      C5, Y8        \
	HORNER(C4, Y0, Y2, Y6, Y8) \
	HORNER(C3, Y0, Y2, Y6, Y8) \
	HORNER(C2, Y0, Y2, Y6, Y8) \
	HORNER(C1, Y0, Y2, Y6, Y8) \
	HORNER(C0, Y0, Y2, Y6, Y8) \
	VMULPS       Y0, Y0, Y3    \
	VMULPS       Y6, Y6, Y9    \
	VFMADD213PS  Y0, Y3, Y2    \
	VFMADD213PS  Y6, Y9, Y8

#define LOWPART VADDPS Y3, Y0, Y0; VADDPS Y9, Y6, Y6
#define NOTHING

// EXPNEG(EXTRA) leaves e^(Y0+Y3) or e^Y0 in Y3, for -128 <= Y0 <= 0. It rounds 1+q as
// its product with 2^(k+64), which is never denormal; what times 2^-64 is may be.
#define EXPNEG(EXTRA) \
	EXPPARTS(EXTRA)            \
	VFMADD213PS Y1, Y1, Y2     \
	VFMADD213PS Y7, Y7, Y8     \
	VMULPS      DOWN64, Y2, Y3 \
	VMULPS      DOWN64, Y8, Y9

// NORMAL(P) leaves Phi(x) in Y0, e^(-x^2/2) in Y3, |x|, cut, in Y4 and x in Y1, for
// x at P. -u^2/2 is a + low, a = -u/2 u; cut at 16, a needs no limit of its own.
#define NORMAL(P) \
	VMOVUPS     (P), Y4                \
	VMOVUPS     32(P), Y10             \
	VANDPS      ABS, Y4, Y4            \
	VANDPS      ABS, Y10, Y10          \
	VMINPS      Y4, Y13, Y4            \
	VMINPS      Y10, Y13, Y10          \
	VMULPS      Y15, Y4, Y3            \
	VMULPS      Y15, Y10, Y9           \
	VMULPS      Y3, Y4, Y0             \
	VMULPS      Y9, Y10, Y6            \
	VFMSUB213PS Y0, Y4, Y3             \
	VFMSUB213PS Y6, Y10, Y9            \
	VMOVAPS     MILLSU, Y5             \
	VMOVAPS     MILLSU, Y11            \
	VFMADD213PS Y12, Y4, Y5            \
	VFMADD213PS Y12, Y10, Y11          \
	VDIVPS      Y5, Y12, Y5            \
	VDIVPS      Y11, Y12, Y11          \
	VADDPS      Y15, Y5, Y5            \
	VADDPS      Y15, Y11, Y11          \
	EXPNEG(LOWPART)                    \
	VMOVAPS     MILLS(0), Y2           \
	VMOVAPS     MILLS(0), Y8           \
	HORNER(MILLS(1), Y5, Y2, Y11, Y8)  \
	HORNER(MILLS(2), Y5, Y2, Y11, Y8)  \
	HORNER(MILLS(3), Y5, Y2, Y11, Y8)  \
	HORNER(MILLS(4), Y5, Y2, Y11, Y8)  \
	HORNER(MILLS(5), Y5, Y2, Y11, Y8)  \
	HORNER(MILLS(6), Y5, Y2, Y11, Y8)  \
	HORNER(MILLS(7), Y5, Y2, Y11, Y8)  \
	HORNER(MILLS(8), Y5, Y2, Y11, Y8)  \
	HORNER(MILLS(9), Y5, Y2, Y11, Y8)  \
	HORNER(MILLS(10), Y5, Y2, Y11, Y8) \
	VMULPS      Y2, Y3, Y2             \
	VMULPS      Y8, Y9, Y8             \
	VSUBPS      Y2, Y12, Y0            \
	VSUBPS      Y8, Y12, Y6            \
	VMOVUPS     (P), Y1                \
	VMOVUPS     32(P), Y7              \
	VBLENDVPS   Y1, Y2, Y0, Y0         \
	VBLENDVPS   Y7, Y8, Y6, Y6

// FRAME(P, F) moves the CX elements left at P, CX < 16, to F, which P then is.
#define FRAME(P, F) \
	VMASKMOVPS (P), Y0, Y2   \
	VMASKMOVPS 32(P), Y1, Y3 \
	LEAQ       F, P          \
	VMOVUPS    Y2, (P)       \
	VMOVUPS    Y3, 32(P)

// MASKS makes the masks of CX elements; REST turns the loop to the frame F.
#define MASKS \
	TAILMASK256(Y0)    \
	VMOVUPS 96(R8), Y1

#define REST(F) \
	MOVQ DI, R9 \
	LEAQ F, DI  \
	XORL CX, CX

// UNFRAME stores what the loop has left in the frame.
#define UNFRAME(F, F2) \
	VMOVUPS    64(R8), Y0     \
	VMOVUPS    96(R8), Y1     \
	VMOVUPS    F, Y2          \
	VMOVUPS    F2, Y3         \
	VMASKMOVPS Y2, Y0, (R9)   \
	VMASKMOVPS Y3, Y1, 32(R9)

// func sigmoidF32AVX2(dst, src []float32)
TEXT ·sigmoidF32AVX2(SB), NOSPLIT, $64-48
	MOVQ    dst_base+0(FP), DI
	MOVQ    dst_len+8(FP), CX
	MOVQ    src_base+24(FP), SI
	VMOVAPS ONE, Y12
	VMOVAPS LOW, Y13
	VMOVAPS MAGIC64, Y14
	XORL    R9, R9
	SUBQ    $16, CX
	JLT     rest

loop:
	PREFETCHT0 1024(SI)
	PREFETCHT0 1024(DI)
	VMOVUPS    (SI), Y4
	VMOVUPS    32(SI), Y10
	VORPS      SIGN, Y4, Y0     // -|x|
	VORPS      SIGN, Y10, Y6
	VMAXPS     Y0, Y13, Y0      // Y0, the last operand, for NaN
	VMAXPS     Y6, Y13, Y6
	EXPNEG(NOTHING)
	VADDPS     Y3, Y12, Y2      // 1 + e
	VADDPS     Y9, Y12, Y8
	VBLENDVPS  Y4, Y3, Y12, Y0  // e where x has the sign, else 1
	VBLENDVPS  Y10, Y9, Y12, Y6
	VDIVPS     Y2, Y0, Y0
	VDIVPS     Y8, Y6, Y6
	VMOVUPS    Y0, (DI)
	VMOVUPS    Y6, 32(DI)
	ADDQ       $64, DI
	ADDQ       $64, SI
	SUBQ       $16, CX
	JGE        loop
	TESTQ      R9, R9
	JNE        out

rest:
	ADDQ  $16, CX
	JEQ   done
	MASKS
	FRAME(SI, x-64(SP))
	REST(x-64(SP))
	JMP   loop

out:
	UNFRAME(x-64(SP), x-32(SP))

done:
	VZEROUPPER
	RET

// func tanhF32AVX2(dst, src []float32)
TEXT ·tanhF32AVX2(SB), NOSPLIT, $64-48
	MOVQ    dst_base+0(FP), DI
	MOVQ    dst_len+8(FP), CX
	MOVQ    src_base+24(FP), SI
	VMOVAPS ONE, Y12
	VMOVAPS TLOW, Y13
	VMOVAPS MAGIC0, Y14
	VMOVAPS TWO, Y15
	XORL    R9, R9
	SUBQ    $16, CX
	JLT     rest

loop:
	PREFETCHT0   1024(SI)
	PREFETCHT0   1024(DI)
	VMOVUPS      (SI), Y4
	VMOVUPS      32(SI), Y10
	VORPS        SIGN, Y4, Y0
	VORPS        SIGN, Y10, Y6
	VADDPS       Y0, Y0, Y0  // -2|x|
	VADDPS       Y6, Y6, Y6
	VMAXPS       Y0, Y13, Y0
	VMAXPS       Y6, Y13, Y6
	EXPPARTS(NOTHING)
	VSUBPS       Y1, Y12, Y0 // 1 - s, s = 2^k
	VSUBPS       Y7, Y12, Y6
	VFNMADD213PS Y0, Y1, Y2  // -m
	VFNMADD213PS Y6, Y7, Y8
	VSUBPS       Y2, Y15, Y0
	VSUBPS       Y8, Y15, Y6
	VDIVPS       Y0, Y2, Y0  // -m/(2+m), never -0
	VDIVPS       Y6, Y8, Y6
	VANDPS       SIGN, Y4, Y4
	VANDPS       SIGN, Y10, Y10
	VORPS        Y4, Y0, Y0  // with the sign of x
	VORPS        Y10, Y6, Y6
	VMOVUPS      Y0, (DI)
	VMOVUPS      Y6, 32(DI)
	ADDQ         $64, DI
	ADDQ         $64, SI
	SUBQ         $16, CX
	JGE          loop
	TESTQ        R9, R9
	JNE          out

rest:
	ADDQ  $16, CX
	JEQ   done
	MASKS
	FRAME(SI, x-64(SP))
	REST(x-64(SP))
	JMP   loop

out:
	UNFRAME(x-64(SP), x-32(SP))

done:
	VZEROUPPER
	RET

// func geluF32AVX2(dst, src []float32)
TEXT ·geluF32AVX2(SB), NOSPLIT, $64-48
	MOVQ    dst_base+0(FP), DI
	MOVQ    dst_len+8(FP), CX
	MOVQ    src_base+24(FP), SI
	VMOVAPS ONE, Y12
	VMOVAPS TOP, Y13
	VMOVAPS MAGIC64, Y14
	VMOVAPS MHALF, Y15
	XORL    R9, R9
	SUBQ    $16, CX
	JLT     rest

loop:
	PREFETCHT0 1024(SI)
	PREFETCHT0 1024(DI)
	NORMAL(SI)
	VMULPS     Y1, Y0, Y0
	VMULPS     Y7, Y6, Y6
	VMOVUPS    Y0, (DI)
	VMOVUPS    Y6, 32(DI)
	ADDQ       $64, DI
	ADDQ       $64, SI
	SUBQ       $16, CX
	JGE        loop
	TESTQ      R9, R9
	JNE        out

rest:
	ADDQ  $16, CX
	JEQ   done
	MASKS
	FRAME(SI, x-64(SP))
	REST(x-64(SP))
	JMP   loop

out:
	UNFRAME(x-64(SP), x-32(SP))

done:
	VZEROUPPER
	RET

// func geluGradF32AVX2(dx, dy, x []float32)
TEXT ·geluGradF32AVX2(SB), NOSPLIT, $128-72
	MOVQ    dx_base+0(FP), DI
	MOVQ    dx_len+8(FP), CX
	MOVQ    dy_base+24(FP), SI
	MOVQ    x_base+48(FP), DX
	VMOVAPS ONE, Y12
	VMOVAPS TOP, Y13
	VMOVAPS MAGIC64, Y14
	VMOVAPS MHALF, Y15
	XORL    R9, R9
	SUBQ    $16, CX
	JLT     rest

loop:
	PREFETCHT0  1024(SI)
	PREFETCHT0  1024(DI)
	PREFETCHT0  1024(DX)
	NORMAL(DX)
	VMULPS      INVRT, Y3, Y3 // the density
	VMULPS      INVRT, Y9, Y9
	VANDPS      SIGN, Y1, Y1
	VANDPS      SIGN, Y7, Y7
	VORPS       Y4, Y1, Y1    // |x|, cut, with the sign of x
	VORPS       Y10, Y7, Y7
	VFMADD213PS Y0, Y3, Y1
	VFMADD213PS Y6, Y9, Y7
	VMULPS      (SI), Y1, Y1
	VMULPS      32(SI), Y7, Y7
	VMOVUPS     Y1, (DI)
	VMOVUPS     Y7, 32(DI)
	ADDQ        $64, DI
	ADDQ        $64, SI
	ADDQ        $64, DX
	SUBQ        $16, CX
	JGE         loop
	TESTQ       R9, R9
	JNE         out

rest:
	ADDQ  $16, CX
	JEQ   done
	MASKS
	FRAME(SI, dy-128(SP))
	FRAME(DX, x-64(SP))
	REST(dy-128(SP))
	JMP   loop

out:
	UNFRAME(dy-128(SP), dy-96(SP))

done:
	VZEROUPPER
	RET
