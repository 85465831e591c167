//go:build !noasm

package asm

import "math"

// actNEON and tailNEON hold the constants of generic_act.go in the order in which
// act_f32_neon_arm64.s loads them: those of sigmoid and tanh, those of GELU.
var (
	//lint:ignore U1000 read by assembly
	actNEON = [...]float32{
		expLog2E, expLn2Hi, expLn2Lo, expC5, expC4, expC3, expC2, expC1,
		expC0, 0, 0, 0, 0, 0, 0, 0,
		0, 0, 0, 0,
		expMagic, math.Float32frombits(1 << 31), 1, expLow,
		math.Float32frombits(127), 0, 0, 0,
		tanhLow,
	}
	//lint:ignore U1000 read by assembly
	tailNEON = [...]float32{
		tailLog, tailLn2Hi, tailLn2Lo, density, tailE[0], tailE[1], tailE[2], tailP[0],
		tailP[1], tailP[2], tailP[3], tailQ[0], tailQ[1], tailQ[2], tailQ[3], tailQ[4],
		0, math.Float32frombits(0x04040404), math.Float32frombits(0x08080808), math.Float32frombits(0x0c0c0c0c),
		expMagic, math.Float32frombits(1 << 31), 1, 0,
		math.Float32frombits(64 << 23), -geluTop, math.Float32frombits(0x1c1c1c1c), math.Float32frombits(0x03020100),
	}
)

// sigmoidF32NEON, tanhF32NEON, geluF32NEON and the gradients are the functions of
// the table with the same names.
//
//go:noescape
func sigmoidF32NEON(dst, src []float32)

//go:noescape
func tanhF32NEON(dst, src []float32)

//go:noescape
func geluF32NEON(dst, src []float32)

//go:noescape
func geluGradF32NEON(dx, dy, x []float32)

//go:noescape
func sigmoidGradF32NEON(dx, dy, y []float32)

//go:noescape
func tanhGradF32NEON(dx, dy, y []float32)
