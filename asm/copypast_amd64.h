// A copy that passes the caches by: elements go one by one until dst is a vector's place,
// then vectors whole, then one by one. The file that includes this one defines V, a vector,
// and WIDTH, its elements.
//
//	DI, SI dst and src at hand; CX elements left; AX at work

#define COPYPAST \
	MOVQ dst_base+0(FP), DI        \
	MOVQ dst_len+8(FP), CX         \
	MOVQ src_base+24(FP), SI       \
head:                           \
	TESTQ CX, CX                   \
	JEQ   done                     \
	TESTQ $(4*WIDTH-1), DI         \
	JEQ   vectors                  \
	MOVL  (SI), AX                 \
	MOVL  AX, (DI)                 \
	ADDQ  $4, SI                   \
	ADDQ  $4, DI                   \
	DECQ  CX                       \
	JMP   head                     \
vectors:                        \
	SUBQ $WIDTH, CX                \
	JLT  tail                      \
vector:                         \
	VMOVUPS  (SI), V               \
	VMOVNTPS V, (DI)               \
	ADDQ     $(4*WIDTH), SI        \
	ADDQ     $(4*WIDTH), DI        \
	SUBQ     $WIDTH, CX            \
	JGE      vector                \
tail:                           \
	ADDQ $WIDTH, CX                \
	JEQ  done                      \
one:                            \
	MOVL (SI), AX                  \
	MOVL AX, (DI)                  \
	ADDQ $4, SI                    \
	ADDQ $4, DI                    \
	DECQ CX                        \
	JNE  one                       \
done:                           \
	VZEROUPPER                     \
	RET
