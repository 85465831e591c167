// How functions of each element go over slices on AVX-512: two vectors of 16 at a time, all under masks,
// which are those of the rest in the end.
//
//	CX      elements left, less the 32 at hand
//	DI      the result
//	K1, K3  which elements of the first and of the second vector there are

#include "tail_amd64.h"

// BEGIN comes before the loop.
#define BEGIN \
	KXNORW K1, K1, K1 \
	KXNORW K3, K3, K3 \
	SUBQ   $32, CX    \
	JLT    rest

// END ends it and follows it: it turns to it once more, for what is left.
#define END \
	ADDQ  $128, DI \
	SUBQ  $32, CX  \
	JGE   loop     \
rest:                  \
	ADDQ  $32, CX  \
	JEQ   done     \
	TAILMASK512    \
	SHRL  $16, R8  \
	KMOVW R8, K3   \
	XORL  CX, CX   \
	JMP   loop     \
done:                  \
	VZEROUPPER     \
	RET
