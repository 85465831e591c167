// ReLU, leaky ReLU and the gradients of what is cheap to derive, of both widths, see each_amd64.h.

// GRADIENT loads the arguments of one.
#define GRADIENT \
	MOVQ dx_base+0(FP), DI  \
	MOVQ dx_len+8(FP), CX   \
	MOVQ dy_base+24(FP), SI \
	MOVQ y_base+48(FP), DX

// dst = src > 0 ? src : +0, the latter also for NaN and -0.
#define RELUS(LOAD, STORE, DO) \
	LOAD(SI, V0, V1)                \
	DO(MAX, C3, C3, V0, V1, V0, V1) \
	STORE(DI, V0, V1)
#define RELUF32 \
	ONTO               \
	ZERO(C3)           \
	EACH(RELUS, NEXT2)

// dx = y > 0 ? dy : +0.
#define RELUGRADS(LOAD, STORE, DO) \
	LOAD(DX, V0, V1)                  \
	DO(ABOVE, C3, C3, V0, V1, M0, M1) \
	LOAD(SI, V2, V3)                  \
	DO(WHERE, M0, M1, V2, V3, V0, V1) \
	STORE(DI, V0, V1)
#define RELUGRADF32 \
	GRADIENT               \
	ZERO(C3)               \
	EACH(RELUGRADS, NEXT3)

// dst = src > 0 ? src : slope * src.
#define LEAKYS(LOAD, STORE, DO) \
	LOAD(SI, V0, V1)                  \
	DO(MUL, C0, C0, V0, V1, V2, V3)   \
	DO(ABOVE, C3, C3, V0, V1, M0, M1) \
	DO(PICK, M0, M1, V0, V1, V2, V3)  \
	STORE(DI, V2, V3)
#define LEAKYRELUF32 \
	ONTO                          \
	VBROADCASTSS slope+48(FP), C0 \
	ZERO(C3)                      \
	EACH(LEAKYS, NEXT2)

// dx = y > 0 ? dy : slope * dy.
#define LEAKYGRADS(LOAD, STORE, DO) \
	LOAD(DX, V0, V1)                  \
	DO(ABOVE, C3, C3, V0, V1, M0, M1) \
	LOAD(SI, V0, V1)                  \
	DO(MUL, C0, C0, V0, V1, V2, V3)   \
	DO(PICK, M0, M1, V0, V1, V2, V3)  \
	STORE(DI, V2, V3)
#define LEAKYRELUGRADF32 \
	GRADIENT                      \
	VBROADCASTSS slope+72(FP), C0 \
	ZERO(C3)                      \
	EACH(LEAKYGRADS, NEXT3)

// dx = dy * (y * (1 - y)).
#define SIGMOIDGRADS(LOAD, STORE, DO) \
	LOAD(DX, V0, V1)                \
	LOAD(SI, V2, V3)                \
	DO(SUB, V0, V1, C3, C3, V4, V5) \
	DO(MUL, V4, V5, V0, V1, V0, V1) \
	DO(MUL, V0, V1, V2, V3, V2, V3) \
	STORE(DI, V2, V3)
#define SIGMOIDGRADF32 \
	GRADIENT                    \
	VBROADCASTSS ·one32(SB), C3 \
	EACH(SIGMOIDGRADS, NEXT3)

// dx = dy * (1 - y*y).
#define TANHGRADS(LOAD, STORE, DO) \
	LOAD(DX, V0, V1)                 \
	LOAD(SI, V2, V3)                 \
	DO(MOVE, C3, C3, C3, C3, V4, V5) \
	DO(FNMA, V0, V1, V0, V1, V4, V5) \
	DO(MUL, V4, V5, V2, V3, V2, V3)  \
	STORE(DI, V2, V3)
#define TANHGRADF32 \
	GRADIENT                    \
	VBROADCASTSS ·one32(SB), C3 \
	EACH(TANHGRADS, NEXT3)
