package nn

import "randalign/tensor"

// Conv is a two-dimensional convolution (cross-correlation, as everywhere in
// this field) with filters [K, C, R, S] and a bias [K].
type Conv[T tensor.Float] struct {
	conv         *tensor.Conv[T]
	weight, bias *Param[T]
}

func newConv[T tensor.Float](name string, s tensor.ConvShape) *Conv[T] {
	return &Conv[T]{tensor.NewConv[T](s),
		&Param[T]{Name: name + ".weight", Shape: []int{s.K, s.C, s.R, s.S}, FanIn: s.Patch()},
		&Param[T]{Name: name + ".bias", Shape: []int{s.K}},
	}
}

// Kind implements Layer.
func (c *Conv[T]) Kind() string { return "conv" }

// Geometry returns the shape of the convolution.
func (c *Conv[T]) Geometry() tensor.ConvShape { return c.conv.ConvShape }

// Out implements Layer.
func (c *Conv[T]) Out() Shape {
	h, w := c.conv.ConvShape.Out()
	return Shape{c.conv.K, h, w}
}

// Params implements Layer.
func (c *Conv[T]) Params() []*Param[T] { return []*Param[T]{c.weight, c.bias} }

// InPlace implements Layer.
func (c *Conv[T]) InPlace() bool { return false }

// Forward implements Layer. x is [n, C, H, W], y [n, K, Ho, Wo].
func (c *Conv[T]) Forward(p *tensor.Pool, n int, x, y []T) {
	c.conv.Forward(p, n, x, c.weight.Value, c.bias.Value, y)
}

// Backward implements Layer.
func (c *Conv[T]) Backward(p *tensor.Pool, n int, x, y, dy, dx []T) {
	c.conv.WeightGrad(p, n, x, dy, c.weight.Grad, c.bias.Grad)
	if dx != nil {
		c.conv.InputGrad(p, n, c.weight.Value, dy, dx)
	}
}
