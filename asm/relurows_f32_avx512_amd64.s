//go:build !noasm

#include "textflag.h"
#include "tail_amd64.h"

// ReLU's gradient from rows in the caches to rows in memory, AVX-512 path: by stores
// that pass the caches by, which first reading what they overwrite would take twice
// as long. A row of dx that does not begin with a vector is stored as usual.
// Needs AVX512F.
//
//	BX rows left; R11 elements of a row, AX those done, CX those left
//	DI a row of dx, R9 to the next; SI, DX of dy and y, R10 to the next
//	Z31 0; Z0, Z1 values; K2 a comparison; K1 the mask of the rest

// func reluGradRowsF32AVX512(rows int, dx *float32, ldx int, dy, y *float32, ld, width int)
TEXT ·reluGradRowsF32AVX512(SB), NOSPLIT, $0-56
	MOVQ rows+0(FP), BX
	MOVQ dx+8(FP), DI
	MOVQ ldx+16(FP), R9
	MOVQ dy+24(FP), SI
	MOVQ y+32(FP), DX
	MOVQ ld+40(FP), R10
	MOVQ width+48(FP), R11
	SHLQ $2, R9
	SHLQ $2, R10
	VPXORD Z31, Z31, Z31

row:
	XORQ  AX, AX
	MOVQ  R11, CX
	SUBQ  $16, CX
	JLT   rest
	TESTQ $63, DI
	JNE   usual

past:
	VMOVUPS   (DX)(AX*4), Z0
	VCMPPS    $0x1e, Z31, Z0, K2      // y > 0, false for NaN
	VMOVUPS.Z (SI)(AX*4), K2, Z0      // dy where true, else +0
	VMOVNTPS Z0, (DI)(AX*4)
	ADDQ $16, AX
	SUBQ $16, CX
	JGE past
	JMP rest

usual:
	VMOVUPS   (DX)(AX*4), Z0
	VCMPPS    $0x1e, Z31, Z0, K2      // y > 0, false for NaN
	VMOVUPS.Z (SI)(AX*4), K2, Z0      // dy where true, else +0
	VMOVUPS Z0, (DI)(AX*4)
	ADDQ $16, AX
	SUBQ $16, CX
	JGE usual

rest:
	ADDQ $16, CX
	JEQ next
	TAILMASK512
	VMOVUPS.Z (DX)(AX*4), K1, Z0
	VCMPPS    $0x1e, Z31, Z0, K2
	VMOVUPS.Z (SI)(AX*4), K1, Z1
	VMOVAPS.Z Z1, K2, Z1
	VMOVUPS   Z1, K1, (DI)(AX*4)

next:
	ADDQ R9, DI
	ADDQ R10, SI
	ADDQ R10, DX
	DECQ BX
	JNZ  row
	VZEROUPPER
	RET
