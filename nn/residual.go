package nn

import "randalign/tensor"

// Sum is the end of a residual block, y = body + shortcut. The gradient of both
// is that of the sum, which they share, so that Backward has nothing to do but
// for a ReLU behind the sum.
type Sum[T tensor.Float] struct {
	noParams[T]
	shape    Shape
	relu     bool // the ReLU behind it is done here
	other    []T  // the shortcut's output, set by the model before each pass
	x, y, dy []T
}

// Kind implements Layer.
func (s *Sum[T]) Kind() string { return "res" }

// Out implements Layer.
func (s *Sum[T]) Out() Shape { return s.shape }

// Needs implements Layer.
func (s *Sum[T]) Needs() Needs {
	return Needs{InPlace: true, Output: s.relu, SpoilsDelta: s.relu, Again: true}
}

func (s *Sum[T]) fuse() { s.relu = true }

// Forward implements Layer. x is the body's output.
func (s *Sum[T]) Forward(c *Pass, x, y []T) {
	s.x, s.y = x, y
	c.Pool.Run(mapTasks(len(y)), s)
	s.x, s.y = nil, nil
}

// Again implements repeats.
func (s *Sum[T]) Again(c *Pass, x, y []T) { s.Forward(c, x, y) }

// Backward implements Layer: it turns dy into the gradient of the sum itself.
func (s *Sum[T]) Backward(c *Pass, _, y, dy, _ []T) {
	if !s.relu {
		return
	}
	s.y, s.dy = y, dy
	c.Pool.Run(mapTasks(len(y)), s)
	s.y, s.dy = nil, nil
}

// Do implements tensor.Job.
func (s *Sum[T]) Do(_, task int) {
	lo, hi := task*mapTask, min((task+1)*mapTask, len(s.y))
	y := s.y[lo:hi]
	if s.dy != nil {
		tensor.ReLUGrad(s.dy[lo:hi], s.dy[lo:hi], y)
		return
	}
	if x := s.x[lo:hi]; &x[0] != &y[0] {
		copy(y, x)
	}
	if s.relu {
		tensor.AddReLU(y, s.other[lo:hi])
		return
	}
	tensor.Add(y, s.other[lo:hi])
}

// addJob is dst += src, or with set dst = src, over the pool.
type addJob[T tensor.Float] struct {
	dst, src []T
	set      bool
}

func (j *addJob[T]) run(p *tensor.Pool, dst, src []T, set bool) {
	j.dst, j.src, j.set = dst, src, set
	p.Run(mapTasks(len(dst)), j)
	j.dst, j.src = nil, nil
}

// Do implements tensor.Job.
func (j *addJob[T]) Do(_, task int) {
	lo, hi := task*mapTask, min((task+1)*mapTask, len(j.dst))
	if j.set {
		copy(j.dst[lo:hi], j.src[lo:hi])
		return
	}
	tensor.Add(j.dst[lo:hi], j.src[lo:hi])
}
