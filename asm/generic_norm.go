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

// The same for batches of vectors, whose columns are the channels: rows of
// columns, stride apart, added one after the other.

func normColsSumsF32Generic(x []float32, rows, stride int, shift []float32, s, q []float64) {
	s, q = s[:len(shift)], q[:len(shift)]
	for r := range rows {
		row := x[r*stride:][:len(shift)]
		for j, v := range row {
			d := float64(v) - float64(shift[j])
			s[j] += d
			q[j] = math.FMA(d, d, q[j])
		}
	}
}

func normColsApplyF32Generic(y, x []float32, rows, stride int, m, a, b []float32, relu, _ bool) {
	for r := range rows {
		dst := y[r*stride:][:len(m)]
		for j, v := range x[r*stride:][:len(m)] {
			v = FMA32(v-m[j], a[j], b[j])
			if relu && !(v > 0) {
				v = 0
			}
			dst[j] = v
		}
	}
}

func normColsGradSumsF32Generic(x, dy []float32, rows, stride int, mean []float64, m, a, b []float32, relu bool, s, q []float64) {
	for r := range rows {
		g := dy[r*stride:][:len(m)]
		for j, v := range x[r*stride:][:len(m)] {
			e := float64(g[j])
			if relu && !(FMA32(v-m[j], a[j], b[j]) > 0) {
				e = 0
			}
			s[j] += e
			q[j] = math.FMA(e, float64(v)-mean[j], q[j])
		}
	}
}

func normColsGradF32Generic(dx, x, dy []float32, rows, stride int, m, a, b, c, d []float32, relu, _ bool) {
	for r := range rows {
		g, dst := dy[r*stride:][:len(m)], dx[r*stride:][:len(m)]
		for j, v := range x[r*stride:][:len(m)] {
			e := g[j]
			if relu && !(FMA32(v-m[j], a[j], b[j]) > 0) {
				e = 0
			}
			dst[j] = FMA32(e, a[j], FMA32(v-m[j], c[j], d[j]))
		}
	}
}
