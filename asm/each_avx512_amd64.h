// The AVX-512 side of each_amd64.h.
//
//	Z0 to Z5   values; K2, K3 comparisons; K1 the mask of the rest
//	Z28 to Z31 constants

#include "tail_amd64.h"
#include "vectors_avx512_amd64.h"
#include "each_amd64.h"

#define LANES 16
#define M0 K2
#define M1 K3
#define C0 Z28
#define C1 Z29
#define C2 Z30
#define C3 Z31

#define MASK TAILMASK512
#define LOADREST(P, A, B) VMOVUPS.Z (P), K1, A
#define STOREREST(P, A, B) VMOVUPS A, K1, (P)

// WHERE makes C B where M says so, else +0; PICK makes C B there.
#define WHERE(M, B, C) VMOVAPS.Z B, M, C
#define PICK(M, B, C) VMOVAPS B, M, C
