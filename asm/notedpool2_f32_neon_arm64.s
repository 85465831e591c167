//go:build !noasm

#include "textflag.h"
#include "neon_arm64.h"

// Noted maxima of 2 x 2 windows with stride 2, and the way back: four windows at a time, then
// one at a time by the same instructions, whose other lanes do not count.
//
//	R0 rows left; R9 windows of a row; R8 windows left in the row at hand
//	R1, R2 the two rows of windows; R3 y; R4 dy; R5, R6 the two rows of dx; R11 notes
//	R7 w in bytes, R10 4*(w mod 2); R12 a note
//	V16 to V19 the numbers of the places, 1 to 4, in every byte; V31 +0

#define NUMBERS \
	VMOVI $1, V16.B16 \
	VMOVI $2, V17.B16 \
	VMOVI $3, V18.B16 \
	VMOVI $4, V19.B16

// LARGEST makes of windows V0 to V3 the maxima in V4 and the notes in every byte of V5.
#define LARGEST \
	FCMGT04S(6, 0)    \ // x > 0
	AND16B(4, 0, 6)   \
	AND16B(5, 16, 6)  \
	FCMGT4S(6, 1, 4)  \ // x > y
	BIT16B(4, 1, 6)   \
	BIT16B(5, 17, 6)  \
	FCMGT4S(6, 2, 4)  \
	BIT16B(4, 2, 6)   \
	BIT16B(5, 18, 6)  \
	FCMGT4S(6, 3, 4)  \
	BIT16B(4, 3, 6)   \
	BIT16B(5, 19, 6)

// func notedPool2F32NEON(y []float32, note []uint8, x []float32, rows, w int)
TEXT ·notedPool2F32NEON(SB), NOSPLIT, $0-88
	MOVD y+0(FP), R3
	MOVD note+24(FP), R11
	MOVD x+48(FP), R1
	MOVD rows+72(FP), R0
	MOVD w+80(FP), R7
	LSR  $1, R7, R9
	LSL  $2, R7, R7
	NUMBERS

rows:
	CBZ  R0, done
	SUB  $1, R0, R0
	ADD  R7, R1, R2
	ADD  R7, R2, R5 // the next pair of rows
	MOVD R9, R8
	CMP  $4, R8
	BLT  rest

blocks:
	FLDPQ.P 32(R1), (F4, F5)
	FLDPQ.P 32(R2), (F6, F7)
	VUZP1   V5.S4, V4.S4, V0.S4
	VUZP2   V5.S4, V4.S4, V1.S4
	VUZP1   V7.S4, V6.S4, V2.S4
	VUZP2   V7.S4, V6.S4, V3.S4
	SUB     $4, R8, R8
	LARGEST
	VUZP1   V5.B16, V5.B16, V5.B16
	VUZP1   V5.B16, V5.B16, V5.B16
	CMP     $4, R8
	FMOVQ.P F4, 16(R3)
	FMOVS.P F5, 4(R11)
	BGE     blocks

rest:
	CBZ R8, next

one:
	FMOVD.P 8(R1), F4
	FMOVD.P 8(R2), F6
	VUZP1   V4.S4, V4.S4, V0.S4
	VUZP2   V4.S4, V4.S4, V1.S4
	VUZP1   V6.S4, V6.S4, V2.S4
	VUZP2   V6.S4, V6.S4, V3.S4
	LARGEST
	VMOV    V5.B[0], R12
	SUBS    $1, R8, R8
	FMOVS.P F4, 4(R3)
	MOVB.P  R12, 1(R11)
	BNE     one

next:
	MOVD R5, R1
	B    rows

done:
	RET

// SPREAD makes of dy in V4 and notes in every byte of V5 the gradients of windows in V0 to V3.
#define SPREAD \
	FADD4S(4, 4, 31)               \ // dy + 0
	VCMEQ V16.B16, V5.B16, V0.B16  \
	VCMEQ V17.B16, V5.B16, V1.B16  \
	VCMEQ V18.B16, V5.B16, V2.B16  \
	VCMEQ V19.B16, V5.B16, V3.B16  \
	AND16B(0, 0, 4)                \
	AND16B(1, 1, 4)                \
	AND16B(2, 2, 4)                \
	AND16B(3, 3, 4)

// func notedPool2GradF32NEON(dx, dy []float32, note []uint8, rows, w int, past bool)
TEXT ·notedPool2GradF32NEON(SB), NOSPLIT, $0-89
	MOVD dx+0(FP), R5
	MOVD dy+24(FP), R4
	MOVD note+48(FP), R11
	MOVD rows+72(FP), R0
	MOVD w+80(FP), R7
	LSR  $1, R7, R9
	AND  $1, R7, R10
	LSL  $2, R7, R7
	VEOR V31.B16, V31.B16, V31.B16
	NUMBERS

rows:
	CBZ  R0, done
	SUB  $1, R0, R0
	ADD  R7, R5, R6
	MOVD R9, R8
	CMP  $4, R8
	BLT  rest

blocks:
	FMOVQ.P 16(R4), F4
	FMOVS.P 4(R11), F5
	SUB     $4, R8, R8
	VZIP1   V5.B16, V5.B16, V5.B16
	VZIP1   V5.B16, V5.B16, V5.B16
	SPREAD
	VZIP1   V1.S4, V0.S4, V4.S4
	VZIP2   V1.S4, V0.S4, V5.S4
	VZIP1   V3.S4, V2.S4, V6.S4
	VZIP2   V3.S4, V2.S4, V7.S4
	CMP     $4, R8
	FSTPQ.P (F4, F5), 32(R5)
	FSTPQ.P (F6, F7), 32(R6)
	BGE     blocks

rest:
	CBZ R8, odd

one:
	FMOVS.P 4(R4), F4
	MOVBU.P 1(R11), R12
	VDUP    R12, V5.B16
	SPREAD
	VZIP1   V1.S4, V0.S4, V4.S4
	VZIP1   V3.S4, V2.S4, V6.S4
	SUBS    $1, R8, R8
	FMOVD.P F4, 8(R5)
	FMOVD.P F6, 8(R6)
	BNE     one

odd:
	CBZ     R10, next
	FMOVS.P F31, 4(R5)
	FMOVS.P F31, 4(R6)

next:
	MOVD R6, R5
	B    rows

done:
	RET
