//go:build !noasm

#include "textflag.h"

// Bytes through a table of 256 float32s, AVX-512 path. Needs AVX512F. The whole
// table stands in registers: VPERMI2PS looks 5 bits of an index up in two of
// them, and the other 3 bits choose among the eight results. A dst that begins with a
// cache line passes the caches by.
//
//	CX         blocks of 16 bytes left; SI bytes; DI results
//	Z16 to Z31 the table
//	Z0 to Z7   results of the eighths of the table; Z8 indices
//	K1 to K3   bits 5 to 7 of the indices; Z9 to Z11 those bits

// LOOKUP does all blocks with stores PUT; the label is its own.
#define LOOKUP(PUT, block) \
block:                     \
	VPMOVZXBD (SI), Z8     \
	VPTESTMD  Z9, Z8, K1   \
	VPTESTMD  Z10, Z8, K2  \
	VPTESTMD  Z11, Z8, K3  \
	VMOVDQA32 Z8, Z0       \
	VMOVDQA32 Z8, Z1       \
	VMOVDQA32 Z8, Z2       \
	VMOVDQA32 Z8, Z3       \
	VMOVDQA32 Z8, Z4       \
	VMOVDQA32 Z8, Z5       \
	VMOVDQA32 Z8, Z6       \
	VMOVDQA32 Z8, Z7       \
	VPERMI2PS Z17, Z16, Z0 \ // of entries 0 to 31
	VPERMI2PS Z19, Z18, Z1 \
	VPERMI2PS Z21, Z20, Z2 \
	VPERMI2PS Z23, Z22, Z3 \
	VPERMI2PS Z25, Z24, Z4 \
	VPERMI2PS Z27, Z26, Z5 \
	VPERMI2PS Z29, Z28, Z6 \
	VPERMI2PS Z31, Z30, Z7 \
	VMOVAPS   Z1, K1, Z0   \
	VMOVAPS   Z3, K1, Z2   \
	VMOVAPS   Z5, K1, Z4   \
	VMOVAPS   Z7, K1, Z6   \
	VMOVAPS   Z2, K2, Z0   \
	VMOVAPS   Z6, K2, Z4   \
	VMOVAPS   Z4, K3, Z0   \
	PUT       Z0, (DI)     \
	ADDQ      $16, SI      \
	ADDQ      $64, DI      \
	DECQ      CX           \
	JNZ       block        \
	VZEROUPPER             \
	RET

// func lookupF32AVX512(blocks int, dst *float32, src *byte, table *[256]float32)
TEXT ·lookupF32AVX512(SB), NOSPLIT, $0-32
	MOVQ         blocks+0(FP), CX
	MOVQ         dst+8(FP), DI
	MOVQ         src+16(FP), SI
	MOVQ         table+24(FP), DX
	VMOVUPS      (DX), Z16
	VMOVUPS      64(DX), Z17
	VMOVUPS      128(DX), Z18
	VMOVUPS      192(DX), Z19
	VMOVUPS      256(DX), Z20
	VMOVUPS      320(DX), Z21
	VMOVUPS      384(DX), Z22
	VMOVUPS      448(DX), Z23
	VMOVUPS      512(DX), Z24
	VMOVUPS      576(DX), Z25
	VMOVUPS      640(DX), Z26
	VMOVUPS      704(DX), Z27
	VMOVUPS      768(DX), Z28
	VMOVUPS      832(DX), Z29
	VMOVUPS      896(DX), Z30
	VMOVUPS      960(DX), Z31
	MOVL         $32, AX
	VPBROADCASTD AX, Z9
	VPSLLD       $1, Z9, Z10
	VPSLLD       $2, Z9, Z11
	TESTQ        $63, DI
	JNE          usual
	LOOKUP(VMOVNTPS, past)

usual:
	LOOKUP(VMOVUPS, store)
