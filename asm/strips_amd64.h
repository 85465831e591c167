// What the transforms of Winograd's convolutions begin with and how they end, in
// winograd_amd64.h and winorows_amd64.h, which say what the registers are for.

// STRIPS reads the arguments (dst, src *float32, s *Strips); Count and N are not 0.
#define STRIPS \
	MOVQ dst+0(FP), DI           \
	MOVQ src+8(FP), SI           \
	MOVQ s+16(FP), CX            \
	MOVQ Strips_DstRow(CX), R11  \
	MOVQ Strips_DstStep(CX), R14 \
	MOVQ Strips_SrcRow(CX), R8   \
	MOVQ Strips_SrcStep(CX), BX  \
	MOVQ Strips_N(CX), DX        \
	MOVQ Strips_Count(CX), AX    \
	SUBQ DX, R14                 \
	SUBQ DX, BX                  \
	SHLQ $2, R14                 \
	SHLQ $2, BX                  \
	SHLQ $2, DX                  \
	SHLQ $2, R11                 \
	SHLQ $2, R8                  \
	LEAQ (R8)(R8*2), R9          \
	LEAQ (R11)(R11*2), R12

// PAIR stores E + C*O and E - C*O, and overwrites E and T.
#define PAIR(C, O, E, T, PLUS, MINUS) \
	VMOVAPS      E, T     \
	VFMADD231PS  O, C, T  \
	VFNMADD231PS O, C, E  \
	VMOVUPS      T, PLUS  \
	VMOVUPS      E, MINUS
