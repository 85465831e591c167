// What the poolings by windows of 3 x 3 share on the AVX2 path; see pool3.go.
//
//	R8      the grid; R9 the strip
//	BX      x0 of the strip's first output in the row of inputs at hand; R15 bytes of a row
//	R12     from there to the second vector, R13 to the element behind it
//	R10     to what is asked for; again3 bytes before that, for windows 2 apart, it is asked
//	        for once more: a processor whose buffers are full forgets. 0 if all is near
//	Y4 to Y6 columns 0, 1 and 2 of the row at hand; Y7, Y8, Y9 at work
//	Y10 to Y12 for windows 1 apart the masks of columns 0, 1 and 2; 2 apart those of the
//	        vectors, and next3; columns are then in its order
//	Y13, Y14 what stands for columns 0 and 2 where they are not in the image

DATA ·bits3<>+0(SB)/8, $0x0000000200000001
DATA ·bits3<>+8(SB)/8, $0x0000000800000004
DATA ·bits3<>+16(SB)/8, $0x0000002000000010
DATA ·bits3<>+24(SB)/8, $0x0000008000000040
GLOBL ·bits3<>(SB), RODATA, $32

DATA ·down3<>+0(SB)/8, $0x0000000200000001
DATA ·down3<>+8(SB)/8, $0x0000000400000003
DATA ·down3<>+16(SB)/8, $0x0000000600000005
DATA ·down3<>+24(SB)/8, $0x0000000000000007
GLOBL ·down3<>(SB), RODATA, $32

// Two vectors that are parted by VSHUFPS are in the order 0 1 4 5 2 3 6 7, which VPERMPD $0xd8
// turns to and fro. next3 is, in it, the order of the elements that follow.
DATA ·next3<>+0(SB)/8, $0x0000000400000001
DATA ·next3<>+8(SB)/8, $0x0000000600000003
DATA ·next3<>+16(SB)/8, $0x0000000200000005
DATA ·next3<>+24(SB)/8, $0x0000000000000007
GLOBL ·next3<>(SB), RODATA, $32

// MASK makes of bits a vector's mask.
#define MASK(bits, to) \
	VPBROADCASTW bits, to          \
	VPAND        ·bits3<>(SB), to, to \
	VPCMPEQD     ·bits3<>(SB), to, to

// STRIP sets what is of a strip, the planes of inputs being at from and what stands for an
// element that is not in the image in none.
#define STRIP(from, none) \
	MOVQ    strip3_x(R9), BX      \
	ADDQ    from, BX              \
	MOVQ    strip3_x2(R9), R12    \
	MOVQ    strip3_last(R9), R13  \
	MASK(strip3_c0(R9), Y10)      \
	MASK(strip3_c2(R9), Y12)      \
	VANDNPS none, Y10, Y13        \
	VANDNPS none, Y12, Y14

#define STRIP1(from, none) \
	STRIP(from, none)        \
	MASK(strip3_c1(R9), Y11)

#define STRIP2(from, none) \
	STRIP(from, none)             \
	MASK(strip3_a(R9), Y10)       \
	MASK(strip3_b(R9), Y11)       \
	VPERMPD $0xd8, Y13, Y13       \
	VPERMPD $0xd8, Y14, Y14       \
	VMOVUPS ·next3<>(SB), Y12

// COLS1 loads the columns of a row for windows 1 apart, COLS2 for windows 2 apart, and both
// go to the next row.
#define COLS1 \
	VMASKMOVPS (BX), Y10, Y4  \
	VMASKMOVPS 4(BX), Y11, Y5 \
	VMASKMOVPS 8(BX), Y12, Y6 \
	PREFETCHT1 (BX)(R10*1)    \
	VORPS      Y13, Y4, Y4    \
	VORPS      Y14, Y6, Y6    \
	ADDQ       R15, BX

#define COLS2(asked) \
	VMASKMOVPS   (BX), Y10, Y7        \
	VMASKMOVPS   (BX)(R12*1), Y11, Y8 \
	VBROADCASTSS (BX)(R13*1), Y9      \
	TESTQ        R10, R10             \
	JEQ          asked                \
	PREFETCHT1   (BX)(R10*1)          \
	PREFETCHT1   -const_again3(BX)(R10*1) \
asked: \
	VSHUFPS      $0x88, Y8, Y7, Y4    \
	VSHUFPS      $0xdd, Y8, Y7, Y5    \
	VPERMPS      Y4, Y12, Y6          \
	VORPS        Y13, Y4, Y4          \
	VBLENDPS     $0x80, Y9, Y6, Y6    \
	VBLENDVPS    Y14, Y14, Y6, Y6     \
	ADDQ         R15, BX
