//go:build !noasm

#include "textflag.h"

// copyPastF32AVX2 is that of copypast_amd64.h. Needs AVX.

#define V     Y0
#define WIDTH 8

#include "copypast_amd64.h"

// func copyPastF32AVX2(dst, src []float32)
TEXT ·copyPastF32AVX2(SB), NOSPLIT, $0-48
	COPYPAST
