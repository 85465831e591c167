package experiments

import (
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"math"
	"testing"

	"github.com/stretchr/testify/require"

	"randalign/tensor"
)

var nan = math.NaN()

func TestStudentTQuantileAgainstTables(t *testing.T) {
	// Columns of a printed table (NIST/SEMATECH 1.3.6.7.2), three decimals.
	for _, row := range []struct {
		nu              float64
		p90, p975, p999 float64
	}{
		{1, 3.078, 12.706, 318.309}, {2, 1.886, 4.303, 22.327}, {4, 1.533, 2.776, 7.173}, {9, 1.383, 2.262, 4.297},
		{30, 1.310, 2.042, 3.385}, {100, 1.290, 1.984, 3.174}, {math.Inf(1), 1.282, 1.960, 3.090},
	} {
		require.InDelta(t, row.p90, StudentTQuantile(0.9, row.nu), 6e-4, "nu %v", row.nu)
		require.InDelta(t, row.p975, StudentTQuantile(0.975, row.nu), 6e-4, "nu %v", row.nu)
		require.InDelta(t, row.p999, StudentTQuantile(0.999, row.nu), 6e-3, "nu %v", row.nu)
	}
}

func TestStudentTClosedForms(t *testing.T) {
	for _, x := range []float64{-1e6, -40, -3, -0.5, 0, 1e-9, 0.2, 1, 7} {
		require.InEpsilon(t, 0.5+math.Atan(x)/math.Pi, StudentTCDF(x, 1), 1e-9, "Cauchy at %v", x)
		want := 0.5 + x/(2*math.Sqrt(2+x*x))
		require.InDelta(t, want, StudentTCDF(x, 2), 1e-14, "nu 2 at %v", x)
	}
	require.InEpsilon(t, StudentTCDF(-2, 999999), StudentTCDF(-2, 1000001), 1e-8, "the two branches meet")
	for _, nu := range []float64{0.7, 1, 3.3, 17, 250, 1e5} {
		for _, p := range []float64{1e-9, 0.01, 0.3, 0.5, 0.95, 0.999} {
			require.InEpsilon(t, p, StudentTCDF(StudentTQuantile(p, nu), nu), 1e-11, "round trip nu %v p %v", nu, p)
		}
	}
	require.True(t, math.IsNaN(StudentTQuantile(0.9, 0)))
	require.True(t, math.IsNaN(StudentTQuantile(1.1, 3)))
	require.True(t, math.IsInf(StudentTQuantile(1, 3), 1))
}

func TestNormalAndGammaAgainstMath(t *testing.T) {
	for _, z := range []float64{-30, -8, -3.01, -3, -2.99, -1, -1e-5, 0, 0.5, 2.5, 6} {
		require.InEpsilon(t, math.Erfc(-z/math.Sqrt2)/2, NormalCDF(z), 1e-11, "z %v", z)
	}
	require.InDelta(t, 1.959963984540054, NormalQuantile(0.975), 1e-13)
	for _, x := range []float64{0.1, 0.5, 1, 1.5, 2, 7.25, 15.9, 16, 300, 1e6} {
		want, _ := math.Lgamma(x)
		require.InDelta(t, want, logGamma(x), 1e-13*(1+math.Abs(want)), "x %v", x)
	}
}

func TestMeanIntervals(t *testing.T) {
	// 1..5: mean 3, s = sqrt(2.5), t(0.975, 4) = 2.776445.
	e := MeanCI([]float64{1, 2, 3, 4, 5}, 0.95)
	half := 2.7764451051977987 * math.Sqrt(2.5/5)
	require.InDelta(t, 3-half, e.Lo, 1e-10)
	require.InDelta(t, 3+half, e.Hi, 1e-10)
	require.Equal(t, 5, e.N)

	one := MeanCI([]float64{7}, 0.95)
	require.Equal(t, 7.0, one.Value)
	require.True(t, math.IsNaN(one.Lo) && math.IsNaN(one.Hi))
	require.True(t, math.IsNaN(MeanCI(nil, 0.95).Value))
	require.True(t, math.IsNaN(MeanCI([]float64{1, nan, 2}, 0.95).Lo))
	require.Equal(t, Estimate{4, 4, 4, 3}, MeanCI([]float64{4, 4, 4}, 0.95))
}

func TestRatios(t *testing.T) {
	// Equal ratios in every pair leave no spread, whatever the seeds' own spread.
	e := RatioCI([]float64{2, 20, 200}, []float64{1, 10, 100}, 0.95)
	require.InDelta(t, 2, e.Value, 1e-12)
	require.InDelta(t, 2, e.Lo, 1e-9)
	require.True(t, math.IsNaN(RatioCI([]float64{1, 0}, []float64{1, 1}, 0.95).Value))
	require.Panics(t, func() { RatioCI([]float64{1}, nil, 0.95) })

	// Unpaired: the example of NIST 1.3.5.3's method by hand; equal sizes and
	// variances give nu = 2(n-1) and the pooled standard error.
	a, b := []float64{1, 2, 3}, []float64{4, 5, 6}
	w := WelchCI(a, b, 0.95)
	half := 2.7764451051977987 * math.Sqrt(2.0/3)
	require.InDelta(t, -3-half, w.Lo, 1e-9)
	require.InDelta(t, -3+half, w.Hi, 1e-9)
	r := WelchRatioCI([]float64{math.Exp(1), math.Exp(2), math.Exp(3)}, []float64{math.Exp(4), math.Exp(5), math.Exp(6)}, 0.95)
	require.InEpsilon(t, math.Exp(w.Lo), r.Lo, 1e-9)
	require.InEpsilon(t, math.Exp(w.Hi), r.Hi, 1e-9)
}

func TestWilsonPublished(t *testing.T) {
	// Newcombe 1998, table I: 81/263, 15/148, 0/20, 1/29 by the score method.
	for _, c := range []struct {
		k, n   int
		lo, hi float64
	}{{81, 263, 0.2553, 0.3662}, {15, 148, 0.0624, 0.1605}, {0, 20, 0, 0.1611}, {1, 29, 0.0061, 0.1718}} {
		e := WilsonCI(c.k, c.n, 0.95)
		require.InDelta(t, c.lo, e.Lo, 5.1e-5)
		require.InDelta(t, c.hi, e.Hi, 5.1e-5)
	}
	require.Equal(t, 1.0, WilsonCI(5, 5, 0.95).Hi)
	require.True(t, math.IsNaN(WilsonCI(1, 0, 0.95).Value))
}

func TestQuantileAsNumPy(t *testing.T) {
	xs := []float64{9, 1, 4, 2}
	require.Equal(t, 3.0, Median(xs))
	require.InDelta(t, 1.75, Quantile(xs, 0.25), 1e-15)
	require.Equal(t, 9.0, Quantile(xs, 1))
	require.Equal(t, []float64{9, 1, 4, 2}, xs)
	require.True(t, math.IsNaN(Median(nil)))
	require.True(t, math.IsNaN(Median([]float64{1, nan})))
}

func TestBootstrapCoversAndRepeats(t *testing.T) {
	covered := 0
	s := tensor.NewStream(3, "bootstrap test")
	for range 200 {
		xs := make([]float64, 30)
		for i := range xs {
			xs[i] = 5 + s.Normal()
		}
		e := BootstrapCI(xs, Mean, 0.95, 400, s)
		if e.Lo < 5 && 5 < e.Hi {
			covered++
		}
	}
	// The percentile interval of 30 covers about 93 %; 5 deviations of a binomial below that is 168.
	require.Greater(t, covered, 168)
	require.Less(t, covered, 200)
	run := func() Estimate {
		return BootstrapCI([]float64{1, 5, 2}, Median, 0.9, 50, tensor.NewStream(1, "b"))
	}
	require.Equal(t, run(), run())
}

func TestTests(t *testing.T) {
	require.InDelta(t, 1, Pearson([]float64{1, 2, 3}, []float64{2, 4, 6}), 1e-15)
	require.InDelta(t, 0.5, Pearson([]float64{1, 2, 3}, []float64{1, 3, 2}), 1e-15)
	require.True(t, math.IsNaN(Pearson([]float64{1, 1}, []float64{1, 2})))
	// Student 1908, the sleep data: t = -4.0621, 9 degrees of freedom, p = 0.002833.
	drug1 := []float64{0.7, -1.6, -0.2, -1.2, -0.1, 3.4, 3.7, 0.8, 0.0, 2.0}
	drug2 := []float64{1.9, 0.8, 1.1, 0.1, -0.1, 4.4, 5.5, 1.6, 4.6, 3.4}
	require.InDelta(t, 0.002833, PairedTTest(drug1, drug2), 1e-6)
	// One tie; nine of nine the same way: 2/2^9.
	require.InDelta(t, 2.0/512, SignTest(drug1, drug2), 1e-15)
	require.Equal(t, 1.0, SignTest(nil, nil))
}

// TestSameBitsEverywhere holds statistics and a picture against the digest of
// linux/amd64: results are compared between machines of different kinds.
func TestSameBitsEverywhere(t *testing.T) {
	s := tensor.NewStream(9, "bits")
	h := sha256.New()
	put := func(xs ...float64) {
		for _, x := range xs {
			require.False(t, math.IsNaN(x)) // whose payload differs between machines
			h.Write(binary.LittleEndian.AppendUint64(nil, math.Float64bits(x)))
		}
	}
	for n := 3; n < 40; n++ {
		a, b := make([]float64, n), make([]float64, n)
		for i := range a {
			a[i], b[i] = 0.1+s.Float64(), tensor.Exp(s.Normal())
		}
		for _, e := range []Estimate{MeanCI(a, 0.95), DiffCI(a, b, 0.9), RatioCI(a, b, 0.95), WelchCI(a, b, 0.95), WelchRatioCI(a, b, 0.99),
			WilsonCI(n/3, n, 0.95), BootstrapCI(b, Median, 0.95, 20, s)} {
			put(e.Value, e.Lo, e.Hi)
		}
		put(Pearson(a, b), PairedTTest(a, b), SignTest(a, b), Std(b), Quantile(a, 0.3), StudentTCDF(b[0], a[0]*1e3))
	}
	h.Write([]byte(svgOf(t, hardChart())))
	require.Equal(t, "478121327b9420db2c9d5880c69308dc029c4bad8ed82700e747a8a324a9184b", hex.EncodeToString(h.Sum(nil)))
}

// For the mean the jackknife is Student's interval exactly.
func TestJackknifeOfTheMean(t *testing.T) {
	xs := []float64{3, 1, 4, 1, 5, 9, 2, 6}
	var without []float64
	for i := range xs {
		without = append(without, (Mean(xs)*8-xs[i])/7)
	}
	want, got := MeanCI(xs, 0.95), JackknifeCI(Mean(xs), without, 0.95)
	require.InDelta(t, want.Lo, got.Lo, 1e-12)
	require.InDelta(t, want.Hi, got.Hi, 1e-12)
	require.True(t, math.IsNaN(JackknifeCI(1, []float64{1, 2}, 0.95).Lo))
}
