//go:build !noasm

#include "go_asm.h"
#include "textflag.h"
#include "pool3_avx512_amd64.h"

// Pooling by windows of 3 x 3, AVX-512 path. Needs AVX512F and VL.
//
//	DI, SI  the planes at hand of y and x
//	DX      the outputs at hand, AX bytes of a row of them, R14 to the second half
//	CX      rows of outputs left
//	Z0, Z1  what the rows read so far make: of a maximum, those of rows 0 and 1 of the window; of
//	        a sum, outputs that lack row 2, and 1 apart those that lack rows 1 and 2
//	Z2, Z3  at work; Z27 no element: -Inf for a maximum, -0 for a sum; Z28 9

DATA ·none3<>+0(SB)/4, $0xff800000
DATA ·none3<>+4(SB)/4, $0x80000000
DATA ·none3<>+8(SB)/4, $0x41100000
GLOBL ·none3<>(SB), RODATA, $12

#define BEGIN(at) \
	MOVQ  y+0(FP), DI            \
	MOVQ  x+8(FP), SI            \
	MOVQ  grid+24(FP), R8           \
	MOVQ  grid3_xRow(R8), R15    \
	MOVQ  grid3_yRow(R8), AX     \
	MOVQ  grid3_ahead(R8), R10   \
	VBROADCASTSS ·none3<>+at(SB), Z27

#define OUTPUTS \
	MOVQ strip3_y(R9), DX    \
	ADDQ DI, DX              \
	MOVQ strip3_y2(R9), R14  \
	MOVQ grid3_rows(R8), CX

// NEXT goes to the next strip, or plane.
#define NEXT(strip, plane) \
	ADDQ $strip3__size, R9       \
	CMPQ R9, grid3_end(R8)       \
	JNE  strip                   \
	ADDQ grid3_xPlane(R8), SI    \
	ADDQ grid3_yPlane(R8), DI    \
	DECQ planes+16(FP)           \
	JNE  plane                   \
	VZEROUPPER

// PUT1 and PUT2 store a row of outputs.
#define PUT1(from) \
	VMOVUPS from, K1, (DX) \
	ADDQ    AX, DX

#define PUT2(from, half) \
	KSHIFTRW      $8, K1, K7          \
	VMOVUPS       half, K1, (DX)      \
	VEXTRACTF64X4 $1, from, half      \
	VMOVUPS       half, K7, (DX)(R14*1) \
	ADDQ          AX, DX

// LARGEST makes of the columns of a row their first largest: x > best ? x : best.
#define LARGEST(to) \
	VMAXPS  Z4, Z5, K2, Z5 \
	VMAXPS  Z5, Z6, K3, Z5 \
	VMOVAPS Z5, to

// func maxPool3By1F32AVX512(y, x *float32, planes int, grid *grid3) (ordered bool)
TEXT ·maxPool3By1F32AVX512(SB), NOSPLIT, $0-33
	BEGIN(0)
	KXNORW K6, K6, K6

plane:
	MOVQ grid3_strips(R8), R9

strip:
	STRIP(SI)
	OUTPUTS
	VMOVAPS Z27, Z0
	CMPQ    grid3_top(R8), $0
	JNE     second
	COLS1
	ORDERED1
	LARGEST(Z0)

second:
	COLS1
	ORDERED1
	LARGEST(Z1)
	TESTQ CX, CX
	JEQ   bottom

row:
	COLS1
	ORDERED1
	LARGEST(Z2)
	VMAXPS  Z0, Z1, Z3
	VMAXPS  Z3, Z2, Z3
	VMOVAPS Z1, Z0
	VMOVAPS Z2, Z1
	PUT1(Z3)
	DECQ    CX
	JNE     row

bottom:
	CMPQ   grid3_bottom(R8), $0
	JEQ    next
	VMAXPS Z0, Z1, Z3
	PUT1(Z3)

next:
	NEXT(strip, plane)
	KORTESTW K6, K6
	SETCS    ordered+32(FP)
	RET

// func maxPool3By2F32AVX512(y, x *float32, planes int, grid *grid3) (ordered bool)
TEXT ·maxPool3By2F32AVX512(SB), NOSPLIT, $0-33
	BEGIN(0)
	ORDER
	KXNORW K6, K6, K6

plane:
	MOVQ grid3_strips(R8), R9

strip:
	STRIP(SI)
	OUTPUTS
	VMOVAPS Z27, Z0
	CMPQ    grid3_top(R8), $0
	JNE     rows
	COLS2(asked1)
	ORDERED2
	LARGEST(Z0)

rows:
	TESTQ CX, CX
	JEQ   bottom

row:
	COLS2(asked2)
	ORDERED2
	LARGEST(Z1)
	COLS2(asked3)
	ORDERED2
	LARGEST(Z2)
	VMAXPS  Z0, Z1, Z3
	VMAXPS  Z3, Z2, Z3
	VMOVAPS Z2, Z0
	PUT2(Z3, Y3)
	DECQ    CX
	JNE     row

bottom:
	CMPQ   grid3_bottom(R8), $0
	JEQ    next
	COLS2(asked4)
	ORDERED2
	LARGEST(Z1)
	VMAXPS Z0, Z1, Z3
	PUT2(Z3, Y3)

next:
	NEXT(strip, plane)
	KORTESTW K6, K6
	SETCS    ordered+32(FP)
	RET

// SUM adds the columns of a row.
#define SUM(from, to) \
	VMOVAPS from, to       \
	VADDPS  Z4, to, K2, to \
	VADDPS  Z5, to, to     \
	VADDPS  Z6, to, K3, to

// func avgPool3By1F32AVX512(y, x *float32, planes int, grid *grid3)
TEXT ·avgPool3By1F32AVX512(SB), NOSPLIT, $0-32
	BEGIN(4)
	VBROADCASTSS ·none3<>+8(SB), Z28

plane:
	MOVQ grid3_strips(R8), R9

strip:
	STRIP(SI)
	OUTPUTS
	VMOVAPS Z27, Z0
	CMPQ    grid3_top(R8), $0
	JNE     second
	COLS1
	SUM(Z27, Z0)

second:
	COLS1
	SUM(Z0, Z0)
	SUM(Z27, Z1)
	TESTQ CX, CX
	JEQ   bottom

row:
	COLS1
	SUM(Z0, Z3)
	SUM(Z1, Z0)
	SUM(Z27, Z1)
	VDIVPS Z28, Z3, Z3
	PUT1(Z3)
	DECQ   CX
	JNE    row

bottom:
	CMPQ   grid3_bottom(R8), $0
	JEQ    next
	VDIVPS Z28, Z0, Z3
	PUT1(Z3)

next:
	NEXT(strip, plane)
	RET

// func avgPool3By2F32AVX512(y, x *float32, planes int, grid *grid3)
TEXT ·avgPool3By2F32AVX512(SB), NOSPLIT, $0-32
	BEGIN(4)
	ORDER
	VBROADCASTSS ·none3<>+8(SB), Z28

plane:
	MOVQ grid3_strips(R8), R9

strip:
	STRIP(SI)
	OUTPUTS
	VMOVAPS Z27, Z0
	CMPQ    grid3_top(R8), $0
	JNE     rows
	COLS2(asked1)
	SUM(Z27, Z0)

rows:
	TESTQ CX, CX
	JEQ   bottom

row:
	COLS2(asked2)
	SUM(Z0, Z1)
	COLS2(asked3)
	SUM(Z1, Z3)
	SUM(Z27, Z0)
	VDIVPS Z28, Z3, Z3
	PUT2(Z3, Y3)
	DECQ   CX
	JNE    row

bottom:
	CMPQ   grid3_bottom(R8), $0
	JEQ    next
	COLS2(asked4)
	SUM(Z0, Z3)
	VDIVPS Z28, Z3, Z3
	PUT2(Z3, Y3)

next:
	NEXT(strip, plane)
	RET
