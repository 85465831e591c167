// The one-dimensional transforms of Winograd's convolution, which
// winograd_f32_avx2_amd64.s and winograd_f32_avx512_amd64.s share. The file that
// includes this one defines WIDTH, the bytes of a vector, and V0 to V15, its
// registers. The operations, and the order of each chain, are those of
// generic_winograd.go, and products and sums are fused where it fuses them.
//
//	rows of the source        of the result
//	0  (SI)                   (DI)
//	1  (SI)(R8*1)             (DI)(R11*1)     R8, R11   a row in bytes
//	2  (SI)(R8*2)             (DI)(R11*2)     R9, R12   three rows
//	3  (SI)(R9*1)             (DI)(R12*1)     R10, R13  five rows
//	4  (SI)(R8*4)             (DI)(R11*4)
//	5  (SI)(R10*1)            (DI)(R13*1)
//
//	AX  strips left             DX  bytes of a row of a strip; CX those left
//	BX  from the end of a strip to the next, in the source; R14 in the result
//	V0 to V9  values; V9 to V15  constants, in the order of BCAST
//
//	for c < Count { for j < N, a vector at a time { load; transform; store } }
//
// Vectors do not depend on each other, so that the CPU overlaps their chains,
// at most three fmas long, by itself; the stores are what the loops wait for.

#include "strips_amd64.h"

#define SRC0 (SI)
#define SRC1 (SI)(R8*1)
#define SRC2 (SI)(R8*2)
#define SRC3 (SI)(R9*1)
#define SRC4 (SI)(R8*4)
#define SRC5 (SI)(R10*1)

#define DST0 (DI)
#define DST1 (DI)(R11*1)
#define DST2 (DI)(R11*2)
#define DST3 (DI)(R12*1)
#define DST4 (DI)(R11*4)
#define DST5 (DI)(R13*1)

// BCAST fills V with the constant I of ·winograd.
#define BCAST(I, V) VBROADCASTSS ·winograd+(4*I)(SB), V

#define P1   0
#define P2   1
#define P3   2
#define Q1   3
#define Q2   4
#define Q3   5
#define SUM  6
#define PROD 7
#define W0   8
#define WP   9
#define WQ   10
#define P1WP 11
#define P2WP 12
#define Q1WQ 13
#define Q2WQ 14

// ARGUMENTS reads the arguments, see STRIPS.
#define ARGUMENTS \
	STRIPS                \
	LEAQ (R8)(R8*4), R10  \
	LEAQ (R11)(R11*4), R13

// EACH does BODY for every vector of every strip, and returns.
#define EACH(BODY) \
strip: \
	MOVQ DX, CX      \
vector: \
	BODY             \
	ADDQ $WIDTH, SI  \
	ADDQ $WIDTH, DI  \
	SUBQ $WIDTH, CX  \
	JNE  vector      \
	ADDQ BX, SI      \
	ADDQ R14, DI     \
	DECQ AX          \
	JNE  strip       \
	VZEROUPPER       \
	RET

#define INPUT \
	ARGUMENTS        \
	BCAST(P1, V10)   \
	BCAST(P2, V11)   \
	BCAST(Q1, V12)   \
	BCAST(Q2, V13)   \
	BCAST(SUM, V14)  \
	BCAST(PROD, V15) \
	EACH(INPUTV)

#define INPUTV \
	VMOVUPS      SRC1, V0                \
	VMOVUPS      SRC2, V1                \
	VMOVUPS      SRC3, V2                \
	VMOVUPS      SRC4, V3                \
	VMOVUPS      SRC5, V8                \
	VMOVAPS      V3, V4                  \
	VFNMADD231PS V1, V14, V4             \
	VFMADD231PS  SRC0, V15, V4           \
	VMOVUPS      V4, DST0                \
	VMOVAPS      V3, V5                  \
	VFNMADD231PS V1, V13, V5             \
	VMOVAPS      V2, V6                  \
	VFNMADD231PS V0, V13, V6             \
	PAIR(V10, V6, V5, V7, DST1, DST2)    \
	VFNMADD231PS V2, V14, V8             \
	VFMADD231PS  V0, V15, V8             \
	VFNMADD231PS V1, V11, V3             \
	VFNMADD231PS V0, V11, V2             \
	PAIR(V12, V2, V3, V9, DST3, DST4)    \
	VMOVUPS      V8, DST5

#define FILTER \
	ARGUMENTS      \
	BCAST(P1, V9)  \
	BCAST(P2, V10) \
	BCAST(Q1, V11) \
	BCAST(Q2, V12) \
	BCAST(W0, V13) \
	BCAST(WP, V14) \
	BCAST(WQ, V15) \
	EACH(FILTERV)

// SCALED is PAIR with both results multiplied by W.
#define SCALED(C, O, E, T, W, PLUS, MINUS) \
	VMOVAPS      E, T     \
	VFMADD231PS  O, C, T  \
	VFNMADD231PS O, C, E  \
	VMULPS       W, T, T  \
	VMULPS       W, E, E  \
	VMOVUPS      T, PLUS  \
	VMOVUPS      E, MINUS

#define FILTERV \
	VMOVUPS     SRC0, V0                      \
	VMOVUPS     SRC1, V1                      \
	VMOVUPS     SRC2, V2                      \
	VMULPS      V13, V0, V3                   \
	VMOVUPS     V3, DST0                      \
	VMOVAPS     V0, V4                        \
	VFMADD231PS V2, V10, V4                   \
	SCALED(V9, V1, V4, V5, V14, DST1, DST2)   \
	VFMADD231PS V2, V12, V0                   \
	SCALED(V11, V1, V0, V6, V15, DST3, DST4)  \
	VMOVUPS     V2, DST5

// SUMS makes V1 and V2 the sum and the difference of rows 1 and 2, V3 and V4
// those of rows 3 and 4. It overwrites V0.
#define SUMS \
	VMOVUPS SRC1, V0   \
	VMOVUPS SRC2, V2   \
	VADDPS  V2, V0, V1 \
	VSUBPS  V2, V0, V2 \
	VMOVUPS SRC3, V0   \
	VMOVUPS SRC4, V4   \
	VADDPS  V4, V0, V3 \
	VSUBPS  V4, V0, V4

#define OUTPUT \
	ARGUMENTS      \
	BCAST(P1, V10) \
	BCAST(P2, V11) \
	BCAST(P3, V12) \
	BCAST(Q1, V13) \
	BCAST(Q2, V14) \
	BCAST(Q3, V15) \
	EACH(OUTPUTV)

#define OUTPUTV \
	SUMS                     \
	VADDPS      SRC0, V1, V5 \
	VMOVUPS     SRC5, V8     \
	VMULPS      V10, V2, V6  \
	VMULPS      V11, V1, V7  \
	VADDPS      V3, V5, V5   \
	VFMADD231PS V2, V12, V8  \
	VFMADD231PS V4, V13, V6  \
	VFMADD231PS V3, V14, V7  \
	VFMADD231PS V4, V15, V8  \
	VMOVUPS     V5, DST0     \
	VMOVUPS     V6, DST1     \
	VMOVUPS     V7, DST2     \
	VMOVUPS     V8, DST3

#define OUTPUTGRAD \
	ARGUMENTS      \
	BCAST(P1, V12) \
	BCAST(P2, V13) \
	BCAST(Q1, V14) \
	BCAST(Q2, V15) \
	EACH(OUTPUTGRADV)

#define OUTPUTGRADV \
	VMOVUPS     SRC0, V0                 \
	VMOVUPS     SRC1, V1                 \
	VMOVUPS     SRC2, V2                 \
	VMOVUPS     SRC3, V3                 \
	VMOVUPS     V0, DST0                 \
	VMOVAPS     V0, V4                   \
	VFMADD231PS V2, V13, V4              \
	VMOVAPS     V1, V5                   \
	VFMADD231PS V3, V13, V5              \
	PAIR(V12, V5, V4, V6, DST1, DST2)    \
	VFMADD231PS V2, V15, V0              \
	VFMADD231PS V3, V15, V1              \
	PAIR(V14, V1, V0, V7, DST3, DST4)    \
	VMOVUPS     V3, DST5

#define FILTERGRAD \
	ARGUMENTS        \
	BCAST(W0, V9)    \
	BCAST(WP, V10)   \
	BCAST(WQ, V11)   \
	BCAST(P1WP, V12) \
	BCAST(Q1WQ, V13) \
	BCAST(P2WP, V14) \
	BCAST(Q2WQ, V15) \
	EACH(FILTERGRADV)

#define FILTERGRADV \
	SUMS                     \
	VMULPS      SRC0, V9, V5 \
	VMULPS      V12, V2, V6  \
	VMOVUPS     SRC5, V7     \
	VFMADD231PS V1, V10, V5  \
	VFMADD231PS V4, V13, V6  \
	VFMADD231PS V1, V14, V7  \
	VFMADD231PS V3, V11, V5  \
	VFMADD231PS V3, V15, V7  \
	VMOVUPS     V5, DST0     \
	VMOVUPS     V6, DST1     \
	VMOVUPS     V7, DST2
