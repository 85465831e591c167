//go:build !noasm

#include "textflag.h"

// A copy by ordinary stores, against which memory-bound kernels are judged; the Go
// runtime's passes by the caches where it is large. Needs AVX-512F.
//
//	AX  blocks of four registers, counted down; DI dst, SI src

// func copyF32AVX512(blocks int, dst, src *float32)
TEXT ·copyF32AVX512(SB), NOSPLIT, $0-24
	MOVQ blocks+0(FP), AX
	MOVQ dst+8(FP), DI
	MOVQ src+16(FP), SI

loop:
	VMOVUPS (SI), Z0
	VMOVUPS 64(SI), Z1
	VMOVUPS 128(SI), Z2
	VMOVUPS 192(SI), Z3
	VMOVUPS Z0, (DI)
	VMOVUPS Z1, 64(DI)
	VMOVUPS Z2, 128(DI)
	VMOVUPS Z3, 192(DI)
	ADDQ $256, SI
	ADDQ $256, DI
	DECQ AX
	JNZ  loop
	VZEROUPPER
	RET
