//go:build !noasm

#include "textflag.h"
#include "symv_amd64.h"

// The inner loops of covariances and of the eigensolver on 256-bit registers, whole blocks only:
// their callers finish rows and add lanes. Need AVX2 and FMA3.
//
//	AX blocks left, SI x (or a), DI y

// func dotF64AVX2(blocks int, x, y *float64, lane *[16]float64)
TEXT ·dotF64AVX2(SB), NOSPLIT, $0-32
	MOVQ   blocks+0(FP), AX
	MOVQ   x+8(FP), SI
	MOVQ   y+16(FP), DI
	MOVQ   lane+24(FP), DX
	VXORPD Y0, Y0, Y0               // lanes 0 to 3, and so on
	VXORPD Y1, Y1, Y1
	VXORPD Y2, Y2, Y2
	VXORPD Y3, Y3, Y3

dot16:
	VMOVUPD     (SI), Y4
	VMOVUPD     32(SI), Y5
	VMOVUPD     64(SI), Y6
	VMOVUPD     96(SI), Y7
	VFMADD231PD (DI), Y4, Y0
	VFMADD231PD 32(DI), Y5, Y1
	VFMADD231PD 64(DI), Y6, Y2
	VFMADD231PD 96(DI), Y7, Y3
	ADDQ        $128, SI
	ADDQ        $128, DI
	DECQ        AX
	JNZ         dot16
	VMOVUPD     Y0, (DX)
	VMOVUPD     Y1, 32(DX)
	VMOVUPD     Y2, 64(DX)
	VMOVUPD     Y3, 96(DX)
	VZEROUPPER
	RET

// func axpyF64AVX2(blocks int, a float64, x, y *float64)
TEXT ·axpyF64AVX2(SB), NOSPLIT, $0-32
	MOVQ         blocks+0(FP), AX
	VBROADCASTSD a+8(FP), Y0
	MOVQ         x+16(FP), SI
	MOVQ         y+24(FP), DI

axpy8:
	VMOVUPD     (DI), Y1
	VMOVUPD     32(DI), Y2
	VFMADD231PD (SI), Y0, Y1
	VFMADD231PD 32(SI), Y0, Y2
	VMOVUPD     Y1, (DI)
	VMOVUPD     Y2, 32(DI)
	ADDQ        $64, SI
	ADDQ        $64, DI
	DECQ        AX
	JNZ         axpy8
	VZEROUPPER
	RET

// func planeF64AVX2(blocks int, x, y *float64, c, s float64)
TEXT ·planeF64AVX2(SB), NOSPLIT, $0-40
	MOVQ         blocks+0(FP), AX
	MOVQ         x+8(FP), SI
	MOVQ         y+16(FP), DI
	VBROADCASTSD c+24(FP), Y0
	VBROADCASTSD s+32(FP), Y1

plane4:
	VMOVUPD      (SI), Y2
	VMOVUPD      (DI), Y3
	VMULPD       Y2, Y0, Y4
	VMULPD       Y3, Y0, Y5
	VFNMADD231PD Y3, Y1, Y4         // c*x - s*y
	VFMADD231PD  Y2, Y1, Y5         // c*y + s*x
	VMOVUPD      Y4, (SI)
	VMOVUPD      Y5, (DI)
	ADDQ         $32, SI
	ADDQ         $32, DI
	DECQ         AX
	JNZ          plane4
	VZEROUPPER
	RET

// symvF64AVX2: a block is eight columns, in two halves; half H of row q adds to
// its own accumulator and to y. The next four rows come to the second-level cache, each line
// asked for BX times, 0, 1 or 3:
//
//	row 0  Y0, Y1    Y12 r[0]      SI row 0, R9 row 3, R13 row 6
//	row 1  Y2, Y3    Y13           R8 lda in bytes
//	row 2  Y4, Y5    Y14           R10 x, DI y
//	row 3  Y6, Y7    Y15           Y8 x, Y9 y, Y10 the row
#define HALF(OFF, A0, A1, A2, A3) \
	VMOVUPD     OFF(R10), Y8 \
	VMOVUPD     OFF(DI), Y9 \
	VMOVUPD     OFF(SI), Y10 \
	VFMADD231PD Y8, Y10, A0 \
	VFMADD231PD Y12, Y10, Y9 \
	VMOVUPD     OFF(SI)(R8*1), Y10 \
	VFMADD231PD Y8, Y10, A1 \
	VFMADD231PD Y13, Y10, Y9 \
	VMOVUPD     OFF(SI)(R8*2), Y10 \
	VFMADD231PD Y8, Y10, A2 \
	VFMADD231PD Y14, Y10, Y9 \
	VMOVUPD     OFF(R9), Y10 \
	VFMADD231PD Y8, Y10, A3 \
	VFMADD231PD Y15, Y10, Y9 \
	VMOVUPD     Y9, OFF(DI)

// func symvF64AVX2(blocks int, a *float64, lda int, x, y *float64, r *[4]float64, lane *[4][8]float64, asks int)
TEXT ·symvF64AVX2(SB), NOSPLIT, $0-64
	MOVQ         blocks+0(FP), AX
	MOVQ         a+8(FP), SI
	MOVQ         lda+16(FP), R8
	MOVQ         x+24(FP), R10
	MOVQ         y+32(FP), DI
	MOVQ         r+40(FP), R11
	MOVQ         lane+48(FP), R12
	MOVQ         asks+56(FP), BX
	SHLQ         $3, R8
	LEAQ         (R8)(R8*2), R9
	ADDQ         SI, R9
	LEAQ         (R9)(R8*2), R13
	ADDQ         R8, R13
	VBROADCASTSD (R11), Y12
	VBROADCASTSD 8(R11), Y13
	VBROADCASTSD 16(R11), Y14
	VBROADCASTSD 24(R11), Y15
	VXORPD       Y0, Y0, Y0
	VXORPD       Y1, Y1, Y1
	VXORPD       Y2, Y2, Y2
	VXORPD       Y3, Y3, Y3
	VXORPD       Y4, Y4, Y4
	VXORPD       Y5, Y5, Y5
	VXORPD       Y6, Y6, Y6
	VXORPD       Y7, Y7, Y7

symv8:
	ASKROWS(near)
	HALF(0, Y0, Y2, Y4, Y6)
	HALF(32, Y1, Y3, Y5, Y7)
	ADDQ    $64, R10
	ADDQ    $64, DI
	ADDQ    $64, SI
	ADDQ    $64, R9
	ADDQ    $64, R13
	DECQ    AX
	JNZ     symv8
	VMOVUPD Y0, (R12)
	VMOVUPD Y1, 32(R12)
	VMOVUPD Y2, 64(R12)
	VMOVUPD Y3, 96(R12)
	VMOVUPD Y4, 128(R12)
	VMOVUPD Y5, 160(R12)
	VMOVUPD Y6, 192(R12)
	VMOVUPD Y7, 224(R12)
	VZEROUPPER
	RET

// func secularF64AVX2(blocks int, z, delta *float64, tau float64, s, ds *[8]float64)
TEXT ·secularF64AVX2(SB), NOSPLIT, $0-48
	MOVQ         blocks+0(FP), AX
	MOVQ         z+8(FP), SI
	MOVQ         delta+16(FP), DI
	VBROADCASTSD tau+24(FP), Y9
	MOVQ         s+32(FP), DX
	MOVQ         ds+40(FP), R8
	VXORPD       Y0, Y0, Y0         // lanes of s
	VXORPD       Y1, Y1, Y1
	VXORPD       Y2, Y2, Y2         // lanes of ds
	VXORPD       Y3, Y3, Y3

secular8:
	VMOVUPD     (SI), Y4
	VMOVUPD     32(SI), Y5
	VMOVUPD     (DI), Y6
	VMOVUPD     32(DI), Y7
	VSUBPD      Y9, Y6, Y6          // delta - tau
	VSUBPD      Y9, Y7, Y7
	VDIVPD      Y6, Y4, Y6          // t
	VDIVPD      Y7, Y5, Y7
	VFMADD231PD Y6, Y4, Y0
	VFMADD231PD Y7, Y5, Y1
	VFMADD231PD Y6, Y6, Y2
	VFMADD231PD Y7, Y7, Y3
	ADDQ        $64, SI
	ADDQ        $64, DI
	DECQ        AX
	JNZ         secular8
	VMOVUPD     Y0, (DX)
	VMOVUPD     Y1, 32(DX)
	VMOVUPD     Y2, (R8)
	VMOVUPD     Y3, 32(R8)
	VZEROUPPER
	RET

// SHIFT is four elements of a row: its by, its lanes, the register that it goes through.
#define SHIFT(P, BY, SUM, X) \
	VMOVUPD P, X \
	VSUBPD  BY, X, X \
	VADDPD  X, SUM, SUM \
	VMOVUPD X, P

// func shiftF64AVX2(blocks int, x *float64, ld int, by *[4]float64, lane *[4][4]float64)
TEXT ·shiftF64AVX2(SB), NOSPLIT, $0-40
	MOVQ         blocks+0(FP), AX
	MOVQ         x+8(FP), SI
	MOVQ         ld+16(FP), R8
	MOVQ         by+24(FP), DX
	MOVQ         lane+32(FP), DI
	SHLQ         $3, R8
	LEAQ         (R8)(R8*2), R9
	VBROADCASTSD (DX), Y4
	VBROADCASTSD 8(DX), Y5
	VBROADCASTSD 16(DX), Y6
	VBROADCASTSD 24(DX), Y7
	VXORPD       Y0, Y0, Y0         // lanes of row 0, and so on
	VXORPD       Y1, Y1, Y1
	VXORPD       Y2, Y2, Y2
	VXORPD       Y3, Y3, Y3

shift4:
	SHIFT((SI), Y4, Y0, Y8)
	SHIFT((SI)(R8*1), Y5, Y1, Y9)
	SHIFT((SI)(R8*2), Y6, Y2, Y10)
	SHIFT((SI)(R9*1), Y7, Y3, Y11)
	ADDQ    $32, SI
	DECQ    AX
	JNZ     shift4
	VMOVUPD Y0, (DI)
	VMOVUPD Y1, 32(DI)
	VMOVUPD Y2, 64(DI)
	VMOVUPD Y3, 96(DI)
	VZEROUPPER
	RET
