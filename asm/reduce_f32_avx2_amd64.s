//go:build !noasm

#include "textflag.h"
#include "tail_amd64.h"

// Sums over 16 lanes, and counts, AVX2 path. Need AVX2, the sums of products FMA3 too.
// Element i goes to lane i mod 16; the tree at the end adds lane i+8 to lane i, then i+4,
// i+2, i+1. What is left of a slice is added with zeros behind it: a lane is never -0,
// since it began as +0, so that +0 changes none.
//
//	CX       elements left, less those of the loop at hand
//	SI, DX   the slices
//	Y0 to Y3 lanes: 8 of float32, or 4 of float64, each
//	Y11      the mask of the rest

// TREE64 adds the 16 lanes of float64 in Y0 to Y3 into X0.
#define TREE64 \
	VADDPD       Y2, Y0, Y0 \
	VADDPD       Y3, Y1, Y1 \
	VADDPD       Y1, Y0, Y0 \
	VEXTRACTF128 $1, Y0, X1 \
	VADDPD       X1, X0, X0 \
	VUNPCKHPD    X0, X0, X1 \
	VADDSD       X1, X0, X0

// func sumF32AVX2(x []float32) float32
TEXT ·sumF32AVX2(SB), NOSPLIT, $0-28
	MOVQ   x_base+0(FP), SI
	MOVQ   x_len+8(FP), CX
	VXORPS Y0, Y0, Y0       // lanes 0 to 7
	VXORPS Y1, Y1, Y1       // lanes 8 to 15
	SUBQ   $16, CX
	JLT    rest

loop:
	VADDPS (SI), Y0, Y0
	VADDPS 32(SI), Y1, Y1
	ADDQ   $64, SI
	SUBQ   $16, CX
	JGE    loop

rest:
	ADDQ       $8, CX
	JLT        low
	VADDPS     (SI), Y0, Y0
	TAILMASK256(Y11)
	VMASKMOVPS 32(SI), Y11, Y2
	VADDPS     Y2, Y1, Y1
	JMP        tree

low:
	ADDQ       $8, CX
	JEQ        tree
	TAILMASK256(Y11)
	VMASKMOVPS (SI), Y11, Y2
	VADDPS     Y2, Y0, Y0

tree:
	VADDPS       Y1, Y0, Y0     // lanes 0 to 7
	VEXTRACTF128 $1, Y0, X1
	VADDPS       X1, X0, X0     // 0 to 3
	VMOVHLPS     X0, X0, X1
	VADDPS       X1, X0, X0     // 0 and 1
	VMOVSHDUP    X0, X1
	VADDSS       X1, X0, X0
	VMOVSS       X0, ret+24(FP)
	VZEROUPPER
	RET

// func countF32AVX2(x []float32) int
TEXT ·countF32AVX2(SB), NOSPLIT, $0-32
	MOVQ   x_base+0(FP), SI
	MOVQ   x_len+8(FP), CX
	VXORPS Y0, Y0, Y0       // counts, in integers
	VXORPS Y1, Y1, Y1
	VXORPS Y2, Y2, Y2       // what is not counted
	SUBQ   $16, CX
	JLT    rest

loop:
	VCMPPS $4, (SI), Y2, Y3   // not equal: -1
	VCMPPS $4, 32(SI), Y2, Y4
	VPSUBD Y3, Y0, Y0
	VPSUBD Y4, Y1, Y1
	ADDQ   $64, SI
	SUBQ   $16, CX
	JGE    loop

rest:
	ADDQ   $8, CX
	JLT    low
	VCMPPS $4, (SI), Y2, Y3
	VPSUBD Y3, Y0, Y0
	ADDQ   $32, SI
	SUBQ   $8, CX

low:
	ADDQ       $8, CX
	JEQ        add
	TAILMASK256(Y11)
	VMASKMOVPS (SI), Y11, Y3
	VCMPPS     $4, Y3, Y2, Y3
	VPSUBD     Y3, Y0, Y0

add:
	VPADDD       Y1, Y0, Y0
	VEXTRACTI128 $1, Y0, X1
	VPADDD       X1, X0, X0
	VPSHUFD      $0x4e, X0, X1
	VPADDD       X1, X0, X0
	VPSHUFD      $0xb1, X0, X1
	VPADDD       X1, X0, X0
	VMOVD        X0, AX
	MOVQ         AX, ret+24(FP)
	VZEROUPPER
	RET

// func sumSquaresF32AVX2(x []float32) float64
TEXT ·sumSquaresF32AVX2(SB), NOSPLIT, $0-32
	MOVQ   x_base+0(FP), SI
	MOVQ   x_len+8(FP), CX
	VXORPD Y0, Y0, Y0
	VXORPD Y1, Y1, Y1
	VXORPD Y2, Y2, Y2
	VXORPD Y3, Y3, Y3
	SUBQ   $16, CX
	JLT    rest

loop:
	VCVTPS2PD   (SI), Y4
	VCVTPS2PD   16(SI), Y5
	VCVTPS2PD   32(SI), Y6
	VCVTPS2PD   48(SI), Y7
	VFMADD231PD Y4, Y4, Y0
	VFMADD231PD Y5, Y5, Y1
	VFMADD231PD Y6, Y6, Y2
	VFMADD231PD Y7, Y7, Y3
	ADDQ        $64, SI
	SUBQ        $16, CX
	JGE         loop

rest:
	ADDQ         $8, CX
	JLT          low
	VCVTPS2PD    (SI), Y4
	VCVTPS2PD    16(SI), Y5
	VFMADD231PD  Y4, Y4, Y0
	VFMADD231PD  Y5, Y5, Y1
	TAILMASK256(Y11)
	VMASKMOVPS   32(SI), Y11, Y6
	VEXTRACTF128 $1, Y6, X7
	VCVTPS2PD    X6, Y6
	VCVTPS2PD    X7, Y7
	VFMADD231PD  Y6, Y6, Y2
	VFMADD231PD  Y7, Y7, Y3
	JMP          tree

low:
	ADDQ         $8, CX
	TAILMASK256(Y11)
	VMASKMOVPS   (SI), Y11, Y4
	VEXTRACTF128 $1, Y4, X5
	VCVTPS2PD    X4, Y4
	VCVTPS2PD    X5, Y5
	VFMADD231PD  Y4, Y4, Y0
	VFMADD231PD  Y5, Y5, Y1

tree:
	TREE64
	VMOVSD X0, ret+24(FP)
	VZEROUPPER
	RET

// func dotF32AVX2(x, y []float32) float64
TEXT ·dotF32AVX2(SB), NOSPLIT, $0-56
	MOVQ   x_base+0(FP), SI
	MOVQ   x_len+8(FP), CX
	MOVQ   y_base+24(FP), DX
	VXORPD Y0, Y0, Y0
	VXORPD Y1, Y1, Y1
	VXORPD Y2, Y2, Y2
	VXORPD Y3, Y3, Y3
	SUBQ   $16, CX
	JLT    rest

loop:
	VCVTPS2PD   (SI), Y4
	VCVTPS2PD   16(SI), Y5
	VCVTPS2PD   32(SI), Y6
	VCVTPS2PD   48(SI), Y7
	VCVTPS2PD   (DX), Y8
	VCVTPS2PD   16(DX), Y9
	VCVTPS2PD   32(DX), Y10
	VCVTPS2PD   48(DX), Y11
	VFMADD231PD Y4, Y8, Y0
	VFMADD231PD Y5, Y9, Y1
	VFMADD231PD Y6, Y10, Y2
	VFMADD231PD Y7, Y11, Y3
	ADDQ        $64, SI
	ADDQ        $64, DX
	SUBQ        $16, CX
	JGE         loop

rest:
	ADDQ         $8, CX
	JLT          low
	VCVTPS2PD    (SI), Y4
	VCVTPS2PD    16(SI), Y5
	VCVTPS2PD    (DX), Y8
	VCVTPS2PD    16(DX), Y9
	VFMADD231PD  Y4, Y8, Y0
	VFMADD231PD  Y5, Y9, Y1
	TAILMASK256(Y11)
	VMASKMOVPS   32(SI), Y11, Y6
	VMASKMOVPS   32(DX), Y11, Y10
	VEXTRACTF128 $1, Y6, X7
	VEXTRACTF128 $1, Y10, X11
	VCVTPS2PD    X6, Y6
	VCVTPS2PD    X7, Y7
	VCVTPS2PD    X10, Y10
	VCVTPS2PD    X11, Y11
	VFMADD231PD  Y6, Y10, Y2
	VFMADD231PD  Y7, Y11, Y3
	JMP          tree

low:
	ADDQ         $8, CX
	TAILMASK256(Y11)
	VMASKMOVPS   (SI), Y11, Y4
	VMASKMOVPS   (DX), Y11, Y8
	VEXTRACTF128 $1, Y4, X5
	VEXTRACTF128 $1, Y8, X9
	VCVTPS2PD    X4, Y4
	VCVTPS2PD    X5, Y5
	VCVTPS2PD    X8, Y8
	VCVTPS2PD    X9, Y9
	VFMADD231PD  Y4, Y8, Y0
	VFMADD231PD  Y5, Y9, Y1

tree:
	TREE64
	VMOVSD X0, ret+48(FP)
	VZEROUPPER
	RET
