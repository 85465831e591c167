//go:build !noasm

#include "textflag.h"
#include "tail_amd64.h"
#include "pool2_avx512_amd64.h"

// Noted maxima of 2 x 2 windows with stride 2, and the way back. Needs AVX512F, AVX512BW and
// AVX512VL. Forward, beside what pool2_avx512_amd64.h reads windows with:
//
//	CX       vectors left of a row; R12 rows left
//	DI, BX   y and notes
//	Z0       notes; Z4 y; K4 to K7 x > y
//	Z16      0; X17 to X20 the numbers of the places, 1 to 4

// LARGEST makes y and the notes of 16 windows.
#define LARGEST \
	VCMPPS     $30, Z16, Z4, K4 \
	VMAXPS     Z16, Z4, Z4      \ // x > y ? x : y
	VCMPPS     $30, Z4, Z5, K5  \
	VMAXPS     Z4, Z5, Z4       \
	VCMPPS     $30, Z4, Z6, K6  \
	VMAXPS     Z4, Z6, Z4       \
	VCMPPS     $30, Z4, Z7, K7  \
	VMAXPS     Z4, Z7, Z4       \
	VMOVDQU8.Z X17, K4, X0      \
	VMOVDQU8   X18, K5, X0      \
	VMOVDQU8   X19, K6, X0      \
	VMOVDQU8   X20, K7, X0

#define NUMBER(n, X) \
	MOVL         $n, AX \
	VPBROADCASTB AX, X

// func notedPool2F32AVX512(y []float32, note []uint8, x []float32, rows, w int)
TEXT ·notedPool2F32AVX512(SB), NOSPLIT, $0-88
	MOVQ   y_base+0(FP), DI
	MOVQ   note_base+24(FP), BX
	MOVQ   x_base+48(FP), SI
	MOVQ   rows+72(FP), R12
	MOVQ   w+80(FP), R9
	ROWS
	PART
	VPXORD Z16, Z16, Z16
	NUMBER(1, X17)
	NUMBER(2, X18)
	NUMBER(3, X19)
	NUMBER(4, X20)

row:
	LEAQ  (SI)(R11*1), DX
	XORL  AX, AX
	MOVQ  R9, CX
	TESTQ CX, CX
	JEQ   rest

vector:
	WINDOWS
	APART
	LARGEST
	VMOVUPS Z4, (DI)
	VMOVDQU X0, (BX)
	ADDQ    $128, AX
	ADDQ    $64, DI
	ADDQ    $16, BX
	DECQ    CX
	JNZ     vector

rest:
	TESTQ    R10, R10
	JEQ      next
	WINDOWSREST
	APART
	LARGEST
	VMOVUPS  Z4, K1, (DI)
	VMOVDQU8 X0, K1, (BX)
	LEAQ     (DI)(R10*4), DI
	ADDQ     R10, BX

next:
	LEAQ (SI)(R11*2), SI
	DECQ R12
	JNZ  row
	VZEROUPPER
	RET

// Back, eight outputs are spread over a vector of each row:
//
//	dy:    0 0 1 1 2 2 ...    goes where the notes, spread alike,
//	top:   1 2 1 2 1 2 ...    are the places' numbers
//	low:   3 4 3 4 3 4 ...
//
//	R9, R10 whole vectors and rest of a row, CX those left; R11 bytes of a row of dx
//	R12    rows left
//	DI, R8 rows of dx, top and low; AX bytes within them
//	R13    dy; BX notes
//	K1, K2 the rest of outputs and of dx; K3 where dx is not 0, top, and K4, low
//	Z0, X1 +0 + dy and notes; Z2, Z3 dx
//	Y12    +0; Z13 the order of dy; X14, X15 the places' numbers

#define SPREAD \
	VPUNPCKLBW X1, X1, X1      \
	VADDPS     Y12, Y0, Y0     \
	VPCMPEQB   X14, X1, K3     \
	VPCMPEQB   X15, X1, K4     \
	VPERMPS.Z  Z0, Z13, K3, Z2 \
	VPERMPS.Z  Z0, Z13, K4, Z3

#define SPREAD8(PUT) \
	VMOVUPS (R13), Y0      \
	VMOVQ   (BX), X1       \
	SPREAD                 \
	PUT     Z2, (DI)(AX*1) \
	PUT     Z3, (R8)(AX*1) \
	ADDQ    $64, AX        \
	ADDQ    $32, R13       \
	ADDQ    $8, BX

// func notedPool2GradF32AVX512(dx, dy []float32, note []uint8, rows, w int, past bool)
TEXT ·notedPool2GradF32AVX512(SB), NOSPLIT, $0-89
	MOVQ         dx_base+0(FP), DI
	MOVQ         dy_base+24(FP), R13
	MOVQ         note_base+48(FP), BX
	MOVQ         rows+72(FP), R12
	MOVQ         w+80(FP), R9
	LEAQ         (R9*4), R11
	SHRQ         $1, R9
	MOVQ         R9, CX
	ANDQ         $7, CX
	MOVQ         CX, R10
	SHRQ         $3, R9
	TAILMASK512
	ADDQ         CX, CX
	MOVL         $1, R8
	SHLQ         CX, R8
	DECQ         R8
	KMOVW        R8, K2
	VXORPS       Y12, Y12, Y12
	VMOVDQU32    ·twice(SB), Z13
	MOVL         $0x0201, AX
	VPBROADCASTW AX, X14
	MOVL         $0x0403, AX
	VPBROADCASTW AX, X15
	CMPB         past+88(FP), $0
	JEQ          row
	MOVQ         DI, AX
	ORQ          R11, AX
	TESTQ        $63, AX         // lines that two rows share would go there in parts
	JNE          row

pastrow:
	LEAQ (DI)(R11*1), R8
	XORL AX, AX

past:
	SPREAD8(VMOVNTPS)
	CMPQ AX, R11
	JLT  past
	LEAQ (DI)(R11*2), DI
	DECQ R12
	JNZ  pastrow
	VZEROUPPER
	RET

row:
	LEAQ  (DI)(R11*1), R8
	XORL  AX, AX
	MOVQ  R9, CX
	TESTQ CX, CX
	JEQ   rest

vector:
	SPREAD8(VMOVUPS)
	DECQ CX
	JNZ  vector

rest:
	TESTQ      R10, R10
	JEQ        odd
	VMOVUPS.Z  (R13), K1, Y0
	VMOVDQU8.Z (BX), K1, X1
	SPREAD
	VMOVUPS    Z2, K2, (DI)(AX*1)
	VMOVUPS    Z3, K2, (R8)(AX*1)
	LEAQ       (R13)(R10*4), R13
	ADDQ       R10, BX

odd:
	TESTQ $4, R11           // an odd w leaves a column over
	JEQ   next
	MOVL  $0, -4(DI)(R11*1)
	MOVL  $0, -4(R8)(R11*1)

next:
	LEAQ (DI)(R11*2), DI
	DECQ R12
	JNZ  row
	VZEROUPPER
	RET
