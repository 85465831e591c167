//go:build !noasm

#include "textflag.h"

// packF32AVX2 turns quads of rows into four columns of a panel each, eight steps in k at a time. The rows
// stand at offsets of their own. All rows do 16 steps before any goes on: a line of each is read once, and
// four lines at a time, as rows a page apart share a set of the first-level cache. Needs AVX2.
//
//	AX  eights of steps left; SI  src; R14 see ahead in pack_amd64.go
//	DX  the 4 offsets at hand, in elements: R8, R9, R10, R15
//	BX  quads of rows, CX those left
//	R13 the quad's columns in the panel, DI four steps of them; R11 width in bytes, R12 three of it
//	Y0 to Y3 rows, Y4 to Y7 pairs, Y8 to Y11 steps i in the low half and i+4 in the high half
//
//	for k < 8*eights: for i < 4*quads: dst[k*width+i] = src[offset[i]+k]

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

// func packF32AVX2(eights int, dst, src *float32, offset *int, width, quads int, ask ahead)
TEXT ·packF32AVX2(SB), NOSPLIT, $0-72
	MOVQ eights+0(FP), AX
	MOVQ dst+8(FP), R13
	MOVQ src+16(FP), SI
	MOVQ width+32(FP), R11
	MOVQ quads+40(FP), BX
	MOVQ ask_steps+48(FP), R14
	SHLQ $2, R11
	LEAQ (R11)(R11*2), R12
	LEAQ (SI)(R14*4), R14

loop:
	MOVQ offset+24(FP), DX
	MOVQ BX, CX

quad:
	MOVQ R13, DI
	MOVQ (DX), R8
	MOVQ 8(DX), R9
	MOVQ 16(DX), R10
	MOVQ 24(DX), R15
	CMPQ ask_steps+48(FP), $0
	JEQ  load
	SIXTEEN(ROWASK, ASK, BEFORE)
	JMP  next

load:
	SIXTEEN(ROW, NOTHING, NOTHING)

next:
	ADDQ $32, DX
	ADDQ $16, R13
	DECQ CX
	JNE  quad
	MOVQ BX, R9        // to the next 16 steps
	SHLQ $4, R9
	SUBQ R9, R13
	MOVQ R11, R9
	SHLQ $4, R9
	ADDQ R9, R13
	ADDQ $64, SI
	ADDQ $64, R14
	SUBQ $2, AX
	JLE  done
	CMPQ AX, ask_left+56(FP)
	JNE  loop
	MOVQ ask_jump+64(FP), R9
	LEAQ (R14)(R9*4), R14
	JMP  loop

done:
	VZEROUPPER
	RET

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
	JEQ  next64            \
	FOUR64(32, LOAD, LAST)

// func packF64AVX2(fours int, dst, src *float64, offset *int, width, quads int, ask ahead)
TEXT ·packF64AVX2(SB), NOSPLIT, $0-72
	MOVQ fours+0(FP), AX
	MOVQ dst+8(FP), R13
	MOVQ src+16(FP), SI
	MOVQ width+32(FP), R11
	MOVQ quads+40(FP), BX
	MOVQ ask_steps+48(FP), R14
	SHLQ $3, R11
	LEAQ (R11)(R11*2), R12
	LEAQ (SI)(R14*8), R14

loop64:
	MOVQ offset+24(FP), DX
	MOVQ BX, CX

quad64:
	MOVQ R13, DI
	MOVQ (DX), R8
	MOVQ 8(DX), R9
	MOVQ 16(DX), R10
	MOVQ 24(DX), R15
	CMPQ ask_steps+48(FP), $0
	JEQ  load64
	EIGHT64(ROWASK64, ASK64, BEFORE64)
	JMP  next64

load64:
	EIGHT64(ROW64, NOTHING, NOTHING)

next64:
	ADDQ $32, DX
	ADDQ $32, R13
	DECQ CX
	JNE  quad64
	MOVQ BX, R9          // to the next 8 steps
	SHLQ $5, R9
	SUBQ R9, R13
	LEAQ (R13)(R11*8), R13
	ADDQ $64, SI
	ADDQ $64, R14
	SUBQ $2, AX
	JLE  done64
	CMPQ AX, ask_left+56(FP)
	JNE  loop64
	MOVQ ask_jump+64(FP), R9
	LEAQ (R14)(R9*8), R14
	JMP  loop64

done64:
	VZEROUPPER
	RET
