// The rows of tiles of gemmF32AVX2x6x16 and gemmF64AVX2x6x8, made of what gemm_avx2_amd64.h
// has, and the bodies of the kernels.

// ACROSS is the whole tiles of six rows, side by side. Nothing between two of them keeps the
// FMA units waiting.
//
//	AX  steps left, counted down    SI  A(0,k); CX cs in bytes; R8, R9, R10 rs, 3rs, 5rs
//	DI  B(k,0); DX ldb in bytes     BX  C(0,0); R11 ldc in bytes; R14 C(3,0)
//	R13 what is next, 0 behind its end; R12 the line asked for, R15 the pairs left in its row
//	every the steps to a pair, R14 those left; least and now how many steps at least must be left
//	to fetch or copy, of a new tile and now
//
//	for each panel: tile = C or 0; for k: for i: tile[i] = fma(A(i,k), B(k), tile[i]); C = tile

// What is to be fetched is spread evenly over the steps of all tiles: asked for one line after the
// other, it would keep what a tile reads from the second-level cache waiting, and memory would have
// nothing to do in between. What is to be copied comes between two of its rows, or behind the last
// if it waits for that, for which half of the steps are left: a line in a step, src in R12, dst in R14,
// the pieces left in its row in R15. Taking every second float32 of two lines wants more of the units:
// such pieces are spread over the steps as what is fetched is, and ask the second-level cache for those
// BEYOND. What a tile does not come to the next one goes on with.

// A tile asks for the next one NEAR steps before its end, one of less than LONG steps at its
// beginning: where less than SHORT are left, which are many, or 2 if no tile is to be asked for.
// Before and behind that it fetches and copies as long as it has two steps.
#define NEAR 128
#define BEYOND 32768

// OFC does OP for the six rows of C, THIRD sets R14.
#define OFC(OP) \
	OP((BX), Y14, Y0, Y1)         \
	OP((BX)(R11*1), Y14, Y2, Y3)  \
	OP((BX)(R11*2), Y14, Y4, Y5)  \
	OP((R14), Y14, Y6, Y7)        \
	OP((R14)(R11*1), Y14, Y8, Y9) \
	OP((R14)(R11*2), Y14, Y10, Y11)
#define THIRD \
	LEAQ (BX)(R11*2), R14 \
	ADDQ R11, R14

#define ACROSS(LONG, SHORT, PUT) \
	STRIDE(rs+32(FP))     \
	MOVQ cs+40(FP), CX    \
	SHLQ $SHIFT, CX       \
	MOVQ kc+16(FP), AX    \
	MOVQ $SHORT, least-8(SP) \
	CMPQ AX, $LONG        \
	JLT  short            \
	MOVQ $(NEAR+2), least-8(SP) \
short:                    \
	MOVQ $0, every-24(SP) \
	MOVQ next+96(FP), R13 \
	TESTQ R13, R13        \
	JEQ  begin            \
	SUBQ $2, AX           \
	MOVQ cols+8(FP), DX   \
	SHRQ $(6-SHIFT), DX   \
	IMULQ DX, AX          \
	MOVQ 56(R13), R14     \
	IMULQ 64(R13), R14    \
	MOVQ 8(R13), R12      \
	IMULQ 24(R13), R12    \
	TESTQ R14, R14        \
	JEQ  spread           \
	CMPQ 96(R13), $0      \
	JNE  both             \
	SUBQ R14, AX          \
	CMPQ 104(R13), $0     \
	JEQ  spread           \
	SARQ $1, AX           \
	JMP  spread           \
both:                     \
	ADDQ R14, R12         \
spread:                   \
	TESTQ AX, AX          \
	JLE  begin            \
	TESTQ R12, R12        \
	JLE  begin            \
	XORL DX, DX           \
	DIVQ R12              \
	MOVQ AX, every-24(SP) \
begin:                    \
	MOVQ b+48(FP), DI     \
	MOVQ ldb+64(FP), DX   \
	SHLQ $SHIFT, DX       \
	MOVQ c+72(FP), BX     \
	MOVQ ldc+80(FP), R11  \
	SHLQ $SHIFT, R11      \
	XORL R15, R15         \
across:                   \
	MOVQ least-8(SP), R14 \
	MOVQ R14, now-32(SP)  \
	MOVQ kc+16(FP), AX    \
	MOVQ a+24(FP), SI     \
	THIRD                 \
	CMPB load+88(FP), $0  \
	JEQ  zero             \
	OFC(GET)              \
	JMP  steps            \
zero:                     \
	OFC(CLEAR)            \
steps:                    \
	TESTQ R13, R13        \
	JEQ  plain            \
	TESTQ R15, R15        \
	JNE  pair             \
row:                      \
	MOVQ 24(R13), R12     \
	ADDQ 104(R13), R12    \
	CMPQ R12, 56(R13)     \
	JLT  copy             \
	DECQ 24(R13)          \
	JLT  over             \
	MOVQ 8(R13), R15      \
	MOVQ 16(R13), R12     \
	ADDQ (R13), R12       \
	MOVQ R12, (R13)       \
	SUBQ 16(R13), R12     \
pair:                     \
	CMPQ AX, now-32(SP)   \
	JLT  plain            \
	PREFETCHT0 (R12)      \
	STEP(EACH6)           \
	PREFETCHT0 64(R12)    \
	STEP(EACH6)           \
	SUBQ $2, AX           \
	ADDQ $128, R12        \
	DECQ R15              \
	MOVQ every-24(SP), R14 \
	SUBQ $4, R14          \
	JGE  apart            \
	TESTQ R15, R15        \
	JNE  pair             \
	JMP  row              \
apart:                    \
	CMPQ AX, now-32(SP)   \
	JLT  plain            \
	STEP(EACH6)           \
	STEP(EACH6)           \
	SUBQ $2, AX           \
	SUBQ $2, R14          \
	JGE  apart            \
	TESTQ R15, R15        \
	JNE  pair             \
	JMP  row              \
over:                     \
	MOVQ $0, 24(R13)      \
	CMPQ 56(R13), $0      \
	JEQ  copied           \
copy:                     \
	MOVQ 32(R13), R12     \
	MOVQ 40(R13), R14     \
	MOVQ 48(R13), R15     \
piece:                    \
	CMPQ AX, now-32(SP)   \
	JLT  later            \
	CMPQ 96(R13), $0      \
	JNE  take             \
	MOV  (R12), Y14       \
	MOV  32(R12), Y15     \
	MOV  Y14, (R14)       \
	MOV  Y15, 32(R14)     \
	ADDQ $64, R12         \
	ADDQ 72(R13), R14     \
	STEP(EACH6)           \
	DECQ AX               \
	DECQ R15              \
	JNZ  piece            \
	ADDQ 80(R13), R12     \
	ADDQ 88(R13), R14     \
	MOVQ 64(R13), R15     \
	DECQ 56(R13)          \
later:                    \
	MOVQ R12, 32(R13)     \
	MOVQ R14, 40(R13)     \
	MOVQ R15, 48(R13)     \
	XORL R15, R15         \
	CMPQ AX, now-32(SP)   \
	JGE  row              \
	JMP  plain            \
take:                     \
	PREFETCHT1 BEYOND(R12) \
	PREFETCHT1 (BEYOND+64)(R12) \
	VMOVUPS (R12), Y14    \
	VMOVUPS 64(R12), Y15  \
	VSHUFPS $0x88, 32(R12), Y14, Y14 \
	VSHUFPS $0x88, 96(R12), Y15, Y15 \
	VPERMPD $0xD8, Y14, Y14 \
	VPERMPD $0xD8, Y15, Y15 \
	VMOVUPS Y14, (R14)    \
	VMOVUPS Y15, 32(R14)  \
	ADDQ 96(R13), R12     \
	ADDQ 72(R13), R14     \
	STEP(EACH6)           \
	DECQ AX               \
	DECQ R15              \
	JNZ  within           \
	MOVQ 64(R13), R15     \
	ADDQ 80(R13), R12     \
	ADDQ 88(R13), R14     \
	DECQ 56(R13)          \
	JEQ  copied           \
within:                   \
	MOVQ R14, 40(R13)     \
	MOVQ every-24(SP), R14 \
	DECQ R14              \
wait:                     \
	SUBQ $2, R14          \
	JLT  again            \
	CMPQ AX, now-32(SP)   \
	JLT  again            \
	STEP(EACH6)           \
	STEP(EACH6)           \
	SUBQ $2, AX           \
	JMP  wait             \
again:                    \
	MOVQ 40(R13), R14     \
	JMP  piece            \
copied:                   \
	XORL R13, R13         \
plain:                    \
	SUBQ $(NEAR+4), AX    \
	JLT  ask              \
loop:                     \
	STEP(EACH6)           \
	STEP(EACH6)           \
	STEP(EACH6)           \
	STEP(EACH6)           \
	SUBQ $4, AX           \
	JGE  loop             \
ask:                      \
	CMPQ now-32(SP), $2   \
	JEQ  asked            \
	MOVQ $2, now-32(SP)   \
	CMPQ cols+8(FP), $FULL \
	JLE  below            \
	LEAQ 64(BX), R14      \
	JMP  fetch            \
below:                    \
	LEAQ (R11)(R11*2), R14 \
	SHLQ $1, R14          \
	ADDQ first-16(SP), R14 \
fetch:                    \
	PREFETCHT0 (R14)      \
	PREFETCHT0 (R14)(R11*1) \
	PREFETCHT0 (R14)(R11*2) \
	LEAQ (R14)(R11*2), R14 \
	PREFETCHT0 (R14)(R11*1) \
	PREFETCHT0 (R14)(R11*2) \
	LEAQ (R14)(R11*2), R14 \
	PREFETCHT0 (R14)(R11*1) \
	TESTQ R13, R13        \
	JEQ  asked            \
	ADDQ $(NEAR+4), AX    \
	JMP  steps            \
asked:                    \
	THIRD                 \
	ADDQ $NEAR, AX        \
	JLT  rest             \
late:                     \
	STEP(EACH6)           \
	STEP(EACH6)           \
	STEP(EACH6)           \
	STEP(EACH6)           \
	SUBQ $4, AX           \
	JGE  late             \
rest:                     \
	ADDQ $4, AX           \
	JEQ  store            \
one:                      \
	STEP(EACH6)           \
	DECQ AX               \
	JNZ  one              \
store:                    \
	OFC(PUT)              \
	ADDQ $64, BX          \
	MOVQ b+48(FP), DI     \
	ADDQ step+56(FP), DI  \
	MOVQ DI, b+48(FP)     \
	SUBQ $FULL, cols+8(FP) \
	CMPQ cols+8(FP), $FULL \
	JGE  across           \
	MOVQ BX, c+72(FP)

// GEMM is the body of the kernel: the whole tiles of six rows, then one tile after the other, by
// the loops of the right height.
#define GEMM \
	SHLQ $SHIFT, step+56(FP) \
	CMPQ rows+0(FP), $6   \
	JNE  tile             \
	CMPQ cols+8(FP), $FULL \
	JLT  tile             \
	MOVQ c+72(FP), BX     \
	MOVQ BX, first-16(SP) \
	ACROSS(2*NEAR, 3, PUT) \
	CMPQ cols+8(FP), $0   \
	JEQ  all              \
tile:                     \
	MOVQ cols+8(FP), R11  \
	MOVQ kc+16(FP), AX    \
	MOVQ a+24(FP), SI     \
	MOVQ cs+40(FP), CX    \
	SHLQ $SHIFT, CX       \
	MOVQ b+48(FP), DI     \
	MOVQ ldb+64(FP), DX   \
	SHLQ $SHIFT, DX       \
	MOVQ c+72(FP), BX     \
	MOVQ rows+0(FP), R12  \
	CMPQ R12, $6          \
	JEQ  rows6            \
	CMPQ R12, $5          \
	JEQ  rows5            \
	CMPQ R12, $4          \
	JEQ  rows4            \
	CMPQ R12, $3          \
	JEQ  rows3            \
	CMPQ R12, $2          \
	JEQ  rows2            \
rows1: \
	TILE(EACH1, pt1, z1, s1, rw1, pr1, pl1, l1, k1, t1, p1, w1) \
rows2: \
	TILE(EACH2, pt2, z2, s2, rw2, pr2, pl2, l2, k2, t2, p2, w2) \
rows3: \
	TILE(EACH3, pt3, z3, s3, rw3, pr3, pl3, l3, k3, t3, p3, w3) \
rows4: \
	TILE(EACH4, pt4, z4, s4, rw4, pr4, pl4, l4, k4, t4, p4, w4) \
rows5: \
	TILE(EACH5, pt5, z5, s5, rw5, pr5, pl5, l5, k5, t5, p5, w5) \
rows6: \
	TILE(EACH6, pt6, z6, s6, rw6, pr6, pl6, l6, k6, t6, p6, w6) \
end:                      \
	MOVQ step+56(FP), DI  \
	ADDQ DI, b+48(FP)     \
	ADDQ $64, c+72(FP)    \
	SUBQ $FULL, cols+8(FP) \
	JGT  tile             \
all:                      \
	VZEROUPPER            \
	RET

// GEMMPAST is the body of a kernel that stores whole tiles of six rows past the caches. They ask
// for no tile of C.
#define PUTPAST(C, X, L, H) VMOVNTPS L, C; VMOVNTPS H, 32 C
#define GEMMPAST \
	SHLQ $SHIFT, step+56(FP) \
	ACROSS(1<<30, 2, PUTPAST) \
	VZEROUPPER               \
	RET
