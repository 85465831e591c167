package tensor

import (
	"fmt"

	"randalign/asm"
)

// NotedMaxPool is MaxPool by windows of 2 x 2, 2 apart, of what a ReLU made, which
// on the way back needs neither its input nor its output: a byte for each output
// notes which element of the window was the first of the largest, or that none
// was above 0. The way back then does the ReLU's gradient too. It is one layer's
// job and not safe for concurrent use; nothing is allocated after the first batch
// of a size.
type NotedMaxPool[T Float] struct {
	pooling[T]
	note []uint8 // [n, C, Ho, Wo]
	rows int     // of outputs that a call of a kernel makes, some microseconds' work
}

// noteBlock inputs, about, are worked on at a time.
const noteBlock = 64 << 10

// Noted reports whether NewNotedMaxPool takes the shape.
func (s PoolShape) Noted() bool { return s.R == 2 && s.Stride == 2 && s.Pad == 0 }

// NewNotedMaxPool panics unless s.Noted() and a window fits.
func NewNotedMaxPool[T Float](s PoolShape) *NotedMaxPool[T] {
	if !s.Noted() {
		panic(fmt.Sprintf("tensor: noted max pool: windows of %d x %d, stride %d, pad %d; expected 2, 2, 0", s.R, s.R, s.Stride, s.Pad))
	}
	m := &NotedMaxPool[T]{pooling: newPooling[T]("noted max pool", s)}
	_, rows := m.planes()
	m.rows = min(rows, max(1, noteBlock/(2*m.W)))
	return m
}

// Notes is how many bytes it keeps for an example.
func (m *NotedMaxPool[T]) Notes() int { return m.C * m.ho * m.wo }

// Forward computes y [n, C, Ho, Wo] from x [n, C, H, W], of which nothing may be
// NaN or below 0.
func (m *NotedMaxPool[T]) Forward(p *Pool, n int, x, y []T) {
	m.check("noted max pool", n, len(x), len(y))
	if len(m.note) < n*m.Notes() {
		m.note = make([]uint8, n*m.Notes())
	}
	m.x, m.y, m.backward = x, y, false
	p.Run(n, m)
	m.x, m.y = nil, nil
}

// Backward computes dx, the gradient before the ReLU, from that of what the last
// Forward made: to the noted element goes +0 + dy, to all others +0.
func (m *NotedMaxPool[T]) Backward(p *Pool, n int, dy, dx []T) {
	m.check("noted max pool", n, len(dx), len(dy))
	m.dy, m.dx, m.backward = dy, dx, true
	m.past = 4*n*m.C*m.H*m.W > pastBytes
	p.Run(n, m)
	m.dy, m.dx = nil, nil
}

// Do implements Job.
func (m *NotedMaxPool[T]) Do(_, n int) {
	planes, rows := m.planes()
	notes := m.note[n*m.Notes():][:m.Notes()]
	for i := range planes {
		in, out := i*m.H*m.W, i*rows*m.wo
		for r := 0; r < rows; r += m.rows {
			lo, hi := out+r*m.wo, out+min(r+m.rows, rows)*m.wo
			from := in + 2*r*m.W
			if !m.backward {
				m.forward(m.input(m.x, n)[from:], m.output(m.y, n)[lo:hi], notes[lo:hi])
			} else {
				m.gradient(m.input(m.dx, n)[from:], m.output(m.dy, n)[lo:hi], notes[lo:hi])
			}
		}
		if m.backward {
			clear(m.input(m.dx, n)[in+2*rows*m.W:][:m.rowsLeft(rows)*m.W-2*rows*m.W])
		}
	}
}

// forward makes some rows of outputs and their notes: the number of an element in
// its window, 1 to 4, or 0.
func (m *NotedMaxPool[T]) forward(x, y []T, note []uint8) {
	if a, ok := asF32(x); ok {
		b, _ := asF32(y)
		asm.Active().NotedPool2F32(b, note, a, len(y)/m.wo, m.W)
		return
	}
	for j := range y {
		at := j/m.wo*2*m.W + j%m.wo*2
		y[j], note[j] = 0, 0
		for k, v := range [4]T{x[at], x[at+1], x[at+m.W], x[at+m.W+1]} {
			if v > y[j] {
				y[j], note[j] = v, uint8(k+1)
			}
		}
	}
}

// gradient makes some rows of dx.
func (m *NotedMaxPool[T]) gradient(dx, dy []T, note []uint8) {
	rows := len(dy) / m.wo
	if d, ok := asF32(dx); ok {
		g, _ := asF32(dy)
		asm.Active().NotedPool2GradF32(d, g, note, rows, m.W, m.past)
		return
	}
	clear(dx[:2*rows*m.W])
	for j, g := range dy {
		if k := int(note[j]) - 1; k >= 0 {
			dx[(j/m.wo*2+k/2)*m.W+j%m.wo*2+k%2] += g
		}
	}
}
