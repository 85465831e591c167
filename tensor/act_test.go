package tensor

import (
	"math"
	"testing"

	"github.com/stretchr/testify/require"

	"randalign/asm/asmtest"
)

func TestErfcAgainstTheLibrary(t *testing.T) {
	for x := -7.0; x < 26; x += 0.00731 {
		// math.Erfc errs by less than an ulp; e^(-x^2) multiplies the rounding of x^2.
		require.LessOrEqual(t, ulps(Erfc(x), math.Erfc(x)), 8+2*x*x, "erfc(%v)", x)
	}
	require.Equal(t, 1.0, Erfc(0))
	require.Equal(t, 0.0, Erfc(math.Inf(1)))
	require.Equal(t, 2.0, Erfc(math.Inf(-1)))
	require.True(t, math.IsNaN(Erfc(math.NaN())))
}

// ulps32 is the distance in units of the last place of a float32 next to want.
func ulps32(got float32, want float64) float64 {
	w := math.Abs(want)
	_, e := math.Frexp(w)
	return math.Abs(float64(got)-want) / math.Ldexp(1, max(e-24, -149))
}

// everyFloat32 calls f with slices of finite float32s of both signs: every
// step-th of all, which a step that is odd spreads over all exponents.
func everyFloat32(step uint32, f func(x []float32)) {
	x := make([]float32, 0, 4096)
	for b := uint64(0); b < 0x7f800000; b += uint64(step) {
		v := math.Float32frombits(uint32(b))
		x = append(x, v, -v)
		if len(x) == cap(x) {
			f(x)
			x = x[:0]
		}
	}
	f(x)
}

// The float32 forms against the library in float64. The bounds hold for every
// float32 (step 1, which takes minutes); the test takes a sample of all.
func TestActivationsOfEveryFloat32(t *testing.T) {
	phi := func(x float64) float64 { return 0.5 * math.Erfc(-x/math.Sqrt2) }
	for _, tc := range []struct {
		name  string
		f     func(dst, src []float32)
		want  func(x float64) float64
		bound float64 // ulps
		floor float64 // or this much
	}{
		{"sigmoid", MapSigmoid[float32], func(x float64) float64 {
			if x < 0 {
				return math.Exp(x) / (1 + math.Exp(x))
			}
			return 1 / (1 + math.Exp(-x))
		}, 2.5, 0},
		{"tanh", MapTanh[float32], math.Tanh, 2.6, 0},
		{"gelu", MapGELU[float32], func(x float64) float64 { return x * phi(x) }, 7, 0x1p-145},
		{"gelu gradient", func(dst, src []float32) {
			for i := range dst {
				dst[i] = 1
			}
			GELUGrad(dst, dst, src)
		}, func(x float64) float64 { return phi(x) + x*math.Exp(-x*x/2)/math.Sqrt(2*math.Pi) }, 0.5, 0x1p-22},
	} {
		t.Run(tc.name, func(t *testing.T) {
			y := make([]float32, 4096)
			worst, at := 0.0, float32(0)
			everyFloat32(2003, func(x []float32) {
				tc.f(y[:len(x)], x)
				for i, v := range x {
					want := tc.want(float64(v))
					u := ulps32(y[i], want)
					if math.Abs(float64(y[i])-want) <= tc.floor {
						continue
					}
					if !(u <= worst) {
						worst, at = u, v
					}
				}
			})
			t.Logf("worst %.3f ulp at %v", worst, at)
			require.LessOrEqual(t, worst, tc.bound, "at %v (%x)", at, at)
		})
	}
}

func TestActivationsByHand(t *testing.T) {
	nan, inf, negZero := float32(math.NaN()), float32(math.Inf(1)), float32(math.Copysign(0, -1))
	x := []float32{0, negZero, inf, -inf, nan, 2, -2}
	y := make([]float32, len(x))
	same := func(want []float32) {
		t.Helper()
		for i, w := range want {
			require.True(t, w != w && y[i] != y[i] || math.Float32bits(w) == math.Float32bits(y[i]), "%v gives %v for %v", x[i], y[i], w)
		}
	}
	MapSigmoid(y, x)
	same([]float32{0.5, 0.5, 1, 0, nan, 0.880797, 0.11920292})
	MapTanh(y, x)
	same([]float32{0, negZero, 1, -1, nan, 0.9640277, -0.9640277})
	MapGELU(y, x)
	same([]float32{0, negZero, inf, nan, nan, 1.9544997, -0.045500264})
	LeakyReLU(y, x, 0.25)
	same([]float32{0, negZero, inf, -inf, nan, 2, -0.5})
	ones := []float32{1, 1, 1, 1, 1, 1, 1}
	LeakyReLUGrad(y, ones, x, 0.25)
	same([]float32{0.25, 0.25, 1, 0.25, 0.25, 1, 0.25})
	GELUGrad(y, ones, x)
	same([]float32{0.5, 0.5, 1, negZero, nan, 1.0852318, -0.08523181}) // 0 from below; the last one is an ulp off
	AddReLU(x[5:], []float32{1, 5})
	require.Equal(t, []float32{3, 3}, x[5:])
}

// The gradients in float64 against central differences.
func TestActivationGradients(t *testing.T) {
	const h = 1e-5
	leaky := func(dst, src []float64) { LeakyReLU(dst, src, 0.1) }
	for _, tc := range []struct {
		name    string
		forward func(dst, src []float64)
		grad    func(dx, dy, other []float64)
		input   bool // grad takes the input, not the output
	}{
		{"leaky relu", leaky, func(dx, dy, y []float64) { LeakyReLUGrad(dx, dy, y, 0.1) }, false},
		{"sigmoid", MapSigmoid[float64], SigmoidGrad[float64], false},
		{"tanh", MapTanh[float64], TanhGrad[float64], false},
		{"gelu", MapGELU[float64], GELUGrad[float64], true},
	} {
		t.Run(tc.name, func(t *testing.T) {
			for v := -6.0; v < 6; v += 0.137 {
				up, down, y, g := []float64{v + h}, []float64{v - h}, []float64{v}, []float64{3}
				tc.forward(up, up)
				tc.forward(down, down)
				if !tc.input {
					tc.forward(y, y)
				}
				tc.grad(g, g, y)
				require.InDelta(t, 3*(up[0]-down[0])/(2*h), g[0], 1e-9, "at %v", v)
			}
		})
	}
}

// float32 gradients against the float64 form on the same output.
func TestActivationGradientsInFloat32(t *testing.T) {
	for _, tc := range []struct {
		name string
		g32  func(dx, dy, y []float32)
		g64  func(dx, dy, y []float64)
	}{{"sigmoid", SigmoidGrad[float32], SigmoidGrad[float64]}, {"tanh", TanhGrad[float32], TanhGrad[float64]}} {
		for i := range 2000 {
			y := float32(i-1000) / 1000
			dx, want := []float32{1.7}, []float64{float64(float32(1.7))}
			tc.g32(dx, dx, []float32{y})
			tc.g64(want, want, []float64{float64(y)})
			require.LessOrEqual(t, ulps32(dx[0], want[0]), 2.0, "%s of %v", tc.name, y)
		}
	}
}

// Each plane goes through the table of its channel.
func TestLookup(t *testing.T) {
	const channels, plane, images = 3, 37, 2
	tables := make([][256]float32, channels)
	for c := range tables {
		for v := range tables[c] {
			tables[c][v] = float32(1000*c + v)
		}
	}
	src, dst := make([]byte, images*channels*plane), make([]float32, images*channels*plane)
	for i := range src {
		src[i] = byte(i * 89)
	}
	asmtest.ForEachPath(t, func(t *testing.T) {
		Lookup(dst, src, tables, plane)
		for i, x := range dst {
			require.Equal(t, float32(1000*(i/plane%channels)+int(src[i])), x, "element %d", i)
		}
	})
	require.PanicsWithValue(t, "tensor: lookup: slices of 222 and 1 elements", func() { Lookup(dst, src[:1], tables, plane) })
}
