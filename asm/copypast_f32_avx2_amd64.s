//go:build !noasm

#include "textflag.h"

// A copy that passes the caches by, AVX2 path. Needs AVX. Elements go one by one
// until dst is a vector's place, then vectors whole, then one by one.
//
//	DI, SI dst and src at hand; CX elements left; AX at work

// func copyPastF32AVX2(dst, src []float32)
TEXT ·copyPastF32AVX2(SB), NOSPLIT, $0-48
	MOVQ dst_base+0(FP), DI
	MOVQ dst_len+8(FP), CX
	MOVQ src_base+24(FP), SI

head:
	TESTQ CX, CX
	JEQ   done
	TESTQ $31, DI
	JEQ   vectors
	MOVL  (SI), AX
	MOVL  AX, (DI)
	ADDQ  $4, SI
	ADDQ  $4, DI
	DECQ  CX
	JMP   head

vectors:
	SUBQ $8, CX
	JLT  tail

vector:
	VMOVUPS  (SI), Y0
	VMOVNTPS Y0, (DI)
	ADDQ     $32, SI
	ADDQ     $32, DI
	SUBQ     $8, CX
	JGE      vector

tail:
	ADDQ $8, CX
	JEQ  done

one:
	MOVL (SI), AX
	MOVL AX, (DI)
	ADDQ $4, SI
	ADDQ $4, DI
	DECQ CX
	JNE  one

done:
	VZEROUPPER
	RET
