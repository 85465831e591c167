//go:build !noasm

#include "go_asm.h"
#include "textflag.h"
#include "neon_arm64.h"
#include "pairs_neon_arm64.h"
#include "eight_neon_arm64.h"

// The transforms of Winograd's convolution with stride 2, eight elements of each row at a
// time; eight_neon_arm64.h draws where the rows stand. The operations, and the order of
// each chain, are those of generic_winostride.go.
//
//	V0 to V23  values, a pair of neighbours for eight elements
//	V24 to V27 constants of products; V28 to V30 all constants, four in each

// The places of the constants in ·strideConstants.
#define P1   0
#define P2   1
#define P3   2
#define Q1   3
#define Q2   4
#define Q3   5
#define SUM  6
#define PROD 7
#define WP   8
#define WPM  9
#define WQ   10
#define WQM  11

// POINTS takes the elements V0, V2, V4, V6 and V8 to the points, places 0 to 4.
#define POINTS \
	COPY(18, 6)                 \
	COPY(20, 4)                 \
	FMS(18, 2, Q2)              \
	FMS(20, 0, Q2)              \
	FMS(8, 4, SUM)              \
	FMS(6, 2, P2)               \
	FMS(4, 0, P2)               \
	FMA(8, 0, PROD)             \
	COPY(22, 18)                \
	COPY(2, 6)                  \
	FMA(22, 20, P1)             \
	FMS(18, 20, P1)             \
	FMA(2, 4, Q1)               \
	FMS(6, 4, Q1)               \
	FSTPQ.P (F22, F23), 32(R10) \
	FSTPQ.P (F18, F19), 32(R11) \
	FSTPQ.P (F2, F3), 32(R12)   \
	FSTPQ.P (F6, F7), 32(R13)   \
	FSTPQ.P (F8, F9), 32(R14)

#define INPUT \
	FLDPQ.P 32(R2), (F0, F1)    \
	FLDPQ.P 32(R4), (F2, F3)    \
	FLDPQ.P 32(R6), (F4, F5)    \
	FLDPQ.P 32(R8), (F6, F7)    \
	FLDPQ.P 32(R24), (F8, F9)   \
	FLDPQ.P 32(R3), (F10, F11)  \
	FLDPQ.P 32(R5), (F12, F13)  \
	FLDPQ.P 32(R7), (F14, F15)  \
	FLDPQ.P 32(R9), (F16, F17)  \
	FSTPQ.P (F10, F11), 32(R15) \
	FSTPQ.P (F12, F13), 32(R16) \
	FSTPQ.P (F14, F15), 32(R17) \
	FSTPQ.P (F16, F17), 32(R25) \
	POINTS

#define OUTPUTGRAD \
	FLDPQ.P 32(R2), (F0, F1)  \
	FLDPQ.P 32(R3), (F2, F3)  \
	FLDPQ.P 32(R4), (F4, F5)  \
	FLDPQ.P 32(R5), (F6, F7)  \
	FLDPQ.P 32(R6), (F8, F9)  \
	FSTPQ.P (F0, F1), 32(R15) \
	FSTPQ.P (F2, F3), 32(R16) \
	FSTPQ.P (F4, F5), 32(R17) \
	FSTPQ.P (F6, F7), 32(R25) \
	POINTS

#define FILTER \
	FLDPQ.P 32(R2), (F0, F1)    \
	FLDPQ.P 32(R3), (F2, F3)    \
	FLDPQ.P 32(R4), (F4, F5)    \
	COPY(6, 0)                  \
	COPY(8, 0)                  \
	COPY(10, 0)                 \
	FMA(6, 4, P1)               \
	FMS(8, 4, P1)               \
	FMA(10, 4, Q1)              \
	FMS(0, 4, Q1)               \
	MUL(6, 6, 24)               \
	MUL(8, 8, 25)               \
	MUL(10, 10, 26)             \
	MUL(0, 0, 27)               \
	FSTPQ.P (F6, F7), 32(R10)   \
	FSTPQ.P (F8, F9), 32(R11)   \
	FSTPQ.P (F10, F11), 32(R12) \
	FSTPQ.P (F0, F1), 32(R13)   \
	FSTPQ.P (F4, F5), 32(R14)   \
	FSTPQ.P (F2, F3), 32(R15)

// SUMS makes V8 and V10 the sum and the difference of rows 0 and 1, V12 and V14 those of
// rows 2 and 3, and loads row 4 to V16, rows 5 to 8 to V0, V2, V4 and V6.
#define SUMS \
	FLDPQ.P 32(R2), (F0, F1)   \
	FLDPQ.P 32(R3), (F2, F3)   \
	FLDPQ.P 32(R4), (F4, F5)   \
	FLDPQ.P 32(R5), (F6, F7)   \
	FLDPQ.P 32(R6), (F16, F17) \
	PLUS(8, 0, 2)              \
	MINUS(10, 0, 2)            \
	PLUS(12, 4, 6)             \
	MINUS(14, 4, 6)            \
	FLDPQ.P 32(R7), (F0, F1)   \
	FLDPQ.P 32(R8), (F2, F3)   \
	FLDPQ.P 32(R9), (F4, F5)   \
	FLDPQ.P 32(R24), (F6, F7)

#define OUTPUT \
	SUMS                        \
	PLUS(0, 0, 8)               \
	PLUS(16, 16, 6)             \
	FMA(2, 10, P1)              \
	FMA(4, 8, P2)               \
	PLUS(0, 0, 12)              \
	FMA(16, 10, P3)             \
	FMA(2, 14, Q1)              \
	FMA(4, 12, Q2)              \
	FMA(16, 14, Q3)             \
	FSTPQ.P (F0, F1), 32(R10)   \
	FSTPQ.P (F2, F3), 32(R11)   \
	FSTPQ.P (F4, F5), 32(R12)   \
	FSTPQ.P (F16, F17), 32(R13)

#define INPUTGRAD \
	SUMS                        \
	PLUS(18, 8, 12)             \
	MUL(20, 10, 26)             \
	MUL(22, 8, 27)              \
	FMA(16, 10, P3)             \
	FMA(20, 14, Q1)             \
	FMA(22, 12, Q2)             \
	FMA(16, 14, Q3)             \
	FSTPQ.P (F0, F1), 32(R10)   \
	FSTPQ.P (F18, F19), 32(R11) \
	FSTPQ.P (F2, F3), 32(R12)   \
	FSTPQ.P (F20, F21), 32(R13) \
	FSTPQ.P (F4, F5), 32(R14)   \
	FSTPQ.P (F22, F23), 32(R15) \
	FSTPQ.P (F6, F7), 32(R16)   \
	FSTPQ.P (F16, F17), 32(R17)

// func strideInputF32NEON(dst, src *float32, s *Strips)
TEXT ·strideInputF32NEON(SB), NOSPLIT, $0-24
	STRIPS(·strideConstants)
	EACH(INPUT)

// func strideFilterF32NEON(dst, src *float32, s *Strips)
TEXT ·strideFilterF32NEON(SB), NOSPLIT, $0-24
	STRIPS(·strideConstants)
	BCAST(WP, 24)
	BCAST(WPM, 25)
	BCAST(WQ, 26)
	BCAST(WQM, 27)
	EACH(FILTER)

// func strideOutputF32NEON(dst, src *float32, s *Strips)
TEXT ·strideOutputF32NEON(SB), NOSPLIT, $0-24
	STRIPS(·strideConstants)
	EACH(OUTPUT)

// func strideOutputGradF32NEON(dst, src *float32, s *Strips)
TEXT ·strideOutputGradF32NEON(SB), NOSPLIT, $0-24
	STRIPS(·strideConstants)
	EACH(OUTPUTGRAD)

// func strideInputGradF32NEON(dst, src *float32, s *Strips)
TEXT ·strideInputGradF32NEON(SB), NOSPLIT, $0-24
	STRIPS(·strideConstants)
	BCAST(P1, 26)
	BCAST(P2, 27)
	EACH(INPUTGRAD)
