//go:build !noasm

#include "textflag.h"

// Sums of batch normalisation of vectors, a few rows of the batch a call and 16 columns at
// a time, AVX-512 path. Needs AVX512F. Every column has its own m, a, b, mean and sums. See
// normcols_amd64.h for the other registers.
//
//	K2, K3      a comparison; where there is no ReLU all ones, else 0
//	Z0 to Z3    at work
//	Z4, Z5      the shift
//	Z16 to Z20  m, a, b, mean
//	Z24 to Z27  s, q
//	Z28         0

#define WIDTH 64

#include "normcols_amd64.h"

// NORELU sets K3 from relu in R8.
#define NORELU \
	DECL   R8            \
	KMOVW  R8, K3        \
	VPXORD Z28, Z28, Z28

// COLUMNS loads m, a and b.
#define COLUMNS \
	VMOVUPS (R9)(AX*1), Z16  \
	VMOVUPS (R10)(AX*1), Z17 \
	VMOVUPS (R11)(AX*1), Z18

// CENTRE leaves x - m in Z0 and sets K2 where fma(Z0, a, b) > 0, or everywhere
// without ReLU; the fma is in Z1.
#define CENTRE \
	VMOVUPS     (SI)(BX*1), Z0     \
	VSUBPS      Z16, Z0, Z0        \
	VMOVAPS     Z18, Z1            \
	VFMADD231PS Z17, Z0, Z1        \
	VCMPPS      $0x1e, Z28, Z1, K2 \
	KORW        K3, K2, K2

// FETCH asks for as much as a block of four rows is: T1 for the second-level cache.
#define FETCH(P, HINT) \
	HINT (P)(R14*1) \
	HINT 64(P)(R14*1) \
	HINT 128(P)(R14*1) \
	HINT 192(P)(R14*1)

// LOADSUMS and STORESUMS go from memory to the sums' registers and back.
#define LOADSUMS \
	VMOVUPD (R12)(AX*2), Z24   \
	VMOVUPD 64(R12)(AX*2), Z25 \
	VMOVUPD (R13)(AX*2), Z26   \
	VMOVUPD 64(R13)(AX*2), Z27

#define STORESUMS \
	VMOVUPD Z24, (R12)(AX*2)   \
	VMOVUPD Z25, 64(R12)(AX*2) \
	VMOVUPD Z26, (R13)(AX*2)   \
	VMOVUPD Z27, 64(R13)(AX*2)

#define SUMS \
	VCVTPS2PD   (SI)(BX*1), Z0   \
	VCVTPS2PD   32(SI)(BX*1), Z1 \
	VSUBPD      Z4, Z0, Z0       \
	VSUBPD      Z5, Z1, Z1       \
	VADDPD      Z0, Z24, Z24     \
	VADDPD      Z1, Z25, Z25     \
	VFMADD231PD Z0, Z0, Z26      \
	VFMADD231PD Z1, Z1, Z27

// func normRowsSumsF32AVX512(blocks, rows, stride, ahead, width, gap int, x, shift *float32, s, q *float64, near bool)
TEXT ·normRowsSumsF32AVX512(SB), NOSPLIT, $0-81
	MOVBLZX near+80(FP), R8
	MOVQ shift+56(FP), R9
	MOVQ s+64(FP), R12
	MOVQ q+72(FP), R13
	GROUP

block:
	VCVTPS2PD (R9)(AX*1), Z4
	VCVTPS2PD 32(R9)(AX*1), Z5
	LOADSUMS
	TESTL R8, R8
	JNE   near
	FETCH(SI, PREFETCHT1)
	JMP   add
near:
	FETCH(SI, PREFETCHT0)
add:
	ROWS(SUMS)
	STORESUMS
	BLOCKS

#define GRADSUMS \
	CENTRE                           \
	VMOVUPS.Z     (DX)(BX*1), K2, Z2 \
	VEXTRACTF64X4 $1, Z2, Y3         \
	VCVTPS2PD     Y2, Z2             \
	VCVTPS2PD     Y3, Z3             \
	VCVTPS2PD     (SI)(BX*1), Z0     \
	VCVTPS2PD     32(SI)(BX*1), Z1   \
	VSUBPD        Z19, Z0, Z0        \
	VSUBPD        Z20, Z1, Z1        \
	VADDPD        Z2, Z24, Z24       \
	VADDPD        Z3, Z25, Z25       \
	VFMADD231PD   Z2, Z0, Z26        \
	VFMADD231PD   Z3, Z1, Z27

// func normRowsGradSumsF32AVX512(blocks, rows, stride, ahead, width, gap int, x, dy, m, a, b *float32, mean, s, q *float64, relu bool)
TEXT ·normRowsGradSumsF32AVX512(SB), NOSPLIT, $0-113
	MOVQ    dy+56(FP), DX
	MOVQ    m+64(FP), R9
	MOVQ    a+72(FP), R10
	MOVQ    b+80(FP), R11
	MOVBLZX relu+112(FP), R8
	NORELU
	MOVQ    mean+88(FP), R8
	MOVQ    s+96(FP), R12
	MOVQ    q+104(FP), R13
	GROUP

block:
	COLUMNS
	VMOVUPD (R8)(AX*2), Z19
	VMOVUPD 64(R8)(AX*2), Z20
	LOADSUMS
	FETCH(SI, PREFETCHT1)
	FETCH(DX, PREFETCHT1)
	ROWS(GRADSUMS)
	STORESUMS
	BLOCKS
