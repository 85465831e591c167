// How a transform of Winograd's convolutions goes over rows at eight or nine places, in
// winorowsgrad_f32_neon_arm64.s and winostride_f32_neon_arm64.s.
//
//	R0  strips left                 R22  bytes of a row of a strip; R19 those left
//	R2 to R9    rows 0 to 7 of the source, R24 row 8
//	R10 to R17  rows 0 to 7 of the result, R25 row 8
//	R20  from the end of a strip to the next, R21 the same for the result
//
//	for c < Count { for j < N, eight at a time { load; transform; store } }

// STRIPS reads the arguments (dst, src *float32, s *Strips), Count and N not being 0,
// and twelve constants into V28 to V30.
#define STRIPS(CONSTANTS) \
	MOVD dst+0(FP), R10           \
	MOVD src+8(FP), R2            \
	MOVD s+16(FP), R23            \
	MOVD Strips_DstRow(R23), R17  \
	MOVD Strips_DstStep(R23), R21 \
	MOVD Strips_SrcRow(R23), R9   \
	MOVD Strips_SrcStep(R23), R20 \
	MOVD Strips_N(R23), R22       \
	MOVD Strips_Count(R23), R0    \
	SUB  R22, R21, R21            \
	SUB  R22, R20, R20            \
	LSL  $2, R21, R21             \
	LSL  $2, R20, R20             \
	LSL  $2, R22, R22             \
	ADD  R9<<5, R2, R24           \
	ADD  R9<<2, R2, R3            \
	ADD  R9<<2, R3, R4            \
	ADD  R9<<2, R4, R5            \
	ADD  R9<<2, R5, R6            \
	ADD  R9<<2, R6, R7            \
	ADD  R9<<2, R7, R8            \
	ADD  R9<<2, R8, R9            \
	ADD  R17<<5, R10, R25         \
	ADD  R17<<2, R10, R11        \
	ADD  R17<<2, R11, R12        \
	ADD  R17<<2, R12, R13        \
	ADD  R17<<2, R13, R14        \
	ADD  R17<<2, R14, R15        \
	ADD  R17<<2, R15, R16        \
	ADD  R17<<2, R16, R17         \
	MOVD $CONSTANTS(SB), R23      \
	VLD1 (R23), [V28.S4, V29.S4, V30.S4]

// EACH does BODY for every vector of every strip, and returns.
#define EACH(BODY) \
strip: \
	MOVD R22, R19      \
vector: \
	BODY               \
	SUBS $32, R19, R19 \
	BNE  vector        \
	ADD  R20, R2, R2   \
	ADD  R20, R3, R3   \
	ADD  R20, R4, R4   \
	ADD  R20, R5, R5   \
	ADD  R20, R6, R6   \
	ADD  R20, R7, R7   \
	ADD  R20, R8, R8   \
	ADD  R20, R9, R9   \
	ADD  R20, R24, R24 \
	ADD  R21, R10, R10 \
	ADD  R21, R11, R11 \
	ADD  R21, R12, R12 \
	ADD  R21, R13, R13 \
	ADD  R21, R14, R14 \
	ADD  R21, R15, R15 \
	ADD  R21, R16, R16 \
	ADD  R21, R17, R17 \
	ADD  R21, R25, R25 \
	SUBS $1, R0, R0    \
	BNE  strip         \
	RET
