package tensor

import (
	"fmt"
	"testing"

	"randalign/asm"
)

// Dense layers behind large images (simple-cnn's), and of common sizes.
var denseSizes = []struct{ n, in, out int }{{256, 200704, 64}, {256, 230400, 64}, {256, 3072, 512}, {256, 512, 512}, {128, 2048, 256}, {128, 30, 2048}}

func benchmarkDense(b *testing.B, products int, fits func(in, out int) bool, run func(p *Pool, n, in, out int, x, w, dy, dw, dx []float32)) {
	for _, s := range denseSizes {
		if !fits(s.in, s.out) {
			continue
		}
		for _, threads := range []int{1, 2} {
			b.Run(fmt.Sprintf("%dx%dx%d/threads=%d/%s", s.n, s.in, s.out, threads, asm.Active().Name), func(b *testing.B) {
				p := NewPool(threads)
				defer p.Close()
				x, w, dy := Make[float32](s.n*s.in), Make[float32](s.out*s.in), Make[float32](s.n*s.out)
				dw, dx := Make[float32](s.out*s.in), Make[float32](s.n*s.in)
				r := NewStream(1, "bench")
				FillNormal(r, w, 1)
				FillNormal(r, dy, 1)
				for i := 0; i < len(x); i += len(w) {
					ReLU(x[i:min(i+len(w), len(x))], w[:min(len(w), len(x)-i)])
				}
				run(p, s.n, s.in, s.out, x, w, dy, dw, dx)
				for b.Loop() {
					run(p, s.n, s.in, s.out, x, w, dy, dw, dx)
				}
				b.ReportMetric(float64(products)*2*float64(s.n)*float64(s.in)*float64(s.out)*float64(b.N)/b.Elapsed().Seconds()/1e9, "GFLOP/s")
			})
		}
	}
}

func all(in, out int) bool { return true }

func BenchmarkDenseProduct(b *testing.B) {
	var d DenseForward[float32]
	benchmarkDense(b, 1, all, func(p *Pool, n, in, out int, x, w, dy, dw, dx []float32) {
		d.Run(p, n, in, out, x, w, w[:out], dy, true)
	})
}

// BenchmarkDensePanels is BenchmarkDenseProduct of weights packed once.
func BenchmarkDensePanels(b *testing.B) {
	var d DensePanels[float32]
	benchmarkDense(b, 1, DensePacks, func(p *Pool, n, in, out int, x, w, dy, dw, dx []float32) {
		if d.in != in || d.out != out {
			d.Pack(p, in, out, w)
		}
		d.Run(p, n, x, w[:out], dy, true)
	})
}

func BenchmarkDenseGrad(b *testing.B) {
	var g DenseGrad[float32]
	benchmarkDense(b, 2, all, func(p *Pool, n, in, out int, x, w, dy, dw, dx []float32) {
		g.Run(p, n, in, out, x, w, dy, dw, dx, true)
	})
}

// BenchmarkDenseDescend is BenchmarkDenseGrad with a step of SGD on the weights.
func BenchmarkDenseDescend(b *testing.B) {
	var g DenseGrad[float32]
	benchmarkDense(b, 2, all, func(p *Pool, n, in, out int, x, w, dy, v, dx []float32) {
		g.Descend(p, n, in, out, x, w, dy, dx, true, Descent[float32]{V: v, LR: 1e-6, Mu: 0.9})
	})
}
