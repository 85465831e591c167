// How the poolings of 2 x 2 windows, 2 apart, read their inputs on the AVX2 path:
//
//	top: x0 x1 x0 x1 ...  VSHUFPS parts the elements of the windows into
//	low: x2 x3 x2 x3 ...  Y4 = x0, Y5 = x1, Y6 = x2, Y7 = x3
//
// in the order of outputs 0 1 4 5 2 3 6 7, which VPERMPD $0xd8 makes and undoes.
//
//	SI, DX  rows of x, top and low; AX bytes within them

// PARTED parts the elements of windows, those of the top row in A and B, of the low one in C and D.
#define PARTED(A, B, C, D, A0, A1, A2, A3) \
	VSHUFPS $0x88, B, A, A0 \
	VSHUFPS $0xdd, B, A, A1 \
	VSHUFPS $0x88, D, C, A2 \
	VSHUFPS $0xdd, D, C, A3

// What is read: windows for a vector, for half of one, and one alone.
#define WINDOWS \
	VMOVUPS (SI)(AX*1), Y0   \
	VMOVUPS 32(SI)(AX*1), Y1 \
	VMOVUPS (DX)(AX*1), Y2   \
	VMOVUPS 32(DX)(AX*1), Y3
#define APART PARTED(Y0, Y1, Y2, Y3, Y4, Y5, Y6, Y7)
#define FOURWINDOWS \
	VMOVUPS (SI)(AX*1), X0                 \
	VMOVUPS 16(SI)(AX*1), X1               \
	VMOVUPS (DX)(AX*1), X2                 \
	VMOVUPS 16(DX)(AX*1), X3               \
	PARTED(X0, X1, X2, X3, X4, X5, X6, X7)
#define ONEWINDOW \
	VMOVSD (SI)(AX*1), X0                  \
	VMOVSD (DX)(AX*1), X2                  \
	PARTED(X0, X0, X2, X2, X4, X5, X6, X7)
