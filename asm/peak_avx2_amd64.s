//go:build !noasm

#include "textflag.h"

// The FMA units of a core, measured: 12 accumulators of 256 bits in registers and
// nothing else in the loop, so that only the units can hold it up. Two units with a
// latency of 5 want 10 chains. Need AVX2 and FMA3.
//
//	Y0 to Y11  the chains; Y14 x, Y15 y, in every lane
//	AX         turns, counted down; DI acc
//
//	for turns: for i: Y(i) = fma(x, y, Y(i))

#define EACH(OP) \
	OP(0, Y0) \
	OP(32, Y1) \
	OP(64, Y2) \
	OP(96, Y3) \
	OP(128, Y4) \
	OP(160, Y5) \
	OP(192, Y6) \
	OP(224, Y7) \
	OP(256, Y8) \
	OP(288, Y9) \
	OP(320, Y10) \
	OP(352, Y11)

#define LOADS(O, R) VMOVUPS O(DI), R
#define LOADD(O, R) VMOVUPD O(DI), R
#define FMAS(O, R) VFMADD231PS Y15, Y14, R
#define FMAD(O, R) VFMADD231PD Y15, Y14, R
#define STORES(O, R) VMOVUPS R, O(DI)
#define STORED(O, R) VMOVUPD R, O(DI)

// func peakF32AVX2(turns int, acc *float32, x, y float32)
TEXT ·peakF32AVX2(SB), NOSPLIT, $0-24
	MOVQ turns+0(FP), AX
	MOVQ acc+8(FP), DI
	VBROADCASTSS x+16(FP), Y14
	VBROADCASTSS y+20(FP), Y15
	EACH(LOADS)
	TESTQ AX, AX
	JZ   store

loop:
	EACH(FMAS)
	DECQ AX
	JNZ  loop

store:
	EACH(STORES)
	VZEROUPPER
	RET

// func peakF64AVX2(turns int, acc *float64, x, y float64)
TEXT ·peakF64AVX2(SB), NOSPLIT, $0-32
	MOVQ turns+0(FP), AX
	MOVQ acc+8(FP), DI
	VBROADCASTSD x+16(FP), Y14
	VBROADCASTSD y+24(FP), Y15
	EACH(LOADD)
	TESTQ AX, AX
	JZ   store

loop:
	EACH(FMAD)
	DECQ AX
	JNZ  loop

store:
	EACH(STORED)
	VZEROUPPER
	RET
