// The tiles that gemmF32AVX2x6x16 and gemmF64AVX2x6x8 share. The file that includes this one
// defines FMA, BCAST, MOV and MASKMOV for its type, SHIFT and SCALE, the size of its element, and
// FULL, the columns of a tile.
//
// Why 6 rows of two registers: two FMA units with a latency of 4 or 5 cycles want at
// least ten independent chains. 12 accumulators, 2 registers of B and 2 broadcasts
// of A fill the 16 registers, and a step in k is 12 FMAs for 2 loads and 6 broadcasts,
// so that the FMA units are the bottleneck and not the load ports. Fewer rows wait for the
// chains: callers make whole tiles and, of what is left, a few that are two rows lower.
//
// Why four steps at a time: a core whose other thread is busy issues three instructions a cycle, 18
// in the six of a step, which has 20. What else there is costs time then: displacements and indices
// reach four steps of A and of B for one addition each.
//
//	              B(k, 0:FULL/2)  B(k, FULL/2:FULL)
//	              Y12             Y13
//	A(0,k)  Y14   Y0              Y1        AX  steps left; BX those of a run
//	A(1,k)  Y15   Y2              Y3        SI  A(0,k); CX cs
//	A(2,k)  Y14   Y4              Y5        DI  B(k,0); DX, R11 ldb and 3ldb
//	A(3,k)  Y15   Y6              Y7        R8, R9, R10 rs, 3rs, 5rs
//	A(4,k)  Y14   Y8              Y9
//	A(5,k)  Y15   Y10             Y11
//
//	R12 to R15 are for what is done beside, see gemmrow_avx2_amd64.h. While C is loaded and
//	stored, BX is C(0,0), R8, R9 and R10 are ldc, 3ldc and 5ldc and, in a tile of fewer columns,
//	Y12 and Y13 the masks; B is read whole. Distances are in bytes.
//
//	tile = C or 0
//	for k: for i: tile[i] = fma(A(i,k), B(k), tile[i])
//	C = tile

// STRIDE makes R8 the distance X and the rest its multiples.
#define STRIDE(X) \
	MOVQ X, R8           \
	LEAQ (R8)(R8*2), R9  \
	LEAQ (R8)(R8*4), R10

// EACHn does OP for n rows behind the base register P: its address, a register
// for a broadcast and the two accumulators.
#define EACH1(OP, P) OP((P), Y14, Y0, Y1)
#define EACH2(OP, P) EACH1(OP, P); OP((P)(R8*1), Y15, Y2, Y3)
#define EACH3(OP, P) EACH2(OP, P); OP((P)(R8*2), Y14, Y4, Y5)
#define EACH4(OP, P) EACH3(OP, P); OP((P)(R9*1), Y15, Y6, Y7)
#define EACH5(OP, P) EACH4(OP, P); OP((P)(R8*4), Y14, Y8, Y9)
#define EACH6(OP, P) EACH5(OP, P); OP((P)(R10*1), Y15, Y10, Y11)

// What is done with a row of C: a load or a store, whole or under the masks, a zero.
#define GET(C, X, L, H) MOV C, L; MOV 32 C, H
#define PUT(C, X, L, H) MOV L, C; MOV H, 32 C
#define PUTPAST(C, X, L, H) VMOVNTPS L, C; VMOVNTPS H, 32 C
#define GETMASKED(C, X, L, H) MASKMOV C, Y12, L; MASKMOV 32 C, Y13, H
#define PUTMASKED(C, X, L, H) MASKMOV L, Y12, C; MASKMOV H, Y13, 32 C
#define CLEAR(C, X, L, H) VXORPS L, L, L; VXORPS H, H, H

// MASKS loads the masks of the columns: so many ones, then zeros.
#define MASKS \
	LEAQ ·maskAVX2(SB), SI \
	MOVQ $FULL, AX         \
	SUBQ cols+8(FP), AX    \
	MOV  (SI)(AX*SCALE), Y12   \
	MOV  32(SI)(AX*SCALE), Y13

// MULn is a step of the chains of a row, n elements behind A.
#define MUL(A, X, L, H) BCAST A, X; FMA Y12, X, L; FMA Y13, X, H
#define MUL1(A, X, L, H) MUL(SCALE A, X, L, H)
#define MUL2(A, X, L, H) MUL((2*SCALE) A, X, L, H)
#define MUL3(A, X, L, H) MUL((3*SCALE) A, X, L, H)
#define MUL4(A, X, L, H) MUL((4*SCALE) A, X, L, H)
#define MUL5(A, X, L, H) MUL((5*SCALE) A, X, L, H)

// STEP is one k, STEPS are four.
#define ROWB(B) MOV B, Y12; MOV 32 B, Y13
#define STEP(EACH) \
	ROWB((DI))    \
	EACH(MUL, SI) \
	ADDQ DX, DI   \
	ADDQ CX, SI
#define STEPS(EACH) \
	ROWB((DI))          \
	EACH(MUL, SI)       \
	ADDQ CX, SI         \
	ROWB((DI)(DX*1))    \
	EACH(MUL, SI)       \
	ADDQ CX, SI         \
	ROWB((DI)(DX*2))    \
	EACH(MUL, SI)       \
	ADDQ CX, SI         \
	ROWB((DI)(R11*1))   \
	EACH(MUL, SI)       \
	LEAQ (DI)(DX*4), DI \
	ADDQ CX, SI

// ALONG are four steps of six rows where cs is one element, ACROSS where rs is, R10 being 3cs.
#define ALONG \
	ROWB((DI))          \
	EACH6(MUL, SI)      \
	ROWB((DI)(DX*1))    \
	EACH6(MUL1, SI)     \
	ROWB((DI)(DX*2))    \
	EACH6(MUL2, SI)     \
	ROWB((DI)(R11*1))   \
	EACH6(MUL3, SI)     \
	LEAQ (DI)(DX*4), DI \
	ADDQ $(4*SCALE), SI
#define COLUMN(A) \
	MUL(A, Y14, Y0, Y1)  \
	MUL1(A, Y15, Y2, Y3) \
	MUL2(A, Y14, Y4, Y5) \
	MUL3(A, Y15, Y6, Y7) \
	MUL4(A, Y14, Y8, Y9) \
	MUL5(A, Y15, Y10, Y11)
#define ACROSS \
	ROWB((DI))          \
	COLUMN((SI))        \
	ROWB((DI)(DX*1))    \
	COLUMN((SI)(CX*1))  \
	ROWB((DI)(DX*2))    \
	COLUMN((SI)(CX*2))  \
	ROWB((DI)(R11*1))   \
	COLUMN((SI)(R10*1)) \
	LEAQ (DI)(DX*4), DI \
	LEAQ (SI)(CX*4), SI

// LOAD makes a tile C or 0, from where a part of one goes to begin; STORE stores it, and STOREPART a
// part, from where it goes to done.
#define LOAD(EACH, part, zero) \
	CMPB load+88(FP), $0   \
	JEQ  zero              \
	CMPQ cols+8(FP), $FULL \
	JLT  part              \
	EACH(GET, BX)          \
	JMP  begin             \
part:                      \
	MASKS                  \
	EACH(GETMASKED, BX)    \
	JMP  begin             \
zero:                      \
	EACH(CLEAR, BX)
#define STORE(EACH, PUT, part) \
	CMPQ cols+8(FP), $FULL \
	JLT  part              \
	EACH(PUT, BX)
#define STOREPART(EACH, part) \
part:                      \
	MASKS                  \
	EACH(PUTMASKED, BX)    \
	JMP  done

// LOWER is a tile of one height below six: what is entered at get, run and put. The labels are its own.
#define LOWER(EACH, get, part, zero, run, four, few, one, put, last) \
get:                       \
	LOAD(EACH, part, zero) \
	JMP  begin             \
run:                       \
	SUBQ $4, BX            \
	JLT  few               \
four:                      \
	STEPS(EACH)            \
	SUBQ $4, BX            \
	JGE  four              \
few:                       \
	ADDQ $4, BX            \
	JEQ  ran               \
one:                       \
	STEP(EACH)             \
	DECQ BX                \
	JNZ  one               \
	JMP  ran               \
put:                       \
	STORE(EACH, PUT, last) \
	JMP  done              \
	STOREPART(EACH, last)
