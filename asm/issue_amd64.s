//go:build !noasm

#include "textflag.h"

// Two loops that only the front of a core holds up. AX is the sum of the chain, CX the turns,
// counted down with an instruction that cores fuse with the jump.

#define CHAIN4 ADDQ DX, AX; ADDQ DX, AX; ADDQ DX, AX; ADDQ DX, AX
#define CHAIN16 CHAIN4; CHAIN4; CHAIN4; CHAIN4

// Registers that become zero without a unit.
#define FREE4 XORL AX, AX; XORL DX, DX; XORL SI, SI; XORL DI, DI
#define FREE16 FREE4; FREE4; FREE4; FREE4

// func waitingAdditions(turns int)
TEXT ·waitingAdditions(SB), NOSPLIT, $0-8
	MOVQ turns+0(FP), CX
	XORL AX, AX
	MOVL $1, DX

loop:
	CHAIN16
	CHAIN16
	CHAIN16
	CHAIN16
	DECQ CX
	JNZ  loop
	RET

// func freeInstructions(turns int)
TEXT ·freeInstructions(SB), NOSPLIT, $0-8
	MOVQ turns+0(FP), CX

loop:
	FREE16
	FREE16
	FREE16
	FREE16
	FREE16
	FREE16
	DECQ CX
	JNZ  loop
	RET
