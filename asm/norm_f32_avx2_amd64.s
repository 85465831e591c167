//go:build !noasm

#include "textflag.h"
#include "tail_amd64.h"

// Batch normalisation of one channel, AVX2 path. Needs AVX2 and FMA3. A channel is
// runs of width elements, stride apart; a run is whole blocks of 16 elements, for
// lanes 0 to 15, and a rest under the masks Y14 and Y15:
//
//	for runs { for R9 blocks { ... }; if R10 > 0 { the rest }; next run }
//
//	R9, R10 blocks and rest of a run; CX blocks left
//	R11     bytes from run to run; R12 runs left; AX bytes within the run
//	SI, DX  x, dy; DI y or dx, or the lanes of the sums; BX those of the second, or see PAST
//	R13     bytes to what comes to the second-level cache meanwhile; R8 AX and they
//	Y14, Y15 the rest, elements 0 to 7 and 8 to 15
//	Y13     all ones where there is no ReLU, else 0

// RUNS sets R9 to R13, Y14 and Y15 from width in R9, stride in R11 and, in R13, ahead.
#define RUNS \
	MOVQ    R9, R10           \
	ANDQ    $15, R10          \
	LEAQ    ·tailMask(SB), R8 \
	MOVQ    R10, CX           \
	SHLQ    $2, CX            \
	SUBQ    CX, R8            \
	VMOVDQU 64(R8), Y14       \
	VMOVDQU 96(R8), Y15       \
	SHRQ    $4, R9            \
	SHLQ    $2, R11           \
	SHLQ    $2, R13

// PAST sets BX from past in BX: the address of a run that may be stored past the caches has
// no bit of it.
#define PAST \
	DECQ BX      \
	ORQ  $63, BX

// NORELU sets Y13 from relu in AX.
#define NORELU \
	DECL         AX       \
	VMOVD        AX, X13  \
	VPBROADCASTD X13, Y13

// HALVES leaves elements 0 to 3 of the float32s in F in Y8, 4 to 7 in Y9.
#define HALVES(F, FX) \
	VEXTRACTF128 $1, F, X9 \
	VCVTPS2PD    FX, Y8    \
	VCVTPS2PD    X9, Y9

// func normSumsF32AVX2(x []float32, runs, stride, width int, shift float32, s, q *[16]float64, ahead int)
TEXT ·normSumsF32AVX2(SB), NOSPLIT, $0-80
	MOVQ         x_base+0(FP), SI
	MOVQ         runs+24(FP), R12
	MOVQ         stride+32(FP), R11
	MOVQ         width+40(FP), R9
	MOVQ         s+56(FP), DI
	MOVQ         q+64(FP), BX
	MOVQ         ahead+72(FP), R13
	RUNS
	VBROADCASTSS shift+48(FP), X12
	VCVTPS2PD    X12, Y12
	VMOVUPD      (DI), Y0
	VMOVUPD      32(DI), Y1
	VMOVUPD      64(DI), Y2
	VMOVUPD      96(DI), Y3
	VMOVUPD      (BX), Y4
	VMOVUPD      32(BX), Y5
	VMOVUPD      64(BX), Y6
	VMOVUPD      96(BX), Y7

run:
	XORQ  AX, AX
	MOVQ  R13, R8
	MOVQ  R9, CX
	TESTQ CX, CX
	JEQ   rest

block:
	PREFETCHT1  (SI)(R8*1)
	VCVTPS2PD   (SI)(AX*1), Y8
	VCVTPS2PD   16(SI)(AX*1), Y9
	VSUBPD      Y12, Y8, Y8
	VSUBPD      Y12, Y9, Y9
	VADDPD      Y8, Y0, Y0
	VADDPD      Y9, Y1, Y1
	VFMADD231PD Y8, Y8, Y4
	VFMADD231PD Y9, Y9, Y5
	VCVTPS2PD   32(SI)(AX*1), Y8
	VCVTPS2PD   48(SI)(AX*1), Y9
	VSUBPD      Y12, Y8, Y8
	VSUBPD      Y12, Y9, Y9
	VADDPD      Y8, Y2, Y2
	VADDPD      Y9, Y3, Y3
	VFMADD231PD Y8, Y8, Y6
	VFMADD231PD Y9, Y9, Y7
	ADDQ        $64, AX
	ADDQ        $64, R8
	DECQ        CX
	JNZ         block

rest:
	TESTQ        R10, R10
	JEQ          next
	VMASKMOVPS   (SI)(AX*1), Y14, Y10
	HALVES(Y10, X10)
	VSUBPD       Y12, Y8, Y8
	VSUBPD       Y12, Y9, Y9
	VPMOVSXDQ    X14, Y10               // the mask for float64s: d is +0 beyond the run
	VANDPD       Y10, Y8, Y8
	VEXTRACTI128 $1, Y14, X10
	VPMOVSXDQ    X10, Y10
	VANDPD       Y10, Y9, Y9
	VADDPD       Y8, Y0, Y0
	VADDPD       Y9, Y1, Y1
	VFMADD231PD  Y8, Y8, Y4
	VFMADD231PD  Y9, Y9, Y5
	VMASKMOVPS   32(SI)(AX*1), Y15, Y10
	HALVES(Y10, X10)
	VSUBPD       Y12, Y8, Y8
	VSUBPD       Y12, Y9, Y9
	VPMOVSXDQ    X15, Y10               // the mask for float64s: d is +0 beyond the run
	VANDPD       Y10, Y8, Y8
	VEXTRACTI128 $1, Y15, X10
	VPMOVSXDQ    X10, Y10
	VANDPD       Y10, Y9, Y9
	VADDPD       Y8, Y2, Y2
	VADDPD       Y9, Y3, Y3
	VFMADD231PD  Y8, Y8, Y6
	VFMADD231PD  Y9, Y9, Y7

next:
	ADDQ    R11, SI
	DECQ    R12
	JNZ     run
	VMOVUPD Y0, (DI)
	VMOVUPD Y1, 32(DI)
	VMOVUPD Y2, 64(DI)
	VMOVUPD Y3, 96(DI)
	VMOVUPD Y4, (BX)
	VMOVUPD Y5, 32(BX)
	VMOVUPD Y6, 64(BX)
	VMOVUPD Y7, 96(BX)
	VZEROUPPER
	RET

// APPLY leaves y of the x in Y0 in Y1.
#define APPLY \
	VSUBPS      Y12, Y0, Y0       \
	VMOVAPS     Y10, Y1           \
	VFMADD231PS Y0, Y11, Y1       \
	VCMPPS      $0x1e, Y9, Y1, Y2 \
	VORPS       Y13, Y2, Y2       \
	VANDPS      Y2, Y1, Y1

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
	VMOVUPS    (SI)(AX*1), Y0
	APPLY
	VMOVUPS    Y1, (DI)(AX*1)
	VMOVUPS    32(SI)(AX*1), Y0
	APPLY
	VMOVUPS    Y1, 32(DI)(AX*1)
	ADDQ       $64, AX
	ADDQ       $64, R8
	DECQ       CX
	JNZ        block

	JMP        rest

past:
	PREFETCHT1 (SI)(R8*1)
	VMOVUPS    (SI)(AX*1), Y0
	APPLY
	VMOVNTPS   Y1, (DI)(AX*1)
	VMOVUPS    32(SI)(AX*1), Y0
	APPLY
	VMOVNTPS   Y1, 32(DI)(AX*1)
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

// func normGradSumsF32AVX2(x, dy []float32, runs, stride, width int, mean float64, m, a, b float32, relu bool, s, q *[16]float64, ahead int)
TEXT ·normGradSumsF32AVX2(SB), NOSPLIT, $0-120
	MOVQ    x_base+0(FP), SI
	MOVQ    runs+48(FP), R12
	MOVQ    stride+56(FP), R11
	MOVQ    width+64(FP), R9
	MOVQ    ahead+112(FP), R13
	RUNS
	MOVQ    dy_base+24(FP), DX
	MOVQ    s+96(FP), DI
	MOVQ    q+104(FP), BX
	MOVBLZX relu+92(FP), AX
	NORELU
	VMOVUPD (DI), Y0
	VMOVUPD 32(DI), Y1
	VMOVUPD 64(DI), Y2
	VMOVUPD 96(DI), Y3
	VMOVUPD (BX), Y4
	VMOVUPD 32(BX), Y5
	VMOVUPD 64(BX), Y6
	VMOVUPD 96(BX), Y7

run:
	XORQ  AX, AX
	MOVQ  R13, R8
	MOVQ  R9, CX
	TESTQ CX, CX
	JEQ   rest

block:
	PREFETCHT1   (SI)(R8*1)
	PREFETCHT1   (DX)(R8*1)
	VMOVUPS      (SI)(AX*1), Y10
	VMOVUPS      (DX)(AX*1), Y11
	VBROADCASTSS m+80(FP), Y8
	VBROADCASTSS a+84(FP), Y12
	VBROADCASTSS b+88(FP), Y9
	VSUBPS       Y8, Y10, Y8       // x - m
	VFMADD231PS  Y8, Y12, Y9
	VXORPS       Y8, Y8, Y8
	VCMPPS       $0x1e, Y8, Y9, Y9
	VORPS        Y13, Y9, Y9
	VANDPS       Y9, Y11, Y11      // g
	VBROADCASTSD mean+72(FP), Y12
	HALVES(Y10, X10)
	VSUBPD       Y12, Y8, Y8       // x - mean
	VSUBPD       Y12, Y9, Y9
	VEXTRACTF128 $1, Y11, X12
	VCVTPS2PD    X11, Y11
	VCVTPS2PD    X12, Y12
	VADDPD       Y11, Y0, Y0
	VADDPD       Y12, Y1, Y1
	VFMADD231PD  Y11, Y8, Y4
	VFMADD231PD  Y12, Y9, Y5
	VMOVUPS      32(SI)(AX*1), Y10
	VMOVUPS      32(DX)(AX*1), Y11
	VBROADCASTSS m+80(FP), Y8
	VBROADCASTSS a+84(FP), Y12
	VBROADCASTSS b+88(FP), Y9
	VSUBPS       Y8, Y10, Y8       // x - m
	VFMADD231PS  Y8, Y12, Y9
	VXORPS       Y8, Y8, Y8
	VCMPPS       $0x1e, Y8, Y9, Y9
	VORPS        Y13, Y9, Y9
	VANDPS       Y9, Y11, Y11      // g
	VBROADCASTSD mean+72(FP), Y12
	HALVES(Y10, X10)
	VSUBPD       Y12, Y8, Y8       // x - mean
	VSUBPD       Y12, Y9, Y9
	VEXTRACTF128 $1, Y11, X12
	VCVTPS2PD    X11, Y11
	VCVTPS2PD    X12, Y12
	VADDPD       Y11, Y2, Y2
	VADDPD       Y12, Y3, Y3
	VFMADD231PD  Y11, Y8, Y6
	VFMADD231PD  Y12, Y9, Y7
	ADDQ         $64, AX
	ADDQ         $64, R8
	DECQ         CX
	JNZ          block

rest:
	TESTQ        R10, R10
	JEQ          next
	VMASKMOVPS   (SI)(AX*1), Y14, Y10
	VMASKMOVPS   (DX)(AX*1), Y14, Y11
	VBROADCASTSS m+80(FP), Y8
	VBROADCASTSS a+84(FP), Y12
	VBROADCASTSS b+88(FP), Y9
	VSUBPS       Y8, Y10, Y8            // x - m
	VFMADD231PS  Y8, Y12, Y9
	VXORPS       Y8, Y8, Y8
	VCMPPS       $0x1e, Y8, Y9, Y9
	VORPS        Y13, Y9, Y9
	VANDPS       Y9, Y11, Y11           // g
	VBROADCASTSD mean+72(FP), Y12
	HALVES(Y10, X10)
	VSUBPD       Y12, Y8, Y8            // x - mean
	VSUBPD       Y12, Y9, Y9
	VPMOVSXDQ    X14, Y12               // the mask for float64s: +0 beyond the run
	VANDPD       Y12, Y8, Y8
	VEXTRACTI128 $1, Y14, X12
	VPMOVSXDQ    X12, Y12
	VANDPD       Y12, Y9, Y9
	VEXTRACTF128 $1, Y11, X12
	VCVTPS2PD    X11, Y11
	VCVTPS2PD    X12, Y12
	VADDPD       Y11, Y0, Y0
	VADDPD       Y12, Y1, Y1
	VFMADD231PD  Y11, Y8, Y4
	VFMADD231PD  Y12, Y9, Y5
	VMASKMOVPS   32(SI)(AX*1), Y15, Y10
	VMASKMOVPS   32(DX)(AX*1), Y15, Y11
	VBROADCASTSS m+80(FP), Y8
	VBROADCASTSS a+84(FP), Y12
	VBROADCASTSS b+88(FP), Y9
	VSUBPS       Y8, Y10, Y8            // x - m
	VFMADD231PS  Y8, Y12, Y9
	VXORPS       Y8, Y8, Y8
	VCMPPS       $0x1e, Y8, Y9, Y9
	VORPS        Y13, Y9, Y9
	VANDPS       Y9, Y11, Y11           // g
	VBROADCASTSD mean+72(FP), Y12
	HALVES(Y10, X10)
	VSUBPD       Y12, Y8, Y8            // x - mean
	VSUBPD       Y12, Y9, Y9
	VPMOVSXDQ    X15, Y12               // the mask for float64s: +0 beyond the run
	VANDPD       Y12, Y8, Y8
	VEXTRACTI128 $1, Y15, X12
	VPMOVSXDQ    X12, Y12
	VANDPD       Y12, Y9, Y9
	VEXTRACTF128 $1, Y11, X12
	VCVTPS2PD    X11, Y11
	VCVTPS2PD    X12, Y12
	VADDPD       Y11, Y2, Y2
	VADDPD       Y12, Y3, Y3
	VFMADD231PD  Y11, Y8, Y6
	VFMADD231PD  Y12, Y9, Y7

next:
	ADDQ    R11, SI
	ADDQ    R11, DX
	DECQ    R12
	JNZ     run
	VMOVUPD Y0, (DI)
	VMOVUPD Y1, 32(DI)
	VMOVUPD Y2, 64(DI)
	VMOVUPD Y3, 96(DI)
	VMOVUPD Y4, (BX)
	VMOVUPD Y5, 32(BX)
	VMOVUPD Y6, 64(BX)
	VMOVUPD Y7, 96(BX)
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
	VMOVUPS    (SI)(AX*1), Y0
	VMOVUPS    (DX)(AX*1), Y2
	GRAD
	VMOVUPS    Y0, (DI)(AX*1)
	VMOVUPS    32(SI)(AX*1), Y0
	VMOVUPS    32(DX)(AX*1), Y2
	GRAD
	VMOVUPS    Y0, 32(DI)(AX*1)
	ADDQ       $64, AX
	ADDQ       $64, R8
	DECQ       CX
	JNZ        block

	JMP        rest

past:
	PREFETCHT1 (SI)(R8*1)
	PREFETCHT1 (DX)(R8*1)
	VMOVUPS    (SI)(AX*1), Y0
	VMOVUPS    (DX)(AX*1), Y2
	GRAD
	VMOVNTPS   Y0, (DI)(AX*1)
	VMOVUPS    32(SI)(AX*1), Y0
	VMOVUPS    32(DX)(AX*1), Y2
	GRAD
	VMOVNTPS   Y0, 32(DI)(AX*1)
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
