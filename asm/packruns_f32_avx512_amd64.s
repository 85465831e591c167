//go:build !noasm

#include "textflag.h"
#include "vectors_avx512_amd64.h"
#include "packruns_amd64.h"

// Panels put together from runs. Need AVX512F.

// copyTapsF32AVX512 is that of packruns_amd64.h.

// func copyTapsF32AVX512(taps int, dst, src *float32, tap *int, width int, runs *Run, n, from int) (to int)
TEXT ·copyTapsF32AVX512(SB), NOSPLIT, $0-72
	COPYTAPS

// packRunsF32AVX512 fills 16 columns.
//
//	K1  a run's mask, which leaves the rest as it is

#define LOADRUN(AT) \
	KMOVW   8(CX), K1 \
	VMOVUPS AT, K1, Z0

// func packRunsF32AVX512(taps int, dst, src *float32, tap *int, width int, runs *run512, n int)
TEXT ·packRunsF32AVX512(SB), NOSPLIT, $0-56
	PACKRUNS(16, LOADRUN)
