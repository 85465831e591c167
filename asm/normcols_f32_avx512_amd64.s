//go:build !noasm

#include "textflag.h"

// Batch normalisation of vectors, a few rows of the batch a call and 16 columns at a time,
// AVX-512 path. Needs AVX512F. Every column has its own m, a, b, c, d, mean and sums; the Go
// wrappers give what 16 columns leave over to the references. See normcols_amd64.h for the
// other registers.
//
//	K2          a comparison
//	Z0 to Z3    at work
//	Z4, Z5      the shift
//	Z16 to Z20  m, a, b, mean, or m, a, b, c, d
//	Z24 to Z27  s, q
//	Z28         0

#include "normcols_amd64.h"

// ZERO is what values before a ReLU are compared with.
#define ZERO VPXORD Z28, Z28, Z28

// COLUMNS loads m, a and b.
#define COLUMNS \
	VMOVUPS (R9)(AX*1), Z16  \
	VMOVUPS (R10)(AX*1), Z17 \
	VMOVUPS (R11)(AX*1), Z18

// SHAREDCOLUMNS loads those of sixteen columns that share them.
#define SHAREDCOLUMNS \
	VBROADCASTSS (R9)(AX*1), Z16  \
	VBROADCASTSS (R10)(AX*1), Z17 \
	VBROADCASTSS (R11)(AX*1), Z18

// CENTRE leaves x - m in Z0 and LINE fma(x - m, a, b); POSITIVE is CENTRE and sets K2 where LINE's is > 0.
#define CENTRE(X) \
	VMOVUPS X, Z0      \
	VSUBPS  Z16, Z0, Z0
#define LINE(X) \
	CENTRE(X)                \
	VFMADD213PS Z18, Z17, Z0
#define POSITIVE(X) \
	CENTRE(X)                     \
	VMOVAPS     Z18, Z1           \
	VFMADD231PS Z17, Z0, Z1       \
	VCMPPS      $0x1e, Z28, Z1, K2

// STORE is VMOVUPS, or VMOVNTPS past the caches.
#define LINEAPPLY(STORE, X, Y) \
	LINE(X)     \
	STORE Z0, Y

// The second operand of a maximum is what comes of a NaN and of two zeros.
#define LINEAPPLYRELU(STORE, X, Y) \
	LINE(X)                \
	VMAXPS     Z28, Z0, Z0 \
	STORE      Z0, Y

// func normRowsApplyF32AVX512(blocks, rows, stride, ahead, again, width, gap int, y, x, m, a, b *float32, relu, shared bool)
TEXT ·normRowsApplyF32AVX512(SB), NOSPLIT, $0-98
	APPLYROWS(APPLYRELU, APPLY, ASKMADE)

// func normRowsApplyPastF32AVX512(blocks, rows, stride, ahead, again, width, gap int, y, x, m, a, b *float32, relu, shared bool)
TEXT ·normRowsApplyPastF32AVX512(SB), NOSPLIT, $0-98
	APPLYROWS(APPLYRELUPAST, APPLYPAST, ASKX)

// ADDGRAD has x - m in Z0 and g in Z1.
#define ADDGRAD(STORE, DST) \
	VMOVAPS     Z20, Z2     \
	VFMADD231PS Z19, Z0, Z2 \
	VFMADD231PS Z17, Z1, Z2 \
	STORE       Z2, DST
#define LINEGRAD(STORE, X, DY, DST) \
	CENTRE(X)      \
	VMOVUPS DY, Z1 \
	ADDGRAD(STORE, DST)

#define LINEGRADRELU(STORE, X, DY, DST) \
	POSITIVE(X)          \
	VMOVUPS.Z DY, K2, Z1 \
	ADDGRAD(STORE, DST)

// GRADCOLUMNS loads m, a, b, c and d.
#define GRADCOLUMNS \
	COLUMNS                  \
	VMOVUPS (R12)(AX*1), Z19 \
	VMOVUPS (R13)(AX*1), Z20
#define SHAREDGRADCOLUMNS \
	SHAREDCOLUMNS                 \
	VBROADCASTSS (R12)(AX*1), Z19 \
	VBROADCASTSS (R13)(AX*1), Z20

// func normRowsGradF32AVX512(blocks, rows, stride, ahead, again, width, gap int, dx, x, dy, m, a, b, c, d *float32, relu, shared bool)
TEXT ·normRowsGradF32AVX512(SB), NOSPLIT, $0-122
	GRADROWS(GRADRELU, GRAD, ASKGRAD)

// func normRowsGradPastF32AVX512(blocks, rows, stride, ahead, again, width, gap int, dx, x, dy, m, a, b, c, d *float32, relu, shared bool)
TEXT ·normRowsGradPastF32AVX512(SB), NOSPLIT, $0-122
	GRADROWS(GRADRELUPAST, GRADPAST, ASKREAD)

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

#define SUMS(X, NONE) \
	VCVTPS2PD   X, Z0        \
	VCVTPS2PD   32 X, Z1     \
	VSUBPD      Z4, Z0, Z0   \
	VSUBPD      Z5, Z1, Z1   \
	VADDPD      Z0, Z24, Z24 \
	VADDPD      Z1, Z25, Z25 \
	VFMADD231PD Z0, Z0, Z26  \
	VFMADD231PD Z1, Z1, Z27

// SHIFT loads the shift.
#define SHIFT \
	VCVTPS2PD (R9)(AX*1), Z4   \
	VCVTPS2PD 32(R9)(AX*1), Z5
#define SHAREDSHIFT \
	VBROADCASTSS (R9)(AX*1), Y4 \
	VCVTPS2PD    Y4, Z4         \
	VMOVAPD      Z4, Z5

// func normRowsSumsF32AVX512(blocks, rows, stride, ahead, again, width, gap int, x, shift *float32, s, q *float64, near, shared bool)
TEXT ·normRowsSumsF32AVX512(SB), NOSPLIT, $0-90
	SUMSROWS

// SUMCOLUMNS loads m, a, b and mean.
#define SUMCOLUMNS \
	COLUMNS                 \
	VMOVUPD (R8)(AX*2), Z19 \
	VMOVUPD 64(R8)(AX*2), Z20
#define SHAREDSUMCOLUMNS \
	SHAREDCOLUMNS                \
	VBROADCASTSD (R8)(AX*2), Z19 \
	VMOVAPD      Z19, Z20

// ADDSUMS has g in Z2 and Z3, and adds it and g*(x - mean).
#define ADDSUMS(X) \
	VCVTPS2PD   X, Z0        \
	VCVTPS2PD   32 X, Z1     \
	VSUBPD      Z19, Z0, Z0  \
	VSUBPD      Z20, Z1, Z1  \
	VADDPD      Z2, Z24, Z24 \
	VADDPD      Z3, Z25, Z25 \
	VFMADD231PD Z2, Z0, Z26  \
	VFMADD231PD Z3, Z1, Z27
#define GRADSUMS(X, DY) \
	VCVTPS2PD DY, Z2    \
	VCVTPS2PD 32 DY, Z3 \
	ADDSUMS(X)
#define GRADSUMSRELU(X, DY) \
	POSITIVE(X)              \
	VMOVUPS.Z     DY, K2, Z2 \
	VEXTRACTF64X4 $1, Z2, Y3 \
	VCVTPS2PD     Y2, Z2     \
	VCVTPS2PD     Y3, Z3     \
	ADDSUMS(X)

// GRADSUMSBLOCK does a block.
#define GRADSUMSBLOCK(SHARED, RELU) \
	VALUES(SHARED, SUMCOLUMNS, SHAREDSUMCOLUMNS)                \
	EITHER(RELU, FOUR, GRADSUMSRELU, ASKSUMS, GRADSUMS, ASKSUMS)

// func normRowsGradSumsF32AVX512(blocks, rows, stride, ahead, again, width, gap int, x, dy, m, a, b *float32, mean, s, q *float64, relu, shared bool)
TEXT ·normRowsGradSumsF32AVX512(SB), NOSPLIT, $0-122
	GRADSUMSROWS
