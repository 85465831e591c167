//go:build !noasm

#include "textflag.h"
#include "pool2_avx2_amd64.h"

// Noted maxima of 2 x 2 windows with stride 2, and the way back. Needs AVX2. Forward, a row of
// outputs is vectors of 8, then one of 4 and up to three single ones by the same instructions. Beside
// what pool2_avx2_amd64.h uses:
//
//	R9      outputs of a row, CX those left; R11 bytes of a row of inputs; R12 rows left
//	DI, BX  y and notes; R8 a note
//	Y0, Y1  y and notes; Y2 x > y
//	Y11 to Y15 0, and the numbers of the places, 1 to 4

// LARGER is y = x > y ? x : y, and says where x was larger.
#define LARGER(X, Y, MORE) \
	VCMPPS $30, Y, X, MORE \
	VMAXPS Y, X, Y

// LARGEST makes y and the notes of windows.
#define LARGEST(X0, X1, X2, X3, Y, N, MORE, ZERO, ONE, TWO, THREE, FOUR) \
	VMOVAPS   ZERO, Y           \
	LARGER(X0, Y, N)            \
	VANDPS    ONE, N, N         \
	LARGER(X1, Y, MORE)         \
	VBLENDVPS MORE, TWO, N, N   \
	LARGER(X2, Y, MORE)         \
	VBLENDVPS MORE, THREE, N, N \
	LARGER(X3, Y, MORE)         \
	VBLENDVPS MORE, FOUR, N, N

#define LARGEST4 LARGEST(X4, X5, X6, X7, X0, X1, X2, X11, X12, X13, X14, X15)

// func notedPool2F32AVX2(y []float32, note []uint8, x []float32, rows, w int)
TEXT ·notedPool2F32AVX2(SB), NOSPLIT, $0-88
	MOVQ     y_base+0(FP), DI
	MOVQ     note_base+24(FP), BX
	MOVQ     x_base+48(FP), SI
	MOVQ     rows+72(FP), R12
	MOVQ     w+80(FP), R9
	LEAQ     (R9*4), R11
	SHRQ     $1, R9
	VXORPS   Y11, Y11, Y11
	VPCMPEQD Y12, Y12, Y12
	VPSRLD   $31, Y12, Y12
	VPADDD   Y12, Y12, Y13
	VPADDD   Y12, Y13, Y14
	VPADDD   Y12, Y14, Y15

row:
	LEAQ (SI)(R11*1), DX
	XORL AX, AX
	MOVQ R9, CX
	SUBQ $8, CX
	JLT  four

eight:
	WINDOWS
	APART
	LARGEST(Y4, Y5, Y6, Y7, Y0, Y1, Y2, Y11, Y12, Y13, Y14, Y15)
	VPERMPD      $0xd8, Y0, Y0
	VMOVUPS      Y0, (DI)
	VEXTRACTI128 $1, Y1, X2
	VPACKSSDW    X2, X1, X1
	VPACKUSWB    X1, X1, X1
	VPSHUFLW     $0xd8, X1, X1
	VMOVQ        X1, (BX)
	ADDQ         $64, AX
	ADDQ         $32, DI
	ADDQ         $8, BX
	SUBQ         $8, CX
	JGE          eight

four:
	ADDQ      $4, CX
	JLT       ones
	FOURWINDOWS
	LARGEST4
	VMOVUPS   X0, (DI)
	VPACKSSDW X1, X1, X1
	VPACKUSWB X1, X1, X1
	VMOVD     X1, (BX)
	ADDQ      $32, AX
	ADDQ      $16, DI
	ADDQ      $4, BX
	SUBQ      $4, CX

ones:
	ADDQ $4, CX
	JEQ  next

one:
	ONEWINDOW
	LARGEST4
	VMOVSS X0, (DI)
	VMOVD  X1, R8
	MOVB   R8, (BX)
	ADDQ   $8, AX
	ADDQ   $4, DI
	INCQ   BX
	DECQ   CX
	JNZ    one

next:
	LEAQ (SI)(R11*2), SI
	DECQ R12
	JNZ  row
	VZEROUPPER
	RET

// Back, four outputs are spread over a vector of each row, and single ones over half of one:
//
//	dy:    0 0 1 1 2 2 3 3    goes where the notes, spread alike,
//	top:   1 2 1 2 1 2 1 2    are the places' numbers
//	low:   3 4 3 4 3 4 3 4
//
//	R9     outputs of a row, CX those left; R11 bytes of a row of dx; R12 rows left
//	DI, R8 rows of dx, top and low; AX bytes within them
//	R13    dy; BX notes
//	Y0, Y1 +0 + dy and notes; Y2, Y3 dx
//	Y11    +0; Y12, Y13 the orders of dy and of the notes' bytes; Y14, Y15 the places' numbers

DATA ·numbers2<>+0(SB)/8, $0x0000000200000001
DATA ·numbers2<>+8(SB)/8, $0x0000000400000003
GLOBL ·numbers2<>(SB), RODATA, $16

DATA ·bytes2<>+0(SB)/8, $0x8080800080808000
DATA ·bytes2<>+8(SB)/8, $0x8080800180808001
DATA ·bytes2<>+16(SB)/8, $0x8080800280808002
DATA ·bytes2<>+24(SB)/8, $0x8080800380808003
GLOBL ·bytes2<>(SB), RODATA, $32

#define SPREAD4(PUT) \
	VBROADCASTF128 (R13), Y0           \
	VPBROADCASTD   (BX), Y1            \
	VADDPS         Y11, Y0, Y0         \
	VPSHUFB        Y13, Y1, Y1         \
	VPERMILPS      Y12, Y0, Y0         \
	VPCMPEQD       Y14, Y1, Y2         \
	VPCMPEQD       Y15, Y1, Y3         \
	VANDPS         Y0, Y2, Y2          \
	VANDPS         Y0, Y3, Y3          \
	PUT            Y2, (DI)(AX*1)      \
	PUT            Y3, (R8)(AX*1)      \
	ADDQ           $32, AX             \
	ADDQ           $16, R13            \
	ADDQ           $4, BX

// func notedPool2GradF32AVX2(dx, dy []float32, note []uint8, rows, w int, past bool)
TEXT ·notedPool2GradF32AVX2(SB), NOSPLIT, $0-89
	MOVQ         dx_base+0(FP), DI
	MOVQ         dy_base+24(FP), R13
	MOVQ         note_base+48(FP), BX
	MOVQ         rows+72(FP), R12
	MOVQ         w+80(FP), R9
	LEAQ         (R9*4), R11
	SHRQ         $1, R9
	VXORPS       Y11, Y11, Y11
	VMOVDQU      ·twice(SB), Y12
	VMOVDQU      ·bytes2<>(SB), Y13
	VPBROADCASTQ ·numbers2<>+0(SB), Y14
	VPBROADCASTQ ·numbers2<>+8(SB), Y15
	CMPB         past+88(FP), $0
	JEQ          row
	MOVQ         DI, AX
	ORQ          R11, AX
	TESTQ        $63, AX                // lines that two rows share would go there in parts
	JNE          row

pastrow:
	LEAQ (DI)(R11*1), R8
	XORL AX, AX

past:
	SPREAD4(VMOVNTPS)
	CMPQ AX, R11
	JLT  past
	LEAQ (DI)(R11*2), DI
	DECQ R12
	JNZ  pastrow
	VZEROUPPER
	RET

row:
	LEAQ (DI)(R11*1), R8
	XORL AX, AX
	MOVQ R9, CX
	SUBQ $4, CX
	JLT  ones

four:
	SPREAD4(VMOVUPS)
	SUBQ $4, CX
	JGE  four

ones:
	ADDQ $4, CX
	JEQ  odd

one:
	VBROADCASTSS (R13), X0
	MOVBLZX      (BX), DX
	VMOVD        DX, X1
	VPBROADCASTD X1, X1
	VADDPS       X11, X0, X0
	VPCMPEQD     X14, X1, X2
	VPCMPEQD     X15, X1, X3
	VANDPS       X0, X2, X2
	VANDPS       X0, X3, X3
	VMOVSD       X2, (DI)(AX*1)
	VMOVSD       X3, (R8)(AX*1)
	ADDQ         $8, AX
	ADDQ         $4, R13
	INCQ         BX
	DECQ         CX
	JNZ          one

odd:
	TESTQ $4, R11        // an odd w leaves a column over
	JEQ   next
	MOVL  $0, (DI)(AX*1)
	MOVL  $0, (R8)(AX*1)

next:
	LEAQ (DI)(R11*2), DI
	DECQ R12
	JNZ  row
	VZEROUPPER
	RET
