package nn

import "randalign/tensor"

// mapTask elements of an element-wise operation make one task. Elements are
// independent, so the split reaches no bit.
const mapTask = 1 << 15

// ReLU is y = x > 0 ? x : +0, in place. Behind a convolution it is fused: the
// convolution does its work on each image while that is in the cache.
type ReLU[T tensor.Float] struct {
	fused    bool
	shape    Shape
	each     int // shape.Size()
	a, b     []T
	backward bool
}

// Kind implements Layer.
func (r *ReLU[T]) Kind() string { return "relu" }

// Out implements Layer.
func (r *ReLU[T]) Out() Shape { return r.shape }

// Params implements Layer.
func (r *ReLU[T]) Params() []*Param[T] { return nil }

// InPlace implements Layer.
func (r *ReLU[T]) InPlace() bool { return true }

// Forward implements Layer.
func (r *ReLU[T]) Forward(p *tensor.Pool, n int, x, y []T) {
	if r.fused {
		return
	}
	size := n * r.each
	r.a, r.b, r.backward = y[:size], x[:size], false
	p.Run((size+mapTask-1)/mapTask, r)
	r.a, r.b = nil, nil
}

// Backward implements Layer. dx is dy.
func (r *ReLU[T]) Backward(p *tensor.Pool, n int, x, y, dy, dx []T) {
	if r.fused {
		return
	}
	size := n * r.each
	r.a, r.b, r.backward = dy[:size], y[:size], true
	p.Run((size+mapTask-1)/mapTask, r)
	r.a, r.b = nil, nil
}

// Do implements tensor.Job.
func (r *ReLU[T]) Do(_, task int) {
	lo, hi := task*mapTask, min((task+1)*mapTask, len(r.a))
	if r.backward {
		tensor.ReLUGrad(r.a[lo:hi], r.a[lo:hi], r.b[lo:hi])
		return
	}
	tensor.ReLU(r.a[lo:hi], r.b[lo:hi])
}

// Flatten makes a vector of an image; nothing moves.
type Flatten[T tensor.Float] struct{ size int }

// Kind implements Layer.
func (f *Flatten[T]) Kind() string { return "flatten" }

// Out implements Layer.
func (f *Flatten[T]) Out() Shape { return Shape{f.size} }

// Params implements Layer.
func (f *Flatten[T]) Params() []*Param[T] { return nil }

// InPlace implements Layer.
func (f *Flatten[T]) InPlace() bool { return true }

// Forward implements Layer.
func (f *Flatten[T]) Forward(*tensor.Pool, int, []T, []T) {}

// Backward implements Layer.
func (f *Flatten[T]) Backward(*tensor.Pool, int, []T, []T, []T, []T) {}
