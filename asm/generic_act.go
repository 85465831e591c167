package asm

import "math"

// The exponential behind sigmoid, tanh and GELU. Every operation is one that
// IEEE 754 rounds once, in the order written here on every path.
//
//	e^a = 2^k (1+q),  k = round(a log2 e),  r = a - k ln2,  |r| <= 0.35
//	q = e^r - 1 = r + r^2 (expC0 + r expC1 + ... + r^5 expC5)
//
// The polynomial is minimax for the relative error of q, 2^-32.
const (
	expMagic = 0x1.8p23 // adding it rounds to an integer, which stands in the low bits
	expLog2E = 0x1.715476p+0
	expLn2Hi = 0x1.62e43p-1 // k*expLn2Hi is a multiple of 2^-24, so that the difference from a is exact
	expLn2Lo = -0x1.05c61p-29
	expC0    = 0.5000000046
	expC1    = 0.1666666682
	expC2    = 0.04166635466
	expC3    = 0.008333273048
	expC4    = 0.001394100832
	expC5    = 0.000199141709

	// Below expLow e^a is 0 in float32.
	expLow = -105
	// From tanhLow on, e^a is nothing beside 1.
	tanhLow = -40
)

// expParts32 returns k and q of e^(a+low), |low| being far below |a|.
func expParts32(a, low float32) (k int32, q float32) {
	t := FMA32(a, expLog2E, expMagic)
	kf := t - expMagic
	r := FMA32(kf, -expLn2Lo, FMA32(kf, -expLn2Hi, a)) + low
	p := FMA32(r, expC5, expC4)
	p = FMA32(r, p, expC3)
	p = FMA32(r, p, expC2)
	p = FMA32(r, p, expC1)
	p = FMA32(r, p, expC0)
	return int32(math.Float32bits(t) - math.Float32bits(expMagic)), FMA32(float32(r*r), p, r)
}

// pow2f32 returns 2^k for -126 <= k <= 127.
func pow2f32(k int32) float32 { return math.Float32frombits(uint32(k+127) << 23) }

// expNeg32 returns e^(a+low) for a <= 0, within 1 ulp; NaN for NaN.
func expNeg32(a, low float32) float32 {
	if expLow > a {
		a = expLow
	}
	k, q := expParts32(a, low)
	// Two factors, since 2^k may be denormal; the first product is exact.
	h := k >> 1
	return float32((1+q)*pow2f32(h)) * pow2f32(k-h)
}

func leakyReluF32Generic(dst, src []float32, slope float32) {
	src = src[:len(dst)]
	for i, x := range src {
		if !(x > 0) {
			x *= slope
		}
		dst[i] = x
	}
}

func leakyReluGradF32Generic(dx, dy, y []float32, slope float32) {
	dy, y = dy[:len(dx)], y[:len(dx)]
	for i, g := range dy {
		if !(y[i] > 0) {
			g *= slope
		}
		dx[i] = g
	}
}

// sigmoidF32Generic computes e = e^-|x|; then e/(1+e) for x < 0, 1/(1+e) else.
func sigmoidF32Generic(dst, src []float32) {
	src = src[:len(dst)]
	for i, x := range src {
		e := expNeg32(-abs32(x), 0)
		num := float32(1)
		if x < 0 {
			num = e
		}
		dst[i] = num / (1 + e)
	}
}

func sigmoidGradF32Generic(dx, dy, y []float32) {
	dy, y = dy[:len(dx)], y[:len(dx)]
	for i, g := range dy {
		dx[i] = g * float32(y[i]*(1-y[i]))
	}
}

// tanhF32Generic computes m = e^(-2|x|) - 1, which never cancels since 2^k-1 is
// exact and q is small beside it; then -m/(2+m) with the sign of x.
func tanhF32Generic(dst, src []float32) {
	src = src[:len(dst)]
	for i, x := range src {
		a := -2 * abs32(x)
		if tanhLow > a {
			a = tanhLow
		}
		k, q := expParts32(a, 0)
		s := pow2f32(k)
		m := FMA32(s, q, s-1)
		dst[i] = sign32(m/(2+m), x)
	}
}

func tanhGradF32Generic(dx, dy, y []float32) {
	dy, y = dy[:len(dx)], y[:len(dx)]
	for i, g := range dy {
		dx[i] = g * FMA32(-y[i], y[i], 1)
	}
}

// The tail of the normal distribution is Phi(-u) = e^(-u^2/2) m(u), m being
// Mills' ratio over sqrt(2 pi): a polynomial of z = 1/(1 + 9u/32) - 1/2, minimax
// for the relative error on 0 <= u <= 14.6, 2^-28.7. Beyond it the tail is 0.
const (
	geluTop = 16 // u is cut here
	millsU  = 0.28125
	invRt2P = 0.39894228 // 1/sqrt(2 pi)
)

// millsC are the coefficients of m(u), the highest power of z first.
var millsC = [...]float32{
	-0.01842935938, 0.02963472394, 0.02787226678, -0.05871859984, -0.08221375131, 0.0718858672,
	0.3274125126, 0.5039921565, 0.5033951169, 0.3703153421, 0.1048793859,
}

// normal32 returns Phi(x), e = e^(-x^2/2), and x cut to |x| <= geluTop.
func normal32(x float32) (phi, e, cut float32) {
	u := abs32(x)
	if geluTop < u {
		u = geluTop
	}
	h := float32(u * u)
	e = expNeg32(-0.5*h, -0.5*FMA32(u, u, -h))
	z := 1/FMA32(millsU, u, 1) - 0.5
	m := millsC[0]
	for _, c := range millsC[1:] {
		m = FMA32(m, z, c)
	}
	phi = float32(e * m)
	if x > 0 {
		phi = 1 - phi
	}
	return phi, e, sign32(u, x)
}

func geluF32Generic(dst, src []float32) {
	src = src[:len(dst)]
	for i, x := range src {
		phi, _, _ := normal32(x)
		dst[i] = x * phi
	}
}

func geluGradF32Generic(dx, dy, x []float32) {
	dy, x = dy[:len(dx)], x[:len(dx)]
	for i, g := range dy {
		phi, e, u := normal32(x[i])
		dx[i] = g * FMA32(u, float32(e*invRt2P), phi)
	}
}

func abs32(x float32) float32 { return math.Float32frombits(math.Float32bits(x) &^ (1 << 31)) }

// sign32 returns |x| with the sign of s.
func sign32(x, s float32) float32 {
	return math.Float32frombits(math.Float32bits(x)&^(1<<31) | math.Float32bits(s)&(1<<31))
}

var nan32 = float32(math.NaN())
