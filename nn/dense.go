package nn

import "randalign/tensor"

// Dense is y = W x + b with W [Out, In] and b [Out] or none.
type Dense[T tensor.Float] struct {
	in, out      int
	weight, bias *Param[T] // bias may be nil
}

func newDense[T tensor.Float](name string, in, out int, bias bool) *Dense[T] {
	d := &Dense[T]{in: in, out: out, weight: &Param[T]{Name: name + ".weight", Shape: []int{out, in}, FanIn: in}}
	if bias {
		d.bias = &Param[T]{Name: name + ".bias", Shape: []int{out}}
	}
	return d
}

// Kind implements Layer.
func (d *Dense[T]) Kind() string { return "dense" }

// Out implements Layer.
func (d *Dense[T]) Out() Shape { return Shape{d.out} }

// Params implements Layer.
func (d *Dense[T]) Params() []*Param[T] { return withBias(d.weight, d.bias) }

// Needs implements Layer.
func (d *Dense[T]) Needs() Needs { return Needs{Input: true} }

// Forward implements Layer. x is [n, In], y [n, Out].
func (d *Dense[T]) Forward(c *Pass, x, y []T) {
	tensor.Gemm(c.Pool, c.N, d.out, d.in, tensor.RowMajor(x, d.in), tensor.Transposed(d.weight.Value, d.in), y, d.out, tensor.Set)
	if d.bias == nil {
		return
	}
	tensor.AddRows(y, d.bias.Value, c.N, d.out)
}

func (d *Dense[T]) linear(c *Pass, x, y []T) { d.Forward(c, x, y) }

// Backward implements Layer: dW = dy^T x, db the sum of dy over the examples in
// order, dx = dy W.
func (d *Dense[T]) Backward(c *Pass, x, y, dy, dx []T) {
	n := c.N
	tensor.Gemm(c.Pool, d.out, d.in, n, tensor.Transposed(dy, d.out), tensor.RowMajor(x, d.in), d.weight.Grad, d.in, tensor.Set)
	if d.bias != nil {
		tensor.SumRows(d.bias.Grad, dy, n, d.out)
	}
	if dx != nil {
		tensor.Gemm(c.Pool, n, d.in, d.out, tensor.RowMajor(dy, d.out), tensor.RowMajor(d.weight.Value, d.in), dx, d.in, tensor.Set)
	}
}
