// How element-wise kernels go over slices: two vectors at a time, then one, then the rest under a
// mask. Nothing outside the slices is touched, and elements do not depend on each other.
//
//	CX  elements left, less those of the loop at hand
//	DI  the first slice; SI, DX the others
//
// A width's header, each_avx2_amd64.h or each_avx512_amd64.h, defines LANES, C0 to C3 for constants
// beside the vectors V0 to V5 for values, M0 and M1 for what a comparison says, and what is under
// MASK: LOADREST and STOREREST.
//
// A kernel says what it does in K(LOAD, STORE, DO), of values in pairs: the second of each is that of
// the second vector, if there are two. LOAD(P, A, B) loads a pair from where P points to,
// STORE(P, A, B) stores one, and DO(OP, A, B, C, D, E, F) does OP(A, C, E) and OP(B, D, F).

#define LOAD2(P, A, B) VMOVUPS (P), A; VMOVUPS SIZE(P), B
#define LOAD1(P, A, B) VMOVUPS (P), A
#define STORE2(P, A, B) VMOVUPS A, (P); VMOVUPS B, SIZE(P)
#define STORE1(P, A, B) VMOVUPS A, (P)
#define DO2(OP, A, B, C, D, E, F) OP(A, C, E); OP(B, D, F)
#define DO1(OP, A, B, C, D, E, F) OP(A, C, E)

// NEXT1 to NEXT3 go on by so many bytes in so many slices.
#define NEXT1(N) ADDQ $(N), DI
#define NEXT2(N) NEXT1(N); ADDQ $(N), SI
#define NEXT3(N) NEXT2(N); ADDQ $(N), DX

// EACH does K for all elements.
#define EACH(K, NEXT) \
	SUBQ $(2*LANES), CX         \
	JLT  rest                   \
loop:                           \
	K(LOAD2, STORE2, DO2)       \
	NEXT(2*SIZE)                \
	SUBQ $(2*LANES), CX         \
	JGE  loop                   \
rest:                           \
	ADDQ $LANES, CX             \
	JLT  last                   \
vector:                         \
	K(LOAD1, STORE1, DO1)       \
	NEXT(SIZE)                  \
	SUBQ $LANES, CX             \
	JGE  vector                 \
last:                           \
	ADDQ $LANES, CX             \
	JEQ  done                   \
	MASK                        \
	K(LOADREST, STOREREST, DO1) \
done:                           \
	VZEROUPPER                  \
	RET

// ONTO loads the arguments of a kernel from one slice to another.
#define ONTO \
	MOVQ dst_base+0(FP), DI  \
	MOVQ dst_len+8(FP), CX   \
	MOVQ src_base+24(FP), SI

// The operations: the last operand is the result.
#define MOVE(A, B, C) VMOVAPS A, C
#define ADD(A, B, C) VADDPS A, B, C
#define SUB(A, B, C) VSUBPS A, B, C
#define MUL(A, B, C) VMULPS A, B, C
#define MAX(A, B, C) VMAXPS A, B, C
#define FMA(A, B, C) VFMADD231PS A, B, C
#define FNMA(A, B, C) VFNMADD231PS A, B, C

// ABOVE says where B is above A, false for NaN.
#define ABOVE(A, B, M) VCMPPS $0x1e, A, B, M
