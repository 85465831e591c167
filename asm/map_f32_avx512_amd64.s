//go:build !noasm

#include "textflag.h"
#include "each_avx512_amd64.h"
#include "map_amd64.h"

// Element-wise kernels of the AVX-512 path: sums, products, fill and the step of SGD. Need AVX512F.

// func addF32AVX512(dst, src []float32)
TEXT ·addF32AVX512(SB), NOSPLIT, $0-48
	ADDF32

// func addScalarF32AVX512(dst []float32, v float32)
TEXT ·addScalarF32AVX512(SB), NOSPLIT, $0-28
	ADDSCALARF32

// func addReluF32AVX512(dst, src []float32)
TEXT ·addReluF32AVX512(SB), NOSPLIT, $0-48
	ADDRELUF32

// func mulF32AVX512(dst, x, y []float32)
TEXT ·mulF32AVX512(SB), NOSPLIT, $0-72
	MULF32

// func scaleF32AVX512(dst []float32, v float32)
TEXT ·scaleF32AVX512(SB), NOSPLIT, $0-28
	SCALEF32

// func fillF32AVX512(dst []float32, v float32)
TEXT ·fillF32AVX512(SB), NOSPLIT, $0-28
	FILLF32

// func sgdF32AVX512(w, v, g []float32, lr, mu, wd float32)
TEXT ·sgdF32AVX512(SB), NOSPLIT, $0-84
	SGDF32
