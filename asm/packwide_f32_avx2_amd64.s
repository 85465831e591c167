//go:build !noasm

#include "textflag.h"
#include "pack_avx2_amd64.h"

// packWideF32AVX2 is packF32AVX2 for panels whose steps are far apart. It turns blocks of 8 rows, so that a
// line of the panel is written in two pieces, not four: of lines that share a set of the first-level cache,
// or come from memory, each time may cost as much. Transposes of 4 x 4 stand in both halves of the
// registers. Needs AVX2. See PACK for other registers.
//
//	R8, R9 offsets of rows i and i+4; DI four steps
//	Y0 to Y3 rows, Y4 to Y7 pairs, Y8 to Y11 steps
//
//	for k < 8*units: for i < 8*blocks: dst[k*width+i] = src[offset[i]+k]

// ROW puts row I in the low half of Y and row I+4 in the high half.
#define ROW(I, O, X, Y) \
	MOVQ        (8*I)(DX), R8        \
	MOVQ        (8*I+32)(DX), R9     \
	VMOVUPS     O(SI)(R8*4), X       \
	VINSERTF128 $1, O(SI)(R9*4), Y, Y

// ROWASK asks for a line of either, too, see ahead in pack_amd64.go: of what is asked for all at once, more
// is forgotten.
#define ROWASK(I, O, X, Y) \
	ROW(I, O, X, Y)              \
	PREFETCHT1 (-4*O)(R14)(R8*4) \
	PREFETCHT1 (-4*O)(R14)(R9*4)

// FOUR does four steps, from O bytes on, with ROW or ROWASK.
#define FOUR(O, LOAD) \
	LOAD(0, O, X0, Y0)       \
	LOAD(1, O, X1, Y1)       \
	LOAD(2, O, X2, Y2)       \
	LOAD(3, O, X3, Y3)       \
	TURN4                    \
	VMOVUPS Y8, (DI)         \
	VMOVUPS Y9, (DI)(R11*1)  \
	VMOVUPS Y10, (DI)(R11*2) \
	VMOVUPS Y11, (DI)(R12*1) \
	LEAQ    (DI)(R11*4), DI

// HALF1 and HALF2 do the halves of a cache line.
#define HALF1(LOAD) FOUR(0, LOAD); FOUR(16, LOAD)
#define HALF2(LOAD) FOUR(32, LOAD); FOUR(48, LOAD)

#define NOTHING

// func packWideF32AVX2(units int, dst, src *float32, offset *int, width, blocks int, ask ahead)
TEXT ·packWideF32AVX2(SB), NOSPLIT, $0-72
	PACK(8, 4, NOTHING, HALF1(ROWASK), HALF2(ROWASK), HALF1(ROW), HALF2(ROW))
