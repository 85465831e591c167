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

// Param is one tensor of a network. Value, Grad and Velocity are views of the
// model's own memory and stay where they are for the life of the model.
type Param[T tensor.Float] struct {
	Name  string // as PyTorch names it: "0.weight"
	Shape []int
	FanIn int // inputs of one output of a weight; 0 for biases and what batch norm has
	Fresh T   // the value of a fresh start where FanIn is 0
	// Buffer says that the tensor is not trained but follows from the data, as
	// the running statistics of batch norm do. Grad and Velocity are nil then.
	Buffer bool

	Value, Grad, Velocity []T
}

// Size is the number of elements.
func (p *Param[T]) Size() int { return Shape(p.Shape).Size() }

// Pass is what layers are told of one run through the network.
type Pass struct {
	Pool  *tensor.Pool
	N     int  // examples
	Train bool // batch norm takes the batch's own statistics, dropout drops
	// Seed and Step name the random streams of the pass: those of dropout.
	Seed uint64
	Step int
}

// Needs says what memory a layer works on. The zero value is a layer that
// writes to memory of its own and looks at dy alone to compute dx.
type Needs struct {
	InPlace     bool // y may stand in the memory of x
	InPlaceBack bool // dx may stand in the memory of dy
	Input       bool // Backward reads x
	Output      bool // Backward reads y
	SpoilsDelta bool // Backward changes dy even where dx is elsewhere
	OverInput   bool // dx may stand in the memory of x
	// Again says that a pass over memory makes y once more of x (see repeats), Dear
	// that it is a slow one.
	Again, Dear bool
	// Shows says that y does not exist: the one layer that reads it, next to this
	// one, reads x and computes y of it as it goes.
	Shows bool
	// Notes is how many bytes of an example the layer itself keeps for the way back.
	Notes int
	// View says that y is x, unchanged: Forward and Backward are not called.
	View bool
}

// Layer is one element of a network. A Layer belongs to one Model; it is not
// safe for concurrent use.
type Layer[T tensor.Float] interface {
	// Kind is the layer's name in a SPEC: "conv", "dense", ...
	Kind() string
	// Out is the shape of an output example.
	Out() Shape
	// Params returns the layer's tensors in PyTorch's order, the trained ones
	// first, a weight before its bias; nil for none.
	Params() []*Param[T]
	// Needs says what memory Forward and Backward work on.
	Needs() Needs
	// Forward computes y from x for c.N examples. Both hold as many.
	Forward(c *Pass, x, y []T)
	// Backward sets the gradients of the parameters and, unless dx is nil, dx
	// from dy. x and y are what Forward saw and made if Needs asks for them, nil
	// otherwise.
	Backward(c *Pass, x, y, dy, dx []T)
}

// withReLU is a layer that can do the ReLU behind it while its output is in the
// cache, and the ReLU's gradient before its own.
type withReLU interface{ fuse() }

// leavesReLU is a withReLU that can leave the gradient of its ReLU to the layer
// behind, which does it with its own: a pass over the outputs less.
type leavesReLU interface{ leave() }

// repeats is a layer whose output on the way back may be made once more, with the
// same bits, instead of being kept. Again writes to y what Forward made of x.
type repeats[T tensor.Float] interface {
	Again(c *Pass, x, y []T)
}

// prepacks is a layer that can pack its weights once for all passes forward until unpack.
type prepacks interface {
	prepack(p *tensor.Pool)
	unpack()
}

// descends is a layer that may take the step of SGD on its weight on the way back, with
// each part of the gradient as it comes: a large gradient then never goes to memory.
type descends[T tensor.Float] interface {
	// descended is that weight, nil where its gradient had better stand in memory.
	descended() *Param[T]
	// Descend is Backward and then the step s on the weight, whose momentum is set here.
	// The weight's Grad is left as it was.
	Descend(c *Pass, x, y, dy, dx []T, s tensor.Descent[T])
}

// descendedOf is the weight of l that takes its step on the way back, nil for none.
func descendedOf[T tensor.Float](l Layer[T]) *Param[T] {
	if d, ok := l.(descends[T]); ok {
		return d.descended()
	}
	return nil
}
