//go:build !noasm

#include "go_asm.h"
#include "textflag.h"

// The fused convolutions of Winograd's algorithm along rows, AVX2 path: a quarter of the 24
// accumulators of 16 tiles at a time, six of two registers, which are two places of
// three filters or one of six: a step of them is 12 FMAs for two or four loads and six
// broadcasts. Need AVX2 and FMA3. The transforms are drawn in winorows_amd64.h.
//
//	AX  blocks left; CX steps left
//	BX  u, the transformed filters; DI where in it a step reads six numbers
//	SI  v, the transformed inputs of a block; R14 where in it a step reads
//	DX  the outputs of the first filter; R8 from one filter to the next
//	R9  bias; R10 relu; R11 steps; R12 scratch memory, [24][16]; R15 where in it
//	R13 quarters and filters left; then outputs
//	Y0 to Y11   accumulators, a pair each
//	Y12 to Y15  inputs and broadcasts
//
//	for b < blocks
//		for j < 24: m[j] = +0; for t < taps: m[j] = fma(u[t][j], v[b][t][place of j], m[j])
//		for f: y[f][b] = outputs of m at f, interleaved

#define WIDTH 32

#define V0 Y0
#define V1 Y1
#define V2 Y2
#define V3 Y3
#define V4 Y4
#define V5 Y5
#define V6 Y6
#define V7 Y7
#define V8 Y8
#define V9 Y9
#define V10 Y10
#define V11 Y11
#define V12 Y12
#define V13 Y13
#define V14 Y14
#define V15 Y15

#include "winorows_amd64.h"

#define ZERO4(A, B, C, D) \
	VXORPS A, A, A \
	VXORPS B, B, B \
	VXORPS C, C, C \
	VXORPS D, D, D

// TIMES multiplies number I of a step with the inputs in Y12 and Y13.
#define TIMES(I, X, L, H) \
	VBROADCASTSS (4*I)(DI), X \
	VFMADD231PS  X, Y12, L    \
	VFMADD231PS  X, Y13, H

// STEP6 is one step of six filters at a place, STEP3 of three at two.
#define STEP6 \
	VMOVUPS (R14), Y12        \
	VMOVUPS 32(R14), Y13      \
	TIMES(0, Y14, Y0, Y1)     \
	TIMES(1, Y15, Y2, Y3)     \
	TIMES(2, Y14, Y4, Y5)     \
	TIMES(3, Y15, Y6, Y7)     \
	TIMES(4, Y14, Y8, Y9)     \
	TIMES(5, Y15, Y10, Y11)

#define STEP3 \
	VMOVUPS (R14), Y12        \
	VMOVUPS 32(R14), Y13      \
	TIMES(0, Y14, Y0, Y1)     \
	TIMES(1, Y15, Y2, Y3)     \
	TIMES(2, Y14, Y4, Y5)     \
	VMOVUPS 64(R14), Y12      \
	VMOVUPS 96(R14), Y13      \
	TIMES(3, Y15, Y6, Y7)     \
	TIMES(4, Y14, Y8, Y9)     \
	TIMES(5, Y15, Y10, Y11)

#define PUT(I, L, H) \
	VMOVUPS L, (64*I)(R15)    \
	VMOVUPS H, (64*I+32)(R15)

// CONV is the body of a kernel: STEP is one step of a quarter, BYTES of inputs in all
// places, which are PART of it in a quarter; OUTPUTS does half the tiles of a filter,
// with outputs of SIZE bytes.
#define CONV(STEP, BYTES, PART, OUTPUTS, FILTERS, SIZE) \
	MOVQ blocks+0(FP), AX         \
	MOVQ taps+8(FP), R11          \
	MOVQ dst+16(FP), DX           \
	MOVQ ldd+24(FP), R8           \
	SHLQ $2, R8                   \
	MOVQ u+32(FP), BX             \
	MOVQ v+40(FP), SI             \
	MOVBQZX relu+56(FP), R10      \
block:                            \
	MOVQ scratch+64(FP), R15      \
	XORQ R13, R13                 \
quarter:                          \
	ZERO4(Y0, Y1, Y2, Y3)         \
	ZERO4(Y4, Y5, Y6, Y7)         \
	ZERO4(Y8, Y9, Y10, Y11)       \
	MOVQ R11, CX                  \
	LEAQ (R13)(R13*2), DI         \
	LEAQ (BX)(DI*8), DI           \
	MOVQ R13, R14                 \
	IMULQ $PART, R14              \
	ADDQ SI, R14                  \
step:                             \
	STEP                          \
	ADDQ $96, DI                  \
	ADDQ $BYTES, R14              \
	DECQ CX                       \
	JNZ  step                     \
	PUT(0, Y0, Y1)                \
	PUT(1, Y2, Y3)                \
	PUT(2, Y4, Y5)                \
	PUT(3, Y6, Y7)                \
	PUT(4, Y8, Y9)                \
	PUT(5, Y10, Y11)              \
	ADDQ $384, R15                \
	INCQ R13                      \
	CMPQ R13, $4                  \
	JNE  quarter                  \
	MOVQ R11, CX                  \
	IMULQ $BYTES, CX              \
	ADDQ CX, SI                   \
	MOVQ scratch+64(FP), R15      \
	MOVQ bias+48(FP), R9          \
	MOVQ DX, DI                   \
	MOVQ $FILTERS, R13            \
filter:                           \
	VBROADCASTSS (R9), Y15        \
	OUTPUTS(0, 0, relu0)          \
	OUTPUTS(32, SIZE, relu1)      \
	ADDQ $64, R15                 \
	ADDQ $4, R9                   \
	ADDQ R8, DI                   \
	DECQ R13                      \
	JNZ  filter                   \
	ADDQ $(2*SIZE), DX            \
	DECQ AX                       \
	JNZ  block                    \
	VZEROUPPER                    \
	RET

#define P3 2
#define Q3 5

// OUTPUTS5 makes the outputs of eight tiles of a filter, whose places are 192 bytes
// apart.
#define OUTPUTS5(FROM, TO, relu) \
	VMOVUPS     (192+FROM)(R15), Y1    \
	VMOVUPS     (384+FROM)(R15), Y2    \
	VMOVUPS     (576+FROM)(R15), Y3    \
	VMOVUPS     (768+FROM)(R15), Y4    \
	VMOVUPS     (960+FROM)(R15), Y5    \
	VMOVUPS     (1152+FROM)(R15), Y6   \
	VMOVUPS     (1344+FROM)(R15), Y7   \
	VADDPS      Y2, Y1, Y8             \
	VSUBPS      Y2, Y1, Y1             \
	VADDPS      Y4, Y3, Y9             \
	VSUBPS      Y4, Y3, Y3             \
	VADDPS      Y6, Y5, Y10            \
	VSUBPS      Y6, Y5, Y5             \
	VADDPS      (FROM)(R15), Y8, Y0    \
	CONST(P1, Y11)                     \
	VMULPS      Y11, Y1, Y2            \
	CONST(P2, Y12)                     \
	VMULPS      Y12, Y8, Y4            \
	CONST(P3, Y13)                     \
	VFMADD231PS Y13, Y1, Y7            \
	VADDPS      Y9, Y0, Y0             \
	VADDPS      Y3, Y2, Y2             \
	VADDPS      Y9, Y4, Y4             \
	VADDPS      Y3, Y7, Y7             \
	VADDPS      Y10, Y0, Y0            \
	CONST(Q1, Y11)                     \
	VFMADD231PS Y11, Y5, Y2            \
	CONST(Q2, Y12)                     \
	VFMADD231PS Y12, Y10, Y4           \
	CONST(Q3, Y13)                     \
	VFMADD231PS Y13, Y5, Y7            \
	VADDPS      Y15, Y0, Y0            \
	VADDPS      Y15, Y2, Y2            \
	VADDPS      Y15, Y4, Y4            \
	VADDPS      Y15, Y7, Y7            \
	TESTQ       R10, R10               \
	JEQ         relu                   \
	VXORPS      Y14, Y14, Y14          \
	VMAXPS      Y14, Y0, Y0            \
	VMAXPS      Y14, Y2, Y2            \
	VMAXPS      Y14, Y4, Y4            \
	VMAXPS      Y14, Y7, Y7            \
relu:                                  \
	VUNPCKLPS   Y2, Y0, Y8             \
	VUNPCKHPS   Y2, Y0, Y9             \
	VUNPCKLPS   Y7, Y4, Y10            \
	VUNPCKHPS   Y7, Y4, Y11            \
	VUNPCKLPD   Y10, Y8, Y0            \
	VUNPCKHPD   Y10, Y8, Y1            \
	VUNPCKLPD   Y11, Y9, Y2            \
	VUNPCKHPD   Y11, Y9, Y3            \
	VPERM2F128  $0x20, Y1, Y0, Y4      \
	VPERM2F128  $0x20, Y3, Y2, Y5      \
	VPERM2F128  $0x31, Y1, Y0, Y6      \
	VPERM2F128  $0x31, Y3, Y2, Y7      \
	VMOVUPS     Y4, (TO)(DI)           \
	VMOVUPS     Y5, (32+TO)(DI)        \
	VMOVUPS     Y6, (64+TO)(DI)        \
	VMOVUPS     Y7, (96+TO)(DI)

// OUTPUTS3 is OUTPUTS5 for four places, 384 bytes apart, and two outputs.
#define OUTPUTS3(FROM, TO, relu) \
	VMOVUPS    (384+FROM)(R15), Y1      \
	VMOVUPS    (768+FROM)(R15), Y2      \
	VADDPS     Y2, Y1, Y3               \
	VSUBPS     Y2, Y1, Y1               \
	VADDPS     (FROM)(R15), Y3, Y0      \
	VADDPS     (1152+FROM)(R15), Y1, Y1 \
	VADDPS     Y15, Y0, Y0              \
	VADDPS     Y15, Y1, Y1              \
	TESTQ      R10, R10                 \
	JEQ        relu                     \
	VXORPS     Y14, Y14, Y14            \
	VMAXPS     Y14, Y0, Y0              \
	VMAXPS     Y14, Y1, Y1              \
relu:                                   \
	VUNPCKLPS  Y1, Y0, Y2               \
	VUNPCKHPS  Y1, Y0, Y3               \
	VPERM2F128 $0x20, Y3, Y2, Y4        \
	VPERM2F128 $0x31, Y3, Y2, Y5        \
	VMOVUPS    Y4, (TO)(DI)             \
	VMOVUPS    Y5, (32+TO)(DI)

// func rowsConv3F32AVX2(blocks, taps int, dst *float32, ldd int, u, v, bias *float32, relu bool, scratch *[384]float32)
TEXT ·rowsConv3F32AVX2(SB), NOSPLIT, $0-72
	CONV(STEP6, 256, 64, OUTPUTS3, 6, 64)

// func rowsConv5F32AVX2(blocks, taps int, dst *float32, ldd int, u, v, bias *float32, relu bool, scratch *[384]float32)
TEXT ·rowsConv5F32AVX2(SB), NOSPLIT, $0-72
	CONV(STEP3, 512, 128, OUTPUTS5, 3, 128)

// func rowsInput3F32AVX2(dst, src *float32, s *Strips)
TEXT ·rowsInput3F32AVX2(SB), NOSPLIT, $0-24
	INPUT3

// func rowsInput5F32AVX2(dst, src *float32, s *Strips)
TEXT ·rowsInput5F32AVX2(SB), NOSPLIT, $0-24
	INPUT5
