// How kernels of columns go over a group of rows, a vector of columns at a time: the columns'
// values, and sums, stay in registers from row to row. Beside them rows to come are brought to
// the second-level cache in the order in which they stand in memory.
//
//	block:  the columns' values; for each row { BODY }; the columns' sums; WIDTH bytes on
//
//	SI, DX  x, dy or y, in the first row
//	R15     bytes from row to row; BX those from the first row to the one at hand, CX rows left
//	R14     bytes from SI to what is fetched, DI those left of that row
//	R8 to R13  the columns' values: R9 m, R10 a, R11 b, or R9 the shift; of sums R8 mean, R12 s,
//	        R13 q, else R8 dx, R12 c, R13 d
//	AX      bytes in those of float32, of which float64s have twice as many
//
// Arguments begin with blocks, rows, and, in bytes, stride, ahead, which is from the first row
// to what is fetched, again, from there to what is asked for once more, width of a row, and gap
// between two rows.

// GROUP reads them.
#define GROUP \
	MOVQ stride+16(FP), R15 \
	MOVQ ahead+24(FP), R14  \
	MOVQ width+40(FP), DI   \
	XORL AX, AX             \
	HALVES

// ROWS does BODY for each row.
#define ROWS(BODY) \
	MOVQ rows+8(FP), CX \
	XORL BX, BX     \
row: \
	BODY            \
	ADDQ R15, BX    \
	DECQ CX         \
	JNZ  row

// FETCH asks for as much as a BLOCK of so many rows is, T1 for the second-level cache. FETCHAGAIN
// also asks once more for what a row before has asked for: a processor whose buffers are full
// forgets.
#define FETCH(P, BLOCK, HINT) \
	LEAQ (P)(R14*1), CX \
	BLOCK(HINT)

#define FETCHAGAIN(P, BLOCK, HINT) \
	FETCH(P, BLOCK, HINT)    \
	ADDQ again+32(FP), CX \
	BLOCK(HINT)

// BLOCKS goes on with the next block, if there is one, and returns. As much as so many rows of a
// block has been asked for.
#define BLOCKS(ROWS) \
	ADDQ $WIDTH, AX \
	ADDQ $WIDTH, SI \
	ADDQ $WIDTH, DX \
	ADDQ $((ROWS-1)*WIDTH), R14 \
	SUBQ $(ROWS*WIDTH), DI \
	JGT  next              \
	ADDQ width+40(FP), DI  \
	ADDQ gap+48(FP), R14   \
next: \
	DECQ blocks+0(FP) \
	JNZ  block        \
	VZEROUPPER        \
	RET

// APPLYROWS, GRADROWS, SUMSROWS and GRADSUMSROWS are the bodies of the kernels. The file that includes
// this one says what APPLY, GRAD, SUMS and GRADSUMS do with a vector, and how the columns' values are
// loaded: COLUMNS, SCALES, SHIFT, MEANS, LOADSUMS and back, STORESUMS; NORELU takes relu from R8.
#define APPLYROWS \
	MOVQ y+56(FP), DX                  \
	MOVQ x+64(FP), SI                  \
	MOVQ m+72(FP), R9                  \
	MOVQ a+80(FP), R10                 \
	MOVQ b+88(FP), R11                 \
	MOVBLZX relu+96(FP), R8            \
	NORELU                             \
	GROUP                              \
block:                                     \
	COLUMNS                            \
	FETCH(SI, FETCH2, PREFETCHT1)      \
	FETCHAGAIN(DX, FETCH2, PREFETCHT1) \
	ROWS(APPLY)                        \
	BLOCKS(2)

#define GRADROWS \
	MOVQ x+64(FP), SI                  \
	MOVQ dy+72(FP), DX                 \
	MOVQ m+80(FP), R9                  \
	MOVQ a+88(FP), R10                 \
	MOVQ b+96(FP), R11                 \
	MOVQ c+104(FP), R12                \
	MOVQ d+112(FP), R13                \
	MOVBLZX relu+120(FP), R8           \
	NORELU                             \
	MOVQ dx+56(FP), R8                 \
	GROUP                              \
block:                                     \
	COLUMNS                            \
	SCALES                             \
	FETCH(SI, FETCH2, PREFETCHT1)      \
	FETCH(DX, FETCH2, PREFETCHT1)      \
	FETCHAGAIN(R8, FETCH2, PREFETCHT1) \
	ROWS(GRAD)                         \
	ADDQ $WIDTH, R8                    \
	BLOCKS(2)

#define SUMSROWS \
	MOVQ x+56(FP), SI                  \
	MOVQ shift+64(FP), R9              \
	MOVQ s+72(FP), R12                 \
	MOVQ q+80(FP), R13                 \
	MOVBLZX near+88(FP), R8            \
	GROUP                              \
block:                                     \
	SHIFT                              \
	LOADSUMS                           \
	TESTL R8, R8                       \
	JNE near                           \
	FETCHAGAIN(SI, FETCH4, PREFETCHT1) \
	JMP add                            \
near:                                      \
	FETCH(SI, FETCH4, PREFETCHT0)      \
add:                                       \
	ROWS(SUMS)                         \
	STORESUMS                          \
	BLOCKS(4)

#define GRADSUMSROWS \
	MOVQ x+56(FP), SI                  \
	MOVQ dy+64(FP), DX                 \
	MOVQ m+72(FP), R9                  \
	MOVQ a+80(FP), R10                 \
	MOVQ b+88(FP), R11                 \
	MOVBLZX relu+120(FP), R8           \
	NORELU                             \
	MOVQ mean+96(FP), R8               \
	MOVQ s+104(FP), R12                \
	MOVQ q+112(FP), R13                \
	GROUP                              \
block:                                     \
	COLUMNS                            \
	MEANS                              \
	LOADSUMS                           \
	FETCHAGAIN(SI, FETCH4, PREFETCHT1) \
	FETCHAGAIN(DX, FETCH4, PREFETCHT1) \
	ROWS(GRADSUMS)                     \
	STORESUMS                          \
	BLOCKS(4)
