// The sums, products, fill and the step of SGD of both widths, see each_amd64.h.

// WITHV loads the arguments of a kernel of one slice and v.
#define WITHV \
	MOVQ         dst_base+0(FP), DI \
	MOVQ         dst_len+8(FP), CX  \
	VBROADCASTSS v+24(FP), C0

// dst += src.
#define ADDS(LOAD, STORE, DO) \
	LOAD(SI, V0, V1)                \
	LOAD(DI, V2, V3)                \
	DO(ADD, V2, V3, V0, V1, V0, V1) \
	STORE(DI, V0, V1)
#define ADDF32 \
	ONTO              \
	EACH(ADDS, NEXT2)

// dst += v.
#define ADDSCALARS(LOAD, STORE, DO) \
	LOAD(DI, V0, V1)                \
	DO(ADD, C0, C0, V0, V1, V0, V1) \
	STORE(DI, V0, V1)
#define ADDSCALARF32 \
	WITHV                   \
	EACH(ADDSCALARS, NEXT1)

// dst = relu(src + dst): x > 0 ? x : the other, +0.
#define ADDRELUS(LOAD, STORE, DO) \
	LOAD(SI, V0, V1)                \
	LOAD(DI, V2, V3)                \
	DO(ADD, V2, V3, V0, V1, V0, V1) \
	DO(MAX, C3, C3, V0, V1, V0, V1) \
	STORE(DI, V0, V1)
#define ADDRELUF32 \
	ONTO                  \
	ZERO(C3)              \
	EACH(ADDRELUS, NEXT2)

// dst = x * y.
#define MULS(LOAD, STORE, DO) \
	LOAD(SI, V0, V1)                \
	LOAD(DX, V2, V3)                \
	DO(MUL, V2, V3, V0, V1, V0, V1) \
	STORE(DI, V0, V1)
#define MULF32 \
	MOVQ dst_base+0(FP), DI \
	MOVQ dst_len+8(FP), CX  \
	MOVQ x_base+24(FP), SI  \
	MOVQ y_base+48(FP), DX  \
	EACH(MULS, NEXT3)

// dst *= v.
#define SCALES(LOAD, STORE, DO) \
	LOAD(DI, V0, V1)                \
	DO(MUL, C0, C0, V0, V1, V0, V1) \
	STORE(DI, V0, V1)
#define SCALEF32 \
	WITHV               \
	EACH(SCALES, NEXT1)

// dst = v.
#define FILLS(LOAD, STORE, DO) STORE(DI, C0, C0)
#define FILLF32 \
	WITHV              \
	EACH(FILLS, NEXT1)

// v = (g + wd*w) + mu*v; w -= lr*v.
#define SGDS(LOAD, STORE, DO) \
	LOAD(DI, V0, V1)                 \
	LOAD(DX, V2, V3)                 \
	DO(FMA, V0, V1, C2, C2, V2, V3)  \
	LOAD(SI, V4, V5)                 \
	DO(FMA, V4, V5, C1, C1, V2, V3)  \
	STORE(SI, V2, V3)                \
	DO(FNMA, V2, V3, C0, C0, V0, V1) \
	STORE(DI, V0, V1)
#define SGDF32 \
	MOVQ         w_base+0(FP), DI  \
	MOVQ         w_len+8(FP), CX   \
	MOVQ         v_base+24(FP), SI \
	MOVQ         g_base+48(FP), DX \
	VBROADCASTSS lr+72(FP), C0     \
	VBROADCASTSS mu+76(FP), C1     \
	VBROADCASTSS wd+80(FP), C2     \
	EACH(SGDS, NEXT3)
