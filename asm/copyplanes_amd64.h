// The rows of planes to where they are other distances apart, and rows parted into their even and
// their odd elements: what the AVX2 and AVX-512 kernels share. The last vector of a row ends where the
// row does and overlaps the one before, since stores under a mask are slow.
//
//	DI, SI  the plane at hand, R9, R11 bytes to the next one; planes are counted in the frame
//	R14     rows left; BX, DX the row at hand, R10, R12 bytes to the next one
//	CX      elements of a row; R8 where the last vector begins; AX the element at hand
//	R13     planes left; R15 the odd elements of the row at hand

// NEXT goes to the next row and plane.
#define NEXT(row, plane) \
	ADDQ R10, BX \
	ADDQ R12, DX \
	DECQ R14     \
	JNE  row     \
	ADDQ R9, DI  \
	ADDQ R11, SI \
	DECQ R13     \
	JNE  plane

// BYTES makes bytes of the distances.
#define BYTES \
	SHLQ $2, R9  \
	SHLQ $2, R10 \
	SHLQ $2, R11 \
	SHLQ $2, R12

// ROWS begins a plane.
#define ROWS(rows) \
	MOVQ DI, BX    \
	MOVQ SI, DX    \
	MOVQ rows, R14

// COPY loads the arguments of copyPlanes.
#define COPY \
	MOVQ planes+0(FP), R13    \
	MOVQ dst+16(FP), DI       \
	MOVQ dstPlane+24(FP), R9  \
	MOVQ dstRow+32(FP), R10   \
	MOVQ src+40(FP), SI       \
	MOVQ srcPlane+48(FP), R11 \
	MOVQ srcRow+56(FP), R12   \
	MOVQ n+64(FP), CX         \
	BYTES

// COPYLONG copies rows of so many elements and more, those of the register V.
#define COPYLONG(LANES, V) \
	LEAQ -LANES(CX), R8     \
plane:                      \
	ROWS(rows+8(FP))        \
row:                        \
	XORQ AX, AX             \
	CMPQ AX, R8             \
	JGE  last               \
vector:                     \
	VMOVUPS (DX)(AX*4), V   \
	VMOVUPS V, (BX)(AX*4)   \
	ADDQ    $LANES, AX      \
	CMPQ    AX, R8          \
	JLT     vector          \
last:                       \
	VMOVUPS (DX)(R8*4), V   \
	VMOVUPS V, (BX)(R8*4)   \
	NEXT(row, plane)        \
	VZEROUPPER              \
	RET

// LOADED loads what is to stand at DST.
#define LOADED(SRC, DST, V) VMOVUPS SRC, V

// TWO makes rows of one register to two, SIZE bytes each, of what LOAD, as LOADED, leaves in them.
#define TWO(plane, row, SIZE, LOAD, L, H) \
plane:                                            \
	ROWS(rows+8(FP))                          \
row:                                              \
	LOAD((DX), (BX), L)                       \
	LOAD(-SIZE(DX)(CX*4), -SIZE(BX)(CX*4), H) \
	VMOVUPS L, (BX)                           \
	VMOVUPS H, -SIZE(BX)(CX*4)                \
	NEXT(row, plane)                          \
	VZEROUPPER                                \
	RET

// FEW makes rows element by element, ONE the one at AX.
#define FEW(ONE) \
few:                      \
	ROWS(rows+8(FP))  \
fewrow:                   \
	XORQ AX, AX       \
one:                      \
	ONE               \
	INCQ AX           \
	CMPQ AX, CX       \
	JLT  one          \
	NEXT(fewrow, few) \
	VZEROUPPER        \
	RET

#define COPYONE \
	MOVL (DX)(AX*4), R8 \
	MOVL R8, (BX)(AX*4)

// PART loads the arguments of part, with the distance from the even elements to the odd in odd.
#define PART \
	MOVQ planes+0(FP), R13    \
	MOVQ even+16(FP), DI      \
	MOVQ odd+24(FP), R15      \
	SUBQ DI, R15              \
	MOVQ R15, odd+24(FP)      \
	MOVQ dstPlane+32(FP), R9  \
	MOVQ dstRow+40(FP), R10   \
	MOVQ src+48(FP), SI       \
	MOVQ srcPlane+56(FP), R11 \
	MOVQ srcRow+64(FP), R12   \
	MOVQ n+72(FP), CX         \
	BYTES

// PARTLONG parts rows of so many elements of each kind and more; VECTOR parts those at AX.
#define PARTLONG(LANES, VECTOR) \
	LEAQ -LANES(CX), R8   \
plane:                    \
	ROWS(rows+8(FP))      \
row:                      \
	MOVQ odd+24(FP), R15  \
	ADDQ BX, R15          \
	XORQ AX, AX           \
	CMPQ AX, R8           \
	JGE  last             \
vector:                   \
	VECTOR                \
	ADDQ $LANES, AX       \
	CMPQ AX, R8           \
	JLT  vector           \
last:                     \
	MOVQ R8, AX           \
	VECTOR                \
	NEXT(row, plane)      \
	VZEROUPPER            \
	RET
