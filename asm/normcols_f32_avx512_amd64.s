//go:build !noasm

#include "textflag.h"

// Batch normalisation of vectors, a few rows of the batch a call and 16 columns at a time,
// AVX-512 path. Needs AVX512F. Every column has its own m, a, b, c, d, mean and sums; the Go
// wrappers give what 16 columns leave over to the references. See normcols_amd64.h for the
// other registers.
//
//	K2, K3      a comparison; where there is no ReLU all ones, else 0
//	Z0 to Z3    at work
//	Z4, Z5      the shift
//	Z16 to Z20  m, a, b, mean, or m, a, b, c, d
//	Z24 to Z27  s, q
//	Z28         0

// HALVES makes blocks of WIDTH bytes of those of 16 columns.
#define HALVES
#define WIDTH 64

#define FETCH2(HINT) \
	HINT (CX)    \
	HINT 64(CX)

#define FETCH4(HINT) \
	HINT (CX)    \
	HINT 64(CX)  \
	HINT 128(CX) \
	HINT 192(CX)

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

#define APPLY \
	CENTRE                   \
	VMOVAPS.Z Z1, K2, Z1     \
	VMOVUPS   Z1, (DX)(BX*1)

// func normRowsApplyF32AVX512(blocks, rows, stride, ahead, again, width, gap int, y, x, m, a, b *float32, relu bool)
TEXT ·normRowsApplyF32AVX512(SB), NOSPLIT, $0-97
	APPLYROWS

// GRAD has g in Z1, c*(x - m) + d in Z2 and adds a*g.
#define GRAD \
	CENTRE                         \
	VMOVUPS.Z   (DX)(BX*1), K2, Z1 \
	VMOVAPS     Z20, Z2            \
	VFMADD231PS Z19, Z0, Z2        \
	VFMADD231PS Z17, Z1, Z2        \
	VMOVUPS     Z2, (R8)(BX*1)

// SCALES loads c and d.
#define SCALES \
	VMOVUPS (R12)(AX*1), Z19 \
	VMOVUPS (R13)(AX*1), Z20

// func normRowsGradF32AVX512(blocks, rows, stride, ahead, again, width, gap int, dx, x, dy, m, a, b, c, d *float32, relu bool)
TEXT ·normRowsGradF32AVX512(SB), NOSPLIT, $0-121
	GRADROWS

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

// SHIFT loads the shift.
#define SHIFT \
	VCVTPS2PD (R9)(AX*1), Z4   \
	VCVTPS2PD 32(R9)(AX*1), Z5

// func normRowsSumsF32AVX512(blocks, rows, stride, ahead, again, width, gap int, x, shift *float32, s, q *float64, near bool)
TEXT ·normRowsSumsF32AVX512(SB), NOSPLIT, $0-89
	SUMSROWS

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

// MEANS loads mean.
#define MEANS \
	VMOVUPD (R8)(AX*2), Z19   \
	VMOVUPD 64(R8)(AX*2), Z20

// func normRowsGradSumsF32AVX512(blocks, rows, stride, ahead, again, width, gap int, x, dy, m, a, b *float32, mean, s, q *float64, relu bool)
TEXT ·normRowsGradSumsF32AVX512(SB), NOSPLIT, $0-121
	GRADSUMSROWS
