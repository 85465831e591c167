package tensor

import "math"

// erfcCut is where the series of erf hands over to the continued fraction of
// erfc: below it few terms do, above it few levels.
const erfcCut = 1

// Erfc returns 1 - erf(x) = 2/sqrt(pi) times the integral of e^(-t^2) from x,
// within 8 + 2x^2 ulps, since e^(-x^2) multiplies the rounding of x^2. It
// underflows gradually.
func Erfc(x float64) float64 {
	switch {
	case x != x:
		return x
	case x < -erfcCut:
		return 2 - Erfc(-x)
	case x < erfcCut:
		return 1 - erfSeries(x)
	case x > 28:
		return 0
	}
	// Laplace's fraction x + (1/2)/(x + (2/2)/(x + (3/2)/(x + ...))), from far inside.
	f := x
	for k := 200; k > 0; k-- {
		f = x + float64(k)/2/f
	}
	return Exp(-float64(x*x)) / float64(f*math.Sqrt(math.Pi))
}

// erfSeries sums 2/sqrt(pi) e^(-x^2) (x + 2x^3/3 + 4x^5/15 + ...), whose terms
// have one sign, so that nothing cancels.
func erfSeries(x float64) float64 {
	xx := float64(x * x)
	term, sum := x, x
	for k := 3.0; math.Abs(term) > math.Abs(sum)*0x1p-56; k += 2 {
		term = float64(term * 2 * xx / k)
		sum += term
	}
	return sum * 2 / math.Sqrt(math.Pi) * Exp(-xx)
}
