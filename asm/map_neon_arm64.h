// Loops over elements: blocks of 16, then one at a time by the same vector
// instructions, whose other lanes do not count. BODY takes registers by number:
// BODY(x, t, u) makes x of x, BODY2(x, y, t) of x and y; t, u (0 to 15) are free.
//
//	R0 elements left; R1 result; R2 x; R3 y. The result may be x or y.
//	V0 to V11 elements; V16 to V31 are left to constants

// MAP1 is R1[i] = BODY(R2[i]).
#define MAP1(BODY) \
	CMP     $16, R0 \
	BLT     rest \
blocks: \
	FLDPQ.P 64(R2), (F0, F1) \
	FLDPQ   -32(R2), (F2, F3) \
	SUB     $16, R0, R0 \
	BODY(0, 4, 8) \
	BODY(1, 5, 9) \
	BODY(2, 6, 10) \
	BODY(3, 7, 11) \
	CMP     $16, R0 \
	FSTPQ.P (F0, F1), 64(R1) \
	FSTPQ   (F2, F3), -32(R1) \
	BGE     blocks \
rest: \
	CBZ     R0, done \
one: \
	FMOVS.P 4(R2), F0 \
	BODY(0, 4, 8) \
	SUBS    $1, R0, R0 \
	FMOVS.P F0, 4(R1) \
	BNE     one \
done: \
	RET

// MAP2 is R1[i] = BODY2(R2[i], R3[i]).
#define MAP2(BODY2) \
	CMP     $16, R0 \
	BLT     rest \
blocks: \
	FLDPQ.P 64(R2), (F0, F1) \
	FLDPQ   -32(R2), (F2, F3) \
	FLDPQ.P 64(R3), (F4, F5) \
	FLDPQ   -32(R3), (F6, F7) \
	SUB     $16, R0, R0 \
	BODY2(0, 4, 8) \
	BODY2(1, 5, 9) \
	BODY2(2, 6, 10) \
	BODY2(3, 7, 11) \
	CMP     $16, R0 \
	FSTPQ.P (F0, F1), 64(R1) \
	FSTPQ   (F2, F3), -32(R1) \
	BGE     blocks \
rest: \
	CBZ     R0, done \
one: \
	FMOVS.P 4(R2), F0 \
	FMOVS.P 4(R3), F4 \
	BODY2(0, 4, 8) \
	SUBS    $1, R0, R0 \
	FMOVS.P F0, 4(R1) \
	BNE     one \
done: \
	RET
