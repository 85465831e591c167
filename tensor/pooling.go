package tensor

import (
	"fmt"

	"randalign/asm"
)

// PoolShape describes a pooling of images [N, C, H, W] by square windows of R x
// R, Stride apart, with Pad elements of padding on each side, to [N, C, Ho, Wo],
// Ho = (H+2*Pad-R)/Stride+1 rounded down: a window that sticks out at the end is
// left out. (A Pool is a set of workers; see Pool.) In float32, kernels make those of 2 x
// 2, 2 apart, those of 3 x 3, 1 or 2 apart (pooldirect.go), and of the others 1 or 2 apart
// those of which at least a quarter of what kernels make counts (windows.go); loops, which
// are the definition, do what is left and float64.
type PoolShape struct{ C, H, W, R, Stride, Pad int }

// Out returns the height and width of the output, 0 where no window fits.
func (s PoolShape) Out() (ho, wo int) {
	c := ConvShape{H: s.H, W: s.W, R: s.R, S: s.R, Stride: s.Stride, Pad: s.Pad}
	return c.Out()
}

// pooling is what MaxPool and AvgPool share. A task is one image.
type pooling[T Float] struct {
	PoolShape
	ho, wo       int
	win          windows
	three        *asm.Windows3 // windows of 3 x 3, or nil
	pool         *Pool         // at work
	x, y, dy, dx []T
	backward     bool
	past         bool // what is made passes the caches by
}

func newPooling[T Float](name string, s PoolShape) pooling[T] {
	ho, wo := s.Out()
	if ho < 1 || wo < 1 || s.C < 1 || s.R < 1 || s.Pad < 0 || 2*s.Pad > s.R {
		panic(fmt.Sprintf("tensor: %s: windows of %d x %d, stride %d, pad %d (at most half a window) do not fit images of %d x %d x %d", name, s.R, s.R, s.Stride, s.Pad, s.C, s.H, s.W))
	}
	q := pooling[T]{PoolShape: s, ho: ho, wo: wo}
	if wordSize[T]() == 4 && !q.half() {
		q.win = newWindows(s)
		if s.R == 3 && s.Stride <= 2 {
			q.three = asm.NewWindows3(s.H, s.W, s.Stride, s.Pad)
		}
	}
	return q
}

func (q *pooling[T]) check(name string, n, inputs, outputs int) {
	if inputs < n*q.C*q.H*q.W || outputs < n*q.C*q.ho*q.wo {
		panic(fmt.Sprintf("tensor: %s: %d images of %d x %d x %d to %d x %d: %d inputs, %d outputs", name, n, q.C, q.H, q.W, q.ho, q.wo, inputs, outputs))
	}
}

// image returns image n of a batch of inputs, of outputs.
func (q *pooling[T]) input(x []T, n int) []T  { return x[n*q.C*q.H*q.W:][:q.C*q.H*q.W] }
func (q *pooling[T]) output(y []T, n int) []T { return y[n*q.C*q.ho*q.wo:][:q.C*q.ho*q.wo] }

// half reports whether the kernels of 2 x 2 windows fit.
func (q *pooling[T]) half() bool { return q.R == 2 && q.Stride == 2 && q.Pad == 0 }

// planes returns how to cut an image for those kernels: where H is even, its
// channels are one plane of more rows.
func (q *pooling[T]) planes() (planes, rows int) {
	if q.H%2 == 0 {
		return 1, q.C * q.ho
	}
	return q.C, q.ho
}

// window returns the part of the window of output (oy, ox) that lies in the image.
func (q *pooling[T]) window(oy, ox int) (y0, y1, x0, x1 int) {
	y, x := oy*q.Stride-q.Pad, ox*q.Stride-q.Pad
	return max(y, 0), min(y+q.R, q.H), max(x, 0), min(x+q.R, q.W)
}

// MaxPool is the maximum over windows; the padding is below everything. The
// first of equal elements in row-major order wins and gets the gradient. The
// maximum of a window with a NaN is NaN. A MaxPool is one layer's job and not
// safe for concurrent use; nothing is allocated after NewMaxPool.
type MaxPool[T Float] struct{ pooling[T] }

// NewMaxPool panics if no window fits or the padding is over half a window.
func NewMaxPool[T Float](s PoolShape) *MaxPool[T] {
	return &MaxPool[T]{newPooling[T]("max pool", s)}
}

// Forward computes y [n, C, Ho, Wo] from x [n, C, H, W].
func (m *MaxPool[T]) Forward(p *Pool, n int, x, y []T) {
	m.check("max pool", n, len(x), len(y))
	m.pool, m.x, m.y, m.backward = p, x, y, false
	m.past = 4*n*m.C*m.ho*m.wo > pastBytes
	m.near(n)
	p.Run(n, m)
	m.pool, m.x, m.y = nil, nil, nil
}

// Backward computes dx, to which each output gives its gradient, from +0 and in
// row-major order of the outputs. x and y are what Forward saw and made. Where
// y is NaN the first element of the window that lies in the image counts.
func (m *MaxPool[T]) Backward(p *Pool, n int, x, y, dy, dx []T) {
	m.check("max pool", n, len(x), len(y))
	m.check("max pool", n, len(dx), len(dy))
	m.pool, m.x, m.y, m.dy, m.dx, m.backward = p, x, y, dy, dx, true
	m.past = 4*n*m.C*m.H*m.W > pastBytes
	p.Run(n, m)
	m.pool, m.x, m.y, m.dy, m.dx = nil, nil, nil, nil, nil
}

// Do implements Job.
func (m *MaxPool[T]) Do(worker, n int) {
	x, y := m.input(m.x, n), m.output(m.y, n)
	if !m.backward {
		m.forward(worker, n, x, y)
		return
	}
	m.gradient(worker, n, x, y, m.output(m.dy, n), m.input(m.dx, n))
}

func (m *MaxPool[T]) forward(worker, image int, x, y []T) {
	if a, ok := asF32(x); ok && (m.half() || m.byTaps() || m.direct()) {
		b, _ := asF32(y)
		if m.direct() {
			if !m.maxDirect(worker, a, b) {
				m.loop(x, y)
			}
			return
		}
		if m.byTaps() {
			m.maxTaps(worker, image, a, b)
			return
		}
		planes, rows := m.planes()
		for i := range planes {
			asm.Active().MaxPool2F32(b[i*rows*m.wo:], a[i*m.H*m.W:], rows, m.W)
		}
		return
	}
	m.loop(x, y)
}

// loop is the definition, and how it is done for float64 and where no kernel fits.
func (m *MaxPool[T]) loop(x, y []T) {
	for i := range y {
		c := i / (m.ho * m.wo)
		y0, y1, x0, x1 := m.window(i/m.wo%m.ho, i%m.wo)
		plane := x[c*m.H*m.W:][:m.H*m.W]
		best := plane[y0*m.W+x0]
		for r := y0; r < y1; r++ {
			for _, v := range plane[r*m.W+x0 : r*m.W+x1] {
				if v > best || v != v {
					best = v
				}
			}
		}
		y[i] = best
	}
}

func (m *MaxPool[T]) gradient(worker, image int, x, y, dy, dx []T) {
	if a, ok := asF32(x); ok && (m.half() || m.byTaps() || m.direct()) {
		b, _ := asF32(y)
		g, _ := asF32(dy)
		d, _ := asF32(dx)
		if m.direct() {
			if !m.maxDirectGrad(worker, a, g, d) {
				m.loopGrad(x, y, dy, dx)
			}
			return
		}
		if m.byTaps() {
			m.maxTapsGrad(worker, image, a, b, g, d)
			return
		}
		planes, rows := m.planes()
		for i := range planes {
			in, out := i*m.H*m.W, i*rows*m.wo
			asm.Active().MaxPool2GradF32(d[in:], a[in:], b[out:], g[out:], rows, m.W)
			clear(d[in+2*rows*m.W : in+m.rowsLeft(rows)*m.W])
		}
		return
	}
	m.loopGrad(x, y, dy, dx)
}

// loopGrad is to gradient as loop to forward.
func (m *MaxPool[T]) loopGrad(x, y, dy, dx []T) {
	clear(dx)
	for i, v := range y {
		c := i / (m.ho * m.wo)
		y0, y1, x0, x1 := m.window(i/m.wo%m.ho, i%m.wo)
		dx[m.winner(x, c, y0, y1, x0, x1, v)] += dy[i]
	}
}

// winner returns the index of the first element of a window that is not
// different from v; NaN differs from nothing.
func (m *MaxPool[T]) winner(x []T, c, y0, y1, x0, x1 int, v T) int {
	for r := y0; r < y1; r++ {
		for s := x0; s < x1; s++ {
			if i := (c*m.H+r)*m.W + s; !(x[i] < v || x[i] > v) {
				return i
			}
		}
	}
	return (c*m.H+y0)*m.W + x0
}

// rowsLeft returns the rows of a plane that gave rows rows of outputs, with the
// odd one at its end.
func (q *pooling[T]) rowsLeft(rows int) int { return 2*rows + q.H%2 }

// AvgPool is the mean over windows: the sum in row-major order, from the first
// element that lies in the image, divided by R*R, so that padding counts as
// zeros (PyTorch's count_include_pad). An AvgPool is one layer's job and not
// safe for concurrent use; nothing is allocated after NewAvgPool.
type AvgPool[T Float] struct{ pooling[T] }

// NewAvgPool panics if no window fits or the padding is over half a window.
func NewAvgPool[T Float](s PoolShape) *AvgPool[T] {
	return &AvgPool[T]{newPooling[T]("average pool", s)}
}

// Forward computes y [n, C, Ho, Wo] from x [n, C, H, W].
func (a *AvgPool[T]) Forward(p *Pool, n int, x, y []T) {
	a.check("average pool", n, len(x), len(y))
	a.pool, a.x, a.y, a.backward = p, x, y, false
	a.past = 4*n*a.C*a.ho*a.wo > pastBytes
	a.near(n)
	p.Run(n, a)
	a.pool, a.x, a.y = nil, nil, nil
}

// Backward computes dx: each output gives dy/(R*R) to every element of its
// window, from +0 and in row-major order of the outputs.
func (a *AvgPool[T]) Backward(p *Pool, n int, dy, dx []T) {
	a.check("average pool", n, len(dx), len(dy))
	a.pool, a.dy, a.dx, a.backward = p, dy, dx, true
	a.past = 4*n*a.C*a.H*a.W > pastBytes
	p.Run(n, a)
	a.pool, a.dy, a.dx = nil, nil, nil
}

// Do implements Job.
func (a *AvgPool[T]) Do(worker, n int) {
	if !a.backward {
		a.forward(worker, n, a.input(a.x, n), a.output(a.y, n))
		return
	}
	a.gradient(worker, n, a.output(a.dy, n), a.input(a.dx, n))
}

func (a *AvgPool[T]) forward(worker, image int, x, y []T) {
	if s, ok := asF32(x); ok && (a.half() || a.byTaps() || a.direct()) {
		d, _ := asF32(y)
		if a.direct() {
			a.avgDirect(worker, s, d)
			return
		}
		if a.byTaps() {
			a.avgTaps(worker, image, s, d)
			return
		}
		planes, rows := a.planes()
		for i := range planes {
			asm.Active().AvgPool2F32(d[i*rows*a.wo:], s[i*a.H*a.W:], rows, a.W)
		}
		return
	}
	a.loop(x, y)
}

// loop is the definition, and how it is done for float64 and where no kernel fits.
func (a *AvgPool[T]) loop(x, y []T) {
	area := T(a.R * a.R)
	for i := range y {
		c := i / (a.ho * a.wo)
		y0, y1, x0, x1 := a.window(i/a.wo%a.ho, i%a.wo)
		plane := x[c*a.H*a.W:][:a.H*a.W]
		sum := plane[y0*a.W+x0]
		for r := y0; r < y1; r++ {
			for s := x0; s < x1; s++ {
				if r > y0 || s > x0 {
					sum += plane[r*a.W+s]
				}
			}
		}
		y[i] = sum / area
	}
}

func (a *AvgPool[T]) gradient(worker, image int, dy, dx []T) {
	if d, ok := asF32(dx); ok && (a.half() || a.byTaps() || a.direct()) {
		g, _ := asF32(dy)
		if a.direct() {
			a.avgDirectGrad(worker, g, d)
			return
		}
		if a.byTaps() {
			a.avgTapsGrad(worker, image, g, d)
			return
		}
		planes, rows := a.planes()
		for i := range planes {
			in := i * a.H * a.W
			asm.Active().AvgPool2GradF32(d[in:], g[i*rows*a.wo:], rows, a.W)
			clear(d[in+2*rows*a.W : in+a.rowsLeft(rows)*a.W])
		}
		return
	}
	a.loopGrad(dy, dx)
}

// loopGrad is to gradient as loop to forward.
func (a *AvgPool[T]) loopGrad(dy, dx []T) {
	clear(dx)
	area := T(a.R * a.R)
	for i, g := range dy {
		c := i / (a.ho * a.wo)
		y0, y1, x0, x1 := a.window(i/a.wo%a.ho, i%a.wo)
		g /= area
		for r := y0; r < y1; r++ {
			row := dx[(c*a.H+r)*a.W:][:a.W]
			for s := x0; s < x1; s++ {
				row[s] += g
			}
		}
	}
}

// GlobalAvgPool is the mean of each channel's plane: Sum of it divided by its
// size. It is one layer's job and not safe for concurrent use.
type GlobalAvgPool[T Float] struct {
	channels, plane int
	x, y            []T // backward: dx, dy
	backward        bool
}

// NewGlobalAvgPool is for images of channels planes of plane elements each. It
// panics if there are none.
func NewGlobalAvgPool[T Float](channels, plane int) *GlobalAvgPool[T] {
	if channels < 1 || plane < 1 {
		panic(fmt.Sprintf("tensor: global average pool: %d channels of %d elements", channels, plane))
	}
	return &GlobalAvgPool[T]{channels: channels, plane: plane}
}

// Forward computes y [n, C] from x [n, C, plane].
func (g *GlobalAvgPool[T]) Forward(p *Pool, n int, x, y []T) { g.run(p, n, x, y, false) }

// Backward computes dx [n, C, plane]: dy/plane everywhere.
func (g *GlobalAvgPool[T]) Backward(p *Pool, n int, dy, dx []T) { g.run(p, n, dx, dy, true) }

func (g *GlobalAvgPool[T]) run(p *Pool, n int, x, y []T, backward bool) {
	if len(x) < n*g.channels*g.plane || len(y) < n*g.channels {
		panic(fmt.Sprintf("tensor: global average pool: %d images of %d x %d: %d and %d elements", n, g.channels, g.plane, len(x), len(y)))
	}
	g.x, g.y, g.backward = x, y, backward
	p.Run(n, g)
	g.x, g.y = nil, nil
}

// Do implements Job; a task is one image.
func (g *GlobalAvgPool[T]) Do(_, n int) {
	for i := n * g.channels; i < (n+1)*g.channels; i++ {
		x := g.x[i*g.plane:][:g.plane]
		if !g.backward {
			g.y[i] = Sum(x) / T(g.plane)
			continue
		}
		Fill(x, g.y[i]/T(g.plane))
	}
}
