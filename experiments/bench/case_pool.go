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
			cases = append(cases, memoryCase(name, 4*float64(images*words), pass))
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
	return append(cases, layerCases(n)...)
}

// layerCases are the passes of whole layers that read and write each array once: the noted
// pooling of 2 x 2, the mean of planes, and batch normalisation of vgg16's first and last
// layers, the one by planes and the other by columns. It goes over the arrays batch by batch,
// as training does: x, and dy, cross memory once, since the second look at the channels of a task
// finds the 1 MiB (512 KiB of columns) of a batch, and as much of dy, in the last cache, and
// what is made crosses it once.
func layerCases(n int) []kase {
	const channels = 64
	var cases []kase
	images := n / (channels * planeSize)
	size, means := images*channels*planeSize, images*channels
	add := func(name string, words float64, pass func(m *memory) func(p *tensor.Pool)) {
		cases = append(cases, memoryCase(name, 4*words*float64(size), pass))
	}
	square := tensor.PoolShape{C: channels, H: planeWidth, W: planeWidth, R: 2, Stride: 2}
	noted := func(m *memory) *tensor.NotedMaxPool[float32] {
		tensor.ReLU(m.x, m.x)
		layer, one := tensor.NewNotedMaxPool[float32](square), tensor.NewPool(1)
		defer one.Close()
		layer.Forward(one, images, m.x[:size], m.y[:size/4])
		return layer
	}
	add("maxpool-noted", 1.25+1./16, func(m *memory) func(p *tensor.Pool) {
		layer := noted(m)
		return func(p *tensor.Pool) { layer.Forward(p, images, m.x[:size], m.y[:size/4]) }
	})
	add("maxpool-notedgrad", 1.25+1./16, func(m *memory) func(p *tensor.Pool) {
		layer := noted(m)
		return func(p *tensor.Pool) { layer.Backward(p, images, m.y[:size/4], m.z[:size]) }
	})
	add("globalavgpool", 1, func(m *memory) func(p *tensor.Pool) {
		layer := tensor.NewGlobalAvgPool[float32](channels, planeSize)
		return func(p *tensor.Pool) { layer.Forward(p, images, m.x[:size], m.y[:means]) }
	})
	add("globalavgpoolgrad", 1, func(m *memory) func(p *tensor.Pool) {
		layer := tensor.NewGlobalAvgPool[float32](channels, planeSize)
		return func(p *tensor.Pool) { layer.Backward(p, images, m.y[:means], m.z[:size]) }
	})
	norm := func(m *memory, channels, plane, batch, batches int) (forward, backward func(p *tensor.Pool)) {
		layer := tensor.NewBatchNorm[float32](channels, plane, 1e-5, 0.1, true)
		v := [4][]float32{}
		for i := range v {
			v[i] = numbers[float32](channels)
		}
		each := func(pass func(x, y, z []float32)) {
			for i, values := 0, batch*channels*plane; i < batches; i++ {
				lo, hi := i*values, (i+1)*values
				pass(m.x[lo:hi], m.y[lo:hi], m.z[lo:hi])
			}
		}
		forward = func(p *tensor.Pool) {
			each(func(x, y, _ []float32) { layer.Forward(p, batch, x, y, v[0], v[1], v[2], v[3]) })
		}
		return forward, func(p *tensor.Pool) {
			each(func(x, dy, dx []float32) { layer.Backward(p, batch, x, v[0], dy, dx, v[2], v[3]) })
		}
	}
	for _, shape := range []struct {
		name            string
		channels, plane int
	}{{"batchnorm", channels, planeSize}, {"batchnormcols", 512, 4 * 4}} {
		values := shape.channels * shape.plane
		batch := min(128, n/values)
		batches := n / (batch * values)
		done := float64(batches*batch*values) / float64(size)
		add(shape.name, 2*done, func(m *memory) func(p *tensor.Pool) {
			forward, _ := norm(m, shape.channels, shape.plane, batch, batches)
			return forward
		})
		add(shape.name+"grad", 3*done, func(m *memory) func(p *tensor.Pool) {
			forward, backward := norm(m, shape.channels, shape.plane, batch, batches)
			one := tensor.NewPool(1)
			defer one.Close()
			forward(one)
			return backward
		})
	}
	return cases
}
