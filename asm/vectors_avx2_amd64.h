// The vectors of the AVX2 path, for bodies that both widths share: SIZE bytes each.

#define SIZE 32
#define V0 Y0
#define V1 Y1
#define V2 Y2
#define V3 Y3
#define V4 Y4
#define V5 Y5
#define V8 Y8
#define V9 Y9

#define ZERO(A) VXORPS A, A, A
