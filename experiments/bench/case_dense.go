package bench

import (
	"fmt"

	"randalign/tensor"
)

// denseLayers are the large dense layers of the networks, with their batches.
var denseLayers = []struct {
	net            string
	batch, in, out int
}{
	{"mlp-2048-256", 128, 30, 2048},
	{"mlp-2048-256", 128, 2048, 256},
	{"mlp-512-512", 256, 3072, 512},
	{"mlp-512-512", 256, 512, 512},
	{"simple-cnn-5", 256, 200704, 64},
}

// denseCases are the ways forward, of weights as they come and of weights packed once, and
// both gradients, a ReLU behind the layer and before it.
func denseCases() []kase {
	var cases []kase
	for _, l := range denseLayers {
		n, in, out := l.batch, l.in, l.out
		add := func(pass string, products int, start func() func(p *tensor.Pool)) {
			cases = append(cases, flops(fmt.Sprintf("dense/%s/%dx%d/%s", l.net, in, out, pass), peakF32, float64(products)*2*float64(n)*float64(in)*float64(out), start))
		}
		add("forward", 1, func() func(p *tensor.Pool) {
			x, w, bias, y := numbers[float32](n*in), numbers[float32](out*in), numbers[float32](out), numbers[float32](n*out)
			var d tensor.DenseForward[float32]
			return func(p *tensor.Pool) { d.Run(p, n, in, out, x, w, bias, y, true) }
		})
		if tensor.DensePacks(in, out) {
			add("packed", 1, func() func(p *tensor.Pool) {
				x, w, bias, y := numbers[float32](n*in), numbers[float32](out*in), numbers[float32](out), numbers[float32](n*out)
				var d tensor.DensePanels[float32]
				return func(p *tensor.Pool) {
					if !d.Packed() {
						d.Pack(p, in, out, w)
					}
					d.Run(p, n, x, bias, y, true)
				}
			})
		}
		add("gradients", 2, func() func(p *tensor.Pool) {
			x, w, dy := numbers[float32](n*in), numbers[float32](out*in), numbers[float32](n*out)
			dw, dx := numbers[float32](out*in), numbers[float32](n*in)
			var g tensor.DenseGrad[float32]
			return func(p *tensor.Pool) { g.Run(p, n, in, out, x, w, dy, dw, dx, true) }
		})
	}
	return cases
}
