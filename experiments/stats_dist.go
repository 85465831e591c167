package experiments

import (
	"math"

	"randalign/tensor"
)

// StudentTCDF returns P(T <= t) for nu > 0 degrees of freedom, which need not be
// whole; NaN for other nu.
func StudentTCDF(t, nu float64) float64 {
	switch {
	case t != t || !(nu > 0):
		return math.NaN()
	case math.IsInf(nu, 1):
		return NormalCDF(t)
	case nu > 1e6: // the fraction's logarithms cancel; Abramowitz and Stegun 26.7.8 is good to 1/nu^2
		return NormalCDF(t * (1 - 1/(4*nu)) / math.Sqrt(1+float64(t*t)/(2*nu)))
	}
	tt := float64(t * t)
	var tail float64 // P(|T| > |t|)
	if math.IsInf(tt, 1) {
		tail = 0
	} else {
		tail = incompleteBeta(nu/2, 0.5, nu/(nu+tt), tt/(nu+tt))
	}
	if t > 0 {
		return 1 - tail/2
	}
	return tail / 2
}

// StudentTQuantile returns the t with P(T <= t) = p; NaN unless 0 <= p <= 1 and nu > 0.
func StudentTQuantile(p, nu float64) float64 {
	if !(nu > 0) {
		return math.NaN()
	}
	return quantileOf(func(t float64) float64 { return StudentTCDF(t, nu) }, p)
}

// NormalQuantile returns the z with NormalCDF(z) = p; NaN unless 0 <= p <= 1.
func NormalQuantile(p float64) float64 { return quantileOf(NormalCDF, p) }

// quantileOf inverts the cdf of a law that is symmetric about 0, by bisection:
// slow, but nothing in it can fail to converge.
func quantileOf(cdf func(float64) float64, p float64) float64 {
	switch {
	case !(p >= 0 && p <= 1):
		return math.NaN()
	case p == 0.5:
		return 0
	case p > 0.5:
		return -quantileOf(cdf, 1-p) // the lower tail keeps its relative accuracy
	case p == 0:
		return math.Inf(-1)
	}
	lo, hi := -1.0, 0.0
	for cdf(lo) > p {
		hi = lo
		lo *= 2
	}
	for range 200 {
		mid := lo + (hi-lo)/2
		if mid <= lo || mid >= hi {
			break
		}
		if cdf(mid) < p {
			lo = mid
		} else {
			hi = mid
		}
	}
	return hi
}

// NormalCDF returns P(Z <= z) of the standard normal law, with relative accuracy
// in the lower tail.
func NormalCDF(z float64) float64 {
	const invSqrt2Pi = 0.3989422804014327
	switch {
	case z != z:
		return z
	case z > 0:
		return 1 - NormalCDF(-z)
	}
	x := -z
	density := invSqrt2Pi * tensor.Exp(-float64(x*x)/2)
	if x > 3 {
		// Laplace's continued fraction of the tail, from the inside out: 100 terms suffice from 3 on.
		f := x
		for k := 100; k > 0; k-- {
			f = x + float64(k)/f
		}
		return density / f
	}
	// 1/2 - density (x + x^3/3 + x^5/15 + ...)
	sum, term := x, x
	for k := 3.0; term > 1e-18*sum; k += 2 {
		term = float64(term*float64(x*x)) / k
		sum += term
	}
	return 0.5 - float64(density*sum)
}

// incompleteBeta returns the regularised I_x(a, b), y being 1-x, given apart
// since 1-x would lose its digits near 1.
func incompleteBeta(a, b, x, y float64) float64 {
	if x <= 0 || y <= 0 {
		if x <= 0 {
			return 0
		}
		return 1
	}
	front := tensor.Exp(logGamma(a+b) - logGamma(a) - logGamma(b) +
		float64(a*tensor.Log(x)) + float64(b*tensor.Log(y)))
	if x < (a+1)/(a+b+2) {
		return front * betaFraction(a, b, x) / a
	}
	return 1 - front*betaFraction(b, a, y)/b
}

// betaFraction is the continued fraction of the incomplete beta function by
// Lentz's method, quick where x < (a+1)/(a+b+2) (DLMF 8.17.22).
func betaFraction(a, b, x float64) float64 {
	const tiny = 1e-300 // stands in for a zero denominator
	guard := func(v float64) float64 {
		if math.Abs(v) < tiny {
			return tiny
		}
		return v
	}
	c := 1.0
	d := 1 / guard(1-float64((a+b)*x)/(a+1))
	f := d
	for i := range 100000 { // about sqrt(max(a, b)) steps are needed
		m := float64(i + 1)
		step := func(num float64) float64 {
			d = 1 / guard(1+float64(num*d))
			c = guard(1 + num/c)
			delta := float64(c * d)
			f *= delta
			return delta
		}
		a2m := a + 2*m
		step(float64(float64(m*(b-m))*x) / float64((a2m-1)*a2m))
		delta := step(-float64(float64((a+m)*(a+b+m))*x) / float64(a2m*(a2m+1)))
		if math.Abs(delta-1) < 1e-15 {
			break
		}
	}
	return f
}

// logGamma is log Gamma(x) for x > 0: Stirling's series above 16, reached by the
// recurrence. math.Lgamma's last bits depend on the architecture.
func logGamma(x float64) float64 {
	const halfLog2Pi = 0.9189385332046727
	p := 1.0
	for x < 16 {
		p *= x
		x++
	}
	r := 1 / x
	rr := float64(r * r)
	// B_2k / (2k (2k-1)): the next term is below 1e-16 at 16.
	s := 1.0 / 1188
	for _, c := range [...]float64{-1.0 / 1680, 1.0 / 1260, -1.0 / 360, 1.0 / 12} {
		s = c + float64(s*rr)
	}
	return float64((x-0.5)*tensor.Log(x)) - x + halfLog2Pi + float64(s*r) - tensor.Log(p)
}
