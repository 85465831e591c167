//go:build !noasm

#include "textflag.h"
#include "neon_arm64.h"

// Windows over a flat array: sixteen outputs at a time, in four vectors that stay in
// registers while the taps go by, then four, then one by the same instructions, whose
// other lanes do not count.
//
//	R0  outputs left; R1 src, R2 dst, R3 notes or y, R4 what a note is if no tap is, all at
//	    the outputs' place
//	R5, R6 the first tap and the end of the taps; R7 the tap at hand; R8 its distance, R9,
//	    R10 places; R11 how many taps, R12 a tap's number
//	V0 to V3 outputs; V4 to V7 maxima by FMAX, or y; V16 to V27 at work
//	V29 a tap's number in all lanes; V30, V31 constants

// LOADS and STORES move four vectors.
#define LOADS(at, a, b, c, d) \
	FLDPQ (at), (a, b)   \
	FLDPQ 32(at), (c, d)

#define STORES(at, a, b, c, d) \
	FSTPQ (a, b), (at)   \
	FSTPQ (c, d), 32(at)

// NEXT sets R9 to the elements of the next tap.
#define NEXT \
	MOVD.P 8(R7), R8       \
	ADD    R8<<2, R1, R9

// LARGER is best = x > best ? x : best, and nan NaN if x is.
#define LARGER(best, nan, x, t) \
	FMAX4S(nan, nan, x)  \ // for NaN only: zeros of different signs are equal here
	FCMGT4S(t, x, best)  \
	BIT16B(best, x, t)

// NANS makes best NaN where nan is.
#define NANS(best, nan, t) \
	FCMEQ4S(t, nan, nan) \
	BIF16B(best, nan, t)

// func maxTapsF32NEON(dst, src []float32, taps []int)
TEXT ·maxTapsF32NEON(SB), NOSPLIT, $0-72
	MOVD dst+0(FP), R2
	MOVD dst_len+8(FP), R0
	MOVD src+24(FP), R1
	MOVD taps+48(FP), R5
	MOVD taps_len+56(FP), R6
	ADD  R6<<3, R5, R6

wide:
	CMP  $16, R0
	BLT  four
	MOVD R5, R7
	NEXT
	LOADS(R9, F0, F1, F2, F3)
	VMOV V0.B16, V4.B16
	VMOV V1.B16, V5.B16
	VMOV V2.B16, V6.B16
	VMOV V3.B16, V7.B16

tap16:
	CMP R6, R7
	BGE put16
	NEXT
	LOADS(R9, F16, F17, F18, F19)
	LARGER(0, 4, 16, 20)
	LARGER(1, 5, 17, 21)
	LARGER(2, 6, 18, 22)
	LARGER(3, 7, 19, 23)
	B   tap16

put16:
	NANS(0, 4, 20)
	NANS(1, 5, 21)
	NANS(2, 6, 22)
	NANS(3, 7, 23)
	STORES(R2, F0, F1, F2, F3)
	ADD $64, R1, R1
	ADD $64, R2, R2
	SUB $16, R0, R0
	B   wide

four:
	CMP   $4, R0
	BLT   one
	MOVD  R5, R7
	NEXT
	FMOVQ (R9), F0
	VMOV  V0.B16, V4.B16

tap4:
	CMP   R6, R7
	BGE   put4
	NEXT
	FMOVQ (R9), F16
	LARGER(0, 4, 16, 20)
	B     tap4

put4:
	NANS(0, 4, 20)
	FMOVQ.P F0, 16(R2)
	ADD     $16, R1, R1
	SUB     $4, R0, R0
	B       four

one:
	CBZ   R0, done
	MOVD  R5, R7
	NEXT
	FMOVS (R9), F0
	VMOV  V0.B16, V4.B16

tap1:
	CMP   R6, R7
	BGE   put1
	NEXT
	FMOVS (R9), F16
	LARGER(0, 4, 16, 20)
	B     tap1

put1:
	NANS(0, 4, 20)
	FMOVS.P F0, 4(R2)
	ADD     $4, R1, R1
	SUB     $1, R0, R0
	B       one

done:
	RET

// func sumTapsF32NEON(dst, src []float32, taps []int, from, div float32)
TEXT ·sumTapsF32NEON(SB), NOSPLIT, $0-80
	MOVD  dst+0(FP), R2
	MOVD  dst_len+8(FP), R0
	MOVD  src+24(FP), R1
	MOVD  taps+48(FP), R5
	MOVD  taps_len+56(FP), R6
	ADD   R6<<3, R5, R6
	FMOVS from+72(FP), F31
	VDUP  V31.S[0], V31.S4
	FMOVS div+76(FP), F30
	VDUP  V30.S[0], V30.S4

wide:
	CMP  $16, R0
	BLT  four
	MOVD R5, R7
	VMOV V31.B16, V0.B16
	VMOV V31.B16, V1.B16
	VMOV V31.B16, V2.B16
	VMOV V31.B16, V3.B16

tap16:
	NEXT
	LOADS(R9, F16, F17, F18, F19)
	FADD4S(0, 0, 16)
	FADD4S(1, 1, 17)
	FADD4S(2, 2, 18)
	FADD4S(3, 3, 19)
	CMP R6, R7
	BLT tap16
	FDIV4S(0, 0, 30)
	FDIV4S(1, 1, 30)
	FDIV4S(2, 2, 30)
	FDIV4S(3, 3, 30)
	STORES(R2, F0, F1, F2, F3)
	ADD $64, R1, R1
	ADD $64, R2, R2
	SUB $16, R0, R0
	B   wide

four:
	CMP  $4, R0
	BLT  one
	MOVD R5, R7
	VMOV V31.B16, V0.B16

tap4:
	NEXT
	FMOVQ   (R9), F16
	FADD4S(0, 0, 16)
	CMP     R6, R7
	BLT     tap4
	FDIV4S(0, 0, 30)
	FMOVQ.P F0, 16(R2)
	ADD     $16, R1, R1
	SUB     $4, R0, R0
	B       four

one:
	CBZ  R0, done
	MOVD R5, R7
	VMOV V31.B16, V0.B16

tap1:
	NEXT
	FMOVS   (R9), F16
	FADD4S(0, 0, 16)
	CMP     R6, R7
	BLT     tap1
	FDIV4S(0, 0, 30)
	FMOVS.P F0, 4(R2)
	ADD     $4, R1, R1
	SUB     $1, R0, R0
	B       one

done:
	RET

// BACK sets R9 to the elements of the tap before and V29 to its number.
#define BACK \
	MOVD -8(R7), R8       \
	SUB  $8, R7, R7       \
	ADD  R8<<2, R1, R9    \
	SUB  $1, R12, R12     \
	VDUP R12, V29.S4

// SAME makes note the number of the tap where x is y.
#define SAME(note, y, x) \
	FCMEQ4S(x, x, y)    \
	BIT16B(note, 29, x)

// func noteTapsF32NEON(note, none []int32, src, y []float32, taps []int)
TEXT ·noteTapsF32NEON(SB), NOSPLIT, $0-120
	MOVD note+0(FP), R2
	MOVD note_len+8(FP), R0
	MOVD none+24(FP), R4
	MOVD src+48(FP), R1
	MOVD y+72(FP), R3
	MOVD taps+96(FP), R5
	MOVD taps_len+104(FP), R11
	ADD  R11<<3, R5, R6

wide:
	CMP  $16, R0
	BLT  four
	MOVD R6, R7                 // from the last tap to the first, which stays
	MOVD R11, R12
	LOADS(R4, F0, F1, F2, F3)
	LOADS(R3, F4, F5, F6, F7)

tap16:
	BACK
	LOADS(R9, F16, F17, F18, F19)
	SAME(0, 4, 16)
	SAME(1, 5, 17)
	SAME(2, 6, 18)
	SAME(3, 7, 19)
	CBNZ R12, tap16
	STORES(R2, F0, F1, F2, F3)
	ADD  $64, R1, R1
	ADD  $64, R2, R2
	ADD  $64, R3, R3
	ADD  $64, R4, R4
	SUB  $16, R0, R0
	B    wide

four:
	CMP     $4, R0
	BLT     one
	MOVD    R6, R7
	MOVD    R11, R12
	FMOVQ.P 16(R4), F0
	FMOVQ.P 16(R3), F4

tap4:
	BACK
	FMOVQ   (R9), F16
	SAME(0, 4, 16)
	CBNZ    R12, tap4
	FMOVQ.P F0, 16(R2)
	ADD     $16, R1, R1
	SUB     $4, R0, R0
	B       four

one:
	CBZ     R0, done
	MOVD    R6, R7
	MOVD    R11, R12
	FMOVS.P 4(R4), F0
	FMOVS.P 4(R3), F4

tap1:
	BACK
	FMOVS   (R9), F16
	SAME(0, 4, 16)
	CBNZ    R12, tap1
	FMOVS.P F0, 4(R2)
	ADD     $4, R1, R1
	SUB     $1, R0, R0
	B       one

done:
	RET

// CHOOSE sets R9 to the elements of the next tap, R10 to their notes and V29 to its number.
#define CHOOSE \
	MOVD   8(R7), R12      \
	MOVD.P 16(R7), R8      \
	VDUP   R12, V29.S4     \
	ADD    R8<<2, R1, R9   \
	ADD    R8<<2, R3, R10

// TAKE adds x where note is the tap's number: +0 elsewhere, which changes no sum that
// is not -0, and none is.
#define TAKE(sum, sumNote, x, xv) \
	VCMEQ V29.S4, sumNote.S4, sumNote.S4 \
	VAND  xv.B16, sumNote.B16, xv.B16    \
	FADD4S(sum, sum, x)

// func pickTapsF32NEON(dst, src []float32, note []int32, taps []Tap)
TEXT ·pickTapsF32NEON(SB), NOSPLIT, $0-96
	MOVD dst+0(FP), R2
	MOVD dst_len+8(FP), R0
	MOVD src+24(FP), R1
	MOVD note+48(FP), R3
	MOVD taps+72(FP), R5
	MOVD taps_len+80(FP), R6
	ADD  R6<<4, R5, R6

wide:
	CMP  $16, R0
	BLT  four
	MOVD R5, R7
	VEOR V0.B16, V0.B16, V0.B16
	VEOR V1.B16, V1.B16, V1.B16
	VEOR V2.B16, V2.B16, V2.B16
	VEOR V3.B16, V3.B16, V3.B16

tap16:
	CHOOSE
	LOADS(R9, F16, F17, F18, F19)
	LOADS(R10, F20, F21, F22, F23)
	TAKE(0, V20, 16, V16)
	TAKE(1, V21, 17, V17)
	TAKE(2, V22, 18, V18)
	TAKE(3, V23, 19, V19)
	CMP R6, R7
	BLT tap16
	STORES(R2, F0, F1, F2, F3)
	ADD $64, R1, R1
	ADD $64, R2, R2
	ADD $64, R3, R3
	SUB $16, R0, R0
	B   wide

four:
	CMP  $4, R0
	BLT  one
	MOVD R5, R7
	VEOR V0.B16, V0.B16, V0.B16

tap4:
	CHOOSE
	FMOVQ   (R9), F16
	FMOVQ   (R10), F20
	TAKE(0, V20, 16, V16)
	CMP     R6, R7
	BLT     tap4
	FMOVQ.P F0, 16(R2)
	ADD     $16, R1, R1
	ADD     $16, R3, R3
	SUB     $4, R0, R0
	B       four

one:
	CBZ  R0, done
	MOVD R5, R7
	VEOR V0.B16, V0.B16, V0.B16

tap1:
	CHOOSE
	FMOVS   (R9), F16
	FMOVS   (R10), F20
	TAKE(0, V20, 16, V16)
	CMP     R6, R7
	BLT     tap1
	FMOVS.P F0, 4(R2)
	ADD     $4, R1, R1
	ADD     $4, R3, R3
	SUB     $1, R0, R0
	B       one

done:
	RET
