package nn

import "randalign/tensor"

// PyTorch's defaults.
const (
	normEps      = 1e-5
	normMomentum = 0.1
)

// BatchNorm normalises each channel of an image, or element of a vector, over
// the batch while training, and by its running statistics otherwise; then it
// scales and shifts.
type BatchNorm[T tensor.Float] struct {
	shape                       Shape
	norm                        *tensor.BatchNorm[T]
	weight, bias, mean, varying *Param[T]
	relu                        bool // the ReLU behind it is done here
	shows                       bool // the convolution behind it reads x through it
	// The running statistics after the pass at hand, which Update makes the
	// running ones: a step whose loss is not finite leaves nothing behind.
	nextMean, nextVar []T
}

func newBatchNorm[T tensor.Float](name string, shape Shape) *BatchNorm[T] {
	c := []int{shape[0]}
	return &BatchNorm[T]{
		shape:    shape,
		weight:   &Param[T]{Name: name + ".weight", Shape: c, Fresh: 1},
		bias:     &Param[T]{Name: name + ".bias", Shape: c},
		mean:     &Param[T]{Name: name + ".running_mean", Shape: c, Buffer: true},
		varying:  &Param[T]{Name: name + ".running_var", Shape: c, Fresh: 1, Buffer: true},
		nextMean: make([]T, shape[0]), nextVar: make([]T, shape[0]),
	}
}

// Kind implements Layer.
func (b *BatchNorm[T]) Kind() string { return "batchnorm" }

// Out implements Layer.
func (b *BatchNorm[T]) Out() Shape { return b.shape }

// Params implements Layer.
func (b *BatchNorm[T]) Params() []*Param[T] { return []*Param[T]{b.weight, b.bias, b.mean, b.varying} }

// Needs implements Layer. What the ReLU let through is computed from x again.
func (b *BatchNorm[T]) Needs() Needs {
	return Needs{InPlaceBack: true, OverInput: true, Input: true, Again: true, Shows: b.shows}
}

func (b *BatchNorm[T]) fuse() { b.relu = true }

// Forward implements Layer.
func (b *BatchNorm[T]) Forward(c *Pass, x, y []T) {
	b.ready()
	if b.shows {
		y = nil
	}
	if !c.Train {
		b.norm.Infer(c.Pool, c.N, x, y, b.weight.Value, b.bias.Value, b.mean.Value, b.varying.Value)
		return
	}
	copy(b.nextMean, b.mean.Value)
	copy(b.nextVar, b.varying.Value)
	b.norm.Forward(c.Pool, c.N, x, y, b.weight.Value, b.bias.Value, b.nextMean, b.nextVar)
}

// ready makes the job, once it is known whether a ReLU is fused.
func (b *BatchNorm[T]) ready() {
	if b.norm == nil {
		b.norm = tensor.NewBatchNorm[T](b.shape[0], Shape(b.shape[1:]).Size(), normEps, normMomentum, b.relu)
	}
}

// Again implements repeats.
func (b *BatchNorm[T]) Again(c *Pass, x, y []T) { b.norm.Again(c.Pool, c.N, x, y) }

// Backward implements Layer.
func (b *BatchNorm[T]) Backward(c *Pass, x, _, dy, dx []T) {
	b.norm.Backward(c.Pool, c.N, x, b.weight.Value, dy, dx, b.weight.Grad, b.bias.Grad)
}

// settle is called with a step's update.
func (b *BatchNorm[T]) settle() {
	copy(b.mean.Value, b.nextMean)
	copy(b.varying.Value, b.nextVar)
}

// settler is a Layer with tensors that a pass changes but only Update makes valid.
type settler interface{ settle() }
