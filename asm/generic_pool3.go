package asm

import "math"

var negZero32 = float32(math.Copysign(0, -1))

func pools3Reference() Pools3 {
	return Pools3{
		MaxPool3F32:         maxPool3F32Generic,
		MaxPool3GradF32:     maxPool3GradF32Generic,
		MaxPool3GradPastF32: maxPool3NotPast,
		AvgPool3F32:         avgPool3F32Generic,
		AvgPool3GradF32:     avgPool3GradF32Generic,
		AvgPool3GradPastF32: avgPool3NotPast,
	}
}

// each calls f for the outputs of planes in order with the element of x that is (r, c) of
// the output's window, for each that is in the image.
func (s *Windows3) each(planes int, f func(out, in int)) {
	for i := range planes * s.ho * s.wo {
		plane, y, x := i/(s.ho*s.wo), i/s.wo%s.ho*s.stride-s.pad, i%s.wo*s.stride-s.pad
		for r := max(0, y); r < min(y+3, s.h); r++ {
			for c := max(0, x); c < min(x+3, s.w); c++ {
				f(i, (plane*s.h+r)*s.w+c)
			}
		}
	}
}

// ordered reports whether nothing of x is NaN.
func ordered(x []float32) bool {
	for _, v := range x {
		if v != v {
			return false
		}
	}
	return true
}

// winners3 returns the first of the largest elements of each window.
func winners3(x []float32, s *Windows3) []int {
	win := make([]int, s.planes(len(x))*s.ho*s.wo)
	for i := range win {
		win[i] = -1
	}
	s.each(s.planes(len(x)), func(out, in int) {
		if win[out] < 0 || x[in] > x[win[out]] {
			win[out] = in
		}
	})
	return win
}

func maxPool3F32Generic(y, x []float32, s *Windows3) bool {
	for out, in := range winners3(x, s) {
		y[out] = x[in]
	}
	return ordered(x)
}

func maxPool3GradF32Generic(dx, x, dy, _ []float32, s *Windows3) bool {
	clear(dx)
	for out, in := range winners3(x, s) {
		dx[in] += dy[out]
	}
	return ordered(x)
}

func avgPool3F32Generic(y, x []float32, s *Windows3) {
	for i := range y {
		y[i] = negZero32
	}
	s.each(s.planes(len(x)), func(out, in int) { y[out] += x[in] })
	for i := range y {
		y[i] /= 9
	}
}

func avgPool3GradF32Generic(dx, dy, _ []float32, s *Windows3) {
	clear(dx)
	s.each(s.planes(len(dx)), func(out, in int) {
		share := dy[out] / 9
		dx[in] += share
	})
}

// maxPool3NotPast and avgPool3NotPast are for paths that have no such kernel.
func maxPool3NotPast(_, _, _, _ []float32, _ *Windows3) (ordered, made bool) { return false, false }

func avgPool3NotPast(_, _, _ []float32, _ *Windows3) bool { return false }
