package tensor

import (
	"fmt"
	"testing"

	"randalign/asm"
)

// Bytes of images read and written a second, that is of x, y, dy and dx where a pass has
// them, beside a copy of as much. Images are beyond the caches. loop is what float64 does.
func BenchmarkPool(b *testing.B) {
	for _, s := range []PoolShape{
		{C: 64, H: 112, W: 112, R: 3, Stride: 2, Pad: 1}, // ResNet's stem
		{C: 64, H: 55, W: 55, R: 3, Stride: 2},           // AlexNet
		{C: 192, H: 28, W: 28, R: 3, Stride: 1, Pad: 1},  // Inception
		{C: 256, H: 13, W: 13, R: 3, Stride: 2},          // AlexNet's last
		{C: 480, H: 14, W: 14, R: 3, Stride: 2, Pad: 1},  // GoogLeNet's last
		{C: 64, H: 32, W: 32, R: 2, Stride: 1},
		{C: 512, H: 7, W: 7, R: 3, Stride: 1, Pad: 1},
	} {
		ho, wo := s.Out()
		in, out := s.C*s.H*s.W, s.C*ho*wo
		n := (16 << 20) / in
		x, dx, y, dy := make([]float32, n*in), make([]float32, n*in), make([]float32, n*out), make([]float32, n*out)
		FillNormal(NewStream(1, "x"), x, 1)
		FillNormal(NewStream(1, "dy"), dy, 1)
		Fill(dx, 1) // its pages are there then
		for _, threads := range []int{1, 2} {
			p := NewPool(threads)
			m, a := NewMaxPool[float32](s), NewAvgPool[float32](s)
			m.Forward(p, n, x, y)
			slow := &poolLoops{m: m, a: a}
			for _, pass := range []struct {
				name  string
				words int
				run   func()
			}{
				{"copy", 2 * in, func() { planeCopy{dx, x, in}.run(p, n) }},
				{"max", in + out, func() { m.Forward(p, n, x, y) }},
				{"maxgrad", 2*in + 2*out, func() { m.Backward(p, n, x, y, dy, dx) }},
				{"avg", in + out, func() { a.Forward(p, n, x, y) }},
				{"avggrad", in + out, func() { a.Backward(p, n, dy, dx) }},
				{"loop/max", in + out, func() { slow.run(p, n, 0, x, y, dy, dx) }},
				{"loop/maxgrad", 2*in + 2*out, func() { slow.run(p, n, 1, x, y, dy, dx) }},
				{"loop/avg", in + out, func() { slow.run(p, n, 2, x, y, dy, dx) }},
				{"loop/avggrad", in + out, func() { slow.run(p, n, 3, x, y, dy, dx) }},
			} {
				for _, path := range asm.Paths() {
					if path == "generic" {
						continue
					}
					b.Run(fmt.Sprintf("%dx%dx%d by %d stride %d pad %d/%d/%s/%s", s.C, s.H, s.W, s.R, s.Stride, s.Pad, threads, pass.name, path), func(b *testing.B) {
						undo, _ := asm.Select(path)
						defer undo()
						m.Forward(p, n, x, y)
						for b.Loop() {
							pass.run()
						}
						b.ReportMetric(4*float64(n*pass.words)*float64(b.N)/b.Elapsed().Seconds()/1e9, "GB/s")
					})
				}
			}
			p.Close()
		}
	}
}

type planeCopy struct {
	dst, src []float32
	each     int
}

func (c planeCopy) run(p *Pool, n int) { p.Run(n, c) }

// Do implements Job.
func (c planeCopy) Do(_, n int) {
	asm.Active().CopyF32(c.dst[n*c.each:][:c.each], c.src[n*c.each:][:c.each])
}

// poolLoops are the passes as the loops do them.
type poolLoops struct {
	m            *MaxPool[float32]
	a            *AvgPool[float32]
	pass         int
	x, y, dy, dx []float32
}

func (l *poolLoops) run(p *Pool, n, pass int, x, y, dy, dx []float32) {
	l.pass, l.x, l.y, l.dy, l.dx = pass, x, y, dy, dx
	p.Run(n, l)
}

// Do implements Job.
func (l *poolLoops) Do(_, n int) {
	x, y, dy, dx := l.m.input(l.x, n), l.m.output(l.y, n), l.m.output(l.dy, n), l.m.input(l.dx, n)
	switch l.pass {
	case 0:
		l.m.loop(x, y)
	case 1:
		l.m.loopGrad(x, y, dy, dx)
	case 2:
		l.a.loop(x, y)
	case 3:
		l.a.loopGrad(dy, dx)
	}
}
