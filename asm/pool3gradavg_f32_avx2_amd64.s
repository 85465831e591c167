//go:build !noasm

#include "go_asm.h"
#include "textflag.h"
#include "pool3_avx2_amd64.h"
#include "pool3grad_avx2_amd64.h"
#include "pool3grad_amd64.h"

// The way back of averages over windows of 3 x 3, AVX2 path. Needs AVX2. Strips go as those of
// maxima do, see pool3grad_f32_avx2_amd64.s.
//
//	R12, R13 as of a maximum
//	Y0, Y1, Y2 what an element of a window is given, as it is, moved up by 1 and by 2
//	Y7, Y8, Y11 sums: 1 apart of rows 0, 1 and 2; 2 apart Y7 and Y8 of a row's even and odd
//	        places, Y9 and Y10 those that are put
//	Y14     9; Y15 the outputs that are there; Y5 +0; Y6, Y12, Y13 at work

// SHARES makes of dy what every element of a window is given.
#define SHARES \
	VMASKMOVPS (DX), Y15, Y0 \
	PREFETCHT1 (DX)(R10*1)   \
	ADDQ       AX, DX        \
	VDIVPS     Y14, Y0, Y0

#define ADD1(from, sum) \
	VADDPS Y2, from, sum \
	VADDPS Y1, sum, sum  \
	VADDPS Y0, sum, sum

#define ADD2(even, odd, toEven, toOdd) \
	VADDPS Y1, even, toEven   \
	VADDPS Y0, toEven, toEven \
	VADDPS Y0, odd, toOdd

#define BEGINAVG \
	MOVQ    grid+24(FP), R8 \
	SIZES                   \
	VMOVUPS NINE, Y14       \
	VXORPS  Y5, Y5, Y5

#define STRIPAVG \
	ROWS(dy+8(FP))           \
	MASK(strip3_c1(R9), Y15) \
	VXORPS Y7, Y7, Y7        \
	VXORPS Y8, Y8, Y8

// func avgPool3GradBy1F32AVX2(dx, dy *float32, planes int, grid *grid3, room *float32)
TEXT ·avgPool3GradBy1F32AVX2(SB), NOSPLIT, $200-40
	BEGINAVG
	LIMIT(planes+16(FP))

plane:
	MOVQ grid3_strips(R8), R9

strip:
	STRIPAVG
	CARRY(room+32(FP), unmoved)

row:
	SHARES
	VPERM2F128 $0x03, (R12)(R13*1), Y0, Y2
	VMOVUPS    Y0, 32(R12)
	ADDQ       $64, R12
	VPALIGNR   $12, Y2, Y0, Y1
	VPALIGNR   $8, Y2, Y0, Y2
	ADD1(Y7, Y11)
	ADD1(Y8, Y7)
	ADD1(Y5, Y8)
	CMPQ CX, grid3_made(R8)
	JGT  skip
	PUT1(Y11, part, done)

skip:
	DECQ CX
	JNE  row
	PUT1(Y7, part2, done2)
	CMPQ grid3_bottom(R8), $0
	JNE  next
	PUT1(Y8, part3, done3)

next:
	NEXTAVG(strip, plane)
	RET
	PUT1PART(Y11, masked, part, done)
	PUT1PART(Y7, masked2, part2, done2)
	PUT1PART(Y8, masked3, part3, done3)

// func avgPool3GradBy2F32AVX2(dx, dy *float32, planes int, grid *grid3, room *float32)
TEXT ·avgPool3GradBy2F32AVX2(SB), NOSPLIT, $0-40
	BEGINAVG

plane:
	MOVQ grid3_strips(R8), R9

strip:
	STRIPAVG
	PLACES2

row:
	SHARES
	VPERM2F128 $0x08, Y0, Y0, Y1
	VPALIGNR   $12, Y1, Y0, Y1
	CMPQ       CX, grid3_skip(R8)
	JEQ        second
	ADD2(Y7, Y8, Y9, Y10)
	PUT2(Y9, Y10, part, done)

second:
	ADD2(Y5, Y5, Y7, Y8)
	VMOVAPS Y7, Y9
	VMOVAPS Y8, Y10
	PUT2(Y9, Y10, part2, done2)
	DECQ    CX
	JNE     row
	CMPQ    grid3_bottom(R8), $0
	JNE     next
	PUT2(Y7, Y8, part3, done3)

next:
	NEXTAVG(strip, plane)
	RET
	PUT2PART(Y9, X9, Y10, X10, part, partA, maskA, putB, partB, maskB, done)
	PUT2PART(Y9, X9, Y10, X10, part2, partA2, maskA2, putB2, partB2, maskB2, done2)
	PUT2PART(Y7, X7, Y8, X8, part3, partA3, maskA3, putB3, partB3, maskB3, done3)
