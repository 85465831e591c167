package tensor

import (
	"math"
	"unsafe"

	"randalign/asm"
)

// What padding is for a maximum, for a sum, and where an element is sought.
var (
	paddingMax  = float32(math.Inf(-1))
	paddingSum  = float32(math.Copysign(0, -1))
	paddingSeek = float32(math.NaN())
)

// itself is the window of one element.
var itself = []int{0}

// byTaps reports whether the passes of this file fit.
func (q *pooling[T]) byTaps() bool { return q.win.group > 0 }

// room returns the worker's memory for phases, filled with padding, and for count times
// a group's outputs, a margin before each. Where an image is laid out as its only
// phase would be, there are no phases.
func (q *pooling[T]) room(worker, count int, padding float32) (phases, rest []float32) {
	n := 0
	if !q.whole() {
		n = q.phases()
	}
	b := buffer[float32](q.pool, worker, slotImage, n+count*q.win.span())
	if q.Pad > 0 {
		Fill(b[:n], padding)
	}
	return b[:n], b[n:]
}

// span is how many elements a group's outputs have, with the margin before them.
func (w *windows) span() int { return w.margin + w.group*w.area }

// group returns a group of n of the image's inputs, from channel c on, in phases.
func (q *pooling[T]) inputs(phases, x []float32, c, n int) []float32 {
	x = x[c*q.H*q.W:][:n*q.H*q.W]
	if q.whole() {
		return x
	}
	q.lay(phases, x, n)
	return phases
}

// maxTaps is MaxPool.forward by taps.
func (m *MaxPool[T]) maxTaps(worker int, x, y []float32) {
	phases, out := m.room(worker, 1, paddingMax)
	for c := 0; c < m.C; c += m.win.group {
		n := min(m.win.group, m.C-c)
		asm.Active().MaxTapsF32(out[:m.outputs(n)], m.inputs(phases, x, c, n), m.win.ahead)
		m.dense(y[c*m.ho*m.wo:], out, n)
	}
}

// avgTaps is AvgPool.forward by taps.
func (a *AvgPool[T]) avgTaps(worker int, x, y []float32) {
	phases, out := a.room(worker, 1, paddingSum)
	for c := 0; c < a.C; c += a.win.group {
		n := min(a.win.group, a.C-c)
		asm.Active().SumTapsF32(out[:a.outputs(n)], a.inputs(phases, x, c, n), a.win.ahead, paddingSum, float32(a.R*a.R))
		a.dense(y[c*a.ho*a.wo:], out, n)
	}
}

// maxTapsGrad is MaxPool.gradient by taps: each output's winner is noted, then each
// input takes what the outputs have for it.
func (m *MaxPool[T]) maxTapsGrad(worker int, x, y, dy, dx []float32) {
	k, span := asm.Active(), m.win.span()
	phases, rest := m.room(worker, 3, paddingSeek)
	out, numbers, grads := rest[:span], rest[span:2*span], rest[2*span:3*span]
	note := integers(numbers)
	clear(note)
	clear(grads) // between the outputs too: nothing of it reaches an input
	for c := 0; c < m.C; c += m.win.group {
		n := min(m.win.group, m.C-c)
		outputs, at := m.outputs(n), c*m.ho*m.wo
		m.flat(out, y[at:], n)
		m.flat(grads[m.win.margin:], dy[at:], n)
		k.NoteTapsF32(note[m.win.margin:][:outputs], m.win.none, m.inputs(phases, x, c, n), out, m.win.ahead)
		d := dx[c*m.H*m.W:][:n*m.H*m.W]
		if m.whole() {
			k.PickTapsF32(d, grads, note, m.win.back[0].noted)
			continue
		}
		for f, b := range m.win.back {
			if phase := f * m.win.group * m.win.area; len(b.noted) > 0 {
				k.PickTapsF32(phases[phase:][:n*m.win.area], grads, note, b.noted)
			} else if phase < len(phases) {
				clear(phases[phase:][:n*m.win.area])
			}
		}
		m.gather(d, phases, n)
		if m.Pad > 0 {
			Fill(phases, paddingSeek)
		}
	}
}

// avgTapsGrad is AvgPool.gradient by taps.
func (a *AvgPool[T]) avgTapsGrad(worker int, dy, dx []float32) {
	k, span := asm.Active(), a.win.span()
	phases, rest := a.room(worker, 2, 0)
	out, grads := rest[:span], rest[span:2*span]
	clear(grads) // between the outputs too: nothing of it reaches an input
	for c := 0; c < a.C; c += a.win.group {
		n := min(a.win.group, a.C-c)
		shares := out[:n*a.ho*a.wo]
		k.SumTapsF32(shares, dy[c*a.ho*a.wo:], itself, paddingSum, float32(a.R*a.R))
		a.flat(grads[a.win.margin:], shares, n)
		d := dx[c*a.H*a.W:][:n*a.H*a.W]
		if a.whole() {
			k.SumTapsF32(d, grads, a.win.back[0].at, 0, 1)
			continue
		}
		for f, b := range a.win.back {
			if phase := f * a.win.group * a.win.area; len(b.at) > 0 {
				k.SumTapsF32(phases[phase:][:n*a.win.area], grads, b.at, 0, 1)
			} else if phase < len(phases) {
				clear(phases[phase:][:n*a.win.area])
			}
		}
		a.gather(d, phases, n)
	}
}

// integers is the memory of x.
func integers(x []float32) []int32 {
	return unsafe.Slice((*int32)(unsafe.Pointer(unsafe.SliceData(x))), len(x))
}
