package tensor

import (
	"fmt"

	"randalign/asm"
)

// The element-wise operations work on whole slices of equal length. float32
// runs on the kernels; float64, which only checks use, in plain Go.

func lengths(name string, a, b int) {
	if a != b {
		panic(fmt.Sprintf("tensor: %s: slices of %d and %d elements", name, a, b))
	}
}

// Add is dst[i] += src[i].
func Add[T Float](dst, src []T) {
	lengths("add", len(dst), len(src))
	if d, ok := asF32(dst); ok {
		s, _ := asF32(src)
		asm.Active().AddF32(d, s)
		return
	}
	for i, x := range src {
		dst[i] += x
	}
}

// AddScalar is dst[i] += v.
func AddScalar[T Float](dst []T, v T) {
	if d, ok := asF32(dst); ok {
		asm.Active().AddScalarF32(d, float32(v))
		return
	}
	for i := range dst {
		dst[i] += v
	}
}

// Scale is dst[i] *= v.
func Scale[T Float](dst []T, v T) {
	if d, ok := asF32(dst); ok {
		asm.Active().ScaleF32(d, float32(v))
		return
	}
	for i := range dst {
		dst[i] *= v
	}
}

// Fill is dst[i] = v.
func Fill[T Float](dst []T, v T) {
	if d, ok := asF32(dst); ok {
		asm.Active().FillF32(d, float32(v))
		return
	}
	for i := range dst {
		dst[i] = v
	}
}

// ReLU is dst[i] = src[i] > 0 ? src[i] : +0; NaN becomes +0. dst may be src.
func ReLU[T Float](dst, src []T) {
	lengths("relu", len(dst), len(src))
	if d, ok := asF32(dst); ok {
		s, _ := asF32(src)
		asm.Active().ReluF32(d, s)
		return
	}
	for i, x := range src {
		if !(x > 0) {
			x = 0
		}
		dst[i] = x
	}
}

// ReLUGrad is dx[i] = y[i] > 0 ? dy[i] : +0, y being ReLU's output (or its
// input: both have the same sign). dx may be dy.
func ReLUGrad[T Float](dx, dy, y []T) {
	lengths("relu gradient", len(dx), len(dy))
	lengths("relu gradient", len(dx), len(y))
	if d, ok := asF32(dx); ok {
		g, _ := asF32(dy)
		v, _ := asF32(y)
		asm.Active().ReluGradF32(d, g, v)
		return
	}
	for i, g := range dy {
		if !(y[i] > 0) {
			g = 0
		}
		dx[i] = g
	}
}

// SGD is one step with momentum mu and weight decay wd:
// v = mu*v + (g + wd*w), w = w - lr*v, each a fused multiply-add in float32.
func SGD[T Float](w, v, g []T, lr, mu, wd T) {
	lengths("sgd", len(w), len(v))
	lengths("sgd", len(w), len(g))
	if w32, ok := asF32(w); ok {
		v32, _ := asF32(v)
		g32, _ := asF32(g)
		asm.Active().SgdF32(w32, v32, g32, float32(lr), float32(mu), float32(wd))
		return
	}
	for i := range w {
		v[i] = T(mu*v[i]) + (g[i] + T(wd*w[i]))
		w[i] -= T(lr * v[i])
	}
}

// Descent is a step of SGD on weights with momentum V.
type Descent[T Float] struct {
	V          []T
	LR, Mu, WD T
}

// rows takes the step on rows of w, n elements each, that begin at element first and are
// stride apart; those of g are ldg apart.
func (d *Descent[T]) rows(w []T, first, stride, rows, n int, g []T, ldg int) {
	for i := range rows {
		at := first + i*stride
		SGD(w[at:at+n], d.V[at:at+n], g[i*ldg:][:n], d.LR, d.Mu, d.WD)
	}
}

// AddReLU is dst[i] = ReLU(dst[i] + src[i]): where two branches meet.
func AddReLU[T Float](dst, src []T) {
	lengths("add relu", len(dst), len(src))
	if d, ok := asF32(dst); ok {
		s, _ := asF32(src)
		asm.Active().AddReluF32(d, s)
		return
	}
	for i, x := range src {
		x += dst[i]
		if !(x > 0) {
			x = 0
		}
		dst[i] = x
	}
}

// Lookup is dst[i] = tables[c][src[i]], c being the channel of the plane that i is in, of
// images of len(tables) planes of so many elements: bytes scaled, shifted or otherwise mapped
// with one rounding each. What it makes is taken for more than the caches hold.
func Lookup(dst []float32, src []byte, tables [][256]float32, plane int) {
	lengths("lookup", len(dst), len(src))
	k := asm.Active()
	for i := 0; i < len(dst); i += plane {
		k.LookupF32(dst[i:][:plane], src[i:][:plane], &tables[i/plane%len(tables)])
	}
	asm.Fence()
}
