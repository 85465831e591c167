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

#define ROW(O, R, Y) VMOVUPS O(SI)(R*4), Y
#define NOTHING(R)

// ASK asks for a line of a row, BEFORE for that before it, where a row that does not begin with a line ends.
#define ASK(R) PREFETCHT1 (R14)(R*4)
#define BEFORE(R) PREFETCHT1 -64(R14)(R*4)
#define ROWASK(O, R, Y) ROW(O, R, Y); ASK(R)

// EIGHT does eight steps, from O bytes on; LOAD is ROW or ROWASK, AGAIN what is asked for then.
#define EIGHT(O, LOAD, AGAIN) \
	LOAD(O, R8, Y0)                   \
	LOAD(O, R9, Y1)                   \
	LOAD(O, R10, Y2)                  \
	LOAD(O, R15, Y3)                  \
	VUNPCKLPS    Y1, Y0, Y4           \
	VUNPCKHPS    Y1, Y0, Y5           \
	VUNPCKLPS    Y3, Y2, Y6           \
	VUNPCKHPS    Y3, Y2, Y7           \
	VUNPCKLPD    Y6, Y4, Y8           \
	VUNPCKHPD    Y6, Y4, Y9           \
	VUNPCKLPD    Y7, Y5, Y10          \
	VUNPCKHPD    Y7, Y5, Y11          \
	VMOVUPS      X8, (DI)             \
	VMOVUPS      X9, (DI)(R11*1)      \
	VMOVUPS      X10, (DI)(R11*2)     \
	VMOVUPS      X11, (DI)(R12*1)     \
	LEAQ         (DI)(R11*4), DI      \
	VEXTRACTF128 $1, Y8, (DI)         \
	VEXTRACTF128 $1, Y9, (DI)(R11*1)  \
	VEXTRACTF128 $1, Y10, (DI)(R11*2) \
	VEXTRACTF128 $1, Y11, (DI)(R12*1) \
	AGAIN(R8)                         \
	AGAIN(R9)                         \
	AGAIN(R10)                        \
	AGAIN(R15)                        \
	LEAQ         (DI)(R11*4), DI

// SIXTEEN does the steps of a cache line, or eight that are left; AGAIN and LAST are what either EIGHT asks for.
#define SIXTEEN(LOAD, AGAIN, LAST) \
	EIGHT(0, LOAD, AGAIN) \
	CMPQ AX, $1           \
	JEQ  next             \
	EIGHT(32, LOAD, LAST)

// func packF32AVX2(units int, dst, src *float32, offset *int, width, blocks int, ask ahead)
TEXT ·packF32AVX2(SB), NOSPLIT, $0-72
	PACK(4, 4, OFFSETS, SIXTEEN(ROWASK, ASK, BEFORE), SIXTEEN(ROW, NOTHING, NOTHING))

// packF64AVX2 is packF32AVX2 for float64, four steps and eight at a time.
//
//	Y0 to Y3 rows, Y4 to Y7 pairs, Y8 to Y11 steps

#define ROW64(O, R, Y) VMOVUPD O(SI)(R*8), Y
#define ASK64(R) PREFETCHT1 (R14)(R*8)
#define BEFORE64(R) PREFETCHT1 -64(R14)(R*8)
#define ROWASK64(O, R, Y) ROW64(O, R, Y); ASK64(R)

// FOUR64 does four steps, from O bytes on, as EIGHT does eight.
#define FOUR64(O, LOAD, AGAIN) \
	LOAD(O, R8, Y0)               \
	LOAD(O, R9, Y1)               \
	LOAD(O, R10, Y2)              \
	LOAD(O, R15, Y3)              \
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
	AGAIN(R8)                     \
	AGAIN(R9)                     \
	AGAIN(R10)                    \
	AGAIN(R15)                    \
	LEAQ       (DI)(R11*4), DI

#define EIGHT64(LOAD, AGAIN, LAST) \
	FOUR64(0, LOAD, AGAIN) \
	CMPQ AX, $1            \
	JEQ  next            \
	FOUR64(32, LOAD, LAST)

// func packF64AVX2(units int, dst, src *float64, offset *int, width, blocks int, ask ahead)
TEXT ·packF64AVX2(SB), NOSPLIT, $0-72
	PACK(4, 8, OFFSETS, EIGHT64(ROWASK64, ASK64, BEFORE64), EIGHT64(ROW64, NOTHING, NOTHING))
