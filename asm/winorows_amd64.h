// The one-dimensional transforms of Winograd's convolution along rows, which
// winorows_f32_avx2_amd64.s and winorows_f32_avx512_amd64.s share. The file that
// includes this one defines WIDTH, the bytes of a vector, and V0 to V15, its
// registers. The operations, and the order of each chain, are those of
// generic_winorows.go; eight_amd64.h draws where the rows stand.
//
//	V0 to V10  values; V11 to V15  constants

#include "eight_amd64.h"

// CONST fills V with the constant I of ·rowsConstants.
#define CONST(I, V) VBROADCASTSS ·rowsConstants+(4*I)(SB), V

#define P1   0
#define P2   1
#define Q1   3
#define Q2   4
#define SUM  6
#define PSUM 7
#define OSUM 8
#define QSUM 9

// BOTH stores E + O and E - O, and overwrites T.
#define BOTH(O, E, T, PLUS, MINUS) \
	VADDPS  O, E, T  \
	VMOVUPS T, PLUS  \
	VSUBPS  O, E, T  \
	VMOVUPS T, MINUS

#define INPUT3 \
	EIGHT         \
	EACH(INPUT3V)

#define INPUT3V \
	VMOVUPS SRC0, V0             \
	VMOVUPS SRC1, V1             \
	VMOVUPS SRC2, V2             \
	VMOVUPS SRC3, V3             \
	VSUBPS  V0, V2, V0           \
	VMOVUPS V0, DST0             \
	BOTH(V1, V2, V4, DST1, DST2) \
	VSUBPS  V1, V3, V3           \
	VMOVUPS V3, DST3

#define INPUT5 \
	EIGHT            \
	CONST(SUM, V15)  \
	CONST(Q2, V14)   \
	CONST(P2, V13)   \
	CONST(P1, V12)   \
	CONST(Q1, V11)   \
	EACH(INPUT5V)

#define INPUT5V \
	VMOVUPS      SRC1, V1            \
	VMOVUPS      SRC2, V2            \
	VMOVUPS      SRC3, V3            \
	VMOVUPS      SRC4, V4            \
	VMOVUPS      SRC5, V5            \
	VMOVUPS      SRC6, V6            \
	VMOVUPS      SRC7, V7            \
	VMOVAPS      V6, V8              \
	VFNMADD231PS V4, V15, V8         \
	VFMADD231PS  V2, V15, V8         \
	VSUBPS       SRC0, V8, V8        \
	VFNMADD231PS V5, V15, V7         \
	VMOVUPS      V8, DST0            \
	VFMADD231PS  V3, V15, V7         \
	VSUBPS       V1, V7, V7          \
	VMOVUPS      V7, DST7            \
	CONST(PSUM, V10)                 \
	VMOVAPS      V6, V8              \
	VMOVAPS      V5, V9              \
	VFNMADD231PS V4, V10, V8         \
	VFNMADD231PS V3, V10, V9         \
	VFMADD231PS  V2, V14, V8         \
	VFMADD231PS  V1, V14, V9         \
	PAIR(V12, V9, V8, V0, DST1, DST2) \
	CONST(OSUM, V10)                 \
	VMOVAPS      V6, V8              \
	VMOVAPS      V5, V9              \
	VFNMADD231PS V4, V10, V8         \
	VFNMADD231PS V3, V10, V9         \
	VADDPS       V2, V8, V8          \
	VADDPS       V1, V9, V9          \
	BOTH(V9, V8, V0, DST3, DST4)     \
	CONST(QSUM, V10)                 \
	VFNMADD231PS V4, V10, V6         \
	VFNMADD231PS V3, V10, V5         \
	VFMADD231PS  V2, V13, V6         \
	VFMADD231PS  V1, V13, V5         \
	PAIR(V11, V5, V6, V0, DST5, DST6)
