//go:build !noasm

#include "textflag.h"
#include "tail_amd64.h"
#include "pool2_avx512_amd64.h"
#include "vectors_avx512_amd64.h"
#include "pool2_amd64.h"

// Pooling of 2 x 2 windows with stride 2, AVX-512 path. Needs AVX512F. Beside what
// pool2_avx512_amd64.h and pool2_amd64.h use:
//
//	K4 to K6 comparisons; Z27 to Z29 the order of elements to be joined and constants

// REST, MAXREST and AVGREST do what is left of a row, under masks.
#define REST(WHAT) \
	WINDOWSREST               \
	APART                     \
	WHAT                      \
	VMOVUPS Z4, K1, (DI)      \
	LEAQ    (DI)(R10*4), DI

#define MAXREST(WHAT) \
	WINDOWSREST               \
	APART                     \
	VMOVUPS.Z (BX), K1, Z8    \
	LEAQ      (BX)(R10*4), BX \
	AVGREST(WHAT)

#define AVGREST(WHAT) \
	VMOVUPS.Z (R13), K1, Z9         \
	WHAT                            \
	TOGETHER                        \
	VMOVUPS   Z0, K2, (DI)(AX*1)    \
	VMOVUPS   Z1, K3, 64(DI)(AX*1)  \
	VMOVUPS   Z2, K2, (R8)(AX*1)    \
	VMOVUPS   Z3, K3, 64(R8)(AX*1)  \
	LEAQ      (R13)(R10*4), R13

// JOIN loads the order that joins two columns of windows.
#define JOIN \
	VMOVDQU32 ·poolIndex+128(SB), Z29 \
	VMOVDQU32 ·poolIndex+192(SB), Z28

// TOGETHER joins Z4, Z5 to Z0, Z1 (top) and Z6, Z7 to Z2, Z3 (low).
#define TOGETHER \
	VMOVAPS   Z29, Z0    \
	VMOVAPS   Z28, Z1    \
	VMOVAPS   Z29, Z2    \
	VMOVAPS   Z28, Z3    \
	VPERMI2PS Z5, Z4, Z0 \
	VPERMI2PS Z5, Z4, Z1 \
	VPERMI2PS Z7, Z6, Z2 \
	VPERMI2PS Z7, Z6, Z3

// LARGEST is the first of the largest elements of a window, x1 > x0 ? x1 : x0, or NaN if one is.
#define LARGEST \
	VCMPPS  $3, Z5, Z4, K4 \
	VCMPPS  $3, Z7, Z6, K5 \
	KORW    K5, K4, K4     \
	VMAXPS  Z4, Z5, Z4     \
	VMAXPS  Z6, Z7, Z6     \
	VMAXPS  Z4, Z6, Z4     \
	VMOVAPS Z29, K4, Z4

// func maxPool2F32AVX512(y, x []float32, rows, w int)
TEXT ·maxPool2F32AVX512(SB), NOSPLIT, $0-64
	POOLARGS
	PART
	VPTERNLOGD $0xff, Z29, Z29, Z29 // NaN
	POOL2(LARGEST, REST(LARGEST))

#define MEAN \
	VADDPS Z5, Z4, Z4  \
	VADDPS Z6, Z4, Z4  \
	VADDPS Z7, Z4, Z4  \
	VMULPS Z29, Z4, Z4

// func avgPool2F32AVX512(y, x []float32, rows, w int)
TEXT ·avgPool2F32AVX512(SB), NOSPLIT, $0-64
	POOLARGS
	PART
	VBROADCASTSS ·quarter32(SB), Z29
	POOL2(MEAN, REST(MEAN))

// FIRST leaves +0 + dy where x equals y, or one is NaN, for the first time in a window: K4 says that of
// x0, K6 of which windows nothing has been found.
#define FIRST \
	VADDPS    Z27, Z9, Z9        \
	VCMPPS    $8, Z8, Z4, K4     \
	KNOTW     K4, K6             \
	VMOVAPS.Z Z9, K4, Z4         \
	VCMPPS    $8, Z8, Z5, K6, K5 \
	KANDNW    K6, K5, K6         \
	VMOVAPS.Z Z9, K5, Z5         \
	VCMPPS    $8, Z8, Z6, K6, K5 \
	KANDNW    K6, K5, K6         \
	VMOVAPS.Z Z9, K5, Z6         \
	VCMPPS    $8, Z8, Z7, K6, K5 \
	VMOVAPS.Z Z9, K5, Z7

// func maxPool2GradF32AVX512(dx, x, y, dy []float32, rows, w int)
TEXT ·maxPool2GradF32AVX512(SB), NOSPLIT, $0-112
	MAXGRADARGS
	PART
	JOIN
	VPXORD Z27, Z27, Z27
	MAXGRAD(FIRST, MAXREST(FIRST))

#define QUARTER \
	VMULPS  Z31, Z9, Z4 \
	VADDPS  Z27, Z4, Z4 \
	VMOVAPS Z4, Z5      \
	VMOVAPS Z4, Z6      \
	VMOVAPS Z4, Z7

// func avgPool2GradF32AVX512(dx, dy []float32, rows, w int)
TEXT ·avgPool2GradF32AVX512(SB), NOSPLIT, $0-64
	AVGGRADARGS
	JOIN
	VBROADCASTSS ·quarter32(SB), Z31
	VPXORD       Z27, Z27, Z27
	AVGGRAD(QUARTER, AVGREST(QUARTER))
