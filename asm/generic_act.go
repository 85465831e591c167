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

// The tail of the normal distribution is Phi(-u) = e^(-u^2/2) m(u), m being Mills'
// ratio over sqrt(2 pi). For 0 <= u <= 14.3
//
//	e^(-u^2/2) = 2^k e^(-s/2),  k = round(-u^2/2 log2 e),  s = u^2 + 2k ln2,  |s| <= 0.7
//	c e^(-s/2) = s^6 + s^5 tailE[0] + ... + tailE[5]
//	m(u)/c     = (u^4 + u^3 tailP[0] + ... + tailP[3])/(u^5 tailQ[0] + ... + tailQ[5])
//
// minimax for the relative errors, 2^-27.4 and 2^-26.7; farther out the tail is
// nothing in float32. c, some 46254, is such that two powers need no factor. At 0
// the tail is 1/2 to the bit.
const (
	geluTop   = 16          // u is cut here
	tailLog   = -0.72134751 // -log2(e)/2
	tailLn2Hi = 0x1.62e4p0  // 2 ln2 to 15 bits, so that k*tailLn2Hi is exact
	tailLn2Lo = 2.8572135e-06
	tailUp    = 0x1p64                             // e is scaled by it, not to be denormal, and tailQ too
	density   = 0.3989422804 / 46254.4415 / tailUp // 1/(c sqrt(2 pi))
)

// The highest power first.
var (
	tailE = [...]float32{-12.105792, 120.458755, -963.62256, 5781.8047, -23127.22, 46254.44}
	tailP = [...]float32{9.882954, 44.605778, 106.77353, 121.91971}
	tailQ = [...]float32{
		115941.305 * tailUp, 1145930.5 * tailUp, 5285940 * tailUp,
		13548373 * tailUp, 18876570 * tailUp, 11278656 * tailUp,
	}
)

// tail32 returns u = |x|, cut to geluTop, Phi(-u), and e = c tailUp e^(-u^2/2).
func tail32(x float32) (u, tail, e float32) {
	u = abs32(x)
	if geluTop < u {
		u = geluTop
	}
	n := u + tailP[0]
	for _, c := range tailP[1:] {
		n = FMA32(n, u, c)
	}
	d := tailQ[0]
	for _, c := range tailQ[1:] {
		d = FMA32(d, u, c)
	}
	t := FMA32(float32(u*u), tailLog, expMagic)
	kf := t - expMagic
	s := FMA32(kf, tailLn2Lo, FMA32(u, u, float32(kf*tailLn2Hi)))
	p := s + tailE[0]
	for _, c := range tailE[1:] {
		p = FMA32(p, s, c)
	}
	// k+64 is added to the exponent. What becomes of a NaN is nothing beside n/d.
	e = math.Float32frombits(math.Float32bits(p) + (math.Float32bits(t)+64)<<23)
	return u, float32(e * float32(n/d)), e
}

// geluF32Generic computes x Phi(x) = max(x, 0) - u Phi(-u), where -Inf, not being
// cut, gives NaN.
func geluF32Generic(dst, src []float32) {
	src = src[:len(dst)]
	for i, x := range src {
		u, tail, _ := tail32(x)
		y := -u
		if x < 0 {
			x, y = negZero32, x
		}
		dst[i] = FMA32(y, tail, x)
	}
}

// geluGradF32Generic computes g = Phi(-u) - u Phi'(u) for x <= 0, 1 - g else.
func geluGradF32Generic(dx, dy, x []float32) {
	dy, x = dy[:len(dx)], x[:len(dx)]
	for i, v := range dy {
		u, tail, e := tail32(x[i])
		g := FMA32(-u, float32(e*density), tail)
		if x[i] > 0 {
			g = 1 - g
		}
		dx[i] = v * g
	}
}

func abs32(x float32) float32 { return math.Float32frombits(math.Float32bits(x) &^ (1 << 31)) }

// sign32 returns |x| with the sign of s.
func sign32(x, s float32) float32 {
	return math.Float32frombits(math.Float32bits(x)&^(1<<31) | math.Float32bits(s)&(1<<31))
}

var nan32 = float32(math.NaN())
