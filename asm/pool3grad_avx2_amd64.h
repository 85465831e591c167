// What the ways back of windows of 3 x 3 share on the AVX2 path, beyond pool3_avx2_amd64.h.
//
//	DI      the row of dx; DX dy of the outputs at hand, AX bytes of a row; CX rows of outputs left
//	Y5, Y6, Y8 dy as it is, moved up by 1 and by 2
//
// On the stack stand a strip's masks: of columns 0 to 2, or of the two vectors and column 1;
// what stands for columns 0 and 2, NaN, where they are not in the image; and the outputs that
// are not there.

#define NINE ·notes3+288(SB)
#define ALL ·notes3+320(SB)

#define SIZES \
	MOVQ grid3_xRow(R8), R15  \
	MOVQ grid3_yRow(R8), AX   \
	MOVQ grid3_ahead(R8), R10

// ROWS sets the rows of a strip.
#define ROWS(dx, dy) \
	MOVQ strip3_x(R9), DI      \
	ADDQ dx, DI                \
	MOVQ strip3_y(R9), DX      \
	ADDQ dy, DX                \
	MOVQ grid3_outputs(R8), CX

// KEPT makes a strip's masks; PLACES those of the vectors, for windows 2 apart.
#define KEPT(from) \
	STRIP(from, Y9)             \
	MASK(strip3_c1(R9), Y11)    \
	VPXOR   Y9, Y11, Y8         \
	VMOVUPS Y10, first-32(SP)   \
	VMOVUPS Y12, second-64(SP)  \
	VMOVUPS Y11, middle-96(SP)  \
	VMOVUPS Y13, none0-128(SP)  \
	VMOVUPS Y14, none2-160(SP)  \
	VMOVUPS Y8, absent-192(SP)

#define PLACES \
	MASK(strip3_a(R9), Y10)    \
	MASK(strip3_b(R9), Y12)    \
	VMOVUPS Y10, first-32(SP)  \
	VMOVUPS Y12, second-64(SP)

// DY loads dy of a row of outputs; MOVED moves it up, +0 following.
#define DY \
	VMOVUPS    middle-96(SP), Y7 \
	VMASKMOVPS (DX), Y7, Y5      \
	PREFETCHT1 (DX)(R10*1)       \
	ADDQ       AX, DX

#define MOVED \
	VPERM2F128 $0x08, Y5, Y5, Y7 \
	VPALIGNR   $12, Y7, Y5, Y6   \
	VPALIGNR   $8, Y7, Y5, Y8

// STOREA and STOREB store the first and the second vector of a row, whose halves are half and
// what becomes X7: whole, but for the first, the last place, or under a mask, which is slow.
#define STOREA(from, half, whole, part, done) \
	CMPQ         strip3_partA(R9), $1 \
	JLT          whole                \
	VEXTRACTF128 $1, from, X7         \
	JEQ          part                 \
	MASK(strip3_toA(R9), Y7)          \
	VMASKMOVPS   from, Y7, (DI)       \
	JMP          done                 \
part: \
	VPALIGNR     $4, half, X7, X4     \
	VMOVUPS      X4, 4(DI)            \
	VMOVUPS      X7, 16(DI)           \
	JMP          done                 \
whole: \
	VMOVUPS      from, (DI)           \
done:

#define STOREB(from, half, whole, part, done) \
	CMPQ         strip3_partB(R9), $1    \
	JLT          whole                   \
	VEXTRACTF128 $1, from, X7            \
	JEQ          part                    \
	MASK(strip3_toB(R9), Y7)             \
	VMASKMOVPS   from, Y7, (DI)(R12*1)   \
	JMP          done                    \
part: \
	VPALIGNR     $12, half, X7, X4       \
	VMOVUPS      half, (DI)(R12*1)       \
	VMOVUPS      X4, 12(DI)(R12*1)       \
	JMP          done                    \
whole: \
	VMOVUPS      from, (DI)(R12*1)       \
done:

// PUT1 stores a row of dx for windows 1 apart; WEAVE makes one of its even and odd places, in
// their registers, for windows 2 apart.
#define PUT1(sum, half, whole, part, done) \
	STOREA(sum, half, whole, part, done) \
	ADDQ R15, DI

#define WEAVE(even, odd) \
	VUNPCKLPS  odd, even, Y7     \
	VUNPCKHPS  odd, even, Y8     \
	VPERM2F128 $0x20, Y8, Y7, even \
	VPERM2F128 $0x31, Y8, Y7, odd
