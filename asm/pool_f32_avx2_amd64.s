//go:build !noasm

#include "textflag.h"
#include "vectors_avx2_amd64.h"
#include "pool2_amd64.h"

// Pooling of 2 x 2 windows with stride 2, AVX2 path. Needs AVX2. A row of outputs
// is whole vectors of 8, made of 16 elements of two rows of inputs, and a rest
// under masks:
//
//	top: x0 x1 x0 x1 ...  VSHUFPS parts the elements of the windows into
//	low: x2 x3 x2 x3 ...  Y4 = x0, Y5 = x1, Y6 = x2, Y7 = x3
//
// in the order of outputs 0 1 4 5 2 3 6 7, which VPERMPD $0xd8 makes and undoes. Beside what
// pool2_amd64.h uses:
//
//	R9, R10 whole vectors and rest of a row; R11 bytes of a row of inputs; AX bytes within it
//	SI, DX  rows of x, top and low
//	Y13     the rest of outputs; Y14, Y15 that of inputs, first and second 8
//	Y8 to Y12 comparisons and constants

#define LOADREST(P, A) VMASKMOVPS (P), Y13, A
#define STOREREST(A, P) VMASKMOVPS A, Y13, (P)
#define SPREADREST \
	VMASKMOVPS Y0, Y14, (DI)(AX*1)   \
	VMASKMOVPS Y1, Y15, 32(DI)(AX*1) \
	VMASKMOVPS Y2, Y14, (R8)(AX*1)   \
	VMASKMOVPS Y3, Y15, 32(R8)(AX*1)

// ROWS sets R9 to R12 and Y13 to Y15 from w in R9 and rows in R12.
#define ROWS \
	MOVQ    R9, R11           \
	SHLQ    $2, R11           \
	SHRQ    $1, R9            \
	MOVQ    R9, R10           \
	ANDQ    $7, R10           \
	LEAQ    ·tailMask(SB), R8 \
	MOVQ    R10, CX           \
	SHLQ    $2, CX            \
	SUBQ    CX, R8            \
	VMOVDQU 128(R8), Y13      \
	SUBQ    CX, R8            \
	VMOVDQU 128(R8), Y14      \
	VMOVDQU 160(R8), Y15      \
	SHRQ    $3, R9

#define WINDOWS \
	VMOVUPS (SI)(AX*1), Y0   \
	VMOVUPS 32(SI)(AX*1), Y1 \
	VMOVUPS (DX)(AX*1), Y2   \
	VMOVUPS 32(DX)(AX*1), Y3

#define WINDOWSREST \
	VMASKMOVPS (SI)(AX*1), Y14, Y0   \
	VMASKMOVPS 32(SI)(AX*1), Y15, Y1 \
	VMASKMOVPS (DX)(AX*1), Y14, Y2   \
	VMASKMOVPS 32(DX)(AX*1), Y15, Y3

#define APART \
	VSHUFPS $0x88, Y1, Y0, Y4 \
	VSHUFPS $0xdd, Y1, Y0, Y5 \
	VSHUFPS $0x88, Y3, Y2, Y6 \
	VSHUFPS $0xdd, Y3, Y2, Y7

// TOGETHER joins Y4, Y5 to Y0, Y1 (top) and Y6, Y7 to Y2, Y3 (low).
#define TOGETHER \
	VUNPCKLPS Y5, Y4, Y0 \
	VUNPCKHPS Y5, Y4, Y1 \
	VUNPCKLPS Y7, Y6, Y2 \
	VUNPCKHPS Y7, Y6, Y3

// LARGEST is the first of the largest elements of a window, x1 > x0 ? x1 : x0, or all ones, NaN, if
// one is.
#define LARGEST \
	VCMPPS  $3, Y5, Y4, Y8 \
	VCMPPS  $3, Y7, Y6, Y9 \
	VORPS   Y9, Y8, Y8     \
	VMAXPS  Y4, Y5, Y4     \
	VMAXPS  Y6, Y7, Y6     \
	VMAXPS  Y4, Y6, Y4     \
	VORPS   Y8, Y4, Y4     \
	VPERMPD $0xd8, Y4, Y4

// func maxPool2F32AVX2(y, x []float32, rows, w int)
TEXT ·maxPool2F32AVX2(SB), NOSPLIT, $0-64
	POOLARGS
	POOL2(LARGEST)

#define MEAN \
	VADDPS  Y5, Y4, Y4    \
	VADDPS  Y6, Y4, Y4    \
	VADDPS  Y7, Y4, Y4    \
	VMULPS  Y12, Y4, Y4   \
	VPERMPD $0xd8, Y4, Y4

// func avgPool2F32AVX2(y, x []float32, rows, w int)
TEXT ·avgPool2F32AVX2(SB), NOSPLIT, $0-64
	POOLARGS
	VBROADCASTSS ·quarter32(SB), Y12
	POOL2(MEAN)

// FIRST leaves +0 + dy where x equals y, or one is NaN, for the first time in a window: Y10 says of
// which windows an element has been found.
#define FIRST \
	VPERMPD $0xd8, Y8, Y8   \
	VADDPS  Y12, Y9, Y9     \
	VPERMPD $0xd8, Y9, Y9   \
	VCMPPS  $8, Y8, Y4, Y10 \
	VANDPS  Y10, Y9, Y4     \
	VCMPPS  $8, Y8, Y5, Y5  \
	VANDNPS Y5, Y10, Y5     \
	VORPS   Y5, Y10, Y10    \
	VANDPS  Y5, Y9, Y5      \
	VCMPPS  $8, Y8, Y6, Y6  \
	VANDNPS Y6, Y10, Y6     \
	VORPS   Y6, Y10, Y10    \
	VANDPS  Y6, Y9, Y6      \
	VCMPPS  $8, Y8, Y7, Y7  \
	VANDNPS Y7, Y10, Y7     \
	VANDPS  Y7, Y9, Y7

// func maxPool2GradF32AVX2(dx, x, y, dy []float32, rows, w int)
TEXT ·maxPool2GradF32AVX2(SB), NOSPLIT, $0-112
	MAXGRADARGS
	VXORPS Y12, Y12, Y12
	MAXGRAD(FIRST)

#define QUARTER \
	VMULPS  Y11, Y9, Y4   \
	VADDPS  Y12, Y4, Y4   \
	VPERMPD $0xd8, Y4, Y4 \
	VMOVAPS Y4, Y5        \
	VMOVAPS Y4, Y6        \
	VMOVAPS Y4, Y7

// func avgPool2GradF32AVX2(dx, dy []float32, rows, w int)
TEXT ·avgPool2GradF32AVX2(SB), NOSPLIT, $0-64
	AVGGRADARGS
	VBROADCASTSS ·quarter32(SB), Y11
	VXORPS       Y12, Y12, Y12
	AVGGRAD(QUARTER)
