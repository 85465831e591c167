//go:build !noasm

#include "textflag.h"
#include "tail_amd64.h"
#include "vectors_avx512_amd64.h"
#include "norm_amd64.h"

// Batch normalisation of one channel, AVX-512 path. Needs AVX512F. A channel is
// runs of width elements, stride apart; a run is whole blocks of 16 elements, for
// lanes 0 to 15, and a rest under the mask K1. Beside what norm_amd64.h uses:
//
//	DI, BX  the lanes of the sums, the first and the second
//	K1      the rest, K4 its elements 8 to 15
//	K2      a comparison; K3 all ones where there is no ReLU, else 0
//	Z24 to Z31 constants

#define CM Z31
#define CA Z30
#define CB Z29
#define C0 Z28
#define CC Z27
#define CD Z26

// RUNS sets R9 to R13, K1 and K4 from width in R9, stride in R11 and, in R13, ahead.
#define RUNS \
	MOVQ     R9, CX     \
	ANDQ     $15, CX    \
	MOVQ     CX, R10    \
	TAILMASK512         \
	KSHIFTRW $8, K1, K4 \
	SHRQ     $4, R9     \
	SHLQ     $2, R11    \
	SHLQ     $2, R13

// NORELU sets K3 from relu in AX.
#define NORELU \
	DECL  AX     \
	KMOVW AX, K3

// BEHIND sets K2 where fma(Z0, a, b) > 0, or everywhere without ReLU.
#define BEHIND \
	VMOVAPS     Z29, Z1            \
	VFMADD231PS Z0, Z30, Z1        \
	VCMPPS      $0x1e, Z28, Z1, K2 \
	KORW        K3, K2, K2

// func normSumsF32AVX512(x []float32, runs, stride, width int, shift float32, s, q *[16]float64, ahead int)
TEXT ·normSumsF32AVX512(SB), NOSPLIT, $0-80
	MOVQ         x_base+0(FP), SI
	MOVQ         runs+24(FP), R12
	MOVQ         stride+32(FP), R11
	MOVQ         width+40(FP), R9
	MOVQ         s+56(FP), DI
	MOVQ         q+64(FP), BX
	MOVQ         ahead+72(FP), R13
	RUNS
	VBROADCASTSS shift+48(FP), Y4
	VCVTPS2PD    Y4, Z31
	VMOVUPD      (DI), Z0           // lanes 0 to 7 of s
	VMOVUPD      64(DI), Z1         // 8 to 15
	VMOVUPD      (BX), Z2           // of q
	VMOVUPD      64(BX), Z3

run:
	XORQ  AX, AX
	MOVQ  R13, R8
	MOVQ  R9, CX
	TESTQ CX, CX
	JEQ   rest

block:
	UNLESSNEAR(ASKFARX, add)
	VCVTPS2PD   (SI)(AX*1), Z4
	VCVTPS2PD   32(SI)(AX*1), Z5
	VSUBPD      Z31, Z4, Z4      // d
	VSUBPD      Z31, Z5, Z5
	VADDPD      Z4, Z0, Z0
	VADDPD      Z5, Z1, Z1
	VFMADD231PD Z4, Z4, Z2
	VFMADD231PD Z5, Z5, Z3
	ADDQ        $64, AX
	ADDQ        $64, R8
	DECQ        CX
	JNZ         block

rest:
	TESTQ         R10, R10
	JEQ           next
	VMOVUPS.Z     (SI)(AX*1), K1, Z6
	VEXTRACTF64X4 $1, Z6, Y7
	VCVTPS2PD     Y6, Z4
	VCVTPS2PD     Y7, Z5
	VSUBPD        Z31, Z4, Z4
	VSUBPD        Z31, Z5, Z5
	VADDPD        Z4, Z0, K1, Z0     // lanes beyond the run stay as they are
	VADDPD        Z5, Z1, K4, Z1
	VFMADD231PD   Z4, Z4, K1, Z2
	VFMADD231PD   Z5, Z5, K4, Z3

next:
	ADDQ    R11, SI
	DECQ    R12
	JNZ     run
	VMOVUPD Z0, (DI)
	VMOVUPD Z1, 64(DI)
	VMOVUPD Z2, (BX)
	VMOVUPD Z3, 64(BX)
	VZEROUPPER
	RET

// APPLY leaves y of the x in Z0 in Z1.
#define APPLY \
	VSUBPS    Z31, Z0, Z0 \
	BEHIND                \
	VMOVAPS.Z Z1, K2, Z1

#define APPLYBLOCK(PUT) \
	VMOVUPS (SI)(AX*1), Z0 \
	APPLY                  \
	PUT Z1, (DI)(AX*1)

#define APPLYREST \
	VMOVUPS.Z (SI)(AX*1), K1, Z0 \
	APPLY                        \
	VMOVUPS   Z1, K1, (DI)(AX*1)

// func normApplyF32AVX512(y, x []float32, runs, stride, width int, m, a, b float32, relu, past bool, ahead int)
TEXT ·normApplyF32AVX512(SB), NOSPLIT, $0-96
	NORMAPPLY

// func normGradSumsF32AVX512(x, dy []float32, runs, stride, width int, mean float64, m, a, b float32, relu bool, s, q *[16]float64, ahead int)
TEXT ·normGradSumsF32AVX512(SB), NOSPLIT, $0-120
	MOVQ         x_base+0(FP), SI
	MOVQ         runs+48(FP), R12
	MOVQ         stride+56(FP), R11
	MOVQ         width+64(FP), R9
	MOVQ         ahead+112(FP), R13
	RUNS
	MOVQ         dy_base+24(FP), DX
	MOVQ         s+96(FP), DI
	MOVQ         q+104(FP), BX
	MOVBLZX      relu+92(FP), AX
	NORELU
	VBROADCASTSD mean+72(FP), Z27
	VBROADCASTSS m+80(FP), Z31
	VBROADCASTSS a+84(FP), Z30
	VBROADCASTSS b+88(FP), Z29
	VPXORD       Z28, Z28, Z28
	VMOVUPD      (DI), Z16          // lanes 0 to 7 of s
	VMOVUPD      64(DI), Z17        // 8 to 15
	VMOVUPD      (BX), Z18          // of q
	VMOVUPD      64(BX), Z19

run:
	XORQ  AX, AX
	MOVQ  R13, R8
	MOVQ  R9, CX
	TESTQ CX, CX
	JEQ   rest

block:
	UNLESSNEAR(ASKSUMS, add)
	VMOVUPS       (SI)(AX*1), Z4
	VMOVUPS       (DX)(AX*1), Z5
	VSUBPS        Z31, Z4, Z0
	BEHIND
	VMOVAPS.Z     Z5, K2, Z5     // g
	VEXTRACTF64X4 $1, Z4, Y6
	VEXTRACTF64X4 $1, Z5, Y7
	VCVTPS2PD     Y4, Z4
	VCVTPS2PD     Y6, Z6
	VCVTPS2PD     Y5, Z5
	VCVTPS2PD     Y7, Z7
	VSUBPD        Z27, Z4, Z4    // x - mean
	VSUBPD        Z27, Z6, Z6
	VADDPD        Z5, Z16, Z16
	VADDPD        Z7, Z17, Z17
	VFMADD231PD   Z5, Z4, Z18
	VFMADD231PD   Z7, Z6, Z19
	ADDQ          $64, AX
	ADDQ          $64, R8
	DECQ          CX
	JNZ           block

rest:
	TESTQ         R10, R10
	JEQ           next
	VMOVUPS.Z     (SI)(AX*1), K1, Z4
	VMOVUPS.Z     (DX)(AX*1), K1, Z5
	VSUBPS        Z31, Z4, Z0
	BEHIND
	VMOVAPS.Z     Z5, K2, Z5         // g
	VEXTRACTF64X4 $1, Z4, Y6
	VEXTRACTF64X4 $1, Z5, Y7
	VCVTPS2PD     Y4, Z4
	VCVTPS2PD     Y6, Z6
	VCVTPS2PD     Y5, Z5
	VCVTPS2PD     Y7, Z7
	VSUBPD        Z27, Z4, Z4        // x - mean
	VSUBPD        Z27, Z6, Z6
	VADDPD        Z5, Z16, K1, Z16
	VADDPD        Z7, Z17, K4, Z17
	VFMADD231PD   Z5, Z4, K1, Z18
	VFMADD231PD   Z7, Z6, K4, Z19

next:
	ADDQ    R11, SI
	ADDQ    R11, DX
	DECQ    R12
	JNZ     run
	VMOVUPD Z16, (DI)
	VMOVUPD Z17, 64(DI)
	VMOVUPD Z18, (BX)
	VMOVUPD Z19, 64(BX)
	VZEROUPPER
	RET

// GRAD leaves dx of the x in Z0 and the dy in Z2, which becomes g, in Z0.
#define GRAD \
	VSUBPS      Z31, Z0, Z0  \
	BEHIND                   \
	VMOVAPS.Z   Z2, K2, Z2   \
	VFMADD213PS Z26, Z27, Z0 \
	VFMADD231PS Z2, Z30, Z0

#define GRADBLOCK(PUT) \
	VMOVUPS (SI)(AX*1), Z0 \
	VMOVUPS (DX)(AX*1), Z2 \
	GRAD                   \
	PUT Z0, (DI)(AX*1)

#define GRADREST \
	VMOVUPS.Z (SI)(AX*1), K1, Z0 \
	VMOVUPS.Z (DX)(AX*1), K1, Z2 \
	GRAD                         \
	VMOVUPS   Z0, K1, (DI)(AX*1)

// func normGradF32AVX512(dx, x, dy []float32, runs, stride, width int, m, a, b, c, d float32, relu, past bool, ahead int)
TEXT ·normGradF32AVX512(SB), NOSPLIT, $0-128
	NORMGRAD
