// The row of tiles that gemmF32AVX512x14x32 and gemmF64AVX512x14x16 share. The file
// that includes this one defines FMA, ADD, MAX, BCAST and MOV for its type, SHIFT, the log2
// of its element's size, SCALE, and HALF, the elements of one register.
//
// Why 14 rows of two registers: 28 accumulators leave two registers for a row of B,
// one for broadcasts of A and one for what is copied on the way. A step in k is then 28 FMAs
// for 16 loads, so that two FMA units are busy for 14 cycles while two load ports are for
// eight, and 28 chains hide any latency. Fewer rows have their own loops, since the caller
// cuts a matrix into tiles of equal height: no row is ever computed in vain. In a tile of at most
// HALF columns, of one register, the FMAs broadcast A themselves: Zen 4 loads as fast as it multiplies
// then. Two registers of half the size would want two loads of A a cycle, and rows whole cache lines
// apart come from the same bank. Rows of B are read whole, the last one and C under a mask where a
// tile is not as wide as its registers: Zen 4 takes a slot of the FMA units for the mask of a load.
//
// A store of 512 bits takes Zen 4 two cycles, 28 of them as long as two steps, and nothing
// would go on beside them. The last two steps are therefore done row by row, and each row
// is stored while the next ones are multiplied: two rows of B are in Z28 to Z31 then, and
// the FMAs broadcast A themselves. A bias and a ReLU find units free there, as the stores do.
//
//	               B(k, 0:HALF)  B(k, HALF:2*HALF)
//	               Z28           Z29
//	A(0,k)  Z30    Z0            Z1        K1, K2  masks of the columns
//	A(1,k)  Z30    Z2            Z3        AX  kc, counted down
//	A(2,k)  Z30    Z4            Z5        SI  A(0,k); CX cs in bytes
//	...                                    DI  B(k,0); DX ldb in bytes, or ldc
//	A(13,k) Z30    Z26           Z27       BX  C(i,0)
//
//	R8 is rs in bytes, R9, R10, R11, R12, R13 and R15 are 3, 5, 7, 9, 11 and 13 of it. R14
//	is the line asked for; then the Fetch, of which Z31 holds a line that is copied; and behind
//	the steps the bias.
//
//	Locals: left the pairs of lines to be asked for in a row, dist from one to the next, gap
//	the steps between two and wait those to come; every the gap in the rows of the Fetch,
//	row and at what the tile before left of one; first is C, floor a 0; height the rows below, and
//	width, panels and biases cols, b and bias of each panel of rows.
//
//	for each panel of rows, for each tile: tile[i] = C or 0
//	for k < kc-2: for i: tile[i] = fma(A(i,k), B(k), tile[i])
//	for i: for the last two k: tile[i] = fma(A(i,k), B(k), tile[i]);
//	       C[i] = tile[i] or max(tile[i] + bias, 0)

// STRIDE makes R8 the distance X, given in elements, and the rest its multiples.
#define STRIDE(X) \
	MOVQ X, R8            \
	SHLQ $SHIFT, R8       \
	LEAQ (R8)(R8*2), R9   \
	LEAQ (R8)(R8*4), R10  \
	LEAQ (R9)(R8*4), R11  \
	LEAQ (R8)(R8*8), R12  \
	LEAQ (R9)(R8*8), R13  \
	LEAQ (R10)(R8*8), R15

// EACHn does OP for n rows behind the base register P: its address, a register
// for a broadcast and the two accumulators.
#define EACH1(OP, P)  OP((P), Z30, Z0, Z1)
#define EACH2(OP, P)  EACH1(OP, P); OP((P)(R8*1), Z30, Z2, Z3)
#define EACH3(OP, P)  EACH2(OP, P); OP((P)(R8*2), Z30, Z4, Z5)
#define EACH4(OP, P)  EACH3(OP, P); OP((P)(R9*1), Z30, Z6, Z7)
#define EACH5(OP, P)  EACH4(OP, P); OP((P)(R8*4), Z30, Z8, Z9)
#define EACH6(OP, P)  EACH5(OP, P); OP((P)(R10*1), Z30, Z10, Z11)
#define EACH7(OP, P)  EACH6(OP, P); OP((P)(R9*2), Z30, Z12, Z13)
#define EACH8(OP, P)  EACH7(OP, P); OP((P)(R11*1), Z30, Z14, Z15)
#define EACH9(OP, P)  EACH8(OP, P); OP((P)(R8*8), Z30, Z16, Z17)
#define EACH10(OP, P) EACH9(OP, P); OP((P)(R12*1), Z30, Z18, Z19)
#define EACH11(OP, P) EACH10(OP, P); OP((P)(R10*2), Z30, Z20, Z21)
#define EACH12(OP, P) EACH11(OP, P); OP((P)(R13*1), Z30, Z22, Z23)
#define EACH13(OP, P) EACH12(OP, P); OP((P)(R9*4), Z30, Z24, Z25)
#define EACH14(OP, P) EACH13(OP, P); OP((P)(R15*1), Z30, Z26, Z27)

// What is done with a row: a step of its chains, in two registers or one; a load of the row of
// C that BX points to, whole or under the masks, DX being the distance to the next; a zero; the
// last two steps, a bias and a ReLU or none, and the store, for the row of A that SI points to.
// What is not above 0 becomes +0.
#define MUL2(A, X, L, H) BCAST A, X; FMA Z28, X, L; FMA Z29, X, H
#define MUL1(A, X, L, H) FMA.BCST A, Z28, L
#define GET2(C, X, L, H) MOV (BX), L; MOV 64(BX), H; ADDQ DX, BX
#define GET1(C, X, L, H) MOV (BX), L; ADDQ DX, BX
#define GETPART2(C, X, L, H) MOV.Z (BX), K1, L; MOV.Z 64(BX), K2, H; ADDQ DX, BX
#define GETPART1(C, X, L, H) MOV.Z (BX), K1, L; ADDQ DX, BX
#define CLEAR(C, X, L, H) VPXORQ L, L, L; VPXORQ H, H, H
#define BOTH2(L, H) \
	FMA.BCST (SI), Z28, L       \
	FMA.BCST (SI), Z29, H       \
	FMA.BCST (SI)(CX*1), Z30, L \
	FMA.BCST (SI)(CX*1), Z31, H \
	ADDQ R8, SI
#define BOTH1(L) \
	FMA.BCST (SI), Z28, L       \
	FMA.BCST (SI)(CX*1), Z30, L \
	ADDQ R8, SI
#define BIAS1(L) ADD (R14), L, L; MAX.BCST floor-16(SP), L, L
#define BIAS2(L, H) BIAS1(L); ADD 64(R14), H, H; MAX.BCST floor-16(SP), H, H
#define PUT2(C, X, L, H) MOV L, (BX); MOV H, 64(BX); ADDQ DX, BX
#define PUT1(C, X, L, H) MOV L, (BX); ADDQ DX, BX
#define PUTPART2(C, X, L, H) MOV L, K1, (BX); MOV H, K2, 64(BX); ADDQ DX, BX
#define PUTPART1(C, X, L, H) MOV L, K1, (BX); ADDQ DX, BX
#define LAST2(A, X, L, H) BOTH2(L, H); PUT2(A, X, L, H)
#define LAST1(A, X, L, H) BOTH1(L); PUT1(A, X, L, H)
#define LASTBIAS2(A, X, L, H) BOTH2(L, H); BIAS2(L, H); PUT2(A, X, L, H)
#define LASTBIAS1(A, X, L, H) BOTH1(L); BIAS1(L); PUT1(A, X, L, H)

// BIASPART2 and BIASPART1 load the bias under the masks, PARTBIAS2 and PARTBIAS1 add it and do the
// ReLU with the 0 in Z30.
#define BIASPART2 MOV.Z (R14), K1, Z28; MOV.Z 64(R14), K2, Z29; VPXORQ Z30, Z30, Z30
#define BIASPART1 MOV.Z (R14), K1, Z28; VPXORQ Z30, Z30, Z30
#define PARTBIAS2(C, X, L, H) ADD Z28, L, L; ADD Z29, H, H; MAX Z30, L, L; MAX Z30, H, H
#define PARTBIAS1(C, X, L, H) ADD Z28, L, L; MAX Z30, L, L

// ROWB2 and ROWB1 load a row of B, PARTB2 and PARTB1 one under the masks, ROWSB2 and ROWSB1 two.
#define ROWB2 MOV (DI), Z28; MOV 64(DI), Z29
#define ROWB1 MOV (DI), Z28
#define PARTB2 MOV.Z (DI), K1, Z28; MOV.Z 64(DI), K2, Z29
#define PARTB1 MOV.Z (DI), K1, Z28
#define ROWSB2 ROWB2; MOV (DI)(DX*1), Z30; MOV 64(DI)(DX*1), Z31
#define ROWSB1 ROWB1; MOV (DI)(DX*1), Z30

// STEP is one k.
#define STEP(EACH, ROWB, MUL) \
	ROWB          \
	EACH(MUL, SI) \
	ADDQ DX, DI   \
	ADDQ CX, SI

// BESIDE is the steps that have something to do beside, AX of them at the most but the last
// few. They ask for two cache lines at a time: for a row of the tile that follows, since C is
// read once for hundreds of steps and comes from afar, then for what the caller will read soon,
// every so many steps. Asked for all at once, these lines would keep those of A and B waiting.
// Between two rows of those, or behind the last, come steps that copy two lines each, whose loads and
// stores find units free that the FMAs leave alone, or every so many steps one that takes every second
// float32 of two lines, while no row of B is in a register. That asks the second-level cache for those
// BEYOND: in the first they would drive out what the steps read. Lines that are apart, of which Zen 4
// then often forgets some, it asks the first one for, SOON.
#define BEYOND 32768
#define SOON 16384

#define BESIDE(EACH, ROWB, MUL, pair, plain, more, go, copy, take, split, taken, copied, other, rest) \
pair:                           \
	CMPQ AX, $4             \
	JLT  rest               \
	DECQ wait-32(SP)        \
	JGE  plain              \
	DECQ left-8(SP)         \
	JLT  more               \
	PREFETCHT0 (R14)        \
	PREFETCHT0 64(R14)      \
	ADDQ dist-48(SP), R14   \
	MOVQ gap-40(SP), BX     \
	MOVQ BX, wait-32(SP)    \
plain:                          \
	STEP(EACH, ROWB, MUL)   \
	DECQ AX                 \
	JMP  pair               \
more:                           \
	MOVQ next+104(FP), R14  \
	TESTQ R14, R14          \
	JEQ  rest               \
	MOVQ every-56(SP), BX   \
	MOVQ BX, gap-40(SP)     \
	MOVQ $128, dist-48(SP)  \
	MOVQ $0, wait-32(SP)    \
	MOVQ row-72(SP), BX     \
	MOVQ $0, row-72(SP)     \
	TESTQ BX, BX            \
	JLE  go                 \
	MOVQ BX, left-8(SP)     \
	MOVQ at-64(SP), R14     \
	JMP  pair               \
go:                             \
	MOVQ 24(R14), BX        \
	ADDQ 104(R14), BX       \
	CMPQ BX, 56(R14)        \
	JLT  copy               \
	DECQ 24(R14)            \
	JLT  copy               \
	MOVQ 8(R14), BX         \
	MOVQ BX, left-8(SP)     \
	MOVQ 16(R14), BX        \
	ADDQ BX, (R14)          \
	MOVQ (R14), R14         \
	SUBQ BX, R14            \
	JMP  pair               \
copy:                           \
	CMPQ 56(R14), $0        \
	JEQ  rest               \
	CMPQ AX, $3             \
	JLT  rest               \
	MOVQ 32(R14), BX        \
	CMPQ 96(R14), $0        \
	JNE  take               \
	MOV  (BX), Z31          \
	MOVQ 40(R14), BX        \
	MOV  Z31, (BX)          \
	MOVQ 32(R14), BX        \
	MOV  64(BX), Z31        \
	SUBQ $-128, BX          \
	MOVQ BX, 32(R14)        \
	MOVQ 40(R14), BX        \
	MOV  Z31, 64(BX)        \
copied:                         \
	ADDQ 72(R14), BX        \
	MOVQ BX, 40(R14)        \
	STEP(EACH, ROWB, MUL)   \
	DECQ AX                 \
	DECQ 48(R14)            \
	JNZ  other              \
	MOVQ 64(R14), BX        \
	MOVQ BX, 48(R14)        \
	MOVQ 80(R14), BX        \
	ADDQ BX, 32(R14)        \
	MOVQ 88(R14), BX        \
	ADDQ BX, 40(R14)        \
	DECQ 56(R14)            \
	CMPQ 96(R14), $0        \
	JEQ  go                 \
other:                          \
	CMPQ 96(R14), $0        \
	JEQ  copy               \
	MOVQ every-56(SP), BX   \
	MOVQ BX, wait-32(SP)    \
	JMP  pair               \
take:                           \
	CMPQ 112(R14), $64      \
	JNE  split              \
	PREFETCHT1 BEYOND(BX)   \
	PREFETCHT1 (BEYOND+64)(BX) \
	VMOVUPS (BX), Z28       \
	VMOVUPS ·evenLanes(SB), Z30 \
	VPERMT2PS 64(BX), Z30, Z28 \
taken:                          \
	ADDQ 96(R14), BX        \
	MOVQ BX, 32(R14)        \
	MOVQ 40(R14), BX        \
	VMOVUPS Z28, (BX)       \
	JMP  copied             \
split:                          \
	PREFETCHT0 SOON(BX)     \
	VMOVUPS (BX), Z28       \
	VMOVUPS ·evenLanes(SB), Z30 \
	ADDQ 112(R14), BX       \
	PREFETCHT0 SOON(BX)     \
	VPERMT2PS (BX), Z30, Z28 \
	SUBQ 112(R14), BX       \
	JMP  taken

// TILE is the tiles of one height and width; the labels are its own. The tile that follows is
// the one beside, and behind the last one the first of the rows below. A tile of fewer than two
// steps, which the last two would be too many for, ends as one does that is not as wide as its
// registers, and its masks are ones.
#define TILE(N, EACH, FULL, GET, GETPART, ROWB, PARTB, MUL, ROWSB, LAST, LASTBIAS, BIASPART, PARTBIAS, PUTPART, again, ahead, part, zero, steps, pair, plain, more, go, copy, take, split, taken, copied, other, rest, edge, loop, store, put, last, bias, done) \
again:                   \
	MOVQ kc+16(FP), AX   \
	MOVQ a+24(FP), SI    \
	MOVQ b+48(FP), DI    \
	MOVQ c+72(FP), BX    \
	MOVQ ldc+80(FP), DX  \
	SHLQ $SHIFT, DX      \
	LEAQ 128(BX), R14    \
	CMPQ cols+8(FP), $(2*HALF) \
	JGT  ahead           \
	MOVQ rows+0(FP), R14 \
	IMULQ DX, R14        \
	ADDQ first-24(SP), R14 \
ahead:                   \
	CMPB load+88(FP), $0 \
	JEQ  zero            \
	CMPQ cols+8(FP), $(FULL) \
	JLT  part            \
	EACH(GET, BX)        \
	JMP  steps           \
part:                    \
	EACH(GETPART, BX)    \
	JMP  steps           \
zero:                    \
	EACH(CLEAR, BX)      \
steps:                   \
	MOVQ $N, left-8(SP)  \
	MOVQ $0, wait-32(SP) \
	MOVQ $1, gap-40(SP)  \
	MOVQ DX, dist-48(SP) \
	MOVQ ldb+64(FP), DX  \
	SHLQ $SHIFT, DX      \
	BESIDE(EACH, ROWB, MUL, pair, plain, more, go, copy, take, split, taken, copied, other, rest) \
rest:                    \
	MOVQ R14, at-64(SP)  \
	MOVQ left-8(SP), BX  \
	MOVQ BX, row-72(SP)  \
	DECQ AX              \
	JLT  store           \
	JEQ  edge            \
	CMPQ cols+8(FP), $(FULL) \
	JLT  loop            \
	DECQ AX              \
	JEQ  last            \
loop:                    \
	STEP(EACH, ROWB, MUL) \
	DECQ AX              \
	JNZ  loop            \
	CMPQ cols+8(FP), $(FULL) \
	JGE  last            \
edge:                    \
	PARTB                \
	EACH(MUL, SI)        \
store:                   \
	MOVQ c+72(FP), BX    \
	MOVQ ldc+80(FP), DX  \
	SHLQ $SHIFT, DX      \
	MOVQ bias+96(FP), R14 \
	TESTQ R14, R14       \
	JEQ  put             \
	BIASPART             \
	EACH(PARTBIAS, BX)   \
	SUBQ $-128, bias+96(FP) \
put:                     \
	EACH(PUTPART, BX)    \
	JMP  done            \
last:                    \
	ROWSB                \
	MOVQ c+72(FP), BX    \
	MOVQ ldc+80(FP), DX  \
	SHLQ $SHIFT, DX      \
	MOVQ bias+96(FP), R14 \
	TESTQ R14, R14       \
	JNE  bias            \
	EACH(LAST, SI)       \
	JMP  done            \
bias:                    \
	EACH(LASTBIAS, SI)   \
	SUBQ $-128, R14      \
	MOVQ R14, bias+96(FP) \
done:                    \
	SUBQ $(2*HALF), cols+8(FP) \
	JLE  end             \
	MOVQ step+56(FP), DI \
	SHLQ $SHIFT, DI      \
	ADDQ DI, b+48(FP)    \
	SUBQ $-128, c+72(FP) \
	CMPQ cols+8(FP), $(2*HALF) \
	JGE  again           \
	JMP  tile

// WIDE and NARROW are a TILE of two registers or one.
#define WIDE(N, EACH, again, ahead, part, zero, steps, pair, plain, more, go, copy, take, split, taken, copied, other, rest, edge, loop, store, put, last, bias, done) \
	TILE(N, EACH, 2*HALF, GET2, GETPART2, ROWB2, PARTB2, MUL2, ROWSB2, LAST2, LASTBIAS2, BIASPART2, PARTBIAS2, PUTPART2, again, ahead, part, zero, steps, pair, plain, more, go, copy, take, split, taken, copied, other, rest, edge, loop, store, put, last, bias, done)
#define NARROW(N, EACH, again, ahead, part, zero, steps, pair, plain, more, go, copy, take, split, taken, copied, other, rest, edge, loop, store, put, last, bias, done) \
	TILE(N, EACH, HALF, GET1, GETPART1, ROWB1, PARTB1, MUL1, ROWSB1, LAST1, LASTBIAS1, BIASPART1, PARTBIAS1, PUTPART1, again, ahead, part, zero, steps, pair, plain, more, go, copy, take, split, taken, copied, other, rest, edge, loop, store, put, last, bias, done)
