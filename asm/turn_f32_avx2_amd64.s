//go:build !noasm

#include "textflag.h"

// turnF32AVX2 turns filters of 3 x 3 round, and puts those of a channel side by side. No prefetcher of
// the processor follows so many rows that are written in turn, nor some channels of filters that
// are pages apart: BYTES and FILTERS further on they are asked for, and twice as far, since a
// processor whose buffers are full forgets what it is asked for. Only the second-level cache is
// asked: the first has fewer buffers, and what is read at hand needs them. Needs AVX2.
//
//	BX  filters left; DI where the one at hand goes, R8 bytes from a channel of it to the next
//	SI  it in src, R9 bytes to the next one, R13 to what is asked for
//	AX  channels left; R11, R12 dst and src at hand; R10 channels
//	Y15 the lanes of a register the other way round; Y0 eight elements, CX the ninth
//
//	dst[c*ldd+9*f+i] = src[f*lds+9*c+8-i]

#define FILTERS 8
#define BYTES 256

// func turnF32AVX2(filters, channels int, dst *float32, ldd int, src *float32, lds int)
TEXT ·turnF32AVX2(SB), NOSPLIT, $0-48
	MOVQ    filters+0(FP), BX
	MOVQ    channels+8(FP), R10
	MOVQ    dst+16(FP), DI
	MOVQ    ldd+24(FP), R8
	SHLQ    $2, R8
	MOVQ    src+32(FP), SI
	MOVQ    lds+40(FP), R9
	SHLQ    $2, R9
	MOVQ    R9, R13
	IMULQ   $FILTERS, R13
	VMOVDQU ·turned(SB), Y15

filter:
	MOVQ R10, AX
	MOVQ DI, R11
	MOVQ SI, R12

channel:
	PREFETCHT1 (R12)(R13*1)
	PREFETCHT1 (R12)(R13*2)
	PREFETCHT1 (2*BYTES)(R11)
	PREFETCHT1 BYTES(R11)
	VPERMPS    4(R12), Y15, Y0
	MOVL       (R12), CX
	VMOVUPS    Y0, (R11)
	MOVL       CX, 32(R11)
	ADDQ       $36, R12
	ADDQ       R8, R11
	DECQ       AX
	JNZ        channel
	ADDQ       $36, DI
	ADDQ       R9, SI
	DECQ       BX
	JNZ        filter
	VZEROUPPER
	RET
