//go:build !noasm

package asm

// normRunF32NEON is y[i] = fma(x[i]-m, a, b); y may be x.
//
//go:noescape
func normRunF32NEON(y, x []float32, m, a, b float32)

// normReluRunF32NEON is relu of it.
//
//go:noescape
func normReluRunF32NEON(y, x []float32, m, a, b float32)

// normGradRunF32NEON is dx[i] = fma(dy[i], a, fma(x[i]-m, c, d)); dx may be dy.
//
//go:noescape
func normGradRunF32NEON(dx, x, dy []float32, m, a, b, c, d float32)

// normReluGradRunF32NEON is that with +0 for dy[i] unless fma(x[i]-m, a, b) > 0.
//
//go:noescape
func normReluGradRunF32NEON(dx, x, dy []float32, m, a, b, c, d float32)

// normSumsBlocksF32NEON is, for i < 16*blocks (blocks > 0), d = float64(x[i]) -
// shift, s[i%16] += d, q[i%16] = fma(d, d, q[i%16]).
//
//go:noescape
func normSumsBlocksF32NEON(blocks int, x *float32, shift float64, s, q *[16]float64)

// normGradSumsBlocksF32NEON is, for i < 16*blocks (blocks > 0), s[i%16] += dy[i],
// q[i%16] = fma(dy[i], float64(x[i])-mean, q[i%16]).
//
//go:noescape
func normGradSumsBlocksF32NEON(blocks int, x, dy *float32, mean float64, s, q *[16]float64)

// normReluGradSumsBlocksF32NEON is that with +0 for dy[i] unless fma(x[i]-m, a, b) > 0.
//
//go:noescape
func normReluGradSumsBlocksF32NEON(blocks int, x, dy *float32, mean float64, m, a, b float32, s, q *[16]float64)

func normApplyF32NEON(y, x []float32, runs, stride, width int, m, a, b float32, relu, _ bool, _ int) {
	for r := range runs {
		if dst, src := y[r*stride:][:width], x[r*stride:][:width]; relu {
			normReluRunF32NEON(dst, src, m, a, b)
		} else {
			normRunF32NEON(dst, src, m, a, b)
		}
	}
}

func normGradF32NEON(dx, x, dy []float32, runs, stride, width int, m, a, b, c, d float32, relu, _ bool, _ int) {
	for r := range runs {
		if dst, src, g := dx[r*stride:][:width], x[r*stride:][:width], dy[r*stride:][:width]; relu {
			normReluGradRunF32NEON(dst, src, g, m, a, b, c, d)
		} else {
			normGradRunF32NEON(dst, src, g, m, a, b, c, d)
		}
	}
}

// The sums leave what follows the last block of a run to the reference's loop.

func normSumsF32NEON(x []float32, runs, stride, width int, shift float32, s, q *[Lanes]float64, _ int) {
	for r := range runs {
		run := x[r*stride:][:width]
		if b := width / Lanes; b > 0 {
			normSumsBlocksF32NEON(b, &run[0], float64(shift), s, q)
			run = run[Lanes*b:]
		}
		normSumsF32Generic(run, 1, 0, len(run), shift, s, q, 0)
	}
}

func normGradSumsF32NEON(x, dy []float32, runs, stride, width int, mean float64, m, a, b float32, relu bool, s, q *[Lanes]float64, _ int) {
	for r := range runs {
		run, g := x[r*stride:][:width], dy[r*stride:][:width]
		if blocks := width / Lanes; blocks > 0 {
			if relu {
				normReluGradSumsBlocksF32NEON(blocks, &run[0], &g[0], mean, m, a, b, s, q)
			} else {
				normGradSumsBlocksF32NEON(blocks, &run[0], &g[0], mean, s, q)
			}
			run, g = run[Lanes*blocks:], g[Lanes*blocks:]
		}
		normGradSumsF32Generic(run, g, 1, 0, len(run), mean, m, a, b, relu, s, q, 0)
	}
}
