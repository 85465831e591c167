//go:build !noasm

#include "textflag.h"
#include "vectors_avx2_amd64.h"
#include "packruns_amd64.h"

// Panels put together from runs. Need AVX2.

// copyTapsF32AVX2 is that of packruns_amd64.h.

// func copyTapsF32AVX2(taps int, dst, src *float32, tap *int, width int, runs *Run, n, from int) (to int)
TEXT ·copyTapsF32AVX2(SB), NOSPLIT, $0-72
	COPYTAPS

// packRunsF32AVX2 fills 8 columns of a panel, each step from a few runs of
// neighbours: a run is loaded to where it belongs in the register, zeros elsewhere.
//
//	AX  taps, counted down (at least 1); DX  the tap's offset; DI panel, R11 width in bytes
//	SI  source; R8  source and tap; R9  the runs, R10 one behind the last; CX a run
//	Y1  its mask, Y2 its elements
//
//	for t: for j < 8: dst[t*width+j] = src[tap[t]+at[j]] or 0, at being what the runs say

// func packRunsF32AVX2(taps int, dst, src *float32, tap *int, width int, runs *run256, n int)
TEXT ·packRunsF32AVX2(SB), NOSPLIT, $0-56
	MOVQ  taps+0(FP), AX
	MOVQ  dst+8(FP), DI
	MOVQ  src+16(FP), SI
	MOVQ  tap+24(FP), DX
	MOVQ  width+32(FP), R11
	SHLQ  $2, R11
	MOVQ  runs+40(FP), R9
	MOVQ  n+48(FP), R10
	IMULQ $40, R10
	ADDQ  R9, R10

tap:
	MOVQ   (DX), R8
	LEAQ   (SI)(R8*4), R8
	MOVQ   R9, CX
	VXORPS Y0, Y0, Y0
	CMPQ   CX, R10
	JEQ    filled

piece:
	MOVQ       (CX), R12
	VMOVUPS    8(CX), Y1
	VMASKMOVPS (R8)(R12*4), Y1, Y2
	VORPS      Y2, Y0, Y0
	ADDQ       $40, CX
	CMPQ       CX, R10
	JNE        piece

filled:
	VMOVUPS Y0, (DI)
	ADDQ    R11, DI
	ADDQ    $8, DX
	DECQ    AX
	JNZ     tap
	VZEROUPPER
	RET
