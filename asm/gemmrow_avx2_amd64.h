// The row of tiles of gemmF32AVX2x6x16 and gemmF64AVX2x6x8, made of the tiles that
// gemm_avx2_amd64.h has, and the bodies of the kernels. Nothing between two tiles keeps the FMA
// units waiting.
//
//	R12  the line asked for, or copied    R14  steps until something is due
//	R13  what is next, 0 behind its end   R15  pairs left in its row
//
//	Locals: every the steps to a pair of lines, rest those behind what asks for the next tile, first
//	C of the first one. Arguments are changed: distances to bytes, b, c and cols from tile to tile.
//
//	for each tile:
//		tile = C or 0
//		for each run of steps: do what is due; the steps
//		C = tile

// What there is to do beside comes between two runs of steps, each so long that it costs few
// instructions a step: 12, if lines are fetched often, or as many as are left. What is to be fetched is
// spread evenly over the steps of all tiles: asked for one line after the other, it would keep what a
// tile reads from the second-level cache waiting, and memory would have nothing to do in between. What
// is to be copied comes between two of its rows, or behind the last if it waits for that, for which
// half of the steps are left: four lines, then four steps.

// A tile asks for the next one NEAR steps before its end, one of less than twice as many at its
// beginning: rows of C often share one set of the first-level cache, and asked for too early, its lines
// would be driven out again.
#define NEAR 128

// SPREAD makes R13 what is next and every the steps to a pair of lines, at least two.
#define SPREAD \
	MOVQ $2, every-8(SP)   \
	MOVQ next+96(FP), R13  \
	TESTQ R13, R13         \
	JEQ  tile              \
	MOVQ cols+8(FP), AX    \
	ADDQ $(FULL-1), AX     \
	SHRQ $(6-SHIFT), AX    \
	IMULQ kc+16(FP), AX    \
	MOVQ 56(R13), DX       \
	IMULQ 64(R13), DX      \
	MOVQ 8(R13), R12       \
	IMULQ 24(R13), R12     \
	TESTQ DX, DX           \
	JEQ  spread            \
	SUBQ DX, AX            \
	CMPQ 104(R13), $0      \
	JEQ  spread            \
	SARQ $1, AX            \
spread:                    \
	TESTQ AX, AX           \
	JLE  tile              \
	TESTQ R12, R12         \
	JLE  tile              \
	XORL DX, DX            \
	DIVQ R12               \
	CMPQ AX, $2            \
	JLT  tile              \
	MOVQ AX, every-8(SP)

// NEXTTILE asks for C of the tile beside or, behind the last one, below.
#define NEXTTILE \
	MOVQ ldc+80(FP), R11     \
	MOVQ c+72(FP), BX        \
	ADDQ $64, BX             \
	CMPQ cols+8(FP), $FULL   \
	JGT  fetch               \
	MOVQ rows+0(FP), BX      \
	IMULQ R11, BX            \
	ADDQ first-24(SP), BX    \
fetch:                       \
	PREFETCHT0 (BX)          \
	PREFETCHT0 (BX)(R11*1)   \
	PREFETCHT0 (BX)(R11*2)   \
	CMPQ rows+0(FP), $4      \
	JLT  asked               \
	LEAQ (BX)(R11*2), BX     \
	PREFETCHT0 (BX)(R11*1)   \
	PREFETCHT0 (BX)(R11*2)   \
	LEAQ (BX)(R11*2), BX     \
	PREFETCHT0 (BX)(R11*1)   \
asked:                       \
	LEAQ (DX)(DX*2), R11

// ROW is the row of tiles. Those of six rows are in line; IFLOWER goes to a label if a tile has
// fewer. ASK asks for the next tile, PUT stores a row of C.
#define ROW(IFLOWER, ASK, PUT) \
	SHLQ $SHIFT, rs+32(FP)   \
	SHLQ $SHIFT, cs+40(FP)   \
	SHLQ $SHIFT, step+56(FP) \
	SHLQ $SHIFT, ldb+64(FP)  \
	SHLQ $SHIFT, ldc+80(FP)  \
	MOVQ c+72(FP), BX        \
	MOVQ BX, first-24(SP)    \
	MOVQ b+48(FP), DI        \
	MOVQ cs+40(FP), CX       \
	XORL R14, R14            \
	XORL R15, R15            \
	SPREAD                   \
tile:                        \
	MOVQ ldb+64(FP), DX      \
	LEAQ (DX)(DX*2), R11     \
	STRIDE(ldc+80(FP))       \
	MOVQ first-24(SP), BX    \
next:                        \
	IFLOWER(lowerGet)        \
	LOAD(EACH6, part, zero)  \
begin:                       \
	STRIDE(rs+32(FP))        \
	MOVQ a+24(FP), SI        \
	MOVQ kc+16(FP), AX       \
	CMPQ AX, $(2*NEAR)       \
	JGE  long                \
	TESTQ AX, AX             \
	JEQ  store               \
ask:                         \
	MOVQ $0, rest-16(SP)     \
	ASK                      \
beside:                      \
	TESTQ R13, R13           \
	JEQ  plain               \
	CMPQ R14, $4             \
	JGE  until               \
due:                         \
	TESTQ R15, R15           \
	JEQ  row                 \
pair:                        \
	PREFETCHT0 (R12)         \
	PREFETCHT0 64(R12)       \
	ADDQ $128, R12           \
	DECQ R15                 \
	ADDQ every-8(SP), R14    \
	CMPQ R14, $12            \
	JLT  due              \
until:                       \
	MOVQ R14, BX             \
	ANDQ $-4, BX             \
	CMPQ BX, AX              \
	CMOVQGT AX, BX           \
	SUBQ BX, R14             \
run:                         \
	SUBQ BX, AX              \
	IFLOWER(lowerRun)        \
	CMPQ CX, $SCALE          \
	JNE  other               \
	SUBQ $4, BX              \
	JLT  few                 \
along:                       \
	ALONG                    \
	SUBQ $4, BX              \
	JGE  along               \
few:                         \
	ADDQ $4, BX              \
	JNE  one                 \
ran:                         \
	TESTQ AX, AX             \
	JNE  beside              \
	ADDQ rest-16(SP), AX     \
	JNE  ask                 \
store:                       \
	STRIDE(ldc+80(FP))       \
	MOVQ c+72(FP), BX        \
	IFLOWER(lowerPut)        \
	STORE(EACH6, PUT, last)  \
done:                        \
	ADDQ $64, BX             \
	MOVQ BX, c+72(FP)        \
	MOVQ b+48(FP), DI        \
	ADDQ step+56(FP), DI     \
	MOVQ DI, b+48(FP)        \
	SUBQ $FULL, cols+8(FP)   \
	JGT  next                \
	VZEROUPPER               \
	RET                      \
	STOREPART(EACH6, last)   \
long:                        \
	MOVQ $NEAR, rest-16(SP)  \
	SUBQ $NEAR, AX           \
	JMP  beside              \
plain:                       \
	MOVQ AX, BX              \
	JMP  run                 \
other:                       \
	CMPQ R8, $SCALE          \
	JNE  one                 \
	SUBQ $4, BX              \
	JLT  few                 \
	LEAQ (CX)(CX*2), R10     \
turned:                      \
	ACROSS                   \
	SUBQ $4, BX              \
	JGE  turned              \
	LEAQ (R8)(R8*4), R10     \
	ADDQ $4, BX              \
	JEQ  ran                 \
one:                         \
	STEP(EACH6)              \
	DECQ BX                  \
	JNZ  one                 \
	JMP  ran                 \
row:                         \
	MOVQ 24(R13), BX         \
	ADDQ 104(R13), BX        \
	CMPQ BX, 56(R13)         \
	JLT  copy                \
	DECQ 24(R13)             \
	JLT  over                \
	MOVQ 8(R13), R15         \
	MOVQ (R13), R12          \
	MOVQ 16(R13), BX         \
	ADDQ BX, (R13)           \
	JMP  pair                \
over:                        \
	MOVQ $0, 24(R13)         \
	CMPQ 56(R13), $0         \
	JNE  copy                \
	XORL R13, R13            \
	JMP  beside              \
copy:                        \
	MOVQ 32(R13), R12        \
	MOVQ 40(R13), BX         \
	MOVQ 48(R13), R15        \
piece:                       \
	MOV  (R12), Y14          \
	MOV  32(R12), Y15        \
	MOV  Y14, (BX)           \
	MOV  Y15, 32(BX)         \
	ADDQ $64, R12            \
	ADDQ 72(R13), BX         \
	INCQ R14                 \
	DECQ R15                 \
	JEQ  line                \
	CMPQ R14, $4             \
	JLT  piece               \
copied:                      \
	MOVQ R12, 32(R13)        \
	MOVQ BX, 40(R13)         \
	MOVQ R15, 48(R13)        \
	XORL R15, R15            \
	JMP  beside              \
line:                        \
	ADDQ 80(R13), R12        \
	ADDQ 88(R13), BX         \
	MOVQ 64(R13), R15        \
	DECQ 56(R13)             \
	JMP  copied

// OF goes from here to the label of the height.
#define OF(here, one, two, three, four, five) \
here:                   \
	CMPQ rows+0(FP), $4 \
	JGT  five           \
	JEQ  four           \
	CMPQ rows+0(FP), $2 \
	JGT  three          \
	JEQ  two            \
	JMP  one

// GEMM is the body of a kernel.
#define LESS(label) CMPQ rows+0(FP), $6; JNE label
#define GEMM \
	ROW(LESS, NEXTTILE, PUT)                    \
	OF(lowerGet, get1, get2, get3, get4, get5) \
	OF(lowerRun, run1, run2, run3, run4, run5) \
	OF(lowerPut, put1, put2, put3, put4, put5) \
	LOWER(EACH1, get1, part1, zero1, run1, four1, few1, one1, put1, last1) \
	LOWER(EACH2, get2, part2, zero2, run2, four2, few2, one2, put2, last2) \
	LOWER(EACH3, get3, part3, zero3, run3, four3, few3, one3, put3, last3) \
	LOWER(EACH4, get4, part4, zero4, run4, four4, few4, one4, put4, last4) \
	LOWER(EACH5, get5, part5, zero5, run5, four5, few5, one5, put5, last5)

// GEMMPAST is the body of a kernel that stores whole tiles of six rows past the caches. They ask
// for no tile of C.
#define NEVER(label)
#define NOTHING
#define GEMMPAST ROW(NEVER, NOTHING, PUTPAST)
