//go:build !noasm

#include "textflag.h"
#include "tail_amd64.h"

// reluGradRowsF32AVX2 is that of relurows_amd64.h. Needs AVX2.
//
//	Y15 0; Y0, Y1 values, Y0 first y > 0, false for NaN; Y11 the mask of the rest

#define WIDTH 8
#define V Y0
#define GRADIENT \
	VMOVUPS (DX)(AX*4), Y0     \
	VCMPPS  $0x1e, Y15, Y0, Y0 \
	VANDPS  (SI)(AX*4), Y0, Y0
#define REST \
	TAILMASK256(Y11)               \
	VMASKMOVPS (DX)(AX*4), Y11, Y0 \
	VCMPPS     $0x1e, Y15, Y0, Y0  \
	VMASKMOVPS (SI)(AX*4), Y11, Y1 \
	VANDPS     Y1, Y0, Y0          \
	VMASKMOVPS Y0, Y11, (DI)(AX*4)

#include "relurows_amd64.h"

// func reluGradRowsF32AVX2(rows int, dx *float32, ldx int, dy, y *float32, ld, width int)
TEXT ·reluGradRowsF32AVX2(SB), NOSPLIT, $0-56
	VXORPS Y15, Y15, Y15
	RELUROWS
