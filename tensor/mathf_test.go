package tensor

import (
	"math"
	"math/big"
	"testing"

	"github.com/stretchr/testify/require"
)

func ulps(got, want float64) float64 {
	if got == want {
		return 0
	}
	return math.Abs(got-want) / (math.Nextafter(math.Abs(want), math.Inf(1)) - math.Abs(want))
}

// bigExp sums the Taylor series of e^x in 300 bits.
func bigExp(x float64) float64 {
	const prec = 300
	r := new(big.Float).SetPrec(prec).SetFloat64(x)
	r.SetMantExp(r, -20) // e^x = (e^(x/2^20))^(2^20)
	sum, term := big.NewFloat(1).SetPrec(prec), big.NewFloat(1).SetPrec(prec)
	for n := 1; n < 40; n++ {
		term.Mul(term, r).Quo(term, big.NewFloat(float64(n)))
		sum.Add(sum, term)
	}
	for range 20 {
		sum.Mul(sum, sum)
	}
	f, _ := sum.Float64()
	return f
}

func TestExpIsWithinAnUlp(t *testing.T) {
	s := NewStream(1, "exp")
	for range 3000 {
		x := (s.Float64() - 0.5) * 1400
		require.LessOrEqual(t, ulps(Exp(x), bigExp(x)), 1.0, "exp(%v)", x)
		x /= 1000
		require.LessOrEqual(t, ulps(Exp(x), bigExp(x)), 1.0, "exp(%v)", x)
	}
	require.Equal(t, 1.0, Exp(0))
	require.Equal(t, math.Inf(1), Exp(710))
	require.Equal(t, 0.0, Exp(-746))
	require.Equal(t, 0.0, Exp(math.Inf(-1)))
	require.InDelta(t, 5e-324, Exp(-744.5), 5e-324)
	require.True(t, math.IsNaN(Exp(math.NaN())))
}

func TestLogInvertsExp(t *testing.T) {
	s := NewStream(1, "log")
	for range 3000 {
		x := math.Ldexp(1+s.Float64(), s.IntN(2000)-1000)
		// math.Log is within an ulp itself.
		require.LessOrEqual(t, ulps(Log(x), math.Log(x)), 2.0, "log(%v)", x)
	}
	for _, x := range []float64{1 - 1e-16, 1 + 3e-16, 0.999999, 1.0001, math.MaxFloat64} {
		require.LessOrEqual(t, ulps(Log(x), math.Log(x)), 2.0, "log(%v)", x)
	}
	// math.Log is wrong for denormals on amd64: -1074 log 2 by hand.
	require.LessOrEqual(t, ulps(-Log(5e-324), 744.44007192138126), 1.0)
	require.Equal(t, 0.0, Log(1))
	require.Equal(t, math.Inf(-1), Log(0))
	require.True(t, math.IsNaN(Log(-1)))
	require.Equal(t, math.Inf(1), Log(math.Inf(1)))
}

func TestTanhAndPow(t *testing.T) {
	for x := -30.0; x < 30; x += 0.00917 {
		require.InEpsilon(t, math.Tanh(x), Tanh(x), 1e-13, "tanh(%v)", x)
	}
	require.Equal(t, 0.0, Tanh(0))
	require.InEpsilon(t, math.Pow(3.7, -2.3), Pow(3.7, -2.3), 1e-14)
}
