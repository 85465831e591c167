//go:build !noasm

#include "textflag.h"

// Every second element of the rows of planes, for convolutions of stride 2, and
// planes with zeros put in.
//
// The last four of a row end where the row does and overlap those before; shorter rows
// go one by one. The first two kernels have
//
//	R0  planes left; R1 a plane of dst, R2 of src (of the even elements)
//	R3  rows left; R4 a row of dst, R5 to the next; R6 of src, R7 to the next
//	R8  elements of a row; R9 blocks of four but for the last; R10 those left
//	R11, R12 dst and src at hand
//	R14, R15 the distances of two planes; R19 where the last four begin, in bytes
//	R13 weaveF32NEON: the odd elements at hand, R20 their distance from the even ones

// SETUP reads what both have; a place in the frame each.
#define SETUP(planes, dst, dstPlane, dstRow, src, srcPlane, srcRow, n) \
	MOVD planes, R0   \
	MOVD dst, R1      \
	MOVD dstPlane, R14 \
	LSL  $2, R14, R14 \
	MOVD dstRow, R5   \
	LSL  $2, R5, R5   \
	MOVD src, R2      \
	MOVD srcPlane, R15 \
	LSL  $2, R15, R15 \
	MOVD srcRow, R7   \
	LSL  $2, R7, R7   \
	MOVD n, R8        \
	SUB  $1, R8, R9   \
	LSR  $2, R9, R9   \
	SUB  $4, R8, R19  \
	LSL  $2, R19, R19

// takeSecondF32NEON is, for p < planes, r < rows, i < n:
//
//	dst[p*dstPlane+r*dstRow+i] = src[p*srcPlane+r*srcRow+2*i]

// func takeSecondF32NEON(planes, rows int, dst *float32, dstPlane, dstRow int, src *float32, srcPlane, srcRow, n int)
TEXT ·takeSecondF32NEON(SB), NOSPLIT, $0-72
	SETUP(planes+0(FP), dst+16(FP), dstPlane+24(FP), dstRow+32(FP), src+40(FP), srcPlane+48(FP), srcRow+56(FP), n+64(FP))

tplane:
	MOVD R1, R4
	MOVD R2, R6
	MOVD rows+8(FP), R3

trow:
	MOVD R4, R11
	MOVD R6, R12
	MOVD R9, R10
	CMP  $4, R8
	BLT  tfew
	CBZ  R10, tlast

tblock:
	FLDPQ.P 32(R12), (F0, F1)
	VUZP1   V1.S4, V0.S4, V0.S4 // 0 2 4 6
	FMOVQ.P F0, 16(R11)
	SUBS    $1, R10, R10
	BNE     tblock

tlast: // from element 2*n-8 on, the second half an element early, as src ends there
	ADD   R19<<1, R6, R12
	FMOVQ (R12), F0
	ADD   $12, R12, R12
	FMOVQ (R12), F1
	VUZP1 V0.S4, V0.S4, V0.S4 // 0 2 0 2
	VUZP2 V1.S4, V1.S4, V1.S4 // 4 6 4 6
	VZIP1 V1.D2, V0.D2, V0.D2 // 0 2 4 6
	ADD   R19, R4, R11
	FMOVQ F0, (R11)

tnext:
	ADD  R5, R4, R4
	ADD  R7, R6, R6
	SUBS $1, R3, R3
	BNE  trow
	ADD  R14, R1, R1
	ADD  R15, R2, R2
	SUBS $1, R0, R0
	BNE  tplane
	RET

tfew:
	MOVD R8, R10

tone:
	FMOVS   (R12), F0
	ADD     $8, R12, R12
	FMOVS.P F0, 4(R11)
	SUBS    $1, R10, R10
	BNE     tone
	B       tnext

// weaveF32NEON is, for p < planes, r < rows, i < n, with s = p*srcPlane+r*srcRow:
//
//	dst[p*dstPlane+r*dstRow+2*i]   = even ? even[s+i] : +0
//	dst[p*dstPlane+r*dstRow+2*i+1] = odd ? odd[s+i] : +0
//
// One of even and odd must be; it is read in place of the other too, of which V30 (even)
// and V31 (odd) then make zeros.

// LANES makes M ones if P is there; else zeros, and P is Q.
#define LANES(P, Q, M, there) \
	VMOVI $255, M           \
	CBNZ  P, there          \
	VEOR  M, M, M           \
	MOVD  Q, P              \
there:

// WEAVE makes V2, V3 the elements of V0 and V1 in turn.
#define WEAVE \
	VAND  V30.B16, V0.B16, V0.B16 \
	VAND  V31.B16, V1.B16, V1.B16 \
	VZIP1 V1.S4, V0.S4, V2.S4     \ // e0 o0 e1 o1
	VZIP2 V1.S4, V0.S4, V3.S4       // e2 o2 e3 o3

// func weaveF32NEON(planes, rows int, dst *float32, dstPlane, dstRow int, even, odd *float32, srcPlane, srcRow, n int)
TEXT ·weaveF32NEON(SB), NOSPLIT, $0-80
	SETUP(planes+0(FP), dst+16(FP), dstPlane+24(FP), dstRow+32(FP), even+40(FP), srcPlane+56(FP), srcRow+64(FP), n+72(FP))
	MOVD odd+48(FP), R20
	LANES(R2, R20, V30.B16, haseven)
	LANES(R20, R2, V31.B16, hasodd)
	SUB  R2, R20, R20

wplane:
	MOVD R1, R4
	MOVD R2, R6
	MOVD rows+8(FP), R3

wrow:
	MOVD R4, R11
	MOVD R6, R12
	ADD  R20, R6, R13
	MOVD R9, R10
	CMP  $4, R8
	BLT  wfew
	CBZ  R10, wlast

wblock:
	FMOVQ.P 16(R12), F0
	FMOVQ.P 16(R13), F1
	WEAVE
	FSTPQ.P (F2, F3), 32(R11)
	SUBS    $1, R10, R10
	BNE     wblock

wlast:
	ADD   R19, R6, R12
	ADD   R20, R12, R13
	FMOVQ (R12), F0
	FMOVQ (R13), F1
	WEAVE
	ADD   R19<<1, R4, R11
	FSTPQ (F2, F3), (R11)

wnext:
	ADD  R5, R4, R4
	ADD  R7, R6, R6
	SUBS $1, R3, R3
	BNE  wrow
	ADD  R14, R1, R1
	ADD  R15, R2, R2
	SUBS $1, R0, R0
	BNE  wplane
	RET

wfew:
	MOVD R8, R10

wone:
	FMOVS.P 4(R12), F0
	FMOVS.P 4(R13), F1
	WEAVE
	FMOVD.P F2, 8(R11)
	SUBS    $1, R10, R10
	BNE     wone
	B       wnext

// expandF32NEON fills planes of size elements, one behind the other: where a mask has
// a one stands the next element of src, of which a plane takes count, +0 elsewhere.
// Four bits of a mask choose the order in which TBL spreads the next four elements.
// A plane may read and write beyond its end as long as that is not the end of all, since
// the next one writes there again; the last ones go more carefully.
//
//	R0  planes left; R1 a plane of dst, R3 its bytes, R5 where dst ends
//	R2  src, R4 the bytes that a plane takes, R6 where src ends
//	R7  spread; R8 taken: the bytes that four bits of a mask take
//	R9  masks at hand; R10 dst at hand; R11 bytes of masks left
//	R12 four bits of a mask; R13, R19 scratch; R14 size; R15 masks
//
// and in the careful planes
//
//	R11 fours of elements, R20 the one at hand

// FOUR spreads the next four elements in V0.
#define FOUR \
	ADD   R12<<4, R7, R13 \
	FMOVQ (R13), F1       \
	MOVBU (R8)(R12), R13  \
	FMOVQ (R2), F0        \
	ADD   R13, R2, R2     \
	VTBL  V1.B16, [V0.B16], V0.B16

// func expandF32NEON(planes int, dst, src *float32, masks *uint16, size, count int)
TEXT ·expandF32NEON(SB), NOSPLIT, $0-48
	MOVD planes+0(FP), R0
	MOVD dst+8(FP), R1
	MOVD src+16(FP), R2
	MOVD masks+24(FP), R15
	MOVD size+32(FP), R14
	LSL  $2, R14, R3
	MOVD count+40(FP), R4
	LSL  $2, R4, R4
	MADD R0, R1, R3, R5
	MADD R0, R2, R4, R6
	MOVD $·spread(SB), R7
	MOVD $·taken(SB), R8

eplane:
	MOVD R15, R9
	MOVD R1, R10
	ADD  R3, R1, R13
	ADD  $28, R13, R13   // up to seven elements more than the plane's
	CMP  R5, R13
	BHI  careful
	ADD  R4, R2, R13
	ADD  $16, R13, R13   // up to four more than it takes
	CMP  R6, R13
	BHI  careful
	ADD  $7, R14, R11
	LSR  $3, R11, R11

eblock:
	MOVBU.P 1(R9), R19
	AND     $15, R19, R12
	FOUR
	FMOVQ   F0, (R10)
	LSR     $4, R19, R12
	FOUR
	FMOVQ   F0, 16(R10)
	ADD     $32, R10, R10
	SUBS    $1, R11, R11
	BNE     eblock

enext:
	ADD  R3, R1, R1
	SUBS $1, R0, R0
	BNE  eplane
	RET

careful:
	ADD  $3, R14, R11
	LSR  $2, R11, R11
	MOVD ZR, R20

four:
	LSR   $1, R20, R13
	MOVBU (R9)(R13), R12
	TBZ   $0, R20, low
	LSR   $4, R12, R12

low:
	AND   $15, R12, R12
	SUB   $16, R6, R19            // the last four of src, or those at hand
	CMP   R19, R2
	CSEL  LO, R2, R19, R19
	FMOVQ (R19), F0
	SUB   R19, R2, R13            // by so many bytes further on in them
	VDUP  R13, V2.B16
	ADD   R12<<4, R7, R19
	FMOVQ (R19), F1
	VADD  V2.B16, V1.B16, V1.B16  // what is to be 0 stays beyond them
	VTBL  V1.B16, [V0.B16], V0.B16
	MOVBU (R8)(R12), R13
	ADD   R13, R2, R2
	SUB   R10, R5, R13            // bytes left of dst
	CMP   $16, R13
	BLT   part
	FMOVQ F0, (R10)

fnext:
	ADD $16, R10, R10
	ADD $1, R20, R20
	CMP R11, R20
	BLT four
	B   enext

part: // one to three elements
	FMOVS F0, (R10)
	CMP   $8, R13
	BLT   fnext
	VMOV  V0.S[1], R19
	MOVW  R19, 4(R10)
	BEQ   fnext
	VMOV  V0.S[2], R19
	MOVW  R19, 8(R10)
	B     fnext
