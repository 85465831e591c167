//go:build !noasm

#include "textflag.h"

// func Pause()
TEXT ·Pause(SB), NOSPLIT, $0-0
	YIELD
	RET

// func Fence()
TEXT ·Fence(SB), NOSPLIT, $0-0
	RET // no kernel stores past the caches

// func prefetch(p uintptr, pairs, stride, count int)
TEXT ·prefetch(SB), NOSPLIT, $0-32
	MOVD p+0(FP), R0
	MOVD pairs+8(FP), R1
	MOVD stride+16(FP), R2
	MOVD count+24(FP), R3

row:
	MOVD R0, R4
	MOVD R1, R5

pair:
	ADD  $64, R4, R6
	PRFM (R4), PLDL2KEEP
	PRFM (R6), PLDL2KEEP
	ADD  $128, R4, R4
	SUBS $1, R5, R5
	BNE  pair
	ADD  R2, R0, R0
	SUBS $1, R3, R3
	BNE  row
	RET
