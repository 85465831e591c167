//go:build !noasm

#include "textflag.h"
#include "neon_arm64.h"

// One row of a batch of vectors under batch normalisation: column j has its own
// values. Four columns at a time, then one at a time by the same instructions,
// whose other lanes do not count. Or sixteen columns beside each other share their values.
//
//	R0 columns left; R1 result or s; R2 x; R3 dy or q; R4 m or shift; R5 a; R6 b
//	R7 c or mean; R8 d or dy; R9 whether values are shared, then of sixteen columns those left
//	V0 x, V1 dy, V2 m or shift, V3 a, V4 b, V5 c, V6 d
//	V16, V17 s; V18, V19 q; V20, V21 mean; V8 to V11 at work
//	V22 b, V23 d that are shared: the work on four columns changes V4 and V6

// COLUMNS is LOAD4, BODY, STORE4 for four columns, LOAD1, BODY, STORE1 for one.
#define COLUMNS(LOAD4, LOAD1, BODY, STORE4, STORE1) \
	CMP  $4, R0 \
	BLT  rest \
blocks: \
	LOAD4 \
	SUB  $4, R0, R0 \
	BODY \
	CMP  $4, R0 \
	STORE4 \
	BGE  blocks \
rest: \
	CBZ  R0, done \
one: \
	LOAD1 \
	SUBS $1, R0, R0 \
	BODY \
	STORE1 \
	BNE  one \
done: \
	RET

// SHARED is VALUES for sixteen columns, and LOAD4, BODY, STORE4 for four of them.
#define SHARED(VALUES, LOAD4, BODY, STORE4) \
shared: \
	VALUES \
	MOVD $16, R9 \
four: \
	LOAD4 \
	BODY \
	SUBS $4, R9, R9 \
	STORE4 \
	BNE  four \
	SUBS $16, R0, R0 \
	BNE  shared \
	RET

#define LOADAPPLY4 \
	FMOVQ.P 16(R2), F0 \
	FMOVQ.P 16(R4), F2 \
	FMOVQ.P 16(R5), F3 \
	FMOVQ.P 16(R6), F4

#define LOADAPPLY1 \
	FMOVS.P 4(R2), F0 \
	FMOVS.P 4(R4), F2 \
	FMOVS.P 4(R5), F3 \
	FMOVS.P 4(R6), F4

#define SHAREDAPPLY \
	VLD1R.P 4(R4), [V2.S4] \
	VLD1R.P 4(R5), [V3.S4] \
	VLD1R.P 4(R6), [V4.S4]

#define LOADX4 FMOVQ.P 16(R2), F0

#define STOREF4 FMOVQ.P F0, 16(R1)
#define STOREF1 FMOVS.P F0, 4(R1)

// APPLY is fma(x-m, a, b); APPLYRELU is that where it is > 0, else +0.
#define APPLY \
	FSUB4S(8, 0, 2) \
	ORR16B(0, 4, 4) \
	FMLA4S(0, 8, 3)

#define APPLYRELU \
	APPLY \
	FCMGT04S(8, 0) \
	AND16B(0, 0, 8)

// func normColsRowF32NEON(n int, y, x, m, a, b *float32, shared bool)
TEXT ·normColsRowF32NEON(SB), NOSPLIT, $0-49
	MOVD n+0(FP), R0
	MOVD y+8(FP), R1
	MOVD x+16(FP), R2
	MOVD m+24(FP), R4
	MOVD a+32(FP), R5
	MOVD b+40(FP), R6
	MOVBU shared+48(FP), R9
	CBNZ  R9, shared
	COLUMNS(LOADAPPLY4, LOADAPPLY1, APPLY, STOREF4, STOREF1)
	SHARED(SHAREDAPPLY, LOADX4, APPLY, STOREF4)

// func normColsReluRowF32NEON(n int, y, x, m, a, b *float32, shared bool)
TEXT ·normColsReluRowF32NEON(SB), NOSPLIT, $0-49
	MOVD n+0(FP), R0
	MOVD y+8(FP), R1
	MOVD x+16(FP), R2
	MOVD m+24(FP), R4
	MOVD a+32(FP), R5
	MOVD b+40(FP), R6
	MOVBU shared+48(FP), R9
	CBNZ  R9, shared
	COLUMNS(LOADAPPLY4, LOADAPPLY1, APPLYRELU, STOREF4, STOREF1)
	SHARED(SHAREDAPPLY, LOADX4, APPLYRELU, STOREF4)

#define LOADGRAD4 \
	LOADAPPLY4 \
	FMOVQ.P 16(R3), F1 \
	FMOVQ.P 16(R7), F5 \
	FMOVQ.P 16(R8), F6

#define LOADGRAD1 \
	LOADAPPLY1 \
	FMOVS.P 4(R3), F1 \
	FMOVS.P 4(R7), F5 \
	FMOVS.P 4(R8), F6

#define SHAREDGRAD \
	VLD1R.P 4(R4), [V2.S4] \
	VLD1R.P 4(R5), [V3.S4] \
	VLD1R.P 4(R6), [V22.S4] \
	VLD1R.P 4(R7), [V5.S4] \
	VLD1R.P 4(R8), [V23.S4]

#define LOADXDY4 \
	FMOVQ.P 16(R2), F0 \
	FMOVQ.P 16(R3), F1 \
	ORR16B(4, 22, 22) \
	ORR16B(6, 23, 23)

// MASK makes dy +0 unless fma(x-m, a, b) > 0; V8 is x-m.
#define MASK \
	FSUB4S(8, 0, 2) \
	FMLA4S(4, 8, 3) \
	FCMGT04S(4, 4) \
	AND16B(1, 1, 4)

// GRAD is fma(dy, a, fma(x-m, c, d)).
#define GRAD \
	FSUB4S(8, 0, 2) \
	FMLA4S(6, 8, 5) \
	FMLA4S(6, 1, 3) \
	ORR16B(0, 6, 6)

#define GRADRELU \
	MASK \
	GRAD

// func normColsGradRowF32NEON(n int, dx, x, dy, m, a, b, c, d *float32, shared bool)
TEXT ·normColsGradRowF32NEON(SB), NOSPLIT, $0-73
	MOVD n+0(FP), R0
	MOVD dx+8(FP), R1
	MOVD x+16(FP), R2
	MOVD dy+24(FP), R3
	MOVD m+32(FP), R4
	MOVD a+40(FP), R5
	MOVD b+48(FP), R6
	MOVD c+56(FP), R7
	MOVD d+64(FP), R8
	MOVBU shared+72(FP), R9
	CBNZ  R9, shared
	COLUMNS(LOADGRAD4, LOADGRAD1, GRAD, STOREF4, STOREF1)
	SHARED(SHAREDGRAD, LOADXDY4, GRAD, STOREF4)

// func normColsReluGradRowF32NEON(n int, dx, x, dy, m, a, b, c, d *float32, shared bool)
TEXT ·normColsReluGradRowF32NEON(SB), NOSPLIT, $0-73
	MOVD n+0(FP), R0
	MOVD dx+8(FP), R1
	MOVD x+16(FP), R2
	MOVD dy+24(FP), R3
	MOVD m+32(FP), R4
	MOVD a+40(FP), R5
	MOVD b+48(FP), R6
	MOVD c+56(FP), R7
	MOVD d+64(FP), R8
	MOVBU shared+72(FP), R9
	CBNZ  R9, shared
	COLUMNS(LOADGRAD4, LOADGRAD1, GRADRELU, STOREF4, STOREF1)
	SHARED(SHAREDGRAD, LOADXDY4, GRADRELU, STOREF4)

#define LOADSUMS4 \
	FMOVQ.P 16(R2), F0 \
	FMOVQ.P 16(R4), F2 \
	FLDPQ   (R1), (F16, F17) \
	FLDPQ   (R3), (F18, F19)

#define LOADSUMS1 \
	FMOVS.P 4(R2), F0 \
	FMOVS.P 4(R4), F2 \
	FMOVD   (R1), F16 \
	FMOVD   (R3), F18

#define SHAREDSUMS VLD1R.P 4(R4), [V2.S4]

#define LOADSHARED4 \
	FMOVQ.P 16(R2), F0 \
	FLDPQ   (R1), (F16, F17) \
	FLDPQ   (R3), (F18, F19)

#define STORESUMS4 \
	FSTPQ.P (F16, F17), 32(R1) \
	FSTPQ.P (F18, F19), 32(R3)

#define STORESUMS1 \
	FMOVD.P F16, 8(R1) \
	FMOVD.P F18, 8(R3)

// ADDSUMS is, with d = x - shift in float64, s += d, q = fma(d, d, q).
#define ADDSUMS \
	FCVTL2D(8, 0) \
	FCVTL22D(9, 0) \
	FCVTL2D(10, 2) \
	FCVTL22D(11, 2) \
	FSUB2D(8, 8, 10) \
	FSUB2D(9, 9, 11) \
	FADD2D(16, 16, 8) \
	FADD2D(17, 17, 9) \
	FMLA2D(18, 8, 8) \
	FMLA2D(19, 9, 9)

// func normColsSumsRowF32NEON(n int, x, shift *float32, s, q *float64, shared bool)
TEXT ·normColsSumsRowF32NEON(SB), NOSPLIT, $0-41
	MOVD n+0(FP), R0
	MOVD x+8(FP), R2
	MOVD shift+16(FP), R4
	MOVD s+24(FP), R1
	MOVD q+32(FP), R3
	MOVBU shared+40(FP), R9
	CBNZ  R9, shared
	COLUMNS(LOADSUMS4, LOADSUMS1, ADDSUMS, STORESUMS4, STORESUMS1)
	SHARED(SHAREDSUMS, LOADSHARED4, ADDSUMS, STORESUMS4)

#define LOADGRADSUMS4 \
	LOADAPPLY4 \
	FMOVQ.P 16(R8), F1 \
	FLDPQ.P 32(R7), (F20, F21) \
	FLDPQ   (R1), (F16, F17) \
	FLDPQ   (R3), (F18, F19)

#define LOADGRADSUMS1 \
	LOADAPPLY1 \
	FMOVS.P 4(R8), F1 \
	FMOVD.P 8(R7), F20 \
	FMOVD   (R1), F16 \
	FMOVD   (R3), F18

#define SHAREDGRADSUMS \
	VLD1R.P 4(R4), [V2.S4] \
	VLD1R.P 4(R5), [V3.S4] \
	VLD1R.P 4(R6), [V22.S4] \
	VLD1R.P 8(R7), [V20.D2] \
	ORR16B(21, 20, 20)

#define LOADSHAREDGRAD4 \
	LOADSHARED4 \
	FMOVQ.P 16(R8), F1 \
	ORR16B(4, 22, 22)

// ADDGRADSUMS is s += dy, q = fma(dy, x - mean, q) in float64.
#define ADDGRADSUMS \
	FCVTL2D(8, 0) \
	FCVTL22D(9, 0) \
	FCVTL2D(10, 1) \
	FCVTL22D(11, 1) \
	FSUB2D(8, 8, 20) \
	FSUB2D(9, 9, 21) \
	FADD2D(16, 16, 10) \
	FADD2D(17, 17, 11) \
	FMLA2D(18, 10, 8) \
	FMLA2D(19, 11, 9)

#define ADDGRADSUMSRELU \
	MASK \
	ADDGRADSUMS

// func normColsGradSumsRowF32NEON(n int, x, dy *float32, mean *float64, m, a, b *float32, s, q *float64, shared bool)
TEXT ·normColsGradSumsRowF32NEON(SB), NOSPLIT, $0-73
	MOVD n+0(FP), R0
	MOVD x+8(FP), R2
	MOVD dy+16(FP), R8
	MOVD mean+24(FP), R7
	MOVD m+32(FP), R4
	MOVD a+40(FP), R5
	MOVD b+48(FP), R6
	MOVD s+56(FP), R1
	MOVD q+64(FP), R3
	MOVBU shared+72(FP), R9
	CBNZ  R9, shared
	COLUMNS(LOADGRADSUMS4, LOADGRADSUMS1, ADDGRADSUMS, STORESUMS4, STORESUMS1)
	SHARED(SHAREDGRADSUMS, LOADSHAREDGRAD4, ADDGRADSUMS, STORESUMS4)

// func normColsReluGradSumsRowF32NEON(n int, x, dy *float32, mean *float64, m, a, b *float32, s, q *float64, shared bool)
TEXT ·normColsReluGradSumsRowF32NEON(SB), NOSPLIT, $0-73
	MOVD n+0(FP), R0
	MOVD x+8(FP), R2
	MOVD dy+16(FP), R8
	MOVD mean+24(FP), R7
	MOVD m+32(FP), R4
	MOVD a+40(FP), R5
	MOVD b+48(FP), R6
	MOVD s+56(FP), R1
	MOVD q+64(FP), R3
	MOVBU shared+72(FP), R9
	CBNZ  R9, shared
	COLUMNS(LOADGRADSUMS4, LOADGRADSUMS1, ADDGRADSUMSRELU, STORESUMS4, STORESUMS1)
	SHARED(SHAREDGRADSUMS, LOADSHAREDGRAD4, ADDGRADSUMSRELU, STORESUMS4)
