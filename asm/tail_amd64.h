// What is left of a slice when CX elements, less than a vector, are left. Both
// macros overwrite R8, the second one CX too.

// TAILMASK512 sets the low CX bits of K1.
#define TAILMASK512 \
	MOVL  $1, R8 \
	SHLL  CX, R8 \
	DECL  R8     \
	KMOVW R8, K1

// TAILMASK256 sets the low CX elements of M to all ones, the others to zero.
#define TAILMASK256(M) \
	LEAQ    ·tailMask(SB), R8 \
	SHLQ    $2, CX            \
	SUBQ    CX, R8            \
	VMOVDQU 128(R8), M
