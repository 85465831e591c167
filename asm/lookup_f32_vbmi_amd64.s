//go:build !noasm

#include "textflag.h"

// Bytes through a table of 256 float32s, where AVX-512 can permute bytes. Needs AVX512BW and VBMI. The table
// is four of bytes, the first of every number, the second and so on, of which the registers have room: 64
// bytes become as many of each, and those of a number are then brought together. What bytes become in a
// register's quarters stands in different quarters, so they are turned first: 4*q+j of 4 x 4 groups of four
// bytes to 4*j+q. A dst that begins with a line passes the caches by.
//
//	CX      blocks of 64 bytes left; SI bytes; DI results
//	DX, BX  the table, its bytes; AX sixteenths of it left
//	Z0      bytes; K1 which of them are 128 or more, K2 which are less
//	Z1 to Z4    the bytes of their entries, then the entries
//	Z5 to Z8    pairs of those bytes
//	Z15     where groups of four bytes come from
//	Z16 to Z19, Z20 to Z23, Z24 to Z27, Z28 to Z31  a table of bytes each

DATA turned<>+0(SB)/8, $0x0000000400000000
DATA turned<>+8(SB)/8, $0x0000000c00000008
DATA turned<>+16(SB)/8, $0x0000000500000001
DATA turned<>+24(SB)/8, $0x0000000d00000009
DATA turned<>+32(SB)/8, $0x0000000600000002
DATA turned<>+40(SB)/8, $0x0000000e0000000a
DATA turned<>+48(SB)/8, $0x0000000700000003
DATA turned<>+56(SB)/8, $0x0000000f0000000b
GLOBL turned<>(SB), RODATA|NOPTR, $64

// BYTES makes R of the entries of a table of bytes, of which a permutation reaches 128.
#define BYTES(A, B, C, D, R) \
	VMOVDQA64 Z0, R          \
	VPERMI2B  B, A, K2, R    \
	VPERMI2B  D, C, K1, R

// LOOKUP does all blocks with stores PUT; the label is its own.
#define LOOKUP(PUT, block) \
block:                                  \
	VPERMD     (SI), Z15, Z0        \
	VPMOVB2M   Z0, K1               \
	KNOTQ      K1, K2               \
	BYTES(Z16, Z17, Z18, Z19, Z1)   \
	BYTES(Z20, Z21, Z22, Z23, Z2)   \
	BYTES(Z24, Z25, Z26, Z27, Z3)   \
	BYTES(Z28, Z29, Z30, Z31, Z4)   \
	VPUNPCKLBW Z2, Z1, Z5           \
	VPUNPCKHBW Z2, Z1, Z6           \
	VPUNPCKLBW Z4, Z3, Z7           \
	VPUNPCKHBW Z4, Z3, Z8           \
	VPUNPCKLWD Z7, Z5, Z1           \
	VPUNPCKHWD Z7, Z5, Z2           \
	VPUNPCKLWD Z8, Z6, Z3           \
	VPUNPCKHWD Z8, Z6, Z4           \
	PUT        Z1, (DI)             \
	PUT        Z2, 64(DI)           \
	PUT        Z3, 128(DI)          \
	PUT        Z4, 192(DI)          \
	ADDQ       $64, SI              \
	ADDQ       $256, DI             \
	DECQ       CX                   \
	JNZ        block                \
	VZEROUPPER                      \
	RET

// func lookupF32VBMI(blocks int, dst *float32, src *byte, table *[256]float32, bytes *[1024]byte)
TEXT ·lookupF32VBMI(SB), NOSPLIT, $0-40
	MOVQ blocks+0(FP), CX
	MOVQ dst+8(FP), DI
	MOVQ src+16(FP), SI
	MOVQ table+24(FP), DX
	MOVQ bytes+32(FP), BX
	MOVL $16, AX

sixteen:
	VMOVDQU32 (DX), Z0
	VPSRLD    $8, Z0, Z1
	VPSRLD    $16, Z0, Z2
	VPSRLD    $24, Z0, Z3
	VPMOVDB   Z0, X0
	VPMOVDB   Z1, X1
	VPMOVDB   Z2, X2
	VPMOVDB   Z3, X3
	VMOVDQU   X0, (BX)
	VMOVDQU   X1, 256(BX)
	VMOVDQU   X2, 512(BX)
	VMOVDQU   X3, 768(BX)
	ADDQ      $64, DX
	ADDQ      $16, BX
	DECQ      AX
	JNZ       sixteen
	VMOVDQU64 -256(BX), Z16
	VMOVDQU64 -192(BX), Z17
	VMOVDQU64 -128(BX), Z18
	VMOVDQU64 -64(BX), Z19
	VMOVDQU64 (BX), Z20
	VMOVDQU64 64(BX), Z21
	VMOVDQU64 128(BX), Z22
	VMOVDQU64 192(BX), Z23
	VMOVDQU64 256(BX), Z24
	VMOVDQU64 320(BX), Z25
	VMOVDQU64 384(BX), Z26
	VMOVDQU64 448(BX), Z27
	VMOVDQU64 512(BX), Z28
	VMOVDQU64 576(BX), Z29
	VMOVDQU64 640(BX), Z30
	VMOVDQU64 704(BX), Z31
	VMOVDQU32 turned<>(SB), Z15
	TESTQ     $63, DI
	JNE       usual
	LOOKUP(VMOVNTDQ, past)

usual:
	LOOKUP(VMOVDQU64, store)
