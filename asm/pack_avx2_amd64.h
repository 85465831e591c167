// PACK is how rows are turned into columns of a panel on AVX2: blocks of ROWS rows that begin at offsets of
// their own, a cache line of each at a time, of elements of SIZE bytes. All rows do a line before any goes on,
// so that a line is read once. ASK1 and ASK2 do the halves of a block's line, of which the last may lack its
// second, and ask for what comes next, see ahead in pack_amd64.go; HALF1 and HALF2 only do them. OFFSETS comes
// first.
//
//	AX  half lines of steps left; SI  src; R14 what is asked for
//	DX  the offsets of the block at hand, in elements
//	BX  blocks of rows, CX those left
//	R13 the block's columns in the panel, DI those that it writes to; R11 width in bytes, R12 three of it
//	R9  scratch

#define PACK(ROWS, SIZE, OFFSETS, ASK1, ASK2, HALF1, HALF2) \
	MOVQ   units+0(FP), AX             \
	MOVQ   dst+8(FP), R13              \
	MOVQ   src+16(FP), SI              \
	MOVQ   width+32(FP), R11           \
	MOVQ   blocks+40(FP), BX           \
	MOVQ   ask_steps+48(FP), R14       \
	IMUL3Q $SIZE, R11, R11             \
	LEAQ   (R11)(R11*2), R12           \
	LEAQ   (SI)(R14*SIZE), R14         \
loop:                                      \
	MOVQ   offset+24(FP), DX           \
	MOVQ   BX, CX                      \
block:                                     \
	MOVQ   R13, DI                     \
	OFFSETS                            \
	CMPQ   ask_steps+48(FP), $0        \
	JEQ    plain                       \
	ASK1                               \
	CMPQ   AX, $1                      \
	JEQ    next                        \
	ASK2                               \
	JMP    next                        \
plain:                                     \
	HALF1                              \
	CMPQ   AX, $1                      \
	JEQ    next                        \
	HALF2                              \
next:                                      \
	ADDQ   $(8*ROWS), DX               \
	ADDQ   $(SIZE*ROWS), R13           \
	DECQ   CX                          \
	JNE    block                       \
	IMUL3Q $(SIZE*ROWS), BX, R9        \
	SUBQ   R9, R13                     \
	IMUL3Q $(64/SIZE), R11, R9         \
	ADDQ   R9, R13                     \
	ADDQ   $64, SI                     \
	ADDQ   $64, R14                    \
	SUBQ   $2, AX                      \
	JLE    done                        \
	CMPQ   AX, ask_left+56(FP)         \
	JNE    loop                        \
	MOVQ   ask_jump+64(FP), R9         \
	LEAQ   (R14)(R9*SIZE), R14         \
	JMP    loop                        \
done:                                      \
	VZEROUPPER                         \
	RET

// TURN4 turns the 4 x 4 float32 in both halves of Y0 to Y3 into Y8 to Y11; Y4 to Y7 are what is between.
#define TURN4 \
	VUNPCKLPS Y1, Y0, Y4  \
	VUNPCKHPS Y1, Y0, Y5  \
	VUNPCKLPS Y3, Y2, Y6  \
	VUNPCKHPS Y3, Y2, Y7  \
	VUNPCKLPD Y6, Y4, Y8  \
	VUNPCKHPD Y6, Y4, Y9  \
	VUNPCKLPD Y7, Y5, Y10 \
	VUNPCKHPD Y7, Y5, Y11
