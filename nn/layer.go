package nn

import (
	"fmt"

	"randalign/tensor"
)

// Shape is the shape of one example: [C, H, W] for an image, [D] for a vector.
type Shape []int

// Size is the number of elements of an example.
func (s Shape) Size() int {
	n := 1
	for _, d := range s {
		n *= d
	}
	return n
}

func (s Shape) String() string {
	t := ""
	for i, d := range s {
		if i > 0 {
			t += "x"
		}
		t += fmt.Sprint(d)
	}
	return t
}

// Param is one trained tensor. Value, Grad and Velocity are views of the
// model's own memory and stay where they are for the life of the model.
type Param[T tensor.Float] struct {
	Name  string // as PyTorch's Sequential names it: "0.weight"
	Shape []int
	FanIn int // inputs of one output; 0 for a bias

	Value, Grad, Velocity []T
}

// Size is the number of elements.
func (p *Param[T]) Size() int { return Shape(p.Shape).Size() }

// Layer is one element of a network. A Layer belongs to one Model; it is not
// safe for concurrent use.
type Layer[T tensor.Float] interface {
	// Kind is the layer's name in a SPEC: "conv", "dense", ...
	Kind() string
	// Out is the shape of an output example.
	Out() Shape
	// Params returns the trained tensors, the weight first; nil for none.
	Params() []*Param[T]
	// InPlace reports whether the output may stand in the memory of the input.
	InPlace() bool
	// Forward computes y from x for n examples. Both hold n examples.
	Forward(p *tensor.Pool, n int, x, y []T)
	// Backward sets the gradients of the parameters and, unless dx is nil, dx
	// from dy. x and y are what Forward saw and made; where InPlace, x is y,
	// and dx is dy.
	Backward(p *tensor.Pool, n int, x, y, dy, dx []T)
}
