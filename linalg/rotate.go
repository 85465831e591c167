package linalg

import "randalign/asm"

// A rotation by an angle with sine s, its half having the tangent h, turns the
// pair u, w into
//
//	c*u - s*w = u - s*(w + h*u)
//	s*u + c*w = w + s*(u - h*w)
//
// In the right-hand form (Rutishauser 1966) only the change is rounded, which is
// small for small angles: V stays orthonormal several times better than with c.
// Products are rounded before they are added; a fused multiply-add costs plain
// Go on amd64 a test of the processor each time.

// rotateRows rotates each pair x[i], y[i] of two rows.
func rotateRows(x, y []float64, h, s float64) { asm.Active().RotateF64(x, y, h, s) }

// rotateColumns rotates the elements t and len(x)-1-t of a row by h[t], s[t].
func rotateColumns(x, h, s []float64) {
	k := len(x) / 2
	l, r := x[:k], x[len(x)-k:]
	h, s = h[:len(l)], s[:len(l)]
	for t, u := range l {
		i := len(r) - 1 - t
		if i < 0 { // never; it tells the compiler that i is in bounds
			break
		}
		w := r[i]
		l[t] = u - float64(s[t]*(w+float64(h[t]*u)))
		r[i] = w + float64(s[t]*(u-float64(h[t]*w)))
	}
}

// rotateBlocks is rotateRows(x, y, hp, sp), then rotateColumns of both rows, in
// one pass over the 2 x 2 blocks.
func rotateBlocks(x, y []float64, hp, sp float64, h, s []float64) {
	k := len(x) / 2
	if len(x)&1 == 1 {
		rotateRows(x[k:k+1], y[k:k+1], hp, sp)
	}
	xl, xr := x[:k], x[len(x)-k:]
	yl, yr := y[:k], y[len(y)-k:]
	yl, yr, h, s = yl[:len(xl)], yr[:len(xr)], h[:len(xl)], s[:len(xl)]
	for t, x0 := range xl {
		i := len(xr) - 1 - t
		if i < 0 { // never, as above
			break
		}
		y0, x1, y1 := yl[t], xr[i], yr[i]
		x0, y0 = x0-float64(sp*(y0+float64(hp*x0))), y0+float64(sp*(x0-float64(hp*y0)))
		x1, y1 = x1-float64(sp*(y1+float64(hp*x1))), y1+float64(sp*(x1-float64(hp*y1)))
		ht, st := h[t], s[t]
		xl[t], xr[i] = x0-float64(st*(x1+float64(ht*x0))), x1+float64(st*(x0-float64(ht*x1)))
		yl[t], yr[i] = y0-float64(st*(y1+float64(ht*y0))), y1+float64(st*(y0-float64(ht*y1)))
	}
}
