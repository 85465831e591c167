//go:build !noasm

package asm

import "math"

// dotF64AVX2 is lane[i%16] = fma(x[i], y[i], lane[i%16]) from +0 for
// i < 16*blocks, in increasing i, blocks > 0. Needs AVX2, FMA3.
//
//go:noescape
func dotF64AVX2(blocks int, x, y *float64, lane *[16]float64)

// axpyF64AVX2 is y[i] = fma(a, x[i], y[i]) for i < 8*blocks, blocks > 0.
//
//go:noescape
func axpyF64AVX2(blocks int, a float64, x, y *float64)

// planeF64AVX2 is, for i < 4*blocks, blocks > 0:
//
//	x[i], y[i] = fma(-s, y[i], c*x[i]), fma(s, x[i], c*y[i])
//
//go:noescape
func planeF64AVX2(blocks int, x, y *float64, c, s float64)

// symvF64AVX2 is, for j < 8*blocks, blocks > 0, and q = 0, 1, 2, 3:
//
//	lane[q][j%8] = fma(a[q*lda+j], x[j], lane[q][j%8]), from +0
//	y[j] = fma(a[q*lda+j], r[q], y[j])
//
//go:noescape
func symvF64AVX2(blocks int, a *float64, lda int, x, y *float64, r *[4]float64, lane *[4][8]float64, asks int)

// secularF64AVX2 is, for i < 8*blocks, blocks > 0, and t = z[i]/(delta[i]-tau):
//
//	s[i%8] = fma(z[i], t, s[i%8]), ds[i%8] = fma(t, t, ds[i%8]), from +0
//
//go:noescape
func secularF64AVX2(blocks int, z, delta *float64, tau float64, s, ds *[8]float64)

// shiftF64AVX2 is, for i < 4*blocks, blocks > 0, and q = 0, 1, 2, 3:
//
//	x[q*ld+i] -= by[q]; lane[q][i%4] += x[q*ld+i], from +0
//
//go:noescape
func shiftF64AVX2(blocks int, x *float64, ld int, by *[4]float64, lane *[4][4]float64)

// dotF64AVX512 is DotF64 for n elements. Needs AVX512F, as do all below.
//
//go:noescape
func dotF64AVX512(n int, x, y *float64) float64

// axpyF64AVX512 is AxpyF64 for n elements.
//
//go:noescape
func axpyF64AVX512(n int, a float64, x, y *float64)

// planeF64AVX512 is PlaneF64 for n elements.
//
//go:noescape
func planeF64AVX512(n int, x, y *float64, c, s float64)

// symvF64AVX512 is SymvF64 for n columns.
//
//go:noescape
func symvF64AVX512(n int, a *float64, lda int, x, y *float64, r, out *[4]float64, asks int)

// secularF64AVX512 is SecularF64 for n elements.
//
//go:noescape
func secularF64AVX512(n int, z, delta *float64, tau float64) (s, ds float64)

func dotF64AVX2Slice(x, y []float64) float64 {
	y = y[:len(x)]
	var lane [Lanes]float64
	k := len(x) / 16
	if k > 0 {
		dotF64AVX2(k, &x[0], &y[0], &lane)
	}
	for i, v := range x[16*k:] {
		lane[i] = math.FMA(v, y[16*k+i], lane[i])
	}
	return Tree(&lane)
}

func axpyF64AVX2Slice(a float64, x, y []float64) {
	x = x[:len(y)]
	k := len(y) / 8
	if k > 0 {
		axpyF64AVX2(k, a, &x[0], &y[0])
	}
	axpyF64Generic(a, x[8*k:], y[8*k:])
}

func planeF64AVX2Slice(x, y []float64, c, s float64) {
	y = y[:len(x)]
	k := len(x) / 4
	if k > 0 {
		planeF64AVX2(k, &x[0], &y[0], c, s)
	}
	planeF64Generic(x[4*k:], y[4*k:], c, s)
}

// rowAsks is how often each line of the four rows behind those at hand is asked for: not at all if half the
// matrix fits the second-level cache, and more than once, as ahead says, if it comes from memory.
func rowAsks(lda int, far bool) int {
	switch {
	case lda < nearRow:
		return 0
	case far:
		return 3
	}
	return 1
}

// nearRow is how long rows are whose matrix, half of it, is 1 MiB.
const nearRow = 512

func symvF64AVX2Slice(a []float64, lda int, x, y []float64, r, out *[4]float64, far bool) {
	n := len(x)
	y = y[:n]
	if n == 0 {
		*out = [4]float64{}
		return
	}
	_ = a[3*lda+n-1]
	var lane [4][8]float64
	k := n / 8
	if k > 0 {
		symvF64AVX2(k, &a[0], lda, &x[0], &y[0], r, &lane, rowAsks(lda, far))
	}
	symvFrom(8*k, a, lda, x, y, r, out, &lane)
}

func secularF64AVX2Slice(z, delta []float64, tau float64) (s, ds float64) {
	delta = delta[:len(z)]
	var ls, ld [8]float64
	k := len(z) / 8
	if k > 0 {
		secularF64AVX2(k, &z[0], &delta[0], tau, &ls, &ld)
	}
	return secularFrom(8*k, z, delta, tau, &ls, &ld)
}

func shiftF64AVX2Slice(x []float64, ld, n int, by, sum *[4]float64) {
	var lane [4][4]float64
	k := n / 4
	if k > 0 {
		_ = x[3*ld+n-1]
		shiftF64AVX2(k, &x[0], ld, by, &lane)
	}
	shiftFrom(4*k, x, ld, n, by, sum, &lane)
}

func dotF64AVX512Slice(x, y []float64) float64 {
	if len(x) == 0 {
		return 0
	}
	y = y[:len(x)]
	return dotF64AVX512(len(x), &x[0], &y[0])
}

func axpyF64AVX512Slice(a float64, x, y []float64) {
	if len(y) == 0 {
		return
	}
	x = x[:len(y)]
	axpyF64AVX512(len(y), a, &x[0], &y[0])
}

func planeF64AVX512Slice(x, y []float64, c, s float64) {
	if len(x) == 0 {
		return
	}
	y = y[:len(x)]
	planeF64AVX512(len(x), &x[0], &y[0], c, s)
}

func symvF64AVX512Slice(a []float64, lda int, x, y []float64, r, out *[4]float64, far bool) {
	n := len(x)
	if n == 0 {
		*out = [4]float64{}
		return
	}
	y = y[:n]
	_ = a[3*lda+n-1]
	symvF64AVX512(n, &a[0], lda, &x[0], &y[0], r, out, rowAsks(lda, far))
}

func secularF64AVX512Slice(z, delta []float64, tau float64) (s, ds float64) {
	if len(z) == 0 {
		return 0, 0
	}
	delta = delta[:len(z)]
	return secularF64AVX512(len(z), &z[0], &delta[0], tau)
}

// linalgAVX2 puts the AVX2 kernels of covariances and the eigensolver in a table.
func (t *Linalg) linalgAVX2() {
	t.DotF64, t.AxpyF64, t.PlaneF64 = dotF64AVX2Slice, axpyF64AVX2Slice, planeF64AVX2Slice
	t.SymvF64, t.SecularF64, t.ShiftF64 = symvF64AVX2Slice, secularF64AVX2Slice, shiftF64AVX2Slice
}

// linalgAVX512 puts the AVX-512 kernels of the eigensolver in a table. ShiftF64, whose lanes are
// four, stays that of AVX2.
func (t *Linalg) linalgAVX512() {
	t.DotF64, t.AxpyF64, t.PlaneF64 = dotF64AVX512Slice, axpyF64AVX512Slice, planeF64AVX512Slice
	t.SymvF64, t.SecularF64 = symvF64AVX512Slice, secularF64AVX512Slice
}
