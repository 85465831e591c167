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

// CHANNEL does a channel: BLOCK and REST of each run. ASK asks for what is read, of as much as a block
// is, and ASKFAR for what comes from memory, as it does where results go there; ON goes on to the next
// run of it.
#define CHANNEL(ASK, ASKFAR, BLOCK, REST, ON) \
run:                      \
	XORQ  AX, AX          \
	MOVQ  R13, R8         \
	MOVQ  R9, CX          \
	TESTQ CX, CX          \
	JEQ   rest            \
	TESTQ BX, DI          \
	JEQ   past            \
block:                    \
	ASK                   \
	PREFETCHT1 (DI)(R8*1) \
	BLOCK(VMOVUPS)        \
	ADDQ  $64, AX         \
	ADDQ  $64, R8         \
	DECQ  CX              \
	JNZ   block           \
	JMP   rest            \
past:                     \
	ASKFAR                \
	BLOCK(VMOVNTPS)       \
	ADDQ  $64, AX         \
	ADDQ  $64, R8         \
	DECQ  CX              \
	JNZ   past            \
rest:                     \
	TESTQ R10, R10        \
	JEQ   next            \
	REST                  \
next:                     \
	ON                    \
	ADDQ  R11, DI         \
	DECQ  R12             \
	JNZ   run             \
	VZEROUPPER            \
	RET

// What is read: x, and dy. From memory it is asked for twice, since a processor whose buffers are full
// forgets, but for the dy of a gradient, which its sums have read before.
#define ASKX PREFETCHT1 (SI)(R8*1)
#define ASKXDY ASKX; PREFETCHT1 (DX)(R8*1)
#define ASKFARX ASKX; PREFETCHT1 -512(SI)(R8*1)
#define ASKFARXDY ASKXDY; PREFETCHT1 -512(SI)(R8*1)
#define ASKSUMS ASKFARXDY; PREFETCHT1 -512(DX)(R8*1)
#define ONX ADDQ R11, SI
#define ONXDY ONX; ADDQ R11, DX

// UNLESSNEAR does ASK unless ahead is 0.
#define UNLESSNEAR(ASK, add) \
	TESTQ R13, R13 \
	JEQ   add      \
	ASK            \
add:

#define NORMAPPLY \
	MOVQ         y_base+0(FP), DI             \
	MOVQ         x_base+24(FP), SI            \
	MOVQ         runs+48(FP), R12             \
	MOVQ         stride+56(FP), R11           \
	MOVQ         width+64(FP), R9             \
	MOVQ         ahead+88(FP), R13            \
	RUNS                                      \
	MOVBLZX      relu+84(FP), AX              \
	NORELU                                    \
	MOVBLZX      past+85(FP), BX              \
	PAST                                      \
	VBROADCASTSS m+72(FP), CM                 \
	VBROADCASTSS a+76(FP), CA                 \
	VBROADCASTSS b+80(FP), CB                 \
	ZERO(C0)                                  \
	CHANNEL(ASKX, ASKFARX, APPLYBLOCK, APPLYREST, ONX)

#define NORMGRAD \
	MOVQ         dx_base+0(FP), DI              \
	MOVQ         x_base+24(FP), SI              \
	MOVQ         runs+72(FP), R12               \
	MOVQ         stride+80(FP), R11             \
	MOVQ         width+88(FP), R9               \
	MOVQ         ahead+120(FP), R13             \
	RUNS                                        \
	MOVQ         dy_base+48(FP), DX             \
	MOVBLZX      relu+116(FP), AX               \
	NORELU                                      \
	MOVBLZX      past+117(FP), BX               \
	PAST                                        \
	VBROADCASTSS m+96(FP), CM                   \
	VBROADCASTSS a+100(FP), CA                  \
	VBROADCASTSS b+104(FP), CB                  \
	VBROADCASTSS c+108(FP), CC                  \
	VBROADCASTSS d+112(FP), CD                  \
	ZERO(C0)                                    \
	CHANNEL(ASKXDY, ASKFARXDY, GRADBLOCK, GRADREST, ONXDY)
