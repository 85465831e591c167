//go:build !noasm

#include "textflag.h"

// Rows copied into wider ones whose other elements are zero, AVX2 path. Needs AVX. Zeros go to
// both ends of a row first, by whole vectors, which may reach into where the elements then go.
// Their last vector ends where they do and overlaps the one before. Rows of less than 8 go by
// halves of vectors.
//
//	BX  rows left; DI a row of dst, R8 to the next; SI a row of src, R9 to the next
//	R10 bytes of zeros in front; R11 where the last vector of elements begins in src, in bytes
//	R12 where the last vector of a row begins in dst, R13 where that of the elements does
//	AX  bytes within a row; DX where the elements go; Y0 at work; Y15 zero

// PADROWS does all rows by vectors; the labels are its own.
#define PADROWS(V, ZERO, BYTES, row, front, back, behind, copy, vector, last) \
	SUBQ $BYTES, R11           \
	SUBQ $BYTES, R12           \
	LEAQ (R10)(R11*1), R13     \
row:                           \
	XORL AX, AX                \
front:                         \
	CMPQ AX, R10               \
	JGE  back                  \
	VMOVUPS ZERO, (DI)(AX*1)   \
	ADDQ $BYTES, AX            \
	JMP  front                 \
back:                          \
	MOVQ R12, AX               \
behind:                        \
	CMPQ AX, R13               \
	JLE  copy                  \
	VMOVUPS ZERO, (DI)(AX*1)   \
	SUBQ $BYTES, AX            \
	JMP  behind                \
copy:                          \
	LEAQ (DI)(R10*1), DX       \
	XORL AX, AX                \
	CMPQ AX, R11               \
	JGE  last                  \
vector:                        \
	VMOVUPS (SI)(AX*1), V      \
	VMOVUPS V, (DX)(AX*1)      \
	ADDQ $BYTES, AX            \
	CMPQ AX, R11               \
	JLT  vector                \
last:                          \
	VMOVUPS (SI)(R11*1), V     \
	VMOVUPS V, (DX)(R11*1)     \
	ADDQ R8, DI                \
	ADDQ R9, SI                \
	DECQ BX                    \
	JNZ  row                   \
	VZEROUPPER                 \
	RET

// func padRowsF32AVX2(rows int, dst *float32, ldd int, src *float32, lds, zeros, n, width int)
TEXT ·padRowsF32AVX2(SB), NOSPLIT, $0-64
	MOVQ   rows+0(FP), BX
	MOVQ   dst+8(FP), DI
	MOVQ   ldd+16(FP), R8
	MOVQ   src+24(FP), SI
	MOVQ   lds+32(FP), R9
	MOVQ   zeros+40(FP), R10
	MOVQ   n+48(FP), R11
	MOVQ   width+56(FP), R12
	SHLQ   $2, R8
	SHLQ   $2, R9
	SHLQ   $2, R10
	SHLQ   $2, R11
	SHLQ   $2, R12
	VXORPS Y15, Y15, Y15
	CMPQ   R11, $32
	JLT    short
	PADROWS(Y0, Y15, 32, row, front, back, behind, copy, vector, last)

short:
	PADROWS(X0, X15, 16, srow, sfront, sback, sbehind, scopy, svector, slast)
