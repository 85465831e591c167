package nn

import "randalign/tensor"

// mapTask elements of an element-wise operation make one task. Elements are
// independent, so the split reaches no bit.
const mapTask = 1 << 15

// mapTasks is the number of tasks for so many elements.
func mapTasks(size int) int { return (size + mapTask - 1) / mapTask }

// noParams is embedded by layers without parameters.
type noParams[T tensor.Float] struct{}

// Params implements Layer.
func (noParams[T]) Params() []*Param[T] { return nil }

// ReLU is y = x > 0 ? x : +0, in place. Where the layer before it can do the
// work on its own output while that is in the cache, it is fused into that one.
type ReLU[T tensor.Float] struct {
	noParams[T]
	fused    bool
	shape    Shape
	each     int // shape.Size()
	a, b, c  []T
	backward bool
}

// Kind implements Layer.
func (r *ReLU[T]) Kind() string { return "relu" }

// Out implements Layer.
func (r *ReLU[T]) Out() Shape { return r.shape }

// Needs implements Layer.
func (r *ReLU[T]) Needs() Needs {
	return Needs{InPlace: true, InPlaceBack: true, Output: true, View: r.fused}
}

// Forward implements Layer.
func (r *ReLU[T]) Forward(c *Pass, x, y []T) {
	r.a, r.b, r.backward = y, x, false
	c.Pool.Run(mapTasks(len(y)), r)
	r.a, r.b = nil, nil
}

// Backward implements Layer.
func (r *ReLU[T]) Backward(c *Pass, x, y, dy, dx []T) {
	if dx == nil {
		return
	}
	r.a, r.b, r.c, r.backward = dx, dy, y, true
	c.Pool.Run(mapTasks(len(dx)), r)
	r.a, r.b, r.c = nil, nil, nil
}

// Do implements tensor.Job.
func (r *ReLU[T]) Do(_, task int) {
	lo, hi := task*mapTask, min((task+1)*mapTask, len(r.a))
	if r.backward {
		tensor.ReLUGrad(r.a[lo:hi], r.b[lo:hi], r.c[lo:hi])
		return
	}
	tensor.ReLU(r.a[lo:hi], r.b[lo:hi])
}

// Flatten makes a vector of an image; nothing moves.
type Flatten[T tensor.Float] struct {
	noParams[T]
	size int
}

// Kind implements Layer.
func (f *Flatten[T]) Kind() string { return "flatten" }

// Out implements Layer.
func (f *Flatten[T]) Out() Shape { return Shape{f.size} }

// Needs implements Layer.
func (f *Flatten[T]) Needs() Needs { return Needs{View: true} }

// Forward implements Layer.
func (f *Flatten[T]) Forward(*Pass, []T, []T) {}

// Backward implements Layer.
func (f *Flatten[T]) Backward(*Pass, []T, []T, []T, []T) {}
