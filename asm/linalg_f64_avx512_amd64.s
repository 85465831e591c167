//go:build !noasm

#include "textflag.h"
#include "symv_amd64.h"

// The inner loops of the eigensolver on 512-bit registers. Need AVX512F. Ends
// of rows are masked: K1 holds the bits of the last, partial vector, whose
// other lanes are neither loaded nor added to nor stored.
//
//	AX counts elements down, CX shifts, SI x (or a), DI y

// TAILMASK sets K1 to AX ones, AX < 8, and clobbers CX and DX.
#define TAILMASK \
	MOVQ  AX, CX \
	MOVL  $1, DX \
	SHLL  CX, DX \
	DECL  DX \
	KMOVW DX, K1

// HSUM adds the eight lanes of Z: i to i+4, then i+2, i+1, into the low lane of
// X, the low part of Z as Y is; TX is the low part of TY, a spare register.
#define HSUM(Z, Y, X, TY, TX) \
	VEXTRACTF64X4 $1, Z, TY \
	VADDPD        TY, Y, Y \
	VEXTRACTF128  $1, Y, TX \
	VADDPD        TX, X, X \
	VPERMILPD     $1, X, TX \
	VADDSD        TX, X, X

// func dotF64AVX512(n int, x, y *float64) float64
TEXT ·dotF64AVX512(SB), NOSPLIT, $0-32
	MOVQ   n+0(FP), AX
	MOVQ   x+8(FP), SI
	MOVQ   y+16(FP), DI
	VXORPD X0, X0, X0               // lanes 0 to 7
	VXORPD X1, X1, X1               // lanes 8 to 15

dot16:
	SUBQ        $16, AX
	JLT         dotTail
	VMOVUPD     (SI), Z2
	VMOVUPD     64(SI), Z3
	VFMADD231PD (DI), Z2, Z0
	VFMADD231PD 64(DI), Z3, Z1
	ADDQ        $128, SI
	ADDQ        $128, DI
	JMP         dot16

dotTail:
	ADDQ        $16, AX
	JZ          dotSum
	CMPQ        AX, $8
	JLT         dotLow
	VMOVUPD     (SI), Z2            // a whole vector for lanes 0 to 7
	VFMADD231PD (DI), Z2, Z0
	SUBQ        $8, AX
	TAILMASK
	VMOVUPD.Z   64(SI), K1, Z2
	VMOVUPD.Z   64(DI), K1, Z3
	VFMADD231PD Z3, Z2, K1, Z1
	JMP         dotSum

dotLow:
	TAILMASK
	VMOVUPD.Z   (SI), K1, Z2
	VMOVUPD.Z   (DI), K1, Z3
	VFMADD231PD Z3, Z2, K1, Z0

dotSum:
	VADDPD Z1, Z0, Z0
	HSUM(Z0, Y0, X0, Y1, X1)
	VMOVSD X0, ret+24(FP)
	VZEROUPPER
	RET

// func axpyF64AVX512(n int, a float64, x, y *float64)
TEXT ·axpyF64AVX512(SB), NOSPLIT, $0-32
	MOVQ         n+0(FP), AX
	VBROADCASTSD a+8(FP), Z0
	MOVQ         x+16(FP), SI
	MOVQ         y+24(FP), DI

axpy16:
	SUBQ        $16, AX
	JLT         axpyTail
	VMOVUPD     (DI), Z1
	VMOVUPD     64(DI), Z2
	VFMADD231PD (SI), Z0, Z1
	VFMADD231PD 64(SI), Z0, Z2
	VMOVUPD     Z1, (DI)
	VMOVUPD     Z2, 64(DI)
	ADDQ        $128, SI
	ADDQ        $128, DI
	JMP         axpy16

axpyTail:
	ADDQ        $16, AX
	CMPQ        AX, $8
	JLT         axpyLast
	VMOVUPD     (DI), Z1
	VFMADD231PD (SI), Z0, Z1
	VMOVUPD     Z1, (DI)
	ADDQ        $64, SI
	ADDQ        $64, DI
	SUBQ        $8, AX

axpyLast:
	TESTQ       AX, AX
	JZ          axpyEnd
	TAILMASK
	VMOVUPD.Z   (DI), K1, Z1
	VMOVUPD.Z   (SI), K1, Z2
	VFMADD231PD Z2, Z0, Z1
	VMOVUPD     Z1, K1, (DI)

axpyEnd:
	VZEROUPPER
	RET

// PLANE turns Z2 (x) and Z3 (y) into Z4 and Z5; Z0 is c, Z1 is s.
#define PLANE \
	VMULPD       Z2, Z0, Z4 \
	VMULPD       Z3, Z0, Z5 \
	VFNMADD231PD Z3, Z1, Z4 \
	VFMADD231PD  Z2, Z1, Z5

// func planeF64AVX512(n int, x, y *float64, c, s float64)
TEXT ·planeF64AVX512(SB), NOSPLIT, $0-40
	MOVQ         n+0(FP), AX
	MOVQ         x+8(FP), SI
	MOVQ         y+16(FP), DI
	VBROADCASTSD c+24(FP), Z0
	VBROADCASTSD s+32(FP), Z1

plane8:
	SUBQ    $8, AX
	JLT     planeTail
	VMOVUPD (SI), Z2
	VMOVUPD (DI), Z3
	PLANE
	VMOVUPD Z4, (SI)
	VMOVUPD Z5, (DI)
	ADDQ    $64, SI
	ADDQ    $64, DI
	JMP     plane8

planeTail:
	ADDQ      $8, AX
	JZ        planeEnd
	TAILMASK
	VMOVUPD.Z (SI), K1, Z2
	VMOVUPD.Z (DI), K1, Z3
	PLANE
	VMOVUPD   Z4, K1, (SI)
	VMOVUPD   Z5, K1, (DI)

planeEnd:
	VZEROUPPER
	RET

// symvF64AVX512: four rows, each element used twice, while the next four come to the
// second-level cache, each line asked for BX times, 0, 1 or 3.
//
//	           x Z4, y Z5
//	row 0  Z6  Z0 sums with x    Z16 r[0], for y     SI row 0
//	row 1  Z7  Z1                Z17 r[1]            R8 lda in bytes
//	row 2  Z8  Z2                Z18 r[2]            R9 row 3, R13 row 6
//	row 3  Z9  Z3                Z19 r[3]            R10 x, DI y
#define SYMV(M0, M1, M2, M3) \
	VFMADD231PD Z4, Z6, M0 \
	VFMADD231PD Z4, Z7, M1 \
	VFMADD231PD Z4, Z8, M2 \
	VFMADD231PD Z4, Z9, M3 \
	VFMADD231PD Z16, Z6, Z5 \
	VFMADD231PD Z17, Z7, Z5 \
	VFMADD231PD Z18, Z8, Z5 \
	VFMADD231PD Z19, Z9, Z5

// func symvF64AVX512(n int, a *float64, lda int, x, y *float64, r, out *[4]float64, asks int)
TEXT ·symvF64AVX512(SB), NOSPLIT, $0-64
	MOVQ         n+0(FP), AX
	MOVQ         a+8(FP), SI
	MOVQ         lda+16(FP), R8
	MOVQ         x+24(FP), R10
	MOVQ         y+32(FP), DI
	MOVQ         r+40(FP), R11
	MOVQ         out+48(FP), R12
	MOVQ         asks+56(FP), BX
	SHLQ         $3, R8
	LEAQ         (R8)(R8*2), R9
	ADDQ         SI, R9
	LEAQ         (R9)(R8*2), R13
	ADDQ         R8, R13
	VBROADCASTSD (R11), Z16
	VBROADCASTSD 8(R11), Z17
	VBROADCASTSD 16(R11), Z18
	VBROADCASTSD 24(R11), Z19
	VXORPD       X0, X0, X0
	VXORPD       X1, X1, X1
	VXORPD       X2, X2, X2
	VXORPD       X3, X3, X3

symv8:
	SUBQ    $8, AX
	JLT     symvTail
	ASKROWS(near)
	VMOVUPD (R10), Z4
	VMOVUPD (DI), Z5
	VMOVUPD (SI), Z6
	VMOVUPD (SI)(R8*1), Z7
	VMOVUPD (SI)(R8*2), Z8
	VMOVUPD (R9), Z9
	SYMV(Z0, Z1, Z2, Z3)
	VMOVUPD Z5, (DI)
	ADDQ    $64, R10
	ADDQ    $64, DI
	ADDQ    $64, SI
	ADDQ    $64, R9
	ADDQ    $64, R13
	JMP     symv8

symvTail:
	ADDQ        $8, AX
	JZ          symvSum
	TAILMASK
	VMOVUPD.Z   (R10), K1, Z4
	VMOVUPD.Z   (DI), K1, Z5
	VMOVUPD.Z   (SI), K1, Z6
	VMOVUPD.Z   (SI)(R8*1), K1, Z7
	VMOVUPD.Z   (SI)(R8*2), K1, Z8
	VMOVUPD.Z   (R9), K1, Z9
	VFMADD231PD Z4, Z6, K1, Z0
	VFMADD231PD Z4, Z7, K1, Z1
	VFMADD231PD Z4, Z8, K1, Z2
	VFMADD231PD Z4, Z9, K1, Z3
	VFMADD231PD Z16, Z6, Z5
	VFMADD231PD Z17, Z7, Z5
	VFMADD231PD Z18, Z8, Z5
	VFMADD231PD Z19, Z9, Z5
	VMOVUPD     Z5, K1, (DI)

symvSum:
	HSUM(Z0, Y0, X0, Y4, X4)
	HSUM(Z1, Y1, X1, Y5, X5)
	HSUM(Z2, Y2, X2, Y6, X6)
	HSUM(Z3, Y3, X3, Y7, X7)
	VMOVSD X0, (R12)
	VMOVSD X1, 8(R12)
	VMOVSD X2, 16(R12)
	VMOVSD X3, 24(R12)
	VZEROUPPER
	RET

// func secularF64AVX512(n int, z, delta *float64, tau float64) (s, ds float64)
TEXT ·secularF64AVX512(SB), NOSPLIT, $0-48
	MOVQ         n+0(FP), AX
	MOVQ         z+8(FP), SI
	MOVQ         delta+16(FP), DI
	VBROADCASTSD tau+24(FP), Z5
	VXORPD       X0, X0, X0         // lanes of s
	VXORPD       X1, X1, X1         // lanes of ds

secular8:
	SUBQ        $8, AX
	JLT         secularTail
	VMOVUPD     (SI), Z2
	VMOVUPD     (DI), Z3
	VSUBPD      Z5, Z3, Z3          // delta - tau
	VDIVPD      Z3, Z2, Z4          // t
	VFMADD231PD Z4, Z2, Z0
	VFMADD231PD Z4, Z4, Z1
	ADDQ        $64, SI
	ADDQ        $64, DI
	JMP         secular8

secularTail:
	ADDQ        $8, AX
	JZ          secularSum
	TAILMASK
	VMOVUPD.Z   (SI), K1, Z2
	VMOVUPD.Z   (DI), K1, Z3
	VSUBPD      Z5, Z3, Z3
	VDIVPD.Z    Z3, Z2, K1, Z4
	VFMADD231PD Z4, Z2, K1, Z0
	VFMADD231PD Z4, Z4, K1, Z1

secularSum:
	HSUM(Z0, Y0, X0, Y2, X2)
	HSUM(Z1, Y1, X1, Y3, X3)
	VMOVSD X0, s+32(FP)
	VMOVSD X1, ds+40(FP)
	VZEROUPPER
	RET
