//go:build !noasm

package asm

import "math"

// actNEON holds the constants of generic_act.go in the order in which
// act_f32_neon_arm64.s loads them.
//
//lint:ignore U1000 read by assembly
var actNEON = [...]float32{
	expLog2E, expLn2Hi, expLn2Lo, expC5, expC4, expC3, expC2, expC1,
	expC0, invRt2P, millsU, 0,
	millsC[0], millsC[1], millsC[2], millsC[3], millsC[4], millsC[5], millsC[6], millsC[7], millsC[8], millsC[9], millsC[10], 0,
	expMagic, math.Float32frombits(1 << 31), 1, expLow,
	math.Float32frombits(127), geluTop, 0, -0.5,
	tanhLow,
}

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
