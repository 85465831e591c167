// How the poolings of 2 x 2 windows, 2 apart, and their gradients go over rows, on AVX2 and AVX-512. What
// reads windows, pool2_avx512_amd64.h or the AVX2 kernels themselves, says in which registers; beside them:
//
//	CX      vectors left of a row; R12 rows left
//	DI, R8  y, or rows of dx; BX y; R13 dy
//
// Vectors are those of vectors_avx2_amd64.h or vectors_avx512_amd64.h. REST, of each of the following,
// does the R10 outputs that are left of a row, and goes on to the next.

// POOL2 makes y of rows of x: WHAT makes V4 of the windows.
#define POOL2(WHAT, REST) \
row:                      \
	LEAQ  (SI)(R11*1), DX \
	XORQ  AX, AX          \
	MOVQ  R9, CX          \
	TESTQ CX, CX          \
	JEQ   rest            \
vector:                   \
	WINDOWS               \
	APART                 \
	WHAT                  \
	VMOVUPS V4, (DI)      \
	ADDQ  $(2*SIZE), AX   \
	ADDQ  $SIZE, DI       \
	DECQ  CX              \
	JNZ   vector          \
rest:                     \
	TESTQ R10, R10        \
	JEQ   next            \
	REST                  \
next:                     \
	LEAQ  (SI)(R11*2), SI \
	DECQ  R12             \
	JNZ   row             \
	VZEROUPPER            \
	RET

// What the gradient of maxima reads beside dy: x and y.
#define XBEGIN LEAQ (SI)(R11*1), DX
#define XREAD WINDOWS; APART; VMOVUPS (BX), V8
#define XON ADDQ $SIZE, BX
#define XDOWN LEAQ (SI)(R11*2), SI
#define NOTHING

// POOL2GRAD makes rows of dx: WHAT makes V4 to V7 of V9, dy, and the windows that READ reads. An odd w
// leaves a column over.
#define POOL2GRAD(BEGIN, READ, WHAT, ON, REST, DOWN) \
row:                        \
	BEGIN                   \
	LEAQ  (DI)(R11*1), R8   \
	XORQ  AX, AX            \
	MOVQ  R9, CX            \
	TESTQ CX, CX            \
	JEQ   rest              \
vector:                     \
	READ                    \
	VMOVUPS (R13), V9       \
	WHAT                    \
	TOGETHER                \
	SPREAD                  \
	ADDQ  $(2*SIZE), AX     \
	ON                      \
	ADDQ  $SIZE, R13        \
	DECQ  CX                \
	JNZ   vector            \
rest:                       \
	TESTQ R10, R10          \
	JEQ   next              \
	REST                    \
next:                       \
	TESTQ $4, R11           \
	JEQ   even              \
	MOVL  $0, -4(DI)(R11*1) \
	MOVL  $0, -4(R8)(R11*1) \
even:                       \
	DOWN                    \
	LEAQ  (DI)(R11*2), DI   \
	DECQ  R12               \
	JNZ   row               \
	VZEROUPPER              \
	RET

#define MAXGRAD(WHAT, REST) POOL2GRAD(XBEGIN, XREAD, WHAT, XON, REST, XDOWN)
#define AVGGRAD(WHAT, REST) POOL2GRAD(NOTHING, NOTHING, WHAT, NOTHING, REST, NOTHING)

// SPREAD stores the vectors of two rows of dx.
#define SPREAD \
	VMOVUPS V0, (DI)(AX*1)     \
	VMOVUPS V1, SIZE(DI)(AX*1) \
	VMOVUPS V2, (R8)(AX*1)     \
	VMOVUPS V3, SIZE(R8)(AX*1)

// The arguments.
#define POOLARGS \
	MOVQ y_base+0(FP), DI  \
	MOVQ x_base+24(FP), SI \
	MOVQ rows+48(FP), R12  \
	MOVQ w+56(FP), R9      \
	ROWS
#define MAXGRADARGS \
	MOVQ dx_base+0(FP), DI   \
	MOVQ x_base+24(FP), SI   \
	MOVQ y_base+48(FP), BX   \
	MOVQ dy_base+72(FP), R13 \
	MOVQ rows+96(FP), R12    \
	MOVQ w+104(FP), R9       \
	ROWS
#define AVGGRADARGS \
	MOVQ dx_base+0(FP), DI   \
	MOVQ dy_base+24(FP), R13 \
	MOVQ rows+48(FP), R12    \
	MOVQ w+56(FP), R9        \
	ROWS
