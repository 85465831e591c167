package tensor

import (
	"fmt"
	"math"

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
	note  []uint8   // [n, C, Ho, Wo]
	rows  int       // of outputs that are worked on at a time
	place []float32 // two rows of inputs for each of those: 1 2 1 2 ..., 3 4 3 4 ...
	ones  []float32 // those rows of gradients
}

// noteBlock inputs, about, are worked on at a time, in the first-level cache.
const noteBlock = 2048

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
	m.place, m.ones = make([]float32, 2*m.rows*m.W), make([]float32, m.rows*m.wo)
	for i := range m.place {
		m.place[i] = float32(1 + i/m.W%2*2 + i%m.W%2)
	}
	Fill(m.ones, 1)
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
	m.pool, m.x, m.y, m.backward = p, x, y, false
	p.Run(n, m)
	m.pool, m.x, m.y = nil, nil, nil
}

// Backward computes dx, the gradient before the ReLU, from that of what the last
// Forward made: to the noted element goes +0 + dy, to all others +0.
func (m *NotedMaxPool[T]) Backward(p *Pool, n int, dy, dx []T) {
	m.check("noted max pool", n, len(dx), len(dy))
	m.pool, m.dy, m.dx, m.backward = p, dy, dx, true
	p.Run(n, m)
	m.pool, m.dy, m.dx = nil, nil, nil
}

// Do implements Job.
func (m *NotedMaxPool[T]) Do(worker, n int) {
	planes, rows := m.planes()
	notes := m.note[n*m.Notes():][:m.Notes()]
	for i := range planes {
		in, out := i*m.H*m.W, i*rows*m.wo
		for r := 0; r < rows; r += m.rows {
			lo, hi := out+r*m.wo, out+min(r+m.rows, rows)*m.wo
			from := in + 2*r*m.W
			if !m.backward {
				m.forward(worker, m.input(m.x, n)[from:], m.output(m.y, n)[lo:hi], notes[lo:hi])
			} else {
				m.gradient(worker, m.input(m.dx, n)[from:], m.output(m.dy, n)[lo:hi], notes[lo:hi])
			}
		}
		if m.backward {
			clear(m.input(m.dx, n)[in+2*rows*m.W:][:m.rowsLeft(rows)*m.W-2*rows*m.W])
		}
	}
}

// forward makes some rows of outputs and their notes. For float32 the kernels of
// the other pools do it: the gradient of the maximum marks each winner with a 1,
// which becomes the number of its place, and a sum over the window brings that, a
// quarter of it, to the output's place.
func (m *NotedMaxPool[T]) forward(worker int, x, y []T, note []uint8) {
	b, ok := asF32(y)
	if !ok {
		for j := range y {
			at := j/m.wo*2*m.W + j%m.wo*2
			y[j], note[j] = 0, 0
			for k, v := range [4]T{x[at], x[at+1], x[at+m.W], x[at+m.W+1]} {
				if v > y[j] {
					y[j], note[j] = v, notes[k]
				}
			}
		}
		return
	}
	a, _ := asF32(x)
	k, rows := asm.Active(), len(y)/m.wo
	k.MaxPool2F32(b, a, rows, m.W)
	marks := buffer[float32](m.pool, worker, slotImage, 2*rows*m.W)
	numbers := buffer[float32](m.pool, worker, slotCols, len(b))
	k.MaxPool2GradF32(marks, a, b, m.ones, rows, m.W)
	Mul(marks, marks, m.place[:len(marks)])
	k.AvgPool2F32(numbers, marks, rows, m.W)
	ReLUGrad(numbers, numbers, b) // 0 where no element is above 0
	note = note[:len(numbers)]
	for j := range numbers {
		note[j] = uint8(math.Float32bits(numbers[j]) >> noteShift)
	}
}

// A note is the byte of a float32, 1/4 to 1 or 0 for none, in which these differ.
const noteShift = 20

// notes are those of the four places; noted takes a note to the number of its
// place, 1 to 4, or 0.
var notes, noted = func() (notes [4]uint8, noted [256]float32) {
	for k := range notes {
		v := float32(k + 1)
		notes[k] = uint8(math.Float32bits(v/4) >> noteShift)
		noted[notes[k]] = v
	}
	return notes, noted
}()

// gradient makes some rows of dx. The noted element is that whose place has the
// noted number: the gradient of the maximum again.
func (m *NotedMaxPool[T]) gradient(worker int, dx, dy []T, note []uint8) {
	rows := len(dy) / m.wo
	if d, ok := asF32(dx); ok {
		g, _ := asF32(dy)
		numbers := buffer[float32](m.pool, worker, slotCols, len(dy))
		Lookup(numbers, note, &noted)
		asm.Active().MaxPool2GradF32(d, m.place, numbers, g, rows, m.W)
		return
	}
	clear(dx[:2*rows*m.W])
	for j, g := range dy {
		if k := int(noted[note[j]]) - 1; k >= 0 {
			dx[(j/m.wo*2+k/2)*m.W+j%m.wo*2+k%2] += g
		}
	}
}
