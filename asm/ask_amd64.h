// How kernels that turn rows ask for what they will read, see ahead in pack_amd64.go. So many
// rows, or some that end within a page, no prefetcher of the processor follows. A line is asked for
// four times, at several distances, since a processor whose buffers are full forgets it.
//
//	R14  the source so far ahead; DX  the rows' offsets, in elements; R9 scratch

// ASK asks for lines of row I, of elements of SIZE bytes.
#define ASK(I, SIZE) \
	MOVQ       (8*I)(DX), R9      \
	PREFETCHT1 -192(R14)(R9*SIZE) \
	PREFETCHT1 -128(R14)(R9*SIZE) \
	PREFETCHT1 -64(R14)(R9*SIZE)  \
	PREFETCHT1 (R14)(R9*SIZE)
