//go:build !noasm

#include "textflag.h"
#include "pool2_avx2_amd64.h"
#include "vectors_avx2_amd64.h"
#include "pool2_amd64.h"

// Pooling of 2 x 2 windows with stride 2, AVX2 path. Needs AVX2. A row of outputs
// is whole vectors of 8, then one of 4 and up to three single ones by the same instructions, since a
// store under a mask takes Zen 12 cycles. Beside what pool2_avx2_amd64.h and pool2_amd64.h use:
//
//	R9, R10 whole vectors and rest of a row; R11 bytes of a row of inputs
//	Y8 to Y12 comparisons and constants

// ROWS sets R9 to R11 from w in R9.
#define ROWS \
	MOVQ R9, R11 \
	SHLQ $2, R11 \
	SHRQ $1, R9  \
	MOVQ R9, R10 \
	ANDQ $7, R10 \
	SHRQ $3, R9

// TOGETHER joins Y4, Y5 to Y0, Y1 (top) and Y6, Y7 to Y2, Y3 (low).
#define TOGETHER \
	VUNPCKLPS Y5, Y4, Y0 \
	VUNPCKHPS Y5, Y4, Y1 \
	VUNPCKLPS Y7, Y6, Y2 \
	VUNPCKHPS Y7, Y6, Y3

// LEFT does four of what is left of a row, if there are as many, and then one after the other.
#define LEFT(FOUR, ONE) \
	MOVQ R10, CX \
	SUBQ $4, CX  \
	JLT  ones    \
	FOUR         \
	ADDQ $32, AX \
	SUBQ $4, CX  \
ones:                \
	ADDQ $4, CX  \
	JEQ  next    \
one:                 \
	ONE          \
	ADDQ $8, AX  \
	DECQ CX      \
	JNZ  one

// FOUR and ONE make outputs, and WHAT4 makes X4 of the windows.
#define FOUR(WHAT4) \
	FOURWINDOWS       \
	WHAT4             \
	VMOVUPS X4, (DI)  \
	ADDQ    $16, DI
#define ONE(WHAT4) \
	ONEWINDOW         \
	WHAT4             \
	VMOVSS X4, (DI)   \
	ADDQ   $4, DI

// LARGEST is the first of the largest elements of a window, x1 > x0 ? x1 : x0, or all ones, NaN, if
// one is.
#define LARGESTOF(A0, A1, A2, A3, N, M) \
	VCMPPS $3, A1, A0, N \
	VCMPPS $3, A3, A2, M \
	VORPS  M, N, N       \
	VMAXPS A0, A1, A0    \
	VMAXPS A2, A3, A2    \
	VMAXPS A0, A2, A0    \
	VORPS  N, A0, A0
#define LARGEST \
	LARGESTOF(Y4, Y5, Y6, Y7, Y8, Y9) \
	VPERMPD $0xd8, Y4, Y4
#define LARGEST4 LARGESTOF(X4, X5, X6, X7, X8, X9)

// func maxPool2F32AVX2(y, x []float32, rows, w int)
TEXT ·maxPool2F32AVX2(SB), NOSPLIT, $0-64
	POOLARGS
	POOL2(LARGEST, LEFT(FOUR(LARGEST4), ONE(LARGEST4)))

#define MEANOF(A0, A1, A2, A3, QUARTER) \
	VADDPS A1, A0, A0      \
	VADDPS A2, A0, A0      \
	VADDPS A3, A0, A0      \
	VMULPS QUARTER, A0, A0
#define MEAN \
	MEANOF(Y4, Y5, Y6, Y7, Y12) \
	VPERMPD $0xd8, Y4, Y4
#define MEAN4 MEANOF(X4, X5, X6, X7, X12)

// func avgPool2F32AVX2(y, x []float32, rows, w int)
TEXT ·avgPool2F32AVX2(SB), NOSPLIT, $0-64
	POOLARGS
	VBROADCASTSS ·quarter32(SB), Y12
	POOL2(MEAN, LEFT(FOUR(MEAN4), ONE(MEAN4)))

// FIRST leaves +0 + dy where x equals y, or one is NaN, for the first time in a window: FOUND says of
// which windows an element has been found.
#define FIRSTOF(A0, A1, A2, A3, Y, DY, FOUND) \
	VCMPPS  $8, Y, A0, FOUND  \
	VANDPS  FOUND, DY, A0     \
	VCMPPS  $8, Y, A1, A1     \
	VANDNPS A1, FOUND, A1     \
	VORPS   A1, FOUND, FOUND  \
	VANDPS  A1, DY, A1        \
	VCMPPS  $8, Y, A2, A2     \
	VANDNPS A2, FOUND, A2     \
	VORPS   A2, FOUND, FOUND  \
	VANDPS  A2, DY, A2        \
	VCMPPS  $8, Y, A3, A3     \
	VANDNPS A3, FOUND, A3     \
	VANDPS  A3, DY, A3
#define FIRST \
	VPERMPD $0xd8, Y8, Y8                   \
	VADDPS  Y12, Y9, Y9                     \
	VPERMPD $0xd8, Y9, Y9                   \
	FIRSTOF(Y4, Y5, Y6, Y7, Y8, Y9, Y10)
#define FIRST4 \
	VADDPS  X12, X9, X9                     \
	FIRSTOF(X4, X5, X6, X7, X8, X9, X10)

// SPREAD4 and SPREAD1 store the dx of four windows and of one.
#define SPREAD4 \
	VUNPCKLPS X5, X4, X0       \
	VUNPCKHPS X5, X4, X1       \
	VUNPCKLPS X7, X6, X2       \
	VUNPCKHPS X7, X6, X3       \
	VMOVUPS   X0, (DI)(AX*1)   \
	VMOVUPS   X1, 16(DI)(AX*1) \
	VMOVUPS   X2, (R8)(AX*1)   \
	VMOVUPS   X3, 16(R8)(AX*1) \
	ADDQ      $16, R13
#define SPREAD1 \
	VUNPCKLPS X5, X4, X0     \
	VUNPCKLPS X7, X6, X2     \
	VMOVSD    X0, (DI)(AX*1) \
	VMOVSD    X2, (R8)(AX*1) \
	ADDQ      $4, R13

#define FOURMAX \
	FOURWINDOWS       \
	VMOVUPS (BX), X8  \
	ADDQ    $16, BX   \
	VMOVUPS (R13), X9 \
	FIRST4            \
	SPREAD4
#define ONEMAX \
	ONEWINDOW         \
	VMOVSS (BX), X8   \
	ADDQ   $4, BX     \
	VMOVSS (R13), X9  \
	FIRST4            \
	SPREAD1

// func maxPool2GradF32AVX2(dx, x, y, dy []float32, rows, w int)
TEXT ·maxPool2GradF32AVX2(SB), NOSPLIT, $0-112
	MAXGRADARGS
	VXORPS Y12, Y12, Y12
	MAXGRAD(FIRST, LEFT(FOURMAX, ONEMAX))

#define QUARTEROF(DY, QUARTER, ZERO, A0, A1, A2, A3) \
	VMULPS  QUARTER, DY, A0 \
	VADDPS  ZERO, A0, A0    \
	VMOVAPS A0, A1          \
	VMOVAPS A0, A2          \
	VMOVAPS A0, A3
#define QUARTER \
	VPERMPD $0xd8, Y9, Y9                        \
	QUARTEROF(Y9, Y11, Y12, Y4, Y5, Y6, Y7)
#define QUARTER4 QUARTEROF(X9, X11, X12, X4, X5, X6, X7)

#define FOURAVG \
	VMOVUPS (R13), X9 \
	QUARTER4          \
	SPREAD4
#define ONEAVG \
	VMOVSS (R13), X9 \
	QUARTER4         \
	SPREAD1

// func avgPool2GradF32AVX2(dx, dy []float32, rows, w int)
TEXT ·avgPool2GradF32AVX2(SB), NOSPLIT, $0-64
	AVGGRADARGS
	VBROADCASTSS ·quarter32(SB), Y11
	VXORPS       Y12, Y12, Y12
	AVGGRAD(QUARTER, LEFT(FOURAVG, ONEAVG))
