//go:build !noasm

#include "textflag.h"
#include "tail_amd64.h"

// Windows over a flat array, AVX-512 path. Needs AVX512F. 64 outputs at a time, then
// 16 or what is left of them under a mask:
//
//	for each tap:        src + 4*tap
//	                     |  +------+------+------+------+
//	                     +->|  Z4  |  Z5  |  Z6  |  Z7  |   one load each, of which most
//	                        +------+------+------+------+   cross a line: the bound
//	added to or compared |  Z0  |  Z1  |  Z2  |  Z3  |   outputs, which stay
//
//	DI, CX  outputs and how many are left; SI src at their place
//	BX, R9  the first tap and the end of the taps; AX the tap at hand
//	R10, R11 taps; R12 the second last tap's place, or the last number; R8, R13 at work
//	DX      notes at the outputs' place; R14 y, or none
//	K1      the outputs of the rest; K2 to K5 the vectors' comparisons
//	Z0 to Z3 outputs; Z4 to Z14 elements; Z29 to Z31 constants

// LEFT sets K1 for the next of the rest, and R13 to how many those are.
#define LEFT \
	MOVL    $16, R13 \
	MOVQ    CX, R10  \
	CMPQ    CX, R13  \
	CMOVQLT CX, R13  \
	MOVQ    R13, CX  \
	TAILMASK512      \
	MOVQ    R10, CX

// func maxTapsF32AVX512(dst, src []float32, taps []int)
TEXT ·maxTapsF32AVX512(SB), NOSPLIT, $0-72
	MOVQ       dst_base+0(FP), DI
	MOVQ       dst_len+8(FP), CX
	MOVQ       src_base+24(FP), SI
	MOVQ       taps_base+48(FP), BX
	MOVQ       taps_len+56(FP), R9
	LEAQ       (BX)(R9*8), R9
	LEAQ       -8(R9), R12
	VPTERNLOGD $0xff, Z30, Z30, Z30 // NaN
	SUBQ       $64, CX
	JLT        rest

block:
	MOVQ    (BX), R10
	VMOVUPS (SI)(R10*4), Z0
	VMOVUPS 64(SI)(R10*4), Z1
	VMOVUPS 128(SI)(R10*4), Z2
	VMOVUPS 192(SI)(R10*4), Z3
	VCMPPS  $7, Z0, Z0, K2     // not NaN
	VCMPPS  $7, Z1, Z1, K3
	VCMPPS  $7, Z2, Z2, K4
	VCMPPS  $7, Z3, Z3, K5
	LEAQ    8(BX), AX
	CMPQ    AX, R12
	JGE     last

pair:
	MOVQ    (AX), R10
	MOVQ    8(AX), R11
	VMOVUPS (SI)(R10*4), Z4
	VMOVUPS 64(SI)(R10*4), Z5
	VMOVUPS 128(SI)(R10*4), Z6
	VMOVUPS 192(SI)(R10*4), Z7
	VMOVUPS (SI)(R11*4), Z8
	VMOVUPS 64(SI)(R11*4), Z9
	VMOVUPS 128(SI)(R11*4), Z10
	VMOVUPS 192(SI)(R11*4), Z11
	VCMPPS  $7, Z8, Z4, K2, K2  // neither is NaN
	VCMPPS  $7, Z9, Z5, K3, K3
	VCMPPS  $7, Z10, Z6, K4, K4
	VCMPPS  $7, Z11, Z7, K5, K5
	VMAXPS  Z0, Z4, Z0          // x > best ? x : best
	VMAXPS  Z1, Z5, Z1
	VMAXPS  Z2, Z6, Z2
	VMAXPS  Z3, Z7, Z3
	VMAXPS  Z0, Z8, Z0
	VMAXPS  Z1, Z9, Z1
	VMAXPS  Z2, Z10, Z2
	VMAXPS  Z3, Z11, Z3
	ADDQ    $16, AX
	CMPQ    AX, R12
	JLT     pair

last:
	JNE     store               // an even number of taps leaves one
	MOVQ    (AX), R10
	VMOVUPS (SI)(R10*4), Z4
	VMOVUPS 64(SI)(R10*4), Z5
	VMOVUPS 128(SI)(R10*4), Z6
	VMOVUPS 192(SI)(R10*4), Z7
	VCMPPS  $7, Z4, Z4, K2, K2
	VCMPPS  $7, Z5, Z5, K3, K3
	VCMPPS  $7, Z6, Z6, K4, K4
	VCMPPS  $7, Z7, Z7, K5, K5
	VMAXPS  Z0, Z4, Z0
	VMAXPS  Z1, Z5, Z1
	VMAXPS  Z2, Z6, Z2
	VMAXPS  Z3, Z7, Z3

store:
	KNOTW   K2, K2
	KNOTW   K3, K3
	KNOTW   K4, K4
	KNOTW   K5, K5
	VMOVAPS Z30, K2, Z0
	VMOVAPS Z30, K3, Z1
	VMOVAPS Z30, K4, Z2
	VMOVAPS Z30, K5, Z3
	VMOVUPS Z0, (DI)
	VMOVUPS Z1, 64(DI)
	VMOVUPS Z2, 128(DI)
	VMOVUPS Z3, 192(DI)
	ADDQ    $256, SI
	ADDQ    $256, DI
	SUBQ    $64, CX
	JGE     block

rest:
	ADDQ $64, CX
	JEQ  done

few:
	LEFT
	MOVQ      (BX), R10
	VMOVUPS.Z (SI)(R10*4), K1, Z0
	VCMPPS    $7, Z0, Z0, K2
	LEAQ      8(BX), AX
	CMPQ      AX, R9
	JGE       put

tap:
	MOVQ      (AX), R10
	VMOVUPS.Z (SI)(R10*4), K1, Z4
	VCMPPS    $7, Z4, Z4, K2, K2
	VMAXPS    Z0, Z4, Z0
	ADDQ      $8, AX
	CMPQ      AX, R9
	JLT       tap

put:
	KNOTW   K2, K2
	VMOVAPS Z30, K2, Z0
	VMOVUPS Z0, K1, (DI)
	ADDQ    $64, SI
	ADDQ    $64, DI
	SUBQ    R13, CX
	JNE     few

done:
	VZEROUPPER
	RET

// func sumTapsF32AVX512(dst, src []float32, taps []int, from, div float32)
TEXT ·sumTapsF32AVX512(SB), NOSPLIT, $0-80
	MOVQ         dst_base+0(FP), DI
	MOVQ         dst_len+8(FP), CX
	MOVQ         src_base+24(FP), SI
	MOVQ         taps_base+48(FP), BX
	MOVQ         taps_len+56(FP), R9
	LEAQ         (BX)(R9*8), R9
	VBROADCASTSS from+72(FP), Z31
	VBROADCASTSS div+76(FP), Z30
	MOVL         div+76(FP), R12
	SUBQ         $64, CX
	JLT          rest

block:
	VMOVAPS Z31, Z0
	VMOVAPS Z31, Z1
	VMOVAPS Z31, Z2
	VMOVAPS Z31, Z3
	MOVQ    BX, AX

add:
	MOVQ   (AX), R10
	VADDPS (SI)(R10*4), Z0, Z0
	VADDPS 64(SI)(R10*4), Z1, Z1
	VADDPS 128(SI)(R10*4), Z2, Z2
	VADDPS 192(SI)(R10*4), Z3, Z3
	ADDQ   $8, AX
	CMPQ   AX, R9
	JLT    add
	CMPL   R12, $0x3f800000       // by 1 is as it is
	JEQ    store
	VDIVPS Z30, Z0, Z0
	VDIVPS Z30, Z1, Z1
	VDIVPS Z30, Z2, Z2
	VDIVPS Z30, Z3, Z3

store:
	VMOVUPS Z0, (DI)
	VMOVUPS Z1, 64(DI)
	VMOVUPS Z2, 128(DI)
	VMOVUPS Z3, 192(DI)
	ADDQ    $256, SI
	ADDQ    $256, DI
	SUBQ    $64, CX
	JGE     block

rest:
	ADDQ $64, CX
	JEQ  done

few:
	LEFT
	VMOVAPS Z31, Z0
	MOVQ    BX, AX

tap:
	MOVQ      (AX), R10
	VMOVUPS.Z (SI)(R10*4), K1, Z4
	VADDPS    Z4, Z0, Z0
	ADDQ      $8, AX
	CMPQ      AX, R9
	JLT       tap
	VDIVPS    Z30, Z0, Z0
	VMOVUPS   Z0, K1, (DI)
	ADDQ      $64, SI
	ADDQ      $64, DI
	SUBQ      R13, CX
	JNE       few

done:
	VZEROUPPER
	RET

// func noteTapsF32AVX512(note, none []int32, src, y []float32, taps []int)
TEXT ·noteTapsF32AVX512(SB), NOSPLIT, $0-120
	MOVQ note_base+0(FP), DI
	MOVQ note_len+8(FP), CX
	MOVQ none_base+24(FP), R14
	MOVQ src_base+48(FP), SI
	MOVQ y_base+72(FP), DX
	MOVQ taps_base+96(FP), BX
	MOVQ taps_len+104(FP), R12
	LEAQ -8(BX)(R12*8), R9      // the last tap
	DECQ R12                    // and its number
	SUBQ $64, CX
	JLT  rest

block:
	VMOVUPS (R14), Z0
	VMOVUPS 64(R14), Z1
	VMOVUPS 128(R14), Z2
	VMOVUPS 192(R14), Z3
	VMOVUPS (DX), Z4
	VMOVUPS 64(DX), Z5
	VMOVUPS 128(DX), Z6
	VMOVUPS 192(DX), Z7
	MOVQ    R9, AX
	MOVQ    R12, R11

look:
	MOVQ         (AX), R10
	VPBROADCASTD R11, Z8
	VCMPPS       $0, (SI)(R10*4), Z4, K2    // from the last tap to the first, which stays
	VCMPPS       $0, 64(SI)(R10*4), Z5, K3
	VCMPPS       $0, 128(SI)(R10*4), Z6, K4
	VCMPPS       $0, 192(SI)(R10*4), Z7, K5
	VMOVDQA32    Z8, K2, Z0
	VMOVDQA32    Z8, K3, Z1
	VMOVDQA32    Z8, K4, Z2
	VMOVDQA32    Z8, K5, Z3
	SUBQ         $8, AX
	DECQ         R11
	JGE          look
	VMOVUPS      Z0, (DI)
	VMOVUPS      Z1, 64(DI)
	VMOVUPS      Z2, 128(DI)
	VMOVUPS      Z3, 192(DI)
	ADDQ         $256, R14
	ADDQ         $256, DX
	ADDQ         $256, SI
	ADDQ         $256, DI
	SUBQ         $64, CX
	JGE          block

rest:
	ADDQ $64, CX
	JEQ  done

few:
	LEFT
	VMOVUPS.Z (R14), K1, Z0
	VMOVUPS.Z (DX), K1, Z4
	MOVQ      R9, AX
	MOVQ      R12, R11

tap:
	MOVQ         (AX), R10
	VPBROADCASTD R11, Z8
	VMOVUPS.Z    (SI)(R10*4), K1, Z5
	VCMPPS       $0, Z5, Z4, K2
	VMOVDQA32    Z8, K2, Z0
	SUBQ         $8, AX
	DECQ         R11
	JGE          tap
	VMOVUPS      Z0, K1, (DI)
	ADDQ         $64, R14
	ADDQ         $64, DX
	ADDQ         $64, SI
	ADDQ         $64, DI
	SUBQ         R13, CX
	JNE          few

done:
	VZEROUPPER
	RET

// BY1 moves five vectors on by an element; the last of E is lost.
#define BY1(A, B, C, D, E) \
	VALIGND $1, A, B, A \
	VALIGND $1, B, C, B \
	VALIGND $1, C, D, C \
	VALIGND $1, D, E, D \
	VALIGND $1, E, E, E

// Taps beside each other, up to 16 of them, load once: 64 notes and elements, and of the next vector what
// the last of the taps reaches. Moving those on for each tap takes less than loads that cross lines.
//
//	R11  the end of such taps; R12 where the next of them would be, then CX
//	Z4 to Z7, Z9 notes; Z10 to Z14 elements; Z8 the tap's note
//
// func pickTapsF32AVX512(dst, src []float32, note []int32, taps []Tap)
TEXT ·pickTapsF32AVX512(SB), NOSPLIT, $0-96
	MOVQ dst_base+0(FP), DI
	MOVQ dst_len+8(FP), CX
	MOVQ src_base+24(FP), SI
	MOVQ note_base+48(FP), DX
	MOVQ taps_base+72(FP), BX
	MOVQ taps_len+80(FP), R9
	SHLQ $4, R9
	ADDQ BX, R9
	SUBQ $64, CX
	JLT  rest

block:
	VPXORD Z0, Z0, Z0
	VPXORD Z1, Z1, Z1
	VPXORD Z2, Z2, Z2
	VPXORD Z3, Z3, Z3
	MOVQ   BX, AX

pick:
	MOVQ    (AX), R10
	MOVQ    R10, R12
	MOVQ    AX, R11
	LEAQ    256(AX), R8
	CMPQ    R8, R9
	CMOVQGT R9, R8

beside:
	ADDQ $16, R11
	INCQ R12
	CMPQ R11, R8
	JGE  load
	CMPQ R12, (R11)
	JEQ  beside

load:
	MOVQ        CX, R12
	MOVQ        R11, CX
	SUBQ        AX, CX
	SHRQ        $4, CX
	DECQ        CX
	TAILMASK512
	MOVQ        R12, CX
	VMOVDQU32   (DX)(R10*4), Z4
	VMOVDQU32   64(DX)(R10*4), Z5
	VMOVDQU32   128(DX)(R10*4), Z6
	VMOVDQU32   192(DX)(R10*4), Z7
	VMOVDQU32.Z 256(DX)(R10*4), K1, Z9
	VMOVUPS     (SI)(R10*4), Z10
	VMOVUPS     64(SI)(R10*4), Z11
	VMOVUPS     128(SI)(R10*4), Z12
	VMOVUPS     192(SI)(R10*4), Z13
	VMOVUPS.Z   256(SI)(R10*4), K1, Z14

add:
	VPBROADCASTD 8(AX), Z8
	VPCMPEQD     Z4, Z8, K2
	VPCMPEQD     Z5, Z8, K3
	VPCMPEQD     Z6, Z8, K4
	VPCMPEQD     Z7, Z8, K5
	VADDPS       Z10, Z0, K2, Z0
	VADDPS       Z11, Z1, K3, Z1
	VADDPS       Z12, Z2, K4, Z2
	VADDPS       Z13, Z3, K5, Z3
	ADDQ         $16, AX
	CMPQ         AX, R11
	JEQ          next
	BY1(Z4, Z5, Z6, Z7, Z9)
	BY1(Z10, Z11, Z12, Z13, Z14)
	JMP          add

next:
	CMPQ    AX, R9
	JLT     pick
	VMOVUPS Z0, (DI)
	VMOVUPS Z1, 64(DI)
	VMOVUPS Z2, 128(DI)
	VMOVUPS Z3, 192(DI)
	ADDQ         $256, DX
	ADDQ         $256, SI
	ADDQ         $256, DI
	SUBQ         $64, CX
	JGE          block

rest:
	ADDQ $64, CX
	JEQ  done

few:
	LEFT
	VPXORD Z0, Z0, Z0
	MOVQ   BX, AX

tap:
	MOVQ         (AX), R10
	VPBROADCASTD 8(AX), Z8
	VMOVUPS.Z    (DX)(R10*4), K1, Z4
	VMOVUPS.Z    (SI)(R10*4), K1, Z5
	VPCMPEQD     Z4, Z8, K2
	VADDPS       Z5, Z0, K2, Z0
	ADDQ         $16, AX
	CMPQ         AX, R9
	JLT          tap
	VMOVUPS      Z0, K1, (DI)
	ADDQ         $64, DX
	ADDQ         $64, SI
	ADDQ         $64, DI
	SUBQ         R13, CX
	JNE          few

done:
	VZEROUPPER
	RET
