//go:build !noasm

#include "textflag.h"
#include "norm_avx2_amd64.h"
#include "vectors_avx2_amd64.h"
#include "norm_amd64.h"

// Batch normalisation of one channel and its gradient; norm_avx2_amd64.h has the registers.

#define CM Y12
#define CA Y11
#define CB Y10
#define CC Y9
#define CD Y8
#define C0 Y7

// APPLY leaves y of the x in Y0 in Y1.
#define APPLY \
	VSUBPS      Y12, Y0, Y0       \
	VMOVAPS     Y10, Y1           \
	VFMADD231PS Y0, Y11, Y1       \
	VCMPPS      $0x1e, Y7, Y1, Y2 \
	VORPS       Y13, Y2, Y2       \
	VANDPS      Y2, Y1, Y1

// APPLYBLOCK is a whole block, stored by PUT.
#define APPLYBLOCK(PUT) \
	VMOVUPS (SI)(AX*1), Y0       \
	APPLY                        \
	PUT Y1, (DI)(AX*1)           \
	VMOVUPS 32(SI)(AX*1), Y0     \
	APPLY                        \
	PUT Y1, 32(DI)(AX*1)

#define APPLYREST \
	VMASKMOVPS (SI)(AX*1), Y14, Y0   \
	APPLY                            \
	VMASKMOVPS Y1, Y14, (DI)(AX*1)   \
	CMPQ       R10, $8               \
	JLE        next                  \
	VMASKMOVPS 32(SI)(AX*1), Y15, Y0 \
	APPLY                            \
	VMASKMOVPS Y1, Y15, 32(DI)(AX*1)

// func normApplyF32AVX2(y, x []float32, runs, stride, width int, m, a, b float32, relu, past bool, ahead int)
TEXT ·normApplyF32AVX2(SB), NOSPLIT, $0-96
	NORMAPPLY

// GRAD leaves dx of the x in Y0 and the dy in Y2, which becomes g, in Y0.
#define GRAD \
	VSUBPS      Y12, Y0, Y0       \
	VMOVAPS     Y10, Y1           \
	VFMADD231PS Y0, Y11, Y1       \
	VCMPPS      $0x1e, Y7, Y1, Y1 \
	VORPS       Y13, Y1, Y1       \
	VANDPS      Y1, Y2, Y2        \
	VFMADD213PS Y8, Y9, Y0        \
	VFMADD231PS Y2, Y11, Y0

// GRADBLOCK is a whole block, stored by PUT.
#define GRADBLOCK(PUT) \
	VMOVUPS (SI)(AX*1), Y0       \
	VMOVUPS (DX)(AX*1), Y2       \
	GRAD                         \
	PUT Y0, (DI)(AX*1)           \
	VMOVUPS 32(SI)(AX*1), Y0     \
	VMOVUPS 32(DX)(AX*1), Y2     \
	GRAD                         \
	PUT Y0, 32(DI)(AX*1)

#define GRADREST \
	VMASKMOVPS (SI)(AX*1), Y14, Y0   \
	VMASKMOVPS (DX)(AX*1), Y14, Y2   \
	GRAD                             \
	VMASKMOVPS Y0, Y14, (DI)(AX*1)   \
	CMPQ       R10, $8               \
	JLE        next                  \
	VMASKMOVPS 32(SI)(AX*1), Y15, Y0 \
	VMASKMOVPS 32(DX)(AX*1), Y15, Y2 \
	GRAD                             \
	VMASKMOVPS Y0, Y15, 32(DI)(AX*1)

// func normGradF32AVX2(dx, x, dy []float32, runs, stride, width int, m, a, b, c, d float32, relu, past bool, ahead int)
TEXT ·normGradF32AVX2(SB), NOSPLIT, $0-128
	NORMGRAD
