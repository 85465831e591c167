//go:build !noasm

#include "textflag.h"

// func Pause()
TEXT ·Pause(SB), NOSPLIT, $0-0
	PAUSE
	RET

// func Fence()
TEXT ·Fence(SB), NOSPLIT, $0-0
	SFENCE
	RET

// func prefetch(p uintptr, pairs, stride, count int)
TEXT ·prefetch(SB), NOSPLIT, $0-32
	MOVQ p+0(FP), DI
	MOVQ stride+16(FP), DX
	MOVQ count+24(FP), CX

row:
	MOVQ pairs+8(FP), AX
	MOVQ DI, SI

pair:
	PREFETCHT1 (SI)
	PREFETCHT1 64(SI)
	ADDQ       $128, SI
	DECQ       AX
	JNZ        pair
	ADDQ       DX, DI
	DECQ       CX
	JNZ        row
	RET
