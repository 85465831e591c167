//go:build !noasm

#include "textflag.h"
#include "tail_amd64.h"
#include "pool2_avx512_amd64.h"

// Pooling of 2 x 2 windows with stride 2, AVX-512 path. Needs AVX512F. Beside what
// pool2_avx512_amd64.h reads windows with:
//
//	CX       vectors left of a row; R12 rows left
//	DI, R8   y, or rows of dx; BX y; R13 dy
//	K4 to K6 comparisons; Z27 to Z29 the order of elements to be joined and constants

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

#define SPREAD \
	VMOVUPS Z0, (DI)(AX*1)   \
	VMOVUPS Z1, 64(DI)(AX*1) \
	VMOVUPS Z2, (R8)(AX*1)   \
	VMOVUPS Z3, 64(R8)(AX*1)

#define SPREADREST \
	VMOVUPS Z0, K2, (DI)(AX*1)   \
	VMOVUPS Z1, K3, 64(DI)(AX*1) \
	VMOVUPS Z2, K2, (R8)(AX*1)   \
	VMOVUPS Z3, K3, 64(R8)(AX*1)

// func maxPool2F32AVX512(y, x []float32, rows, w int)
TEXT ·maxPool2F32AVX512(SB), NOSPLIT, $0-64
	MOVQ       y_base+0(FP), DI
	MOVQ       x_base+24(FP), SI
	MOVQ       rows+48(FP), R12
	MOVQ       w+56(FP), R9
	ROWS
	PART
	VPTERNLOGD $0xff, Z29, Z29, Z29 // NaN

row:
	LEAQ  (SI)(R11*1), DX
	XORQ  AX, AX
	MOVQ  R9, CX
	TESTQ CX, CX
	JEQ   rest

vector:
	WINDOWS
	APART
	VCMPPS  $3, Z5, Z4, K4 // one of them is NaN
	VCMPPS  $3, Z7, Z6, K5
	KORW    K5, K4, K4
	VMAXPS  Z4, Z5, Z4     // x1 > x0 ? x1 : x0
	VMAXPS  Z6, Z7, Z6
	VMAXPS  Z4, Z6, Z4
	VMOVAPS Z29, K4, Z4
	VMOVUPS Z4, (DI)
	ADDQ    $128, AX
	ADDQ    $64, DI
	DECQ    CX
	JNZ     vector

rest:
	TESTQ   R10, R10
	JEQ     next
	WINDOWSREST
	APART
	VCMPPS  $3, Z5, Z4, K4  // one of them is NaN
	VCMPPS  $3, Z7, Z6, K5
	KORW    K5, K4, K4
	VMAXPS  Z4, Z5, Z4      // x1 > x0 ? x1 : x0
	VMAXPS  Z6, Z7, Z6
	VMAXPS  Z4, Z6, Z4
	VMOVAPS Z29, K4, Z4
	VMOVUPS Z4, K1, (DI)
	LEAQ    (DI)(R10*4), DI

next:
	LEAQ (SI)(R11*2), SI
	DECQ R12
	JNZ  row
	VZEROUPPER
	RET

// func avgPool2F32AVX512(y, x []float32, rows, w int)
TEXT ·avgPool2F32AVX512(SB), NOSPLIT, $0-64
	MOVQ         y_base+0(FP), DI
	MOVQ         x_base+24(FP), SI
	MOVQ         rows+48(FP), R12
	MOVQ         w+56(FP), R9
	ROWS
	PART
	VBROADCASTSS ·quarter32(SB), Z29

row:
	LEAQ  (SI)(R11*1), DX
	XORQ  AX, AX
	MOVQ  R9, CX
	TESTQ CX, CX
	JEQ   rest

vector:
	WINDOWS
	APART
	VADDPS  Z5, Z4, Z4
	VADDPS  Z6, Z4, Z4
	VADDPS  Z7, Z4, Z4
	VMULPS  Z29, Z4, Z4
	VMOVUPS Z4, (DI)
	ADDQ    $128, AX
	ADDQ    $64, DI
	DECQ    CX
	JNZ     vector

rest:
	TESTQ   R10, R10
	JEQ     next
	WINDOWSREST
	APART
	VADDPS  Z5, Z4, Z4
	VADDPS  Z6, Z4, Z4
	VADDPS  Z7, Z4, Z4
	VMULPS  Z29, Z4, Z4
	VMOVUPS Z4, K1, (DI)
	LEAQ    (DI)(R10*4), DI

next:
	LEAQ (SI)(R11*2), SI
	DECQ R12
	JNZ  row
	VZEROUPPER
	RET

// func maxPool2GradF32AVX512(dx, x, y, dy []float32, rows, w int)
TEXT ·maxPool2GradF32AVX512(SB), NOSPLIT, $0-112
	MOVQ   dx_base+0(FP), DI
	MOVQ   x_base+24(FP), SI
	MOVQ   y_base+48(FP), BX
	MOVQ   dy_base+72(FP), R13
	MOVQ   rows+96(FP), R12
	MOVQ   w+104(FP), R9
	ROWS
	PART
	JOIN
	VPXORD Z27, Z27, Z27

row:
	LEAQ  (SI)(R11*1), DX
	LEAQ  (DI)(R11*1), R8
	XORQ  AX, AX
	MOVQ  R9, CX
	TESTQ CX, CX
	JEQ   rest

vector:
	WINDOWS
	APART
	VMOVUPS   (BX), Z8
	VMOVUPS   (R13), Z9
	VADDPS    Z27, Z9, Z9        // +0 + dy
	VCMPPS    $8, Z8, Z4, K4     // x0 equals y, or one is NaN
	KNOTW     K4, K6             // windows whose element is not found
	VMOVAPS.Z Z9, K4, Z4
	VCMPPS    $8, Z8, Z5, K6, K5
	KANDNW    K6, K5, K6
	VMOVAPS.Z Z9, K5, Z5
	VCMPPS    $8, Z8, Z6, K6, K5
	KANDNW    K6, K5, K6
	VMOVAPS.Z Z9, K5, Z6
	VCMPPS    $8, Z8, Z7, K6, K5
	VMOVAPS.Z Z9, K5, Z7
	TOGETHER
	SPREAD
	ADDQ      $128, AX
	ADDQ      $64, BX
	ADDQ      $64, R13
	DECQ      CX
	JNZ       vector

rest:
	TESTQ     R10, R10
	JEQ       next
	WINDOWSREST
	APART
	VMOVUPS.Z (BX), K1, Z8
	VMOVUPS.Z (R13), K1, Z9
	VADDPS    Z27, Z9, Z9        // +0 + dy
	VCMPPS    $8, Z8, Z4, K4     // x0 equals y, or one is NaN
	KNOTW     K4, K6             // windows whose element is not found
	VMOVAPS.Z Z9, K4, Z4
	VCMPPS    $8, Z8, Z5, K6, K5
	KANDNW    K6, K5, K6
	VMOVAPS.Z Z9, K5, Z5
	VCMPPS    $8, Z8, Z6, K6, K5
	KANDNW    K6, K5, K6
	VMOVAPS.Z Z9, K5, Z6
	VCMPPS    $8, Z8, Z7, K6, K5
	VMOVAPS.Z Z9, K5, Z7
	TOGETHER
	SPREADREST
	LEAQ      (BX)(R10*4), BX
	LEAQ      (R13)(R10*4), R13

next:
	TESTQ $4, R11           // an odd w leaves a column over
	JEQ   even
	MOVL  $0, -4(DI)(R11*1)
	MOVL  $0, -4(R8)(R11*1)

even:
	LEAQ (SI)(R11*2), SI
	LEAQ (DI)(R11*2), DI
	DECQ R12
	JNZ  row
	VZEROUPPER
	RET

// func avgPool2GradF32AVX512(dx, dy []float32, rows, w int)
TEXT ·avgPool2GradF32AVX512(SB), NOSPLIT, $0-64
	MOVQ         dx_base+0(FP), DI
	MOVQ         dy_base+24(FP), R13
	MOVQ         rows+48(FP), R12
	MOVQ         w+56(FP), R9
	ROWS
	JOIN
	VBROADCASTSS ·quarter32(SB), Z31
	VPXORD       Z27, Z27, Z27

row:
	LEAQ  (DI)(R11*1), R8
	XORQ  AX, AX
	MOVQ  R9, CX
	TESTQ CX, CX
	JEQ   rest

vector:
	VMOVUPS (R13), Z4
	VMULPS  Z31, Z4, Z4
	VADDPS  Z27, Z4, Z4
	VMOVAPS Z4, Z5
	VMOVAPS Z4, Z6
	VMOVAPS Z4, Z7
	TOGETHER
	SPREAD
	ADDQ    $128, AX
	ADDQ    $64, R13
	DECQ    CX
	JNZ     vector

rest:
	TESTQ     R10, R10
	JEQ       next
	VMOVUPS.Z (R13), K1, Z4
	VMULPS    Z31, Z4, Z4
	VADDPS    Z27, Z4, Z4
	VMOVAPS   Z4, Z5
	VMOVAPS   Z4, Z6
	VMOVAPS   Z4, Z7
	TOGETHER
	SPREADREST
	LEAQ      (R13)(R10*4), R13

next:
	TESTQ $4, R11           // an odd w leaves a column over
	JEQ   even
	MOVL  $0, -4(DI)(R11*1)
	MOVL  $0, -4(R8)(R11*1)

even:
	LEAQ (DI)(R11*2), DI
	DECQ R12
	JNZ  row
	VZEROUPPER
	RET
