//go:build !noasm

#include "textflag.h"
#include "tail_amd64.h"

// The rotation of two rows, AVX-512 path: x, y = x - s*(y + h*x), y + s*(x - h*y),
// every product and sum rounded. Needs AVX512F. 16 pairs at a time, then 8, then the
// rest under a mask.
//
//	CX     pairs left, less those of the loop at hand
//	DI, SI x, y
//	Z30, Z31 h, s

// func rotateF64AVX512(x, y []float64, h, s float64)
TEXT ·rotateF64AVX512(SB), NOSPLIT, $0-64
	MOVQ         x_base+0(FP), DI
	MOVQ         x_len+8(FP), CX
	MOVQ         y_base+24(FP), SI
	VBROADCASTSD h+48(FP), Z30
	VBROADCASTSD s+56(FP), Z31
	SUBQ         $16, CX
	JLT          rest

loop:
	VMOVUPD (DI), Z0    // u
	VMOVUPD 64(DI), Z1
	VMOVUPD (SI), Z2    // w
	VMOVUPD 64(SI), Z3
	VMULPD  Z0, Z30, Z4
	VMULPD  Z1, Z30, Z5
	VMULPD  Z2, Z30, Z6
	VMULPD  Z3, Z30, Z7
	VADDPD  Z4, Z2, Z4  // w + h*u
	VADDPD  Z5, Z3, Z5
	VSUBPD  Z6, Z0, Z6  // u - h*w
	VSUBPD  Z7, Z1, Z7
	VMULPD  Z4, Z31, Z4
	VMULPD  Z5, Z31, Z5
	VMULPD  Z6, Z31, Z6
	VMULPD  Z7, Z31, Z7
	VSUBPD  Z4, Z0, Z4
	VSUBPD  Z5, Z1, Z5
	VADDPD  Z6, Z2, Z6
	VADDPD  Z7, Z3, Z7
	VMOVUPD Z4, (DI)
	VMOVUPD Z5, 64(DI)
	VMOVUPD Z6, (SI)
	VMOVUPD Z7, 64(SI)
	ADDQ    $128, DI
	ADDQ    $128, SI
	SUBQ    $16, CX
	JGE     loop

rest:
	ADDQ    $8, CX
	JLT     last
	VMOVUPD (DI), Z0    // u
	VMOVUPD (SI), Z2    // w
	VMULPD  Z0, Z30, Z4
	VMULPD  Z2, Z30, Z6
	VADDPD  Z4, Z2, Z4  // w + h*u
	VSUBPD  Z6, Z0, Z6  // u - h*w
	VMULPD  Z4, Z31, Z4
	VMULPD  Z6, Z31, Z6
	VSUBPD  Z4, Z0, Z4
	VADDPD  Z6, Z2, Z6
	VMOVUPD Z4, (DI)
	VMOVUPD Z6, (SI)
	ADDQ    $64, DI
	ADDQ    $64, SI
	SUBQ    $8, CX

last:
	ADDQ      $8, CX
	JEQ       done
	TAILMASK512
	VMOVUPD.Z (DI), K1, Z0 // u
	VMOVUPD.Z (SI), K1, Z2 // w
	VMULPD    Z0, Z30, Z4
	VMULPD    Z2, Z30, Z6
	VADDPD    Z4, Z2, Z4   // w + h*u
	VSUBPD    Z6, Z0, Z6   // u - h*w
	VMULPD    Z4, Z31, Z4
	VMULPD    Z6, Z31, Z6
	VSUBPD    Z4, Z0, Z4
	VADDPD    Z6, Z2, Z6
	VMOVUPD   Z4, K1, (DI)
	VMOVUPD   Z6, K1, (SI)

done:
	VZEROUPPER
	RET
