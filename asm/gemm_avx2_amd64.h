// The row of tiles that gemmF32AVX2x6x16 and gemmF64AVX2x6x8 share. The file that
// includes this one defines FMA, BCAST, MOV and MASKMOV for its type, SHIFT and
// SCALE, the size of its element, and FULL, the columns of a tile.
//
// Why 6 rows of two registers: two FMA units with a latency of 4 or 5 cycles want at
// least ten independent chains. 12 accumulators, 2 registers of B and 2 broadcasts
// of A fill the 16 registers, and a step in k is 12 FMAs for 2 loads and 6 broadcasts,
// so that the FMA units are the bottleneck and not the load ports. Fewer rows
// have their own loops, and wait for the chains: callers make whole tiles and, of what is
// left, a few that are two rows lower.
//
//	              B(k, 0:FULL/2)  B(k, FULL/2:FULL)
//	              Y12             Y13
//	A(0,k)  Y14   Y0              Y1        AX  kc, counted down
//	A(1,k)  Y15   Y2              Y3        SI  A(0,k); CX cs in bytes
//	A(2,k)  Y14   Y4              Y5        DI  B(k,0); DX ldb in bytes
//	A(3,k)  Y15   Y6              Y7        BX  C(0,0); R11 columns
//	A(4,k)  Y14   Y8              Y9
//	A(5,k)  Y15   Y10             Y11
//
//	R8 is the distance of two rows (of C and of A in turn), R9 and R10 are 3 and 5 of
//	it. R13 is what is next, R12 the line asked for, R15 the pairs left in its row; then
//	R13 is the tile below, 0 until it is asked for. In a tile of fewer columns, Y12 and
//	Y13 are the masks while C is loaded and stored; B is read whole.
//
//	tile = C or 0
//	for k: for i: tile[i] = fma(A(i,k), B(k), tile[i])
//	C = tile

// STRIDE makes R8 the distance X, given in elements, and the rest its multiples.
#define STRIDE(X) \
	MOVQ X, R8           \
	SHLQ $SHIFT, R8      \
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

// What is done with a row: a step of its chains, a load or a store, whole or
// under the masks, a zero.
#define MUL(A, X, L, H) BCAST A, X; FMA Y12, X, L; FMA Y13, X, H
#define GET(C, X, L, H) MOV C, L; MOV 32 C, H
#define PUT(C, X, L, H) MOV L, C; MOV H, 32 C
#define GETMASKED(C, X, L, H) MASKMOV C, Y12, L; MASKMOV 32 C, Y13, H
#define PUTMASKED(C, X, L, H) MASKMOV L, Y12, C; MASKMOV H, Y13, 32 C
#define CLEAR(C, X, L, H) VXORPS L, L, L; VXORPS H, H, H
#define FETCH(C, X, L, H) PREFETCHT0 C

// MASKS loads the masks of R11 columns: so many ones, then zeros.
#define MASKS \
	LEAQ ·maskAVX2(SB), R12 \
	MOVQ $FULL, R13         \
	SUBQ R11, R13           \
	MOV  (R12)(R13*SCALE), Y12   \
	MOV  32(R12)(R13*SCALE), Y13

// STEP is one k.
#define STEP(EACH) \
	MOV  (DI), Y12   \
	MOV  32(DI), Y13 \
	EACH(MUL, SI)    \
	ADDQ DX, DI      \
	ADDQ CX, SI

// LATE steps before its end a tile asks for the tile that follows below, which is read
// once for hundreds of steps and comes from afar. Rows of C often share one set of the
// first-level cache: asked for at the beginning, its lines would be driven out again.
#define LATE 128

// TILE is the whole of a tile of one height; the labels are its own. Its first steps
// ask, two cache lines in two steps, for what the caller will read soon.
#define TILE(EACH, part, zero, steps, row, pair, plain, loop, ask, tail, store, whole) \
	STRIDE(ldc+80(FP))   \
	CMPB load+88(FP), $0 \
	JEQ  zero            \
	CMPQ R11, $FULL      \
	JLT  part            \
	EACH(GET, BX)        \
	JMP  steps           \
part:                    \
	MASKS                \
	EACH(GETMASKED, BX)  \
	JMP  steps           \
zero:                    \
	EACH(CLEAR, BX)      \
steps:                   \
	STRIDE(rs+32(FP))    \
	MOVQ next+96(FP), R13 \
	TESTQ R13, R13       \
	JEQ  plain           \
row:                     \
	DECQ 24(R13)         \
	JLT  plain           \
	MOVQ 8(R13), R15     \
	MOVQ (R13), R12      \
	MOVQ 16(R13), R14    \
	ADDQ R14, (R13)      \
pair:                    \
	CMPQ AX, $2          \
	JLT  plain           \
	PREFETCHT0 (R12)     \
	STEP(EACH)           \
	PREFETCHT0 64(R12)   \
	STEP(EACH)           \
	SUBQ $2, AX          \
	ADDQ $128, R12       \
	DECQ R15             \
	JNZ  pair            \
	JMP  row             \
plain:                   \
	XORL R13, R13        \
	SUBQ $(LATE+2), AX   \
	JLT  ask             \
loop:                    \
	STEP(EACH)           \
	STEP(EACH)           \
	SUBQ $2, AX          \
	JGE  loop            \
	TESTQ R13, R13       \
	JNE  tail            \
ask:                     \
	STRIDE(ldc+80(FP))   \
	MOVQ rows+0(FP), R13 \
	IMULQ R8, R13        \
	ADDQ BX, R13         \
	EACH(FETCH, R13)     \
	STRIDE(rs+32(FP))    \
	ADDQ $LATE, AX       \
	JGE  loop            \
tail:                    \
	ADDQ $2, AX          \
	JEQ  store           \
	STEP(EACH)           \
store:                   \
	STRIDE(ldc+80(FP))   \
	CMPQ R11, $FULL      \
	JGE  whole           \
	MASKS                \
	EACH(PUTMASKED, BX)  \
	JMP  end             \
whole:                   \
	EACH(PUT, BX)        \
	JMP  end
