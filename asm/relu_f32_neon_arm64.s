//go:build !noasm

#include "textflag.h"
#include "neon_arm64.h"
#include "map_neon_arm64.h"

// x > 0 is false for NaN and for zeros of both signs.
//
//	R0 elements; R1 result; R2, R3 operands; V31 slope

// RELU is x > 0 ? x : +0.
#define RELU(x, t, u) \
	FCMGT04S(t, x) \
	AND16B(x, x, t)

// func reluF32NEON(dst, src []float32)
TEXT ·reluF32NEON(SB), NOSPLIT, $0-48
	MOVD dst+0(FP), R1
	MOVD dst_len+8(FP), R0
	MOVD src+24(FP), R2
	MAP1(RELU)

// RELUGRAD is y > 0 ? x : +0.
#define RELUGRAD(x, y, t) \
	FCMGT04S(y, y) \
	AND16B(x, x, y)

// func reluGradF32NEON(dx, dy, y []float32)
TEXT ·reluGradF32NEON(SB), NOSPLIT, $0-72
	MOVD dx+0(FP), R1
	MOVD dx_len+8(FP), R0
	MOVD dy+24(FP), R2
	MOVD y+48(FP), R3
	MAP2(RELUGRAD)

// ADDRELU is x + y where that is > 0, else +0.
#define ADDRELU(x, y, t) \
	FADD4S(x, x, y) \
	FCMGT04S(t, x) \
	AND16B(x, x, t)

// func addReluF32NEON(dst, src []float32)
TEXT ·addReluF32NEON(SB), NOSPLIT, $0-48
	MOVD dst+0(FP), R1
	MOVD dst_len+8(FP), R0
	MOVD src+24(FP), R2
	MOVD R1, R3
	MAP2(ADDRELU)

// LEAKY is x > 0 ? x : slope*x.
#define LEAKY(x, t, u) \
	FCMGT04S(t, x) \
	FMUL4S(u, x, 31) \
	BIF16B(x, u, t)

// func leakyReluF32NEON(dst, src []float32, slope float32)
TEXT ·leakyReluF32NEON(SB), NOSPLIT, $0-52
	MOVD  dst+0(FP), R1
	MOVD  dst_len+8(FP), R0
	MOVD  src+24(FP), R2
	FMOVS slope+48(FP), F31
	VDUP  V31.S[0], V31.S4
	MAP1(LEAKY)

// LEAKYGRAD is y > 0 ? x : slope*x.
#define LEAKYGRAD(x, y, t) \
	FCMGT04S(y, y) \
	FMUL4S(t, x, 31) \
	BIF16B(x, t, y)

// func leakyReluGradF32NEON(dx, dy, y []float32, slope float32)
TEXT ·leakyReluGradF32NEON(SB), NOSPLIT, $0-76
	MOVD  dx+0(FP), R1
	MOVD  dx_len+8(FP), R0
	MOVD  dy+24(FP), R2
	MOVD  y+48(FP), R3
	FMOVS slope+72(FP), F31
	VDUP  V31.S[0], V31.S4
	MAP2(LEAKYGRAD)
