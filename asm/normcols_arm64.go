//go:build !noasm

package asm

// The assembly below does one row of n columns; the values of a column stand at
// its place in m, a, b, c, d, shift, mean, s and q, or, shared, those of 16 columns, but s and q,
// at theirs.

// normColsRowF32NEON is y[j] = fma(x[j]-m[j], a[j], b[j]); y may be x.
//
//go:noescape
func normColsRowF32NEON(n int, y, x, m, a, b *float32, shared bool)

// normColsReluRowF32NEON is relu of it.
//
//go:noescape
func normColsReluRowF32NEON(n int, y, x, m, a, b *float32, shared bool)

// normColsGradRowF32NEON is dx[j] = fma(dy[j], a[j], fma(x[j]-m[j], c[j], d[j]));
// dx may be dy.
//
//go:noescape
func normColsGradRowF32NEON(n int, dx, x, dy, m, a, b, c, d *float32, shared bool)

// normColsReluGradRowF32NEON is that with +0 for dy[j] unless
// fma(x[j]-m[j], a[j], b[j]) > 0.
//
//go:noescape
func normColsReluGradRowF32NEON(n int, dx, x, dy, m, a, b, c, d *float32, shared bool)

// normColsSumsRowF32NEON is, in float64, d = x[j] - shift[j], s[j] += d,
// q[j] = fma(d, d, q[j]).
//
//go:noescape
func normColsSumsRowF32NEON(n int, x, shift *float32, s, q *float64, shared bool)

// normColsGradSumsRowF32NEON is, in float64, s[j] += dy[j],
// q[j] = fma(dy[j], x[j]-mean[j], q[j]).
//
//go:noescape
func normColsGradSumsRowF32NEON(n int, x, dy *float32, mean *float64, m, a, b *float32, s, q *float64, shared bool)

// normColsReluGradSumsRowF32NEON is that with +0 for dy[j] unless
// fma(x[j]-m[j], a[j], b[j]) > 0.
//
//go:noescape
func normColsReluGradSumsRowF32NEON(n int, x, dy *float32, mean *float64, m, a, b *float32, s, q *float64, shared bool)

func normColsSumsF32NEON(x []float32, rows, stride, plane int, shift []float32, s, q []float64) {
	n := plane * len(shift)
	if n == 0 {
		return
	}
	s, q = s[:n], q[:n]
	for r := range rows {
		row := x[r*stride:][:n]
		normColsSumsRowF32NEON(n, &row[0], &shift[0], &s[0], &q[0], plane > 1)
	}
}

func normColsApplyF32NEON(y, x []float32, rows, stride, plane int, m, a, b []float32, relu, _ bool) {
	n := plane * len(m)
	if n == 0 {
		return
	}
	a, b = a[:len(m)], b[:len(m)]
	for r := range rows {
		if dst, src := y[r*stride:][:n], x[r*stride:][:n]; relu {
			normColsReluRowF32NEON(n, &dst[0], &src[0], &m[0], &a[0], &b[0], plane > 1)
		} else {
			normColsRowF32NEON(n, &dst[0], &src[0], &m[0], &a[0], &b[0], plane > 1)
		}
	}
}

func normColsGradSumsF32NEON(x, dy []float32, rows, stride, plane int, mean []float64, m, a, b []float32, relu bool, s, q []float64) {
	n := plane * len(m)
	if n == 0 {
		return
	}
	if !relu { // they do not count, but are read
		a, b = m, m
	}
	mean, a, b, s, q = mean[:len(m)], a[:len(m)], b[:len(m)], s[:n], q[:n]
	for r := range rows {
		if src, g := x[r*stride:][:n], dy[r*stride:][:n]; relu {
			normColsReluGradSumsRowF32NEON(n, &src[0], &g[0], &mean[0], &m[0], &a[0], &b[0], &s[0], &q[0], plane > 1)
		} else {
			normColsGradSumsRowF32NEON(n, &src[0], &g[0], &mean[0], &m[0], &a[0], &b[0], &s[0], &q[0], plane > 1)
		}
	}
}

func normColsGradF32NEON(dx, x, dy []float32, rows, stride, plane int, m, a, b, c, d []float32, relu, _ bool) {
	n := plane * len(m)
	if n == 0 {
		return
	}
	if !relu { // it does not count, but is read
		b = m
	}
	a, b, c, d = a[:len(m)], b[:len(m)], c[:len(m)], d[:len(m)]
	for r := range rows {
		if dst, src, g := dx[r*stride:][:n], x[r*stride:][:n], dy[r*stride:][:n]; relu {
			normColsReluGradRowF32NEON(n, &dst[0], &src[0], &g[0], &m[0], &a[0], &b[0], &c[0], &d[0], plane > 1)
		} else {
			normColsGradRowF32NEON(n, &dst[0], &src[0], &g[0], &m[0], &a[0], &b[0], &c[0], &d[0], plane > 1)
		}
	}
}
