package nn

import (
	"strconv"

	"randalign/tensor"
)

// Dropout sets each value to 0 with probability p and divides the others by
// 1-p while training; otherwise y = x. The mask of a block of values is drawn
// from a stream of its own, "dropout/NAME/STEP/BLOCK" of the training's seed,
// so that it depends neither on threads nor on where a run was interrupted, and
// Backward draws it again instead of keeping it.
type Dropout[T tensor.Float] struct {
	noParams[T]
	shape   Shape
	p       float64
	name    string
	x, y    []T
	seed    uint64
	step    int
	scratch []dropScratch[T] // of each worker
	off     bool
}

type dropScratch[T tensor.Float] struct {
	mask   []T
	name   []byte
	stream tensor.Stream
}

// Kind implements Layer.
func (d *Dropout[T]) Kind() string { return "dropout" }

// Out implements Layer.
func (d *Dropout[T]) Out() Shape { return d.shape }

// Needs implements Layer.
func (d *Dropout[T]) Needs() Needs { return Needs{InPlace: true, InPlaceBack: true} }

// Forward implements Layer.
func (d *Dropout[T]) Forward(c *Pass, x, y []T) {
	d.off = !c.Train
	d.run(c, x, y)
}

// Backward implements Layer.
func (d *Dropout[T]) Backward(c *Pass, _, _, dy, dx []T) {
	if dx != nil {
		d.run(c, dy, dx)
	}
}

func (d *Dropout[T]) run(c *Pass, x, y []T) {
	for len(d.scratch) < c.Pool.Threads() {
		d.scratch = append(d.scratch, dropScratch[T]{mask: make([]T, mapTask)})
	}
	d.x, d.y, d.seed, d.step = x, y, c.Seed, c.Step
	c.Pool.Run(mapTasks(len(y)), d)
	d.x, d.y = nil, nil
}

// Do implements tensor.Job.
func (d *Dropout[T]) Do(worker, task int) {
	lo, hi := task*mapTask, min((task+1)*mapTask, len(d.y))
	x, y := d.x[lo:hi], d.y[lo:hi]
	if d.off {
		if &x[0] != &y[0] {
			copy(y, x)
		}
		return
	}
	s := &d.scratch[worker]
	s.name = append(append(s.name[:0], "dropout/"...), d.name...)
	s.name = strconv.AppendInt(append(s.name, '/'), int64(d.step), 10)
	s.name = strconv.AppendInt(append(s.name, '/'), int64(task), 10)
	s.stream.Reset(d.seed, s.name)
	mask := s.mask[:hi-lo]
	tensor.DropoutMask(&s.stream, mask, d.p)
	tensor.Mul(y, x, mask)
}
