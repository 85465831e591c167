// The AVX2 side of each_amd64.h.
//
//	Y0 to Y5   values; Y6, Y7 comparisons; Y11 the mask of the rest
//	Y12 to Y15 constants

#include "tail_amd64.h"
#include "vectors_avx2_amd64.h"
#include "each_amd64.h"

#define LANES 8
#define M0 Y6
#define M1 Y7
#define C0 Y12
#define C1 Y13
#define C2 Y14
#define C3 Y15

#define MASK TAILMASK256(Y11)
#define LOADREST(P, A, B) VMASKMOVPS (P), Y11, A
#define STOREREST(P, A, B) VMASKMOVPS A, Y11, (P)

// WHERE makes C B where M says so, else +0; PICK makes C B there.
#define WHERE(M, B, C) VANDPS B, M, C
#define PICK(M, B, C) VBLENDVPS M, B, C, C
