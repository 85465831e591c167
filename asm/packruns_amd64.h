// Panels put together from runs, on AVX2 and AVX-512. Columns that come from one run are copied, two vectors
// at a time; those that some share are filled under masks, one vector at a time.
//
// Which run that is is found here, since for a panel of a few taps it takes as long as the copy.
// Vectors are those of vectors_avx2_amd64.h or vectors_avx512_amd64.h.
//
//	R10 the column at hand, R13 the panel's
//	BX  a run that may have it, CX behind the last one, R12 its first column; R14 source
//	SI, R9  where two vectors come from, for a tap of 0
//	DI  the columns in the panel; R11 width in bytes
//	DX  behind the last tap's offset, AX the taps left, negative; R8 the tap's offset

// FIND leaves in FROM where the vector at hand comes from, or goes to none where no run has it all.
#define FIND(FROM, none, find) \
find:                            \
	CMPQ BX, CX              \
	JEQ  none                \
	MOVQ (BX), R12           \
	MOVQ 8(BX), R8           \
	ADDQ R12, R8             \
	ADDQ $24, BX             \
	CMPQ R10, R8             \
	JGE  find                \
	SUBQ $24, BX             \
	CMPQ R10, R12            \
	JLT  none                \
	LEAQ (SIZE/4)(R10), FROM \
	CMPQ FROM, R8            \
	JGT  none                \
	MOVQ 16(BX), FROM        \
	SUBQ R12, FROM           \
	ADDQ R10, FROM           \
	LEAQ (R14)(FROM*4), FROM

// COPYTAPS reads the arguments (taps, dst, src, tap, width, runs, n, from), copies vectors up to the
// first one that no run has all of, and returns its column.
#define COPYTAPS \
	MOVQ    width+32(FP), R13 \
	MOVQ    R13, R11          \
	SHLQ    $2, R11           \
	MOVQ    runs+40(FP), BX   \
	MOVQ    n+48(FP), CX      \
	LEAQ    (CX)(CX*2), CX    \
	LEAQ    (BX)(CX*8), CX    \
	MOVQ    src+16(FP), R14   \
	MOVQ    taps+0(FP), AX    \
	MOVQ    tap+24(FP), DX    \
	LEAQ    (DX)(AX*8), DX    \
	MOVQ    from+56(FP), R10  \
columns:                          \
	CMPQ    R10, R13          \
	JGE     done              \
	FIND(SI, done, first)     \
	MOVQ    taps+0(FP), AX    \
	NEGQ    AX                \
	MOVQ    dst+8(FP), DI     \
	LEAQ    (DI)(R10*4), DI   \
	ADDQ    $(SIZE/4), R10    \
	CMPQ    R10, R13          \
	JGE     one               \
	FIND(R9, one, second)     \
	ADDQ    $(SIZE/4), R10    \
two:                              \
	MOVQ    (DX)(AX*8), R8    \
	VMOVUPS (SI)(R8*4), V0    \
	VMOVUPS (R9)(R8*4), V1    \
	VMOVUPS V0, (DI)          \
	VMOVUPS V1, SIZE(DI)      \
	ADDQ    R11, DI           \
	INCQ    AX                \
	JNZ     two               \
	JMP     columns           \
one:                              \
	MOVQ    (DX)(AX*8), R8    \
	VMOVUPS (SI)(R8*4), V0    \
	VMOVUPS V0, (DI)          \
	ADDQ    R11, DI           \
	INCQ    AX                \
	JNZ     one               \
	JMP     columns           \
done:                             \
	MOVQ    R10, to+64(FP)    \
	VZEROUPPER                \
	RET

// PACKRUNS fills a vector of columns from a few runs of neighbours (taps, dst, src, tap, width, runs, n).
// A run is the offset of what it has in the source, and a mask; it takes RUN bytes. PIECE adds what
// the one in CX has to V0, from its address for a tap of 0.
//
//	AX  taps, counted down (at least 1); DX  the tap's offset; DI panel, R11 width in bytes
//	SI  source; R8  source and tap; R9  the runs, R10 one behind the last; R12 a run's offset
#define PACKRUNS(RUN, PIECE) \
	MOVQ  taps+0(FP), AX    \
	MOVQ  dst+8(FP), DI     \
	MOVQ  src+16(FP), SI    \
	MOVQ  tap+24(FP), DX    \
	MOVQ  width+32(FP), R11 \
	SHLQ  $2, R11           \
	MOVQ  runs+40(FP), R9   \
	MOVQ  n+48(FP), R10     \
	IMULQ $RUN, R10         \
	ADDQ  R9, R10           \
tap:                            \
	MOVQ  (DX), R8          \
	LEAQ  (SI)(R8*4), R8    \
	MOVQ  R9, CX            \
	ZERO(V0)                \
	CMPQ  CX, R10           \
	JEQ   filled            \
piece:                          \
	MOVQ  (CX), R12         \
	PIECE((R8)(R12*4))      \
	ADDQ  $RUN, CX          \
	CMPQ  CX, R10           \
	JNE   piece             \
filled:                         \
	VMOVUPS V0, (DI)        \
	ADDQ  R11, DI           \
	ADDQ  $8, DX            \
	DECQ  AX                \
	JNZ   tap               \
	VZEROUPPER              \
	RET
