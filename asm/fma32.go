package asm

import "math"

// FMA32 returns x*y + z, rounded once. The product is exact in float64. Adding
// z rounds to 53 bits, and converting to 24 rounds again, which goes wrong only
// where the first result lies half-way between two float32s, or where the
// second is denormal; there the sum is rounded to odd instead (Boldo and
// Melquiond, theorem 1), after which the conversion cannot err.
func FMA32(x, y, z float32) float32 {
	p := float64(float64(x) * float64(y))
	s := p + float64(z)
	b := math.Float64bits(s)
	const (
		halfWay   = 1 << 28    // what a float32 drops from a float64, at the midpoint
		dropped   = 1<<29 - 1  // the bits that it drops
		minNormal = 1023 - 126 // biased exponent of the least normal float32
		inf       = 2047       // biased exponent of Inf and NaN
	)
	e := b >> 52 & 0x7ff
	if b&dropped != halfWay && e >= minNormal || s == 0 || e == inf {
		return float32(s)
	}
	// Knuth's two-sum: p + z = s + err exactly.
	t := s - p
	err := (p - (s - t)) + (float64(z) - t)
	if err != 0 && b&1 == 0 {
		if (err > 0) == (s > 0) {
			b++
		} else {
			b--
		}
	}
	return float32(math.Float64frombits(b))
}
