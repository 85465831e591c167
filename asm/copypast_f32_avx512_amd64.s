//go:build !noasm

#include "textflag.h"

// copyPastF32AVX512 is that of copypast_amd64.h. Needs AVX512F.

#define V     Z0
#define WIDTH 16

#include "copypast_amd64.h"

// func copyPastF32AVX512(dst, src []float32)
TEXT ·copyPastF32AVX512(SB), NOSPLIT, $0-48
	COPYPAST
