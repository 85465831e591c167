// How runs are copied into a panel on AVX2 and AVX-512. Those far ahead of the one at hand are asked for,
// a line of a pair four times, one alone five times, see ahead in pack_amd64.go. Vectors are those of
// vectors_avx2_amd64.h or vectors_avx512_amd64.h.
//
//	AX  runs, counted down (at least 1); DI panel; SI source
//	R8, R9  distance of two runs in the source and in the panel, in bytes; R12 three of R8
//	R14 source, so far ahead, if BX is not 0; CX runs left when it goes elsewhere

// ASKLINE and ASKPAIR ask for one line of a run, or two; ASKFOUR is what both do.
#define ASKFOUR \
	PREFETCHT1 (R14)       \
	PREFETCHT1 (R14)(R8*4) \
	PREFETCHT1 (R14)(R8*8) \
	PREFETCHT1 (R14)(R12*4)
#define ASKLINE \
	ASKFOUR                 \
	PREFETCHT1 (R14)(R12*8)
#define ASKPAIR \
	ASKFOUR                  \
	PREFETCHT1 64(R14)       \
	PREFETCHT1 64(R14)(R8*4) \
	PREFETCHT1 64(R14)(R8*8) \
	PREFETCHT1 64(R14)(R12*4)

// COPYTWO copies a run of two vectors.
#define COPYTWO \
	VMOVUPS (SI), V0     \
	VMOVUPS SIZE(SI), V1 \
	VMOVUPS V0, (DI)     \
	VMOVUPS V1, SIZE(DI)

// COPYROWS is the body of a kernel whose arguments begin with runs, dst, ldd, src, ld, ask.
#define COPYROWS(ASK, COPY) \
	MOVQ  runs+0(FP), AX       \
	MOVQ  dst+8(FP), DI        \
	MOVQ  ldd+16(FP), R9       \
	MOVQ  src+24(FP), SI       \
	MOVQ  ld+32(FP), R8        \
	SHLQ  $2, R8               \
	SHLQ  $2, R9               \
	MOVQ  ask_steps+40(FP), BX \
	LEAQ  (R8)(R8*2), R12      \
	MOVQ  R8, R14              \
	IMULQ BX, R14              \
	ADDQ  SI, R14              \
	MOVQ  ask_left+48(FP), CX  \
loop:                              \
	TESTQ BX, BX               \
	JEQ   copy                 \
	ASK                        \
	ADDQ  R8, R14              \
	CMPQ  AX, CX               \
	JEQ   turn                 \
copy:                              \
	COPY                       \
	ADDQ  R8, SI               \
	ADDQ  R9, DI               \
	DECQ  AX                   \
	JNZ   loop                 \
	VZEROUPPER                 \
	RET                        \
turn:                              \
	MOVQ ask_jump+56(FP), DX   \
	LEAQ (R14)(DX*4), R14      \
	JMP  copy
