//go:build !noasm

#include "go_asm.h"
#include "textflag.h"
#include "pool3_avx512_amd64.h"
#include "pool3grad_amd64.h"

// The way back of windows of 3 x 3, AVX-512 path. Needs AVX512F and VL. A row of outputs
// adds to three rows of dx and is the last that does to the first of them. A winner is
// noted as 3*row+column of its window; each row of inputs has its largest and the note.
//
//	SI      planes of x; DI the row of dx
//	DX      dy of the outputs at hand, AX bytes of a row, R14 to the second half
//	CX      rows of outputs left
//	Z0 to Z2   the largest of rows 0 to 2 of the windows; Z20 to Z22 their notes
//	Z10 to Z12 the outputs' notes as they are, moved up by 1 and by 2; Z13 to Z15 their dy
//	Z16 to Z19 sums: 1 apart of rows 0, 1 and 2; 2 apart of a row's even and odd places, those
//	        of row 0 first
//	Z24     9; Z25 no note, or +0; Z26 NaN: no row
//	Z28, Z29 the order of two vectors' elements in turn

#define SIZES \
	MOVQ grid3_xRow(R8), R15  \
	MOVQ grid3_yRow(R8), AX   \
	MOVQ grid3_ahead(R8), R10

// ROWS sets the rows of a strip.
#define ROWS(dx, dy) \
	MOVQ strip3_x(R9), DI   \
	ADDQ dx, DI             \
	MOVQ strip3_y(R9), DX   \
	ADDQ dy, DX             \
	MOVQ strip3_y2(R9), R14 \
	MOVQ grid3_outputs(R8), CX

// LARGEST makes of the columns of a row their largest and the note of the first such one:
// a, b or c, where that is in notes3.
#define LARGEST(to, note, a, b, c) \
	VPBROADCASTD ·notes3+b(SB), note     \
	VCMPPS       $29, Z5, Z4, K2, K7     \
	VMAXPS       Z4, Z5, K2, Z5          \
	VPBROADCASTD ·notes3+a(SB), K7, note \
	VCMPPS       $30, Z5, Z6, K3, K7     \
	VMAXPS       Z5, Z6, K3, Z5          \
	VPBROADCASTD ·notes3+c(SB), K7, note \
	VMOVAPS      Z5, to

// NOTES makes of the rows' largest the outputs' notes.
#define NOTES \
	VMOVDQA32 Z25, Z10             \
	VMOVDQA32 Z21, K1, Z10         \
	VCMPPS    $29, Z1, Z0, K1, K7  \
	VMAXPS    Z1, Z0, Z4           \
	VMOVDQA32 Z20, K7, Z10         \
	VCMPPS    $30, Z4, Z2, K1, K7  \
	VMOVDQA32 Z22, K7, Z10         \
	VALIGND   $15, Z25, Z10, Z11

// DY1 and DY2 load dy of a row of outputs.
#define DY1 \
	VMOVUPS.Z  (DX), K1, Z13 \
	PREFETCHT1 (DX)(R10*1)   \
	ADDQ       AX, DX

#define DY2 \
	KSHIFTRW     $8, K1, K7               \
	VMOVUPS.Z    (DX), K1, Y13            \
	VMOVUPS.Z    (DX)(R14*1), K7, Y14     \
	VINSERTF64X4 $1, Y14, Z13, Z13        \
	PREFETCHT1   (DX)(R10*1)              \
	ADDQ         AX, DX

// PICK adds dy where a note is that at which.
#define PICK(which, note, dy, sum) \
	VPCMPEQD.BCST ·notes3+which(SB), note, K7 \
	VADDPS        dy, sum, K7, sum

#define PICK1(a, b, c, sum) \
	PICK(c, Z12, Z15, sum) \
	PICK(b, Z11, Z14, sum) \
	PICK(a, Z10, Z13, sum)

#define PICK2(a, b, c, even, odd) \
	PICK(c, Z11, Z14, even) \
	PICK(b, Z10, Z13, odd)  \
	PICK(a, Z10, Z13, even)

// PUT1 and PUT2 store a row of dx.
#define PUT1(sum) \
	KMOVW   strip3_toA(R9), K7 \
	VMOVUPS sum, K7, (DI)      \
	ADDQ    R15, DI

#define PUT2(even, odd) \
	VMOVAPS   Z28, Z4             \
	VMOVAPS   Z29, Z5             \
	VPERMI2PS odd, even, Z4       \
	VPERMI2PS odd, even, Z5       \
	KMOVW     strip3_toA(R9), K7  \
	VMOVUPS   Z4, K7, (DI)        \
	KMOVW     strip3_toB(R9), K7  \
	VMOVUPS   Z5, K7, (DI)(R12*1) \
	ADDQ      R15, DI

#define WEAVE \
	VMOVDQU32 ·poolIndex+128(SB), Z28 \
	VMOVDQU32 ·poolIndex+192(SB), Z29

#define BEGINMAX \
	MOVQ       x+8(FP), SI       \
	MOVQ       grid+32(FP), R8      \
	SIZES                        \
	KXNORW     K6, K6, K6        \
	VPTERNLOGD $0xff, Z25, Z25, Z25 \
	VMOVAPS    Z25, Z26

// REPORT returns whether nothing was NaN.
#define REPORT \
	KORTESTW K6, K6 \
	SETCS    ordered+48(FP)

// SHARES makes of dy what every element of a window is given.
#define SHARES \
	VDIVPS  Z24, Z13, Z13        \
	VALIGND $15, Z25, Z13, Z14

#define ADD1(from, sum) \
	VADDPS Z15, from, sum \
	VADDPS Z14, sum, sum  \
	VADDPS Z13, sum, sum

#define ADD2(from, even, odd) \
	VADDPS Z14, from, even \
	VADDPS Z13, even, even \
	VADDPS Z13, odd, odd

#define BEGINAVG \
	MOVQ         grid+24(FP), R8           \
	SIZES                               \
	VBROADCASTSS ·notes3+288(SB), Z24   \
	VPXORD       Z25, Z25, Z25

// func maxPool3GradBy1F32AVX512(dx, x, dy *float32, planes int, grid *grid3, room *float32) (ordered bool)
TEXT ·maxPool3GradBy1F32AVX512(SB), NOSPLIT, $0-49
	BEGINMAX

plane:
	MOVQ grid3_strips(R8), R9

strip:
	STRIP(SI)
	ROWS(dx+0(FP), dy+16(FP))
	VMOVAPS Z26, Z0
	VPXORD  Z16, Z16, Z16
	VPXORD  Z17, Z17, Z17
	CMPQ    grid3_top(R8), $0
	JNE     second
	COLS1
	ORDERED1
	LARGEST(Z0, Z20, 0, 32, 64)

second:
	COLS1
	ORDERED1
	LARGEST(Z1, Z21, 96, 128, 160)

row:
	VMOVAPS Z26, Z2
	CMPQ    CX, grid3_bottom(R8)
	JEQ     note
	COLS1
	ORDERED1
	LARGEST(Z2, Z22, 192, 224, 256)

note:
	NOTES
	DY1
	VALIGND $14, Z25, Z10, Z12
	VALIGND $15, Z13, Z13, Z14
	VALIGND $14, Z13, Z13, Z15
	PICK1(0, 32, 64, Z16)
	PICK1(96, 128, 160, Z17)
	VPXORD Z18, Z18, Z18
	PICK1(192, 224, 256, Z18)
	CMPQ   CX, grid3_skip(R8)
	JEQ    roll
	PUT1(Z16)

roll:
	VMOVAPS     Z17, Z16
	VMOVAPS     Z18, Z17
	VMOVAPS     Z1, Z0
	VMOVAPS     Z2, Z1
	VPSUBD.BCST ·notes3+96(SB), Z21, Z20
	VPSUBD.BCST ·notes3+96(SB), Z22, Z21
	DECQ        CX
	JNE         row
	PUT1(Z16)
	CMPQ        grid3_bottom(R8), $0
	JNE         next
	PUT1(Z17)

next:
	NEXTMAX(strip, plane)
	REPORT
	RET

// func maxPool3GradBy2F32AVX512(dx, x, dy *float32, planes int, grid *grid3, room *float32) (ordered bool)
TEXT ·maxPool3GradBy2F32AVX512(SB), NOSPLIT, $0-49
	BEGINMAX
	ORDER
	WEAVE

plane:
	MOVQ grid3_strips(R8), R9

strip:
	STRIP(SI)
	ROWS(dx+0(FP), dy+16(FP))
	VMOVAPS Z26, Z0
	VPXORD  Z16, Z16, Z16
	VPXORD  Z17, Z17, Z17
	CMPQ    grid3_top(R8), $0
	JNE     row
	COLS2(asked1)
	ORDERED2
	LARGEST(Z0, Z20, 0, 32, 64)

row:
	COLS2(asked2)
	ORDERED2
	LARGEST(Z1, Z21, 96, 128, 160)
	VMOVAPS Z26, Z2
	CMPQ    CX, grid3_bottom(R8)
	JEQ     note
	COLS2(asked3)
	ORDERED2
	LARGEST(Z2, Z22, 192, 224, 256)

note:
	NOTES
	DY2
	VALIGND $15, Z13, Z13, Z14
	CMPQ    CX, grid3_skip(R8)
	JEQ     second
	PICK2(0, 32, 64, Z16, Z17)
	PUT2(Z16, Z17)

second:
	VPXORD  Z18, Z18, Z18
	VPXORD  Z19, Z19, Z19
	PICK2(96, 128, 160, Z18, Z19)
	PUT2(Z18, Z19)
	VPXORD  Z16, Z16, Z16
	VPXORD  Z17, Z17, Z17
	PICK2(192, 224, 256, Z16, Z17)
	VMOVAPS     Z2, Z0
	VPSUBD.BCST ·notes3+192(SB), Z22, Z20
	DECQ    CX
	JNE     row
	CMPQ    grid3_bottom(R8), $0
	JNE     next
	PUT2(Z16, Z17)

next:
	NEXTMAX(strip, plane)
	REPORT
	RET

// func avgPool3GradBy1F32AVX512(dx, dy *float32, planes int, grid *grid3, room *float32)
TEXT ·avgPool3GradBy1F32AVX512(SB), NOSPLIT, $0-40
	BEGINAVG

plane:
	MOVQ grid3_strips(R8), R9

strip:
	STRIP(dx+0(FP))
	ROWS(dx+0(FP), dy+8(FP))
	VPXORD Z16, Z16, Z16
	VPXORD Z17, Z17, Z17

row:
	DY1
	SHARES
	VALIGND $14, Z25, Z13, Z15
	ADD1(Z16, Z18)
	ADD1(Z17, Z16)
	ADD1(Z25, Z17)
	CMPQ    CX, grid3_skip(R8)
	JEQ     skip
	PUT1(Z18)

skip:
	DECQ CX
	JNE  row
	PUT1(Z16)
	CMPQ grid3_bottom(R8), $0
	JNE  next
	PUT1(Z17)

next:
	NEXTAVG(strip, plane)
	RET

// func avgPool3GradBy2F32AVX512(dx, dy *float32, planes int, grid *grid3, room *float32)
TEXT ·avgPool3GradBy2F32AVX512(SB), NOSPLIT, $0-40
	BEGINAVG
	WEAVE

plane:
	MOVQ grid3_strips(R8), R9

strip:
	STRIP(dx+0(FP))
	ROWS(dx+0(FP), dy+8(FP))
	VPXORD Z16, Z16, Z16
	VPXORD Z17, Z17, Z17

row:
	DY2
	SHARES
	CMPQ    CX, grid3_skip(R8)
	JEQ     second
	ADD2(Z16, Z16, Z17)
	PUT2(Z16, Z17)

second:
	VPXORD Z17, Z17, Z17
	ADD2(Z25, Z16, Z17)
	PUT2(Z16, Z17)
	DECQ   CX
	JNE    row
	CMPQ   grid3_bottom(R8), $0
	JNE    next
	PUT2(Z16, Z17)

next:
	NEXTAVG(strip, plane)
	RET
