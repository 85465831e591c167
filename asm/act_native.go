//go:build !noasm && (amd64 || arm64)

package asm

import "math"

// tailPow is tailT in such a way that bits of t, shifted left by 20, are yet to be
// added: k/8 to the exponent, while k mod 8, which would go to the fraction, is
// subtracted here. It stands twice, for 16 lanes.
//
//lint:ignore U1000 read by assembly
var tailPow = func() (pow [2 * len(tailT)]uint32) {
	for i := range pow {
		j := i % len(tailT)
		pow[i] = math.Float32bits(tailT[j]) - uint32(j)<<20
	}
	return pow
}()
