package bench

import "randalign/tensor"

// overlapping are poolings by windows that overlap, of images of 56 x 56: those of 3 x 3 of
// ResNet's stem and of Inception.
var overlapping = []struct {
	name  string
	shape tensor.PoolShape
}{
	{"3s1", tensor.PoolShape{C: 16, H: 56, W: 56, R: 3, Stride: 1, Pad: 1}},
	{"3s2", tensor.PoolShape{C: 16, H: 56, W: 56, R: 3, Stride: 2, Pad: 1}},
}

// poolCases are passes of whole layers over as many images as arrays of n elements hold,
// held against the bandwidth of a copy as memoryCases are.
func poolCases(n int) []kase {
	var cases []kase
	for _, o := range overlapping {
		s := o.shape
		ho, wo := s.Out()
		in, out := s.C*s.H*s.W, s.C*ho*wo
		images := n / in
		add := func(name string, words int, pass func(m *memory) func(p *tensor.Pool)) {
			bytes := 4 * float64(images*words)
			cases = append(cases, kase{
				name: "memory/" + name, unit: "GB/s", work: bytes / 1e9, yard: copyRate, load: bytes,
				prepare: func(m *memory) func(p *tensor.Pool) {
					m.fill()
					return pass(m)
				},
			})
		}
		add("maxpool"+o.name, in+out, func(m *memory) func(p *tensor.Pool) {
			layer := tensor.NewMaxPool[float32](s)
			return func(p *tensor.Pool) { layer.Forward(p, images, m.x, m.y) }
		})
		add("maxpool"+o.name+"grad", 2*in+2*out, func(m *memory) func(p *tensor.Pool) {
			layer, y, one := tensor.NewMaxPool[float32](s), tensor.Make[float32](images*out), tensor.NewPool(1)
			layer.Forward(one, images, m.x, y)
			one.Close()
			return func(p *tensor.Pool) { layer.Backward(p, images, m.x, y, m.y, m.z) }
		})
		add("avgpool"+o.name, in+out, func(m *memory) func(p *tensor.Pool) {
			layer := tensor.NewAvgPool[float32](s)
			return func(p *tensor.Pool) { layer.Forward(p, images, m.x, m.y) }
		})
		add("avgpool"+o.name+"grad", in+out, func(m *memory) func(p *tensor.Pool) {
			layer := tensor.NewAvgPool[float32](s)
			return func(p *tensor.Pool) { layer.Backward(p, images, m.y, m.z) }
		})
	}
	return cases
}
