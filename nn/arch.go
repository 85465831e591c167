package nn

import (
	"fmt"
	"strings"
)

// named architectures; a dense layer of "classes" outputs is the head.
var named = []struct{ name, spec, about string }{
	{"simple-cnn", "conv:256x3,relu,flatten,dense:64,relu,dense:classes", "256 filters of 3x3, 64 fully connected"},
	{"simple-cnn-5", "conv:256x5,relu,flatten,dense:64,relu,dense:classes", "256 filters of 5x5, 64 fully connected"},
	{"mlp-2048-256", "flatten,dense:2048,relu,dense:256,relu,dense:classes", "two hidden layers"},
	{"mlp-256-256", "flatten,dense:256,relu,dense:256,relu,dense:classes", "two hidden layers"},
	{"vgg16", vgg16(), "13 conv layers of 3x3, one dense layer; tensors as torchvision names them"},
	{"resnet18", resnet18(), "for small images (3x3 stem, no pooling); tensors as torchvision names them"},
	{"wrn-28-4", wideResNet(28, 4), "wide residual network, pre-activation; block1.layer.0.conv1.weight, ..."},
}

// longSpec is the length from which a SPEC is not shown in a list.
const longSpec = 80

// Architectures returns the names that stand for a SPEC, with a line about each.
func Architectures() (names, about []string) {
	for _, a := range named {
		line := a.about
		if len(a.spec) < longSpec {
			line = fmt.Sprintf("%s: %s", line, a.spec)
		}
		names, about = append(names, a.name), append(about, line)
	}
	return names, about
}

// ExpandArch returns the SPEC that arch stands for: arch itself unless it is a name.
func ExpandArch(arch string) string {
	for _, a := range named {
		if a.name == arch {
			return a.spec
		}
	}
	return arch
}

func archNames() string {
	names, _ := Architectures()
	return strings.Join(names, ", ")
}

// vgg16 is configuration D of Simonyan and Zisserman (2015) for small images:
// one dense layer behind the thirteen convolutions, as in the study.
func vgg16() string {
	var b strings.Builder
	at := 0 // place in torchvision's "features", a Sequential
	for _, block := range []struct{ layers, filters int }{{2, 64}, {2, 128}, {3, 256}, {3, 512}, {3, 512}} {
		for range block.layers {
			fmt.Fprintf(&b, "conv:%dx3:pad=1@features.%d,relu,", block.filters, at)
			at += 2
		}
		b.WriteString("maxpool:2,")
		at++
	}
	return b.String() + "flatten,dense:classes@classifier.0"
}

// resnet18 is He et al. (2016) for small images: a 3x3 convolution of stride 1
// and no pooling at the start, then four groups of two blocks.
func resnet18() string {
	var b strings.Builder
	b.WriteString("conv:64x3:pad=1:nobias@conv1,batchnorm@bn1,relu,")
	for group, filters := range []int{64, 128, 256, 512} {
		for block := range 2 {
			stride, shortcut := 1, ""
			if group > 0 && block == 0 {
				stride, shortcut = 2, fmt.Sprintf("|conv:%dx1:stride=2:nobias,batchnorm", filters)
			}
			fmt.Fprintf(&b, "res(conv:%dx3:stride=%d:pad=1:nobias@conv1,batchnorm@bn1,relu,conv:%dx3:pad=1:nobias@conv2,batchnorm@bn2%s)@layer%d.%d,relu,",
				filters, stride, filters, shortcut, group+1, block)
		}
	}
	return b.String() + "gap,flatten,dense:classes@fc"
}

// wideResNet is WRN-depth-width of Zagoruyko and Komodakis (2016): three groups
// of (depth-4)/6 blocks that normalise before they convolve. Where the width
// changes, the shortcut is a 1x1 convolution of the normalised input.
func wideResNet(depth, width int) string {
	var b strings.Builder
	b.WriteString("conv:16x3:pad=1:nobias@conv1,")
	for group := range 3 {
		filters := (16 << group) * width
		for block := range (depth - 4) / 6 {
			name := fmt.Sprintf("block%d.layer.%d", group+1, block)
			stride := 1
			if group > 0 && block == 0 {
				stride = 2
			}
			body := fmt.Sprintf("conv:%dx3:stride=%d:pad=1:nobias@conv1,batchnorm@bn2,relu,conv:%dx3:pad=1:nobias@conv2", filters, stride, filters)
			if block == 0 {
				fmt.Fprintf(&b, "batchnorm@%s.bn1,relu,res(%s|conv:%dx1:stride=%d:nobias@convShortcut)@%s,", name, body, filters, stride, name)
			} else {
				fmt.Fprintf(&b, "res(batchnorm@bn1,relu,%s)@%s,", body, name)
			}
		}
	}
	return b.String() + "batchnorm@bn1,relu,gap,flatten,dense:classes@fc"
}
