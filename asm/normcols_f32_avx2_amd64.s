//go:build !noasm

#include "textflag.h"

// Batch normalisation of vectors, a few rows of the batch a call and 8 columns at a time,
// AVX2 path. Needs AVX2 and FMA3. Every column has its own m, a, b, c, d, mean and sums; the Go
// wrappers give what 16 columns leave over to the references. See normcols_amd64.h for the
// other registers.
//
//	Y0 to Y3    at work
//	Y4 to Y7    s, q
//	Y8 to Y10   m, a, b
//	Y12, Y13    0; where there is no ReLU all ones, else 0
//	Y14, Y15    mean, or the shift, or c and d

// HALVES makes blocks of WIDTH bytes of those of 16 columns.
#define HALVES SHLQ $1, blocks+0(FP)
#define WIDTH 32

#define FETCH2(HINT) \
	HINT (CX)

#define FETCH4(HINT) \
	HINT (CX)   \
	HINT 64(CX)

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

#define APPLY \
	CENTRE                 \
	VANDPS  Y2, Y1, Y1     \
	VMOVUPS Y1, (DX)(BX*1)

// func normRowsApplyF32AVX2(blocks, rows, stride, ahead, again, width, gap int, y, x, m, a, b *float32, relu bool)
TEXT ·normRowsApplyF32AVX2(SB), NOSPLIT, $0-97
	APPLYROWS

// GRAD has g in Y1, c*(x - m) + d in Y2 and adds a*g.
#define GRAD \
	CENTRE                         \
	VANDPS      (DX)(BX*1), Y2, Y1 \
	VMOVAPS     Y15, Y2            \
	VFMADD231PS Y14, Y0, Y2        \
	VFMADD231PS Y9, Y1, Y2         \
	VMOVUPS     Y2, (R8)(BX*1)

// SCALES loads c and d.
#define SCALES \
	VMOVUPS (R12)(AX*1), Y14 \
	VMOVUPS (R13)(AX*1), Y15

// func normRowsGradF32AVX2(blocks, rows, stride, ahead, again, width, gap int, dx, x, dy, m, a, b, c, d *float32, relu bool)
TEXT ·normRowsGradF32AVX2(SB), NOSPLIT, $0-121
	GRADROWS

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

// SHIFT loads the shift.
#define SHIFT \
	VCVTPS2PD (R9)(AX*1), Y14   \
	VCVTPS2PD 16(R9)(AX*1), Y15

// func normRowsSumsF32AVX2(blocks, rows, stride, ahead, again, width, gap int, x, shift *float32, s, q *float64, near bool)
TEXT ·normRowsSumsF32AVX2(SB), NOSPLIT, $0-89
	SUMSROWS

#define GRADSUMS \
	CENTRE                          \
	VANDPS       (DX)(BX*1), Y2, Y2 \
	VEXTRACTF128 $1, Y2, X3         \
	VCVTPS2PD    X2, Y2             \
	VCVTPS2PD    X3, Y3             \
	VCVTPS2PD    (SI)(BX*1), Y0     \
	VCVTPS2PD    16(SI)(BX*1), Y1   \
	VSUBPD       Y14, Y0, Y0        \
	VSUBPD       Y15, Y1, Y1        \
	VADDPD       Y2, Y4, Y4         \
	VADDPD       Y3, Y5, Y5         \
	VFMADD231PD  Y2, Y0, Y6         \
	VFMADD231PD  Y3, Y1, Y7

// MEANS loads mean.
#define MEANS \
	VMOVUPD (R8)(AX*2), Y14   \
	VMOVUPD 32(R8)(AX*2), Y15

// func normRowsGradSumsF32AVX2(blocks, rows, stride, ahead, again, width, gap int, x, dy, m, a, b *float32, mean, s, q *float64, relu bool)
TEXT ·normRowsGradSumsF32AVX2(SB), NOSPLIT, $0-121
	GRADSUMSROWS
