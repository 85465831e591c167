// What the ways back of windows of 3 x 3 share on the AVX2 path, beyond pool3_avx2_amd64.h.
//
//	R8      the grid; R9 the strip; R15 bytes of a row of inputs, AX of outputs
//	DI      the row of dx; DX dy of the outputs at hand; CX rows of outputs left
//	R14     1 apart the last place in dx where a whole vector may be put as it is, 2 apart
//	        whether that is nowhere in this strip
//
// A note is a word whose bit 31-k stands for the window's element k = 3*row+column, the first
// of the largest; it is 0 where no output is. Moved up by k it is a mask of that element.

#define NINE ·notes3+288(SB)
#define ALL ·notes3+320(SB)

#define SIZES \
	MOVQ grid3_xRow(R8), R15 \
	MOVQ grid3_yRow(R8), AX  \
	MOVQ grid3_ahead(R8), R10

// LIMIT makes where the last whole vector in dx is.
#define LIMIT(planes) \
	MOVQ  planes, R14              \
	IMULQ grid3_xPlane(R8), R14    \
	ADDQ  dx+0(FP), R14            \
	SUBQ  $32, R14                 \
	MOVQ  R14, limit-200(SP)

// ROWS sets the rows of a strip.
#define ROWS(dy) \
	MOVQ strip3_x(R9), DI \
	ADDQ dx+0(FP), DI     \
	MOVQ strip3_y(R9), DX \
	ADDQ dy, DX           \
	MOVQ grid3_outputs(R8), CX

// CARRY sets for windows 1 apart from where in room what the strip before made is, and where
// dx is put: what stands first in a vector that begins in the padding is dropped.
#define CARRY(room, unmoved) \
	MOVQ room, R12                \
	MOVQ strip3_carry(R9), R13    \
	MOVQ limit-200(SP), R14       \
	CMPQ strip3_partA(R9), $0     \
	JEQ  unmoved                  \
	ADDQ $4, DI                   \
	XORQ R14, R14                 \
unmoved:

// PUT1 stores a row of dx for windows 1 apart. In a row of less than a vector what is too much
// is put right by the rows that follow.
#define PUT1(sum, part, done) \
	CMPQ    DI, R14   \
	JHI     part      \
	VMOVUPS sum, (DI) \
done: \
	ADDQ    R15, DI

#define PUT1PART(sum, masked, part, done) \
part: \
	CMPQ       strip3_partA(R9), $0 \
	JEQ        masked               \
	VMOVUPS    ·down3<>(SB), Y12    \
	VPERMPS    sum, Y12, sum        \
	CMPQ       DI, limit-200(SP)    \
	JHI        masked               \
	VMOVUPS    sum, (DI)            \
	JMP        done                 \
masked: \
	MASK(strip3_toA(R9), Y12)       \
	VMASKMOVPS sum, Y12, (DI)       \
	JMP        done

// PUT2 weaves a row of dx of its even and odd places and stores it, for windows 2 apart.
#define PUT2(even, odd, part, done) \
	VUNPCKLPS  odd, even, Y6        \
	VUNPCKHPS  odd, even, Y13       \
	VPERM2F128 $0x20, Y13, Y6, even \
	VPERM2F128 $0x31, Y13, Y6, odd  \
	TESTQ      R14, R14             \
	JNE        part                 \
	VMOVUPS    even, (DI)           \
	VMOVUPS    odd, (DI)(R12*1)     \
done: \
	ADDQ       R15, DI

// PUT2PART stores vectors whole, but for the first, the last place, or under a mask, which is
// slow.
#define PUT2PART(first, half, second, half2, part, partA, maskA, second2, partB, maskB, done) \
part: \
	CMPQ         strip3_partA(R9), $1 \
	JEQ          partA                \
	JGT          maskA                \
	VMOVUPS      first, (DI)          \
	JMP          second2              \
partA: \
	VEXTRACTF128 $1, first, X13       \
	VPALIGNR     $4, half, X13, X6    \
	VMOVUPS      X6, 4(DI)            \
	VMOVUPS      X13, 16(DI)          \
	JMP          second2              \
maskA: \
	MASK(strip3_toA(R9), Y6)          \
	VMASKMOVPS   first, Y6, (DI)      \
second2: \
	CMPQ         strip3_partB(R9), $1 \
	JEQ          partB                \
	JGT          maskB                \
	VMOVUPS      second, (DI)(R12*1)  \
	JMP          done                 \
partB: \
	VEXTRACTF128 $1, second, X13      \
	VPALIGNR     $12, half2, X13, X6  \
	VMOVUPS      half2, (DI)(R12*1)   \
	VMOVUPS      X6, 12(DI)(R12*1)    \
	JMP          done                 \
maskB: \
	MASK(strip3_toB(R9), Y6)          \
	VMASKMOVPS   second, Y6, (DI)(R12*1) \
	JMP          done

// PLACES2 sets the second vector of a row and whether both are whole.
#define PLACES2 \
	MOVQ strip3_x2(R9), R12    \
	MOVQ strip3_partA(R9), R14 \
	ORQ  strip3_partB(R9), R14
