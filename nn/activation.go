package nn

import "randalign/tensor"

// Activation is a smooth function of each value, or leaky ReLU.
type Activation[T tensor.Float] struct {
	noParams[T]
	kind     string
	slope    T // of leakyrelu
	shape    Shape
	a, b, c  []T
	backward bool
}

func newActivation[T tensor.Float](kind string, slope float64, shape Shape) *Activation[T] {
	return &Activation[T]{kind: kind, slope: T(slope), shape: shape}
}

// Kind implements Layer.
func (a *Activation[T]) Kind() string { return a.kind }

// Out implements Layer.
func (a *Activation[T]) Out() Shape { return a.shape }

// Needs implements Layer. The gradient of GELU follows from x, that of the
// others from y.
func (a *Activation[T]) Needs() Needs {
	if a.kind == "gelu" {
		return Needs{Input: true, InPlaceBack: true}
	}
	return Needs{Output: true, InPlace: true, InPlaceBack: true}
}

// Forward implements Layer.
func (a *Activation[T]) Forward(c *Pass, x, y []T) {
	a.a, a.b, a.backward = y, x, false
	c.Pool.Run(mapTasks(len(y)), a)
	a.a, a.b = nil, nil
}

// Backward implements Layer.
func (a *Activation[T]) Backward(c *Pass, x, y, dy, dx []T) {
	if dx == nil {
		return
	}
	a.a, a.b, a.c, a.backward = dx, dy, y, true
	if a.kind == "gelu" {
		a.c = x
	}
	c.Pool.Run(mapTasks(len(dx)), a)
	a.a, a.b, a.c = nil, nil, nil
}

// Do implements tensor.Job.
func (a *Activation[T]) Do(_, task int) {
	lo, hi := task*mapTask, min((task+1)*mapTask, len(a.a))
	dst, src := a.a[lo:hi], a.b[lo:hi]
	if a.backward {
		at := a.c[lo:hi]
		switch a.kind {
		case "leakyrelu":
			tensor.LeakyReLUGrad(dst, src, at, a.slope)
		case "sigmoid":
			tensor.SigmoidGrad(dst, src, at)
		case "tanh":
			tensor.TanhGrad(dst, src, at)
		case "gelu":
			tensor.GELUGrad(dst, src, at)
		}
		return
	}
	switch a.kind {
	case "leakyrelu":
		tensor.LeakyReLU(dst, src, a.slope)
	case "sigmoid":
		tensor.MapSigmoid(dst, src)
	case "tanh":
		tensor.MapTanh(dst, src)
	case "gelu":
		tensor.MapGELU(dst, src)
	}
}
