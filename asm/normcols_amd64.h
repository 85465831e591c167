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
	XORL AX, AX

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
