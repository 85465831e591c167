//go:build !noasm

#include "textflag.h"

// Sums of batch normalisation of vectors, a few rows of the batch a call and 8 columns at
// a time, AVX2 path. Needs AVX2 and FMA3. Every column has its own m, a, b, mean and sums. See
// normcols_amd64.h for the other registers.
//
//	Y0 to Y3    at work
//	Y4 to Y7    s, q
//	Y8 to Y10   m, a, b
//	Y12, Y13    0; where there is no ReLU all ones, else 0
//	Y14, Y15    mean, or the shift

#define WIDTH 32

#include "normcols_amd64.h"

// NORELU sets Y13 from relu in R8.
#define NORELU \
	DECL         R8            \
	VMOVD        R8, X13       \
	VPBROADCASTD X13, Y13      \
	VXORPS       Y12, Y12, Y12

// COLUMNS loads m, a and b.
#define COLUMNS \
	VMOVUPS (R9)(AX*1), Y8   \
	VMOVUPS (R10)(AX*1), Y9  \
	VMOVUPS (R11)(AX*1), Y10

// CENTRE leaves x - m in Y0, and sets Y2 where fma(Y0, a, b) > 0, or everywhere
// without ReLU; the fma is in Y1.
#define CENTRE \
	VMOVUPS     (SI)(BX*1), Y0     \
	VSUBPS      Y8, Y0, Y0         \
	VMOVAPS     Y10, Y1            \
	VFMADD231PS Y9, Y0, Y1         \
	VCMPPS      $0x1e, Y12, Y1, Y2 \
	VORPS       Y13, Y2, Y2

// FETCH asks for as much as a block of four rows is: T1 for the second-level cache.
#define FETCH(P, HINT) \
	HINT (P)(R14*1) \
	HINT 64(P)(R14*1)

// LOADSUMS and STORESUMS go from memory to the sums' registers and back.
#define LOADSUMS \
	VMOVUPD (R12)(AX*2), Y4   \
	VMOVUPD 32(R12)(AX*2), Y5 \
	VMOVUPD (R13)(AX*2), Y6   \
	VMOVUPD 32(R13)(AX*2), Y7

#define STORESUMS \
	VMOVUPD Y4, (R12)(AX*2)   \
	VMOVUPD Y5, 32(R12)(AX*2) \
	VMOVUPD Y6, (R13)(AX*2)   \
	VMOVUPD Y7, 32(R13)(AX*2)

#define SUMS \
	VCVTPS2PD   (SI)(BX*1), Y0   \
	VCVTPS2PD   16(SI)(BX*1), Y1 \
	VSUBPD      Y14, Y0, Y0      \
	VSUBPD      Y15, Y1, Y1      \
	VADDPD      Y0, Y4, Y4       \
	VADDPD      Y1, Y5, Y5       \
	VFMADD231PD Y0, Y0, Y6       \
	VFMADD231PD Y1, Y1, Y7

// func normRowsSumsF32AVX2(blocks, rows, stride, ahead, width, gap int, x, shift *float32, s, q *float64, near bool)
TEXT ·normRowsSumsF32AVX2(SB), NOSPLIT, $0-81
	MOVBLZX near+80(FP), R8
	MOVQ shift+56(FP), R9
	MOVQ s+64(FP), R12
	MOVQ q+72(FP), R13
	GROUP
	SHLQ $1, blocks+0(FP)

block:
	VCVTPS2PD (R9)(AX*1), Y14
	VCVTPS2PD 16(R9)(AX*1), Y15
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
	CENTRE                        \
	VANDPS       (DX)(BX*1), Y2, Y2 \
	VEXTRACTF128 $1, Y2, X3       \
	VCVTPS2PD    X2, Y2           \
	VCVTPS2PD    X3, Y3           \
	VCVTPS2PD    (SI)(BX*1), Y0   \
	VCVTPS2PD    16(SI)(BX*1), Y1 \
	VSUBPD       Y14, Y0, Y0      \
	VSUBPD       Y15, Y1, Y1      \
	VADDPD       Y2, Y4, Y4       \
	VADDPD       Y3, Y5, Y5       \
	VFMADD231PD  Y2, Y0, Y6       \
	VFMADD231PD  Y3, Y1, Y7

// func normRowsGradSumsF32AVX2(blocks, rows, stride, ahead, width, gap int, x, dy, m, a, b *float32, mean, s, q *float64, relu bool)
TEXT ·normRowsGradSumsF32AVX2(SB), NOSPLIT, $0-113
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
	SHLQ $1, blocks+0(FP)

block:
	COLUMNS
	VMOVUPD (R8)(AX*2), Y14
	VMOVUPD 32(R8)(AX*2), Y15
	LOADSUMS
	FETCH(SI, PREFETCHT1)
	FETCH(DX, PREFETCHT1)
	ROWS(GRADSUMS)
	STORESUMS
	BLOCKS
