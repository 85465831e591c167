//go:build !noasm

#include "textflag.h"
#include "tail_amd64.h"

// ReLU's gradient from rows in the caches to rows in memory, AVX2 path: by stores
// that pass the caches by, which first reading what they overwrite would take twice
// as long. A row of dx that does not begin with a vector is stored as usual.
// Needs AVX2.
//
//	BX rows left; R11 elements of a row, AX those done, CX those left
//	DI a row of dx, R9 to the next; SI, DX of dy and y, R10 to the next
//	Y15 0; Y0, Y1 values; Y11 the mask of the rest

// func reluGradRowsF32AVX2(rows int, dx *float32, ldx int, dy, y *float32, ld, width int)
TEXT ·reluGradRowsF32AVX2(SB), NOSPLIT, $0-56
	MOVQ rows+0(FP), BX
	MOVQ dx+8(FP), DI
	MOVQ ldx+16(FP), R9
	MOVQ dy+24(FP), SI
	MOVQ y+32(FP), DX
	MOVQ ld+40(FP), R10
	MOVQ width+48(FP), R11
	SHLQ $2, R9
	SHLQ $2, R10
	VXORPS Y15, Y15, Y15

row:
	XORQ  AX, AX
	MOVQ  R11, CX
	SUBQ  $8, CX
	JLT   rest
	TESTQ $31, DI
	JNE   usual

past:
	VMOVUPS (DX)(AX*4), Y0
	VCMPPS  $0x1e, Y15, Y0, Y0      // y > 0, false for NaN
	VANDPS  (SI)(AX*4), Y0, Y0      // dy where true, else +0
	VMOVNTPS Y0, (DI)(AX*4)
	ADDQ $8, AX
	SUBQ $8, CX
	JGE past
	JMP rest

usual:
	VMOVUPS (DX)(AX*4), Y0
	VCMPPS  $0x1e, Y15, Y0, Y0      // y > 0, false for NaN
	VANDPS  (SI)(AX*4), Y0, Y0      // dy where true, else +0
	VMOVUPS Y0, (DI)(AX*4)
	ADDQ $8, AX
	SUBQ $8, CX
	JGE usual

rest:
	ADDQ $8, CX
	JEQ next
	TAILMASK256(Y11)
	VMASKMOVPS (DX)(AX*4), Y11, Y0
	VCMPPS     $0x1e, Y15, Y0, Y0
	VMASKMOVPS (SI)(AX*4), Y11, Y1
	VANDPS     Y1, Y0, Y0
	VMASKMOVPS Y0, Y11, (DI)(AX*4)

next:
	ADDQ R9, DI
	ADDQ R10, SI
	ADDQ R10, DX
	DECQ BX
	JNZ  row
	VZEROUPPER
	RET
