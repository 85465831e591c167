//go:build !noasm

#include "textflag.h"
#include "places_amd64.h"
#include "transpose_avx512_amd64.h"

// The gradients of outputs in tiles of four, AVX-512 path: 16 outputs of 16 filters at a
// time are transposed, so that the filters stand side by side, and transformed on their
// way out. Need AVX512F.
//
//	AX  rows left                   SI   a row of the first filter; R9 from one to the next
//	BX  16 outputs in it            DX   outputs left of it
//	R8  where each filter begins    R10  constants
//	DI  a tile of place 0; R14 from one tile to the next
//	R11, R12  from one place to the next, and to the third; R13 the tile at place 4
//	CX  offset of a filter; a mask; R15 width
//	K1  the outputs that there are
//	Z0 to Z15  filters, then outputs; Z16 to Z31 what is between
//
//	for r < rows: for i < tiles: for f < 16: dst[p][r][i][f] = place p of src[f][r][4*i:4*i+4]

#define ARGUMENTS(CONSTANTS) \
	MOVQ rows+0(FP), AX   \
	MOVQ width+8(FP), R15 \
	MOVQ dst+16(FP), DI   \
	MOVQ place+24(FP), R11 \
	SHLQ $2, R11          \
	LEAQ (R11)(R11*2), R12 \
	LEAQ (DI)(R11*4), R13 \
	MOVQ step+32(FP), R14 \
	SHLQ $2, R14          \
	MOVQ src+40(FP), SI   \
	MOVQ ld+48(FP), R9    \
	SHLQ $2, R9           \
	MOVQ from+56(FP), R8  \
	LEAQ CONSTANTS(SB), R10

// FILTER loads the next outputs of filter I, and zeros for those that a row lacks, and asks for
// those 8 and 16 blocks on: no prefetcher of the processor follows so many filters, and one whose
// buffers are full forgets what it is asked once.
#define FILTER(I, Y) \
	MOVQ       (8*I)(R8), CX     \
	VMOVUPS.Z  (BX)(CX*4), K1, Y \
	PREFETCHT1 512(BX)(CX*4)     \
	PREFETCHT1 1024(BX)(CX*4)

// LOAD16 loads the next outputs of all filters.
#define LOAD16 \
	FILTER(0, Z0) \
	FILTER(1, Z1) \
	FILTER(2, Z2) \
	FILTER(3, Z3) \
	FILTER(4, Z4) \
	FILTER(5, Z5) \
	FILTER(6, Z6) \
	FILTER(7, Z7) \
	FILTER(8, Z8) \
	FILTER(9, Z9) \
	FILTER(10, Z10) \
	FILTER(11, Z11) \
	FILTER(12, Z12) \
	FILTER(13, Z13) \
	FILTER(14, Z14) \
	FILTER(15, Z15)

// PAIR stores E + C*O and E - C*O, and overwrites E and T.
#define PAIR(C, O, E, T, PLUS, MINUS) \
	VMOVAPS           E, T     \
	VFMADD231PS.BCST  C, O, T  \
	VFNMADD231PS.BCST C, O, E  \
	VMOVUPS           T, PLUS  \
	VMOVUPS           E, MINUS

// TILE5 and TILE3 transform one tile, and go to the next.
#define TILE5(Y0, Y1, Y2, Y3) \
	VMOVUPS          Y0, DST0           \
	VMOVAPS          Y0, Z16            \
	VMOVAPS          Y1, Z17            \
	VFMADD231PS.BCST 4(R10), Y2, Z16    \
	VFMADD231PS.BCST 4(R10), Y3, Z17    \
	PAIR((R10), Z17, Z16, Z18, DST1, DST2) \
	VADDPS           Y2, Y0, Z19        \
	VADDPS           Y3, Y1, Z20        \
	VADDPS           Z20, Z19, Z21      \
	VMOVUPS          Z21, DST3          \
	VSUBPS           Z20, Z19, Z19      \
	VMOVUPS          Z19, DST4          \
	VFMADD231PS.BCST 16(R10), Y2, Y0    \
	VFMADD231PS.BCST 16(R10), Y3, Y1    \
	PAIR(12(R10), Y1, Y0, Z22, DST5, DST6) \
	VMOVUPS          Y3, DST7           \
	ADDQ             R14, DI            \
	ADDQ             R14, R13

#define TILE3(Y0, Y1, Y2, Y3) \
	VMOVUPS          Y0, DST0           \
	VMOVAPS          Y0, Z16            \
	VMOVAPS          Y1, Z17            \
	VFMADD231PS.BCST 4(R10), Y2, Z16    \
	VFMADD231PS.BCST 4(R10), Y3, Z17    \
	PAIR((R10), Z17, Z16, Z18, DST1, DST2) \
	VFMADD231PS.BCST 16(R10), Y2, Y0    \
	VFMADD231PS.BCST 16(R10), Y3, Y1    \
	PAIR(12(R10), Y1, Y0, Z22, DST3, DST4) \
	VMOVUPS          Y3, DST5           \
	ADDQ             R14, DI            \
	ADDQ             R14, R13

// GRAD is the body of a kernel.
#define GRAD(TILE) \
row: \
	MOVQ  SI, BX       \
	MOVQ  R15, DX      \
	MOVQ  $0xffff, CX  \
	KMOVW CX, K1       \
block: \
	CMPQ  DX, $16      \
	JGE   whole        \
	MOVQ  DX, CX       \
	MOVQ  $1, DX       \
	SHLQ  CX, DX       \
	DECQ  DX           \
	KMOVW DX, K1       \
	MOVQ  CX, DX       \
whole: \
	LOAD16             \
	TRANSPOSE16(LANES, NOTHING) \
	TILE(Z0, Z1, Z2, Z3) \
	CMPQ  DX, $4       \
	JLE   next         \
	TILE(Z4, Z5, Z6, Z7) \
	CMPQ  DX, $8       \
	JLE   next         \
	TILE(Z8, Z9, Z10, Z11) \
	CMPQ  DX, $12      \
	JLE   next         \
	TILE(Z12, Z13, Z14, Z15) \
	ADDQ  $64, BX      \
	SUBQ  $16, DX      \
	JG    block        \
next: \
	ADDQ  R9, SI       \
	DECQ  AX           \
	JNZ   row          \
	VZEROUPPER         \
	RET

// func rowsGrad3F32AVX512(rows, width int, dst *float32, place, step int, src *float32, ld int, from *[Lanes]int)
TEXT ·rowsGrad3F32AVX512(SB), NOSPLIT, $0-64
	ARGUMENTS(·winograd)
	GRAD(TILE3)

// func rowsGrad5F32AVX512(rows, width int, dst *float32, place, step int, src *float32, ld int, from *[Lanes]int)
TEXT ·rowsGrad5F32AVX512(SB), NOSPLIT, $0-64
	ARGUMENTS(·rowsConstants)
	GRAD(TILE5)
