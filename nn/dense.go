package nn

import "randalign/tensor"

// Dense is y = W x + b with W [Out, In] and b [Out].
type Dense[T tensor.Float] struct {
	in, out      int
	weight, bias *Param[T]
}

func newDense[T tensor.Float](name string, in, out int) *Dense[T] {
	return &Dense[T]{in, out,
		&Param[T]{Name: name + ".weight", Shape: []int{out, in}, FanIn: in},
		&Param[T]{Name: name + ".bias", Shape: []int{out}},
	}
}

// Kind implements Layer.
func (d *Dense[T]) Kind() string { return "dense" }

// Out implements Layer.
func (d *Dense[T]) Out() Shape { return Shape{d.out} }

// Params implements Layer.
func (d *Dense[T]) Params() []*Param[T] { return []*Param[T]{d.weight, d.bias} }

// InPlace implements Layer.
func (d *Dense[T]) InPlace() bool { return false }

// Forward implements Layer. x is [n, In], y [n, Out].
func (d *Dense[T]) Forward(p *tensor.Pool, n int, x, y []T) {
	tensor.Gemm(p, n, d.out, d.in, tensor.RowMajor(x, d.in), tensor.Transposed(d.weight.Value, d.in), y, d.out, tensor.Set)
	for i := range n {
		tensor.Add(y[i*d.out:][:d.out], d.bias.Value)
	}
}

// Backward implements Layer: dW = dy^T x, db the sum of dy over the examples in
// order, dx = dy W.
func (d *Dense[T]) Backward(p *tensor.Pool, n int, x, y, dy, dx []T) {
	tensor.Gemm(p, d.out, d.in, n, tensor.Transposed(dy, d.out), tensor.RowMajor(x, d.in), d.weight.Grad, d.in, tensor.Set)
	clear(d.bias.Grad)
	for i := range n {
		tensor.Add(d.bias.Grad, dy[i*d.out:][:d.out])
	}
	if dx != nil {
		tensor.Gemm(p, n, d.in, d.out, tensor.RowMajor(dy, d.out), tensor.RowMajor(d.weight.Value, d.in), dx, d.in, tensor.Set)
	}
}
