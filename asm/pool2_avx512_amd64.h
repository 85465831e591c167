// How the poolings of 2 x 2 windows, 2 apart, read their inputs on the AVX-512 path. A row of outputs
// is whole vectors of 16, made of 32 elements of two rows of inputs, and a rest under masks:
//
//	top: x0 x1 x0 x1 ...  VPERMI2PS parts the elements of the windows into
//	low: x2 x3 x2 x3 ...  Z4 = x0, Z5 = x1, Z6 = x2, Z7 = x3
//
//	R9, R10 whole vectors and rest of a row; R11 bytes of a row of inputs; AX bytes within it
//	SI, DX  rows of x, top and low
//	K1      the rest of outputs; K2, K3 that of inputs, first and second 16
//	Z30, Z31 the order of elements

// ROWS sets R9 to R12 and K1 to K3 from w in R9 and rows in R12.
#define ROWS \
	MOVQ  R9, R11 \
	SHLQ  $2, R11 \
	SHRQ  $1, R9  \
	MOVQ  R9, CX  \
	ANDQ  $15, CX \
	MOVQ  CX, R10 \
	TAILMASK512   \
	ADDQ  CX, CX  \
	MOVL  $1, R8  \
	SHLQ  CX, R8  \
	DECQ  R8      \
	KMOVW R8, K2  \
	SHRQ  $16, R8 \
	KMOVW R8, K3  \
	SHRQ  $4, R9

// PART loads the order of elements that takes windows apart.
#define PART \
	VMOVDQU32 ·poolIndex+0(SB), Z31  \
	VMOVDQU32 ·poolIndex+64(SB), Z30

#define WINDOWS \
	VMOVUPS (SI)(AX*1), Z0   \
	VMOVUPS 64(SI)(AX*1), Z1 \
	VMOVUPS (DX)(AX*1), Z2   \
	VMOVUPS 64(DX)(AX*1), Z3

#define WINDOWSREST \
	VMOVUPS.Z (SI)(AX*1), K2, Z0   \
	VMOVUPS.Z 64(SI)(AX*1), K3, Z1 \
	VMOVUPS.Z (DX)(AX*1), K2, Z2   \
	VMOVUPS.Z 64(DX)(AX*1), K3, Z3

#define APART \
	VMOVAPS   Z31, Z4    \
	VMOVAPS   Z30, Z5    \
	VMOVAPS   Z31, Z6    \
	VMOVAPS   Z30, Z7    \
	VPERMI2PS Z1, Z0, Z4 \
	VPERMI2PS Z1, Z0, Z5 \
	VPERMI2PS Z3, Z2, Z6 \
	VPERMI2PS Z3, Z2, Z7
