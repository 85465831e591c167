//go:build !noasm

#include "textflag.h"
#include "tail_amd64.h"

// Pooling of 2 x 2 windows with stride 2, AVX2 path. Needs AVX2. A row of outputs
// is whole vectors of 8, made of 16 elements of two rows of inputs, and a rest
// under masks:
//
//	top: x0 x1 x0 x1 ...  VSHUFPS parts the elements of the windows into
//	low: x2 x3 x2 x3 ...  Y4 = x0, Y5 = x1, Y6 = x2, Y7 = x3
//
// in the order of outputs 0 1 4 5 2 3 6 7, which VPERMPD $0xd8 makes and undoes.
//
//	R9, R10 whole vectors and rest of a row; CX vectors left; R11 bytes of a row of inputs
//	R12     rows left; AX bytes within a row of inputs
//	SI, DX  rows of x, top and low; DI, R8 y, or rows of dx; BX y; R13 dy
//	Y13     the rest of outputs; Y14, Y15 that of inputs, first and second 8

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
	VMOVDQU 64(R8), Y13       \
	SUBQ    CX, R8            \
	VMOVDQU 64(R8), Y14       \
	VMOVDQU 96(R8), Y15       \
	SHRQ    $3, R9

#define PART
#define JOIN

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

#define SPREAD \
	VMOVUPS Y0, (DI)(AX*1)   \
	VMOVUPS Y1, 32(DI)(AX*1) \
	VMOVUPS Y2, (R8)(AX*1)   \
	VMOVUPS Y3, 32(R8)(AX*1)

#define SPREADREST \
	VMASKMOVPS Y0, Y14, (DI)(AX*1)   \
	VMASKMOVPS Y1, Y15, 32(DI)(AX*1) \
	VMASKMOVPS Y2, Y14, (R8)(AX*1)   \
	VMASKMOVPS Y3, Y15, 32(R8)(AX*1)

// func maxPool2F32AVX2(y, x []float32, rows, w int)
TEXT ·maxPool2F32AVX2(SB), NOSPLIT, $0-64
	MOVQ y_base+0(FP), DI
	MOVQ x_base+24(FP), SI
	MOVQ rows+48(FP), R12
	MOVQ w+56(FP), R9
	ROWS
	PART

row:
	LEAQ  (SI)(R11*1), DX
	XORQ  AX, AX
	MOVQ  R9, CX
	TESTQ CX, CX
	JEQ   rest

vector:
	WINDOWS
	APART
	VCMPPS  $3, Y5, Y4, Y8 // one of them is NaN
	VCMPPS  $3, Y7, Y6, Y9
	VORPS   Y9, Y8, Y8
	VMAXPS  Y4, Y5, Y4     // x1 > x0 ? x1 : x0
	VMAXPS  Y6, Y7, Y6
	VMAXPS  Y4, Y6, Y4
	VORPS   Y8, Y4, Y4     // all ones are NaN
	VPERMPD $0xd8, Y4, Y4
	VMOVUPS Y4, (DI)
	ADDQ    $64, AX
	ADDQ    $32, DI
	DECQ    CX
	JNZ     vector

rest:
	TESTQ      R10, R10
	JEQ        next
	WINDOWSREST
	APART
	VCMPPS     $3, Y5, Y4, Y8  // one of them is NaN
	VCMPPS     $3, Y7, Y6, Y9
	VORPS      Y9, Y8, Y8
	VMAXPS     Y4, Y5, Y4      // x1 > x0 ? x1 : x0
	VMAXPS     Y6, Y7, Y6
	VMAXPS     Y4, Y6, Y4
	VORPS      Y8, Y4, Y4      // all ones are NaN
	VPERMPD    $0xd8, Y4, Y4
	VMASKMOVPS Y4, Y13, (DI)
	LEAQ       (DI)(R10*4), DI

next:
	LEAQ (SI)(R11*2), SI
	DECQ R12
	JNZ  row
	VZEROUPPER
	RET

// func avgPool2F32AVX2(y, x []float32, rows, w int)
TEXT ·avgPool2F32AVX2(SB), NOSPLIT, $0-64
	MOVQ         y_base+0(FP), DI
	MOVQ         x_base+24(FP), SI
	MOVQ         rows+48(FP), R12
	MOVQ         w+56(FP), R9
	ROWS
	PART
	VBROADCASTSS ·quarter32(SB), Y12

row:
	LEAQ  (SI)(R11*1), DX
	XORQ  AX, AX
	MOVQ  R9, CX
	TESTQ CX, CX
	JEQ   rest

vector:
	WINDOWS
	APART
	VADDPS  Y5, Y4, Y4
	VADDPS  Y6, Y4, Y4
	VADDPS  Y7, Y4, Y4
	VMULPS  Y12, Y4, Y4
	VPERMPD $0xd8, Y4, Y4
	VMOVUPS Y4, (DI)
	ADDQ    $64, AX
	ADDQ    $32, DI
	DECQ    CX
	JNZ     vector

rest:
	TESTQ      R10, R10
	JEQ        next
	WINDOWSREST
	APART
	VADDPS     Y5, Y4, Y4
	VADDPS     Y6, Y4, Y4
	VADDPS     Y7, Y4, Y4
	VMULPS     Y12, Y4, Y4
	VPERMPD    $0xd8, Y4, Y4
	VMASKMOVPS Y4, Y13, (DI)
	LEAQ       (DI)(R10*4), DI

next:
	LEAQ (SI)(R11*2), SI
	DECQ R12
	JNZ  row
	VZEROUPPER
	RET

// func maxPool2GradF32AVX2(dx, x, y, dy []float32, rows, w int)
TEXT ·maxPool2GradF32AVX2(SB), NOSPLIT, $0-112
	MOVQ   dx_base+0(FP), DI
	MOVQ   x_base+24(FP), SI
	MOVQ   y_base+48(FP), BX
	MOVQ   dy_base+72(FP), R13
	MOVQ   rows+96(FP), R12
	MOVQ   w+104(FP), R9
	ROWS
	PART
	JOIN
	VXORPS Y12, Y12, Y12

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
	VMOVUPS (BX), Y8
	VMOVUPS (R13), Y9
	VPERMPD $0xd8, Y8, Y8
	VADDPS  Y12, Y9, Y9     // +0 + dy
	VPERMPD $0xd8, Y9, Y9
	VCMPPS  $8, Y8, Y4, Y10 // x0 equals y, or one is NaN; windows whose element is found
	VANDPS  Y10, Y9, Y4
	VCMPPS  $8, Y8, Y5, Y5
	VANDNPS Y5, Y10, Y5
	VORPS   Y5, Y10, Y10
	VANDPS  Y5, Y9, Y5
	VCMPPS  $8, Y8, Y6, Y6
	VANDNPS Y6, Y10, Y6
	VORPS   Y6, Y10, Y10
	VANDPS  Y6, Y9, Y6
	VCMPPS  $8, Y8, Y7, Y7
	VANDNPS Y7, Y10, Y7
	VANDPS  Y7, Y9, Y7
	TOGETHER
	SPREAD
	ADDQ    $64, AX
	ADDQ    $32, BX
	ADDQ    $32, R13
	DECQ    CX
	JNZ     vector

rest:
	TESTQ      R10, R10
	JEQ        next
	WINDOWSREST
	APART
	VMASKMOVPS (BX), Y13, Y8
	VMASKMOVPS (R13), Y13, Y9
	VPERMPD    $0xd8, Y8, Y8
	VADDPS     Y12, Y9, Y9       // +0 + dy
	VPERMPD    $0xd8, Y9, Y9
	VCMPPS     $8, Y8, Y4, Y10   // x0 equals y, or one is NaN; windows whose element is found
	VANDPS     Y10, Y9, Y4
	VCMPPS     $8, Y8, Y5, Y5
	VANDNPS    Y5, Y10, Y5
	VORPS      Y5, Y10, Y10
	VANDPS     Y5, Y9, Y5
	VCMPPS     $8, Y8, Y6, Y6
	VANDNPS    Y6, Y10, Y6
	VORPS      Y6, Y10, Y10
	VANDPS     Y6, Y9, Y6
	VCMPPS     $8, Y8, Y7, Y7
	VANDNPS    Y7, Y10, Y7
	VANDPS     Y7, Y9, Y7
	TOGETHER
	SPREADREST
	LEAQ       (BX)(R10*4), BX
	LEAQ       (R13)(R10*4), R13

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

// func avgPool2GradF32AVX2(dx, dy []float32, rows, w int)
TEXT ·avgPool2GradF32AVX2(SB), NOSPLIT, $0-64
	MOVQ         dx_base+0(FP), DI
	MOVQ         dy_base+24(FP), R13
	MOVQ         rows+48(FP), R12
	MOVQ         w+56(FP), R9
	ROWS
	JOIN
	VBROADCASTSS ·quarter32(SB), Y11
	VXORPS       Y12, Y12, Y12

row:
	LEAQ  (DI)(R11*1), R8
	XORQ  AX, AX
	MOVQ  R9, CX
	TESTQ CX, CX
	JEQ   rest

vector:
	VMOVUPS (R13), Y4
	VMULPS  Y11, Y4, Y4
	VADDPS  Y12, Y4, Y4
	VPERMPD $0xd8, Y4, Y4
	VMOVAPS Y4, Y5
	VMOVAPS Y4, Y6
	VMOVAPS Y4, Y7
	TOGETHER
	SPREAD
	ADDQ    $64, AX
	ADDQ    $32, R13
	DECQ    CX
	JNZ     vector

rest:
	TESTQ      R10, R10
	JEQ        next
	VMASKMOVPS (R13), Y13, Y4
	VMULPS     Y11, Y4, Y4
	VADDPS     Y12, Y4, Y4
	VPERMPD    $0xd8, Y4, Y4
	VMOVAPS    Y4, Y5
	VMOVAPS    Y4, Y6
	VMOVAPS    Y4, Y7
	TOGETHER
	SPREADREST
	LEAQ       (R13)(R10*4), R13

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
