//go:build !noasm

package asm

// The wrappers below give whole blocks of 16 to the assembly and the rest to
// the references.

func addF32NEONSlice(dst, src []float32) {
	src = src[:len(dst)]
	b := len(dst) / 16
	if b > 0 {
		addF32NEON(b, &dst[0], &src[0])
	}
	addF32Generic(dst[16*b:], src[16*b:])
}

func addScalarF32NEONSlice(dst []float32, v float32) {
	b := len(dst) / 16
	if b > 0 {
		addScalarF32NEON(b, &dst[0], v)
	}
	addScalarF32Generic(dst[16*b:], v)
}

func reluF32NEONSlice(dst, src []float32) {
	src = src[:len(dst)]
	b := len(dst) / 16
	if b > 0 {
		reluF32NEON(b, &dst[0], &src[0])
	}
	reluF32Generic(dst[16*b:], src[16*b:])
}

func reluGradF32NEONSlice(dx, dy, y []float32) {
	dy, y = dy[:len(dx)], y[:len(dx)]
	b := len(dx) / 16
	if b > 0 {
		reluGradF32NEON(b, &dx[0], &dy[0], &y[0])
	}
	reluGradF32Generic(dx[16*b:], dy[16*b:], y[16*b:])
}

func sumF32NEONSlice(x []float32) float32 {
	var lane [Lanes]float32
	b := len(x) / Lanes
	if b > 0 {
		sumF32NEON(b, &x[0], &lane)
	}
	for i, v := range x[Lanes*b:] {
		lane[i] += v
	}
	return Tree(&lane)
}

func sgdF32NEONSlice(w, v, g []float32, lr, mu, wd float32) {
	v, g = v[:len(w)], g[:len(w)]
	b := len(w) / 16
	if b > 0 {
		sgdF32NEON(b, &w[0], &v[0], &g[0], lr, mu, wd)
	}
	sgdF32Generic(w[16*b:], v[16*b:], g[16*b:], lr, mu, wd)
}
