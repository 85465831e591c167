package nn

import "randalign/tensor"

// Conv is a two-dimensional convolution (cross-correlation, as everywhere in
// this field) with filters [K, C, R, S] and a bias [K].
type Conv[T tensor.Float] struct {
	conv         *tensor.Conv[T]
	weight, bias *Param[T]
	relu         bool // the ReLU behind it is done here, image by image
}

func newConv[T tensor.Float](name string, s tensor.ConvShape) *Conv[T] {
	return &Conv[T]{
		conv:   tensor.NewConv[T](s),
		weight: &Param[T]{Name: name + ".weight", Shape: []int{s.K, s.C, s.R, s.S}, FanIn: s.Patch()},
		bias:   &Param[T]{Name: name + ".bias", Shape: []int{s.K}},
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

// fuse makes the layer do the ReLU behind it, whose output then stands in y.
func (c *Conv[T]) fuse(r *ReLU[T]) { c.relu, r.fused = true, true }

// Forward implements Layer. x is [n, C, H, W], y [n, K, Ho, Wo].
func (c *Conv[T]) Forward(p *tensor.Pool, n int, x, y []T) {
	c.conv.Forward(p, n, x, c.weight.Value, c.bias.Value, y, c.relu)
}

// Backward implements Layer.
func (c *Conv[T]) Backward(p *tensor.Pool, n int, x, y, dy, dx []T) {
	var relu []T
	if c.relu {
		relu = y
	}
	c.conv.WeightGrad(p, n, x, dy, c.weight.Grad, c.bias.Grad, relu)
	if dx != nil {
		c.conv.InputGrad(p, n, c.weight.Value, dy, dx)
	}
}
