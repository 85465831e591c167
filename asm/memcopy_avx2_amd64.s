//go:build !noasm

#include "textflag.h"

// A copy by ordinary stores, against which memory-bound kernels are judged; the Go
// runtime's passes by the caches where it is large. Needs AVX2.
//
//	AX  blocks of four registers, counted down; DI dst, SI src

// func copyF32AVX2(blocks int, dst, src *float32)
TEXT ·copyF32AVX2(SB), NOSPLIT, $0-24
	MOVQ blocks+0(FP), AX
	MOVQ dst+8(FP), DI
	MOVQ src+16(FP), SI

loop:
	VMOVUPS (SI), Y0
	VMOVUPS 32(SI), Y1
	VMOVUPS 64(SI), Y2
	VMOVUPS 96(SI), Y3
	VMOVUPS Y0, (DI)
	VMOVUPS Y1, 32(DI)
	VMOVUPS Y2, 64(DI)
	VMOVUPS Y3, 96(DI)
	ADDQ $128, SI
	ADDQ $128, DI
	DECQ AX
	JNZ  loop
	VZEROUPPER
	RET
