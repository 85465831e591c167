// The transpose of 16 x 16 float32 in registers, which pack_f32_avx512_amd64.s and
// winorowsgrad_f32_avx512_amd64.s share, as four stages of pairs.
//
//	Z0 to Z15   rows, then, after every second stage, columns
//	Z16 to Z31  what is between

// PAIRS4 and PAIRS8 interleave single elements and pairs of two registers each.
#define PAIRS4(A, B, L, H) VUNPCKLPS B, A, L; VUNPCKHPS B, A, H
#define PAIRS8(A, B, L, H) VUNPCKLPD B, A, L; VUNPCKHPD B, A, H
// LANES takes the even and the odd 128-bit lanes of A and B.
#define LANES(A, B, E, O) VSHUFF32X4 $0x88, B, A, E; VSHUFF32X4 $0xdd, B, A, O

#define NOTHING(I)

// TRANSPOSE16 is all four stages; LAST is LANES or does the same, BESIDE(I), perhaps NOTHING, is done twice
// for each row.
//
//	1  elements of rows 2i and 2i+1 interleaved
//	2  four rows: column s of each 128-bit lane in Z(s), Z(4+s), Z(8+s), Z(12+s)
//	3  rows 0 to 7 and 8 to 15: columns s and s+8 in the even lanes, s+4 and s+12 in the odd
//	4  all rows
#define TRANSPOSE16(LAST, BESIDE) \
	PAIRS4(Z0, Z1, Z16, Z17); BESIDE(0)    \
	PAIRS4(Z2, Z3, Z18, Z19); BESIDE(1)    \
	PAIRS4(Z4, Z5, Z20, Z21); BESIDE(2)    \
	PAIRS4(Z6, Z7, Z22, Z23); BESIDE(3)    \
	PAIRS4(Z8, Z9, Z24, Z25); BESIDE(4)    \
	PAIRS4(Z10, Z11, Z26, Z27); BESIDE(5)  \
	PAIRS4(Z12, Z13, Z28, Z29); BESIDE(6)  \
	PAIRS4(Z14, Z15, Z30, Z31); BESIDE(7)  \
	PAIRS8(Z16, Z18, Z0, Z1); BESIDE(8)    \
	PAIRS8(Z17, Z19, Z2, Z3); BESIDE(9)    \
	PAIRS8(Z20, Z22, Z4, Z5); BESIDE(10)   \
	PAIRS8(Z21, Z23, Z6, Z7); BESIDE(11)   \
	PAIRS8(Z24, Z26, Z8, Z9); BESIDE(12)   \
	PAIRS8(Z25, Z27, Z10, Z11); BESIDE(13) \
	PAIRS8(Z28, Z30, Z12, Z13); BESIDE(14) \
	PAIRS8(Z29, Z31, Z14, Z15); BESIDE(15) \
	LANES(Z0, Z4, Z16, Z20); BESIDE(0)     \
	LANES(Z1, Z5, Z17, Z21); BESIDE(1)     \
	LANES(Z2, Z6, Z18, Z22); BESIDE(2)     \
	LANES(Z3, Z7, Z19, Z23); BESIDE(3)     \
	LANES(Z8, Z12, Z24, Z28); BESIDE(4)    \
	LANES(Z9, Z13, Z25, Z29); BESIDE(5)    \
	LANES(Z10, Z14, Z26, Z30); BESIDE(6)   \
	LANES(Z11, Z15, Z27, Z31); BESIDE(7)   \
	LAST(Z16, Z24, Z0, Z8); BESIDE(8)      \
	LAST(Z20, Z28, Z4, Z12); BESIDE(9)     \
	LAST(Z17, Z25, Z1, Z9); BESIDE(10)     \
	LAST(Z21, Z29, Z5, Z13); BESIDE(11)    \
	LAST(Z18, Z26, Z2, Z10); BESIDE(12)    \
	LAST(Z22, Z30, Z6, Z14); BESIDE(13)    \
	LAST(Z19, Z27, Z3, Z11); BESIDE(14)    \
	LAST(Z23, Z31, Z7, Z15); BESIDE(15)
