//go:build !noasm

#include "textflag.h"
#include "tail_amd64.h"

// Windows over a flat array, AVX2 path. Needs AVX2. 32 outputs at a time, in four
// vectors that stay in registers while the taps go by, then 8 or what is left of
// them under a mask.
//
//	DI, CX  outputs and how many are left; SI src at their place
//	BX, R9  the first tap and the end of the taps (noteTapsF32AVX2: the last one)
//	AX      the tap at hand; R10, R11 taps; R12 the last tap's place, or its number
//	R13     outputs of the rest at hand; R8 at work
//	DX      notes or y at the outputs' place; R14 what a note is if no tap is
//	Y0 to Y3 outputs; Y4 to Y7 where there was a NaN, or y; Y8 to Y12 at work
//	Y13     the rest's mask; Y14, Y15 constants

// LEFT sets Y13 for the next of the rest, and R13 to how many those are.
#define LEFT \
	MOVL    $8, R13  \
	MOVQ    CX, R10  \
	CMPQ    CX, R13  \
	CMOVQLT CX, R13  \
	MOVQ    R13, CX  \
	TAILMASK256(Y13) \
	MOVQ    R10, CX

// TAPS reads where the taps begin and end.
#define TAPS(base, len) \
	MOVQ base, BX         \
	MOVQ len, R9          \
	LEAQ -8(BX)(R9*8), R12 \
	LEAQ 8(R12), R9

// func maxTapsF32AVX2(dst, src []float32, taps []int)
TEXT ·maxTapsF32AVX2(SB), NOSPLIT, $0-72
	MOVQ                   dst_base+0(FP), DI
	MOVQ                   dst_len+8(FP), CX
	MOVQ                   src_base+24(FP), SI
	TAPS(taps_base+48(FP), taps_len+56(FP))
	SUBQ                   $32, CX
	JLT                    rest

block:
	MOVQ    (BX), R10
	VMOVUPS (SI)(R10*4), Y0
	VMOVUPS 32(SI)(R10*4), Y1
	VMOVUPS 64(SI)(R10*4), Y2
	VMOVUPS 96(SI)(R10*4), Y3
	VCMPPS  $3, Y0, Y0, Y4    // NaN
	VCMPPS  $3, Y1, Y1, Y5
	VCMPPS  $3, Y2, Y2, Y6
	VCMPPS  $3, Y3, Y3, Y7
	LEAQ    8(BX), AX
	CMPQ    AX, R12
	JGE     last

pair:
	MOVQ    (AX), R10
	MOVQ    8(AX), R11
	VMOVUPS (SI)(R10*4), Y8
	VMOVUPS (SI)(R11*4), Y9
	VCMPPS  $3, Y9, Y8, Y10   // one of them is NaN
	VMAXPS  Y0, Y8, Y0        // x > best ? x : best
	VORPS   Y10, Y4, Y4
	VMAXPS  Y0, Y9, Y0
	VMOVUPS 32(SI)(R10*4), Y8
	VMOVUPS 32(SI)(R11*4), Y9
	VCMPPS  $3, Y9, Y8, Y10
	VMAXPS  Y1, Y8, Y1
	VORPS   Y10, Y5, Y5
	VMAXPS  Y1, Y9, Y1
	VMOVUPS 64(SI)(R10*4), Y8
	VMOVUPS 64(SI)(R11*4), Y9
	VCMPPS  $3, Y9, Y8, Y10
	VMAXPS  Y2, Y8, Y2
	VORPS   Y10, Y6, Y6
	VMAXPS  Y2, Y9, Y2
	VMOVUPS 96(SI)(R10*4), Y8
	VMOVUPS 96(SI)(R11*4), Y9
	VCMPPS  $3, Y9, Y8, Y10
	VMAXPS  Y3, Y8, Y3
	VORPS   Y10, Y7, Y7
	VMAXPS  Y3, Y9, Y3
	ADDQ    $16, AX
	CMPQ    AX, R12
	JLT     pair

last:
	JNE     store             // an even number of taps leaves one
	MOVQ    (AX), R10
	VMOVUPS (SI)(R10*4), Y8
	VCMPPS  $3, Y8, Y8, Y10
	VMAXPS  Y0, Y8, Y0
	VORPS   Y10, Y4, Y4
	VMOVUPS 32(SI)(R10*4), Y8
	VCMPPS  $3, Y8, Y8, Y10
	VMAXPS  Y1, Y8, Y1
	VORPS   Y10, Y5, Y5
	VMOVUPS 64(SI)(R10*4), Y8
	VCMPPS  $3, Y8, Y8, Y10
	VMAXPS  Y2, Y8, Y2
	VORPS   Y10, Y6, Y6
	VMOVUPS 96(SI)(R10*4), Y8
	VCMPPS  $3, Y8, Y8, Y10
	VMAXPS  Y3, Y8, Y3
	VORPS   Y10, Y7, Y7

store:
	VORPS   Y4, Y0, Y0 // all ones are NaN
	VORPS   Y5, Y1, Y1
	VORPS   Y6, Y2, Y2
	VORPS   Y7, Y3, Y3
	VMOVUPS Y0, (DI)
	VMOVUPS Y1, 32(DI)
	VMOVUPS Y2, 64(DI)
	VMOVUPS Y3, 96(DI)
	ADDQ    $128, SI
	ADDQ    $128, DI
	SUBQ    $32, CX
	JGE     block

rest:
	ADDQ $32, CX
	JEQ  done

few:
	LEFT
	MOVQ       (BX), R10
	VMASKMOVPS (SI)(R10*4), Y13, Y0
	VCMPPS     $3, Y0, Y0, Y4
	LEAQ       8(BX), AX
	CMPQ       AX, R9
	JGE        put

tap:
	MOVQ       (AX), R10
	VMASKMOVPS (SI)(R10*4), Y13, Y8
	VCMPPS     $3, Y8, Y8, Y10
	VMAXPS     Y0, Y8, Y0
	VORPS      Y10, Y4, Y4
	ADDQ       $8, AX
	CMPQ       AX, R9
	JLT        tap

put:
	VORPS      Y4, Y0, Y0
	VMASKMOVPS Y0, Y13, (DI)
	ADDQ       $32, SI
	ADDQ       $32, DI
	SUBQ       R13, CX
	JNE        few

done:
	VZEROUPPER
	RET

// func sumTapsF32AVX2(dst, src []float32, taps []int, from, div float32)
TEXT ·sumTapsF32AVX2(SB), NOSPLIT, $0-80
	MOVQ                   dst_base+0(FP), DI
	MOVQ                   dst_len+8(FP), CX
	MOVQ                   src_base+24(FP), SI
	TAPS(taps_base+48(FP), taps_len+56(FP))
	VBROADCASTSS           from+72(FP), Y15
	VBROADCASTSS           div+76(FP), Y14
	MOVL                   div+76(FP), R12
	SUBQ                   $32, CX
	JLT                    rest

block:
	VMOVAPS Y15, Y0
	VMOVAPS Y15, Y1
	VMOVAPS Y15, Y2
	VMOVAPS Y15, Y3
	MOVQ    BX, AX

add:
	MOVQ   (AX), R10
	VADDPS (SI)(R10*4), Y0, Y0
	VADDPS 32(SI)(R10*4), Y1, Y1
	VADDPS 64(SI)(R10*4), Y2, Y2
	VADDPS 96(SI)(R10*4), Y3, Y3
	ADDQ   $8, AX
	CMPQ   AX, R9
	JLT    add
	CMPL   R12, $0x3f800000      // by 1 is as it is
	JEQ    store
	VDIVPS Y14, Y0, Y0
	VDIVPS Y14, Y1, Y1
	VDIVPS Y14, Y2, Y2
	VDIVPS Y14, Y3, Y3

store:
	VMOVUPS Y0, (DI)
	VMOVUPS Y1, 32(DI)
	VMOVUPS Y2, 64(DI)
	VMOVUPS Y3, 96(DI)
	ADDQ    $128, SI
	ADDQ    $128, DI
	SUBQ    $32, CX
	JGE     block

rest:
	ADDQ $32, CX
	JEQ  done

few:
	LEFT
	VMOVAPS Y15, Y0
	MOVQ    BX, AX

tap:
	MOVQ       (AX), R10
	VMASKMOVPS (SI)(R10*4), Y13, Y8
	VADDPS     Y8, Y0, Y0
	ADDQ       $8, AX
	CMPQ       AX, R9
	JLT        tap
	VDIVPS     Y14, Y0, Y0
	VMASKMOVPS Y0, Y13, (DI)
	ADDQ       $32, SI
	ADDQ       $32, DI
	SUBQ       R13, CX
	JNE        few

done:
	VZEROUPPER
	RET

// func noteTapsF32AVX2(note, none []int32, src, y []float32, taps []int)
TEXT ·noteTapsF32AVX2(SB), NOSPLIT, $0-120
	MOVQ note_base+0(FP), DI
	MOVQ note_len+8(FP), CX
	MOVQ none_base+24(FP), R14
	MOVQ src_base+48(FP), SI
	MOVQ y_base+72(FP), DX
	MOVQ taps_base+96(FP), BX
	MOVQ taps_len+104(FP), R12
	LEAQ -8(BX)(R12*8), R9     // the last tap
	DECQ R12                   // and its number
	SUBQ $32, CX
	JLT  rest

block:
	VMOVUPS (R14), Y0
	VMOVUPS 32(R14), Y1
	VMOVUPS 64(R14), Y2
	VMOVUPS 96(R14), Y3
	VMOVUPS (DX), Y4
	VMOVUPS 32(DX), Y5
	VMOVUPS 64(DX), Y6
	VMOVUPS 96(DX), Y7
	MOVQ    R9, AX
	MOVQ    R12, R11

look:
	MOVQ         (AX), R10
	VMOVD        R11, X8
	VPBROADCASTD X8, Y8
	VCMPPS       $0, (SI)(R10*4), Y4, Y9    // from the last tap to the first, which stays
	VCMPPS       $0, 32(SI)(R10*4), Y5, Y10
	VCMPPS       $0, 64(SI)(R10*4), Y6, Y11
	VCMPPS       $0, 96(SI)(R10*4), Y7, Y12
	VBLENDVPS    Y9, Y8, Y0, Y0
	VBLENDVPS    Y10, Y8, Y1, Y1
	VBLENDVPS    Y11, Y8, Y2, Y2
	VBLENDVPS    Y12, Y8, Y3, Y3
	SUBQ         $8, AX
	DECQ         R11
	JGE          look
	VMOVUPS      Y0, (DI)
	VMOVUPS      Y1, 32(DI)
	VMOVUPS      Y2, 64(DI)
	VMOVUPS      Y3, 96(DI)
	ADDQ         $128, R14
	ADDQ         $128, DX
	ADDQ         $128, SI
	ADDQ         $128, DI
	SUBQ         $32, CX
	JGE          block

rest:
	ADDQ $32, CX
	JEQ  done

few:
	LEFT
	VMASKMOVPS (R14), Y13, Y0
	VMASKMOVPS (DX), Y13, Y4
	MOVQ       R9, AX
	MOVQ       R12, R11

tap:
	MOVQ         (AX), R10
	VMOVD        R11, X8
	VPBROADCASTD X8, Y8
	VMASKMOVPS   (SI)(R10*4), Y13, Y9
	VCMPPS       $0, Y9, Y4, Y9
	VBLENDVPS    Y9, Y8, Y0, Y0
	SUBQ         $8, AX
	DECQ         R11
	JGE          tap
	VMASKMOVPS   Y0, Y13, (DI)
	ADDQ         $32, R14
	ADDQ         $32, DX
	ADDQ         $32, SI
	ADDQ         $32, DI
	SUBQ         R13, CX
	JNE          few

done:
	VZEROUPPER
	RET

// func pickTapsF32AVX2(dst, src []float32, note []int32, taps []Tap)
TEXT ·pickTapsF32AVX2(SB), NOSPLIT, $0-96
	MOVQ dst_base+0(FP), DI
	MOVQ dst_len+8(FP), CX
	MOVQ src_base+24(FP), SI
	MOVQ note_base+48(FP), DX
	MOVQ taps_base+72(FP), BX
	MOVQ taps_len+80(FP), R9
	SHLQ $4, R9
	ADDQ BX, R9
	SUBQ $32, CX
	JLT  rest

block:
	VXORPS Y0, Y0, Y0
	VXORPS Y1, Y1, Y1
	VXORPS Y2, Y2, Y2
	VXORPS Y3, Y3, Y3
	MOVQ   BX, AX

pick:
	MOVQ         (AX), R10
	VPBROADCASTD 8(AX), Y8
	VPCMPEQD     (DX)(R10*4), Y8, Y9
	VPCMPEQD     32(DX)(R10*4), Y8, Y10
	VPCMPEQD     64(DX)(R10*4), Y8, Y11
	VPCMPEQD     96(DX)(R10*4), Y8, Y12
	VANDPS       (SI)(R10*4), Y9, Y9     // +0 changes no sum that is not -0, and none is
	VANDPS       32(SI)(R10*4), Y10, Y10
	VANDPS       64(SI)(R10*4), Y11, Y11
	VANDPS       96(SI)(R10*4), Y12, Y12
	VADDPS       Y9, Y0, Y0
	VADDPS       Y10, Y1, Y1
	VADDPS       Y11, Y2, Y2
	VADDPS       Y12, Y3, Y3
	ADDQ         $16, AX
	CMPQ         AX, R9
	JLT          pick
	VMOVUPS      Y0, (DI)
	VMOVUPS      Y1, 32(DI)
	VMOVUPS      Y2, 64(DI)
	VMOVUPS      Y3, 96(DI)
	ADDQ         $128, DX
	ADDQ         $128, SI
	ADDQ         $128, DI
	SUBQ         $32, CX
	JGE          block

rest:
	ADDQ $32, CX
	JEQ  done

few:
	LEFT
	VXORPS Y0, Y0, Y0
	MOVQ   BX, AX

tap:
	MOVQ         (AX), R10
	VPBROADCASTD 8(AX), Y8
	VMASKMOVPS   (DX)(R10*4), Y13, Y4
	VMASKMOVPS   (SI)(R10*4), Y13, Y5
	VPCMPEQD     Y4, Y8, Y9
	VANDPS       Y5, Y9, Y9
	VADDPS       Y9, Y0, Y0
	ADDQ         $16, AX
	CMPQ         AX, R9
	JLT          tap
	VMASKMOVPS   Y0, Y13, (DI)
	ADDQ         $32, DX
	ADDQ         $32, SI
	ADDQ         $32, DI
	SUBQ         R13, CX
	JNE          few

done:
	VZEROUPPER
	RET
