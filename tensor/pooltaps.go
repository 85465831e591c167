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

// room returns the worker's memory for phases, filled with padding, for a group's results,
// and for count times its outputs, a margin before each. Where an image is laid out as
// its only phase would be, there are no phases.
func (q *pooling[T]) room(worker, count int, padding float32) (phases, made, rest []float32) {
	n := 0
	if !q.whole() {
		n = q.phases()
	}
	each := q.win.group * max(q.H*q.W, q.ho*q.wo)
	b := buffer[float32](q.pool, worker, slotImage, n+each+count*q.win.span())
	if q.Pad > 0 {
		Fill(b[:n], padding)
	}
	return b[:n], b[n:][:each], b[n+each:]
}

// span is how many elements a group's outputs have, with the margin before them.
func (w *windows) span() int { return w.margin + w.group*w.area }

// inputs returns a group of n of the image's inputs, from channel c on, in phases.
func (q *pooling[T]) inputs(phases, x []float32, c, n int) []float32 {
	x = x[c*q.H*q.W:][:n*q.H*q.W]
	if q.whole() {
		return x
	}
	q.lay(phases, x, n)
	return phases
}

// tapStretch outputs are made by one call of a kernel. Between two of them a part of what
// the next group will read is asked for, so that it comes meanwhile.
const tapStretch = 512

// coming is what the next group reads, which follows in the batch what this one
// reads, be it of the same image or of the next.
type coming struct{ soon [3]soon[float32] }

// fetch asks for the next part.
func (f *coming) fetch() {
	for i := range f.soon {
		a := f.soon[i].part()
		asm.Prefetch(a.take(a.rows))
	}
}

// next returns what the group behind the n channels from c on of an image reads of a
// batch of inputs and two of outputs, any of which may be nil, for so many calls of fetch.
func (q *pooling[T]) next(image, c, n, calls int, x, y, dy []T) (f coming) {
	from := image*q.C + c + n
	for i, b := range [3][]T{x, y, dy} {
		a, _ := asF32(b)
		area := q.ho * q.wo
		if i == 0 {
			area = q.H * q.W
		}
		f.soon[i] = soonOf(a, min(from*area, len(a)), min((from+q.win.group)*area, len(a)), calls)
	}
	return f
}

// made returns where a group's results are put together: in their place to, or in room if
// they pass the caches by, to which settle then takes them.
func (q *pooling[T]) made(to, room []float32) []float32 {
	if q.past {
		return room[:len(to)]
	}
	return to
}

func (q *pooling[T]) settle(to, room []float32) {
	if q.past {
		asm.Active().CopyPastF32(to, room)
	}
}

// maxTaps is MaxPool.forward by taps.
func (m *MaxPool[T]) maxTaps(worker, image int, x, y []float32) {
	k := asm.Active()
	phases, room, out := m.room(worker, 1, paddingMax)
	for c := 0; c < m.C; c += m.win.group {
		n := min(m.win.group, m.C-c)
		src, all := m.inputs(phases, x, c, n), out[:m.outputs(n)]
		next := m.next(image, c, n, ceilDiv(len(all), tapStretch), m.x, nil, nil)
		for i := 0; i < len(all); i += tapStretch {
			next.fetch()
			k.MaxTapsF32(all[i:min(i+tapStretch, len(all))], src[i:], m.win.ahead)
		}
		to := y[c*m.ho*m.wo:][:n*m.ho*m.wo]
		m.dense(m.made(to, room), out, n)
		m.settle(to, room)
	}
}

// avgTaps is AvgPool.forward by taps.
func (a *AvgPool[T]) avgTaps(worker, image int, x, y []float32) {
	k := asm.Active()
	phases, room, out := a.room(worker, 1, paddingSum)
	for c := 0; c < a.C; c += a.win.group {
		n := min(a.win.group, a.C-c)
		src, all := a.inputs(phases, x, c, n), out[:a.outputs(n)]
		next := a.next(image, c, n, ceilDiv(len(all), tapStretch), a.x, nil, nil)
		for i := 0; i < len(all); i += tapStretch {
			next.fetch()
			k.SumTapsF32(all[i:min(i+tapStretch, len(all))], src[i:], a.win.ahead, paddingSum, float32(a.R*a.R))
		}
		to := y[c*a.ho*a.wo:][:n*a.ho*a.wo]
		a.dense(a.made(to, room), out, n)
		a.settle(to, room)
	}
}

// maxTapsGrad is MaxPool.gradient by taps: each output's winner is noted, then each
// input takes what the outputs have for it.
func (m *MaxPool[T]) maxTapsGrad(worker, image int, x, y, dy, dx []float32) {
	k, w := asm.Active(), &m.win
	span := w.span()
	phases, room, rest := m.room(worker, 3, paddingSeek)
	out, numbers, grads := rest[:span], rest[span:2*span], rest[2*span:3*span]
	note := integers(numbers)
	clear(note)
	clear(grads) // between the outputs too: nothing of it reaches an input
	for c := 0; c < m.C; c += w.group {
		n := min(w.group, m.C-c)
		at, d := c*m.ho*m.wo, dx[c*m.H*m.W:][:n*m.H*m.W]
		m.flat(out, y[at:], n)
		m.flat(grads[w.margin:], dy[at:], n)
		src, all := m.inputs(phases, x, c, n), note[w.margin:][:m.outputs(n)]
		inputs := n * w.area // of a phase
		calls := ceilDiv(len(all), tapStretch) + m.Stride*m.Stride*ceilDiv(inputs, tapStretch)
		next := m.next(image, c, n, calls, m.x, m.y, m.dy)
		for i := 0; i < len(all); i += tapStretch {
			next.fetch()
			k.NoteTapsF32(all[i:min(i+tapStretch, len(all))], w.none[i:], src[i:], out[i:], w.ahead)
		}
		to := phases
		if m.whole() {
			to = m.made(d, room)
		}
		for f := range m.Stride * m.Stride {
			phase, b := to[f*w.group*w.area:][:inputs], &w.back[f]
			if len(b.noted) == 0 {
				clear(phase)
				continue
			}
			for i := 0; i < inputs; i += tapStretch {
				next.fetch()
				k.PickTapsF32(phase[i:min(i+tapStretch, inputs)], grads[i:], note[i:], b.noted)
			}
		}
		if !m.whole() {
			m.gather(m.made(d, room), phases, n)
			if m.Pad > 0 {
				Fill(phases, paddingSeek)
			}
		}
		m.settle(d, room)
	}
}

// avgTapsGrad is AvgPool.gradient by taps.
func (a *AvgPool[T]) avgTapsGrad(worker, image int, dy, dx []float32) {
	k, w := asm.Active(), &a.win
	span := w.span()
	phases, room, rest := a.room(worker, 2, 0)
	out, grads := rest[:span], rest[span:2*span]
	clear(grads) // between the outputs too: nothing of it reaches an input
	for c := 0; c < a.C; c += w.group {
		n := min(w.group, a.C-c)
		d := dx[c*a.H*a.W:][:n*a.H*a.W]
		shares := out[:n*a.ho*a.wo]
		k.SumTapsF32(shares, dy[c*a.ho*a.wo:], itself, paddingSum, float32(a.R*a.R))
		a.flat(grads[w.margin:], shares, n)
		inputs := n * w.area // of a phase
		next := a.next(image, c, n, ceilDiv(inputs, tapStretch), nil, nil, a.dy)
		to := phases
		if a.whole() {
			to = a.made(d, room)
		}
		for f := range a.Stride * a.Stride {
			phase, b := to[f*w.group*w.area:][:inputs], &w.back[f]
			if len(b.at) == 0 {
				clear(phase)
				continue
			}
			for i := 0; i < inputs; i += tapStretch {
				if a.Stride == 1 { // of dy there is little otherwise
					next.fetch()
				}
				k.SumTapsF32(phase[i:min(i+tapStretch, inputs)], grads[i:], b.at, 0, 1)
			}
		}
		if !a.whole() {
			a.gather(a.made(d, room), phases, n)
		}
		a.settle(d, room)
	}
}

// integers is the memory of x.
func integers(x []float32) []int32 {
	return unsafe.Slice((*int32)(unsafe.Pointer(unsafe.SliceData(x))), len(x))
}
