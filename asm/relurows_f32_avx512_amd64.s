//go:build !noasm

#include "textflag.h"
#include "tail_amd64.h"

// reluGradRowsF32AVX512 is that of relurows_amd64.h. Needs AVX512F.
//
//	Z31 0; Z0, Z1 values; K2 y > 0, false for NaN; K1 the mask of the rest

#define WIDTH 16
#define V Z0
#define GRADIENT \
	VMOVUPS   (DX)(AX*4), Z0     \
	VCMPPS    $0x1e, Z31, Z0, K2 \
	VMOVUPS.Z (SI)(AX*4), K2, Z0
#define REST \
	TAILMASK512                   \
	VMOVUPS.Z (DX)(AX*4), K1, Z0  \
	VCMPPS    $0x1e, Z31, Z0, K2  \
	VMOVUPS.Z (SI)(AX*4), K1, Z1  \
	VMOVAPS.Z Z1, K2, Z1          \
	VMOVUPS   Z1, K1, (DI)(AX*4)

#include "relurows_amd64.h"

// func reluGradRowsF32AVX512(rows int, dx *float32, ldx int, dy, y *float32, ld, width int)
TEXT ·reluGradRowsF32AVX512(SB), NOSPLIT, $0-56
	VPXORD Z31, Z31, Z31
	RELUROWS
