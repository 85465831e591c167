// The one-dimensional transforms of Winograd's convolution with stride 2, which
// winostride_f32_avx2_amd64.s and winostride_f32_avx512_amd64.s share. The file that
// includes this one defines WIDTH, the bytes of a vector, and V0 to V15, its
// registers. The operations, and the order of each chain, are those of
// generic_winostride.go; eight_amd64.h draws where the rows stand.
//
//	V0 to V9  values; V10 to V15  constants

#include "eight_amd64.h"

// CONST fills V with the constant I of ·strideConstants.
#define CONST(I, V) VBROADCASTSS ·strideConstants+(4*I)(SB), V

#define P1   0
#define P2   1
#define P3   2
#define Q1   3
#define Q2   4
#define Q3   5
#define SUM  6
#define PROD 7
#define WP   8
#define WPM  9
#define WQ   10
#define WQM  11

#define POINTCONSTS \
	CONST(P1, V10)  \
	CONST(P2, V11)  \
	CONST(Q1, V12)  \
	CONST(Q2, V13)  \
	CONST(SUM, V14) \
	CONST(PROD, V15)

// POINTS takes the elements V0 to V4 to the points, places 0 to 4. It overwrites V3 to V8.
#define POINTS \
	VMOVAPS      V3, V5               \
	VMOVAPS      V2, V6               \
	VMOVAPS      V2, V8               \
	VFNMADD231PS V1, V13, V5          \
	VFNMADD231PS V0, V13, V6          \
	VFNMADD231PS V2, V14, V4          \
	VFNMADD231PS V1, V11, V3          \
	VFNMADD231PS V0, V11, V8          \
	VFMADD231PS  V0, V15, V4          \
	PAIR(V10, V6, V5, V7, DST0, DST1) \
	PAIR(V12, V8, V3, V6, DST2, DST3) \
	VMOVUPS      V4, DST4

// MOVE copies a row by way of V.
#define MOVE(SRC, V, DST) \
	VMOVUPS SRC, V \
	VMOVUPS V, DST

#define INPUT \
	EIGHT        \
	POINTCONSTS  \
	EACH(INPUTV)

#define INPUTV \
	VMOVUPS SRC0, V0     \
	VMOVUPS SRC2, V1     \
	VMOVUPS SRC4, V2     \
	VMOVUPS SRC6, V3     \
	VMOVUPS SRC8, V4     \
	MOVE(SRC1, V9, DST5) \
	MOVE(SRC3, V5, DST6) \
	MOVE(SRC5, V6, DST7) \
	MOVE(SRC7, V7, DST8) \
	POINTS

#define OUTPUTGRAD \
	EIGHT             \
	POINTCONSTS       \
	EACH(OUTPUTGRADV)

#define OUTPUTGRADV \
	VMOVUPS SRC0, V0 \
	VMOVUPS SRC1, V1 \
	VMOVUPS SRC2, V2 \
	VMOVUPS SRC3, V3 \
	VMOVUPS SRC4, V4 \
	VMOVUPS V0, DST5 \
	VMOVUPS V1, DST6 \
	VMOVUPS V2, DST7 \
	VMOVUPS V3, DST8 \
	POINTS

#define FILTER \
	EIGHT          \
	CONST(P1, V10) \
	CONST(Q1, V11) \
	CONST(WP, V12) \
	CONST(WPM, V13) \
	CONST(WQ, V14) \
	CONST(WQM, V15) \
	EACH(FILTERV)

// SCALED stores (E + C*O) * W and (E - C*O) * M, and overwrites T and U.
#define SCALED(C, O, E, T, U, W, M, PLUS, MINUS) \
	VMOVAPS      E, T    \
	VMOVAPS      E, U    \
	VFMADD231PS  O, C, T \
	VFNMADD231PS O, C, U \
	VMULPS       W, T, T \
	VMULPS       M, U, U \
	VMOVUPS      T, PLUS \
	VMOVUPS      U, MINUS

#define FILTERV \
	VMOVUPS SRC0, V0                                   \
	VMOVUPS SRC1, V1                                   \
	VMOVUPS SRC2, V2                                   \
	SCALED(V10, V2, V0, V3, V4, V12, V13, DST0, DST1)  \
	SCALED(V11, V2, V0, V5, V6, V14, V15, DST2, DST3)  \
	VMOVUPS V2, DST4                                   \
	VMOVUPS V1, DST5

#define SUMCONSTS \
	CONST(P1, V10) \
	CONST(P2, V11) \
	CONST(P3, V12) \
	CONST(Q1, V13) \
	CONST(Q2, V14) \
	CONST(Q3, V15)

// SUMS makes V1 and V2 the sum and the difference of rows 0 and 1, V3 and V4
// those of rows 2 and 3. It overwrites V0.
#define SUMS \
	VMOVUPS SRC0, V0   \
	VMOVUPS SRC1, V2   \
	VADDPS  V2, V0, V1 \
	VSUBPS  V2, V0, V2 \
	VMOVUPS SRC2, V0   \
	VMOVUPS SRC3, V4   \
	VADDPS  V4, V0, V3 \
	VSUBPS  V4, V0, V4

#define OUTPUT \
	EIGHT         \
	SUMCONSTS     \
	EACH(OUTPUTV)

#define OUTPUTV \
	SUMS                     \
	VADDPS      SRC5, V1, V5 \
	VMOVUPS     SRC6, V6     \
	VMOVUPS     SRC7, V7     \
	VMOVUPS     SRC4, V8     \
	VADDPS      SRC8, V8, V8 \
	VADDPS      V3, V5, V5   \
	VFMADD231PS V2, V10, V6  \
	VFMADD231PS V1, V11, V7  \
	VFMADD231PS V2, V12, V8  \
	VFMADD231PS V4, V13, V6  \
	VFMADD231PS V3, V14, V7  \
	VFMADD231PS V4, V15, V8  \
	VMOVUPS     V5, DST0     \
	VMOVUPS     V6, DST1     \
	VMOVUPS     V7, DST2     \
	VMOVUPS     V8, DST3

#define INPUTGRAD \
	EIGHT            \
	SUMCONSTS        \
	EACH(INPUTGRADV)

#define INPUTGRADV \
	SUMS                     \
	VADDPS      V3, V1, V5   \
	VMULPS      V10, V2, V6  \
	VMULPS      V11, V1, V7  \
	VMOVUPS     SRC4, V8     \
	VFMADD231PS V2, V12, V8  \
	VFMADD231PS V4, V13, V6  \
	VFMADD231PS V3, V14, V7  \
	VFMADD231PS V4, V15, V8  \
	MOVE(SRC5, V0, DST0)     \
	MOVE(SRC6, V9, DST2)     \
	MOVE(SRC7, V0, DST4)     \
	MOVE(SRC8, V9, DST6)     \
	VMOVUPS     V5, DST1     \
	VMOVUPS     V6, DST3     \
	VMOVUPS     V7, DST5     \
	VMOVUPS     V8, DST7
