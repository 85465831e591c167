package tensor

import "math"

// Exp, Log and their kin are this project's own, since math's differ in their
// last bits between architectures. They use only operations that IEEE 754
// rounds exactly: +, -, *, /, sqrt and fused multiply-add.

const (
	ln2Hi = 0x1.62e42fefa38p-1   // ln 2 to 41 bits: k*ln2Hi is exact for |k| < 2^12
	ln2Lo = 0x1.ef35793c7673p-45 // ln 2 - ln2Hi
	log2E = 0x1.71547652b82fep+0
)

// expCoeff holds 1/n! for n = 2..13; the next term is below 2^-57 for |r| <= ln2/2.
var expCoeff = [...]float64{
	1.0 / 2, 1.0 / 6, 1.0 / 24, 1.0 / 120, 1.0 / 720, 1.0 / 5040, 1.0 / 40320,
	1.0 / 362880, 1.0 / 3628800, 1.0 / 39916800, 1.0 / 479001600, 1.0 / 6227020800,
}

// Exp returns e^x within 1 ulp. Overflow gives +Inf, underflow rounds gradually.
func Exp(x float64) float64 {
	switch {
	case x != x:
		return x
	case x > 709.782712893384:
		return math.Inf(1)
	case x < -745.1332191019412:
		return 0
	}
	k := math.Floor(math.FMA(x, log2E, 0.5))
	r := math.FMA(-k, ln2Lo, math.FMA(-k, ln2Hi, x))
	p := expCoeff[len(expCoeff)-1]
	for i := len(expCoeff) - 2; i >= 0; i-- {
		p = math.FMA(p, r, expCoeff[i])
	}
	e := 1 + math.FMA(float64(r*r), p, r)
	// Two factors: 2^k itself may lie outside the range of a normal number.
	n := int(k)
	h := n / 2
	return e * pow2(h) * pow2(n-h)
}

// pow2 returns 2^k for -1022 <= k <= 1023.
func pow2(k int) float64 { return math.Float64frombits(uint64(k+1023) << 52) }

// logCoeff holds 2/(2n+1) for n = 1..11 of log((1+s)/(1-s)) = 2s + 2s^3/3 + ...;
// |s| <= 0.1716, so that the next term is below 2^-60.
var logCoeff = [...]float64{
	2.0 / 3, 2.0 / 5, 2.0 / 7, 2.0 / 9, 2.0 / 11, 2.0 / 13, 2.0 / 15, 2.0 / 17, 2.0 / 19, 2.0 / 21, 2.0 / 23,
}

// Log returns the natural logarithm of x within 1 ulp; -Inf at 0, NaN below.
func Log(x float64) float64 {
	switch {
	case x != x || x > math.MaxFloat64:
		return x
	case x == 0:
		return math.Inf(-1)
	case x < 0:
		return math.NaN()
	}
	m, e := math.Frexp(x)
	if m < math.Sqrt2/2 {
		m *= 2
		e--
	}
	f := m - 1
	s := f / (2 + f)
	z := float64(s * s)
	p := logCoeff[len(logCoeff)-1]
	for i := len(logCoeff) - 2; i >= 0; i-- {
		p = math.FMA(p, z, logCoeff[i])
	}
	// log m = f - s*(f - z*p): the leading term f is exact.
	k := float64(e)
	t := float64(s * math.FMA(-z, p, f))
	return math.FMA(k, ln2Hi, f-(t-float64(k*ln2Lo)))
}

// Pow returns x^y for x > 0 as Exp(y*Log(x)); the relative error grows with |y*Log(x)| ulps.
func Pow(x, y float64) float64 { return Exp(float64(y * Log(x))) }

// Tanh returns the hyperbolic tangent of x within about 2 ulp of 1.
func Tanh(x float64) float64 {
	a := math.Abs(x)
	var t float64
	switch {
	case a > 22:
		t = 1
	case a < 0.01:
		// x - x^3/3 + 2x^5/15 - 17x^7/315: the next term is below 2^-56 of x.
		z := float64(a * a)
		t = math.FMA(a, float64(z*math.FMA(z, math.FMA(z, -17.0/315, 2.0/15), -1.0/3)), a)
	default:
		e := Exp(2 * a)
		t = (e - 1) / (e + 1)
	}
	return math.Copysign(t, x)
}
