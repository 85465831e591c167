//go:build !noasm

#include "go_asm.h"
#include "textflag.h"
#include "pool3_avx2_amd64.h"
#include "pool3grad_avx2_amd64.h"

// The way back of windows of 3 x 3, AVX2 path. Needs AVX2. It is that of the AVX-512 path;
// what is added where no note fits is +0, which changes no sum. Strips go from the end of a
// row, where the last one ends, to its beginning, so that whole vectors may be stored: what
// they have of the strip before is wrong and made by that next.
//
//	SI      planes of x
//	Y0, Y1  the largest of rows 0 and 1 of the windows, Y9 of row 2; Y2, Y3, Y14 their notes
//	Y10, Y11, Y4 the outputs' notes as they are, moved up by 1 and by 2
//	Y12, Y13, Y14, Y9 sums: 1 apart of rows 0, 1 and 2; 2 apart of a row's even and odd places,
//	        those of row 0 first
//	Y15     where something was NaN, or +0

// SEE sets Y15 where a or b is NaN.
#define SEE(a, b) \
	VCMPPS $3, a, b, Y10 \
	VORPS  Y10, Y15, Y15

// ROW1 and ROW2 load the columns of a row.
#define ROW1 \
	VMOVUPS    first-32(SP), Y7     \
	VMOVUPS    middle-96(SP), Y8    \
	VMOVUPS    second-64(SP), Y9    \
	VMASKMOVPS (BX), Y7, Y4         \
	VMASKMOVPS 4(BX), Y8, Y5        \
	VMASKMOVPS 8(BX), Y9, Y6        \
	PREFETCHT1 (BX)(R10*1)          \
	SEE(Y4, Y6)                     \
	SEE(Y5, Y5)                     \
	VORPS      none0-128(SP), Y4, Y4 \
	VORPS      none2-160(SP), Y6, Y6 \
	ADDQ       R15, BX

#define ROW2 \
	VMOVUPS      first-32(SP), Y10     \
	VMOVUPS      second-64(SP), Y11    \
	VMASKMOVPS   (BX), Y10, Y7         \
	VMASKMOVPS   (BX)(R12*1), Y11, Y8  \
	VBROADCASTSS (BX)(R13*1), Y9       \
	PREFETCHT1   (BX)(R10*1)           \
	VMOVUPS      ·down3<>(SB), Y11     \
	SEE(Y7, Y8)                        \
	SEE(Y9, Y9)                        \
	VSHUFPS      $0x88, Y8, Y7, Y4     \
	VSHUFPS      $0xdd, Y8, Y7, Y5     \
	VPERMPD      $0xd8, Y4, Y4         \
	VPERMPD      $0xd8, Y5, Y5         \
	VPERMPS      Y4, Y11, Y6           \
	VMOVUPS      none2-160(SP), Y11    \
	VORPS        none0-128(SP), Y4, Y4 \
	VBLENDPS     $0x80, Y9, Y6, Y6     \
	VBLENDVPS    Y11, Y11, Y6, Y6      \
	ADDQ         R15, BX

// LARGEST makes of the columns of a row their largest and the note of the first such one:
// a, b or c, where that is in notes3. A column that is not there is NaN and no such one.
#define LARGEST(to, note, a, b, c) \
	VCMPPS    $29, Y5, Y4, Y7                    \
	VMAXPS    Y5, Y4, Y8                         \
	VMOVUPS   ·notes3+b(SB), note              \
	VBLENDVPS Y7, ·notes3+a(SB), note, note    \
	VCMPPS    $30, Y8, Y6, Y7                    \
	VMAXPS    Y8, Y6, to                         \
	VBLENDVPS Y7, ·notes3+c(SB), note, note

// NOTES makes of the rows' largest the outputs' notes.
#define NOTES \
	VCMPPS     $29, Y1, Y0, Y7               \
	VMAXPS     Y1, Y0, Y8                    \
	VBLENDVPS  Y7, Y2, Y3, Y10               \
	VCMPPS     $30, Y8, Y9, Y7               \
	VBLENDVPS  Y7, Y14, Y10, Y10             \
	VORPS      absent-192(SP), Y10, Y10      \
	VMOVUPS    ALL, Y7                       \
	VPERM2I128 $0x02, Y7, Y10, Y7            \
	VPALIGNR   $12, Y7, Y10, Y11             \
	VPALIGNR   $8, Y7, Y10, Y4

// PICK adds dy where a note is that at which.
#define PICK(which, note, dy, sum) \
	VPCMPEQD ·notes3+which(SB), note, Y7 \
	VPAND    dy, Y7, Y7                    \
	VADDPS   Y7, sum, sum

#define PICK1(a, b, c, sum) \
	PICK(c, Y4, Y8, sum)  \
	PICK(b, Y11, Y6, sum) \
	PICK(a, Y10, Y5, sum)

#define PICK2(a, b, c, even, odd) \
	PICK(c, Y11, Y6, even) \
	PICK(b, Y10, Y5, odd)  \
	PICK(a, Y10, Y5, even)

#define BEGINMAX \
	MOVQ   x+8(FP), SI     \
	MOVQ   grid+32(FP), R8 \
	SIZES                  \
	VXORPS Y15, Y15, Y15

#define NEXTMAX(strip, plane) \
	ADDQ      $strip3__size, R9     \
	CMPQ      R9, grid3_end(R8)     \
	JNE       strip                 \
	MOVQ      grid3_xPlane(R8), R12 \
	ADDQ      R12, SI               \
	ADDQ      R12, dx+0(FP)         \
	MOVQ      grid3_yPlane(R8), R12 \
	ADDQ      R12, dy+16(FP)        \
	DECQ      planes+24(FP)         \
	JNE       plane                 \
	VMOVMSKPS Y15, AX               \
	TESTL     AX, AX                \
	SETEQ     ordered+40(FP)        \
	VZEROUPPER

// SHARES makes of dy what every element of a window is given.
#define SHARES \
	DY               \
	VDIVPS NINE, Y5, Y5 \
	MOVED

#define ADD1(from, sum) \
	VADDPS Y8, from, sum \
	VADDPS Y6, sum, sum  \
	VADDPS Y5, sum, sum

#define ADD2(from, even, odd) \
	VADDPS Y6, from, even \
	VADDPS Y5, even, even \
	VADDPS Y5, odd, odd

#define BEGINAVG \
	MOVQ   grid+24(FP), R8 \
	SIZES                  \
	VXORPS Y15, Y15, Y15

#define NEXTAVG(strip, plane) \
	ADDQ $strip3__size, R9     \
	CMPQ R9, grid3_end(R8)     \
	JNE  strip                 \
	MOVQ grid3_xPlane(R8), R12 \
	ADDQ R12, dx+0(FP)         \
	MOVQ grid3_yPlane(R8), R12 \
	ADDQ R12, dy+8(FP)         \
	DECQ planes+16(FP)         \
	JNE  plane                 \
	VZEROUPPER

// func maxPool3GradBy1F32AVX2(dx, x, dy *float32, planes int, grid *grid3) (ordered bool)
TEXT ·maxPool3GradBy1F32AVX2(SB), NOSPLIT, $192-41
	BEGINMAX

plane:
	MOVQ grid3_strips(R8), R9

strip:
	VMOVUPS ALL, Y9
	KEPT(SI)
	ROWS(dx+0(FP), dy+16(FP))
	VMOVUPS ALL, Y0
	VXORPS  Y12, Y12, Y12
	VXORPS  Y13, Y13, Y13
	CMPQ    grid3_top(R8), $0
	JNE     second
	ROW1
	LARGEST(Y0, Y2, 0, 32, 64)

second:
	ROW1
	LARGEST(Y1, Y3, 96, 128, 160)

row:
	VMOVUPS ALL, Y9
	CMPQ    CX, grid3_bottom(R8)
	JEQ     note
	ROW1
	LARGEST(Y9, Y14, 192, 224, 256)

note:
	NOTES
	VMOVAPS Y1, Y0
	VMOVAPS Y9, Y1
	VPSUBD  ·notes3+96(SB), Y3, Y2
	VPSUBD  ·notes3+96(SB), Y14, Y3
	DY
	MOVED
	PICK1(0, 32, 64, Y12)
	PICK1(96, 128, 160, Y13)
	VXORPS Y14, Y14, Y14
	PICK1(192, 224, 256, Y14)
	CMPQ   CX, grid3_skip(R8)
	JEQ    roll
	PUT1(Y12, X12, whole, part, done)

roll:
	VMOVAPS Y13, Y12
	VMOVAPS Y14, Y13
	DECQ    CX
	JNE     row
	PUT1(Y12, X12, whole2, part2, done2)
	CMPQ    grid3_bottom(R8), $0
	JNE     next
	PUT1(Y13, X13, whole3, part3, done3)

next:
	NEXTMAX(strip, plane)
	RET

// func maxPool3GradBy2F32AVX2(dx, x, dy *float32, planes int, grid *grid3) (ordered bool)
TEXT ·maxPool3GradBy2F32AVX2(SB), NOSPLIT, $192-41
	BEGINMAX

plane:
	MOVQ grid3_strips(R8), R9

strip:
	VMOVUPS ALL, Y9
	KEPT(SI)
	PLACES
	ROWS(dx+0(FP), dy+16(FP))
	VMOVUPS ALL, Y0
	VXORPS  Y12, Y12, Y12
	VXORPS  Y13, Y13, Y13
	CMPQ    grid3_top(R8), $0
	JNE     row
	ROW2
	LARGEST(Y0, Y2, 0, 32, 64)

row:
	ROW2
	LARGEST(Y1, Y3, 96, 128, 160)
	VMOVUPS ALL, Y9
	CMPQ    CX, grid3_bottom(R8)
	JEQ     note
	ROW2
	LARGEST(Y9, Y14, 192, 224, 256)

note:
	NOTES
	VMOVAPS Y9, Y0
	VPSUBD  ·notes3+192(SB), Y14, Y2
	DY
	MOVED
	CMPQ CX, grid3_skip(R8)
	JEQ  second
	PICK2(0, 32, 64, Y12, Y13)
	WEAVE(Y12, Y13)
	STOREA(Y12, X12, whole, part, done)
	STOREB(Y13, X13, wholeb, partb, doneb)
	ADDQ R15, DI

second:
	VXORPS Y14, Y14, Y14
	VXORPS Y9, Y9, Y9
	PICK2(96, 128, 160, Y14, Y9)
	WEAVE(Y14, Y9)
	STOREA(Y14, X14, whole2, part2, done2)
	STOREB(Y9, X9, whole2b, part2b, done2b)
	ADDQ R15, DI
	VXORPS Y12, Y12, Y12
	VXORPS Y13, Y13, Y13
	PICK2(192, 224, 256, Y12, Y13)
	DECQ   CX
	JNE    row
	CMPQ   grid3_bottom(R8), $0
	JNE    next
	WEAVE(Y12, Y13)
	STOREA(Y12, X12, whole3, part3, done3)
	STOREB(Y13, X13, whole3b, part3b, done3b)
	ADDQ R15, DI

next:
	NEXTMAX(strip, plane)
	RET

// func avgPool3GradBy1F32AVX2(dx, dy *float32, planes int, grid *grid3)
TEXT ·avgPool3GradBy1F32AVX2(SB), NOSPLIT, $192-32
	BEGINAVG

plane:
	MOVQ grid3_strips(R8), R9

strip:
	VMOVUPS ALL, Y9
	KEPT(dx+0(FP))
	ROWS(dx+0(FP), dy+8(FP))
	VXORPS Y12, Y12, Y12
	VXORPS Y13, Y13, Y13

row:
	SHARES
	ADD1(Y12, Y14)
	ADD1(Y13, Y12)
	ADD1(Y15, Y13)
	CMPQ CX, grid3_skip(R8)
	JEQ  skip
	PUT1(Y14, X14, whole, part, done)

skip:
	DECQ CX
	JNE  row
	PUT1(Y12, X12, whole2, part2, done2)
	CMPQ grid3_bottom(R8), $0
	JNE  next
	PUT1(Y13, X13, whole3, part3, done3)

next:
	NEXTAVG(strip, plane)
	RET

// func avgPool3GradBy2F32AVX2(dx, dy *float32, planes int, grid *grid3)
TEXT ·avgPool3GradBy2F32AVX2(SB), NOSPLIT, $192-32
	BEGINAVG

plane:
	MOVQ grid3_strips(R8), R9

strip:
	VMOVUPS ALL, Y9
	KEPT(dx+0(FP))
	ROWS(dx+0(FP), dy+8(FP))
	VXORPS Y12, Y12, Y12
	VXORPS Y13, Y13, Y13

row:
	SHARES
	CMPQ CX, grid3_skip(R8)
	JEQ  second
	ADD2(Y12, Y12, Y13)
	WEAVE(Y12, Y13)
	STOREA(Y12, X12, whole, part, done)
	STOREB(Y13, X13, wholeb, partb, doneb)
	ADDQ R15, DI

second:
	VXORPS Y13, Y13, Y13
	ADD2(Y15, Y12, Y13)
	VMOVAPS Y12, Y14
	VMOVAPS Y13, Y9
	WEAVE(Y14, Y9)
	STOREA(Y14, X14, whole2, part2, done2)
	STOREB(Y9, X9, whole2b, part2b, done2b)
	ADDQ R15, DI
	DECQ CX
	JNE  row
	CMPQ grid3_bottom(R8), $0
	JNE  next
	WEAVE(Y12, Y13)
	STOREA(Y12, X12, whole3, part3, done3)
	STOREB(Y13, X13, whole3b, part3b, done3b)
	ADDQ R15, DI

next:
	NEXTAVG(strip, plane)
	RET
