//go:build !noasm

#include "go_asm.h"
#include "textflag.h"
#include "pool3_avx2_amd64.h"
#include "pool3grad_avx2_amd64.h"

// The way back of averages by windows of 3 x 3 to a dx that passes the caches by. Needs AVX2;
// the AVX-512 path has it too. dx is made row by row, not strip by strip, since lines pass
// by whole only if they are made in order; the next ones are made while they are stored. In
// room are
//
//	0 0 shares 0 0 ...   what each output of a row gives to an element of its window
//	0 0 shares 0 0 ...   of the next row, made a row ahead: a load from two vectors that have
//	                     just been stored would wait for them
//	sums                 1 apart what the next row of dx and the one after it have so far,
//	                     vectors in turn; 2 apart a row of dx that one row of outputs
//	                     reaches, which is also what the next one has so far
//
//	DI      dx at hand; DX dy of the next row; AX bytes of that row, R15 of a row of dx
//	CX      rows of outputs left; R10 1 apart rows of dx left, 2 apart the shares at hand
//	R9      the next row's shares, R13 to the last vector of them; SI those of the first place
//	R12     the sums, R11 where they end; BX from there
//	R14     from there to the next row of dx: 0 from a row of the padding, else R15
//	Y12     +0; Y14 9; Y15 which outputs of the last vector there are
//	Y8 to Y11 2 apart the two shares of each place of dx, and masks of those

DATA ·both3<>+0(SB)/8, $0x0000000000000000
DATA ·both3<>+8(SB)/8, $0x0000000100000001
DATA ·both3<>+16(SB)/8, $0x0000000200000002
DATA ·both3<>+24(SB)/8, $0x0000000300000003
GLOBL ·both3<>(SB), RODATA, $32

// BEGINPAST sets what is the same for all planes; the first element of dx is in the window
// of that many outputs before the first, less by the padding.
#define BEGINPAST(places) \
	MOVQ    grid+24(FP), R8          \
	MOVQ    grid3_xRow(R8), R15      \
	MOVQ    grid3_yRow(R8), AX       \
	LEAQ    -4(AX), R13              \
	MOVQ    R13, BX                  \
	ANDQ    $~31, R13                \
	ANDQ    $28, BX                  \
	NEGQ    BX                       \
	LEAQ    ·tailMask+124(SB), R12   \
	VMOVUPS (R12)(BX*1), Y15         \
	MOVQ    dy+8(FP), DX             \
	MOVQ    room+32(FP), R9          \
	ADDQ    $32, R9                  \
	LEAQ    96(R13), R12             \
	MOVQ    R12, other-8(SP)         \
	LEAQ    (R9)(R12*2), R12         \
	MOVQ    grid3_top(R8), SI        \
	LEAQ    (-4*places)(R9)(SI*4), SI \
	VMOVUPS NINE, Y14                \
	VXORPS  Y12, Y12, Y12

// BEGINPLANE makes the sums +0.
#define BEGINPLANE(zero) \
	MOVQ    dx+0(FP), DI             \
	MOVQ    grid3_outputs(R8), CX    \
	XORL    R14, R14                 \
	CMPQ    grid3_top(R8), $0        \
	CMOVQEQ R15, R14                 \
	XORL    BX, BX                   \
zero: \
	VMOVUPS Y12, (R12)(BX*1)         \
	ADDQ    $32, BX                  \
	CMPQ    BX, R11                  \
	JLT     zero

// SHARES divides a row of dy.
#define SHARES(vector, last) \
	XORL       BX, BX              \
	TESTQ      R13, R13            \
	JEQ        last                \
vector: \
	VMOVUPS    (DX)(BX*1), Y0      \
	PREFETCHT1 const_aheadLeast(DX)(BX*1) \
	VDIVPS     Y14, Y0, Y0         \
	VMOVUPS    Y0, (R9)(BX*1)      \
	ADDQ       $32, BX             \
	CMPQ       BX, R13             \
	JLT        vector              \
last: \
	VMASKMOVPS (DX)(BX*1), Y15, Y0 \
	VDIVPS     Y14, Y0, Y0         \
	VMOVUPS    Y0, (R9)(BX*1)      \
	ADDQ       AX, DX

// OTHER lets the next row's shares be where those of the row before were, and NEXT goes on to
// that row, and to the next row of dx.
#define OTHER \
	MOVQ other-8(SP), BX \
	ADDQ BX, R9          \
	NEGQ BX              \
	MOVQ BX, other-8(SP)

#define NEXT \
	SUBQ other-8(SP), SI \
	ADDQ R14, DI         \
	MOVQ R15, R14

#define NEXTPLANE(plane) \
	MOVQ grid3_xPlane(R8), BX \
	ADDQ BX, dx+0(FP)         \
	DECQ planes+16(FP)        \
	JNE  plane                \
	VZEROUPPER

// func avgPool3GradPastBy1F32AVX2(dx, dy *float32, planes int, grid *grid3, room *float32)
TEXT ·avgPool3GradPastBy1F32AVX2(SB), NOSPLIT, $8-40
	BEGINPAST(2)
	LEAQ (R15)(R15*1), R11

plane:
	BEGINPLANE(zero)
	LEAQ 2(CX), R10
	SUBQ grid3_bottom(R8), R10
	SHARES(share, lastShare)

row:
	OTHER
	DECQ CX
	JLE  none
	SHARES(share2, lastShare2)

add:
	XORL BX, BX

vector:
	VMOVUPS  (SI)(BX*1), Y2
	VMOVUPS  4(SI)(BX*1), Y1
	VMOVUPS  8(SI)(BX*1), Y0
	VADDPS   (R12)(BX*2), Y2, Y3
	VADDPS   32(R12)(BX*2), Y2, Y4
	VADDPS   Y12, Y2, Y5
	VADDPS   Y1, Y3, Y3
	VADDPS   Y1, Y4, Y4
	VADDPS   Y1, Y5, Y5
	VADDPS   Y0, Y3, Y3
	VADDPS   Y0, Y4, Y4
	VADDPS   Y0, Y5, Y5
	VMOVUPS  Y4, (R12)(BX*2)
	VMOVUPS  Y5, 32(R12)(BX*2)
	VMOVNTPS Y3, (DI)(BX*1)
	ADDQ     $32, BX
	CMPQ     BX, R15
	JLT      vector
	NEXT
	DECQ     R10
	JNE      row
	NEXTPLANE(plane)
	RET

none:
	XORL BX, BX

clear:
	VMOVUPS Y12, (R9)(BX*1)
	ADDQ    $32, BX
	CMPQ    BX, R13
	JLE     clear
	JMP     add

// func avgPool3GradPastBy2F32AVX2(dx, dy *float32, planes int, grid *grid3, room *float32)
TEXT ·avgPool3GradPastBy2F32AVX2(SB), NOSPLIT, $8-40
	BEGINPAST(1)
	VMOVUPS  ·both3<>(SB), Y8
	VPCMPEQD Y10, Y10, Y10
	VPSUBD   Y10, Y8, Y9
	VPSLLQ   $32, Y10, Y11
	MOVQ     R15, R11
	CMPQ     grid3_top(R8), $0
	JNE      plane
	VMOVAPS  Y10, Y11
	VPSRLQ   $32, Y10, Y10

plane:
	BEGINPLANE(zero)
	SHARES(share, lastShare)

row:
	OTHER
	CMPQ CX, $1
	JEQ  add
	SHARES(share2, lastShare2)

add:
	MOVQ SI, R10
	XORL BX, BX

vector:
	VMOVUPS  (R10), Y0
	VPERMPS  Y0, Y8, Y1
	VPERMPS  Y0, Y9, Y2
	VANDPS   Y10, Y1, Y1
	VANDPS   Y11, Y2, Y2
	VADDPS   (R12)(BX*1), Y1, Y3
	VADDPS   Y12, Y1, Y1
	VADDPS   Y2, Y3, Y3
	VADDPS   Y2, Y1, Y1
	VMOVUPS  Y1, (R12)(BX*1)
	VMOVNTPS Y3, (DI)(BX*1)
	ADDQ     $16, R10
	ADDQ     $32, BX
	CMPQ     BX, R15
	JLT      vector
	NEXT

second:
	XORL BX, BX

vector2:
	VMOVUPS  (R12)(BX*1), Y3
	VMOVNTPS Y3, (DI)(BX*1)
	ADDQ     $32, BX
	CMPQ     BX, R15
	JLT      vector2
	ADDQ     R15, DI
	DECQ     CX
	JGT      row
	JLT      next
	CMPQ     grid3_bottom(R8), $0
	JEQ      second

next:
	NEXTPLANE(plane)
	RET
