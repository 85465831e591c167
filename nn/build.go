package nn

import (
	"fmt"
	"strconv"
	"strings"

	"randalign/tensor"
)

// The inputs of a layer that are no other layer.
const (
	fromInput = -1 // the network's own input
	fromNone  = -2 // no second input
)

// graph is a network: its layers in the order in which they run, and what each
// of them reads.
type graph[T tensor.Float] struct {
	layers []Layer[T]
	texts  []string // each layer's element of the SPEC
	paths  []string // and its name, as tensors begin: "0", "layer1.0.conv1"
	in     [][2]int // indices of the layers that it reads; see fromInput, fromNone
	shapes []Shape  // of an output example
	inside []bool   // on one of the ways through a residual block
}

// builder makes a graph of the elements of a SPEC.
type builder[T tensor.Float] struct {
	graph[T]
	spec    string
	input   Shape
	classes int
	depth   int // of residual blocks around the element at hand
}

// buildGraph makes the layers of a SPEC for examples of the given shape.
func buildGraph[T tensor.Float](spec string, in Shape, classes int) (*graph[T], error) {
	list, err := parseSpec(spec)
	if err != nil {
		return nil, err
	}
	b := &builder[T]{spec: spec, input: in, classes: classes}
	last, err := b.list(list, fromInput, "", "")
	if err != nil {
		return nil, err
	}
	if out := b.shape(last); len(out) != 1 || out[0] != classes {
		return nil, fmt.Errorf("network %q: its output is %v for %d classes; end it with dense:classes", short(spec), out, classes)
	}
	b.fuse()
	return &b.graph, nil
}

// shape is that of what layer i makes.
func (b *builder[T]) shape(i int) Shape {
	if i == fromInput {
		return b.input
	}
	return b.shapes[i]
}

// list adds elements one behind the other and returns the last layer. parent is
// the name of the module that holds them, inner a module between the two for
// those that are counted.
func (b *builder[T]) list(list []element, at int, parent, inner string) (int, error) {
	for i := range list {
		e := &list[i]
		path := joinNames(parent, e.name)
		if e.name == "" {
			path = joinNames(joinNames(parent, inner), strconv.Itoa(i))
		}
		var err error
		if e.kind == "res" {
			at, err = b.residual(e, at, path)
		} else {
			at, err = b.single(e, at, path)
		}
		if err != nil {
			return 0, err
		}
	}
	return at, nil
}

func joinNames(a, b string) string {
	if a == "" || b == "" {
		return a + b
	}
	return a + "." + b
}

func (b *builder[T]) fail(e *element, path, format string, args ...any) error {
	return fmt.Errorf("network %q: element %s %q: %s", short(b.spec), path, short(e.text), fmt.Sprintf(format, args...))
}

func (b *builder[T]) add(l Layer[T], text, path string, in, second int) int {
	text, _, _ = strings.Cut(text, "@") // the name is in path
	b.layers = append(b.layers, l)
	b.texts = append(b.texts, text)
	b.paths = append(b.paths, path)
	b.in = append(b.in, [2]int{in, second})
	b.shapes = append(b.shapes, l.Out())
	b.inside = append(b.inside, b.depth > 0)
	return len(b.layers) - 1
}

// residual adds both ways through a block and their sum. The shortcut's
// tensors are named as torchvision names those of its blocks.
func (b *builder[T]) residual(e *element, in int, path string) (int, error) {
	b.depth++
	body, err := b.list(e.body, in, path, "")
	if err != nil {
		return 0, err
	}
	shortcut := in
	if e.shortcut != nil {
		if shortcut, err = b.list(e.shortcut, in, path, "downsample"); err != nil {
			return 0, err
		}
	}
	b.depth--
	have, want := b.shape(body), b.shape(shortcut)
	if fmt.Sprint(have) != fmt.Sprint(want) {
		return 0, b.fail(e, path, "its body makes %v and its shortcut %v, which cannot be added; a shortcut as |conv:FILTERSx1:stride=N:nobias projects", have, want)
	}
	return b.add(&Sum[T]{shape: have}, "res", path, body, shortcut), nil
}

// single adds one layer.
func (b *builder[T]) single(e *element, in int, path string) (int, error) {
	shape := b.shape(in)
	image := func() error {
		if len(shape) != 3 {
			return b.fail(e, path, "%s needs an image as input, found a vector of %v", e.kind, shape)
		}
		return nil
	}
	var l Layer[T]
	switch e.kind {
	case "relu":
		l = &ReLU[T]{shape: shape, each: shape.Size()}
	case "flatten":
		l = &Flatten[T]{size: shape.Size()}
	case "dense":
		if len(shape) != 1 {
			return 0, b.fail(e, path, "its input is an image of %v; put flatten before it", shape)
		}
		out := e.out
		if out < 0 {
			out = b.classes
		}
		if shape[0] > maxWeight/out {
			return 0, b.fail(e, path, "a weight of %d x %d is too large", out, shape[0])
		}
		l = newDense[T](path, shape[0], out, !e.bare)
	case "conv":
		if err := image(); err != nil {
			return 0, err
		}
		s := tensor.ConvShape{C: shape[0], H: shape[1], W: shape[2], K: e.out, R: e.size, S: e.size, Stride: e.step, Pad: e.pad}
		if h, w := s.Out(); h < 1 || w < 1 {
			return 0, b.fail(e, path, "a conv filter of %dx%d does not fit its input of %v", e.size, e.size, shape)
		} else if s.Patch() > maxTable || h*w > maxTable {
			return 0, b.fail(e, path, "%d positions of patches of %d values are too large", h*w, s.Patch())
		}
		l = newConv[T](path, s, !e.bare)
	case "batchnorm":
		l = newBatchNorm[T](path, shape)
	case "leakyrelu", "sigmoid", "tanh", "gelu":
		l = newActivation[T](e.kind, e.x, shape)
	case "dropout":
		l = &Dropout[T]{shape: shape, p: e.x, name: path}
	case "maxpool", "avgpool":
		if err := image(); err != nil {
			return 0, err
		}
		s := tensor.PoolShape{C: shape[0], H: shape[1], W: shape[2], R: e.size, Stride: e.step, Pad: e.pad}
		if h, w := s.Out(); h < 1 || w < 1 {
			return 0, b.fail(e, path, "a window of %dx%d does not fit its input of %v", e.size, e.size, shape)
		}
		if e.kind == "maxpool" {
			l = &MaxPool[T]{pool: tensor.NewMaxPool[T](s)}
		} else {
			l = &AvgPool[T]{pool: tensor.NewAvgPool[T](s)}
		}
	case "gap":
		if err := image(); err != nil {
			return 0, err
		}
		l = newGlobalPool[T](shape)
	}
	return b.add(l, e.text, path, in, fromNone), nil
}

// fuse lets layers do the ReLU that alone reads their output.
func (g *graph[T]) fuse() {
	readers := make([]int, len(g.layers))
	for _, in := range g.in {
		for _, i := range in {
			if i >= 0 {
				readers[i]++
			}
		}
	}
	for i, l := range g.layers {
		r, ok := l.(*ReLU[T])
		from := g.in[i][0]
		if !ok || from < 0 || readers[from] != 1 {
			continue
		}
		if f, ok := g.layers[from].(withReLU); ok {
			f.fuse()
			r.fused = true
			g.leave(i, readers)
		}
	}
	g.show(readers)
}

// show lets a convolution by Winograd's algorithm with stride 1 read through the batch
// norm whose output it alone reads: that is then never written.
func (g *graph[T]) show(readers []int) {
	for i, l := range g.layers {
		c, ok := l.(*Conv[T])
		from := g.in[i][0]
		if !ok || !c.conv.Winograd() || from != i-1 || from < 0 || readers[from] != 1 {
			continue
		}
		if r, ok := g.layers[from].(*ReLU[T]); ok && r.fused && g.in[from][0] == from-1 {
			from--
		}
		if b, ok := g.layers[from].(*BatchNorm[T]); ok && readers[from] == 1 {
			b.shows, c.behind = true, b
		}
	}
}

// leave lets a dense or max pooling layer that alone reads the fused ReLU i, as it
// is or flattened, do the ReLU's gradient.
func (g *graph[T]) leave(i int, readers []int) {
	f, leaves := g.layers[g.in[i][0]].(leavesReLU)
	at := i
	for next := i + 1; next < len(g.layers) && readers[at] == 1; next++ {
		if g.in[next][0] != at {
			continue
		}
		switch l := g.layers[next].(type) {
		case *Flatten[T]:
			at = next
			continue
		case *Dense[T]:
			if leaves {
				l.behindReLU = true
				f.leave()
			}
		case *MaxPool[T]:
			if l.behindReLU() && leaves {
				f.leave()
			}
		}
		return
	}
}
