//go:build !noasm

#include "textflag.h"
#include "norm_avx2_amd64.h"

// Batch normalisation of one channel and its gradient; norm_avx2_amd64.h has the registers.

// PAST sets BX from past in BX: the address of a run that may be stored past the caches has
// no bit of it.
#define PAST \
	DECQ BX      \
	ORQ  $63, BX

// APPLY leaves y of the x in Y0 in Y1.
#define APPLY \
	VSUBPS      Y12, Y0, Y0       \
	VMOVAPS     Y10, Y1           \
	VFMADD231PS Y0, Y11, Y1       \
	VCMPPS      $0x1e, Y9, Y1, Y2 \
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

// func normApplyF32AVX2(y, x []float32, runs, stride, width int, m, a, b float32, relu, past bool, ahead int)
TEXT ·normApplyF32AVX2(SB), NOSPLIT, $0-96
	MOVQ         y_base+0(FP), DI
	MOVQ         x_base+24(FP), SI
	MOVQ         runs+48(FP), R12
	MOVQ         stride+56(FP), R11
	MOVQ         width+64(FP), R9
	MOVQ         ahead+88(FP), R13
	RUNS
	MOVBLZX      relu+84(FP), AX
	NORELU
	MOVBLZX      past+85(FP), BX
	PAST
	VBROADCASTSS m+72(FP), Y12
	VBROADCASTSS a+76(FP), Y11
	VBROADCASTSS b+80(FP), Y10
	VXORPS       Y9, Y9, Y9

run:
	XORQ  AX, AX
	MOVQ  R13, R8
	MOVQ  R9, CX
	TESTQ CX, CX
	JEQ   rest
	TESTQ BX, DI
	JEQ   past

block:
	PREFETCHT1 (SI)(R8*1)
	PREFETCHT1 (DI)(R8*1)
	APPLYBLOCK(VMOVUPS)
	ADDQ       $64, AX
	ADDQ       $64, R8
	DECQ       CX
	JNZ        block
	JMP        rest

past:
	PREFETCHT1 (SI)(R8*1)
	APPLYBLOCK(VMOVNTPS)
	ADDQ       $64, AX
	ADDQ       $64, R8
	DECQ       CX
	JNZ        past

rest:
	TESTQ      R10, R10
	JEQ        next
	VMASKMOVPS (SI)(AX*1), Y14, Y0
	APPLY
	VMASKMOVPS Y1, Y14, (DI)(AX*1)
	VMASKMOVPS 32(SI)(AX*1), Y15, Y0
	APPLY
	VMASKMOVPS Y1, Y15, 32(DI)(AX*1)

next:
	ADDQ R11, SI
	ADDQ R11, DI
	DECQ R12
	JNZ  run
	VZEROUPPER
	RET

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

// func normGradF32AVX2(dx, x, dy []float32, runs, stride, width int, m, a, b, c, d float32, relu, past bool, ahead int)
TEXT ·normGradF32AVX2(SB), NOSPLIT, $0-128
	MOVQ         dx_base+0(FP), DI
	MOVQ         x_base+24(FP), SI
	MOVQ         runs+72(FP), R12
	MOVQ         stride+80(FP), R11
	MOVQ         width+88(FP), R9
	MOVQ         ahead+120(FP), R13
	RUNS
	MOVQ         dy_base+48(FP), DX
	MOVBLZX      relu+116(FP), AX
	NORELU
	MOVBLZX      past+117(FP), BX
	PAST
	VBROADCASTSS m+96(FP), Y12
	VBROADCASTSS a+100(FP), Y11
	VBROADCASTSS b+104(FP), Y10
	VBROADCASTSS c+108(FP), Y9
	VBROADCASTSS d+112(FP), Y8
	VXORPS       Y7, Y7, Y7

run:
	XORQ  AX, AX
	MOVQ  R13, R8
	MOVQ  R9, CX
	TESTQ CX, CX
	JEQ   rest
	TESTQ BX, DI
	JEQ   past

block:
	PREFETCHT1 (SI)(R8*1)
	PREFETCHT1 (DX)(R8*1)
	PREFETCHT1 (DI)(R8*1)
	GRADBLOCK(VMOVUPS)
	ADDQ       $64, AX
	ADDQ       $64, R8
	DECQ       CX
	JNZ        block
	JMP        rest

past:
	PREFETCHT1 (SI)(R8*1)
	PREFETCHT1 (DX)(R8*1)
	GRADBLOCK(VMOVNTPS)
	ADDQ       $64, AX
	ADDQ       $64, R8
	DECQ       CX
	JNZ        past

rest:
	TESTQ      R10, R10
	JEQ        next
	VMASKMOVPS (SI)(AX*1), Y14, Y0
	VMASKMOVPS (DX)(AX*1), Y14, Y2
	GRAD
	VMASKMOVPS Y0, Y14, (DI)(AX*1)
	VMASKMOVPS 32(SI)(AX*1), Y15, Y0
	VMASKMOVPS 32(DX)(AX*1), Y15, Y2
	GRAD
	VMASKMOVPS Y0, Y15, 32(DI)(AX*1)

next:
	ADDQ R11, SI
	ADDQ R11, DX
	ADDQ R11, DI
	DECQ R12
	JNZ  run
	VZEROUPPER
	RET
