package nn

import "randalign/tensor"

// MaxPool is the largest value of each square window. Behind a ReLU, windows of 2
// note in training where those stood: the way back, which then does the ReLU's
// gradient too, needs nothing else.
type MaxPool[T tensor.Float] struct {
	noParams[T]
	pool  *tensor.MaxPool[T]
	noted *tensor.NotedMaxPool[T] // nil: not behind a ReLU
}

// behindReLU lets the layer do the gradient of the ReLU that made its input.
func (m *MaxPool[T]) behindReLU() bool {
	if m.pool.Noted() {
		m.noted = tensor.NewNotedMaxPool[T](m.pool.PoolShape)
	}
	return m.noted != nil
}

// Kind implements Layer.
func (m *MaxPool[T]) Kind() string { return "maxpool" }

// Out implements Layer.
func (m *MaxPool[T]) Out() Shape { return pooled(m.pool.PoolShape) }

func pooled(s tensor.PoolShape) Shape {
	h, w := s.Out()
	return Shape{s.C, h, w}
}

// Needs implements Layer.
func (m *MaxPool[T]) Needs() Needs {
	if m.noted != nil {
		return Needs{Notes: m.noted.Notes()}
	}
	return Needs{Input: true, Output: true}
}

// Forward implements Layer.
func (m *MaxPool[T]) Forward(c *Pass, x, y []T) {
	if m.noted != nil && c.Train {
		m.noted.Forward(c.Pool, c.N, x, y)
		return
	}
	m.pool.Forward(c.Pool, c.N, x, y)
}

// Backward implements Layer.
func (m *MaxPool[T]) Backward(c *Pass, x, y, dy, dx []T) {
	switch {
	case dx == nil:
	case m.noted != nil:
		m.noted.Backward(c.Pool, c.N, dy, dx)
	default:
		m.pool.Backward(c.Pool, c.N, x, y, dy, dx)
	}
}

// AvgPool is the mean of each square window, padding counted as zeros.
type AvgPool[T tensor.Float] struct {
	noParams[T]
	pool *tensor.AvgPool[T]
}

// Kind implements Layer.
func (a *AvgPool[T]) Kind() string { return "avgpool" }

// Out implements Layer.
func (a *AvgPool[T]) Out() Shape { return pooled(a.pool.PoolShape) }

// Needs implements Layer.
func (a *AvgPool[T]) Needs() Needs { return Needs{} }

// Forward implements Layer.
func (a *AvgPool[T]) Forward(c *Pass, x, y []T) { a.pool.Forward(c.Pool, c.N, x, y) }

// Backward implements Layer.
func (a *AvgPool[T]) Backward(c *Pass, _, _, dy, dx []T) {
	if dx != nil {
		a.pool.Backward(c.Pool, c.N, dy, dx)
	}
}

// GlobalPool is the mean of each channel: [C, H, W] becomes [C, 1, 1].
type GlobalPool[T tensor.Float] struct {
	noParams[T]
	channels int
	pool     *tensor.GlobalAvgPool[T]
}

func newGlobalPool[T tensor.Float](shape Shape) *GlobalPool[T] {
	return &GlobalPool[T]{channels: shape[0], pool: tensor.NewGlobalAvgPool[T](shape[0], shape[1]*shape[2])}
}

// Kind implements Layer.
func (g *GlobalPool[T]) Kind() string { return "gap" }

// Out implements Layer.
func (g *GlobalPool[T]) Out() Shape { return Shape{g.channels, 1, 1} }

// Needs implements Layer.
func (g *GlobalPool[T]) Needs() Needs { return Needs{} }

// Forward implements Layer.
func (g *GlobalPool[T]) Forward(c *Pass, x, y []T) { g.pool.Forward(c.Pool, c.N, x, y) }

// Backward implements Layer.
func (g *GlobalPool[T]) Backward(c *Pass, _, _, dy, dx []T) {
	if dx != nil {
		g.pool.Backward(c.Pool, c.N, dy, dx)
	}
}
