// Batch normalisation of one channel, AVX2 path. Needs AVX2 and FMA3. A channel is
// runs of width elements, stride apart; a run is whole blocks of 16 elements, for
// lanes 0 to 15, and a rest under the masks Y14 and Y15:
//
//	for runs { for R9 blocks { ... }; if R10 > 0 { the rest }; next run }
//
//	R9, R10 blocks and rest of a run; CX blocks left
//	R11     bytes from run to run; R12 runs left; AX bytes within the run
//	SI, DX  x, dy; DI y or dx, or the lanes of the sums; BX those of the second, or see PAST
//	R13     bytes to what comes to the second-level cache meanwhile; R8 AX and they
//	Y14, Y15 the rest, elements 0 to 7 and 8 to 15
//	Y13     all ones where there is no ReLU, else 0

// RUNS sets R9 to R13, Y14 and Y15 from width in R9, stride in R11 and, in R13, ahead.
#define RUNS \
	MOVQ    R9, R10           \
	ANDQ    $15, R10          \
	LEAQ    ·tailMask(SB), R8 \
	MOVQ    R10, CX           \
	SHLQ    $2, CX            \
	SUBQ    CX, R8            \
	VMOVDQU 128(R8), Y14      \
	VMOVDQU 160(R8), Y15      \
	SHRQ    $4, R9            \
	SHLQ    $2, R11           \
	SHLQ    $2, R13

// NORELU sets Y13 from relu in AX.
#define NORELU \
	DECL         AX       \
	VMOVD        AX, X13  \
	VPBROADCASTD X13, Y13
