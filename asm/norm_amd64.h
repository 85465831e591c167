// How the kernels that apply batch normalisation to one channel, and its gradient, go over the runs of a
// channel, on AVX2 and AVX-512:
//
//	for runs { for R9 blocks { ... }; if R10 > 0 { the rest }; next run }
//
//	R9, R10 blocks of 16 elements and rest of a run; CX blocks left
//	R11     bytes from run to run; R12 runs left; AX bytes within the run
//	SI, DX  x, dy; DI y or dx; BX see PAST
//	R13     bytes to what comes to the second-level cache meanwhile; R8 AX and they
//
// The file that includes this one defines the registers of constants, CM, CA to CD and C0, a 0, and for
// a block, stored by PUT, and a rest under masks: APPLYBLOCK, APPLYREST, GRADBLOCK and GRADREST.

// PAST sets BX from past in BX: the address of a run that may be stored past the caches has
// no bit of it.
#define PAST \
	DECQ BX      \
	ORQ  $63, BX

// BEGINRUN begins a run: it goes to past, to rest or on.
#define BEGINRUN \
	XORQ  AX, AX  \
	MOVQ  R13, R8 \
	MOVQ  R9, CX  \
	TESTQ CX, CX  \
	JEQ   rest    \
	TESTQ BX, DI  \
	JEQ   past

// NEXTBLOCK goes on to the next block.
#define NEXTBLOCK(label) \
	ADDQ $64, AX \
	ADDQ $64, R8 \
	DECQ CX      \
	JNZ  label

#define NORMAPPLY \
	MOVQ         y_base+0(FP), DI   \
	MOVQ         x_base+24(FP), SI  \
	MOVQ         runs+48(FP), R12   \
	MOVQ         stride+56(FP), R11 \
	MOVQ         width+64(FP), R9   \
	MOVQ         ahead+88(FP), R13  \
	RUNS                            \
	MOVBLZX      relu+84(FP), AX    \
	NORELU                          \
	MOVBLZX      past+85(FP), BX    \
	PAST                            \
	VBROADCASTSS m+72(FP), CM       \
	VBROADCASTSS a+76(FP), CA       \
	VBROADCASTSS b+80(FP), CB       \
	ZERO(C0)                        \
run:                                \
	BEGINRUN                        \
block:                              \
	PREFETCHT1 (SI)(R8*1)           \
	PREFETCHT1 (DI)(R8*1)           \
	APPLYBLOCK(VMOVUPS)             \
	NEXTBLOCK(block)                \
	JMP        rest                 \
past:                               \
	PREFETCHT1 (SI)(R8*1)           \
	APPLYBLOCK(VMOVNTPS)            \
	NEXTBLOCK(past)                 \
rest:                               \
	TESTQ      R10, R10             \
	JEQ        next                 \
	APPLYREST                       \
next:                               \
	ADDQ R11, SI                    \
	ADDQ R11, DI                    \
	DECQ R12                        \
	JNZ  run                        \
	VZEROUPPER                      \
	RET

#define NORMGRAD \
	MOVQ         dx_base+0(FP), DI  \
	MOVQ         x_base+24(FP), SI  \
	MOVQ         runs+72(FP), R12   \
	MOVQ         stride+80(FP), R11 \
	MOVQ         width+88(FP), R9   \
	MOVQ         ahead+120(FP), R13 \
	RUNS                            \
	MOVQ         dy_base+48(FP), DX \
	MOVBLZX      relu+116(FP), AX   \
	NORELU                          \
	MOVBLZX      past+117(FP), BX   \
	PAST                            \
	VBROADCASTSS m+96(FP), CM       \
	VBROADCASTSS a+100(FP), CA      \
	VBROADCASTSS b+104(FP), CB      \
	VBROADCASTSS c+108(FP), CC      \
	VBROADCASTSS d+112(FP), CD      \
	ZERO(C0)                        \
run:                                \
	BEGINRUN                        \
block:                              \
	PREFETCHT1 (SI)(R8*1)           \
	PREFETCHT1 (DX)(R8*1)           \
	PREFETCHT1 (DI)(R8*1)           \
	GRADBLOCK(VMOVUPS)              \
	NEXTBLOCK(block)                \
	JMP        rest                 \
past:                               \
	PREFETCHT1 (SI)(R8*1)           \
	PREFETCHT1 (DX)(R8*1)           \
	GRADBLOCK(VMOVNTPS)             \
	NEXTBLOCK(past)                 \
rest:                               \
	TESTQ      R10, R10             \
	JEQ        next                 \
	GRADREST                        \
next:                               \
	ADDQ R11, SI                    \
	ADDQ R11, DX                    \
	ADDQ R11, DI                    \
	DECQ R12                        \
	JNZ  run                        \
	VZEROUPPER                      \
	RET
