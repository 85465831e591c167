package tensor

import "randalign/asm"

// Pooling of float32 by windows of 3 x 3, 1 or 2 apart, by kernels that take them straight
// from an image (asm.Windows3): that is the way wherever the path has such kernels (Direct3).
// Others, and other windows, go by taps (pooltaps.go).
//
// A group of planes is a call. Where results pass the caches by, they are put together in
// the worker's memory first, whole lines of them being needed for that, unless a kernel makes
// them line by line.

// directGroup inputs, about, are a group, unless a plane is larger.
const directGroup = 4096

// direct reports whether the pass goes this way.
func (q *pooling[T]) direct() bool { return q.three != nil && asm.Active().Direct3 }

// groups calls f for the groups of an image: the inputs lo..hi and the outputs from..to.
func (q *pooling[T]) groups(f func(lo, hi, from, to int)) {
	in, out := q.H*q.W, q.ho*q.wo
	n := max(1, directGroup/in)
	for c := 0; c < q.C; c += n {
		end := min(c+n, q.C)
		f(c*in, end*in, c*out, end*out)
	}
}

// near tells the kernels whether the inputs are in the caches.
func (q *pooling[T]) near(n int) {
	if q.three != nil {
		q.three.Near(4*n*q.C*q.H*q.W <= pastBytes)
	}
}

// place returns where results that belong to to are put together; settle takes them there.
func (q *pooling[T]) place(worker int, to []float32) []float32 {
	if q.past {
		return buffer[float32](q.pool, worker, slotImage, len(to))
	}
	return to
}

// maxDirect is MaxPool.forward if there is no NaN, else it returns false.
func (m *MaxPool[T]) maxDirect(worker int, x, y []float32) bool {
	k, all := asm.Active(), true
	m.groups(func(lo, hi, from, to int) {
		made := m.place(worker, y[from:to])
		all = all && k.MaxPool3F32(made, x[lo:hi], m.three)
		m.settle(y[from:to], made)
	})
	return all
}

// maxDirectGrad is MaxPool.gradient if there is no NaN, else it returns false. What x has for
// the largest is found anew: to read y takes longer.
func (m *MaxPool[T]) maxDirectGrad(worker int, x, dy, dx []float32) bool {
	k, all := asm.Active(), true
	room := buffer[float32](m.pool, worker, slotCols, m.three.Room())
	m.groups(func(lo, hi, from, to int) {
		if m.past {
			ordered, made := k.MaxPool3GradPastF32(dx[lo:hi], x[lo:hi], dy[from:to], room, m.three)
			if made {
				all = all && ordered
				return
			}
		}
		made := m.place(worker, dx[lo:hi])
		all = all && k.MaxPool3GradF32(made, x[lo:hi], dy[from:to], room, m.three)
		m.settle(dx[lo:hi], made)
	})
	return all
}

// avgDirect is AvgPool.forward.
func (a *AvgPool[T]) avgDirect(worker int, x, y []float32) {
	k := asm.Active()
	a.groups(func(lo, hi, from, to int) {
		made := a.place(worker, y[from:to])
		k.AvgPool3F32(made, x[lo:hi], a.three)
		a.settle(y[from:to], made)
	})
}

// avgDirectGrad is AvgPool.gradient.
func (a *AvgPool[T]) avgDirectGrad(worker int, dy, dx []float32) {
	k := asm.Active()
	room := buffer[float32](a.pool, worker, slotCols, a.three.Room())
	a.groups(func(lo, hi, from, to int) {
		if a.past && k.AvgPool3GradPastF32(dx[lo:hi], dy[from:to], room, a.three) {
			return
		}
		made := a.place(worker, dx[lo:hi])
		k.AvgPool3GradF32(made, dy[from:to], room, a.three)
		a.settle(dx[lo:hi], made)
	})
}
