// The tile that gemmF32AVX512x14x32 and gemmF64AVX512x14x16 share. The file
// that includes this one defines FMA, BCAST and MOV for its type, SHIFT, the log2
// of its element's size, and HALF, the elements of one register.
//
// Why 14 rows of two registers: 28 accumulators leave two registers for a row of B
// and two for broadcasts of A. A step in k is then 28 FMAs for 16 loads, so
// that two FMA units are busy for 14 cycles while two load ports are for eight, and
// 28 chains hide any latency. Fewer rows have their own loops, since the caller
// cuts a matrix into tiles of equal height: no row is ever computed in vain.
// A tile of at most HALF columns leaves out the second register.
//
//	               B(k, 0:HALF)  B(k, HALF:2*HALF)
//	               Z28           Z29
//	A(0,k)  Z30    Z0            Z1        K1, K2  masks of the columns
//	A(1,k)  Z31    Z2            Z3        AX  kc, counted down
//	A(2,k)  Z30    Z4            Z5        SI  A(0,k); CX cs in bytes
//	...                                    DI  B(k,0); DX ldb in bytes
//	A(13,k) Z31    Z26           Z27       BX  C(0,0)
//
//	R8 is the distance of two rows (of C, then of A, then of C again), R9, R10,
//	R11, R12, R13 and R15 are 3, 5, 7, 9, 11 and 13 of it. R14 is the line asked for,
//	then BX the distance to the next two, and the slot of rows the kc left at the last.
//
//	tile = C or 0
//	for k: for i: tile[i] = fma(A(i,k), B(k), tile[i])
//	C = tile

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
#define EACH2(OP, P)  EACH1(OP, P); OP((P)(R8*1), Z31, Z2, Z3)
#define EACH3(OP, P)  EACH2(OP, P); OP((P)(R8*2), Z30, Z4, Z5)
#define EACH4(OP, P)  EACH3(OP, P); OP((P)(R9*1), Z31, Z6, Z7)
#define EACH5(OP, P)  EACH4(OP, P); OP((P)(R8*4), Z30, Z8, Z9)
#define EACH6(OP, P)  EACH5(OP, P); OP((P)(R10*1), Z31, Z10, Z11)
#define EACH7(OP, P)  EACH6(OP, P); OP((P)(R9*2), Z30, Z12, Z13)
#define EACH8(OP, P)  EACH7(OP, P); OP((P)(R11*1), Z31, Z14, Z15)
#define EACH9(OP, P)  EACH8(OP, P); OP((P)(R8*8), Z30, Z16, Z17)
#define EACH10(OP, P) EACH9(OP, P); OP((P)(R12*1), Z31, Z18, Z19)
#define EACH11(OP, P) EACH10(OP, P); OP((P)(R10*2), Z30, Z20, Z21)
#define EACH12(OP, P) EACH11(OP, P); OP((P)(R13*1), Z31, Z22, Z23)
#define EACH13(OP, P) EACH12(OP, P); OP((P)(R9*4), Z30, Z24, Z25)
#define EACH14(OP, P) EACH13(OP, P); OP((P)(R15*1), Z31, Z26, Z27)

// What is done with a row: a step of its chains, a load or a store under the
// masks, two registers wide or one; a zero.
#define MUL2(A, X, L, H) BCAST A, X; FMA Z28, X, L; FMA Z29, X, H
#define MUL1(A, X, L, H) BCAST A, X; FMA Z28, X, L
#define GET2(C, X, L, H) MOV.Z C, K1, L; MOV.Z 64 C, K2, H
#define GET1(C, X, L, H) MOV.Z C, K1, L
#define PUT2(C, X, L, H) MOV L, K1, C; MOV H, K2, 64 C
#define PUT1(C, X, L, H) MOV L, K1, C
#define CLEAR(C, X, L, H) VPXORQ L, L, L; VPXORQ H, H, H

// ROWB2 and ROWB1 load a row of B.
#define ROWB2 MOV.Z (DI), K1, Z28; MOV.Z 64(DI), K2, Z29
#define ROWB1 MOV.Z (DI), K1, Z28

// STEP is one k.
#define STEP(EACH, ROWB, MUL) \
	ROWB          \
	EACH(MUL, SI) \
	ADDQ DX, DI   \
	ADDQ CX, SI

// TILE is the whole of a tile of one height and width; the labels are its own.
// The first steps come in pairs, each of which fetches two cache lines: a row of the
// tile that follows below, since C is read once for hundreds of steps and comes from
// afar, then what the caller will read soon. Asked for all at once, these lines
// would keep those of A and B waiting.
#define TILE(EACH, GET, ROWB, MUL, PUT, zero, steps, pair, more, rest, loop, store) \
	STRIDE(ldc+72(FP))   \
	MOVQ AX, R10         \
	SUBQ R14, R10        \
	SUBQ R14, R10        \
	IMULQ R8, R14        \
	ADDQ BX, R14         \
	MOVQ R10, rows+0(FP) \
	LEAQ (R8)(R8*4), R10 \
	CMPB load+80(FP), $0 \
	JEQ  zero            \
	EACH(GET, BX)        \
	JMP  steps           \
zero:                    \
	EACH(CLEAR, BX)      \
steps:                   \
	MOVQ R8, BX          \
	STRIDE(rs+32(FP))    \
pair:                    \
	CMPQ AX, $2          \
	JLT  rest            \
	CMPQ AX, rows+0(FP)  \
	JLE  more            \
	PREFETCHT0 (R14)     \
	STEP(EACH, ROWB, MUL) \
	PREFETCHT0 64(R14)   \
	STEP(EACH, ROWB, MUL) \
	ADDQ BX, R14         \
	SUBQ $2, AX          \
	JMP  pair            \
more:                    \
	MOVQ next+88(FP), R14 \
	TESTQ R14, R14       \
	JEQ  rest            \
	DECQ 24(R14)         \
	JLT  rest            \
	MOVQ 8(R14), BX      \
	NEGQ BX              \
	LEAQ (AX)(BX*2), BX  \
	MOVQ BX, rows+0(FP)  \
	MOVQ 16(R14), BX     \
	ADDQ BX, (R14)       \
	MOVQ (R14), R14      \
	SUBQ BX, R14         \
	MOVQ $128, BX        \
	JMP  pair            \
rest:                    \
	TESTQ AX, AX         \
	JEQ  store           \
loop:                    \
	STEP(EACH, ROWB, MUL) \
	DECQ AX              \
	JNZ  loop            \
store:                   \
	MOVQ c+64(FP), BX    \
	STRIDE(ldc+72(FP))   \
	EACH(PUT, BX)        \
	VZEROUPPER           \
	RET

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
	TILE(EACH1, GET2, ROWB2, MUL2, PUT2, wz1, ws1, wf1, wm1, wr1, wl1, wp1) \
wide2: \
	TILE(EACH2, GET2, ROWB2, MUL2, PUT2, wz2, ws2, wf2, wm2, wr2, wl2, wp2) \
wide3: \
	TILE(EACH3, GET2, ROWB2, MUL2, PUT2, wz3, ws3, wf3, wm3, wr3, wl3, wp3) \
wide4: \
	TILE(EACH4, GET2, ROWB2, MUL2, PUT2, wz4, ws4, wf4, wm4, wr4, wl4, wp4) \
wide5: \
	TILE(EACH5, GET2, ROWB2, MUL2, PUT2, wz5, ws5, wf5, wm5, wr5, wl5, wp5) \
wide6: \
	TILE(EACH6, GET2, ROWB2, MUL2, PUT2, wz6, ws6, wf6, wm6, wr6, wl6, wp6) \
wide7: \
	TILE(EACH7, GET2, ROWB2, MUL2, PUT2, wz7, ws7, wf7, wm7, wr7, wl7, wp7) \
wide8: \
	TILE(EACH8, GET2, ROWB2, MUL2, PUT2, wz8, ws8, wf8, wm8, wr8, wl8, wp8) \
wide9: \
	TILE(EACH9, GET2, ROWB2, MUL2, PUT2, wz9, ws9, wf9, wm9, wr9, wl9, wp9) \
wide10: \
	TILE(EACH10, GET2, ROWB2, MUL2, PUT2, wz10, ws10, wf10, wm10, wr10, wl10, wp10) \
wide11: \
	TILE(EACH11, GET2, ROWB2, MUL2, PUT2, wz11, ws11, wf11, wm11, wr11, wl11, wp11) \
wide12: \
	TILE(EACH12, GET2, ROWB2, MUL2, PUT2, wz12, ws12, wf12, wm12, wr12, wl12, wp12) \
wide13: \
	TILE(EACH13, GET2, ROWB2, MUL2, PUT2, wz13, ws13, wf13, wm13, wr13, wl13, wp13) \
wide14: \
	TILE(EACH14, GET2, ROWB2, MUL2, PUT2, wz14, ws14, wf14, wm14, wr14, wl14, wp14) \
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
	TILE(EACH1, GET1, ROWB1, MUL1, PUT1, nz1, ns1, nf1, nm1, nr1, nl1, np1) \
narrow2: \
	TILE(EACH2, GET1, ROWB1, MUL1, PUT1, nz2, ns2, nf2, nm2, nr2, nl2, np2) \
narrow3: \
	TILE(EACH3, GET1, ROWB1, MUL1, PUT1, nz3, ns3, nf3, nm3, nr3, nl3, np3) \
narrow4: \
	TILE(EACH4, GET1, ROWB1, MUL1, PUT1, nz4, ns4, nf4, nm4, nr4, nl4, np4) \
narrow5: \
	TILE(EACH5, GET1, ROWB1, MUL1, PUT1, nz5, ns5, nf5, nm5, nr5, nl5, np5) \
narrow6: \
	TILE(EACH6, GET1, ROWB1, MUL1, PUT1, nz6, ns6, nf6, nm6, nr6, nl6, np6) \
narrow7: \
	TILE(EACH7, GET1, ROWB1, MUL1, PUT1, nz7, ns7, nf7, nm7, nr7, nl7, np7) \
narrow8: \
	TILE(EACH8, GET1, ROWB1, MUL1, PUT1, nz8, ns8, nf8, nm8, nr8, nl8, np8) \
narrow9: \
	TILE(EACH9, GET1, ROWB1, MUL1, PUT1, nz9, ns9, nf9, nm9, nr9, nl9, np9) \
narrow10: \
	TILE(EACH10, GET1, ROWB1, MUL1, PUT1, nz10, ns10, nf10, nm10, nr10, nl10, np10) \
narrow11: \
	TILE(EACH11, GET1, ROWB1, MUL1, PUT1, nz11, ns11, nf11, nm11, nr11, nl11, np11) \
narrow12: \
	TILE(EACH12, GET1, ROWB1, MUL1, PUT1, nz12, ns12, nf12, nm12, nr12, nl12, np12) \
narrow13: \
	TILE(EACH13, GET1, ROWB1, MUL1, PUT1, nz13, ns13, nf13, nm13, nr13, nl13, np13) \
narrow14: \
	TILE(EACH14, GET1, ROWB1, MUL1, PUT1, nz14, ns14, nf14, nm14, nr14, nl14, np14)
