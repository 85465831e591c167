// How kernels of columns go over a group of rows, sixteen columns at a time, which are a cache line:
// the columns' values, and sums, stay in registers from row to row. Beside each row a line to come is
// brought to the second-level cache, in the order in which they stand in memory.
//
//	block:  the columns' values; for each row { BODY; ASK }; the columns' sums; 64 bytes on
//
// The sixteen have one value of each kind where they share it: of 1024 columns of their own and
// the sums there is more than the first-level cache holds.
//
//	SI, DX  x, dy or y, in the first row
//	R15     bytes from row to row; BX three times as many
//	R14     bytes from SI to what is fetched, DI those left of that row; CX those to what is asked for
//	        once more: a processor whose buffers are full forgets
//	R8 to R13  the columns' values: R9 m, R10 a, R11 b, or R9 the shift; of sums R8 mean, R12 s,
//	        R13 q, else R8 dx, R12 c, R13 d; with a shift R8, R10 five and seven times R15
//	AX      bytes in those of float32, of which float64s have twice as many
//
// Arguments begin with blocks, rows, and, in bytes, stride, ahead, which is from the first row
// to what is fetched, again, from there to what is asked for once more, width of a row, and gap
// between two rows.

// GROUP reads them.
#define GROUP \
	MOVQ stride+16(FP), R15 \
	LEAQ (R15)(R15*2), BX   \
	MOVQ ahead+24(FP), R14  \
	MOVQ width+40(FP), DI   \
	XORL AX, AX

// VALUES is LOAD, which loads the columns' values, or SPREAD where they share them: those of a block
// stand where AX is a sixteenth.
#define VALUES(SHARED, LOAD, SPREAD) \
	CMPB SHARED, $0 \
	JNE  shared     \
	LOAD            \
	JMP  loaded     \
shared:                 \
	SHRQ $4, AX     \
	SPREAD          \
	SHLQ $4, AX     \
loaded:

// AGAIN makes CX what is asked for once more.
#define AGAIN \
	MOVQ again+32(FP), CX \
	ADDQ R14, CX

// FOUR does BODY for up to four rows, EIGHT for up to eight, and ASK beside each. Neither changes flags.
#define FIRSTFOUR(BODY, ASK, over) \
	BODY((SI), (DX))               \
	ASK(0)                         \
	CMPQ rows+8(FP), $2            \
	JLT  over                      \
	BODY((SI)(R15*1), (DX)(R15*1)) \
	ASK(64)                        \
	JEQ  over                      \
	CMPQ rows+8(FP), $4            \
	BODY((SI)(R15*2), (DX)(R15*2)) \
	ASK(128)                       \
	JLT  over                      \
	BODY((SI)(BX*1), (DX)(BX*1))   \
	ASK(192)

#define FOUR(BODY, ASK, over) \
	FIRSTFOUR(BODY, ASK, over) \
over:

#define EIGHT(BODY, ASK, over) \
	FIRSTFOUR(BODY, ASK, over)     \
	JEQ  over                      \
	CMPQ rows+8(FP), $6            \
	BODY((SI)(R15*4), (DX)(R15*4)) \
	ASK(256)                       \
	JLT  over                      \
	BODY((SI)(R8*1), (DX)(R8*1))   \
	ASK(320)                       \
	JEQ  over                      \
	CMPQ rows+8(FP), $8            \
	BODY((SI)(BX*2), (DX)(BX*2))   \
	ASK(384)                       \
	JLT  over                      \
	BODY((SI)(R10*1), (DX)(R10*1)) \
	ASK(448)                       \
over:

// TWO does BODY for one or two rows, and ASK twice.
#define TWO(BODY, ASK, over) \
	BODY((SI), (DX), (R8))                      \
	ASK(0)                                      \
	CMPQ rows+8(FP), $2                         \
	JLT  over                                   \
	BODY((SI)(R15*1), (DX)(R15*1), (R8)(R15*1)) \
over:                                               \
	ASK(64)

// EITHER does ROWS, one of the above, with BODY and ASK if FLAG is set, or with OTHER and OTHERASK.
#define EITHER(FLAG, ROWS, BODY, ASK, OTHER, OTHERASK) \
	CMPB FLAG, $0                    \
	JEQ  other                       \
	ROWS(BODY, ASK, over)            \
	JMP  done                        \
other:                                   \
	ROWS(OTHER, OTHERASK, otherOver) \
done:

// BLOCKS goes on with the next block, if there is one, and returns. Beside one, lines of so many
// blocks have been asked for.
#define BLOCKS(LINES) \
	ADDQ $64, AX              \
	ADDQ $64, SI              \
	ADDQ $64, DX              \
	ADDQ $(64*(LINES-1)), R14 \
	SUBQ $(64*LINES), DI      \
	JGT  next                 \
	ADDQ width+40(FP), DI     \
	ADDQ gap+48(FP), R14      \
next:                             \
	DECQ blocks+0(FP)         \
	JNZ  block                \
	VZEROUPPER                \
	RET

// What is asked for beside a row.
#define ASKNEAR(N) PREFETCHT0 N(SI)(R14*1)
#define ASKX(N) \
	PREFETCHT1 N(SI)(R14*1) \
	PREFETCHT1 N(SI)(CX*1)
#define ASKMADE(N) \
	PREFETCHT1 N(SI)(R14*1) \
	PREFETCHT1 N(DX)(R14*1) \
	PREFETCHT1 N(DX)(CX*1)
#define ASKREAD(N) \
	PREFETCHT1 N(SI)(R14*1) \
	PREFETCHT1 N(DX)(R14*1)
#define ASKSUMS(N) \
	ASKREAD(N)             \
	PREFETCHT1 N(SI)(CX*1) \
	PREFETCHT1 N(DX)(CX*1)
#define ASKGRAD(N) \
	ASKREAD(N)              \
	PREFETCHT1 N(R8)(R14*1) \
	PREFETCHT1 N(R8)(CX*1)

// What is done with a line where no sums are made: LINEAPPLY and LINEGRAD, and those before a RELU, with
// how it is stored.
#define APPLY(X, Y, NONE) LINEAPPLY(VMOVUPS, X, Y)
#define APPLYRELU(X, Y, NONE) LINEAPPLYRELU(VMOVUPS, X, Y)
#define APPLYPAST(X, Y, NONE) LINEAPPLY(VMOVNTPS, X, Y)
#define APPLYRELUPAST(X, Y, NONE) LINEAPPLYRELU(VMOVNTPS, X, Y)
#define GRAD(X, DY, DST) LINEGRAD(VMOVUPS, X, DY, DST)
#define GRADRELU(X, DY, DST) LINEGRADRELU(VMOVUPS, X, DY, DST)
#define GRADPAST(X, DY, DST) LINEGRAD(VMOVNTPS, X, DY, DST)
#define GRADRELUPAST(X, DY, DST) LINEGRADRELU(VMOVNTPS, X, DY, DST)

// APPLYROWS, GRADROWS, SUMSROWS and GRADSUMSROWS are the bodies of the kernels; of the first two RELU and
// PLAIN are two of the above. The file that includes this one says what those are made of, what SUMS and
// GRADSUMS do, and that before a RELU, how the columns' values are loaded: COLUMNS, GRADCOLUMNS, SHIFT,
// or SHAREDCOLUMNS and so on, and LOADSUMS and back, STORESUMS; ZERO.
#define APPLYROWS(RELU, PLAIN, ASK) \
	MOVQ y+56(FP), DX                               \
	MOVQ x+64(FP), SI                               \
	MOVQ m+72(FP), R9                               \
	MOVQ a+80(FP), R10                              \
	MOVQ b+88(FP), R11                              \
	ZERO                                            \
	GROUP                                           \
	PCALIGN $64                                     \
block:                                                  \
	VALUES(shared+97(FP), COLUMNS, SHAREDCOLUMNS)   \
	AGAIN                                           \
	EITHER(relu+96(FP), TWO, RELU, ASK, PLAIN, ASK) \
	BLOCKS(2)

#define GRADROWS(RELU, PLAIN, ASK) \
	MOVQ x+64(FP), SI                                      \
	MOVQ dy+72(FP), DX                                     \
	MOVQ m+80(FP), R9                                      \
	MOVQ a+88(FP), R10                                     \
	MOVQ b+96(FP), R11                                     \
	MOVQ c+104(FP), R12                                    \
	MOVQ d+112(FP), R13                                    \
	MOVQ dx+56(FP), R8                                     \
	ZERO                                                   \
	GROUP                                                  \
block:                                                         \
	VALUES(shared+121(FP), GRADCOLUMNS, SHAREDGRADCOLUMNS) \
	AGAIN                                                  \
	EITHER(relu+120(FP), TWO, RELU, ASK, PLAIN, ASK)       \
	ADDQ $64, R8                                           \
	BLOCKS(2)

#define SUMSROWS \
	MOVQ x+56(FP), SI                                     \
	MOVQ shift+64(FP), R9                                 \
	MOVQ s+72(FP), R12                                    \
	MOVQ q+80(FP), R13                                    \
	GROUP                                                 \
	LEAQ (R15)(R15*4), R8                                 \
	LEAQ (BX)(R15*4), R10                                 \
	PCALIGN $64                                           \
block:                                                        \
	VALUES(shared+89(FP), SHIFT, SHAREDSHIFT)             \
	LOADSUMS                                              \
	AGAIN                                                 \
	EITHER(near+88(FP), EIGHT, SUMS, ASKNEAR, SUMS, ASKX) \
	STORESUMS                                             \
	BLOCKS(8)

#define GRADSUMSROWS \
	MOVQ x+56(FP), SI                           \
	MOVQ dy+64(FP), DX                          \
	MOVQ m+72(FP), R9                           \
	MOVQ a+80(FP), R10                          \
	MOVQ b+88(FP), R11                          \
	MOVQ mean+96(FP), R8                        \
	MOVQ s+104(FP), R12                         \
	MOVQ q+112(FP), R13                         \
	ZERO                                        \
	GROUP                                       \
block:                                              \
	LOADSUMS                                    \
	AGAIN                                       \
	GRADSUMSBLOCK(shared+121(FP), relu+120(FP)) \
	STORESUMS                                   \
	BLOCKS(4)
