package asm

import "math"

// The kernels of batch normalisation see one channel of a batch: runs of width
// elements, stride apart. Element p of every run goes to lane p mod Lanes, run
// after run, in float64.

func normSumsF32Generic(x []float32, runs, stride, width int, shift float32, s, q *[Lanes]float64, _ int) {
	for r := range runs {
		for p, v := range x[r*stride:][:width] {
			d, l := float64(v)-float64(shift), p%Lanes
			s[l] += d
			q[l] = math.FMA(d, d, q[l])
		}
	}
}

func normApplyF32Generic(y, x []float32, runs, stride, width int, m, a, b float32, relu, _ bool, _ int) {
	for r := range runs {
		dst := y[r*stride:][:width]
		for p, v := range x[r*stride:][:width] {
			v = FMA32(v-m, a, b)
			if relu && !(v > 0) {
				v = 0
			}
			dst[p] = v
		}
	}
}

func normGradSumsF32Generic(x, dy []float32, runs, stride, width int, mean float64, m, a, b float32, relu bool, s, q *[Lanes]float64, _ int) {
	for r := range runs {
		g := dy[r*stride:][:width]
		for p, v := range x[r*stride:][:width] {
			e, l := float64(g[p]), p%Lanes
			if relu && !(FMA32(v-m, a, b) > 0) {
				e = 0
			}
			s[l] += e
			q[l] = math.FMA(e, float64(v)-mean, q[l])
		}
	}
}

func normGradF32Generic(dx, x, dy []float32, runs, stride, width int, m, a, b, c, d float32, relu, _ bool, _ int) {
	for r := range runs {
		g, dst := dy[r*stride:][:width], dx[r*stride:][:width]
		for p, v := range x[r*stride:][:width] {
			e := g[p]
			if relu && !(FMA32(v-m, a, b) > 0) {
				e = 0
			}
			dst[p] = FMA32(e, a, FMA32(v-m, c, d))
		}
	}
}

// The same for batches of vectors, whose columns are the channels, or of planes so small that each
// of their elements is a column: rows of columns, stride apart, added one after the other. plane columns
// beside each other share their values.

func normColsSumsF32Generic(x []float32, rows, stride, plane int, shift []float32, s, q []float64) {
	n := len(shift) * plane
	s, q = s[:n], q[:n]
	for r := range rows {
		for j, v := range x[r*stride:][:n] {
			d := float64(v) - float64(shift[j/plane])
			s[j] += d
			q[j] = math.FMA(d, d, q[j])
		}
	}
}

func normColsApplyF32Generic(y, x []float32, rows, stride, plane int, m, a, b []float32, relu, _ bool) {
	n := len(m) * plane
	for r := range rows {
		dst := y[r*stride:][:n]
		for j, v := range x[r*stride:][:n] {
			c := j / plane
			v = FMA32(v-m[c], a[c], b[c])
			if relu && !(v > 0) {
				v = 0
			}
			dst[j] = v
		}
	}
}

func normColsGradSumsF32Generic(x, dy []float32, rows, stride, plane int, mean []float64, m, a, b []float32, relu bool, s, q []float64) {
	n := len(m) * plane
	for r := range rows {
		g := dy[r*stride:][:n]
		for j, v := range x[r*stride:][:n] {
			c, e := j/plane, float64(g[j])
			if relu && !(FMA32(v-m[c], a[c], b[c]) > 0) {
				e = 0
			}
			s[j] += e
			q[j] = math.FMA(e, float64(v)-mean[c], q[j])
		}
	}
}

func normColsGradF32Generic(dx, x, dy []float32, rows, stride, plane int, m, a, b, c, d []float32, relu, _ bool) {
	n := len(m) * plane
	for r := range rows {
		g, dst := dy[r*stride:][:n], dx[r*stride:][:n]
		for j, v := range x[r*stride:][:n] {
			k, e := j/plane, g[j]
			if relu && !(FMA32(v-m[k], a[k], b[k]) > 0) {
				e = 0
			}
			dst[j] = FMA32(e, a[k], FMA32(v-m[k], c[k], d[k]))
		}
	}
}
