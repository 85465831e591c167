//go:build !noasm

#include "textflag.h"
#include "norm_avx2_amd64.h"
#include "norm_amd64.h"

// Sums of batch normalisation of one channel; norm_avx2_amd64.h has the registers.

// HALVES leaves elements 0 to 3 of the float32s in F in Y8, 4 to 7 in Y9.
#define HALVES(F, FX) \
	VEXTRACTF128 $1, F, X9 \
	VCVTPS2PD    FX, Y8    \
	VCVTPS2PD    X9, Y9

// LOADSUMS and STORESUMS go from memory to the sums' registers and back.
#define LOADSUMS \
	VMOVUPD (DI), Y0      \
	VMOVUPD 32(DI), Y1    \
	VMOVUPD 64(DI), Y2    \
	VMOVUPD 96(DI), Y3    \
	VMOVUPD (BX), Y4      \
	VMOVUPD 32(BX), Y5    \
	VMOVUPD 64(BX), Y6    \
	VMOVUPD 96(BX), Y7

#define STORESUMS \
	VMOVUPD Y0, (DI)      \
	VMOVUPD Y1, 32(DI)    \
	VMOVUPD Y2, 64(DI)    \
	VMOVUPD Y3, 96(DI)    \
	VMOVUPD Y4, (BX)      \
	VMOVUPD Y5, 32(BX)    \
	VMOVUPD Y6, 64(BX)    \
	VMOVUPD Y7, 96(BX)

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
	VBROADCASTSD ·one64(SB), Y13
	LOADSUMS

run:
	XORQ  AX, AX
	MOVQ  R13, R8
	MOVQ  R9, CX
	TESTQ CX, CX
	JEQ   rest

block:
	UNLESSNEAR(ASKFARX, add)
	VCVTPS2PD   (SI)(AX*1), Y8
	VCVTPS2PD   16(SI)(AX*1), Y9
	VSUBPD      Y12, Y8, Y8
	VSUBPD      Y12, Y9, Y9
	VFMADD231PD Y13, Y8, Y0
	VFMADD231PD Y13, Y9, Y1
	VFMADD231PD Y8, Y8, Y4
	VFMADD231PD Y9, Y9, Y5
	VCVTPS2PD   32(SI)(AX*1), Y8
	VCVTPS2PD   48(SI)(AX*1), Y9
	VSUBPD      Y12, Y8, Y8
	VSUBPD      Y12, Y9, Y9
	VFMADD231PD Y13, Y8, Y2
	VFMADD231PD Y13, Y9, Y3
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
	CMPQ         R10, $8
	JLE          next
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
	STORESUMS
	VZEROUPPER
	RET

// HALFSUMS adds to the sums of the gradient what eight elements, I bytes on, are: g and g*(x - mean).
//
//	R14       m and a in all lanes, one behind the other
//	Y12       b
//	Y14, Y15  mean, 1; in the rest its masks, which are where RUNS has found them from R15
#define HALFSUMS(I, S0, S1, Q0, Q1) \
	VMOVUPS      I(SI)(AX*1), Y8        \
	VSUBPS       (R14), Y8, Y8          \
	VFMADD132PS  32(R14), Y12, Y8       \
	VXORPS       Y9, Y9, Y9             \
	VCMPPS       $0x1e, Y9, Y8, Y8      \
	VORPS        Y13, Y8, Y8            \
	VANDPS       I(DX)(AX*1), Y8, Y10   \
	VCVTPS2PD    I(SI)(AX*1), Y8        \
	VCVTPS2PD    (16+I)(SI)(AX*1), Y9   \
	VSUBPD       Y14, Y8, Y8            \
	VSUBPD       Y14, Y9, Y9            \
	VEXTRACTF128 $1, Y10, X11           \
	VCVTPS2PD    X10, Y10               \
	VCVTPS2PD    X11, Y11               \
	VFMADD231PD  Y15, Y10, S0           \
	VFMADD231PD  Y15, Y11, S1           \
	VFMADD231PD  Y10, Y8, Q0            \
	VFMADD231PD  Y11, Y9, Q1

// func normGradSumsF32AVX2(x, dy []float32, runs, stride, width int, mean float64, m, a, b float32, relu bool, s, q *[16]float64, ahead int)
TEXT ·normGradSumsF32AVX2(SB), NOSPLIT, $96-120
	MOVQ         x_base+0(FP), SI
	MOVQ         runs+48(FP), R12
	MOVQ         stride+56(FP), R11
	MOVQ         width+64(FP), R9
	MOVQ         ahead+112(FP), R13
	RUNS
	MOVQ         R8, R15
	MOVQ         dy_base+24(FP), DX
	MOVQ         s+96(FP), DI
	MOVQ         q+104(FP), BX
	MOVBLZX      relu+92(FP), AX
	NORELU
	LEAQ         vectors-65(SP), R14
	ANDQ         $-32, R14
	VBROADCASTSS m+80(FP), Y8
	VMOVUPS      Y8, (R14)
	VBROADCASTSS a+84(FP), Y8
	VMOVUPS      Y8, 32(R14)
	LOADSUMS

run:
	XORQ         AX, AX
	MOVQ         R13, R8
	VBROADCASTSS b+88(FP), Y12
	VBROADCASTSD mean+72(FP), Y14
	VBROADCASTSD ·one64(SB), Y15
	MOVQ         R9, CX
	TESTQ        CX, CX
	JEQ          rest

block:
	UNLESSNEAR(ASKSUMS, add)
	HALFSUMS(0, Y0, Y1, Y4, Y5)
	HALFSUMS(32, Y2, Y3, Y6, Y7)
	ADDQ $64, AX
	ADDQ $64, R8
	DECQ CX
	JNZ  block

rest:
	TESTQ        R10, R10
	JEQ          next
	VMOVDQU      128(R15), Y14
	VMOVDQU      160(R15), Y15
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
	CMPQ         R10, $8
	JLE          next
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
	STORESUMS
	VZEROUPPER
	RET
