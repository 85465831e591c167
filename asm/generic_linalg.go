package asm

import "math"

func dotF64Generic(x, y []float64) float64 {
	y = y[:len(x)]
	var lane [Lanes]float64
	for len(x) >= Lanes && len(y) >= Lanes {
		for i, v := range x[:Lanes] {
			lane[i] = math.FMA(v, y[i], lane[i])
		}
		x, y = x[Lanes:], y[Lanes:]
	}
	for i, v := range x {
		lane[i] = math.FMA(v, y[i], lane[i])
	}
	return Tree(&lane)
}

func axpyF64Generic(a float64, x, y []float64) {
	x = x[:len(y)]
	for i := range y {
		y[i] = math.FMA(a, x[i], y[i])
	}
}

func planeF64Generic(x, y []float64, c, s float64) {
	y = y[:len(x)]
	for i, u := range x {
		w := y[i]
		x[i] = math.FMA(-s, w, float64(c*u))
		y[i] = math.FMA(s, u, float64(c*w))
	}
}

func symvF64Generic(a []float64, lda int, x, y []float64, r, out *[4]float64, _ bool) {
	var lane [4][8]float64
	symvFrom(0, a, lda, x, y, r, out, &lane)
}

// symvFrom is the reference of SymvF64 from column k on, whose lanes hold the sums
// of those before.
func symvFrom(k int, a []float64, lda int, x, y []float64, r, out *[4]float64, lane *[4][8]float64) {
	y = y[:len(x)]
	for j := k; j < len(x); j++ {
		t := y[j]
		for q := range 4 {
			v := a[q*lda+j]
			l := &lane[q][j%8]
			*l = math.FMA(v, x[j], *l)
			t = math.FMA(v, r[q], t)
		}
		y[j] = t
	}
	for q := range 4 {
		out[q] = tree8(&lane[q])
	}
}

func secularF64Generic(z, delta []float64, tau float64) (s, ds float64) {
	var ls, ld [8]float64
	return secularFrom(0, z, delta, tau, &ls, &ld)
}

// secularFrom is the reference of SecularF64 from element k on, whose lanes hold
// the sums of those before.
func secularFrom(k int, z, delta []float64, tau float64, ls, ld *[8]float64) (s, ds float64) {
	delta = delta[:len(z)]
	for i := k; i < len(z); i++ {
		v := z[i]
		t := v / (delta[i] - tau)
		ls[i%8] = math.FMA(v, t, ls[i%8])
		ld[i%8] = math.FMA(t, t, ld[i%8])
	}
	return tree8(ls), tree8(ld)
}

func shiftF64Generic(x []float64, ld, n int, by, sum *[4]float64) {
	var lane [4][4]float64
	shiftFrom(0, x, ld, n, by, sum, &lane)
}

// shiftFrom is the reference of ShiftF64 from element k on, whose lanes hold the sums of
// those before.
func shiftFrom(k int, x []float64, ld, n int, by, sum *[4]float64, lane *[4][4]float64) {
	for q := range 4 {
		row, l := x[q*ld:][:n], &lane[q]
		for i := k; i < n; i++ {
			row[i] -= by[q]
			l[i%4] += row[i]
		}
		sum[q] = (l[0] + l[2]) + (l[1] + l[3])
	}
}

// tree8 adds eight lanes: lane i to lane i+4, then i+2, i+1.
func tree8(l *[8]float64) float64 {
	return ((l[0] + l[4]) + (l[2] + l[6])) + ((l[1] + l[5]) + (l[3] + l[7]))
}
