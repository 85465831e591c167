//go:build !noasm

#include "textflag.h"

// func Pause()
TEXT ·Pause(SB), NOSPLIT, $0-0
	YIELD
	RET

// func prefetch(p unsafe.Pointer, lines int)
TEXT ·prefetch(SB), NOSPLIT, $0-16
	MOVD p+0(FP), R0
	MOVD lines+8(FP), R1

loop:
	PRFM (R0), PLDL2KEEP
	ADD  $64, R0, R0
	SUBS $1, R1, R1
	BNE  loop
	RET
