//go:build !noasm

#include "textflag.h"

// The FMA units of a core, measured: 24 accumulators of 512 bits in registers and
// nothing else in the loop, so that only the units can hold it up. Two units with a
// latency of 4 want 8 chains; 24 would still do for twice of each. Need AVX-512F.
//
//	Z0 to Z23  the chains; Z30 x, Z31 y, in every lane
//	AX         turns, counted down; DI acc
//
//	for turns: for i: Z(i) = fma(x, y, Z(i))

#define EACH(OP) \
	OP(0, Z0) \
	OP(64, Z1) \
	OP(128, Z2) \
	OP(192, Z3) \
	OP(256, Z4) \
	OP(320, Z5) \
	OP(384, Z6) \
	OP(448, Z7) \
	OP(512, Z8) \
	OP(576, Z9) \
	OP(640, Z10) \
	OP(704, Z11) \
	OP(768, Z12) \
	OP(832, Z13) \
	OP(896, Z14) \
	OP(960, Z15) \
	OP(1024, Z16) \
	OP(1088, Z17) \
	OP(1152, Z18) \
	OP(1216, Z19) \
	OP(1280, Z20) \
	OP(1344, Z21) \
	OP(1408, Z22) \
	OP(1472, Z23)

#define LOADS(O, R) VMOVUPS O(DI), R
#define LOADD(O, R) VMOVUPD O(DI), R
#define FMAS(O, R) VFMADD231PS Z31, Z30, R
#define FMAD(O, R) VFMADD231PD Z31, Z30, R
#define STORES(O, R) VMOVUPS R, O(DI)
#define STORED(O, R) VMOVUPD R, O(DI)

// func peakF32AVX512(turns int, acc *float32, x, y float32)
TEXT ·peakF32AVX512(SB), NOSPLIT, $0-24
	MOVQ turns+0(FP), AX
	MOVQ acc+8(FP), DI
	VBROADCASTSS x+16(FP), Z30
	VBROADCASTSS y+20(FP), Z31
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

// func peakF64AVX512(turns int, acc *float64, x, y float64)
TEXT ·peakF64AVX512(SB), NOSPLIT, $0-32
	MOVQ turns+0(FP), AX
	MOVQ acc+8(FP), DI
	VBROADCASTSD x+16(FP), Z30
	VBROADCASTSD y+24(FP), Z31
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
