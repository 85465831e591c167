// What the functions of act_f32_avx2_amd64.s and gelu_f32_avx2_amd64.s share: how they go over
// slices, several vectors at a time, and where their constants are. What is left goes through a
// frame, of as many elements.
//
//	CX  elements left, less those at hand
//	DI  the result; SI, DX further operands
//	R9  the result, while DI is the frame, else 0
//	R8  where the masks of the frame are

#include "tail_amd64.h"

// The places of the constants, in all lanes of a vector; of those that end in S a register has one.
#define LOWS ·act8F32+0(SB)
#define TLOWS ·act8F32+32(SB)
#define LOG2E ·act8F32+64(SB)
#define TWOLOG2E ·act8F32+96(SB)
#define MAGIC64S ·act8F32+128(SB)
#define MAGIC0S ·act8F32+160(SB)
#define LN2HI ·act8F32+192(SB)
#define LN2LO ·act8F32+224(SB)
#define C5 ·act8F32+256(SB)
#define C4 ·act8F32+288(SB)
#define C3 ·act8F32+320(SB)
#define C2 ·act8F32+352(SB)
#define C1 ·act8F32+384(SB)
#define C0 ·act8F32+416(SB)
#define UP64S ·act8F32+448(SB)
#define ONES ·act8F32+480(SB)
#define TWO ·act8F32+512(SB)
#define TOP ·act8F32+544(SB)
#define SIGN ·act8F32+576(SB)

// ARGUMENTS reads those of a function of x alone, which does N elements at a time.
#define ARGUMENTS(N) \
	MOVQ dst_base+0(FP), DI  \
	MOVQ dst_len+8(FP), CX   \
	MOVQ src_base+24(FP), SI \
	XORL R9, R9              \
	SUBQ $N, CX              \
	JLT  rest

// MASKS2 makes the masks of CX elements, CX < 16, MASKS4 those of CX < 32.
#define MASKS2 \
	TAILMASK256(Y0)    \
	VMOVUPS 160(R8), Y1

#define MASKS4 \
	MASKS2              \
	VMOVUPS 192(R8), Y2 \
	VMOVUPS 224(R8), Y3

// FRAME2 and FRAME4 move what is left at P under the masks to F, which P then is.
#define FRAME2(P, F) \
	VMASKMOVPS (P), Y0, Y4   \
	VMASKMOVPS 32(P), Y1, Y5 \
	LEAQ       F, P          \
	VMOVUPS    Y4, (P)       \
	VMOVUPS    Y5, 32(P)

#define FRAME4(P, F) \
	VMASKMOVPS 64(P), Y2, Y6 \
	VMASKMOVPS 96(P), Y3, Y7 \
	FRAME2(P, F)             \
	VMOVUPS    Y6, 64(P)     \
	VMOVUPS    Y7, 96(P)

// REST turns the loop to the frame F.
#define REST(F) \
	MOVQ DI, R9 \
	LEAQ F, DI  \
	XORL CX, CX

// UNFRAME2 and UNFRAME4 store what the loop has left in the frame, which ends at DI.
#define UNFRAME(I, FROM) \
	VMOVUPS    (128+I)(R8), Y0  \
	VMOVUPS    (I-FROM)(DI), Y1 \
	VMASKMOVPS Y1, Y0, I(R9)
#define UNFRAME2 \
	UNFRAME(0, 64)  \
	UNFRAME(32, 64)
#define UNFRAME4 \
	UNFRAME(0, 128)  \
	UNFRAME(32, 128) \
	UNFRAME(64, 128) \
	UNFRAME(96, 128)

// LEFT ends the loop of a function of x alone, of N elements at a time, and follows it, with R9 = 0
// before the elements that are left: it turns to the frame F for them, then to out.
#define LEFT(N, MASKS, FRAME, F, UNFRAME) \
	ADDQ  $(4*N), DI \
	ADDQ  $(4*N), SI \
	SUBQ  $N, CX     \
	JGE   loop       \
	TESTQ R9, R9     \
	JNE   out        \
rest:                    \
	ADDQ $N, CX      \
	JEQ  done        \
	MASKS            \
	FRAME(SI, F)     \
	REST(F)          \
	JMP  loop        \
out:                     \
	UNFRAME          \
done:                    \
	VZEROUPPER       \
	RET
