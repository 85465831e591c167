package bench

import (
	"fmt"

	"randalign/tensor"
)

// convLayer is a layer of a network on CIFAR-10's images.
type convLayer struct {
	net   string
	batch int
	shape tensor.ConvShape
}

// first tells a layer on images, whose input gradient nobody needs.
func (l *convLayer) first() bool { return l.shape.C == 3 }

// same describes a layer with same padding; stride 2 halves the image.
func same(net string, c, k, size, filter, stride int) convLayer {
	return convLayer{net, 128, tensor.ConvShape{C: c, H: size, W: size, K: k, R: filter, S: filter, Stride: stride, Pad: filter / 2}}
}

// convLayers are the different layers of the networks; of resnet18 those that
// vgg16 does not have as well (it shares 3x64 and 64x64 at 32x32, 128x128 at 16x16,
// 256x256 at 8x8 and 512x512 at 4x4).
var convLayers = []convLayer{
	{"simple-cnn", 256, tensor.ConvShape{C: 3, H: 32, W: 32, K: 256, R: 3, S: 3, Stride: 1}},
	{"simple-cnn-5", 256, tensor.ConvShape{C: 3, H: 32, W: 32, K: 256, R: 5, S: 5, Stride: 1}},
	same("vgg16", 3, 64, 32, 3, 1),
	same("vgg16", 64, 64, 32, 3, 1),
	same("vgg16", 64, 128, 16, 3, 1),
	same("vgg16", 128, 128, 16, 3, 1),
	same("vgg16", 128, 256, 8, 3, 1),
	same("vgg16", 256, 256, 8, 3, 1),
	same("vgg16", 256, 512, 4, 3, 1),
	same("vgg16", 512, 512, 4, 3, 1),
	same("vgg16", 512, 512, 2, 3, 1),
	same("resnet18", 64, 128, 32, 3, 2),
	same("resnet18", 128, 256, 16, 3, 2),
	same("resnet18", 256, 512, 8, 3, 2),
	same("resnet18", 64, 128, 32, 1, 2),
	same("resnet18", 128, 256, 16, 1, 2),
	same("resnet18", 256, 512, 8, 1, 2),
}

func convCases() []kase {
	var cases []kase
	for i := range convLayers {
		l := &convLayers[i]
		passes := []string{"forward", "weights", "inputs"}
		if l.first() {
			passes = passes[:2]
		}
		for _, pass := range passes {
			cases = append(cases, l.pass(pass, false))
			if !l.shape.Direct() {
				cases = append(cases, l.pass(pass, true))
			}
		}
	}
	return cases
}

// name is conv/NETWORK/CxK/HxW/PASS, or layer/ and so on; a stride other than 1 and filters that are
// not the network's usual ones are told with CxK.
func (l *convLayer) name(algorithm, pass string) string {
	s := &l.shape
	kind := fmt.Sprintf("%dx%d", s.C, s.K)
	if s.R == 1 {
		kind += "-1x1"
	}
	if s.Stride > 1 {
		kind += fmt.Sprintf("-s%d", s.Stride)
	}
	return fmt.Sprintf("%s/%s/%s/%dx%d/%s", algorithm, l.net, kind, s.H, s.W, pass)
}

// pass is one of forward, weights and inputs. Operations are those of the direct
// algorithm, the taps on the padding among them, as everybody counts; where the layer
// is trained by another one, its share of the peak counts the products that it does.
func (l *convLayer) pass(pass string, other bool) kase {
	s, n := l.shape, l.batch
	ho, wo := s.Out()
	ops := 2 * float64(n) * float64(s.K*ho*wo) * float64(s.Patch())
	name, conv := "conv", tensor.NewDirectConv[float32]
	if other {
		name, conv = "layer", tensor.NewConv[float32]
	}
	c := flops(l.name(name, pass), peakF32, ops, func() func(p *tensor.Pool) {
		conv := conv(s)
		x, w, y := numbers[float32](n*s.C*s.H*s.W), numbers[float32](s.K*s.Patch()), numbers[float32](n*s.K*ho*wo)
		switch pass {
		case "weights":
			return func(p *tensor.Pool) { conv.WeightGrad(p, n, x, y, w, nil, nil) }
		case "inputs":
			return func(p *tensor.Pool) { conv.InputGrad(p, n, w, y, x) }
		}
		return func(p *tensor.Pool) { conv.Forward(p, n, x, w, nil, y, false) }
	})
	if other {
		c.load = 2 * float64(n) * s.Products()
		if pass == "weights" {
			c.load = 2 * float64(n) * s.WeightProducts()
		}
	}
	return c
}
