//go:build !noasm

#include "go_asm.h"
#include "textflag.h"
#include "pool3_avx2_amd64.h"
#include "pool3grad_avx2_amd64.h"
#include "pool3grad_amd64.h"

// The way back of maxima over windows of 3 x 3, AVX2 path. Needs AVX2. It is that of the AVX-512 path;
// what is added where no note fits is +0, which changes no sum. 1 apart the strips go from
// the beginning of a row to its end, and the last two outputs of a strip are left to the next
// one in room, 16 words for each row of outputs: 8 that are 0, then what the strip made. 2
// apart they go from the end, where the last one ends, to the beginning, so that whole
// vectors may be stored: what they have of the strip before is wrong and made by that next.
//
// The rows of inputs of the next row of outputs are read before the notes of
// the row at hand are used, so that neither waits for the other; before the first row of
// outputs is one without notes.
//
//	SI      planes of x
//	BX      x0 of the strip's first output in the row of inputs at hand
//	R12, R13 1 apart the row of room, and from there to what the strip before made; 2 apart as in
//	        pool3_avx2_amd64.h
//	Y0, Y1, Y9 the largest of rows 0, 1 and 2 of the windows; Y2, Y3, Y10 their notes
//	Y4, Y5, Y6 the outputs' notes as they are, moved up by 1 and by 2 (2 apart Y6 is at work)
//	Y7, Y8, Y11 sums: 1 apart of rows 0, 1 and 2; 2 apart Y7 and Y8 of a row's even and odd
//	        places, those of row 0 or 2, and Y11 and Y12 those of row 1
//	Y14, Y15 masks of columns 0 and 2, or of the two vectors; Y12, Y13 at work

// STRIPMAX makes what a strip needs, on the stack what stands for columns 0 and 2, NaN, where
// they are not in the image, and the notes of a row's columns, as of row 2; in the columns'
// order, which is that of next3 2 apart.
#define STRIPMAX(order) \
	MOVQ    strip3_x(R9), BX  \
	ADDQ    SI, BX            \
	ROWS(dy+16(FP))           \
	SUBQ    AX, DX            \
	INCQ    CX                \
	VMOVUPS ALL, Y0           \
	MASK(strip3_c0(R9), Y14)  \
	MASK(strip3_c1(R9), Y12)  \
	MASK(strip3_c2(R9), Y15)  \
	VANDNPS Y0, Y14, Y4       \
	VANDNPS Y0, Y15, Y5       \
	VPERMPD $order, Y4, Y4    \
	VPERMPD $order, Y5, Y5    \
	VPERMPD $order, Y12, Y6   \
	VPSLLD  $31, Y6, Y6       \
	VPSRLD  $6, Y6, Y7        \
	VPSRLD  $7, Y6, Y8        \
	VPSRLD  $8, Y6, Y9        \
	VMOVUPS Y4, none0-32(SP)  \
	VMOVUPS Y5, none2-64(SP)  \
	VMOVUPS Y7, note0-96(SP)  \
	VMOVUPS Y8, note1-128(SP) \
	VMOVUPS Y9, note2-160(SP) \
	VXORPS  Y2, Y2, Y2        \
	VXORPS  Y4, Y4, Y4        \
	VXORPS  Y5, Y5, Y5        \
	VXORPS  Y6, Y6, Y6        \
	VXORPS  Y7, Y7, Y7        \
	VXORPS  Y8, Y8, Y8

// ROW1 and ROW2 load the columns of a row.
#define ROW1 \
	VMOVUPS    middle-192(SP), Y12    \
	VMASKMOVPS (BX), Y14, Y11         \
	VMASKMOVPS 4(BX), Y12, Y12        \
	VMASKMOVPS 8(BX), Y15, Y13        \
	PREFETCHT1 (BX)(R10*1)            \
	VORPS      none0-32(SP), Y11, Y11 \
	VORPS      none2-64(SP), Y13, Y13 \
	ADDQ       R15, BX

#define ROW2 \
	VMASKMOVPS   (BX), Y14, Y11         \
	VMASKMOVPS   (BX)(R12*1), Y15, Y12  \
	VBROADCASTSS (BX)(R13*1), Y13       \
	PREFETCHT1   (BX)(R10*1)            \
	VSHUFPS      $0x88, Y12, Y11, Y6    \
	VSHUFPS      $0xdd, Y12, Y11, Y12   \
	VMOVUPS      ·next3<>(SB), Y11      \
	VPERMPS      Y6, Y11, Y11           \
	VBLENDPS     $0x80, Y13, Y11, Y13   \
	VORPS        none0-32(SP), Y6, Y11  \
	VORPS        none2-64(SP), Y13, Y13 \
	ADDQ         R15, BX

// LARGEST makes of the columns of a row their largest and the note of the first such one. A
// column that is not there is NaN and no such one.
#define LARGEST(to, note) \
	VCMPPS    $29, Y12, Y11, to              \
	VMAXPS    Y12, Y11, Y12                  \
	VMOVUPS   note1-128(SP), note            \
	VBLENDVPS to, note0-96(SP), note, note   \
	VCMPPS    $30, Y12, Y13, Y11             \
	VMAXPS    Y12, Y13, to                   \
	VBLENDVPS Y11, note2-160(SP), note, note

// NOTES makes of the rows' largest the outputs' notes.
#define NOTES \
	VCMPPS    $29, Y1, Y0, Y11  \
	VMAXPS    Y1, Y0, Y12       \
	VBLENDVPS Y11, Y2, Y3, Y4   \
	VCMPPS    $30, Y12, Y9, Y11 \
	VBLENDVPS Y11, Y10, Y4, Y4

// PICK adds dy, from at on, where a note has bit 31-k.
#define PICK(k, note, at, sum) \
	VPSLLD     $k, note, Y13    \
	VMASKMOVPS at(DX), Y13, Y13 \
	VADDPS     Y13, sum, sum

#define PICK0(sum) \
	VMASKMOVPS (DX), Y4, Y13 \
	VADDPS     Y13, sum, sum

// BEGINMAX begins with a look for NaN in all of x.
#define BEGINMAX(vectors, tail, one, done) \
	MOVQ   grid+32(FP), R8          \
	MOVQ   x+8(FP), SI              \
	MOVQ   planes+24(FP), CX        \
	IMULQ  grid3_xPlane(R8), CX     \
	VXORPS Y15, Y15, Y15            \
	SUBQ   $128, CX                 \
	JLT    tail                     \
vectors: \
	VMOVUPS (SI), Y0                \
	VMOVUPS 64(SI), Y1              \
	VCMPPS  $3, 32(SI), Y0, Y0      \
	VCMPPS  $3, 96(SI), Y1, Y1      \
	VORPS   Y0, Y15, Y15            \
	VORPS   Y1, Y15, Y15            \
	ADDQ    $128, SI                \
	SUBQ    $128, CX                \
	JGE     vectors                 \
tail: \
	ADDQ $128, CX                   \
	JEQ  done                       \
one: \
	VMOVSS (SI), X0                 \
	VCMPSS $3, X0, X0, X0           \
	VORPS  Y0, Y15, Y15             \
	ADDQ   $4, SI                   \
	SUBQ   $4, CX                   \
	JNE    one                      \
done: \
	VMOVMSKPS Y15, AX               \
	TESTL     AX, AX                \
	SETEQ     ordered+48(FP)        \
	MOVQ      x+8(FP), SI           \
	SIZES

// func maxPool3GradBy1F32AVX2(dx, x, dy *float32, planes int, grid *grid3, room *float32) (ordered bool)
TEXT ·maxPool3GradBy1F32AVX2(SB), NOSPLIT, $200-49
	BEGINMAX(vectors, tail, one, seen)
	LIMIT(planes+24(FP))

plane:
	MOVQ grid3_strips(R8), R9

strip:
	STRIPMAX(0xe4)
	CARRY(room+40(FP), unmoved)
	VMOVUPS Y12, middle-192(SP)
	CMPQ    grid3_top(R8), $0
	JNE     second
	ROW1
	LARGEST(Y0, Y2)
	VPSLLD  $6, Y2, Y2

second:
	ROW1
	LARGEST(Y1, Y3)
	VPSLLD $3, Y3, Y3

row:
	VMOVUPS ALL, Y9
	CMPQ    CX, grid3_last(R8)
	JLE     pick
	ROW1
	LARGEST(Y9, Y10)

pick:
	VXORPS Y11, Y11, Y11
	PICK(2, Y6, -8, Y7)
	PICK(5, Y6, -8, Y8)
	PICK(8, Y6, -8, Y11)
	PICK(1, Y5, -4, Y7)
	PICK(4, Y5, -4, Y8)
	PICK(7, Y5, -4, Y11)
	PICK0(Y7)
	PICK(3, Y4, 0, Y8)
	PICK(6, Y4, 0, Y11)
	PREFETCHT1 (DX)(R10*1)
	ADDQ       AX, DX
	CMPQ       CX, grid3_made(R8)
	JGT        roll
	PUT1(Y7, part, done)

roll:
	VMOVAPS Y8, Y7
	VMOVAPS Y11, Y8
	DECQ    CX
	JEQ     bottom
	NOTES
	VPERM2I128 $0x03, (R12)(R13*1), Y4, Y6
	VMOVUPS    Y4, 32(R12)
	ADDQ       $64, R12
	VPALIGNR   $12, Y6, Y4, Y5
	VPALIGNR   $8, Y6, Y4, Y6
	VMOVAPS    Y1, Y0
	VMOVAPS    Y9, Y1
	VPSLLD     $3, Y3, Y2
	VPSLLD     $3, Y10, Y3
	JMP        row

bottom:
	PUT1(Y7, part2, done2)
	CMPQ grid3_bottom(R8), $0
	JNE  next
	PUT1(Y8, part3, done3)

next:
	NEXTMAX(strip, plane)
	RET
	PUT1PART(Y7, masked, part, done)
	PUT1PART(Y7, masked2, part2, done2)
	PUT1PART(Y8, masked3, part3, done3)

// func maxPool3GradBy2F32AVX2(dx, x, dy *float32, planes int, grid *grid3, room *float32) (ordered bool)
TEXT ·maxPool3GradBy2F32AVX2(SB), NOSPLIT, $200-49
	BEGINMAX(vectors, tail, one, seen)

plane:
	MOVQ grid3_strips(R8), R9

strip:
	STRIPMAX(0xd8)
	PLACES2
	MOVQ strip3_last(R9), R13
	MASK(strip3_a(R9), Y14)
	MASK(strip3_b(R9), Y15)
	CMPQ grid3_top(R8), $0
	JNE  row
	ROW2
	LARGEST(Y0, Y2)
	VPSLLD $6, Y2, Y2

row:
	VMOVUPS ALL, Y9
	CMPQ    CX, $1
	JEQ     pick
	ROW2
	LARGEST(Y1, Y3)
	VPSLLD  $3, Y3, Y3
	CMPQ    CX, grid3_last(R8)
	JLE     pick
	ROW2
	LARGEST(Y9, Y10)

pick:
	CMPQ CX, grid3_outputs(R8)
	JGT  none
	PICK(2, Y5, -4, Y7)
	PICK(1, Y4, 0, Y8)
	PICK0(Y7)
	CMPQ CX, grid3_skip(R8)
	JEQ  second
	PUT2(Y7, Y8, part, done)

second:
	VXORPS Y11, Y11, Y11
	VXORPS Y12, Y12, Y12
	VXORPS Y7, Y7, Y7
	VXORPS Y8, Y8, Y8
	PICK(5, Y5, -4, Y11)
	PICK(8, Y5, -4, Y7)
	PICK(4, Y4, 0, Y12)
	PICK(7, Y4, 0, Y8)
	PICK(3, Y4, 0, Y11)
	PICK(6, Y4, 0, Y7)
	PUT2(Y11, Y12, part2, done2)

none:
	PREFETCHT1 (DX)(R10*1)
	ADDQ       AX, DX
	DECQ       CX
	JEQ        bottom
	NOTES
	VPERMPD    $0xd8, Y4, Y4
	VPERM2I128 $0x08, Y4, Y4, Y5
	VPALIGNR   $12, Y5, Y4, Y5
	VMOVAPS    Y9, Y0
	VPSLLD     $6, Y10, Y2
	JMP        row

bottom:
	CMPQ grid3_bottom(R8), $0
	JNE  next
	PUT2(Y7, Y8, part3, done3)

next:
	NEXTMAX(strip, plane)
	RET
	PUT2PART(Y7, X7, Y8, X8, part, partA, maskA, putB, partB, maskB, done)
	PUT2PART(Y11, X11, Y12, X12, part2, partA2, maskA2, putB2, partB2, maskB2, done2)
	PUT2PART(Y7, X7, Y8, X8, part3, partA3, maskA3, putB3, partB3, maskB3, done3)
