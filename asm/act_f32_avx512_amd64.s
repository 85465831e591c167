//go:build !noasm

#include "textflag.h"
#include "tail_amd64.h"
#include "exp_amd64.h"

// Sigmoid and tanh, AVX-512 path. Needs AVX512F. Two vectors go side by side, all under masks, which
// are those of the rest in the end. Constants stay in registers: of loads the core has fewer under way
// than of other instructions, which lets it look less far ahead in the arrays.
//
//	CX         elements left, less the 32 at hand
//	DI, SI     the result, x
//	Z0 to Z3   A, T, P and Q of the first vector; Z4 to Z7 of the second
//	Z16 to Z30 constants
//	K1, K3     which elements of the first and of the second vector there are; K2 where x has the sign

#define EACH(OP, C) \
	OP(C, 0, K1, Z0, Z1, Z2, Z3)  \
	OP(C, 64, K3, Z4, Z5, Z6, Z7)

#define LOW Z16
#define LOG2E Z17
#define TWOLOG2E Z17
#define MAGIC Z18
#define LN2HI Z19
#define LN2LO Z20
#define C5 Z21
#define C4 Z22
#define C3 Z23
#define C2 Z24
#define C1 Z25
#define C0 Z26
#define UP64 Z27
#define ONE Z27
#define SIGN Z28
#define TWO Z30

#define READX(I, KX, TO) VMOVUPS.Z I(SI), KX, TO
#define WRITE(FROM, I, KX) VMOVUPS FROM, KX, I(DI)
#define OR(C, A) VPORD C, A, A
#define WHERESIGN(X, P, C, TO) VPTESTMD SIGN, X, K2; VBLENDMPS P, C, K2, TO
#define WITHSIGN(X, C, A) VPTERNLOGD $0xb8, X, C, A

// BEGIN reads the arguments and those constants that both functions have. actF32 has them in the order
// of stubs_act_amd64.go.
#define BEGIN \
	MOVQ         dst_base+0(FP), DI      \
	MOVQ         dst_len+8(FP), CX       \
	MOVQ         src_base+24(FP), SI     \
	VBROADCASTSS ·actF32+24(SB), LN2HI   \
	VBROADCASTSS ·actF32+28(SB), LN2LO   \
	VBROADCASTSS ·actF32+32(SB), C5      \
	VBROADCASTSS ·actF32+36(SB), C4      \
	VBROADCASTSS ·actF32+40(SB), C3      \
	VBROADCASTSS ·actF32+44(SB), C2      \
	VBROADCASTSS ·actF32+48(SB), C1      \
	VBROADCASTSS ·actF32+52(SB), C0      \
	VPTERNLOGD   $0xff, SIGN, SIGN, SIGN \
	VPSLLD       $31, SIGN, SIGN         \
	KXNORW       K1, K1, K1              \
	KXNORW       K3, K3, K3              \
	SUBQ         $32, CX                 \
	JLT          rest

// END follows DO, which is the loop, and turns to it once more for what is left.
#define END \
	ADDQ  $128, DI \
	ADDQ  $128, SI \
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

// func sigmoidF32AVX512(dst, src []float32)
TEXT ·sigmoidF32AVX512(SB), NOSPLIT, $0-48
	VBROADCASTSS ·actF32+0(SB), LOW
	VBROADCASTSS ·actF32+8(SB), LOG2E
	VBROADCASTSS ·actF32+16(SB), MAGIC
	VBROADCASTSS ·actF32+56(SB), UP64
	BEGIN

loop:
	SIGMOID
	END

// func tanhF32AVX512(dst, src []float32)
TEXT ·tanhF32AVX512(SB), NOSPLIT, $0-48
	VBROADCASTSS ·actF32+4(SB), LOW
	VBROADCASTSS ·actF32+12(SB), TWOLOG2E
	VBROADCASTSS ·actF32+20(SB), MAGIC
	VBROADCASTSS ·actF32+60(SB), ONE
	VBROADCASTSS ·actF32+64(SB), TWO
	BEGIN

loop:
	TANH
	END
