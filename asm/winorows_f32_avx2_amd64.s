//go:build !noasm

#include "go_asm.h"
#include "textflag.h"

// The fused convolutions of Winograd's algorithm along rows, AVX2 path: three of the 24
// places of filters at a time for two blocks of 16 tiles, four registers, so that a step is 12
// FMAs for three loads and three broadcasts; of the fourth register of inputs, for which there
// is no room, the FMAs are from memory. A block that is left over has half of them. The sums go
// to memory; the outputs have few FMAs, and are too many instructions for the CPU to look
// beyond: a part of those of the last two blocks stands behind each of the first threes. Need
// AVX2 and FMA3. The transforms are drawn in winorows_amd64.h.
//
//	AX  blocks left; CX steps left
//	BX  u, the transformed filters; DI where in it a step reads three numbers
//	SI  v, the transformed inputs of a block; R14 where in it a step reads; R9 from one block
//	    to the next
//	DX  the outputs of the first filter; R8 from one filter to the next
//	R10 relu, and 2 more where outputs are whole lines that pass the caches by
//	R11 steps; R13 threes, or parts of outputs, done
//	R12 memory on the stack for the sums, [24][32]; 0(SP) that of the last two blocks; R15
//	    where in it
//	CX, DI, R14 of a part of outputs: its filter, where they go and the bias
//	Y0 to Y11   accumulators, four each; then what is between
//	Y12 to Y15  inputs and a broadcast; Y14 then zeros and Y15 the bias
//
//	for b < blocks, two at a time
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

// TIMES multiplies number I of a step with the inputs of two blocks, TIMES1 with those of one.
#define TIMES1(I, FROM, A, B, C, D) \
	VBROADCASTSS I(DI), Y15  \
	VFMADD231PS  Y12, Y15, A \
	VFMADD231PS  Y13, Y15, B

#define TIMES(I, FROM, A, B, C, D) \
	TIMES1(I, FROM, A, B, C, D)              \
	VFMADD231PS Y14, Y15, C                  \
	VFMADD231PS (32+FROM)(R14)(R9*1), Y15, D

#define LOAD1(FROM) \
	VMOVUPS (FROM)(R14), Y12    \
	VMOVUPS (32+FROM)(R14), Y13

#define LOAD(FROM) \
	LOAD1(FROM)                      \
	VMOVUPS (FROM)(R14)(R9*1), Y14

// STEP is step I of those that follow, BYTES of inputs each.
#define STEP(LOAD, TIMES, I, BYTES) \
	LOAD(I*BYTES)                                \
	TIMES((0+96*I), (I*BYTES), Y0, Y1, Y2, Y3)   \
	TIMES((4+96*I), (I*BYTES), Y4, Y5, Y6, Y7)   \
	TIMES((8+96*I), (I*BYTES), Y8, Y9, Y10, Y11)

// SUMS does all steps of three accumulators.
#define SUMS(LOAD, TIMES, BYTES, triple, few, single, summed) \
	MOVQ R11, CX                \
	SUBQ $3, CX                 \
	JLT  few                    \
triple:                         \
	STEP(LOAD, TIMES, 0, BYTES) \
	STEP(LOAD, TIMES, 1, BYTES) \
	STEP(LOAD, TIMES, 2, BYTES) \
	ADDQ $288, DI               \
	ADDQ $(3*BYTES), R14        \
	SUBQ $3, CX                 \
	JGE  triple                 \
few:                            \
	ADDQ $3, CX                 \
	JEQ  summed                 \
single:                         \
	STEP(LOAD, TIMES, 0, BYTES) \
	ADDQ $96, DI                \
	ADDQ $BYTES, R14            \
	DECQ CX                     \
	JNZ  single                 \
summed:

#define PUT(I, A, B, C, D) \
	VMOVUPS A, (128*I)(R15)    \
	VMOVUPS B, (128*I+32)(R15) \
	VMOVUPS C, (128*I+64)(R15) \
	VMOVUPS D, (128*I+96)(R15)

// CONV is the body of a kernel, whose steps have BYTES of inputs in all places, of which PLACE
// finds that of a three. PART does a part of the outputs, those of SIZE bytes for eight tiles.
#define CONV(BYTES, PLACE, PART, SIZE) \
	MOVQ blocks+0(FP), AX         \
	MOVQ taps+8(FP), R11          \
	MOVQ dst+16(FP), DX           \
	MOVQ ldd+24(FP), R8           \
	SHLQ $2, R8                   \
	MOVQ u+32(FP), BX             \
	MOVQ v+40(FP), SI             \
	MOVBQZX relu+56(FP), R10      \
	MOVQ DX, R12                  \
	ORQ  R8, R12                  \
	ANDQ $63, R12                 \
	JNE  kept                     \
	MOVBQZX past+57(FP), R12      \
	LEAQ (R10)(R12*2), R10        \
kept:                             \
	LEAQ 64(SP), R12              \
	ANDQ $-64, R12                \
	LEAQ 3072(R12), R14           \
	MOVQ R14, 0(SP)               \
	MOVQ R11, R9                  \
	IMULQ $BYTES, R9              \
block:                            \
	XORQ R13, R13                 \
three:                            \
	ZERO4(Y0, Y1, Y2, Y3)         \
	ZERO4(Y4, Y5, Y6, Y7)         \
	ZERO4(Y8, Y9, Y10, Y11)       \
	LEAQ (R13)(R13*2), R15        \
	LEAQ (BX)(R15*4), DI          \
	SHLQ $7, R15                  \
	ADDQ R12, R15                 \
	MOVQ R13, R14                 \
	PLACE                         \
	ADDQ SI, R14                  \
	CMPQ AX, $1                   \
	JEQ  half                     \
	SUMS(LOAD, TIMES, BYTES, triple, few, single, summed)      \
	JMP  put                      \
half:                             \
	SUMS(LOAD1, TIMES1, BYTES, triple1, few1, single1, summed1) \
put:                              \
	PUT(0, Y0, Y1, Y2, Y3)        \
	PUT(1, Y4, Y5, Y6, Y7)        \
	PUT(2, Y8, Y9, Y10, Y11)      \
	CMPQ DX, dst+16(FP)           \
	JEQ  next                     \
	CMPQ R13, $6                  \
	JLT  output                   \
next:                             \
	INCQ R13                      \
	CMPQ R13, $8                  \
	JNE  three                    \
	MOVQ 0(SP), R14               \
	MOVQ R12, 0(SP)               \
	MOVQ R14, R12                 \
	LEAQ (SI)(R9*2), SI           \
	ADDQ $(4*SIZE), DX            \
	SUBQ $2, AX                   \
	JG   block                    \
	XORQ R13, R13                 \
output:                           \
	PART                          \
	TESTQ AX, AX                  \
	JG   next                     \
	INCQ R13                      \
	CMPQ R13, $6                  \
	JNE  output                   \
	VZEROUPPER                    \
	RET

// PLACE5 and PLACE3 make of a three in R14 where in a step the inputs of its place stand.
#define PLACE5 SHLQ $6, R14
#define PLACE3 SHRQ $1, R14; SHLQ $6, R14

// PART5 is half of a filter, a block; PART3 is a filter. Behind the last block is none.
#define PART5 \
	MOVQ  R13, DI                  \
	ANDQ  $1, DI                   \
	MOVQ  R13, CX                  \
	SHRQ  $1, CX                   \
	CMPQ  AX, $-1                  \
	JNE   both                     \
	TESTQ DI, DI                   \
	JNE   none                     \
both:                              \
	SHLQ  $8, DI                   \
	FILTER                         \
	MOVQ  R13, R15                 \
	SHLQ  $6, R15                  \
	ADDQ  0(SP), R15               \
	OUTPUTS5(0, -512, relu0, past0, done0)       \
	OUTPUTS5(32, -384, relu1, past1, done1)      \
none:

#define PART3 \
	XORL DI, DI                    \
	MOVQ R13, CX                   \
	FILTER                         \
	MOVQ R13, R15                  \
	SHLQ $7, R15                   \
	ADDQ 0(SP), R15                \
	OUTPUTS3(0, -256, relu0, past0, done0)       \
	OUTPUTS3(32, -192, relu1, past1, done1)      \
	CMPQ AX, $-1                   \
	JEQ  none                      \
	OUTPUTS3(64, -128, relu2, past2, done2)      \
	OUTPUTS3(96, -64, relu3, past3, done3)       \
none:

// FILTER adds to DI where the outputs of filter CX go, and loads its bias.
#define FILTER \
	MOVQ         bias+48(FP), R14  \
	VBROADCASTSS (R14)(CX*4), Y15  \
	IMULQ        R8, CX            \
	ADDQ         CX, DI            \
	ADDQ         DX, DI            \
	VXORPS       Y14, Y14, Y14

#define A1 ·rowsWide+0(SB)
#define A2 ·rowsWide+32(SB)
#define A3 ·rowsWide+64(SB)
#define C1 ·rowsWide+96(SB)
#define C2 ·rowsWide+128(SB)
#define C3 ·rowsWide+160(SB)

// OUTPUTS5 makes the outputs of eight tiles of a filter, whose places are 384 bytes
// apart and whose bias is in Y15.
#define OUTPUTS5(FROM, TO, relu, past, done) \
	VMOVUPS     (384+FROM)(R15), Y1      \
	VMOVUPS     (1152+FROM)(R15), Y3     \
	VMOVUPS     (1920+FROM)(R15), Y5     \
	VMOVUPS     (2688+FROM)(R15), Y7     \
	VADDPS      (768+FROM)(R15), Y1, Y0  \
	VSUBPS      (768+FROM)(R15), Y1, Y1  \
	VADDPS      (1536+FROM)(R15), Y3, Y2 \
	VSUBPS      (1536+FROM)(R15), Y3, Y3 \
	VADDPS      (2304+FROM)(R15), Y5, Y4 \
	VSUBPS      (2304+FROM)(R15), Y5, Y5 \
	VADDPS      (FROM)(R15), Y0, Y6      \
	VFMADD231PS A3, Y1, Y7              \
	VMULPS      A1, Y1, Y1               \
	VMULPS      A2, Y0, Y0               \
	VADDPS      Y2, Y6, Y6               \
	VADDPS      Y3, Y7, Y7               \
	VADDPS      Y3, Y1, Y1               \
	VADDPS      Y2, Y0, Y0               \
	VADDPS      Y4, Y6, Y6               \
	VFMADD231PS C3, Y5, Y7              \
	VFMADD231PS C1, Y5, Y1              \
	VFMADD231PS C2, Y4, Y0              \
	VADDPS      Y15, Y6, Y6              \
	VADDPS      Y15, Y1, Y1              \
	VADDPS      Y15, Y0, Y0              \
	VADDPS      Y15, Y7, Y7              \
	TESTB       $1, R10                  \
	JEQ         relu                     \
	VMAXPS      Y14, Y6, Y6              \
	VMAXPS      Y14, Y1, Y1              \
	VMAXPS      Y14, Y0, Y0              \
	VMAXPS      Y14, Y7, Y7              \
relu:                                    \
	VUNPCKLPS   Y1, Y6, Y2               \
	VUNPCKHPS   Y1, Y6, Y3               \
	VUNPCKLPS   Y7, Y0, Y4               \
	VUNPCKHPS   Y7, Y0, Y5               \
	VUNPCKLPD   Y4, Y2, Y0               \
	VUNPCKHPD   Y4, Y2, Y1               \
	VUNPCKLPD   Y5, Y3, Y2               \
	VUNPCKHPD   Y5, Y3, Y3               \
	VPERM2F128  $0x20, Y1, Y0, Y4        \
	VPERM2F128  $0x20, Y3, Y2, Y5        \
	VPERM2F128  $0x31, Y1, Y0, Y6        \
	VPERM2F128  $0x31, Y3, Y2, Y7        \
	TESTB       $2, R10                  \
	JNE         past                     \
	VMOVUPS     Y4, (TO)(DI)             \
	VMOVUPS     Y5, (32+TO)(DI)          \
	VMOVUPS     Y6, (64+TO)(DI)          \
	VMOVUPS     Y7, (96+TO)(DI)          \
	JMP         done                     \
past:                                    \
	VMOVNTPS    Y4, (TO)(DI)             \
	VMOVNTPS    Y5, (32+TO)(DI)          \
	VMOVNTPS    Y6, (64+TO)(DI)          \
	VMOVNTPS    Y7, (96+TO)(DI)          \
done:

// OUTPUTS3 is OUTPUTS5 for four places, 768 bytes apart, and two outputs.
#define OUTPUTS3(FROM, TO, relu, past, done) \
	VMOVUPS    (768+FROM)(R15), Y1      \
	VADDPS     (1536+FROM)(R15), Y1, Y0 \
	VSUBPS     (1536+FROM)(R15), Y1, Y1 \
	VADDPS     (FROM)(R15), Y0, Y0      \
	VADDPS     (2304+FROM)(R15), Y1, Y1 \
	VADDPS     Y15, Y0, Y0              \
	VADDPS     Y15, Y1, Y1              \
	TESTB      $1, R10                  \
	JEQ        relu                     \
	VMAXPS     Y14, Y0, Y0              \
	VMAXPS     Y14, Y1, Y1              \
relu:                                   \
	VUNPCKLPS  Y1, Y0, Y2               \
	VUNPCKHPS  Y1, Y0, Y3               \
	VPERM2F128 $0x20, Y3, Y2, Y4        \
	VPERM2F128 $0x31, Y3, Y2, Y5        \
	TESTB      $2, R10                  \
	JNE        past                     \
	VMOVUPS    Y4, (TO)(DI)             \
	VMOVUPS    Y5, (32+TO)(DI)          \
	JMP        done                     \
past:                                   \
	VMOVNTPS   Y4, (TO)(DI)             \
	VMOVNTPS   Y5, (32+TO)(DI)          \
done:

// func rowsConv3F32AVX2(blocks, taps int, dst *float32, ldd int, u, v, bias *float32, relu, past bool)
TEXT ·rowsConv3F32AVX2(SB), 0, $6208-58
	CONV(256, PLACE3, PART3, 64)

// func rowsConv5F32AVX2(blocks, taps int, dst *float32, ldd int, u, v, bias *float32, relu, past bool)
TEXT ·rowsConv5F32AVX2(SB), 0, $6208-58
	CONV(512, PLACE5, PART5, 128)

// func rowsInput3F32AVX2(dst, src *float32, s *Strips)
TEXT ·rowsInput3F32AVX2(SB), NOSPLIT, $0-24
	INPUT3

// func rowsInput5F32AVX2(dst, src *float32, s *Strips)
TEXT ·rowsInput5F32AVX2(SB), NOSPLIT, $0-24
	INPUT5
