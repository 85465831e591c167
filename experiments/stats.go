package experiments

import (
	"math"
	"slices"

	"randalign/tensor"
)

// Estimate is a statistic and its interval. Lo and Hi are NaN where there is no
// interval, as with one seed; Value is NaN where the statistic is undefined.
type Estimate struct {
	Value, Lo, Hi float64
	N             int // observations (seeds, pairs) behind it
}

// Single is a value without an interval, such as one from a deterministic computation.
func Single(v float64) Estimate { return Estimate{v, math.NaN(), math.NaN(), 1} }

func noEstimate(n int) Estimate { return Estimate{math.NaN(), math.NaN(), math.NaN(), n} }

// Mean returns the arithmetic mean, NaN if xs is empty.
func Mean(xs []float64) float64 {
	var sum float64
	for _, x := range xs {
		sum += x
	}
	return sum / float64(len(xs))
}

// Std returns the sample standard deviation (divisor n-1), NaN for fewer than two values.
func Std(xs []float64) float64 {
	if len(xs) < 2 {
		return math.NaN()
	}
	m := Mean(xs)
	var sum float64
	for _, x := range xs {
		sum += float64((x - m) * (x - m))
	}
	return math.Sqrt(sum / float64(len(xs)-1))
}

// Median is Quantile(xs, 0.5).
func Median(xs []float64) float64 { return Quantile(xs, 0.5) }

// Quantile returns the q-quantile of xs, interpolated linearly between order
// statistics (type 7 of Hyndman and Fan, as NumPy and R do by default). It is
// NaN if xs is empty or holds a NaN, or if q is outside [0, 1]. xs is not changed.
func Quantile(xs []float64, q float64) float64 {
	if len(xs) == 0 || !(q >= 0 && q <= 1) || slices.ContainsFunc(xs, math.IsNaN) {
		return math.NaN()
	}
	s := slices.Clone(xs)
	slices.Sort(s)
	h := float64(q * float64(len(s)-1))
	i := int(h)
	if i+1 >= len(s) || s[i] == s[i+1] {
		return s[i]
	}
	return s[i] + float64((h-float64(i))*(s[i+1]-s[i]))
}

// MeanCI returns the mean of xs with its Student t interval of the given level
// (as 0.95). One value has no interval; a NaN in xs makes everything undefined.
func MeanCI(xs []float64, level float64) Estimate {
	n := len(xs)
	if n < 2 {
		return Estimate{Mean(xs), math.NaN(), math.NaN(), n}
	}
	return tInterval(Mean(xs), Std(xs)/math.Sqrt(float64(n)), float64(n-1), level, n)
}

func tInterval(m, se, nu, level float64, n int) Estimate {
	if se == 0 { // nu is undefined then in Welch's formula
		return Estimate{m, m, m, n}
	}
	h := float64(StudentTQuantile((1+level)/2, nu) * se)
	return Estimate{m, m - h, m + h, n}
}

// DiffCI returns the mean of a[i]-b[i], paired over seeds, with its t interval.
// It panics if the lengths differ.
func DiffCI(a, b []float64, level float64) Estimate {
	return MeanCI(pairwise(a, b, func(x, y float64) float64 { return x - y }), level)
}

// RatioCI returns the geometric mean of a[i]/b[i], paired over seeds, with the t
// interval of the mean log ratio, exponentiated. Undefined unless every value is
// positive. It panics if the lengths differ.
func RatioCI(a, b []float64, level float64) Estimate {
	return expEstimate(MeanCI(pairwise(a, b, func(x, y float64) float64 { return logPositive(x) - logPositive(y) }), level))
}

// WelchCI returns mean(a) - mean(b) of two independent samples with Welch's
// interval; there is none unless both have two values or more.
func WelchCI(a, b []float64, level float64) Estimate {
	na, nb := float64(len(a)), float64(len(b))
	d := Mean(a) - Mean(b)
	if len(a) < 2 || len(b) < 2 {
		return Estimate{d, math.NaN(), math.NaN(), len(a) + len(b)}
	}
	sa, sb := Std(a), Std(b)
	va, vb := float64(sa*sa)/na, float64(sb*sb)/nb
	v := va + vb
	nu := float64(v*v) / (float64(va*va)/(na-1) + float64(vb*vb)/(nb-1))
	return tInterval(d, math.Sqrt(v), nu, level, len(a)+len(b))
}

// WelchRatioCI returns the ratio of the geometric means of two independent
// samples with Welch's interval on the logarithms. Undefined unless every value
// is positive.
func WelchRatioCI(a, b []float64, level float64) Estimate {
	return expEstimate(WelchCI(logsOf(a), logsOf(b), level))
}

// BootstrapCI returns stat(xs) with its percentile interval over draws
// resamples, taken from s. Undefined if xs is empty or draws < 1; resamples on
// which stat is NaN make the interval undefined.
func BootstrapCI(xs []float64, stat func([]float64) float64, level float64, draws int, s *tensor.Stream) Estimate {
	if len(xs) == 0 || draws < 1 {
		return noEstimate(len(xs))
	}
	values, sample := make([]float64, draws), make([]float64, len(xs))
	for i := range values {
		for j := range sample {
			sample[j] = xs[s.IntN(len(xs))]
		}
		values[i] = stat(sample)
	}
	return Estimate{stat(xs), Quantile(values, (1-level)/2), Quantile(values, (1+level)/2), len(xs)}
}

// WilsonCI returns the share k/n with Wilson's score interval, which stays
// within [0, 1] and has a width even at 0 and 1. Undefined unless 0 <= k <= n, n > 0.
func WilsonCI(k, n int, level float64) Estimate {
	if n <= 0 || k < 0 || k > n {
		return noEstimate(n)
	}
	z, fn := NormalQuantile((1+level)/2), float64(n)
	p, zz := float64(k)/fn, float64(z*z)
	mid := (p + zz/(2*fn)) / (1 + zz/fn)
	half := float64(z*math.Sqrt(float64(p*(1-p))/fn+zz/(4*float64(fn*fn)))) / (1 + zz/fn)
	e := Estimate{p, max(0, mid-half), min(1, mid+half), n}
	if k == 0 {
		e.Lo = 0 // mid and half are equal but for rounding
	}
	if k == n {
		e.Hi = 1
	}
	return e
}

// Pearson returns the correlation of x and y, NaN for fewer than two pairs or
// where one of them is constant. It panics if the lengths differ.
func Pearson(x, y []float64) float64 {
	mx, my := Mean(x), Mean(y)
	var sxx, syy, sxy float64
	for i, d := range pairwise(x, y, func(x, _ float64) float64 { return x - mx }) {
		e := y[i] - my
		sxx += float64(d * d)
		syy += float64(e * e)
		sxy += float64(d * e)
	}
	if sxx == 0 || syy == 0 {
		return math.NaN()
	}
	return max(-1, min(1, sxy/math.Sqrt(sxx)/math.Sqrt(syy)))
}

// PairedTTest returns the two-sided p-value of Student's test that the mean of
// a[i]-b[i] is 0, NaN for fewer than two pairs. It panics if the lengths differ.
func PairedTTest(a, b []float64) float64 {
	d := pairwise(a, b, func(x, y float64) float64 { return x - y })
	m, s := Mean(d), Std(d)
	switch {
	case s == 0 && m == 0:
		return 1
	case s == 0:
		return 0
	}
	n := float64(len(d))
	return 2 * StudentTCDF(-math.Abs(m)/(s/math.Sqrt(n)), n-1)
}

// SignTest returns the exact two-sided p-value of the test that a[i]-b[i] has
// median 0; ties are left out. It is 1 if nothing is left, NaN if a difference
// is. It panics if the lengths differ.
func SignTest(a, b []float64) float64 {
	var up, n int
	for _, d := range pairwise(a, b, func(x, y float64) float64 { return x - y }) {
		if d != d {
			return math.NaN()
		}
		if d != 0 {
			n++
		}
		if d > 0 {
			up++
		}
	}
	// The sum of n choose k, over 2^n, in logarithms: 2^-n underflows from n = 1075.
	logC, p := -float64(n)*math.Ln2, 0.0
	for k := range min(up, n-up) + 1 {
		p += tensor.Exp(logC)
		logC += tensor.Log(float64(n-k)) - tensor.Log(float64(k+1))
	}
	return min(1, 2*p)
}

func pairwise(a, b []float64, f func(x, y float64) float64) []float64 {
	if len(a) != len(b) {
		panic("experiments: paired statistics of samples of different lengths")
	}
	d := make([]float64, len(a))
	for i := range d {
		d[i] = f(a[i], b[i])
	}
	return d
}

// logPositive is NaN at 0 too, so that no infinite mean is made of a zero.
func logPositive(x float64) float64 {
	if !(x > 0) {
		return math.NaN()
	}
	return tensor.Log(x)
}

func logsOf(xs []float64) []float64 {
	l := make([]float64, len(xs))
	for i, x := range xs {
		l[i] = logPositive(x)
	}
	return l
}

func expEstimate(e Estimate) Estimate {
	return Estimate{tensor.Exp(e.Value), tensor.Exp(e.Lo), tensor.Exp(e.Hi), e.N}
}

// JackknifeCI is the interval of a statistic of pooled data by Tukey's
// jackknife: value is the statistic of all n groups, without[i] that of all but
// group i. The standard error is sqrt((n-1)/n sum (without[i] - mean)^2), the
// interval Student's with n-1 degrees of freedom. Fewer than three groups give
// no interval.
func JackknifeCI(value float64, without []float64, level float64) Estimate {
	n := len(without)
	if n < 3 {
		return Estimate{value, math.NaN(), math.NaN(), n}
	}
	m := Mean(without)
	var sum float64
	for _, x := range without {
		sum += float64((x - m) * (x - m))
	}
	h := StudentTQuantile((1+level)/2, float64(n-1)) * math.Sqrt(sum*float64(n-1)/float64(n))
	return Estimate{value, value - h, value + h, n}
}
