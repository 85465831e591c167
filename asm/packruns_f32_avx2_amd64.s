//go:build !noasm

#include "textflag.h"
#include "vectors_avx2_amd64.h"
#include "packruns_amd64.h"

// Panels put together from runs. Need AVX2.

// copyTapsF32AVX2 is that of packruns_amd64.h.

// func copyTapsF32AVX2(taps int, dst, src *float32, tap *int, width int, runs *Run, n, from int) (to int)
TEXT ·copyTapsF32AVX2(SB), NOSPLIT, $0-72
	COPYTAPS

// packRunsF32AVX2 fills 8 columns.
//
//	Y1  a run's mask, Y2 its elements

#define LOADRUN(AT) \
	VMOVUPS    8(CX), Y1  \
	VMASKMOVPS AT, Y1, Y2 \
	VORPS      Y2, Y0, Y0

// func packRunsF32AVX2(taps int, dst, src *float32, tap *int, width int, runs *run256, n int)
TEXT ·packRunsF32AVX2(SB), NOSPLIT, $0-56
	PACKRUNS(40, LOADRUN)
