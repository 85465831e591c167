//go:build !noasm

#include "go_asm.h"
#include "textflag.h"
#include "pool3_avx2_amd64.h"

// Pooling by windows of 3 x 3, AVX2 path. Needs AVX2. Strips end where rows do, so that the
// last two overlap; rows of less than a vector run on into the next, which follows, but at
// the end of a plane.
//
//	DI, SI  the planes at hand of y and x; R11 the end of y's
//	DX      the outputs at hand, AX bytes of a row of them
//	CX      rows of outputs left
//	Y0, Y1  what the rows read so far make: of a maximum, those of rows 0 and 1 of the window; of
//	        a sum, outputs that lack row 2, and 1 apart those that lack rows 1 and 2
//	Y2, Y3  at work
//	Y15     of a maximum where something was NaN, of an average 9

DATA ·none3<>+0(SB)/4, $0xff800000
DATA ·none3<>+4(SB)/4, $0x80000000
DATA ·none3<>+8(SB)/4, $0x41100000
GLOBL ·none3<>(SB), RODATA, $12

#define BEGIN \
	MOVQ y+0(FP), DI            \
	MOVQ x+8(FP), SI            \
	MOVQ grid+24(FP), R8        \
	MOVQ grid3_xRow(R8), R15    \
	MOVQ grid3_yRow(R8), AX     \
	MOVQ grid3_ahead(R8), R10

// PLANE begins with the strips of a plane.
#define PLANE \
	MOVQ grid3_strips(R8), R9 \
	MOVQ DI, R11              \
	ADDQ grid3_yPlane(R8), R11

#define OUTPUTS \
	MOVQ strip3_y(R9), DX   \
	ADDQ DI, DX             \
	MOVQ grid3_rows(R8), CX

// NEXT goes to the next strip, or plane.
#define NEXT(strip, plane) \
	ADDQ $strip3__size, R9    \
	CMPQ R9, grid3_end(R8)    \
	JNE  strip                \
	ADDQ grid3_xPlane(R8), SI \
	MOVQ R11, DI              \
	DECQ planes+16(FP)        \
	JNE  plane

// PUT stores a row of outputs, part of it where a vector would end behind the plane.
#define PUT(from, part, put) \
	LEAQ       32(DX), R14           \
	CMPQ       R14, R11              \
	JHI        part                  \
	VMOVUPS    from, (DX)            \
put: \
	ADDQ       AX, DX

#define PUTPART(from, part, put) \
part: \
	MASK(strip3_c1(R9), Y7)   \
	VMASKMOVPS from, Y7, (DX) \
	JMP        put

// LARGEST makes of the columns of a row their first largest: x > best ? x : best.
#define LARGEST(to) \
	VMAXPS Y4, Y5, Y5 \
	VMAXPS Y5, Y6, to

// ORDERED1 and ORDERED2 set Y15 where an element of the row is NaN.
#define ORDERED1 \
	VCMPPS $3, Y4, Y6, Y7 \
	VCMPPS $3, Y5, Y5, Y8 \
	VORPS  Y7, Y15, Y15   \
	VORPS  Y8, Y15, Y15

#define ORDERED2 \
	VCMPPS $3, Y7, Y8, Y7 \
	VCMPPS $3, Y9, Y9, Y8 \
	VORPS  Y7, Y15, Y15   \
	VORPS  Y8, Y15, Y15

#define ALLORDERED \
	VMOVMSKPS Y15, AX        \
	TESTL     AX, AX         \
	SETEQ     ordered+32(FP) \
	VZEROUPPER

// SUM adds the columns of a row to those before, TRIPLE to nothing.
#define SUM(from, to) \
	VADDPS Y4, from, to \
	VADDPS Y5, to, to   \
	VADDPS Y6, to, to

#define TRIPLE(to) \
	VADDPS Y5, Y4, to \
	VADDPS Y6, to, to

// func maxPool3By1F32AVX2(y, x *float32, planes int, grid *grid3) (ordered bool)
TEXT ·maxPool3By1F32AVX2(SB), NOSPLIT, $0-33
	BEGIN
	VXORPS Y15, Y15, Y15

plane:
	PLANE

strip:
	VBROADCASTSS ·none3<>+0(SB), Y0
	STRIP1(SI, Y0)
	OUTPUTS
	CMPQ  grid3_top(R8), $0
	JNE   second
	COLS1
	ORDERED1
	LARGEST(Y0)

second:
	COLS1
	ORDERED1
	LARGEST(Y1)
	TESTQ CX, CX
	JEQ   bottom

row:
	COLS1
	ORDERED1
	LARGEST(Y2)
	VMAXPS  Y0, Y1, Y3
	VMAXPS  Y3, Y2, Y3
	VMOVAPS Y1, Y0
	VMOVAPS Y2, Y1
	PUT(Y3, part, put)
	DECQ    CX
	JNE     row

bottom:
	CMPQ   grid3_bottom(R8), $0
	JEQ    next
	VMAXPS Y0, Y1, Y3
	PUT(Y3, lastpart, lastput)

next:
	NEXT(strip, plane)
	ALLORDERED
	RET
	PUTPART(Y3, part, put)
	PUTPART(Y3, lastpart, lastput)

// func maxPool3By2F32AVX2(y, x *float32, planes int, grid *grid3) (ordered bool)
TEXT ·maxPool3By2F32AVX2(SB), NOSPLIT, $0-33
	BEGIN
	VXORPS Y15, Y15, Y15

plane:
	PLANE

strip:
	VBROADCASTSS ·none3<>+0(SB), Y0
	STRIP2(SI, Y0)
	OUTPUTS
	CMPQ  grid3_top(R8), $0
	JNE   rows
	COLS2(asked1)
	ORDERED2
	LARGEST(Y0)

rows:
	TESTQ CX, CX
	JEQ   bottom

row:
	COLS2(asked2)
	ORDERED2
	LARGEST(Y1)
	COLS2(asked3)
	ORDERED2
	LARGEST(Y2)
	VMAXPS  Y0, Y1, Y3
	VMAXPS  Y3, Y2, Y3
	VMOVAPS Y2, Y0
	VPERMPD $0xd8, Y3, Y3
	PUT(Y3, part, put)
	DECQ    CX
	JNE     row

bottom:
	CMPQ   grid3_bottom(R8), $0
	JEQ    next
	COLS2(asked4)
	ORDERED2
	LARGEST(Y1)
	VMAXPS Y0, Y1, Y3
	VPERMPD $0xd8, Y3, Y3
	PUT(Y3, lastpart, lastput)

next:
	NEXT(strip, plane)
	ALLORDERED
	RET
	PUTPART(Y3, part, put)
	PUTPART(Y3, lastpart, lastput)

// func avgPool3By1F32AVX2(y, x *float32, planes int, grid *grid3)
TEXT ·avgPool3By1F32AVX2(SB), NOSPLIT, $0-32
	BEGIN
	VBROADCASTSS ·none3<>+8(SB), Y15

plane:
	PLANE

strip:
	VBROADCASTSS ·none3<>+4(SB), Y0
	STRIP1(SI, Y0)
	OUTPUTS
	CMPQ  grid3_top(R8), $0
	JNE   second
	COLS1
	TRIPLE(Y0)

second:
	COLS1
	SUM(Y0, Y0)
	TRIPLE(Y1)
	TESTQ CX, CX
	JEQ   bottom

row:
	COLS1
	SUM(Y0, Y3)
	SUM(Y1, Y0)
	TRIPLE(Y1)
	VDIVPS Y15, Y3, Y3
	PUT(Y3, part, put)
	DECQ   CX
	JNE    row

bottom:
	CMPQ   grid3_bottom(R8), $0
	JEQ    next
	VDIVPS Y15, Y0, Y3
	PUT(Y3, lastpart, lastput)

next:
	NEXT(strip, plane)
	VZEROUPPER
	RET
	PUTPART(Y3, part, put)
	PUTPART(Y3, lastpart, lastput)

// func avgPool3By2F32AVX2(y, x *float32, planes int, grid *grid3)
TEXT ·avgPool3By2F32AVX2(SB), NOSPLIT, $0-32
	BEGIN
	VBROADCASTSS ·none3<>+8(SB), Y15

plane:
	PLANE

strip:
	VBROADCASTSS ·none3<>+4(SB), Y0
	STRIP2(SI, Y0)
	OUTPUTS
	CMPQ  grid3_top(R8), $0
	JNE   rows
	COLS2(asked1)
	TRIPLE(Y0)

rows:
	TESTQ CX, CX
	JEQ   bottom

row:
	COLS2(asked2)
	SUM(Y0, Y1)
	COLS2(asked3)
	SUM(Y1, Y3)
	TRIPLE(Y0)
	VDIVPS Y15, Y3, Y3
	VPERMPD $0xd8, Y3, Y3
	PUT(Y3, part, put)
	DECQ   CX
	JNE    row

bottom:
	CMPQ   grid3_bottom(R8), $0
	JEQ    next
	COLS2(asked4)
	SUM(Y0, Y3)
	VDIVPS Y15, Y3, Y3
	VPERMPD $0xd8, Y3, Y3
	PUT(Y3, lastpart, lastput)

next:
	NEXT(strip, plane)
	VZEROUPPER
	RET
	PUTPART(Y3, part, put)
	PUTPART(Y3, lastpart, lastput)
