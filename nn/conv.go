package nn

import "randalign/tensor"

// Conv is a two-dimensional convolution (cross-correlation, as everywhere in
// this field) with filters [K, C, R, S] and a bias [K] or none.
type Conv[T tensor.Float] struct {
	conv         *tensor.Conv[T]
	weight, bias *Param[T]     // bias may be nil
	relu         bool          // the ReLU behind it is done here, image by image
	reluGrad     bool          // and so is its gradient
	behind       *BatchNorm[T] // x is read through it, unless nil
}

func newConv[T tensor.Float](name string, s tensor.ConvShape, bias bool) *Conv[T] {
	c := &Conv[T]{
		conv:   tensor.NewConv[T](s),
		weight: &Param[T]{Name: name + ".weight", Shape: []int{s.K, s.C, s.R, s.S}, FanIn: s.Patch()},
	}
	if bias {
		c.bias = &Param[T]{Name: name + ".bias", Shape: []int{s.K}}
	}
	return c
}

// cheapPatch inputs of an output, the 3 x 3 pixels of a first layer, are multiplied
// in about the time that memory takes for a few passes over the output.
const cheapPatch = 32

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
func (c *Conv[T]) Params() []*Param[T] { return withBias(c.weight, c.bias) }

func withBias[T tensor.Float](weight, bias *Param[T]) []*Param[T] {
	if bias == nil {
		return []*Param[T]{weight}
	}
	return []*Param[T]{weight, bias}
}

// value and grad of a bias that may be missing.
func (p *Param[T]) value() []T {
	if p == nil {
		return nil
	}
	return p.Value
}

func (p *Param[T]) grad() []T {
	if p == nil {
		return nil
	}
	return p.Grad
}

// Needs implements Layer. x is last read for the gradient of the weights, before
// that of x is written.
func (c *Conv[T]) Needs() Needs {
	again := c.conv.Patch() <= cheapPatch
	return Needs{Input: true, Output: c.reluGrad, SpoilsDelta: c.reluGrad, OverInput: true, Again: again, Dear: again}
}

func (c *Conv[T]) fuse() { c.relu, c.reluGrad = true, true }

func (c *Conv[T]) leave() { c.reluGrad = false }

// through lets the passes that follow read x through the batch norm before it.
func (c *Conv[T]) through() {
	if c.behind != nil {
		c.conv.Through(c.behind.norm.Lines())
	}
}

// Forward implements Layer. x is [n, C, H, W], y [n, K, Ho, Wo].
func (c *Conv[T]) Forward(p *Pass, x, y []T) {
	c.through()
	c.conv.Forward(p.Pool, p.N, x, c.weight.Value, c.bias.value(), y, c.relu)
}

// linear computes the outputs before the ReLU that is fused into the layer, of
// inputs as they are.
func (c *Conv[T]) linear(p *Pass, x, y []T) {
	if c.behind != nil {
		c.conv.Through(nil)
	}
	c.conv.Forward(p.Pool, p.N, x, c.weight.Value, c.bias.value(), y, false)
}

// Again implements repeats.
func (c *Conv[T]) Again(p *Pass, x, y []T) { c.Forward(p, x, y) }

// Backward implements Layer.
func (c *Conv[T]) Backward(p *Pass, x, y, dy, dx []T) {
	var relu []T
	if c.reluGrad {
		relu = y
	}
	c.through()
	c.conv.WeightGrad(p.Pool, p.N, x, dy, c.weight.Grad, c.bias.grad(), relu)
	if dx != nil {
		c.conv.InputGrad(p.Pool, p.N, c.weight.Value, dy, dx)
	}
}
