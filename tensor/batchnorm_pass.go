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
	for c := lo; c < hi; c++ {
		i := c * l.width
		for _, v := range [2][]float64{l.s, l.q} {
			var lane [asm.Lanes]float64
			copy(lane[:], v[i:i+l.width])
			v[i] = asm.Tree(&lane)
		}
	}
}

// sums sets s and q of channels lo..hi to those of x - x0 and its square.
func (l *BatchNorm[T]) sums(lo, hi int) {
	if l.columns() {
		lo, hi, stride := lo*l.plane, hi*l.plane, l.channels*l.plane
		s, q, shift := l.s[lo:hi], l.q[lo:hi], l.c[lo:hi] // c is free until the gradient
		for j := range s {
			s[j], q[j], shift[j] = 0, 0, l.x[lo+j-j%l.plane]
		}
		if x, ok := asF32(l.x); ok {
			shift, _ := asF32(shift)
			asm.Active().NormColsSumsF32(x[lo:], l.n, stride, shift, s, q)
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
	l.lanes[lo] = [2][asm.Lanes]float64{}
	s, q := &l.lanes[lo][0], &l.lanes[lo][1]
	x, stride := l.x[lo*l.plane:], l.channels*l.plane
	if f, ok := asF32(x); ok {
		asm.Active().NormSumsF32(f, l.n, stride, l.plane, f[0], s, q)
	} else {
		for n := range l.n {
			for p, v := range x[n*stride:][:l.plane] {
				d, k := float64(v)-float64(x[0]), p%asm.Lanes
				s[k] += d
				q[k] = math.FMA(d, d, q[k])
			}
		}
	}
	l.s[lo], l.q[lo] = asm.Tree(s), asm.Tree(q)
}

// apply makes y of x.
func (l *BatchNorm[T]) apply(lo, hi int) {
	if l.columns() {
		lo, hi, stride := lo*l.plane, hi*l.plane, l.channels*l.plane
		m, a, b := l.m[lo:hi], l.a[lo:hi], l.b[lo:hi]
		if x, ok := asF32(l.x); ok {
			y, _ := asF32(l.y)
			m, _ := asF32(m)
			a, _ := asF32(a)
			b, _ := asF32(b)
			asm.Active().NormColsApplyF32(y[lo:], x[lo:], l.n, stride, m, a, b, l.relu)
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
	x, y, stride := l.x[lo*l.plane:], l.y[lo*l.plane:], l.channels*l.plane
	m, a, b := l.m[lo], l.a[lo], l.b[lo]
	if f, ok := asF32(x); ok {
		g, _ := asF32(y)
		asm.Active().NormApplyF32(g, f, l.n, stride, l.plane, float32(m), float32(a), float32(b), l.relu)
		return
	}
	for n := range l.n {
		dst := y[n*stride:][:l.plane]
		for p, v := range x[n*stride:][:l.plane] {
			dst[p] = l.rectify(mulAdd(v-m, a, b))
		}
	}
}

// gradSums sets s and q of channels lo..hi to those of dy and dy*(x-mean).
func (l *BatchNorm[T]) gradSums(lo, hi int) {
	if l.columns() {
		lo, hi, stride := lo*l.plane, hi*l.plane, l.channels*l.plane
		s, q, mean := l.s[lo:hi], l.q[lo:hi], l.mean[lo:hi]
		m, a, b := l.m[lo:hi], l.a[lo:hi], l.b[lo:hi]
		clear(s)
		clear(q)
		if x, ok := asF32(l.x); ok {
			dy, _ := asF32(l.dy)
			m, _ := asF32(m)
			a, _ := asF32(a)
			b, _ := asF32(b)
			asm.Active().NormColsGradSumsF32(x[lo:], dy[lo:], l.n, stride, mean, m, a, b, l.relu, s, q)
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
	l.lanes[lo] = [2][asm.Lanes]float64{}
	s, q := &l.lanes[lo][0], &l.lanes[lo][1]
	x, dy, stride := l.x[lo*l.plane:], l.dy[lo*l.plane:], l.channels*l.plane
	m, a, b, mean := l.m[lo], l.a[lo], l.b[lo], l.mean[lo]
	if f, ok := asF32(x); ok {
		g, _ := asF32(dy)
		asm.Active().NormGradSumsF32(f, g, l.n, stride, l.plane, mean, float32(m), float32(a), float32(b), l.relu, s, q)
	} else {
		for n := range l.n {
			src := dy[n*stride:][:l.plane]
			for p, v := range x[n*stride:][:l.plane] {
				g, k := float64(l.behind(src[p], v-m, a, b)), p%asm.Lanes
				s[k] += g
				q[k] = math.FMA(g, float64(v)-mean, q[k])
			}
		}
	}
	l.s[lo], l.q[lo] = asm.Tree(s), asm.Tree(q)
}

// gradApply makes dx of dy and x.
func (l *BatchNorm[T]) gradApply(lo, hi int) {
	if l.columns() {
		lo, hi, stride := lo*l.plane, hi*l.plane, l.channels*l.plane
		m, a, b, c, d := l.m[lo:hi], l.a[lo:hi], l.b[lo:hi], l.c[lo:hi], l.d[lo:hi]
		if x, ok := asF32(l.x); ok {
			dy, _ := asF32(l.dy)
			dx, _ := asF32(l.dx)
			m, _ := asF32(m)
			a, _ := asF32(a)
			b, _ := asF32(b)
			c, _ := asF32(c)
			d, _ := asF32(d)
			asm.Active().NormColsGradF32(dx[lo:], x[lo:], dy[lo:], l.n, stride, m, a, b, c, d, l.relu)
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
	x, dy, dx, stride := l.x[lo*l.plane:], l.dy[lo*l.plane:], l.dx[lo*l.plane:], l.channels*l.plane
	m, a, b, c, d := l.m[lo], l.a[lo], l.b[lo], l.c[lo], l.d[lo]
	if f, ok := asF32(x); ok {
		g, _ := asF32(dy)
		h, _ := asF32(dx)
		asm.Active().NormGradF32(h, f, g, l.n, stride, l.plane, float32(m), float32(a), float32(b), float32(c), float32(d), l.relu)
		return
	}
	for n := range l.n {
		src, dst := dy[n*stride:][:l.plane], dx[n*stride:][:l.plane]
		for p, v := range x[n*stride:][:l.plane] {
			dst[p] = mulAdd(l.behind(src[p], v-m, a, b), a, mulAdd(v-m, c, d))
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
