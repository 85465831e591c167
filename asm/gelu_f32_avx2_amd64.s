//go:build !noasm

#include "textflag.h"
#include "act_avx2_amd64.h"

// GELU and its gradient, AVX2 path: the results of generic_act.go to the bit. Needs AVX2
// and FMA3. Two vectors go side by side: of chains that follow each other the core does
// not look ahead over enough to fill its pipes. Constants that are operands in memory take
// no place there. See act_avx2_amd64.h for other registers.
//
//	Y0 to Y5  the first vector; Y6 to Y11 the second:
//	Y0        s
//	Y1        t, then 2^k
//	Y2        polynomials
//	Y3        e
//	Y4        v
//	Y5        a polynomial, then the ratio
//	Y12       1
//	Y13       the limit of v
//	Y14       the number to round by
//	Y15       the sign bit

// HORNER is p = p*x + C of both vectors.
#define HORNER(C, x, p, xx, pp) \
	VFMADD213PS C, x, p \
	VFMADD213PS C, xx, pp

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
	VPADDD      TUP64, Y4, Y5          \
	VPADDD      TUP64, Y10, Y11        \
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

// TAILCONST loads the constants of TAIL.
#define TAILCONST \
	VMOVAPS TOP, Y13    \
	VMOVAPS TMAGIC, Y14 \
	VMOVAPS SIGN, Y15

// func geluF32AVX2(dst, src []float32)
TEXT ·geluF32AVX2(SB), NOSPLIT, $64-48
	TAILCONST
	ARGUMENTS(16)

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
	LEFT(16, MASKS2, FRAME2, x-64(SP), UNFRAME2)

// func geluGradF32AVX2(dx, dy, x []float32)
TEXT ·geluGradF32AVX2(SB), NOSPLIT, $128-72
	MOVQ    dx_base+0(FP), DI
	MOVQ    dx_len+8(FP), CX
	MOVQ    dy_base+24(FP), SI
	MOVQ    x_base+48(FP), DX
	TAILCONST
	VMOVAPS ONES, Y12
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
	MASKS2
	FRAME2(SI, dy-128(SP))
	FRAME2(DX, x-64(SP))
	REST(dy-128(SP))
	JMP   loop

out:
	UNFRAME2

done:
	VZEROUPPER
	RET
