package nn

import (
	"fmt"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// tensorsOf maps names to shapes.
func tensorsOf(t *testing.T, arch string, in Shape, classes int) map[string]string {
	m, err := NewModel[float32](arch, in, classes)
	require.NoError(t, err)
	list := map[string]string{}
	for _, w := range m.tensors {
		list[w.Name] = fmt.Sprint(w.Shape)
	}
	return list
}

// The published counts of trained parameters for CIFAR-10.
func TestParameterCounts(t *testing.T) {
	in := Shape{3, 32, 32}
	// wrn-28-4 by its definition: widths 64, 128, 256, four blocks each.
	wrn, before := 16*27, 16
	for _, w := range []int{64, 128, 256} {
		for block := range 4 {
			wrn += 2*before + 9*before*w + 2*w + 9*w*w
			if block == 0 {
				wrn += before * w
			}
			before = w
		}
	}
	wrn += 2*256 + 256*10 + 10
	for arch, want := range map[string]int{
		"vgg16":        14_714_688 + 5_130, // torchvision's features, and 512 x 10
		"resnet18":     11_173_962,
		"wrn-28-4":     wrn,
		"simple-cnn":   256*27 + 256 + 64*256*900 + 64 + 650,
		"simple-cnn-5": 256*75 + 256 + 64*256*784 + 64 + 650,
	} {
		p, err := NewPlan(arch, in, 10, 1)
		require.NoError(t, err)
		require.Equal(t, want, p.Params, arch)
		m, err := NewModel[float32](arch, in, 10)
		require.NoError(t, err)
		require.Equal(t, want, m.NumParams(), arch)
	}
	require.InDelta(t, 5.9e6, wrn, 0.1e6, "the paper rounds to 5.9M")
	p, err := NewPlan("resnet18", in, 10, 1)
	require.NoError(t, err)
	require.Equal(t, 2*(64+4*64+2*2*128+128+2*2*256+256+2*2*512+512), p.Buffers)
}

func TestTensorNames(t *testing.T) {
	in := Shape{3, 32, 32}
	resnet := tensorsOf(t, "resnet18", in, 10)
	for name, shape := range map[string]string{
		"conv1.weight": "[64 3 3 3]", "bn1.running_var": "[64]", "layer1.0.conv1.weight": "[64 64 3 3]", "layer1.1.bn2.bias": "[64]",
		"layer2.0.conv1.weight": "[128 64 3 3]", "layer2.0.downsample.0.weight": "[128 64 1 1]", "layer2.0.downsample.1.running_mean": "[128]",
		"layer4.1.conv2.weight": "[512 512 3 3]", "fc.weight": "[10 512]", "fc.bias": "[10]",
	} {
		require.Equal(t, shape, resnet[name], name)
	}
	require.Len(t, resnet, 62+40, "torchvision's 122 less 20 counters")
	require.NotContains(t, resnet, "conv1.bias")
	require.NotContains(t, resnet, "layer1.0.downsample.0.weight")

	vgg := tensorsOf(t, "vgg16", in, 10)
	for name, shape := range map[string]string{
		"features.0.weight": "[64 3 3 3]", "features.5.weight": "[128 64 3 3]", "features.10.bias": "[256]", "features.28.weight": "[512 512 3 3]",
		"classifier.0.weight": "[10 512]",
	} {
		require.Equal(t, shape, vgg[name], name)
	}
	require.Len(t, vgg, 28)

	wrn := tensorsOf(t, "wrn-28-4", in, 10)
	for name, shape := range map[string]string{
		"conv1.weight": "[16 3 3 3]", "block1.layer.0.bn1.weight": "[16]", "block1.layer.0.convShortcut.weight": "[64 16 1 1]",
		"block2.layer.3.conv2.weight": "[128 128 3 3]", "bn1.running_mean": "[256]", "fc.weight": "[10 256]",
	} {
		require.Equal(t, shape, wrn[name], name)
	}

	spec := tensorsOf(t, "conv:4x3,batchnorm,relu,res(conv:4x3:pad=1:nobias,relu|conv:4x1@skip,batchnorm),flatten,dropout:0.5,dense:classes", in, 10)
	for _, name := range []string{"0.weight", "0.bias", "1.weight", "1.bias", "1.running_mean", "1.running_var", "3.0.weight", "3.skip.weight", "3.skip.bias", "3.downsample.1.weight", "6.weight", "6.bias"} {
		require.Contains(t, spec, name)
	}
}

func TestOutputShapes(t *testing.T) {
	for spec, want := range map[string]string{
		"conv:8x5:stride=2:pad=same": "8x16x15",
		"conv:8x3:pad=0":             "8x29x27",
		"maxpool:2":                  "3x15x14",
		"maxpool:3:stride=2:pad=1":   "3x16x15",
		"avgpool:3:stride=1":         "3x29x27",
		"gap":                        "3x1x1",
		"res(batchnorm,relu)":        "3x31x29",
		"res(conv:4x3:stride=2:pad=1|conv:4x1:stride=2)": "4x16x15",
	} {
		p, err := NewPlan(spec+",flatten,dense:classes", Shape{3, 31, 29}, 10, 2)
		require.NoError(t, err, spec)
		require.Equal(t, want, p.Layers[len(p.Layers)-3].Out.String(), spec)
	}
}

func TestBadSpecs(t *testing.T) {
	for spec, want := range map[string]string{
		"maxpool:2:pad=2,flatten,dense:classes":              "pad: found 2, expected at most half the window of 2",
		"maxpool,flatten,dense:classes":                      "expected maxpool:SIZE[:stride=N][:pad=N]",
		"maxpool:40,flatten,dense:classes":                   "a window of 40x40 does not fit its input of 3x8x8",
		"flatten,gap,dense:classes":                          "gap needs an image as input",
		"avgpool:2:ceil=1,flatten,dense:classes":             `unknown option "ceil=1"; avgpool has stride=N and pad=N`,
		"dropout:1,flatten,dense:classes":                    "probability: expected a number from 0 to 0.999",
		"dropout,flatten,dense:classes":                      "expected dropout:P",
		"leakyrelu:x,flatten,dense:classes":                  "slope: expected a number from 0 to 1",
		"batchnorm:3,flatten,dense:classes":                  "takes no arguments",
		"res,flatten,dense:classes":                          "expected res(BODY[|SHORTCUT])",
		"res(conv:4x3,flatten,dense:classes":                 "found ( without )",
		"res(conv:4x3)),flatten,dense:classes":               "found ) without (",
		"res(),flatten,dense:classes":                        `element 0 "": unknown`,
		"res(relu|relu|relu),flatten,dense:classes":          "found 3 ways",
		"res(conv:4x3:pad=1),flatten,dense:classes":          "its body makes 4x8x8 and its shortcut 3x8x8, which cannot be added",
		"relu,res(relu,res(foo)),flatten,dense:classes":      `element 1 "res(relu,res(foo))": element 1 "res(foo)": element 0 "foo": unknown`,
		"conv:4x3@,flatten,dense:classes":                    `name: found ""`,
		"conv:4x3@a..b,flatten,dense:classes":                `name: found "a..b"`,
		"conv:4x3@a,conv:4x3@a,flatten,dense:classes":        `two tensors are called "a.weight"`,
		"dense:4:bias,dense:classes":                         `unknown option "bias"; dense has nobias`,
		strings.Repeat("res(", 40) + strings.Repeat(")", 40): "residual blocks within each other: expected at most 16",
		"conv:4x3:pad=-1,flatten,dense:classes":              "pad: expected a number from 1",
		"res(flatten),dense:classes":                         "cannot be added",
		"conv:8x3:stride=0:pad=1,relu,flatten,dense:classes": "stride: expected a number from 1",
	} {
		_, err := NewModel[float32](spec, Shape{3, 8, 8}, 10)
		require.ErrorContains(t, err, want, spec)
		require.NotContains(t, err.Error(), "\n")
	}
}

// No two slots that are alive at the same time may share a value, whatever the
// network; the ways of a residual block are where that is hard.
func TestMemoryPlanKeepsApart(t *testing.T) {
	for _, arch := range []string{"vgg16", "resnet18", "wrn-28-4", "simple-cnn", "flatten,dense:9,gelu,tanh,res(dense:9,res(tanh)),dense:classes"} {
		g, err := buildGraph[float32](ExpandArch(arch), Shape{3, 32, 32}, 10)
		require.NoError(t, err)
		for _, training := range []bool{false, true} {
			m := planMemory(g.nodes(), 3, training)
			for i, a := range m.slots {
				require.LessOrEqual(t, a.at+3*a.size, m.values)
				for _, b := range m.slots[:i] {
					if a.from <= b.to && b.from <= a.to {
						require.True(t, a.at+3*a.size <= b.at || b.at+3*b.size <= a.at, "%s: %+v %+v", arch, a, b)
					}
				}
			}
		}
	}
}

func TestBypassedLayers(t *testing.T) {
	m, err := NewModel[float32]("conv:4x3,relu,res(relu,conv:4x3:pad=1|conv:4x1,relu),relu,flatten,dense:classes", Shape{3, 6, 6}, 3)
	require.NoError(t, err)
	for i, want := range []bool{false, false, true, true, true, true, false, false, false, false} {
		require.Equal(t, want, m.Bypassed(i), m.LayerName(i))
	}
}
