//go:build !noasm

#include "textflag.h"
#include "each_avx2_amd64.h"
#include "map_amd64.h"

// Element-wise kernels of the AVX2 path: sums, products, fill and the step of SGD. Need AVX2; those
// that multiply and add need FMA3 too.

// func addF32AVX2(dst, src []float32)
TEXT ·addF32AVX2(SB), NOSPLIT, $0-48
	ADDF32

// func addScalarF32AVX2(dst []float32, v float32)
TEXT ·addScalarF32AVX2(SB), NOSPLIT, $0-28
	ADDSCALARF32

// func addReluF32AVX2(dst, src []float32)
TEXT ·addReluF32AVX2(SB), NOSPLIT, $0-48
	ADDRELUF32

// func mulF32AVX2(dst, x, y []float32)
TEXT ·mulF32AVX2(SB), NOSPLIT, $0-72
	MULF32

// func scaleF32AVX2(dst []float32, v float32)
TEXT ·scaleF32AVX2(SB), NOSPLIT, $0-28
	SCALEF32

// func fillF32AVX2(dst []float32, v float32)
TEXT ·fillF32AVX2(SB), NOSPLIT, $0-28
	FILLF32

// func sgdF32AVX2(w, v, g []float32, lr, mu, wd float32)
TEXT ·sgdF32AVX2(SB), NOSPLIT, $0-84
	SGDF32
