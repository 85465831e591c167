// The tile that gemmF32AVX512x14x32 and gemmF64AVX512x14x16 share. The file
// that includes this one defines FMA, BCAST and MOV for its type, SHIFT, the log2
// of its element's size, and HALF, the elements of one register.
//
// Why 14 rows of two registers: 28 accumulators leave two registers for a row of B,
// one for broadcasts of A and one for what is copied on the way. A step in k is then 28 FMAs for 16 loads, so
// that two FMA units are busy for 14 cycles while two load ports are for eight, and
// 28 chains hide any latency. Fewer rows have their own loops, since the caller
// cuts a matrix into tiles of equal height: no row is ever computed in vain.
// A tile of at most HALF columns leaves out the second register. Rows of B are read
// whole, C under a mask only where a tile is not as wide as its registers: Zen 4 takes a
// slot of the FMA units for the mask of a load.
//
// A store of 512 bits takes Zen 4 two cycles, 28 of them as long as two steps, and nothing
// would go on beside them. The last two steps are therefore done row by row, and each row
// is stored while the next ones are multiplied: two rows of B are in Z28 to Z31 then, and
// the FMAs broadcast A themselves.
//
//	               B(k, 0:HALF)  B(k, HALF:2*HALF)
//	               Z28           Z29
//	A(0,k)  Z30    Z0            Z1        K1, K2  masks of the columns
//	A(1,k)  Z30    Z2            Z3        AX  kc, counted down
//	A(2,k)  Z30    Z4            Z5        SI  A(0,k); CX cs in bytes
//	...                                    DI  B(k,0); DX ldb in bytes
//	A(13,k) Z30    Z26           Z27       BX  C(0,0)
//
//	R8 is the distance of two rows (of C, then of A, then of C again), R9, R10,
//	R11, R12, R13 and R15 are 3, 5, 7, 9, 11 and 13 of it. R14 is the line asked for,
//	then BX the distance to the next two, and the slot of rows the kc left at the last;
//	then R14 is the Fetch, of which Z31 holds a line that is copied.
//
//	tile = C or 0
//	for k < kc-2: for i: tile[i] = fma(A(i,k), B(k), tile[i])
//	for i: for the last two k: tile[i] = fma(A(i,k), B(k), tile[i]); C[i] = tile[i]

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

// What is done with a row: a step of its chains, a load, two registers wide or one; a
// load or a store under the masks; a zero; the last two steps and the store, for the row
// of A that SI and the row of C that BX point to, DX being the distance to the next.
#define MUL2(A, X, L, H) BCAST A, X; FMA Z28, X, L; FMA Z29, X, H
#define MUL1(A, X, L, H) BCAST A, X; FMA Z28, X, L
#define GET2(C, X, L, H) MOV C, L; MOV 64 C, H
#define GET1(C, X, L, H) MOV C, L
#define CLEAR(C, X, L, H) VPXORQ L, L, L; VPXORQ H, H, H
#define LAST2(A, X, L, H) \
	FMA.BCST (SI), Z28, L        \
	FMA.BCST (SI), Z29, H        \
	FMA.BCST (SI)(CX*1), Z30, L  \
	FMA.BCST (SI)(CX*1), Z31, H  \
	MOV L, (BX)                  \
	MOV H, 64(BX)                \
	ADDQ R8, SI                  \
	ADDQ DX, BX
#define LAST1(A, X, L, H) \
	FMA.BCST (SI), Z28, L        \
	FMA.BCST (SI)(CX*1), Z30, L  \
	MOV L, (BX)                  \
	ADDQ R8, SI                  \
	ADDQ DX, BX
#define GETPART2(C, X, L, H) MOV.Z C, K1, L; MOV.Z 64 C, K2, H
#define GETPART1(C, X, L, H) MOV.Z C, K1, L
#define PUTPART2(C, X, L, H) MOV L, K1, C; MOV H, K2, 64 C
#define PUTPART1(C, X, L, H) MOV L, K1, C

// ROWB2 and ROWB1 load a row of B, ROWSB2 and ROWSB1 two.
#define ROWB2 MOV (DI), Z28; MOV 64(DI), Z29
#define ROWB1 MOV (DI), Z28
#define ROWSB2 ROWB2; MOV (DI)(DX*1), Z30; MOV 64(DI)(DX*1), Z31
#define ROWSB1 ROWB1; MOV (DI)(DX*1), Z30

// STEP is one k.
#define STEP(EACH, ROWB, MUL) \
	ROWB          \
	EACH(MUL, SI) \
	ADDQ DX, DI   \
	ADDQ CX, SI

// BESIDE is the steps that have something to do beside, AX of them at the most but the last
// few. They come in pairs, each of which fetches two cache lines: a row of the tile that
// follows, since C is read once for hundreds of steps and comes from afar, then what the
// caller will read soon. Asked for all at once, these lines would keep those of A and B
// waiting. Then come steps that copy two lines each, whose loads and stores find units
// free that the FMAs leave alone. R14 is the first row of that tile, BX the distance of two,
// LIMIT the AX left when they all have been asked for.
#define BESIDE(EACH, ROWB, MUL, pair, more, copy, rest) \
pair:                           \
	CMPQ AX, $4             \
	JLT  rest               \
	CMPQ AX, LIMIT          \
	JLE  more               \
	PREFETCHT0 (R14)        \
	STEP(EACH, ROWB, MUL)   \
	PREFETCHT0 64(R14)      \
	STEP(EACH, ROWB, MUL)   \
	ADDQ BX, R14            \
	SUBQ $2, AX             \
	JMP  pair               \
more:                           \
	MOVQ NEXT, R14          \
	TESTQ R14, R14          \
	JEQ  rest               \
	DECQ 24(R14)            \
	JLT  copy               \
	MOVQ 8(R14), BX         \
	NEGQ BX                 \
	LEAQ (AX)(BX*2), BX     \
	MOVQ BX, LIMIT          \
	MOVQ 16(R14), BX        \
	ADDQ BX, (R14)          \
	MOVQ (R14), R14         \
	SUBQ BX, R14            \
	MOVQ $128, BX           \
	JMP  pair               \
copy:                           \
	CMPQ 56(R14), $0        \
	JEQ  rest               \
	CMPQ AX, $3             \
	JLT  rest               \
	MOVQ 32(R14), BX        \
	MOV  (BX), Z31          \
	MOVQ 40(R14), BX        \
	MOV  Z31, (BX)          \
	MOVQ 32(R14), BX        \
	MOV  64(BX), Z31        \
	SUBQ $-128, BX          \
	MOVQ BX, 32(R14)        \
	MOVQ 40(R14), BX        \
	MOV  Z31, 64(BX)        \
	ADDQ 72(R14), BX        \
	MOVQ BX, 40(R14)        \
	STEP(EACH, ROWB, MUL)   \
	DECQ AX                 \
	DECQ 48(R14)            \
	JNZ  copy               \
	MOVQ 64(R14), BX        \
	MOVQ BX, 48(R14)        \
	MOVQ 80(R14), BX        \
	ADDQ BX, 32(R14)        \
	MOVQ 88(R14), BX        \
	ADDQ BX, 40(R14)        \
	DECQ 56(R14)            \
	JMP  copy

// TILE is the whole of a tile of one height and width; the labels are its own.
// The tile that follows is the one below. A tile of fewer than two steps, which the last two
// would be too many for, ends as a narrow one does, and its masks are ones.
#define TILE(EACH, FULL, GET, GETPART, ROWB, MUL, ROWSB, LAST, PUTPART, part, zero, steps, pair, more, copy, rest, enough, loop, store, last) \
	STRIDE(ldc+72(FP))   \
	MOVQ AX, R10         \
	SUBQ R14, R10        \
	SUBQ R14, R10        \
	IMULQ R8, R14        \
	ADDQ BX, R14         \
	MOVQ R10, LIMIT      \
	LEAQ (R8)(R8*4), R10 \
	CMPB load+80(FP), $0 \
	JEQ  zero            \
	CMPQ cols+8(FP), $(FULL) \
	JNE  part            \
	EACH(GET, BX)        \
	JMP  steps           \
part:                    \
	EACH(GETPART, BX)    \
	JMP  steps           \
zero:                    \
	EACH(CLEAR, BX)      \
steps:                   \
	MOVQ R8, BX          \
	STRIDE(rs+32(FP))    \
	BESIDE(EACH, ROWB, MUL, pair, more, copy, rest) \
rest:                    \
	CMPQ AX, $2          \
	JGE  enough          \
	MOVQ $0, cols+8(FP)  \
	TESTQ AX, AX         \
	JEQ  store           \
	JMP  loop            \
enough:                  \
	CMPQ cols+8(FP), $(FULL) \
	JNE  loop            \
	SUBQ $2, AX          \
	JEQ  last            \
loop:                    \
	STEP(EACH, ROWB, MUL) \
	DECQ AX              \
	JNZ  loop            \
	CMPQ cols+8(FP), $(FULL) \
	JEQ  last            \
store:                   \
	MOVQ c+64(FP), BX    \
	STRIDE(ldc+72(FP))   \
	EACH(PUTPART, BX)    \
	VZEROUPPER           \
	RET                  \
last:                    \
	ROWSB                \
	MOVQ c+64(FP), BX    \
	MOVQ ldc+72(FP), DX  \
	SHLQ $SHIFT, DX      \
	EACH(LAST, SI)       \
	VZEROUPPER           \
	RET

// WIDE and NARROW are a TILE of two registers or one.
#define WIDE(EACH, part, zero, steps, pair, more, copy, rest, enough, loop, store, last) \
	TILE(EACH, 2*HALF, GET2, GETPART2, ROWB2, MUL2, ROWSB2, LAST2, PUTPART2, part, zero, steps, pair, more, copy, rest, enough, loop, store, last)
#define NARROW(EACH, part, zero, steps, pair, more, copy, rest, enough, loop, store, last) \
	TILE(EACH, HALF, GET1, GETPART1, ROWB1, MUL1, ROWSB1, LAST1, PUTPART1, part, zero, steps, pair, more, copy, rest, enough, loop, store, last)

// GEMM is the body of the kernel: it reads the arguments, makes the masks (as
// many ones as there are columns) and goes to the tile of the right size.
#define GEMM \
	MOVQ  cols+8(FP), CX  \
	MOVQ  $-1, R8         \
	SHLQ  CX, R8          \
	NOTQ  R8              \
	KMOVD R8, K1          \
	SHRQ  $HALF, R8       \
	KMOVD R8, K2          \
	MOVQ  kc+16(FP), AX   \
	MOVQ  a+24(FP), SI    \
	MOVQ  b+48(FP), DI    \
	MOVQ  ldb+56(FP), DX  \
	SHLQ  $SHIFT, DX      \
	MOVQ  c+64(FP), BX    \
	MOVQ  rows+0(FP), R14 \
	CMPQ  CX, $HALF       \
	MOVQ  cs+40(FP), CX   \
	LEAQ  (CX*SCALE), CX  \
	JLE   narrow          \
	CMPQ  R14, $14        \
	JEQ   wide14          \
	CMPQ  R14, $13        \
	JEQ   wide13          \
	CMPQ  R14, $12        \
	JEQ   wide12          \
	CMPQ  R14, $11        \
	JEQ   wide11          \
	CMPQ  R14, $10        \
	JEQ   wide10          \
	CMPQ  R14, $9         \
	JEQ   wide9           \
	CMPQ  R14, $8         \
	JEQ   wide8           \
	CMPQ  R14, $7         \
	JEQ   wide7           \
	CMPQ  R14, $6         \
	JEQ   wide6           \
	CMPQ  R14, $5         \
	JEQ   wide5           \
	CMPQ  R14, $4         \
	JEQ   wide4           \
	CMPQ  R14, $3         \
	JEQ   wide3           \
	CMPQ  R14, $2         \
	JEQ   wide2           \
wide1: \
	WIDE(EACH1, wq1, wz1, ws1, wf1, wm1, wc1, wr1, we1, wl1, wp1, wh1) \
wide2: \
	WIDE(EACH2, wq2, wz2, ws2, wf2, wm2, wc2, wr2, we2, wl2, wp2, wh2) \
wide3: \
	WIDE(EACH3, wq3, wz3, ws3, wf3, wm3, wc3, wr3, we3, wl3, wp3, wh3) \
wide4: \
	WIDE(EACH4, wq4, wz4, ws4, wf4, wm4, wc4, wr4, we4, wl4, wp4, wh4) \
wide5: \
	WIDE(EACH5, wq5, wz5, ws5, wf5, wm5, wc5, wr5, we5, wl5, wp5, wh5) \
wide6: \
	WIDE(EACH6, wq6, wz6, ws6, wf6, wm6, wc6, wr6, we6, wl6, wp6, wh6) \
wide7: \
	WIDE(EACH7, wq7, wz7, ws7, wf7, wm7, wc7, wr7, we7, wl7, wp7, wh7) \
wide8: \
	WIDE(EACH8, wq8, wz8, ws8, wf8, wm8, wc8, wr8, we8, wl8, wp8, wh8) \
wide9: \
	WIDE(EACH9, wq9, wz9, ws9, wf9, wm9, wc9, wr9, we9, wl9, wp9, wh9) \
wide10: \
	WIDE(EACH10, wq10, wz10, ws10, wf10, wm10, wc10, wr10, we10, wl10, wp10, wh10) \
wide11: \
	WIDE(EACH11, wq11, wz11, ws11, wf11, wm11, wc11, wr11, we11, wl11, wp11, wh11) \
wide12: \
	WIDE(EACH12, wq12, wz12, ws12, wf12, wm12, wc12, wr12, we12, wl12, wp12, wh12) \
wide13: \
	WIDE(EACH13, wq13, wz13, ws13, wf13, wm13, wc13, wr13, we13, wl13, wp13, wh13) \
wide14: \
	WIDE(EACH14, wq14, wz14, ws14, wf14, wm14, wc14, wr14, we14, wl14, wp14, wh14) \
narrow: \
	CMPQ  R14, $14        \
	JEQ   narrow14        \
	CMPQ  R14, $13        \
	JEQ   narrow13        \
	CMPQ  R14, $12        \
	JEQ   narrow12        \
	CMPQ  R14, $11        \
	JEQ   narrow11        \
	CMPQ  R14, $10        \
	JEQ   narrow10        \
	CMPQ  R14, $9         \
	JEQ   narrow9         \
	CMPQ  R14, $8         \
	JEQ   narrow8         \
	CMPQ  R14, $7         \
	JEQ   narrow7         \
	CMPQ  R14, $6         \
	JEQ   narrow6         \
	CMPQ  R14, $5         \
	JEQ   narrow5         \
	CMPQ  R14, $4         \
	JEQ   narrow4         \
	CMPQ  R14, $3         \
	JEQ   narrow3         \
	CMPQ  R14, $2         \
	JEQ   narrow2         \
narrow1: \
	NARROW(EACH1, nq1, nz1, ns1, nf1, nm1, nc1, nr1, ne1, nl1, np1, nh1) \
narrow2: \
	NARROW(EACH2, nq2, nz2, ns2, nf2, nm2, nc2, nr2, ne2, nl2, np2, nh2) \
narrow3: \
	NARROW(EACH3, nq3, nz3, ns3, nf3, nm3, nc3, nr3, ne3, nl3, np3, nh3) \
narrow4: \
	NARROW(EACH4, nq4, nz4, ns4, nf4, nm4, nc4, nr4, ne4, nl4, np4, nh4) \
narrow5: \
	NARROW(EACH5, nq5, nz5, ns5, nf5, nm5, nc5, nr5, ne5, nl5, np5, nh5) \
narrow6: \
	NARROW(EACH6, nq6, nz6, ns6, nf6, nm6, nc6, nr6, ne6, nl6, np6, nh6) \
narrow7: \
	NARROW(EACH7, nq7, nz7, ns7, nf7, nm7, nc7, nr7, ne7, nl7, np7, nh7) \
narrow8: \
	NARROW(EACH8, nq8, nz8, ns8, nf8, nm8, nc8, nr8, ne8, nl8, np8, nh8) \
narrow9: \
	NARROW(EACH9, nq9, nz9, ns9, nf9, nm9, nc9, nr9, ne9, nl9, np9, nh9) \
narrow10: \
	NARROW(EACH10, nq10, nz10, ns10, nf10, nm10, nc10, nr10, ne10, nl10, np10, nh10) \
narrow11: \
	NARROW(EACH11, nq11, nz11, ns11, nf11, nm11, nc11, nr11, ne11, nl11, np11, nh11) \
narrow12: \
	NARROW(EACH12, nq12, nz12, ns12, nf12, nm12, nc12, nr12, ne12, nl12, np12, nh12) \
narrow13: \
	NARROW(EACH13, nq13, nz13, ns13, nf13, nm13, nc13, nr13, ne13, nl13, np13, nh13) \
narrow14: \
	NARROW(EACH14, nq14, nz14, ns14, nf14, nm14, nc14, nr14, ne14, nl14, np14, nh14)
