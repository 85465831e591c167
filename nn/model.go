package nn

import (
	"fmt"

	"randalign/tensor"
)

// Arithmetic is the version of the arithmetic: it is raised whenever a bit of
// any result may move for the same seed, settings and data.
const Arithmetic = 1

// Model is a network with its weights, gradients and step memory. It is not
// safe for concurrent use.
type Model[T tensor.Float] struct {
	Spec    string
	In      Shape
	Classes int
	Layers  []Layer[T]
	Params  []*Param[T] // in layer order, weight before bias

	value, grad, velocity []T   // all parameters, one after the other
	size                  []int // size[i] values of an example reach layer i
	first                 int   // the first layer that has a weight
	batch                 int   // examples that the buffers below hold
	act                   [][]T
	delta                 [2][]T
	sgd                   sgdJob[T]
}

// NewModel builds the network arch (a name or a SPEC) for examples of shape in.
// All parameters are zero; see Init. Errors name the element of the SPEC.
func NewModel[T tensor.Float](arch string, in Shape, classes int) (*Model[T], error) {
	if classes < 2 {
		return nil, fmt.Errorf("network %q: %d classes; expected at least 2", arch, classes)
	}
	m := &Model[T]{Spec: ExpandArch(arch), In: in, Classes: classes}
	var err error
	if m.Layers, err = buildLayers[T](m.Spec, in, classes); err != nil {
		return nil, err
	}
	size := 0
	m.size, m.first = []int{in.Size()}, len(m.Layers)
	for i, l := range m.Layers {
		m.size = append(m.size, l.Out().Size())
		for _, p := range l.Params() {
			m.first = min(m.first, i)
			m.Params = append(m.Params, p)
			size += p.Size()
		}
	}
	m.value, m.grad, m.velocity = make([]T, size), make([]T, size), make([]T, size)
	at := 0
	for _, p := range m.Params {
		n := p.Size()
		p.Value, p.Grad, p.Velocity = m.value[at:at+n:at+n], m.grad[at:at+n:at+n], m.velocity[at:at+n:at+n]
		at += n
	}
	return m, nil
}

// NumParams is the number of trained values.
func (m *Model[T]) NumParams() int { return len(m.value) }

// Param returns the parameter of that name, or nil.
func (m *Model[T]) Param(name string) *Param[T] {
	for _, p := range m.Params {
		if p.Name == name {
			return p
		}
	}
	return nil
}

// Weighted returns the indices of the layers that have a weight.
func (m *Model[T]) Weighted() []int {
	var list []int
	for i, l := range m.Layers {
		if l.Params() != nil {
			list = append(list, i)
		}
	}
	return list
}

// reserve makes the step memory hold n examples. act[i] is the output of layer
// i; where a layer works in place it is the memory of the layer before.
func (m *Model[T]) reserve(n int) {
	if n <= m.batch {
		return
	}
	m.batch = n
	m.act = make([][]T, len(m.Layers))
	widest := 0
	for i, l := range m.Layers {
		size := n * m.size[i+1]
		if l.InPlace() && i > 0 {
			m.act[i] = m.act[i-1]
			continue
		}
		m.act[i] = make([]T, size)
		widest = max(widest, size)
	}
	for i := range m.delta {
		m.delta[i] = nil // made when a gradient is asked for
	}
}

func (m *Model[T]) reserveGrad() {
	if m.delta[0] != nil {
		return
	}
	// Backward goes to and fro between two buffers; what reaches a layer that
	// is not in place changes over. So each holds the outputs of every other one.
	var size [2]int
	turn := 0
	for i := len(m.Layers) - 1; i >= 0; i-- {
		size[turn] = max(size[turn], m.batch*m.size[i+1])
		if !m.Layers[i].InPlace() {
			turn = 1 - turn
		}
	}
	m.delta[0], m.delta[1] = make([]T, size[0]), make([]T, size[1])
}

// Forward computes the logits [n, Classes] of n examples x [n, In...]. The
// result is the model's memory and valid until the next call.
func (m *Model[T]) Forward(p *tensor.Pool, n int, x []T) []T {
	m.reserve(n)
	return m.forward(p, n, x, len(m.Layers), nil)
}

// ForwardTo computes what reaches layer: [n, size of its input]. For layer 0
// that is x itself; for a ReLU behind a convolution it is the ReLU's output.
func (m *Model[T]) ForwardTo(p *tensor.Pool, n int, x []T, layer int) []T {
	m.reserve(n)
	return m.forward(p, n, x, layer, nil)
}

// forward runs the layers before stop and calls seen after each, if not nil.
func (m *Model[T]) forward(p *tensor.Pool, n int, x []T, stop int, seen func(layer int, y []T)) []T {
	if len(x) < n*m.size[0] {
		panic(fmt.Sprintf("nn: forward: %d values for %d examples of %v", len(x), n, m.In))
	}
	x = x[:n*m.size[0]]
	for i, l := range m.Layers[:stop] {
		y := m.act[i]
		if l.InPlace() && i == 0 {
			x = y[:copy(y, x)] // the caller's data must not change
		}
		y = y[:n*m.size[i+1]]
		l.Forward(p, n, x, y)
		if seen != nil {
			seen(i, y)
		}
		x = y
	}
	return x
}

// Loss runs n examples forward and backward and leaves the gradients of the
// mean cross-entropy in the parameters. It returns the sum of the losses and
// the number of right answers. Nothing is allocated after the first call.
func (m *Model[T]) Loss(p *tensor.Pool, n int, x []T, labels []int32) (sum float64, correct int) {
	m.reserve(n)
	m.reserveGrad()
	logits := m.forward(p, n, x, len(m.Layers), nil)
	turn := 0
	dy := m.delta[turn][:len(logits)]
	sum, correct = CrossEntropy(logits, labels, n, m.Classes, dy)
	for i := len(m.Layers) - 1; i >= m.first; i-- {
		l := m.Layers[i]
		in := x
		if i > 0 {
			in = m.act[i-1]
		}
		var dx []T
		switch {
		case i == m.first: // nobody wants the gradient of what lies before
		case l.InPlace():
			dx = dy
		default:
			turn = 1 - turn
			dx = m.delta[turn][:n*m.size[i]]
		}
		l.Backward(p, n, in, m.act[i], dy, dx)
		dy = dx
	}
	return sum, correct
}

// Weights returns a copy of all parameters in float32.
func (m *Model[T]) Weights() []Named {
	var list []Named
	for _, p := range m.Params {
		data := make([]float32, len(p.Value))
		for i, v := range p.Value {
			data[i] = float32(v)
		}
		list = append(list, Named{p.Name, p.Shape, data})
	}
	return list
}

// Digest is WeightsDigest of the model's weights.
func (m *Model[T]) Digest() string { return WeightsDigest(m.Weights()) }

// SetWeights copies the tensors into the parameters. A missing, surplus,
// misshapen or repeated tensor, or a NaN or Inf, is an error that names it and
// from, where the tensors came from; the model is unchanged then.
func (m *Model[T]) SetWeights(tensors []Named, from string) error {
	seen := map[string]*Named{}
	for i, t := range tensors {
		p := m.Param(t.Name)
		if p == nil {
			return fmt.Errorf("%s: tensor %q: the network %s has no such tensor", from, t.Name, m.Spec)
		}
		if seen[t.Name] != nil {
			return fmt.Errorf("%s: tensor %q appears twice", from, t.Name)
		}
		if fmt.Sprint(t.Shape) != fmt.Sprint(p.Shape) {
			return fmt.Errorf("%s: tensor %q: found shape %v, expected %v", from, t.Name, t.Shape, p.Shape)
		}
		seen[t.Name] = &tensors[i]
	}
	for _, p := range m.Params {
		if seen[p.Name] == nil {
			return fmt.Errorf("%s: tensor %q of shape %v is missing", from, p.Name, p.Shape)
		}
	}
	if err := CheckFinite(tensors, from); err != nil {
		return err
	}
	for _, p := range m.Params {
		for i, v := range seen[p.Name].Data {
			p.Value[i] = T(v)
		}
	}
	return nil
}
