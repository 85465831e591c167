// How a transform of Winograd's convolutions goes over rows at eight or nine places, in
// winorows_amd64.h and winostride_amd64.h. WIDTH is the bytes of a vector.
//
//	rows of the source        of the result
//	0  (SI)                   (DI)
//	1  (SI)(R8*1)             (DI)(R11*1)     R8, R11   a row in bytes
//	2  (SI)(R8*2)             (DI)(R11*2)     R9, R12   three rows
//	3  (SI)(R9*1)             (DI)(R12*1)
//	4 to 7: the same behind R10               behind R13
//	8  (SI)(R8*8)             (DI)(R11*8)
//
//	AX  strips left             DX  bytes of a row of a strip; CX those left
//	BX  from the end of a strip to the next, in the source; R14 in the result
//
//	for c < Count { for j < N, a vector at a time { load; transform; store } }

#include "places_amd64.h"
#include "strips_amd64.h"

#define SRC0 (SI)
#define SRC1 (SI)(R8*1)
#define SRC2 (SI)(R8*2)
#define SRC3 (SI)(R9*1)
#define SRC4 (R10)
#define SRC5 (R10)(R8*1)
#define SRC6 (R10)(R8*2)
#define SRC7 (R10)(R9*1)
#define SRC8 (SI)(R8*8)

#define DST8 (DI)(R11*8)

// EIGHT reads the arguments, see STRIPS.
#define EIGHT \
	STRIPS               \
	LEAQ (SI)(R8*4), R10 \
	LEAQ (DI)(R11*4), R13

// EACH does BODY for every vector of every strip, and returns.
#define EACH(BODY) \
strip: \
	MOVQ DX, CX      \
vector: \
	BODY             \
	ADDQ $WIDTH, SI  \
	ADDQ $WIDTH, R10 \
	ADDQ $WIDTH, DI  \
	ADDQ $WIDTH, R13 \
	SUBQ $WIDTH, CX  \
	JNE  vector      \
	ADDQ BX, SI      \
	ADDQ BX, R10     \
	ADDQ R14, DI     \
	ADDQ R14, R13    \
	DECQ AX          \
	JNE  strip       \
	VZEROUPPER       \
	RET
