// The vectors of the AVX-512 path, for bodies that both widths share: SIZE bytes each.

#define SIZE 64
#define V0 Z0
#define V1 Z1
#define V2 Z2
#define V3 Z3
#define V4 Z4
#define V5 Z5
#define V8 Z8
#define V9 Z9

#define ZERO(A) VPXORD A, A, A
