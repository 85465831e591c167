package tensor

import (
	"math"

	"randalign/asm"
)

// LeakyReLU is dst[i] = src[i] > 0 ? src[i] : slope*src[i]. dst may be src.
func LeakyReLU[T Float](dst, src []T, slope T) {
	lengths("leaky relu", len(dst), len(src))
	if d, ok := asF32(dst); ok {
		s, _ := asF32(src)
		asm.Active().LeakyReluF32(d, s, float32(slope))
		return
	}
	for i, x := range src {
		if !(x > 0) {
			x *= slope
		}
		dst[i] = x
	}
}

// LeakyReLUGrad is dx[i] = y[i] > 0 ? dy[i] : slope*dy[i], y being LeakyReLU's
// input or, unless the slope is negative, its output. dx may be dy.
func LeakyReLUGrad[T Float](dx, dy, y []T, slope T) {
	lengths("leaky relu gradient", len(dx), len(dy))
	lengths("leaky relu gradient", len(dx), len(y))
	if d, ok := asF32(dx); ok {
		g, _ := asF32(dy)
		v, _ := asF32(y)
		asm.Active().LeakyReluGradF32(d, g, v, float32(slope))
		return
	}
	for i, g := range dy {
		if !(y[i] > 0) {
			g *= slope
		}
		dx[i] = g
	}
}

// MapSigmoid is dst[i] = 1/(1 + e^-src[i]), in float32 within 2.5 ulp. dst may be src.
func MapSigmoid[T Float](dst, src []T) {
	lengths("sigmoid", len(dst), len(src))
	if d, ok := asF32(dst); ok {
		s, _ := asF32(src)
		asm.Active().SigmoidF32(d, s)
		return
	}
	for i, x := range src {
		e := Exp(-math.Abs(float64(x)))
		if x < 0 {
			dst[i] = T(e / (1 + e))
		} else {
			dst[i] = T(1 / (1 + e))
		}
	}
}

// SigmoidGrad is dx[i] = dy[i]*y[i]*(1-y[i]), y being MapSigmoid's output. dx may be dy.
func SigmoidGrad[T Float](dx, dy, y []T) {
	lengths("sigmoid gradient", len(dx), len(dy))
	lengths("sigmoid gradient", len(dx), len(y))
	if d, ok := asF32(dx); ok {
		g, _ := asF32(dy)
		v, _ := asF32(y)
		asm.Active().SigmoidGradF32(d, g, v)
		return
	}
	for i, g := range dy {
		dx[i] = g * T(y[i]*(1-y[i]))
	}
}

// MapTanh is dst[i] = tanh src[i], in float32 within 2.6 ulp. dst may be src.
func MapTanh[T Float](dst, src []T) {
	lengths("tanh", len(dst), len(src))
	if d, ok := asF32(dst); ok {
		s, _ := asF32(src)
		asm.Active().TanhF32(d, s)
		return
	}
	for i, x := range src {
		dst[i] = T(Tanh(float64(x)))
	}
}

// TanhGrad is dx[i] = dy[i]*(1-y[i]^2), y being MapTanh's output. dx may be dy.
func TanhGrad[T Float](dx, dy, y []T) {
	lengths("tanh gradient", len(dx), len(dy))
	lengths("tanh gradient", len(dx), len(y))
	if d, ok := asF32(dx); ok {
		g, _ := asF32(dy)
		v, _ := asF32(y)
		asm.Active().TanhGradF32(d, g, v)
		return
	}
	for i, g := range dy {
		dx[i] = g * T(math.FMA(float64(-y[i]), float64(y[i]), 1))
	}
}

// MapGELU is dst[i] = src[i]*Phi(src[i]), Phi being the distribution function of
// the standard normal: the exact GELU, not its tanh approximation. In float32
// it is within 7 ulp or 2^-145. As in PyTorch -Inf gives NaN. dst may be src.
func MapGELU[T Float](dst, src []T) {
	lengths("gelu", len(dst), len(src))
	if d, ok := asF32(dst); ok {
		s, _ := asF32(src)
		asm.Active().GeluF32(d, s)
		return
	}
	for i, x := range src {
		dst[i] = x * T(0.5*Erfc(float64(x)*-math.Sqrt2/2))
	}
}

// GELUGrad is dx[i] = dy[i]*(Phi(x[i]) + x[i]*phi(x[i])), x being MapGELU's
// input and phi the normal density. In float32 the factor is within 2^-22. dx may be dy.
func GELUGrad[T Float](dx, dy, x []T) {
	lengths("gelu gradient", len(dx), len(dy))
	lengths("gelu gradient", len(dx), len(x))
	if d, ok := asF32(dx); ok {
		g, _ := asF32(dy)
		v, _ := asF32(x)
		asm.Active().GeluGradF32(d, g, v)
		return
	}
	const invRt2Pi = 0.3989422804014327
	for i, g := range dy {
		v := float64(x[i])
		density := float64(invRt2Pi * Exp(-0.5*float64(v*v)))
		dx[i] = g * T(math.FMA(v, density, 0.5*Erfc(v*-math.Sqrt2/2)))
	}
}
