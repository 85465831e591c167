//go:build !noasm

#include "textflag.h"

// func Pause()
TEXT ·Pause(SB), NOSPLIT, $0-0
	PAUSE
	RET

// func prefetch(p unsafe.Pointer, lines int)
TEXT ·prefetch(SB), NOSPLIT, $0-16
	MOVQ p+0(FP), SI
	MOVQ lines+8(FP), AX

loop:
	PREFETCHT1 (SI)
	ADDQ       $64, SI
	DECQ       AX
	JNZ        loop
	RET
