// How products with a symmetric matrix, four of its rows at a time, ask for the next four, see rowAsks in
// linalg_amd64.go.
//
//	SI, R9, R13  rows 0, 3 and 6 of those at hand; R8 a row in bytes
//	BX           how often each line is asked for: 0, 1 or 3 times

// ASKNEXT asks for a line of each of the rows, N bytes from those at hand.
#define ASKNEXT(N) \
	PREFETCHT1 N(SI)(R8*4) \
	PREFETCHT1 N(R9)(R8*2) \
	PREFETCHT1 N(R13)      \
	PREFETCHT1 N(R9)(R8*4)

// ASKROWS asks so often; the label is its own.
#define ASKROWS(near) \
	TESTQ BX, BX  \
	JEQ   near    \
	ASKNEXT(0)    \
	CMPQ  BX, $1  \
	JEQ   near    \
	ASKNEXT(-64)  \
	ASKNEXT(-128) \
near:
