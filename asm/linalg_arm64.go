//go:build !noasm

package asm

import "math"

// dotBlocksF64NEON is lane[i%16] = fma(x[i], y[i], lane[i%16]) for
// i < 16*blocks, in increasing i, blocks > 0.
//
//go:noescape
func dotBlocksF64NEON(blocks int, x, y *float64, lane *[16]float64)

// axpyBlocksF64NEON is y[i] = fma(a, x[i], y[i]) for i < 8*blocks, blocks > 0.
//
//go:noescape
func axpyBlocksF64NEON(blocks int, a float64, x, y *float64)

// planeBlocksF64NEON is, for i < 8*blocks, blocks > 0:
//
//	x[i], y[i] = fma(-s, y[i], c*x[i]), fma(s, x[i], c*y[i])
//
//go:noescape
func planeBlocksF64NEON(blocks int, x, y *float64, c, s float64)

// symvBlocksF64NEON is, for j < 8*blocks, blocks > 0, and q = 0, 1, 2, 3:
//
//	lane[q][j%8] = fma(a[q*lda+j], x[j], lane[q][j%8])
//	y[j] = fma(a[q*lda+j], r[q], y[j])
//
//go:noescape
func symvBlocksF64NEON(blocks int, a *float64, lda int, x, y *float64, r *[4]float64, lane *[4][8]float64)

// secularBlocksF64NEON is, for i < 8*blocks, blocks > 0, and t = z[i]/(delta[i]-tau):
//
//	s[i%8] = fma(z[i], t, s[i%8]), ds[i%8] = fma(t, t, ds[i%8])
//
//go:noescape
func secularBlocksF64NEON(blocks int, z, delta *float64, tau float64, s, ds *[8]float64)

// shiftBlocksF64NEON is, for i < 4*blocks, blocks > 0, and q = 0, 1, 2, 3:
//
//	x[q*ld+i] -= by[q]; lane[q][i%4] += x[q*ld+i], from +0
//
//go:noescape
func shiftBlocksF64NEON(blocks int, x *float64, ld int, by *[4]float64, lane *[4][4]float64)

func dotF64NEON(x, y []float64) float64 {
	y = y[:len(x)]
	var lane [Lanes]float64
	k := len(x) / 16
	if k > 0 {
		dotBlocksF64NEON(k, &x[0], &y[0], &lane)
	}
	for i, v := range x[16*k:] {
		lane[i] = math.FMA(v, y[16*k+i], lane[i])
	}
	return Tree(&lane)
}

func axpyF64NEON(a float64, x, y []float64) {
	x = x[:len(y)]
	k := len(y) / 8
	if k > 0 {
		axpyBlocksF64NEON(k, a, &x[0], &y[0])
	}
	axpyF64Generic(a, x[8*k:], y[8*k:])
}

func planeF64NEON(x, y []float64, c, s float64) {
	y = y[:len(x)]
	k := len(x) / 8
	if k > 0 {
		planeBlocksF64NEON(k, &x[0], &y[0], c, s)
	}
	planeF64Generic(x[8*k:], y[8*k:], c, s)
}

func symvF64NEON(a []float64, lda int, x, y []float64, r, out *[4]float64, _ bool) {
	y = y[:len(x)]
	var lane [4][8]float64
	k := len(x) / 8
	if k > 0 {
		_ = a[3*lda+len(x)-1]
		symvBlocksF64NEON(k, &a[0], lda, &x[0], &y[0], r, &lane)
	}
	symvFrom(8*k, a, lda, x, y, r, out, &lane)
}

func secularF64NEON(z, delta []float64, tau float64) (s, ds float64) {
	delta = delta[:len(z)]
	var ls, ld [8]float64
	k := len(z) / 8
	if k > 0 {
		secularBlocksF64NEON(k, &z[0], &delta[0], tau, &ls, &ld)
	}
	return secularFrom(8*k, z, delta, tau, &ls, &ld)
}

func shiftF64NEON(x []float64, ld, n int, by, sum *[4]float64) {
	var lane [4][4]float64
	k := n / 4
	if k > 0 {
		_ = x[3*ld+n-1]
		shiftBlocksF64NEON(k, &x[0], ld, by, &lane)
	}
	shiftFrom(4*k, x, ld, n, by, sum, &lane)
}

// linalgNEON puts the NEON kernels of covariances and the eigensolver in a table.
func (t *Linalg) linalgNEON() {
	t.DotF64, t.AxpyF64, t.PlaneF64 = dotF64NEON, axpyF64NEON, planeF64NEON
	t.SymvF64, t.SecularF64, t.ShiftF64 = symvF64NEON, secularF64NEON, shiftF64NEON
}
