// How sums over columns go over a group of rows, a vector of columns at a time: the columns'
// values and sums stay in registers from row to row. Beside them the next group is brought to
// the second-level cache in the order in which it stands in memory.
//
//	block:  the columns' values; for each row { BODY }; the columns' sums; WIDTH bytes on
//
//	SI, DX  x, dy, in the first row
//	R15     bytes from row to row; BX those from the first row to the one at hand, CX rows left
//	R14     bytes from SI to what is fetched, DI those left of that row
//	R8 to R13  the columns' values: R9 m, R10 a, R11 b, or R9 the shift; R8 mean; R12 s, R13 q
//	AX      bytes in those of float32, of which float64s have twice as many
//
// Arguments begin with blocks, rows, and, in bytes, stride, ahead, which is from the first row
// to the next group, width of a row, and gap between two rows.

// GROUP reads the arguments.
#define GROUP \
	MOVQ stride+16(FP), R15 \
	MOVQ ahead+24(FP), R14  \
	MOVQ width+32(FP), DI   \
	MOVQ x+48(FP), SI       \
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

// BLOCKS goes on with the next block, if there is one, and returns.
#define BLOCKS \
	ADDQ $WIDTH, AX      \
	ADDQ $WIDTH, SI      \
	ADDQ $WIDTH, DX      \
	ADDQ $(3*WIDTH), R14 \
	SUBQ $(4*WIDTH), DI  \
	JGT  next            \
	ADDQ width+32(FP), DI \
	ADDQ gap+40(FP), R14 \
next: \
	DECQ blocks+0(FP)    \
	JNZ  block           \
	VZEROUPPER           \
	RET
