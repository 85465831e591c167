//go:build !noasm

#include "textflag.h"

// A copy that passes the caches by, AVX-512 path. Needs AVX512F. Elements go one by one
// until dst is a vector's place, then vectors whole, then one by one.
//
//	DI, SI dst and src at hand; CX elements left; AX at work

// func copyPastF32AVX512(dst, src []float32)
TEXT ·copyPastF32AVX512(SB), NOSPLIT, $0-48
	MOVQ dst_base+0(FP), DI
	MOVQ dst_len+8(FP), CX
	MOVQ src_base+24(FP), SI

head:
	TESTQ CX, CX
	JEQ   done
	TESTQ $63, DI
	JEQ   vectors
	MOVL  (SI), AX
	MOVL  AX, (DI)
	ADDQ  $4, SI
	ADDQ  $4, DI
	DECQ  CX
	JMP   head

vectors:
	SUBQ $16, CX
	JLT  tail

vector:
	VMOVUPS  (SI), Z0
	VMOVNTPS Z0, (DI)
	ADDQ     $64, SI
	ADDQ     $64, DI
	SUBQ     $16, CX
	JGE      vector

tail:
	ADDQ $16, CX
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
