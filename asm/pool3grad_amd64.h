// How the ways back of windows of 3 x 3 go on to the next strip and the next plane, of either
// vector width: of a maximum, whose planes of x SI points to, and of an average.

#define NEXTMAX(strip, plane) \
	ADDQ $strip3__size, R9     \
	CMPQ R9, grid3_end(R8)     \
	JNE  strip                 \
	MOVQ grid3_xPlane(R8), R12 \
	ADDQ R12, SI               \
	ADDQ R12, dx+0(FP)         \
	MOVQ grid3_yPlane(R8), R12 \
	ADDQ R12, dy+16(FP)        \
	DECQ planes+24(FP)         \
	JNE  plane                 \
	VZEROUPPER

#define NEXTAVG(strip, plane) \
	ADDQ $strip3__size, R9     \
	CMPQ R9, grid3_end(R8)     \
	JNE  strip                 \
	MOVQ grid3_xPlane(R8), R12 \
	ADDQ R12, dx+0(FP)         \
	MOVQ grid3_yPlane(R8), R12 \
	ADDQ R12, dy+8(FP)         \
	DECQ planes+16(FP)         \
	JNE  plane                 \
	VZEROUPPER
