//go:build !noasm

#include "textflag.h"

// Batch normalisation of vectors, a few rows of the batch a call and 16 columns at a time, AVX2
// path. Needs AVX2 and FMA3. Every column has its own m, a, b, c, d, mean and sums; the Go
// wrappers give what 16 columns leave over to the references. See normcols_amd64.h for the
// other registers.
//
//	            made      gradient  sums      sums of the gradient
//	Y0 to Y3    at work   at work   at work   at work; Y1 mean
//	Y4 to Y7    m, a      m, a      s         s
//	Y8 to Y11   b         b, c      q         q
//	Y12         0         0         shift     0
//	Y13                             shift     m
//	Y14, Y15              d         shift     b, a
//
// Of the last these are values that sixteen columns share. Where each has its own there is room for m,
// Y13 and Y1, and b, Y14 and Y15; a and mean are operands in memory.

#include "normcols_amd64.h"

// ZERO is what values before a ReLU are compared with.
#define ZERO VXORPS Y12, Y12, Y12

// COLUMNS loads m, a and b.
#define COLUMNS \
	VMOVUPS (R9)(AX*1), Y4    \
	VMOVUPS 32(R9)(AX*1), Y5  \
	VMOVUPS (R10)(AX*1), Y6   \
	VMOVUPS 32(R10)(AX*1), Y7 \
	VMOVUPS (R11)(AX*1), Y8   \
	VMOVUPS 32(R11)(AX*1), Y9

// SHAREDCOLUMNS loads those of sixteen columns that share them.
#define SHAREDCOLUMNS \
	VBROADCASTSS (R9)(AX*1), Y4  \
	VMOVAPS      Y4, Y5          \
	VBROADCASTSS (R10)(AX*1), Y6 \
	VMOVAPS      Y6, Y7          \
	VBROADCASTSS (R11)(AX*1), Y8 \
	VMOVAPS      Y8, Y9

// CENTRE leaves x - m in Y0 and LINE fma(x - m, a, b); POSITIVE is CENTRE and sets Y2 where LINE's is > 0.
#define CENTRE(X, M) \
	VMOVUPS X, Y0    \
	VSUBPS  M, Y0, Y0
#define LINE(X, M, A, B) \
	CENTRE(X, M)         \
	VFMADD213PS B, A, Y0
#define POSITIVE(X, M, A, B) \
	CENTRE(X, M)                   \
	VMOVAPS     B, Y1              \
	VFMADD231PS A, Y0, Y1          \
	VCMPPS      $0x1e, Y12, Y1, Y2

// STORE is VMOVUPS, or VMOVNTPS past the caches.
#define HALFAPPLY(STORE, X, Y, M, A, B) \
	LINE(X, M, A, B) \
	STORE Y0, Y
#define LINEAPPLY(STORE, X, Y) \
	HALFAPPLY(STORE, X, Y, Y4, Y6, Y8)       \
	HALFAPPLY(STORE, 32 X, 32 Y, Y5, Y7, Y9)

// The second operand of a maximum is what comes of a NaN and of two zeros.
#define HALFAPPLYRELU(STORE, X, Y, M, A, B) \
	LINE(X, M, A, B)        \
	VMAXPS      Y12, Y0, Y0 \
	STORE       Y0, Y
#define LINEAPPLYRELU(STORE, X, Y) \
	HALFAPPLYRELU(STORE, X, Y, Y4, Y6, Y8)       \
	HALFAPPLYRELU(STORE, 32 X, 32 Y, Y5, Y7, Y9)

// func normRowsApplyF32AVX2(blocks, rows, stride, ahead, again, width, gap int, y, x, m, a, b *float32, relu, shared bool)
TEXT ·normRowsApplyF32AVX2(SB), NOSPLIT, $0-98
	APPLYROWS(APPLYRELU, APPLY, ASKMADE)

// func normRowsApplyPastF32AVX2(blocks, rows, stride, ahead, again, width, gap int, y, x, m, a, b *float32, relu, shared bool)
TEXT ·normRowsApplyPastF32AVX2(SB), NOSPLIT, $0-98
	APPLYROWS(APPLYRELUPAST, APPLYPAST, ASKX)

// ADDGRAD has x - m in Y0 and g in Y1.
#define ADDGRAD(STORE, DST, A, C, D) \
	VMOVAPS     D, Y2     \
	VFMADD231PS C, Y0, Y2 \
	VFMADD231PS A, Y1, Y2 \
	STORE       Y2, DST

#define HALFGRAD(STORE, X, DY, DST, M, A, C, D) \
	CENTRE(X, M)   \
	VMOVUPS DY, Y1 \
	ADDGRAD(STORE, DST, A, C, D)
#define LINEGRAD(STORE, X, DY, DST) \
	HALFGRAD(STORE, X, DY, DST, Y4, Y6, Y10, Y14)          \
	HALFGRAD(STORE, 32 X, 32 DY, 32 DST, Y5, Y7, Y11, Y15)

#define HALFGRADRELU(STORE, X, DY, DST, M, A, B, C, D) \
	POSITIVE(X, M, A, B) \
	VANDPS DY, Y2, Y1    \
	ADDGRAD(STORE, DST, A, C, D)
#define LINEGRADRELU(STORE, X, DY, DST) \
	HALFGRADRELU(STORE, X, DY, DST, Y4, Y6, Y8, Y10, Y14)          \
	HALFGRADRELU(STORE, 32 X, 32 DY, 32 DST, Y5, Y7, Y9, Y11, Y15)

// GRADCOLUMNS loads m, a, b, c and d.
#define GRADCOLUMNS \
	COLUMNS                    \
	VMOVUPS (R12)(AX*1), Y10   \
	VMOVUPS 32(R12)(AX*1), Y11 \
	VMOVUPS (R13)(AX*1), Y14   \
	VMOVUPS 32(R13)(AX*1), Y15
#define SHAREDGRADCOLUMNS \
	SHAREDCOLUMNS                 \
	VBROADCASTSS (R12)(AX*1), Y10 \
	VMOVAPS      Y10, Y11         \
	VBROADCASTSS (R13)(AX*1), Y14 \
	VMOVAPS      Y14, Y15

// func normRowsGradF32AVX2(blocks, rows, stride, ahead, again, width, gap int, dx, x, dy, m, a, b, c, d *float32, relu, shared bool)
TEXT ·normRowsGradF32AVX2(SB), NOSPLIT, $0-122
	GRADROWS(GRADRELU, GRAD, ASKGRAD)

// func normRowsGradPastF32AVX2(blocks, rows, stride, ahead, again, width, gap int, dx, x, dy, m, a, b, c, d *float32, relu, shared bool)
TEXT ·normRowsGradPastF32AVX2(SB), NOSPLIT, $0-122
	GRADROWS(GRADRELUPAST, GRADPAST, ASKREAD)

// LOADSUMS and STORESUMS go from memory to the sums' registers and back.
#define LOADSUMS \
	VMOVUPD (R12)(AX*2), Y4    \
	VMOVUPD 32(R12)(AX*2), Y5  \
	VMOVUPD 64(R12)(AX*2), Y6  \
	VMOVUPD 96(R12)(AX*2), Y7  \
	VMOVUPD (R13)(AX*2), Y8    \
	VMOVUPD 32(R13)(AX*2), Y9  \
	VMOVUPD 64(R13)(AX*2), Y10 \
	VMOVUPD 96(R13)(AX*2), Y11

#define STORESUMS \
	VMOVUPD Y4, (R12)(AX*2)    \
	VMOVUPD Y5, 32(R12)(AX*2)  \
	VMOVUPD Y6, 64(R12)(AX*2)  \
	VMOVUPD Y7, 96(R12)(AX*2)  \
	VMOVUPD Y8, (R13)(AX*2)    \
	VMOVUPD Y9, 32(R13)(AX*2)  \
	VMOVUPD Y10, 64(R13)(AX*2) \
	VMOVUPD Y11, 96(R13)(AX*2)

#define QUARTERSUMS(X, SHIFT, S, Q) \
	VCVTPS2PD   X, Y0         \
	VSUBPD      SHIFT, Y0, Y0 \
	VADDPD      Y0, S, S      \
	VFMADD231PD Y0, Y0, Q
#define SUMS(X, NONE) \
	QUARTERSUMS(X, Y12, Y4, Y8)     \
	QUARTERSUMS(16 X, Y13, Y5, Y9)  \
	QUARTERSUMS(32 X, Y14, Y6, Y10) \
	QUARTERSUMS(48 X, Y15, Y7, Y11)

// SHIFT loads the shift.
#define SHIFT \
	VCVTPS2PD (R9)(AX*1), Y12   \
	VCVTPS2PD 16(R9)(AX*1), Y13 \
	VCVTPS2PD 32(R9)(AX*1), Y14 \
	VCVTPS2PD 48(R9)(AX*1), Y15
#define SHAREDSHIFT \
	VBROADCASTSS (R9)(AX*1), X12 \
	VCVTPS2PD    X12, Y12        \
	VMOVAPD      Y12, Y13        \
	VMOVAPD      Y12, Y14        \
	VMOVAPD      Y12, Y15

// func normRowsSumsF32AVX2(blocks, rows, stride, ahead, again, width, gap int, x, shift *float32, s, q *float64, near, shared bool)
TEXT ·normRowsSumsF32AVX2(SB), NOSPLIT, $0-90
	SUMSROWS

// ADDSUMS adds g, of four columns, and g*(x - mean).
#define ADDSUMS(X, MEAN, G, S, Q) \
	VCVTPS2PD   X, Y0        \
	VSUBPD      MEAN, Y0, Y0 \
	VADDPD      G, S, S      \
	VFMADD231PD G, Y0, Q

#define QUARTERGRADSUMS(X, DY, MEAN, S, Q) \
	VCVTPS2PD DY, Y2 \
	ADDSUMS(X, MEAN, Y2, S, Q)
#define GRADSUMS(X, DY) \
	QUARTERGRADSUMS(X, DY, (R8)(AX*2), Y4, Y8)          \
	QUARTERGRADSUMS(16 X, 16 DY, 32(R8)(AX*2), Y5, Y9)  \
	QUARTERGRADSUMS(32 X, 32 DY, 64(R8)(AX*2), Y6, Y10) \
	QUARTERGRADSUMS(48 X, 48 DY, 96(R8)(AX*2), Y7, Y11)
#define SHAREDSUMS(X, DY) \
	QUARTERGRADSUMS(X, DY, Y1, Y4, Y8)        \
	QUARTERGRADSUMS(16 X, 16 DY, Y1, Y5, Y9)  \
	QUARTERGRADSUMS(32 X, 32 DY, Y1, Y6, Y10) \
	QUARTERGRADSUMS(48 X, 48 DY, Y1, Y7, Y11)

// HALFGRADSUMS leaves g of eight columns in Y2 and Y3.
#define HALFGRADSUMS(X, DY, M, A, B) \
	CENTRE(X, M)                    \
	VFMADD132PS  A, B, Y0           \
	VCMPPS       $0x1e, Y12, Y0, Y2 \
	VANDPS       DY, Y2, Y2         \
	VEXTRACTF128 $1, Y2, X3         \
	VCVTPS2PD    X2, Y2             \
	VCVTPS2PD    X3, Y3
#define GRADSUMSRELU(X, DY) \
	HALFGRADSUMS(X, DY, Y13, (R10)(AX*1), Y14)                  \
	ADDSUMS(X, (R8)(AX*2), Y2, Y4, Y8)                          \
	ADDSUMS(16 X, 32(R8)(AX*2), Y3, Y5, Y9)                     \
	HALFGRADSUMS(32 X, 32 DY, Y1, 32(R10)(AX*1), Y15)           \
	ADDSUMS(32 X, 64(R8)(AX*2), Y2, Y6, Y10)                    \
	ADDSUMS(48 X, 96(R8)(AX*2), Y3, Y7, Y11)
#define SHAREDSUMSRELU(X, DY) \
	HALFGRADSUMS(X, DY, Y13, Y15, Y14)       \
	ADDSUMS(X, Y1, Y2, Y4, Y8)               \
	ADDSUMS(16 X, Y1, Y3, Y5, Y9)            \
	HALFGRADSUMS(32 X, 32 DY, Y13, Y15, Y14) \
	ADDSUMS(32 X, Y1, Y2, Y6, Y10)           \
	ADDSUMS(48 X, Y1, Y3, Y7, Y11)

// GRADSUMSBLOCK does a block.
#define GRADSUMSBLOCK(SHARED, RELU) \
	CMPB SHARED, $0                                              \
	JNE  shared                                                  \
	VMOVUPS (R9)(AX*1), Y13                                      \
	VMOVUPS 32(R9)(AX*1), Y1                                     \
	VMOVUPS (R11)(AX*1), Y14                                     \
	VMOVUPS 32(R11)(AX*1), Y15                                   \
	EITHER(RELU, FOUR, GRADSUMSRELU, ASKSUMS, GRADSUMS, ASKSUMS) \
	JMP  added                                                   \
shared:                                                              \
	SHRQ $4, AX                                                  \
	VBROADCASTSD (R8)(AX*2), Y1                                  \
	VBROADCASTSS (R9)(AX*1), Y13                                 \
	VBROADCASTSS (R10)(AX*1), Y15                                \
	VBROADCASTSS (R11)(AX*1), Y14                                \
	SHLQ $4, AX                                                  \
	CMPB RELU, $0                                                \
	JEQ  plain                                                   \
	FOUR(SHAREDSUMSRELU, ASKSUMS, sharedOver)                    \
	JMP  added                                                   \
plain:                                                               \
	FOUR(SHAREDSUMS, ASKSUMS, plainOver)                         \
added:

// func normRowsGradSumsF32AVX2(blocks, rows, stride, ahead, again, width, gap int, x, dy, m, a, b *float32, mean, s, q *float64, relu, shared bool)
TEXT ·normRowsGradSumsF32AVX2(SB), NOSPLIT, $0-122
	GRADSUMSROWS
