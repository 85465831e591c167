package tensor

import (
	"math"
	"unsafe"

	"randalign/asm"
)

// The passes of BatchNorm over the data: by columns, or by the runs of plane
// elements of a channel. float32 has kernels for both.

// trees turns the lanes of channels lo..hi, a column each, into their sums.
func (l *BatchNorm[T]) trees(lo, hi int) {
	if l.width == 1 { // the other lanes are 0
		return
	}
	for i := lo * l.width; i < hi*l.width; i += l.width {
		l.s[i], l.q[i] = tree(l.s[i:i+l.width]), tree(l.q[i:i+l.width])
	}
}

// tree adds lanes; those that v lacks are 0.
func tree(v []float64) float64 {
	if len(v) == asm.Lanes {
		return asm.Tree((*[asm.Lanes]float64)(v))
	}
	var lane [asm.Lanes]float64
	copy(lane[:], v)
	return asm.Tree(&lane)
}

// sums sets s and q of channels lo..hi to those of x - x0 and its square.
func (l *BatchNorm[T]) sums(lo, hi int) {
	if l.columns() {
		for c := lo; c < hi; c++ {
			set(l.c[c*l.values:(c+1)*l.values], l.x[c*l.plane]) // c is free until the gradient
		}
		shift := l.c[lo*l.values : hi*l.values]
		lo, hi, stride := lo*l.plane, hi*l.plane, l.channels*l.plane
		s, q := l.s[lo:hi], l.q[lo:hi]
		clear(s)
		clear(q)
		if x, ok := asF32(l.x); ok {
			shift, _ := asF32(shift)
			asm.Active().NormColsSumsF32(x[lo:], l.n, stride, l.width/l.values, shift, s, q)
		} else {
			for n := range l.n {
				for j, v := range l.x[n*stride+lo:][:hi-lo] {
					d := float64(v) - float64(shift[j])
					s[j] += d
					q[j] = math.FMA(d, d, q[j])
				}
			}
		}
		l.trees(lo/l.plane, hi/l.plane)
		return
	}
	clear(l.lanes[lo:hi])
	stride := l.channels * l.plane
	if x, ok := asF32(l.x); ok {
		kern, rows := asm.Active(), l.rows()
		for r := 0; r < l.n; r += rows {
			ahead := l.soon(r, rows)
			for c := lo; c < hi; c++ {
				lanes := &l.lanes[c]
				kern.NormSumsF32(x[r*stride+c*l.plane:], min(rows, l.n-r), stride, l.plane, x[c*l.plane], &lanes[0], &lanes[1], ahead)
			}
		}
	} else {
		for c := lo; c < hi; c++ {
			x, lanes := l.x[c*l.plane:], &l.lanes[c]
			for n := range l.n {
				for p, v := range x[n*stride:][:l.plane] {
					d, k := float64(v)-float64(x[0]), p%asm.Lanes
					lanes[0][k] += d
					lanes[1][k] = math.FMA(d, d, lanes[1][k])
				}
			}
		}
	}
	l.planes(lo, hi)
}

// planes turns the lanes of channels lo..hi into their sums.
func (l *BatchNorm[T]) planes(lo, hi int) {
	for c := lo; c < hi; c++ {
		l.s[c], l.q[c] = asm.Tree(&l.lanes[c][0]), asm.Tree(&l.lanes[c][1])
	}
}

// rows returns how many examples a kernel is given at a time, channel after channel of a task.
func (l *BatchNorm[T]) rows() int {
	if l.plane > callElements {
		return 1
	}
	return callRuns
}

// ahead returns how far, from example r on, what is fetched for later is from what the kernel
// reads: as many examples on, or next elements from the task's first ones after the last. Runs are
// too far apart for the hardware to see them coming.
func (l *BatchNorm[T]) ahead(r, rows, next int) int {
	stride := l.channels * l.plane
	if r+rows < l.n {
		return rows * stride
	}
	return next - r*stride
}

// soon is ahead for sums, which come back to the task's first runs: 0, nothing, where the batch is near.
func (l *BatchNorm[T]) soon(r, rows int) int {
	if !l.far {
		return 0
	}
	return l.ahead(r, rows, 0)
}

// apply makes y of x.
func (l *BatchNorm[T]) apply(lo, hi int) {
	if l.columns() {
		first, end := lo*l.values, hi*l.values
		m, a, b := l.m[first:end], l.a[first:end], l.b[first:end]
		lo, hi, stride := lo*l.plane, hi*l.plane, l.channels*l.plane
		if x, ok := asF32(l.x); ok {
			y, _ := asF32(l.y)
			m, _ := asF32(m)
			a, _ := asF32(a)
			b, _ := asF32(b)
			asm.Active().NormColsApplyF32(y[lo:], x[lo:], l.n, stride, l.width/l.values, m, a, b, l.relu, l.past)
			return
		}
		for n := range l.n {
			y := l.y[n*stride+lo:][:hi-lo]
			for j, v := range l.x[n*stride+lo:][:hi-lo] {
				y[j] = l.rectify(mulAdd(v-m[j], a[j], b[j]))
			}
		}
		return
	}
	stride := l.channels * l.plane
	if x, ok := asF32(l.x); ok {
		y, _ := asF32(l.y)
		kern, rows := asm.Active(), l.rows()
		for r := 0; r < l.n; r += rows {
			ahead := l.ahead(r, rows, (hi-lo)*l.plane)
			for c := lo; c < hi; c++ {
				at := r*stride + c*l.plane
				kern.NormApplyF32(y[at:], x[at:], min(rows, l.n-r), stride, l.plane, float32(l.m[c]), float32(l.a[c]), float32(l.b[c]), l.relu, l.past, ahead)
			}
		}
		return
	}
	for c := lo; c < hi; c++ {
		m, a, b := l.m[c], l.a[c], l.b[c]
		for at := c * l.plane; at < l.n*stride; at += stride {
			y := l.y[at:][:l.plane]
			for p, v := range l.x[at:][:l.plane] {
				y[p] = l.rectify(mulAdd(v-m, a, b))
			}
		}
	}
}

// gradSums sets s and q of channels lo..hi to those of dy and dy*(x-mean).
func (l *BatchNorm[T]) gradSums(lo, hi int) {
	if l.columns() {
		first, end := lo*l.values, hi*l.values
		mean, m, a, b := l.mean[first:end], l.m[first:end], l.a[first:end], l.b[first:end]
		lo, hi, stride := lo*l.plane, hi*l.plane, l.channels*l.plane
		s, q := l.s[lo:hi], l.q[lo:hi]
		clear(s)
		clear(q)
		if x, ok := asF32(l.x); ok {
			dy, _ := asF32(l.dy)
			m, _ := asF32(m)
			a, _ := asF32(a)
			b, _ := asF32(b)
			asm.Active().NormColsGradSumsF32(x[lo:], dy[lo:], l.n, stride, l.width/l.values, mean, m, a, b, l.relu, s, q)
		} else {
			for n := range l.n {
				dy := l.dy[n*stride+lo:][:hi-lo]
				for j, v := range l.x[n*stride+lo:][:hi-lo] {
					g := float64(l.behind(dy[j], v-m[j], a[j], b[j]))
					s[j] += g
					q[j] = math.FMA(g, float64(v)-mean[j], q[j])
				}
			}
		}
		l.trees(lo/l.plane, hi/l.plane)
		return
	}
	clear(l.lanes[lo:hi])
	stride := l.channels * l.plane
	if x, ok := asF32(l.x); ok {
		dy, _ := asF32(l.dy)
		kern, rows := asm.Active(), l.rows()
		for r := 0; r < l.n; r += rows {
			ahead := l.soon(r, rows)
			for c := lo; c < hi; c++ {
				at, lanes := r*stride+c*l.plane, &l.lanes[c]
				kern.NormGradSumsF32(x[at:], dy[at:], min(rows, l.n-r), stride, l.plane, l.mean[c], float32(l.m[c]), float32(l.a[c]), float32(l.b[c]), l.relu, &lanes[0], &lanes[1], ahead)
			}
		}
	} else {
		for c := lo; c < hi; c++ {
			m, a, b, mean, lanes := l.m[c], l.a[c], l.b[c], l.mean[c], &l.lanes[c]
			for at := c * l.plane; at < l.n*stride; at += stride {
				dy := l.dy[at:][:l.plane]
				for p, v := range l.x[at:][:l.plane] {
					g, k := float64(l.behind(dy[p], v-m, a, b)), p%asm.Lanes
					lanes[0][k] += g
					lanes[1][k] = math.FMA(g, float64(v)-mean, lanes[1][k])
				}
			}
		}
	}
	l.planes(lo, hi)
}

// gradApply makes dx of dy and x.
func (l *BatchNorm[T]) gradApply(lo, hi int) {
	if l.columns() {
		first, end := lo*l.values, hi*l.values
		m, a, b, c, d := l.m[first:end], l.a[first:end], l.b[first:end], l.c[first:end], l.d[first:end]
		lo, hi, stride := lo*l.plane, hi*l.plane, l.channels*l.plane
		if x, ok := asF32(l.x); ok {
			dy, _ := asF32(l.dy)
			dx, _ := asF32(l.dx)
			m, _ := asF32(m)
			a, _ := asF32(a)
			b, _ := asF32(b)
			c, _ := asF32(c)
			d, _ := asF32(d)
			asm.Active().NormColsGradF32(dx[lo:], x[lo:], dy[lo:], l.n, stride, l.width/l.values, m, a, b, c, d, l.relu, l.past)
			return
		}
		for n := range l.n {
			dy, dx := l.dy[n*stride+lo:][:hi-lo], l.dx[n*stride+lo:][:hi-lo]
			for j, v := range l.x[n*stride+lo:][:hi-lo] {
				dx[j] = mulAdd(l.behind(dy[j], v-m[j], a[j], b[j]), a[j], mulAdd(v-m[j], c[j], d[j]))
			}
		}
		return
	}
	stride := l.channels * l.plane
	if x, ok := asF32(l.x); ok {
		dy, _ := asF32(l.dy)
		dx, _ := asF32(l.dx)
		kern, rows := asm.Active(), l.rows()
		for r := (l.n - 1) / rows * rows; r >= 0; r -= rows { // the sums' last examples are the nearest
			ahead := -rows * stride
			if r == 0 {
				ahead = (hi - lo) * l.plane // the next task's
			}
			for c := lo; c < hi; c++ {
				at := r*stride + c*l.plane
				kern.NormGradF32(dx[at:], x[at:], dy[at:], min(rows, l.n-r), stride, l.plane, float32(l.m[c]), float32(l.a[c]), float32(l.b[c]), float32(l.c[c]), float32(l.d[c]), l.relu, l.past, ahead)
			}
		}
		return
	}
	for c := lo; c < hi; c++ {
		m, a, b, k, d := l.m[c], l.a[c], l.b[c], l.c[c], l.d[c]
		for at := c * l.plane; at < l.n*stride; at += stride {
			dy, dx := l.dy[at:][:l.plane], l.dx[at:][:l.plane]
			for p, v := range l.x[at:][:l.plane] {
				dx[p] = mulAdd(l.behind(dy[p], v-m, a, b), a, mulAdd(v-m, k, d))
			}
		}
	}
}

// rectify is the ReLU behind, if there is one.
func (l *BatchNorm[T]) rectify(y T) T {
	if l.relu && !(y > 0) {
		return 0
	}
	return y
}

// behind is the gradient before the ReLU, which let y = a*d + b through if it
// was positive.
func (l *BatchNorm[T]) behind(dy, d, a, b T) T {
	if l.relu && !(mulAdd(d, a, b) > 0) {
		return 0
	}
	return dy
}

// mulAdd is x*y + z, rounded once.
func mulAdd[T Float](x, y, z T) T {
	if unsafe.Sizeof(x) == 4 {
		return T(asm.FMA32(float32(x), float32(y), float32(z)))
	}
	return T(math.FMA(float64(x), float64(y), float64(z)))
}
