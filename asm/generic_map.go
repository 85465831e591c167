package asm

func addF32Generic(dst, src []float32) {
	src = src[:len(dst)]
	for i := range dst {
		dst[i] += src[i]
	}
}

func addScalarF32Generic(dst []float32, v float32) {
	for i := range dst {
		dst[i] += v
	}
}

func reluF32Generic(dst, src []float32) {
	src = src[:len(dst)]
	for i, x := range src {
		if !(x > 0) {
			x = 0
		}
		dst[i] = x
	}
}

func reluGradF32Generic(dx, dy, y []float32) {
	dy, y = dy[:len(dx)], y[:len(dx)]
	for i, g := range dy {
		if !(y[i] > 0) {
			g = 0
		}
		dx[i] = g
	}
}

func reluGradRowsF32Generic(dx []float32, ldx int, dy, y []float32, ld, rows, width int) {
	for r := range rows {
		reluGradF32Generic(dx[r*ldx:][:width], dy[r*ld:], y[r*ld:])
	}
}

func sgdF32Generic(w, v, g []float32, lr, mu, wd float32) {
	v, g = v[:len(w)], g[:len(w)]
	for i := range w {
		t := FMA32(mu, v[i], FMA32(wd, w[i], g[i]))
		v[i] = t
		w[i] = FMA32(-lr, t, w[i])
	}
}

func addReluGeneric[T float32 | float64](dst, src []T) {
	src = src[:len(dst)]
	for i, x := range src {
		x += dst[i]
		if !(x > 0) {
			x = 0
		}
		dst[i] = x
	}
}

func mulF32Generic(dst, x, y []float32) {
	x, y = x[:len(dst)], y[:len(dst)]
	for i := range dst {
		dst[i] = x[i] * y[i]
	}
}

func scaleF32Generic(dst []float32, v float32) {
	for i := range dst {
		dst[i] *= v
	}
}

func fillF32Generic(dst []float32, v float32) {
	for i := range dst {
		dst[i] = v
	}
}

func rotateF64Generic(x, y []float64, h, s float64) {
	y = y[:len(x)]
	for i, u := range x {
		w := y[i]
		x[i] = u - float64(s*(w+float64(h*u)))
		y[i] = w + float64(s*(u-float64(h*w)))
	}
}

func lookupF32Generic(dst []float32, src []byte, table *[256]float32) {
	src = src[:len(dst)]
	for i, b := range src {
		dst[i] = table[b]
	}
}
