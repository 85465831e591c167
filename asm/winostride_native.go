//go:build !noasm && (amd64 || arm64)

package asm

// strideConstants are those of generic_winostride.go in the order of winostride_amd64.h
// and winostride_f32_neon_arm64.s, in whole vectors of NEON.
//
//lint:ignore U1000 read by assembly
var strideConstants = [12]float32{
	sp1, sp2, sp3, sq1, sq2, sq3, sSum, sProd, spInv, -spInv, sqInv, -sqInv,
}
