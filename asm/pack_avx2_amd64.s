//go:build !noasm

#include "textflag.h"
#include "pack_avx2_amd64.h"

// packF32AVX2 turns four rows at a time, eight steps in k, so that only four lines are needed at a time:
// those of rows a page apart share a set of the first-level cache. Needs AVX2. See PACK for other registers.
//
//	R8, R9, R10, R15  the offsets at hand
//	Y0 to Y3 rows, Y4 to Y7 pairs, Y8 to Y11 steps i in the low half and i+4 in the high half
//
//	for k < 8*units: for i < 4*blocks: dst[k*width+i] = src[offset[i]+k]

// OFFSETS are those of four rows.
#define OFFSETS \
	MOVQ (DX), R8    \
	MOVQ 8(DX), R9   \
	MOVQ 16(DX), R10 \
	MOVQ 24(DX), R15

#define ROW(SIZE, O, R, Y) VMOVUPS O(SI)(R*SIZE), Y
#define NOTHING(SIZE, R)

// ASK asks for a line of a row, BEFORE for that before it, where a row that does not begin with a line ends.
#define ASK(SIZE, R) PREFETCHT1 (R14)(R*SIZE)
#define BEFORE(SIZE, R) PREFETCHT1 -64(R14)(R*SIZE)
#define ROWASK(SIZE, O, R, Y) ROW(SIZE, O, R, Y); ASK(SIZE, R)

// EIGHT does eight steps, from O bytes on; LOAD is ROW or ROWASK, AGAIN what is asked for then.
#define EIGHT(O, LOAD, AGAIN) \
	LOAD(4, O, R8, Y0)                \
	LOAD(4, O, R9, Y1)                \
	LOAD(4, O, R10, Y2)               \
	LOAD(4, O, R15, Y3)               \
	TURN4                             \
	VMOVUPS      X8, (DI)             \
	VMOVUPS      X9, (DI)(R11*1)      \
	VMOVUPS      X10, (DI)(R11*2)     \
	VMOVUPS      X11, (DI)(R12*1)     \
	LEAQ         (DI)(R11*4), DI      \
	VEXTRACTF128 $1, Y8, (DI)         \
	VEXTRACTF128 $1, Y9, (DI)(R11*1)  \
	VEXTRACTF128 $1, Y10, (DI)(R11*2) \
	VEXTRACTF128 $1, Y11, (DI)(R12*1) \
	AGAIN(4, R8)                      \
	AGAIN(4, R9)                      \
	AGAIN(4, R10)                     \
	AGAIN(4, R15)                     \
	LEAQ         (DI)(R11*4), DI

// func packF32AVX2(units int, dst, src *float32, offset *int, width, blocks int, ask ahead)
TEXT ·packF32AVX2(SB), NOSPLIT, $0-72
	PACK(4, 4, OFFSETS, EIGHT(0, ROWASK, ASK), EIGHT(32, ROWASK, BEFORE), EIGHT(0, ROW, NOTHING), EIGHT(32, ROW, NOTHING))

// packF64AVX2 is packF32AVX2 for float64, four steps and eight at a time.
//
//	Y0 to Y3 rows, Y4 to Y7 pairs, Y8 to Y11 steps

// FOUR64 does four steps, from O bytes on, as EIGHT does eight.
#define FOUR64(O, LOAD, AGAIN) \
	LOAD(8, O, R8, Y0)            \
	LOAD(8, O, R9, Y1)            \
	LOAD(8, O, R10, Y2)           \
	LOAD(8, O, R15, Y3)           \
	VUNPCKLPD  Y1, Y0, Y4         \
	VUNPCKHPD  Y1, Y0, Y5         \
	VUNPCKLPD  Y3, Y2, Y6         \
	VUNPCKHPD  Y3, Y2, Y7         \
	VPERM2F128 $0x20, Y6, Y4, Y8  \
	VPERM2F128 $0x20, Y7, Y5, Y9  \
	VPERM2F128 $0x31, Y6, Y4, Y10 \
	VPERM2F128 $0x31, Y7, Y5, Y11 \
	VMOVUPD    Y8, (DI)           \
	VMOVUPD    Y9, (DI)(R11*1)    \
	VMOVUPD    Y10, (DI)(R11*2)   \
	VMOVUPD    Y11, (DI)(R12*1)   \
	AGAIN(8, R8)                  \
	AGAIN(8, R9)                  \
	AGAIN(8, R10)                 \
	AGAIN(8, R15)                 \
	LEAQ       (DI)(R11*4), DI

// func packF64AVX2(units int, dst, src *float64, offset *int, width, blocks int, ask ahead)
TEXT ·packF64AVX2(SB), NOSPLIT, $0-72
	PACK(4, 8, OFFSETS, FOUR64(0, ROWASK, ASK), FOUR64(32, ROWASK, BEFORE), FOUR64(0, ROW, NOTHING), FOUR64(32, ROW, NOTHING))
