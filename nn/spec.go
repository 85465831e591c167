package nn

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"randalign/tensor"
)

// named architectures; a dense layer of "classes" outputs is the head.
var named = []struct{ name, spec, about string }{
	{"simple-cnn", "conv:256x3,relu,flatten,dense:64,relu,dense:classes", "256 filters of 3x3, 64 fully connected"},
	{"simple-cnn-5", "conv:256x5,relu,flatten,dense:64,relu,dense:classes", "256 filters of 5x5, 64 fully connected"},
	{"mlp-2048-256", "flatten,dense:2048,relu,dense:256,relu,dense:classes", "two hidden layers"},
	{"mlp-256-256", "flatten,dense:256,relu,dense:256,relu,dense:classes", "two hidden layers"},
}

// Architectures returns the names that stand for a SPEC, with a line about each.
func Architectures() (names, about []string) {
	for _, a := range named {
		names = append(names, a.name)
		about = append(about, fmt.Sprintf("%s: %s", a.about, a.spec))
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

// elements of a SPEC that this version knows.
var elements = []string{"conv", "dense", "relu", "flatten"}

// element is one parsed element of a SPEC.
type element struct {
	text string
	kind string
	out  int  // filters or outputs; -1 for "classes"
	size int  // filter height and width
	step int  // stride
	pad  int  // padding
	same bool // padding such that stride 1 keeps the size
}

// parseSpec splits a SPEC into its elements.
func parseSpec(spec string) ([]element, error) {
	var list []element
	for i, text := range strings.Split(spec, ",") {
		text = strings.TrimSpace(text)
		e, err := parseElement(text)
		if err != nil {
			return nil, fmt.Errorf("network %q: element %d %q: %w", spec, i, text, err)
		}
		list = append(list, e)
	}
	return list, nil
}

// maxWidth bounds what a SPEC can ask for, so that a slip of the finger is an
// error and not an exhausted machine.
const (
	maxWidth  = 1 << 20
	maxWeight = 1 << 40 // elements of one tensor
	maxTable  = 1 << 24 // positions of a conv, and values of a patch
)

func parseElement(text string) (element, error) {
	fields := strings.Split(text, ":")
	e := element{text: text, kind: fields[0], step: 1}
	args := fields[1:]
	if !slices.Contains(elements, e.kind) {
		return e, fmt.Errorf("unknown; an element is one of %s, a network one of %s or elements separated by commas", strings.Join(elements, ", "), archNames())
	}
	switch e.kind {
	case "relu", "flatten":
		if len(args) > 0 {
			return e, fmt.Errorf("takes no arguments")
		}
	case "dense":
		if len(args) != 1 {
			return e, fmt.Errorf("expected dense:OUTPUTS, as dense:64 or dense:classes")
		}
		if args[0] == "classes" {
			e.out = -1
			break
		}
		var err error
		if e.out, err = positive(args[0], "outputs"); err != nil {
			return e, err
		}
	case "conv":
		if len(args) == 0 {
			return e, fmt.Errorf("expected conv:FILTERSxSIZE[:stride=N][:pad=N|same], as conv:256x3")
		}
		k, r, ok := strings.Cut(args[0], "x")
		if !ok {
			return e, fmt.Errorf("expected FILTERSxSIZE, as 256x3, found %q", args[0])
		}
		var err error
		if e.out, err = positive(k, "filters"); err != nil {
			return e, err
		}
		if e.size, err = positive(r, "size"); err != nil {
			return e, err
		}
		for _, a := range args[1:] {
			key, v, _ := strings.Cut(a, "=")
			switch {
			case key == "stride":
				if e.step, err = positive(v, "stride"); err != nil {
					return e, err
				}
			case key == "pad" && v == "same":
				if e.size%2 == 0 {
					return e, fmt.Errorf("pad=same needs an odd filter size, found %d", e.size)
				}
				e.same, e.pad = true, e.size/2
			case key == "pad" && v == "0":
			case key == "pad":
				if e.pad, err = positive(v, "pad"); err != nil {
					return e, err
				}
			default:
				return e, fmt.Errorf("unknown option %q; conv has stride=N and pad=N|same", a)
			}
		}
	}
	return e, nil
}

func archNames() string {
	names, _ := Architectures()
	return strings.Join(names, ", ")
}

func positive(s, what string) (int, error) {
	n, err := strconv.Atoi(s)
	if err != nil || n < 1 || n > maxWidth {
		return 0, fmt.Errorf("%s: expected a number from 1 to %d, found %q", what, maxWidth, s)
	}
	return n, nil
}

// buildLayers makes the layers of a SPEC for examples of the given shape.
func buildLayers[T tensor.Float](spec string, in Shape, classes int) ([]Layer[T], error) {
	list, err := parseSpec(spec)
	if err != nil {
		return nil, err
	}
	var layers []Layer[T]
	shape := in
	for i, e := range list {
		fail := func(format string, args ...any) error {
			return fmt.Errorf("network %q: element %d %q: %s", spec, i, e.text, fmt.Sprintf(format, args...))
		}
		name := strconv.Itoa(i)
		var l Layer[T]
		switch e.kind {
		case "relu":
			r := &ReLU[T]{shape: shape, each: shape.Size()}
			if i > 0 {
				if c, ok := layers[i-1].(*Conv[T]); ok {
					c.fuse(r)
				}
			}
			l = r
		case "flatten":
			l = &Flatten[T]{shape.Size()}
		case "dense":
			if len(shape) != 1 {
				return nil, fail("its input is an image of %v; put flatten before it", shape)
			}
			out := e.out
			if out < 0 {
				out = classes
			}
			if shape[0] > maxWeight/out {
				return nil, fail("a weight of %d x %d is too large", out, shape[0])
			}
			l = newDense[T](name, shape[0], out)
		case "conv":
			if len(shape) != 3 {
				return nil, fail("conv needs an image as input, found a vector of %v", shape)
			}
			s := tensor.ConvShape{C: shape[0], H: shape[1], W: shape[2], K: e.out, R: e.size, S: e.size, Stride: e.step, Pad: e.pad}
			if h, w := s.Out(); h < 1 || w < 1 {
				return nil, fail("a conv filter of %dx%d does not fit its input of %v", e.size, e.size, shape)
			} else if s.Patch() > maxTable || h*w > maxTable {
				return nil, fail("%d positions of patches of %d values are too large", h*w, s.Patch())
			}
			l = newConv[T](name, s)
		}
		layers = append(layers, l)
		shape = l.Out()
	}
	if len(shape) != 1 || shape[0] != classes {
		return nil, fmt.Errorf("network %q: its output is %v for %d classes; end it with dense:classes", spec, shape, classes)
	}
	return layers, nil
}
