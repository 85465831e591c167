//go:build !noasm

package asm

// The wrappers below give whole blocks of 16 to the assembly and the rest to
// the references.

func addF32AVX2Slice(dst, src []float32) {
	src = src[:len(dst)]
	b := len(dst) / 16
	if b > 0 {
		addF32AVX2(b, &dst[0], &src[0])
	}
	addF32Generic(dst[16*b:], src[16*b:])
}

func addScalarF32AVX2Slice(dst []float32, v float32) {
	b := len(dst) / 16
	if b > 0 {
		addScalarF32AVX2(b, &dst[0], v)
	}
	addScalarF32Generic(dst[16*b:], v)
}

func reluF32AVX2Slice(dst, src []float32) {
	src = src[:len(dst)]
	b := len(dst) / 16
	if b > 0 {
		reluF32AVX2(b, &dst[0], &src[0])
	}
	reluF32Generic(dst[16*b:], src[16*b:])
}

func reluGradF32AVX2Slice(dx, dy, y []float32) {
	dy, y = dy[:len(dx)], y[:len(dx)]
	b := len(dx) / 16
	if b > 0 {
		reluGradF32AVX2(b, &dx[0], &dy[0], &y[0])
	}
	reluGradF32Generic(dx[16*b:], dy[16*b:], y[16*b:])
}

func sumF32AVX2Slice(x []float32) float32 {
	var lane [Lanes]float32
	b := len(x) / Lanes
	if b > 0 {
		sumF32AVX2(b, &x[0], &lane)
	}
	for i, v := range x[Lanes*b:] {
		lane[i] += v
	}
	return Tree(&lane)
}

func sgdF32AVX2Slice(w, v, g []float32, lr, mu, wd float32) {
	v, g = v[:len(w)], g[:len(w)]
	b := len(w) / 16
	if b > 0 {
		sgdF32AVX2(b, &w[0], &v[0], &g[0], lr, mu, wd)
	}
	sgdF32Generic(w[16*b:], v[16*b:], g[16*b:], lr, mu, wd)
}
