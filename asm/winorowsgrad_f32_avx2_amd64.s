//go:build !noasm

#include "textflag.h"
#include "places_amd64.h"
#include "tail_amd64.h"

// The gradients of outputs in tiles of four, AVX2 path: eight outputs of eight filters at
// a time are transposed, so that the filters stand side by side, and transformed on their
// way out. Need AVX2 and FMA3.
//
//	AX  rows left                   SI   a row of the first filter; R9 from one to the next
//	BX  eight outputs in it         DX   outputs left of it
//	R10 where each filter begins    R15  width
//	DI  a tile of place 0; R14 from one tile to the next
//	R11, R12  from one place to the next, and to the third; R13 the tile at place 4
//	CX  offset of a filter; outputs left; R8 the mask
//	Y0 to Y15  filters; what is between; outputs in Y8 to Y15, constants in Y4 to Y7
//
//	for r < rows: for i < tiles: for f < 8: dst[p][r][i][f] = place p of src[f][r][4*i:4*i+4]

#define ARGUMENTS \
	MOVQ rows+0(FP), AX    \
	MOVQ width+8(FP), R15  \
	MOVQ dst+16(FP), DI    \
	MOVQ place+24(FP), R11 \
	SHLQ $2, R11           \
	LEAQ (R11)(R11*2), R12 \
	LEAQ (DI)(R11*4), R13  \
	MOVQ step+32(FP), R14  \
	SHLQ $2, R14           \
	MOVQ src+40(FP), SI    \
	MOVQ ld+48(FP), R9     \
	SHLQ $2, R9            \
	MOVQ from+56(FP), R10

// FILTER loads the next outputs of filter I and asks for those 16 blocks on, for each line twice: no
// prefetcher of the processor follows so many filters, and one whose buffers are full forgets what
// it is asked once.
#define FILTER(I, Y) \
	MOVQ       (8*I)(R10), CX \
	VMOVUPS    (BX)(CX*4), Y  \
	PREFETCHT1 512(BX)(CX*4)

// LOAD8 loads the next outputs of all filters, LOADMASKED those that a row has left,
// and zeros.
#define LOAD8 \
	FILTER(0, Y0) \
	FILTER(1, Y1) \
	FILTER(2, Y2) \
	FILTER(3, Y3) \
	FILTER(4, Y4) \
	FILTER(5, Y5) \
	FILTER(6, Y6) \
	FILTER(7, Y7)

#define LOADMASKED \
	MOVQ       0(R10), CX; VMASKMOVPS (BX)(CX*4), Y15, Y0 \
	MOVQ       8(R10), CX; VMASKMOVPS (BX)(CX*4), Y15, Y1 \
	MOVQ       16(R10), CX; VMASKMOVPS (BX)(CX*4), Y15, Y2 \
	MOVQ       24(R10), CX; VMASKMOVPS (BX)(CX*4), Y15, Y3 \
	MOVQ       32(R10), CX; VMASKMOVPS (BX)(CX*4), Y15, Y4 \
	MOVQ       40(R10), CX; VMASKMOVPS (BX)(CX*4), Y15, Y5 \
	MOVQ       48(R10), CX; VMASKMOVPS (BX)(CX*4), Y15, Y6 \
	MOVQ       56(R10), CX; VMASKMOVPS (BX)(CX*4), Y15, Y7

// INTERLEAVE makes rows A and B pairs in L and H; PAIRS does it with pairs.
#define INTERLEAVE(A, B, L, H) VUNPCKLPS B, A, L; VUNPCKHPS B, A, H
#define PAIRS(A, B, L, H) VUNPCKLPD B, A, L; VUNPCKHPD B, A, H
// HALVES takes the lower and the upper halves of A and B.
#define HALVES(A, B, L, H) VPERM2F128 $0x20, B, A, L; VPERM2F128 $0x31, B, A, H

#define TRANSPOSE8 \
	INTERLEAVE(Y0, Y1, Y8, Y9)   \
	INTERLEAVE(Y2, Y3, Y10, Y11) \
	INTERLEAVE(Y4, Y5, Y12, Y13) \
	INTERLEAVE(Y6, Y7, Y14, Y15) \
	PAIRS(Y8, Y10, Y0, Y1)       \
	PAIRS(Y9, Y11, Y2, Y3)       \
	PAIRS(Y12, Y14, Y4, Y5)      \
	PAIRS(Y13, Y15, Y6, Y7)      \
	HALVES(Y0, Y4, Y8, Y12)      \
	HALVES(Y1, Y5, Y9, Y13)      \
	HALVES(Y2, Y6, Y10, Y14)     \
	HALVES(Y3, Y7, Y11, Y15)

// PAIR stores E + C*O and E - C*O, and overwrites E and T.
#define PAIR(C, O, E, T, PLUS, MINUS) \
	VMOVAPS      E, T     \
	VFMADD231PS  O, C, T  \
	VFNMADD231PS O, C, E  \
	VMOVUPS      T, PLUS  \
	VMOVUPS      E, MINUS

// TILE5 and TILE3 transform one tile, and go to the next. The constants are the
// smaller point, its square, the larger one and its square.
#define TILE5(A, B, C, D) \
	VMOVUPS     A, DST0             \
	VMOVUPS     D, DST7             \
	VMOVAPS     A, Y0               \
	VMOVAPS     B, Y1               \
	VFMADD231PS C, Y5, Y0           \
	VFMADD231PS D, Y5, Y1           \
	PAIR(Y4, Y1, Y0, Y2, DST1, DST2) \
	VADDPS      C, A, Y0            \
	VADDPS      D, B, Y1            \
	VADDPS      Y1, Y0, Y2          \
	VMOVUPS     Y2, DST3            \
	VSUBPS      Y1, Y0, Y3          \
	VMOVUPS     Y3, DST4            \
	VFMADD231PS C, Y7, A            \
	VFMADD231PS D, Y7, B            \
	PAIR(Y6, B, A, Y2, DST5, DST6)  \
	ADDQ        R14, DI             \
	ADDQ        R14, R13

#define TILE3(A, B, C, D) \
	VMOVUPS     A, DST0             \
	VMOVUPS     D, DST5             \
	VMOVAPS     A, Y0               \
	VMOVAPS     B, Y1               \
	VFMADD231PS C, Y5, Y0           \
	VFMADD231PS D, Y5, Y1           \
	PAIR(Y4, Y1, Y0, Y2, DST1, DST2) \
	VFMADD231PS C, Y7, A            \
	VFMADD231PS D, Y7, B            \
	PAIR(Y6, B, A, Y2, DST3, DST4)  \
	ADDQ        R14, DI             \
	ADDQ        R14, R13

// GRAD is the body of a kernel.
#define GRAD(TILE, CONSTANTS) \
row:                             \
	MOVQ  SI, BX                 \
	MOVQ  R15, DX                \
block:                           \
	CMPQ  DX, $8                 \
	JLT   part                   \
	LOAD8                        \
	JMP   loaded                 \
part:                            \
	MOVQ  DX, CX                 \
	TAILMASK256(Y15)             \
	LOADMASKED                   \
loaded:                          \
	TRANSPOSE8                   \
	VBROADCASTSS CONSTANTS+0(SB), Y4  \
	VBROADCASTSS CONSTANTS+4(SB), Y5  \
	VBROADCASTSS CONSTANTS+12(SB), Y6 \
	VBROADCASTSS CONSTANTS+16(SB), Y7 \
	TILE(Y8, Y9, Y10, Y11)       \
	CMPQ  DX, $4                 \
	JLE   next                   \
	TILE(Y12, Y13, Y14, Y15)     \
	ADDQ  $32, BX                \
	SUBQ  $8, DX                 \
	JG    block                  \
next:                            \
	ADDQ  R9, SI                 \
	DECQ  AX                     \
	JNZ   row                    \
	VZEROUPPER                   \
	RET

// func rowsGrad3F32AVX2(rows, width int, dst *float32, place, step int, src *float32, ld int, from *int)
TEXT ·rowsGrad3F32AVX2(SB), NOSPLIT, $0-64
	ARGUMENTS
	GRAD(TILE3, ·winograd)

// func rowsGrad5F32AVX2(rows, width int, dst *float32, place, step int, src *float32, ld int, from *int)
TEXT ·rowsGrad5F32AVX2(SB), NOSPLIT, $0-64
	ARGUMENTS
	GRAD(TILE5, ·rowsConstants)
