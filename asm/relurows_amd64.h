// How ReLU's gradient goes from rows in the caches to rows in memory: by stores that pass
// the caches by, which first reading what they overwrite would take twice as long. A row of
// dx that does not begin with a vector is stored as usual. The file that includes this one
// defines WIDTH, the elements of a vector, GRADIENT, which leaves the next vector of a row in
// V, and REST, which does the CX elements that are left.
//
//	BX rows left; R11 elements of a row, AX those done, CX those left
//	DI a row of dx, R9 to the next; SI, DX of dy and y, R10 to the next

// ONWARD goes to the next vector of a row, if there is one.
#define ONWARD(label) \
	ADDQ $WIDTH, AX \
	SUBQ $WIDTH, CX \
	JGE  label

// RELUROWS reads the arguments (rows, dx, ldx, dy, y, ld, width), goes through the rows and
// returns.
#define RELUROWS \
	MOVQ rows+0(FP), BX     \
	MOVQ dx+8(FP), DI       \
	MOVQ ldx+16(FP), R9     \
	MOVQ dy+24(FP), SI      \
	MOVQ y+32(FP), DX       \
	MOVQ ld+40(FP), R10     \
	MOVQ width+48(FP), R11  \
	SHLQ $2, R9             \
	SHLQ $2, R10            \
row: \
	XORQ  AX, AX            \
	MOVQ  R11, CX           \
	SUBQ  $WIDTH, CX        \
	JLT   rest              \
	TESTQ $(4*WIDTH-1), DI  \
	JNE   usual             \
past: \
	GRADIENT                \
	VMOVNTPS V, (DI)(AX*4)  \
	ONWARD(past)            \
	JMP   rest              \
usual: \
	GRADIENT                \
	VMOVUPS V, (DI)(AX*4)   \
	ONWARD(usual)           \
rest: \
	ADDQ $WIDTH, CX         \
	JEQ  next               \
	REST                    \
next: \
	ADDQ R9, DI             \
	ADDQ R10, SI            \
	ADDQ R10, DX            \
	DECQ BX                 \
	JNZ  row                \
	VZEROUPPER              \
	RET
