// What the poolings by windows of 3 x 3 share on the AVX-512 path; see pool3.go.
//
//	R8      the grid; R9 the strip
//	BX      x0 of the strip's first output in the row of inputs at hand; R15 bytes of a row
//	R12     from there to the second vector, R13 to the element behind it
//	R10, R11 to what is asked for, of the first and of the second vector; again3 bytes before
//	        that, for windows 2 apart, it is asked for once more: a processor whose buffers are
//	        full forgets. R10 is 0 if all is near
//	K1      the outputs that have column 1, K2 column 0, K3 column 2
//	K4, K5  the places of the two vectors that are in the image
//	K6      where all was ordered; K7 at work
//	Z4 to Z6 columns 0, 1 and 2 of the row at hand; Z7, Z8, Z9 its vectors and what is behind
//	Z30, Z31 the order of even and of odd elements

// STRIP sets what is of a strip, the planes of inputs being at from.
#define STRIP(from) \
	MOVQ  strip3_x(R9), BX     \
	ADDQ  from, BX             \
	MOVQ  strip3_x2(R9), R12   \
	MOVQ  strip3_last(R9), R13 \
	LEAQ  (R10)(R12*1), R11    \
	KMOVW strip3_c1(R9), K1    \
	KMOVW strip3_c0(R9), K2    \
	KMOVW strip3_c2(R9), K3    \
	KMOVW strip3_a(R9), K4     \
	KMOVW strip3_b(R9), K5

// ORDER loads the order of elements.
#define ORDER \
	VMOVDQU32 ·poolIndex+0(SB), Z30  \
	VMOVDQU32 ·poolIndex+64(SB), Z31

// COLS1 loads the columns of a row for windows 1 apart, COLS2 for windows 2 apart, and both
// go to the next row.
#define COLS1 \
	VMOVUPS.Z   (BX), K2, Z4  \
	VMOVUPS.Z   4(BX), K1, Z5 \
	VMOVUPS.Z   8(BX), K3, Z6 \
	PREFETCHT1  (BX)(R10*1)   \
	ADDQ        R15, BX

#define COLS2(asked) \
	VMOVUPS.Z    (BX), K4, Z7         \
	VMOVUPS.Z    (BX)(R12*1), K5, Z8  \
	VBROADCASTSS (BX)(R13*1), Z9      \
	TESTQ        R10, R10             \
	JEQ          asked                \
	PREFETCHT1   (BX)(R10*1)          \
	PREFETCHT1   (BX)(R11*1)          \
	PREFETCHT1   -const_again3(BX)(R10*1) \
	PREFETCHT1   -const_again3(BX)(R11*1) \
asked: \
	VMOVAPS      Z30, Z4              \
	VMOVAPS      Z31, Z5              \
	VPERMI2PS    Z8, Z7, Z4           \
	VPERMI2PS    Z8, Z7, Z5           \
	VALIGND      $1, Z4, Z9, Z6       \
	ADDQ         R15, BX

// ORDERED1 and ORDERED2 clear K6 where an element of the row is NaN.
#define ORDERED1 \
	VCMPPS $7, Z4, Z6, K7     \
	VCMPPS $7, Z5, Z5, K7, K7 \
	KANDW  K7, K6, K6

#define ORDERED2 \
	VCMPPS $7, Z7, Z8, K7     \
	VCMPPS $7, Z9, Z9, K7, K7 \
	KANDW  K7, K6, K6
