package asm

import "math"

// The exponential behind sigmoid and tanh. Every operation is one that
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

// expParts32 returns k and q of e^a.
func expParts32(a float32) (k int32, q float32) {
	t := FMA32(a, expLog2E, expMagic)
	kf := t - expMagic
	r := FMA32(kf, -expLn2Lo, FMA32(kf, -expLn2Hi, a))
	p := FMA32(r, expC5, expC4)
	p = FMA32(r, p, expC3)
	p = FMA32(r, p, expC2)
	p = FMA32(r, p, expC1)
	p = FMA32(r, p, expC0)
	return int32(math.Float32bits(t) - math.Float32bits(expMagic)), FMA32(float32(r*r), p, r)
}

// pow2f32 returns 2^k for -126 <= k <= 127.
func pow2f32(k int32) float32 { return math.Float32frombits(uint32(k+127) << 23) }

// expNeg32 returns e^a for a <= 0, within 1 ulp; NaN for NaN.
func expNeg32(a float32) float32 {
	if expLow > a {
		a = expLow
	}
	k, q := expParts32(a)
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
		e := expNeg32(-abs32(x))
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
		k, q := expParts32(a)
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
// ratio over sqrt(2 pi). With v = -u, 0 <= u <= 14.3 and some a and b
//
//	e^(-u^2/2) = 2^(k/8) e^(-s/2),  k = round(-4 u^2 log2 e),  s = u^2 + k/4 ln2,  |s| <= 0.0868
//	a e^(-s/2) = s^3 + s^2 tailE[0] + s tailE[1] + tailE[2]
//	b m(u)     = (v^4 + v^3 tailP[0] + ... + tailP[3])/(v^5 + v^4 tailQ[0] + ... + tailQ[4])
//
// minimax for the relative errors, 2^-25.7 and 2^-26.7; farther out the tail is
// nothing in float32. tailT has 2^(j/8)/(ab) for j = k mod 8. Each number was then
// moved by some units of its last place, as long as the largest of all errors fell.
// At 0 the tail is 1/2 to the bit.
const (
	geluTop   = 15          // u is cut here
	tailLog   = -5.77078009 // -4 log2(e)
	tailLn2Hi = 0x1.62ep-3  // ln2/4 to 12 bits, so that k*tailLn2Hi is exact
	tailLn2Lo = 7.98654624e-06
	tailUp    = 0x1p64                // e is scaled by it, not to be denormal, and the denominator too
	density   = -0.999988013 / tailUp // the density of the normal distribution over e
)

// The highest power first.
var (
	tailE = [...]float32{-6.00128317, 24.0022717, -48.0045204}
	tailP = [...]float32{-9.88296509, 44.6058044, -106.773643, 121.919998}
	tailQ = [...]float32{-9.88372421 * tailUp, 45.5915565 * tailUp, -116.85556 * tailUp, 162.811752 * tailUp, -97.2792587 * tailUp}
)

var tailT = [8]float32{
	0.00831061509 * tailUp, 0.00906279031 * tailUp, 0.00988304242 * tailUp, 0.010777534 * tailUp,
	0.0117529845 * tailUp, 0.0128167206 * tailUp, 0.0139767332 * tailUp, 0.0152417365 * tailUp,
}

// tail32 returns v = -|x|, cut to -geluTop, and e and r, whose product is Phi(v).
func tail32(x float32) (v, e, r float32) {
	v = -abs32(x)
	if v < -geluTop {
		v = -geluTop
	}
	n := v + tailP[0]
	for _, c := range tailP[1:] {
		n = FMA32(n, v, c)
	}
	d := float32(v*tailUp) + tailQ[0]
	for _, c := range tailQ[1:] {
		d = FMA32(d, v, c)
	}
	t := FMA32(float32(v*v), tailLog, expMagic)
	kf := t - expMagic
	s := FMA32(kf, tailLn2Lo, FMA32(v, v, float32(kf*tailLn2Hi)))
	p := s + tailE[0]
	for _, c := range tailE[1:] {
		p = FMA32(p, s, c)
	}
	// k stands in the low bits of t. What becomes of a NaN is nothing beside n/d.
	k := math.Float32bits(t)
	pow := math.Float32frombits(math.Float32bits(tailT[k%8]) + k>>3<<23)
	return v, float32(p * pow), n / d
}

// geluF32Generic computes x Phi(x) = max(x, 0) - u Phi(-u), where -Inf, not being
// cut, gives NaN.
func geluF32Generic(dst, src []float32) {
	src = src[:len(dst)]
	for i, x := range src {
		v, e, r := tail32(x)
		if x < 0 {
			x, v = negZero32, x
		}
		dst[i] = FMA32(v, float32(e*r), x)
	}
}

// geluGradF32Generic computes g = Phi(-u) - u Phi'(u) for x <= 0, 1 - g else.
func geluGradF32Generic(dx, dy, x []float32) {
	dy, x = dy[:len(dx)], x[:len(dx)]
	for i, g := range dy {
		v, e, r := tail32(x[i])
		f := float32(e * FMA32(v, density, r))
		if x[i] > 0 {
			f = 1 - f
		}
		dx[i] = g * f
	}
}

func abs32(x float32) float32 { return math.Float32frombits(math.Float32bits(x) &^ (1 << 31)) }

// sign32 returns |x| with the sign of s.
func sign32(x, s float32) float32 {
	return math.Float32frombits(math.Float32bits(x)&^(1<<31) | math.Float32bits(s)&(1<<31))
}

var nan32 = float32(math.NaN())
