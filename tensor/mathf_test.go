package tensor

import (
	"math"
	"math/big"
	"testing"

	"github.com/stretchr/testify/require"
)

// precision is that of the series by which Exp and Log are judged, in bits.
const precision = 300

func bigFloat(x float64) *big.Float { return new(big.Float).SetPrec(precision).SetFloat64(x) }

func ulps(got, want float64) float64 { return bigUlps(got, bigFloat(want)) }

// bigUlps returns how far got is from want, in units of want's last place.
func bigUlps(got float64, want *big.Float) float64 {
	near, _ := want.Float64()
	near = math.Abs(near)
	d := new(big.Float).Sub(bigFloat(got), want)
	d.Quo(d, bigFloat(math.Nextafter(near, math.Inf(1))-near))
	u, _ := d.Abs(d).Float64()
	return u
}

// bigExp sums the Taylor series of e^x.
func bigExp(x float64) *big.Float {
	r := bigFloat(x)
	r.SetMantExp(r, -20) // e^x = (e^(x/2^20))^(2^20)
	sum, term := bigFloat(1), bigFloat(1)
	for n := 1; n < 40; n++ {
		term.Mul(term, r).Quo(term, bigFloat(float64(n)))
		sum.Add(sum, term)
	}
	for range 20 {
		sum.Mul(sum, sum)
	}
	return sum
}

// bigLog is e*log 2 + log m of x = m*2^e.
func bigLog(x float64) *big.Float {
	m, e := math.Frexp(x)
	if m < math.Sqrt2/2 {
		m *= 2
		e--
	}
	sum := logRatio(new(big.Float).Quo(bigFloat(m-1), new(big.Float).Add(bigFloat(m), bigFloat(1))))
	two := logRatio(new(big.Float).Quo(bigFloat(1), bigFloat(3)))
	return sum.Add(sum, two.Mul(two, bigFloat(float64(e))))
}

// logRatio sums log((1+s)/(1-s)) = 2s + 2s^3/3 + 2s^5/5 + ... for |s| <= 1/3.
func logRatio(s *big.Float) *big.Float {
	sum, square := bigFloat(0), new(big.Float).Mul(s, s)
	power := new(big.Float).Add(s, s)
	for n := 1; n < 200; n += 2 {
		sum.Add(sum, new(big.Float).Quo(power, bigFloat(float64(n))))
		power.Mul(power, square)
	}
	return sum
}

func TestExpIsWithinAnUlp(t *testing.T) {
	s := NewStream(1, "exp")
	for i := range 3000 {
		x := (s.Float64() - 0.5) * []float64{1400, 1.4, 0x1p-20}[i%3]
		require.LessOrEqual(t, bigUlps(Exp(x), bigExp(x)), 1.0, "exp(%v)", x)
	}
	for _, x := range []float64{709.782712893383, -708.4, -740, -744.5, -745.13} { // the ends of the range, denormals
		require.LessOrEqual(t, bigUlps(Exp(x), bigExp(x)), 1.0, "exp(%v)", x)
	}
	require.Equal(t, 1.0, Exp(0))
	require.Equal(t, math.Inf(1), Exp(710))
	require.Equal(t, 0.0, Exp(-746))
	require.Equal(t, 0.0, Exp(math.Inf(-1)))
	require.True(t, math.IsNaN(Exp(math.NaN())))
}

func TestLogIsWithinAnUlp(t *testing.T) {
	s := NewStream(1, "log")
	for i := range 3000 {
		x := math.Ldexp(1+s.Float64(), s.IntN(2098)-1074) // denormals too
		switch i % 3 {
		case 1:
			x = 0.5 + 1.5*s.Float64()
		case 2: // close to 1
			x = 1 + (s.Float64()-0.5)*math.Ldexp(1, -s.IntN(50))
		}
		require.LessOrEqual(t, bigUlps(Log(x), bigLog(x)), 1.0, "log(%v)", x)
	}
	for _, x := range []float64{1 - 0x1p-53, 1 + 0x1p-52, math.Sqrt2, math.Sqrt2 / 2, 0x1p-1022, math.MaxFloat64, math.SmallestNonzeroFloat64} {
		require.LessOrEqual(t, bigUlps(Log(x), bigLog(x)), 1.0, "log(%v)", x)
	}
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
