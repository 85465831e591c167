//go:build !noasm

#include "go_asm.h"
#include "textflag.h"

// The transforms are drawn in winorows_amd64.h.

#define WIDTH 64

#define V0 Z0
#define V1 Z1
#define V2 Z2
#define V3 Z3
#define V4 Z4
#define V5 Z5
#define V6 Z6
#define V7 Z7
#define V8 Z8
#define V9 Z9
#define V10 Z10
#define V11 Z11
#define V12 Z12
#define V13 Z13
#define V14 Z14
#define V15 Z15

#include "winorows_amd64.h"

// The fused convolutions of Winograd's algorithm along rows, AVX-512 path: 16 tiles
// and as many filters as make 24 accumulators with the places of a tile, so that a
// step is 24 FMAs for the loads of up to 8 vectors of inputs, each used for all filters,
// and 24 broadcasts by the FMAs themselves. Need AVX512F.
//
//	AX  blocks left; CX steps left
//	BX  u, the transformed filters; DI where in it a step reads, 24 numbers
//	SI  v, the transformed inputs: a vector for each place and step
//	DX  the outputs of the first filter; R8 from one filter to the next
//	R9  bias; R10 relu; R11 steps; R12 constants, R13 indices
//	R14, R15  three and five filters on; in RowsConv5 R14, and in RowsConv3 R12, is 0 where
//	    outputs are whole lines that pass the caches by
//	Z0 to Z23   accumulators: the places of the first filter, of the second, ...
//	Z24 to Z31  inputs; then what is between
//
//	for b < blocks
//		m[f][p] = +0
//		for t < taps: m[f][p] = fma(u[t][p][f], v[b][t][p], m[f][p])
//		for f: y[f][b] = outputs of m[f], interleaved

#define ARGUMENTS \
	MOVQ blocks+0(FP), AX         \
	MOVQ taps+8(FP), R11          \
	MOVQ dst+16(FP), DX           \
	MOVQ ldd+24(FP), R8           \
	SHLQ $2, R8                   \
	MOVQ u+32(FP), BX             \
	MOVQ v+40(FP), SI             \
	MOVQ bias+48(FP), R9          \
	MOVBQZX relu+56(FP), R10      \
	LEAQ ·rowsConstants(SB), R12  \
	LEAQ ·rowsIndices(SB), R13

// WHERE makes R 0 where outputs are whole lines that pass the caches by.
#define WHERE(R) \
	MOVBQZX past+57(FP), R \
	XORQ $1, R             \
	ORQ  DX, R             \
	ORQ  R8, R             \
	ANDQ $63, R

#define ZERO8(A, B, C, D, E, F, G, H) \
	VPXORD A, A, A \
	VPXORD B, B, B \
	VPXORD C, C, C \
	VPXORD D, D, D \
	VPXORD E, E, E \
	VPXORD F, F, F \
	VPXORD G, G, G \
	VPXORD H, H, H

// PLACE3 is one place of three filters, PLACE6 of six.
#define PLACE3(P, V, A, B, C) \
	VMOVUPS          (64*P)(SI), V         \
	VFMADD231PS.BCST (12*P+0)(DI), V, A    \
	VFMADD231PS.BCST (12*P+4)(DI), V, B    \
	VFMADD231PS.BCST (12*P+8)(DI), V, C

#define PLACE6(P, V, A, B, C, D, E, F) \
	VMOVUPS          (64*P)(SI), V         \
	VFMADD231PS.BCST (24*P+0)(DI), V, A    \
	VFMADD231PS.BCST (24*P+4)(DI), V, B    \
	VFMADD231PS.BCST (24*P+8)(DI), V, C    \
	VFMADD231PS.BCST (24*P+12)(DI), V, D   \
	VFMADD231PS.BCST (24*P+16)(DI), V, E   \
	VFMADD231PS.BCST (24*P+20)(DI), V, F

// The constants in R12 and the indices in R13.
#define A1 (R12)
#define A2 4(R12)
#define A3 8(R12)
#define C1 12(R12)
#define C2 16(R12)
#define C3 20(R12)
#define LOW   (R13)
#define HIGH  64(R13)
#define LOW2  128(R13)
#define HIGH2 192(R13)

// OUTPUT8 stores the outputs of one filter, whose bias is BIAS and whose places are
// in M0 to M7, past the caches if R14 is 0.
#define OUTPUT8(BIAS, DST, relu, past, done, M0, M1, M2, M3, M4, M5, M6, M7) \
	VADDPS           M2, M1, Z24 \
	VSUBPS           M2, M1, M1 \
	VADDPS           M4, M3, Z25 \
	VSUBPS           M4, M3, M3 \
	VADDPS           M6, M5, Z26 \
	VSUBPS           M6, M5, M5 \
	VADDPS           Z24, M0, M0    \
	VMULPS.BCST      A1, M1, Z27    \
	VMULPS.BCST      A2, Z24, Z28   \
	VFMADD231PS.BCST A3, M1, M7     \
	VADDPS           Z25, M0, M0    \
	VADDPS           M3, Z27, Z27   \
	VADDPS           Z25, Z28, Z28  \
	VADDPS           M3, M7, M7     \
	VADDPS           Z26, M0, M0    \
	VFMADD231PS.BCST C1, M5, Z27    \
	VFMADD231PS.BCST C2, Z26, Z28   \
	VFMADD231PS.BCST C3, M5, M7     \
	VADDPS.BCST      BIAS, M0, M0   \
	VADDPS.BCST      BIAS, Z27, Z27 \
	VADDPS.BCST      BIAS, Z28, Z28 \
	VADDPS.BCST      BIAS, M7, M7   \
	TESTQ            R10, R10       \
	JEQ              relu           \
	VPXORD           Z29, Z29, Z29  \
	VMAXPS           Z29, M0, M0    \
	VMAXPS           Z29, Z27, Z27  \
	VMAXPS           Z29, Z28, Z28  \
	VMAXPS           Z29, M7, M7    \
relu: \
	VMOVUPS          LOW, Z24       \
	VMOVUPS          HIGH, Z25      \
	VMOVAPS          Z24, Z26       \
	VMOVAPS          Z25, Z29       \
	VPERMI2PS        Z27, M0, Z24   \
	VPERMI2PS        Z27, M0, Z25   \
	VPERMI2PS        M7, Z28, Z26   \
	VPERMI2PS        M7, Z28, Z29   \
	VMOVUPS          LOW2, M1       \
	VMOVUPS          HIGH2, M2      \
	VMOVAPS          M1, M3         \
	VMOVAPS          M2, M4         \
	VPERMI2PD        Z26, Z24, M1   \
	VPERMI2PD        Z26, Z24, M2   \
	VPERMI2PD        Z29, Z25, M3   \
	VPERMI2PD        Z29, Z25, M4   \
	TESTQ            R14, R14       \
	JEQ              past           \
	VMOVUPS          M1, DST        \
	VMOVUPS          M2, 64 DST     \
	VMOVUPS          M3, 128 DST    \
	VMOVUPS          M4, 192 DST    \
	JMP              done           \
past: \
	VMOVNTPS         M1, DST        \
	VMOVNTPS         M2, 64 DST     \
	VMOVNTPS         M3, 128 DST    \
	VMOVNTPS         M4, 192 DST    \
done:

// OUTPUT4 is OUTPUT8 for four places and two outputs, past the caches if R12 is 0.
#define OUTPUT4(BIAS, DST, relu, past, done, M0, M1, M2, M3) \
	VADDPS      M2, M1, Z24  \
	VSUBPS      M2, M1, Z25  \
	VADDPS      Z24, M0, M0  \
	VADDPS      M3, Z25, M3  \
	VADDPS.BCST BIAS, M0, M0 \
	VADDPS.BCST BIAS, M3, M3 \
	TESTQ       R10, R10     \
	JEQ         relu         \
	VPXORD      Z29, Z29, Z29 \
	VMAXPS      Z29, M0, M0  \
	VMAXPS      Z29, M3, M3  \
relu: \
	VMOVUPS     LOW, Z24     \
	VMOVUPS     HIGH, Z25    \
	VPERMI2PS   M3, M0, Z24  \
	VPERMI2PS   M3, M0, Z25  \
	TESTQ       R12, R12     \
	JEQ         past         \
	VMOVUPS     Z24, DST     \
	VMOVUPS     Z25, 64 DST  \
	JMP         done         \
past: \
	VMOVNTPS    Z24, DST     \
	VMOVNTPS    Z25, 64 DST  \
done:

// func rowsConv5F32AVX512(blocks, taps int, dst *float32, ldd int, u, v, bias *float32, relu, past bool)
TEXT ·rowsConv5F32AVX512(SB), NOSPLIT, $0-58
	ARGUMENTS
	WHERE(R14)

block:
	ZERO8(Z0, Z1, Z2, Z3, Z4, Z5, Z6, Z7)
	ZERO8(Z8, Z9, Z10, Z11, Z12, Z13, Z14, Z15)
	ZERO8(Z16, Z17, Z18, Z19, Z20, Z21, Z22, Z23)
	MOVQ R11, CX
	MOVQ BX, DI

step:
	PLACE3(0, Z24, Z0, Z8, Z16)
	PLACE3(1, Z25, Z1, Z9, Z17)
	PLACE3(2, Z26, Z2, Z10, Z18)
	PLACE3(3, Z27, Z3, Z11, Z19)
	PLACE3(4, Z28, Z4, Z12, Z20)
	PLACE3(5, Z29, Z5, Z13, Z21)
	PLACE3(6, Z30, Z6, Z14, Z22)
	PLACE3(7, Z31, Z7, Z15, Z23)
	ADDQ $512, SI
	ADDQ $96, DI
	DECQ CX
	JNZ  step
	OUTPUT8(0(R9), (DX), relu0, past0, done0, Z0, Z1, Z2, Z3, Z4, Z5, Z6, Z7)
	OUTPUT8(4(R9), (DX)(R8*1), relu1, past1, done1, Z8, Z9, Z10, Z11, Z12, Z13, Z14, Z15)
	OUTPUT8(8(R9), (DX)(R8*2), relu2, past2, done2, Z16, Z17, Z18, Z19, Z20, Z21, Z22, Z23)
	ADDQ $256, DX
	DECQ AX
	JNZ  block
	VZEROUPPER
	RET

// func rowsConv3F32AVX512(blocks, taps int, dst *float32, ldd int, u, v, bias *float32, relu, past bool)
TEXT ·rowsConv3F32AVX512(SB), NOSPLIT, $0-58
	ARGUMENTS
	WHERE(R12)
	LEAQ (R8)(R8*2), R14 // three and five filters on
	LEAQ (R8)(R8*4), R15

block:
	ZERO8(Z0, Z1, Z2, Z3, Z4, Z5, Z6, Z7)
	ZERO8(Z8, Z9, Z10, Z11, Z12, Z13, Z14, Z15)
	ZERO8(Z16, Z17, Z18, Z19, Z20, Z21, Z22, Z23)
	MOVQ R11, CX
	MOVQ BX, DI

step:
	PLACE6(0, Z24, Z0, Z4, Z8, Z12, Z16, Z20)
	PLACE6(1, Z25, Z1, Z5, Z9, Z13, Z17, Z21)
	PLACE6(2, Z26, Z2, Z6, Z10, Z14, Z18, Z22)
	PLACE6(3, Z27, Z3, Z7, Z11, Z15, Z19, Z23)
	ADDQ $256, SI
	ADDQ $96, DI
	DECQ CX
	JNZ  step
	OUTPUT4(0(R9), (DX), relu0, past0, done0, Z0, Z1, Z2, Z3)
	OUTPUT4(4(R9), (DX)(R8*1), relu1, past1, done1, Z4, Z5, Z6, Z7)
	OUTPUT4(8(R9), (DX)(R8*2), relu2, past2, done2, Z8, Z9, Z10, Z11)
	OUTPUT4(12(R9), (DX)(R14*1), relu3, past3, done3, Z12, Z13, Z14, Z15)
	OUTPUT4(16(R9), (DX)(R8*4), relu4, past4, done4, Z16, Z17, Z18, Z19)
	OUTPUT4(20(R9), (DX)(R15*1), relu5, past5, done5, Z20, Z21, Z22, Z23)
	ADDQ $128, DX
	DECQ AX
	JNZ  block
	VZEROUPPER
	RET

// func rowsInput3F32AVX512(dst, src *float32, s *Strips)
TEXT ·rowsInput3F32AVX512(SB), NOSPLIT, $0-24
	INPUT3

// func rowsInput5F32AVX512(dst, src *float32, s *Strips)
TEXT ·rowsInput5F32AVX512(SB), NOSPLIT, $0-24
	INPUT5
