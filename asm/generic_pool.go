package asm

// The 2 x 2 pools with stride 2 work on whole rows of outputs: input rows are w
// apart, output row r reads input rows 2r and 2r+1, and a last odd column is
// left out. x[0], x[1] stand in the upper row of a window, x[2], x[3] below.

// larger returns the maximum of two elements, a before b in the window: the
// first of equals.
func larger(a, b float32) float32 {
	if b > a {
		return b
	}
	return a
}

func maxPool2F32Generic(y, x []float32, rows, w int) {
	wo := w / 2
	for r := range rows {
		top, low, dst := x[2*r*w:][:w], x[(2*r+1)*w:][:w], y[r*wo:][:wo]
		for j := range dst {
			a, b, c, d := top[2*j], top[2*j+1], low[2*j], low[2*j+1]
			if a != a || b != b || c != c || d != d {
				dst[j] = nan32
				continue
			}
			dst[j] = larger(larger(a, b), larger(c, d))
		}
	}
}

func maxPool2GradF32Generic(dx, x, y, dy []float32, rows, w int) {
	wo := w / 2
	for r := range rows {
		top, low := x[2*r*w:][:w], x[(2*r+1)*w:][:w]
		dtop, dlow := dx[2*r*w:][:w], dx[(2*r+1)*w:][:w]
		for j := range wo {
			v, g := y[r*wo+j], dy[r*wo+j]+0
			var out [4]float32
			switch { // not "different" is "equal, or one of them is NaN"
			case !(top[2*j] < v || top[2*j] > v):
				out[0] = g
			case !(top[2*j+1] < v || top[2*j+1] > v):
				out[1] = g
			case !(low[2*j] < v || low[2*j] > v):
				out[2] = g
			case !(low[2*j+1] < v || low[2*j+1] > v):
				out[3] = g
			}
			dtop[2*j], dtop[2*j+1], dlow[2*j], dlow[2*j+1] = out[0], out[1], out[2], out[3]
		}
		if w%2 == 1 {
			dtop[w-1], dlow[w-1] = 0, 0
		}
	}
}

func notedPool2F32Generic(y []float32, note []uint8, x []float32, rows, w int) {
	wo := w / 2
	for r := range rows {
		top, low := x[2*r*w:][:w], x[(2*r+1)*w:][:w]
		for j := range wo {
			best, at := float32(0), uint8(0)
			for k, v := range [4]float32{top[2*j], top[2*j+1], low[2*j], low[2*j+1]} {
				if v > best {
					best, at = v, uint8(k+1)
				}
			}
			y[r*wo+j], note[r*wo+j] = best, at
		}
	}
}

func notedPool2GradF32Generic(dx, dy []float32, note []uint8, rows, w int, _ bool) {
	wo := w / 2
	for r := range rows {
		dtop, dlow := dx[2*r*w:][:w], dx[(2*r+1)*w:][:w]
		clear(dtop)
		clear(dlow)
		for j, g := range dy[r*wo:][:wo] {
			switch k := int(note[r*wo+j]); k {
			case 1, 2:
				dtop[2*j+k-1] += g
			case 3, 4:
				dlow[2*j+k-3] += g
			}
		}
	}
}

func avgPool2F32Generic(y, x []float32, rows, w int) {
	wo := w / 2
	for r := range rows {
		top, low, dst := x[2*r*w:][:w], x[(2*r+1)*w:][:w], y[r*wo:][:wo]
		for j := range dst {
			dst[j] = (((top[2*j] + top[2*j+1]) + low[2*j]) + low[2*j+1]) * 0.25
		}
	}
}

func avgPool2GradF32Generic(dx, dy []float32, rows, w int) {
	wo := w / 2
	for r := range rows {
		dtop, dlow := dx[2*r*w:][:w], dx[(2*r+1)*w:][:w]
		for j, g := range dy[r*wo:][:wo] {
			g = float32(g*0.25) + 0
			dtop[2*j], dtop[2*j+1], dlow[2*j], dlow[2*j+1] = g, g, g, g
		}
		if w%2 == 1 {
			dtop[w-1], dlow[w-1] = 0, 0
		}
	}
}
