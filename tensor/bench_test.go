package tensor

import (
	"fmt"
	"testing"

	"randalign/asm"
)

// What a training step does beside its products, in elements a second, at sizes
// of real layers.
func BenchmarkStep(b *testing.B) {
	p := NewPool(1)
	const n = 128
	size := n * 64 * 32 * 32
	x, y, dy, dx := Make[float32](size), Make[float32](size), Make[float32](size), Make[float32](size)
	FillNormal(NewStream(1, "x"), x, 1)
	FillNormal(NewStream(1, "dy"), dy, 1)
	copy(dx, x)
	copy(y, x)
	c := func() []float32 { v := make([]float32, 1024); Fill(v, 1); return v }
	gamma, beta, mean, variance, dgamma, dbeta := c(), c(), c(), c(), c(), c()
	type run struct {
		name     string
		elements int
		f        func()
	}
	var runs []run
	for _, s := range []struct{ channels, plane int }{{64, 1024}, {256, 64}, {512, 4}, {1024, 1}} {
		l := NewBatchNorm[float32](s.channels, s.plane, 1e-5, 0.1, true)
		k := s.channels
		name := fmt.Sprintf("%dx%d", k, s.plane)
		runs = append(runs,
			run{"BatchNorm/" + name, n * k * s.plane, func() {
				l.Forward(p, n, x, y, gamma[:k], beta[:k], mean[:k], variance[:k])
			}},
			run{"BatchNormGrad/" + name, n * k * s.plane, func() {
				l.Backward(p, n, x, gamma[:k], dy, dx, dgamma[:k], dbeta[:k])
			}})
	}
	for _, s := range []PoolShape{{64, 32, 32, 2, 2, 0}, {512, 4, 4, 2, 2, 0}, {64, 32, 32, 3, 2, 1}} {
		name := fmt.Sprintf("%dx%d/%dx%d", s.C, s.H, s.R, s.Stride)
		m, a := NewMaxPool[float32](s), NewAvgPool[float32](s)
		runs = append(runs,
			run{"MaxPool/" + name, n * s.C * s.H * s.W, func() { m.Forward(p, n, x, y) }},
			run{"MaxPoolGrad/" + name, n * s.C * s.H * s.W, func() { m.Backward(p, n, x, y, dy, dx) }},
			run{"AvgPool/" + name, n * s.C * s.H * s.W, func() { a.Forward(p, n, x, y) }},
			run{"AvgPoolGrad/" + name, n * s.C * s.H * s.W, func() { a.Backward(p, n, dy, dx) }})
	}
	s := NewStream(2, "bench")
	g := NewGlobalAvgPool[float32](512, 16)
	runs = append(runs,
		run{"GlobalAvgPool", n * 512 * 16, func() { g.Forward(p, n, x, y) }},
		run{"FillNormal", 1 << 16, func() { FillNormal(s, y[:1<<16], 1) }},
		run{"DropoutMask", 1 << 16, func() { DropoutMask(s, y[:1<<16], 0.5) }},
		run{"Finite", 1 << 16, func() { Finite(x[:1<<16]) }})
	for _, r := range runs {
		b.Run(r.name+"/"+asm.Active().Name, func(b *testing.B) {
			for b.Loop() {
				r.f()
			}
			b.ReportMetric(float64(r.elements)*float64(b.N)/b.Elapsed().Seconds()/1e9, "Gelem/s")
		})
	}
}
