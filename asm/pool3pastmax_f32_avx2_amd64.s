//go:build !noasm

#include "go_asm.h"
#include "textflag.h"
#include "pool3_avx2_amd64.h"
#include "pool3grad_avx2_amd64.h"

// The way back of maxima over windows of 3 x 3, 1 apart, to a dx that passes the caches by.
// Needs AVX2; the AVX-512 path has it too. As in pool3past_f32_avx2_amd64.s dx is made row by
// row; the vectors of a row wait for none of each other, as the rows of a strip do. In room
// are
//
//	0 0 notes 0 0 ...      of a row of outputs, as in pool3grad_avx2_amd64.h
//	0 0 notes 0 0 ...      of the next row, made a row ahead
//	largest, note, ...     of the three columns of each output in a row of x, vectors in turn;
//	                       the note as if the row were row 2
//	largest, note, ...     in the next row
//	sums                   what the next row of dx and the one after it have so far, vectors in
//	                       turn
//	NaN                    the row of x that is below the plane
//
//	DI      dx at hand; DX dy of its first place, or before it; AX bytes of that row, R15 of dx
//	SI      x0 of the first output in the row of x at hand; CX rows of x left
//	R10     rows of outputs left, and rows of x before those of the first
//	R9      the next row's notes, R11 those at hand; BX from there
//	R12, R13 the largest of rows 0 and 1 of the next row's windows; R14 the sums
//	R8      the grid; the row of x where it is looked through; the notes of the first place
//	Y8, Y9, Y10 the notes of columns 0, 1 and 2; Y11 NaN; Y12 +0; Y15 where NaN is seen

DATA ·column3<>+0(SB)/4, $0x01000000
GLOBL ·column3<>(SB), RODATA, $4

// soon3 bytes ahead of what is read is fetched: with more, or less, the kernel waits.
#define soon3 2048

// WINNERS makes of three columns their largest and its note, which take the place of row 0's,
// and the notes of the outputs.
#define WINNERS \
	VMOVUPS    (R8)(BX*1), Y7      \
	PREFETCHT0 soon3(R8)(BX*1)     \
	VCMPPS     $3, Y7, Y7, Y7      \
	VORPS      Y7, Y15, Y15        \
	VCMPPS     $29, Y1, Y0, Y3     \
	VMAXPS     Y1, Y0, Y4          \
	VBLENDVPS  Y3, Y8, Y9, Y5      \
	VCMPPS     $30, Y4, Y2, Y3     \
	VMAXPS     Y4, Y2, Y4          \
	VBLENDVPS  Y3, Y10, Y5, Y5     \
	VMOVUPS    (R12)(BX*2), Y0     \
	VMOVUPS    (R13)(BX*2), Y1     \
	VMOVUPS    32(R12)(BX*2), Y6   \
	VMOVUPS    32(R13)(BX*2), Y7   \
	VMOVUPS    Y4, (R12)(BX*2)     \
	VMOVUPS    Y5, 32(R12)(BX*2)   \
	VPSLLD     $3, Y6, Y6          \
	VCMPPS     $29, Y1, Y0, Y3     \
	VMAXPS     Y1, Y0, Y2          \
	VBLENDVPS  Y3, Y6, Y7, Y6      \
	VPSLLD     $3, Y6, Y6          \
	VCMPPS     $30, Y2, Y4, Y3     \
	VBLENDVPS  Y3, Y5, Y6, Y6

// PICKED is from, and dy at DX + at added where the note of that output has bit 31-k.
#define PICKED(k, note, at, from, sum) \
	VPSLLD     $k, note, Y13          \
	VMASKMOVPS at(DX)(BX*1), Y13, Y13 \
	VADDPS     Y13, from, sum

// func maxPool3GradPastBy1F32AVX2(dx, x, dy *float32, planes int, grid *grid3, room *float32) (ordered bool)
TEXT ·maxPool3GradPastBy1F32AVX2(SB), NOSPLIT, $192-49
	MOVQ         grid+32(FP), R8
	MOVQ         grid3_xRow(R8), R15
	MOVQ         grid3_yRow(R8), AX
	VMOVUPS      ALL, Y11
	VXORPS       Y12, Y12, Y12
	VXORPS       Y15, Y15, Y15
	VBROADCASTSS ·column3<>(SB), Y9
	VPSLLD       $1, Y9, Y8
	VPSRLD       $1, Y9, Y10

	// of the first vector the columns 0 that are there or not, of the last columns 1 and 2 and
	// the outputs
	LEAQ    ·tailMask+128(SB), R12
	MOVQ    grid3_top(R8), CX
	NEGQ    CX
	VMOVUPS (R12)(CX*4), Y0
	VANDNPS Y11, Y0, Y1
	VMOVUPS -28(R12)(CX*4), Y2
	VMOVUPS -24(R12)(CX*4), Y3
	VMOVUPS -24(R12)(CX*8), Y4
	VMOVUPS Y0, none0-32(SP)
	VMOVUPS Y1, column0-64(SP)
	VMOVUPS Y2, column1-96(SP)
	VMOVUPS Y3, column2-128(SP)
	VMOVUPS Y4, outputs-160(SP)

	MOVQ    room+40(FP), R9
	VMOVUPS Y12, (R9)
	ADDQ    $32, R9
	LEAQ    32(R9)(R15*1), R11
	LEAQ    32(R11)(R15*1), R12
	LEAQ    (R12)(R15*2), R13
	LEAQ    (R13)(R15*2), R14
	VMOVUPS Y12, -32(R11)
	VMOVUPS Y12, -32(R12)
	LEAQ    (R14)(R15*2), BX
	MOVQ    BX, below-168(SP)
	LEAQ    -32(R15), SI
	MOVQ    SI, last-176(SP)
	ADDQ    $64, SI

below:
	VMOVUPS Y11, -32(BX)(SI*1)
	SUBQ    $32, SI
	JNE     below

plane:
	MOVQ    grid3_top(R8), BX
	MOVQ    x+8(FP), SI
	MOVQ    dx+0(FP), DI
	MOVQ    dy+16(FP), DX
	LEAQ    (BX*4), R10
	SUBQ    R10, SI
	ADDQ    R10, DX
	MOVQ    grid3_outputs(R8), CX
	LEAQ    3(CX), R10
	SUBQ    BX, R10
	LEAQ    -1(R10), CX
	XORL    R8, R8
	TESTQ   BX, BX
	CMOVQEQ R15, R8
	MOVQ    R8, step-184(SP) // from a row of the padding to the next is none
	XORL    BX, BX

begin:
	VMOVUPS Y11, (R13)(BX*2)
	VMOVUPS Y12, (R14)(BX*2)
	VMOVUPS Y12, 32(R14)(BX*2)
	ADDQ    $32, BX
	CMPQ    BX, R15
	JLT     begin

row:
	MOVQ  grid+32(FP), R8
	TESTQ CX, CX
	JEQ   pick
	MOVQ  grid3_bottom(R8), BX
	MOVQ  grid3_top(R8), R8
	LEAQ  (SI)(R8*4), R8
	CMPQ  CX, BX
	JNE   first
	SUBQ  R15, R8
	MOVQ  below-168(SP), SI

first:
	XORL       BX, BX
	VMOVUPS    column0-64(SP), Y0
	VMASKMOVPS (SI), Y0, Y0
	VORPS      none0-32(SP), Y0, Y0
	JMP        columns

vector:
	VMOVUPS (SI)(BX*1), Y0

columns:
	VMOVUPS    4(SI)(BX*1), Y1
	VMOVUPS    8(SI)(BX*1), Y2
	WINNERS
	VMOVUPS    Y6, (R9)(BX*1)
	ADDQ       $32, BX
	CMPQ       BX, last-176(SP)
	JLT        vector
	VMOVUPS    column1-96(SP), Y1
	VMOVUPS    column2-128(SP), Y3
	VMOVUPS    (SI)(BX*1), Y0
	VMASKMOVPS 4(SI)(BX*1), Y1, Y1
	VMASKMOVPS 8(SI)(BX*1), Y3, Y2
	VANDNPS    Y11, Y3, Y3
	VORPS      Y3, Y2, Y2
	WINNERS
	VANDPS     outputs-160(SP), Y6, Y6
	VMOVUPS    Y6, (R9)(BX*1)
	XCHGQ      R12, R13
	ADDQ       R15, SI
	DECQ       CX

pick:
	MOVQ grid+32(FP), R8
	CMPQ R10, grid3_outputs(R8)
	JGT  next
	MOVQ grid3_top(R8), R8
	LEAQ (R11)(R8*4), R8
	XORL BX, BX

places:
	VMOVUPS    -8(R8)(BX*1), Y0
	VMOVUPS    -4(R8)(BX*1), Y1
	VMOVUPS    (R8)(BX*1), Y2
	VMOVUPS    (R14)(BX*2), Y3
	VMOVUPS    32(R14)(BX*2), Y4
	PREFETCHT0 soon3(DX)(BX*1)
	PICKED(2, Y0, -8, Y3, Y3)
	PICKED(5, Y0, -8, Y4, Y4)
	PICKED(8, Y0, -8, Y12, Y5)
	PICKED(1, Y1, -4, Y3, Y3)
	PICKED(4, Y1, -4, Y4, Y4)
	PICKED(7, Y1, -4, Y5, Y5)
	VMASKMOVPS (DX)(BX*1), Y2, Y13
	VADDPS     Y13, Y3, Y3
	PICKED(3, Y2, 0, Y4, Y4)
	PICKED(6, Y2, 0, Y5, Y5)
	VMOVNTPS   Y3, (DI)(BX*1)
	VMOVUPS    Y4, (R14)(BX*2)
	VMOVUPS    Y5, 32(R14)(BX*2)
	ADDQ       $32, BX
	CMPQ       BX, R15
	JLT        places
	ADDQ       step-184(SP), DI
	MOVQ       R15, step-184(SP)
	ADDQ       AX, DX

next:
	XCHGQ R9, R11
	DECQ  R10
	JNE   row
	MOVQ  grid+32(FP), R8
	XORL  BX, BX

left:
	VMOVUPS  (R14)(BX*2), Y3
	VMOVNTPS Y3, (DI)(BX*1)
	ADDQ     $32, BX
	CMPQ     BX, R15
	JLT      left
	CMPQ     grid3_bottom(R8), $0
	JNE      done
	ADDQ     R15, DI
	XORL     BX, BX

left2:
	VMOVUPS  32(R14)(BX*2), Y3
	VMOVNTPS Y3, (DI)(BX*1)
	ADDQ     $32, BX
	CMPQ     BX, R15
	JLT      left2

done:
	MOVQ      grid3_xPlane(R8), BX
	ADDQ      BX, dx+0(FP)
	ADDQ      BX, x+8(FP)
	MOVQ      grid3_yPlane(R8), BX
	ADDQ      BX, dy+16(FP)
	DECQ      planes+24(FP)
	JNE       plane
	VMOVMSKPS Y15, AX
	TESTL     AX, AX
	SETEQ     ordered+48(FP)
	VZEROUPPER
	RET
