//go:build !noasm

#include "textflag.h"
#include "tail_amd64.h"

// Sigmoid, tanh, GELU and its gradient, AVX2 path: the results of generic_act.go to
// the bit. Needs AVX2 and FMA3. 16 elements at a time, as two vectors side by side: of
// chains that follow each other the core does not look ahead over enough to fill its
// pipes. Constants that are operands in memory take no place there. What is left goes
// through a frame of 16. What sigmoid and tanh read is fetched a kilobyte before.
//
//	CX           elements left, less the 16 at hand
//	DI           the result; SI, DX further operands
//	R9           the result, while DI is the frame, else 0
//	R8           where the masks of the frame are
//	Y0 to Y5     the first vector; Y6 to Y11 the second:
//	Y0, Y6       a, then r; s of GELU
//	Y1, Y7       t, then 2^k
//	Y2, Y8       polynomials
//	Y3, Y9       e
//	Y4, Y10      x; v of GELU
//	Y5, Y11      a polynomial, then the ratio, of GELU
//	Y12          1
//	Y13          the limit of a or v
//	Y14          the number to round by
//	Y15          2, or the sign bit

// The places of the constants.
#define SIGN ·act8F32+0(SB)
#define ONE ·act8F32+32(SB)
#define TWO ·act8F32+64(SB)
#define LOW ·act8F32+96(SB)
#define TLOW ·act8F32+128(SB)
#define TOP ·act8F32+160(SB)
#define MAGIC64 ·act8F32+192(SB)
#define MAGIC0 ·act8F32+224(SB)
#define DOWN64 ·act8F32+256(SB)
#define LOG2E ·act8F32+288(SB)
#define LN2HI ·act8F32+320(SB)
#define LN2LO ·act8F32+352(SB)
#define C5 ·act8F32+384(SB)
#define C4 ·act8F32+416(SB)
#define C3 ·act8F32+448(SB)
#define C2 ·act8F32+480(SB)
#define C1 ·act8F32+512(SB)
#define C0 ·act8F32+544(SB)
#define TMAGIC ·tail8F32+0(SB)
#define TLOG ·tail8F32+32(SB)
#define TLN2HI ·tail8F32+64(SB)
#define TLN2LO ·tail8F32+96(SB)
#define DENSITY ·tail8F32+128(SB)
#define UP64 ·tail8F32+160(SB)
#define TAILE(i) ·tail8F32+192+32*i(SB)
#define TAILP(i) ·tail8F32+288+32*i(SB)
#define TAILQ(i) ·tail8F32+416+32*i(SB)

// HORNER is p = p*x + C of both vectors.
#define HORNER(C, x, p, xx, pp) \
	VFMADD213PS C, x, p \
	VFMADD213PS C, xx, pp

// EXPPARTS leaves in Y2 = q of e^Y0, and in Y1 = 2^k times the power of two whose biased
// exponent stands in the low bits of Y14, where k is added. (That they are odd turns no
// rounding: a log2 e is never half an integer.) It overwrites Y0 and Y3.
#define EXPPARTS \
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

// EXPNEG leaves e^Y0 in Y3, for -105 <= Y0 <= 0. It rounds 1+q as its product with
// 2^(k+64), which is never denormal; what times 2^-64 is may be.
#define EXPNEG \
	EXPPARTS                   \
	VFMADD213PS Y1, Y1, Y2     \
	VFMADD213PS Y7, Y7, Y8     \
	VMULPS      DOWN64, Y2, Y3 \
	VMULPS      DOWN64, Y8, Y9

// TAIL(P) leaves v in Y4, e in Y3 and r in Y5 as tail32 does, for x at P. v is scaled as
// an integer: what becomes of 0 is nothing beside the sum. The polynomials and the
// exponential take turns, lest a chain be waited for.
#define TAIL(P) \
	VORPS       (P), Y15, Y4           \
	VORPS       32(P), Y15, Y10        \
	VMAXPS      Y4, Y13, Y4            \
	VMAXPS      Y10, Y13, Y10          \
	VMULPS      Y4, Y4, Y1             \
	VMULPS      Y10, Y10, Y7           \
	VPADDD      UP64, Y4, Y5           \
	VPADDD      UP64, Y10, Y11         \
	VADDPS      TAILP(0), Y4, Y2       \
	VADDPS      TAILP(0), Y10, Y8      \
	VADDPS      TAILQ(0), Y5, Y5       \
	VADDPS      TAILQ(0), Y11, Y11     \
	VFMADD132PS TLOG, Y14, Y1          \
	VFMADD132PS TLOG, Y14, Y7          \
	HORNER(TAILQ(1), Y4, Y5, Y10, Y11) \
	HORNER(TAILP(1), Y4, Y2, Y10, Y8)  \
	VSUBPS      Y14, Y1, Y3            \
	VSUBPS      Y14, Y7, Y9            \
	HORNER(TAILQ(2), Y4, Y5, Y10, Y11) \
	VMULPS      TLN2HI, Y3, Y0         \
	VMULPS      TLN2HI, Y9, Y6         \
	HORNER(TAILP(2), Y4, Y2, Y10, Y8)  \
	HORNER(TAILQ(3), Y4, Y5, Y10, Y11) \
	VFMADD231PS Y4, Y4, Y0             \
	VFMADD231PS Y10, Y10, Y6           \
	HORNER(TAILP(3), Y4, Y2, Y10, Y8)  \
	VFMADD231PS TLN2LO, Y3, Y0         \
	VFMADD231PS TLN2LO, Y9, Y6         \
	HORNER(TAILQ(4), Y4, Y5, Y10, Y11) \
	VADDPS      TAILE(0), Y0, Y3       \
	VADDPS      TAILE(0), Y6, Y9       \
	VDIVPS      Y5, Y2, Y5             \
	VDIVPS      Y11, Y8, Y11           \
	HORNER(TAILE(1), Y0, Y3, Y6, Y9)   \
	VPERMPS     ·tailPow(SB), Y1, Y2   \
	VPERMPS     ·tailPow(SB), Y7, Y8   \
	VPSLLD      $20, Y1, Y1            \
	VPSLLD      $20, Y7, Y7            \
	VPADDD      Y1, Y2, Y2             \
	VPADDD      Y7, Y8, Y8             \
	HORNER(TAILE(2), Y0, Y3, Y6, Y9)   \
	VMULPS      Y2, Y3, Y3             \
	VMULPS      Y8, Y9, Y9

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

// LEFT ends the loop of a function of x alone and follows it, with R9 = 0 before the elements
// that are left: it turns to the frame for them, then to out.
#define LEFT \
	ADDQ  $64, DI           \
	ADDQ  $64, SI           \
	SUBQ  $16, CX           \
	JGE   loop              \
	TESTQ R9, R9            \
	JNE   out               \
rest:                       \
	ADDQ $16, CX            \
	JEQ  done               \
	MASKS                   \
	FRAME(SI, x-64(SP))     \
	REST(x-64(SP))          \
	JMP  loop               \
out:                        \
	UNFRAME(x-64(SP), x-32(SP)) \
done:                       \
	VZEROUPPER              \
	RET

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
	VMOVUPS    (SI), Y4
	VMOVUPS    32(SI), Y10
	VORPS      SIGN, Y4, Y0     // -|x|
	VORPS      SIGN, Y10, Y6
	VMAXPS     Y0, Y13, Y0      // Y0, the last operand, for NaN
	VMAXPS     Y6, Y13, Y6
	EXPNEG
	VADDPS     Y3, Y12, Y2      // 1 + e
	VADDPS     Y9, Y12, Y8
	VBLENDVPS  Y4, Y3, Y12, Y0  // e where x has the sign, else 1
	VBLENDVPS  Y10, Y9, Y12, Y6
	VDIVPS     Y2, Y0, Y0
	VDIVPS     Y8, Y6, Y6
	VMOVUPS    Y0, (DI)
	VMOVUPS    Y6, 32(DI)
	LEFT

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
	VMOVUPS      (SI), Y4
	VMOVUPS      32(SI), Y10
	VORPS        SIGN, Y4, Y0
	VORPS        SIGN, Y10, Y6
	VADDPS       Y0, Y0, Y0  // -2|x|
	VADDPS       Y6, Y6, Y6
	VMAXPS       Y0, Y13, Y0
	VMAXPS       Y6, Y13, Y6
	EXPPARTS
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
	LEFT

// func geluF32AVX2(dst, src []float32)
TEXT ·geluF32AVX2(SB), NOSPLIT, $64-48
	MOVQ    dst_base+0(FP), DI
	MOVQ    dst_len+8(FP), CX
	MOVQ    src_base+24(FP), SI
	VMOVAPS TOP, Y13
	VMOVAPS TMAGIC, Y14
	VMOVAPS SIGN, Y15
	XORL    R9, R9
	SUBQ    $16, CX
	JLT     rest

loop:
	TAIL(SI)
	VMULPS      Y3, Y5, Y5   // Phi(v)
	VMULPS      Y9, Y11, Y11
	VMOVUPS     (SI), Y0
	VMOVUPS     32(SI), Y6
	VPMINUD     Y0, Y15, Y1  // x, or -0 where it has the sign
	VPMINUD     Y6, Y15, Y7
	VPMAXUD     Y0, Y4, Y4   // v, or x where it has the sign
	VPMAXUD     Y6, Y10, Y10
	VFMADD231PS Y5, Y4, Y1
	VFMADD231PS Y11, Y10, Y7
	VMOVUPS     Y1, (DI)
	VMOVUPS     Y7, 32(DI)
	LEFT

// func geluGradF32AVX2(dx, dy, x []float32)
TEXT ·geluGradF32AVX2(SB), NOSPLIT, $128-72
	MOVQ    dx_base+0(FP), DI
	MOVQ    dx_len+8(FP), CX
	MOVQ    dy_base+24(FP), SI
	MOVQ    x_base+48(FP), DX
	VMOVAPS ONE, Y12
	VMOVAPS TOP, Y13
	VMOVAPS TMAGIC, Y14
	VMOVAPS SIGN, Y15
	XORL    R9, R9
	SUBQ    $16, CX
	JLT     rest

loop:
	TAIL(DX)
	VFMADD231PS DENSITY, Y4, Y5
	VFMADD231PS DENSITY, Y10, Y11
	VMULPS      Y5, Y3, Y3      // g
	VMULPS      Y11, Y9, Y9
	VSUBPS      Y3, Y12, Y0
	VSUBPS      Y9, Y12, Y6
	VMOVUPS     (DX), Y1
	VMOVUPS     32(DX), Y7
	VBLENDVPS   Y1, Y3, Y0, Y0  // g where x has the sign, else 1 - g: both 1/2 at 0
	VBLENDVPS   Y7, Y9, Y6, Y6
	VMULPS      (SI), Y0, Y0
	VMULPS      32(SI), Y6, Y6
	VMOVUPS     Y0, (DI)
	VMOVUPS     Y6, 32(DI)
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
