//go:build !noasm

#include "textflag.h"

// gemmF32AVX2x6x16: one 6 x 16 tile of C. Needs AVX2 and FMA3.
//
// Why 6 x 16: two FMA units with a latency of 4 or 5 cycles want at least ten
// independent chains. 12 accumulators, 2 registers of B and 2 broadcasts of A
// fill the 16 registers, and a step in k is 12 FMAs for 2 loads and 6
// broadcasts, so that the FMA units are the bottleneck and not the load ports.
//
//	            B(k, 0:8)  B(k, 8:16)
//	               Y12        Y13
//	A(0,k)  Y14    Y0         Y1         AX  kc, counted down
//	A(1,k)  Y15    Y2         Y3         SI  a: 6 values a step
//	A(2,k)  Y14    Y4         Y5         DI  b: 16 values a step; R11 ldb in bytes, R13 three of it, R12 = DI+R13
//	A(3,k)  Y15    Y6         Y7         DX  c, row 0; R9 c, row 3
//	A(4,k)  Y14    Y8         Y9         R8  ldc in bytes; R10 three of it
//	A(5,k)  Y15    Y10        Y11
//
//	tile = C or 0
//	for k: for i: tile[i] = fma(A(i,k), B(k), tile[i])
//	C = tile

// STEP does one k: AO is the byte offset of its A values, BL and BH are the
// addresses of the two halves of its B values.
#define STEP(AO, BL, BH) \
	VMOVUPS      BL, Y12 \
	VMOVUPS      BH, Y13 \
	VBROADCASTSS AO+0(SI), Y14 \
	VFMADD231PS  Y12, Y14, Y0 \
	VFMADD231PS  Y13, Y14, Y1 \
	VBROADCASTSS AO+4(SI), Y15 \
	VFMADD231PS  Y12, Y15, Y2 \
	VFMADD231PS  Y13, Y15, Y3 \
	VBROADCASTSS AO+8(SI), Y14 \
	VFMADD231PS  Y12, Y14, Y4 \
	VFMADD231PS  Y13, Y14, Y5 \
	VBROADCASTSS AO+12(SI), Y15 \
	VFMADD231PS  Y12, Y15, Y6 \
	VFMADD231PS  Y13, Y15, Y7 \
	VBROADCASTSS AO+16(SI), Y14 \
	VFMADD231PS  Y12, Y14, Y8 \
	VFMADD231PS  Y13, Y14, Y9 \
	VBROADCASTSS AO+20(SI), Y15 \
	VFMADD231PS  Y12, Y15, Y10 \
	VFMADD231PS  Y13, Y15, Y11

// func gemmF32AVX2x6x16(kc int, a, b *float32, ldb int, c *float32, ldc int, load bool)
TEXT ·gemmF32AVX2x6x16(SB), NOSPLIT, $0-49
	MOVQ    kc+0(FP), AX
	MOVQ    a+8(FP), SI
	MOVQ    b+16(FP), DI
	MOVQ    ldb+24(FP), R11
	MOVQ    c+32(FP), DX
	MOVQ    ldc+40(FP), R8
	MOVBLZX load+48(FP), CX
	SHLQ    $2, R8          // elements to bytes
	SHLQ    $2, R11
	LEAQ    (R11)(R11*2), R13
	LEAQ    (R8)(R8*2), R10
	LEAQ    (DX)(R10*1), R9
	TESTL   CX, CX
	JZ      zero

	VMOVUPS (DX), Y0
	VMOVUPS 32(DX), Y1
	VMOVUPS (DX)(R8*1), Y2
	VMOVUPS 32(DX)(R8*1), Y3
	VMOVUPS (DX)(R8*2), Y4
	VMOVUPS 32(DX)(R8*2), Y5
	VMOVUPS (R9), Y6
	VMOVUPS 32(R9), Y7
	VMOVUPS (R9)(R8*1), Y8
	VMOVUPS 32(R9)(R8*1), Y9
	VMOVUPS (R9)(R8*2), Y10
	VMOVUPS 32(R9)(R8*2), Y11
	JMP     loop4

zero:
	VXORPS Y0, Y0, Y0
	VXORPS Y1, Y1, Y1
	VXORPS Y2, Y2, Y2
	VXORPS Y3, Y3, Y3
	VXORPS Y4, Y4, Y4
	VXORPS Y5, Y5, Y5
	VXORPS Y6, Y6, Y6
	VXORPS Y7, Y7, Y7
	VXORPS Y8, Y8, Y8
	VXORPS Y9, Y9, Y9
	VXORPS Y10, Y10, Y10
	VXORPS Y11, Y11, Y11

loop4:
	SUBQ $4, AX              // four steps a turn, to hide the counting
	JLT  tail
	PREFETCHT0 384(SI)
	LEAQ (DI)(R13*1), R12
	STEP(0, (DI), 32(DI))
	STEP(24, (DI)(R11*1), 32(DI)(R11*1))
	STEP(48, (DI)(R11*2), 32(DI)(R11*2))
	STEP(72, (R12), 32(R12))
	ADDQ $96, SI
	LEAQ (DI)(R11*4), DI
	JMP  loop4

tail:
	ADDQ $4, AX              // 0 to 3 steps are left
	JZ   store

loop1:
	STEP(0, (DI), 32(DI))
	ADDQ $24, SI
	ADDQ R11, DI
	DECQ AX
	JNZ  loop1

store:
	VMOVUPS Y0, (DX)
	VMOVUPS Y1, 32(DX)
	VMOVUPS Y2, (DX)(R8*1)
	VMOVUPS Y3, 32(DX)(R8*1)
	VMOVUPS Y4, (DX)(R8*2)
	VMOVUPS Y5, 32(DX)(R8*2)
	VMOVUPS Y6, (R9)
	VMOVUPS Y7, 32(R9)
	VMOVUPS Y8, (R9)(R8*1)
	VMOVUPS Y9, 32(R9)(R8*1)
	VMOVUPS Y10, (R9)(R8*2)
	VMOVUPS Y11, 32(R9)(R8*2)
	VZEROUPPER
	RET
