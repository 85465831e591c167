package nn

import (
	"fmt"

	"randalign/tensor"
)

// Arithmetic is the version of the arithmetic: it is raised whenever a bit of
// any result may move for the same seed, settings and data.
const Arithmetic = 8

// Model is a network with its weights, gradients and step memory. It is not
// safe for concurrent use.
type Model[T tensor.Float] struct {
	Arch    string // as NewModel got it: a name or a SPEC
	Spec    string
	In      Shape
	Classes int
	Layers  []Layer[T]  // in the order in which they run
	Params  []*Param[T] // the trained tensors in layer order, weight before bias
	Buffers []*Param[T] // tensors that follow from the data, in layer order
	// Observe, if not nil, is called after each layer's forward pass with the
	// layer's index and its outputs [n, Out...], which it must not keep or
	// change. Behind a layer that a ReLU is fused into they are the ReLU's.
	Observe func(layer int, y []T)
	// Objective is what Loss computes; the zero value is cross-entropy.
	Objective Objective

	graph   *graph[T]
	tensors []*Param[T] // Params and Buffers in the order of weight files
	// All trained values, one after the other: first those of weights that take their
	// step on the way back, whose place in grad Step does not touch, then of other
	// weights, then of biases and batch norm, which weight decay may leave alone.
	value, grad, velocity []T
	descended, weights    int // where the second and the third of these begin
	size                  []int
	// What layers can do beside, by layer: looked up once, since a type assertion may
	// allocate.
	repeating  []repeats[T]
	descending []descends[T] // without those whose weight takes its step later
	settling   []settler     // those that are, in layer order
	packing    []prepacks    // likewise
	packed     bool

	batch  [2]int // examples that the arena holds, without and with a way back
	plan   [2]*memory
	views  [2][][]T // of the arena, by slot
	arena  []T
	shown  []T // an output that does not exist but is to be seen
	pass   Pass
	sgd    sgdJob[T]
	adding addJob[T]
	cross  crossEntropy[T]
}

// NewModel builds the network arch (a name or a SPEC) for examples of shape in.
// Weights are zero until Init; the rest are as in a fresh start. Errors name the
// element of the SPEC.
func NewModel[T tensor.Float](arch string, in Shape, classes int) (*Model[T], error) {
	if classes < 2 {
		return nil, fmt.Errorf("network %q: %d classes; expected at least 2", arch, classes)
	}
	m := &Model[T]{Arch: arch, Spec: ExpandArch(arch), In: in, Classes: classes}
	g, err := buildGraph[T](m.Spec, in, classes)
	if err != nil {
		return nil, err
	}
	m.graph, m.Layers = g, g.layers
	seen := map[string]bool{}
	descended := map[*Param[T]]bool{}
	trained := 0
	for i, l := range m.Layers {
		m.size = append(m.size, g.shapes[i].Size())
		r, _ := l.(repeats[T])
		d, _ := l.(descends[T])
		if w := descendedOf(l); w != nil {
			descended[w] = true
		} else {
			d = nil
		}
		m.repeating, m.descending = append(m.repeating, r), append(m.descending, d)
		if s, ok := l.(settler); ok {
			m.settling = append(m.settling, s)
		}
		if l, ok := l.(prepacks); ok {
			m.packing = append(m.packing, l)
		}
		for _, p := range l.Params() {
			if seen[p.Name] {
				return nil, fmt.Errorf("network %q: two tensors are called %q", short(arch), p.Name)
			}
			seen[p.Name] = true
			m.tensors = append(m.tensors, p)
			if p.Buffer {
				m.Buffers = append(m.Buffers, p)
				p.Value = make([]T, p.Size())
				continue
			}
			m.Params = append(m.Params, p)
			trained += p.Size()
		}
	}
	m.value, m.grad, m.velocity = tensor.Make[T](trained), tensor.Make[T](trained), tensor.Make[T](trained)
	at := 0
	place := func(here func(p *Param[T]) bool) (end int) {
		for _, p := range m.Params {
			if here(p) {
				n := p.Size()
				p.Value, p.Grad, p.Velocity = m.value[at:at+n:at+n], m.grad[at:at+n:at+n], m.velocity[at:at+n:at+n]
				at += n
			}
		}
		return at
	}
	m.descended = place(func(p *Param[T]) bool { return descended[p] })
	m.weights = place(func(p *Param[T]) bool { return p.FanIn > 0 && !descended[p] })
	place(func(p *Param[T]) bool { return p.FanIn == 0 })
	for _, p := range m.tensors {
		p.start()
	}
	return m, nil
}

// start gives a tensor that is no weight its value before any training.
func (p *Param[T]) start() {
	if p.FanIn == 0 {
		for i := range p.Value {
			p.Value[i] = p.Fresh
		}
	}
}

// NumParams is the number of trained values.
func (m *Model[T]) NumParams() int { return len(m.value) }

// LayerName is the name of a layer's module: "0", "layer1.0.conv1".
func (m *Model[T]) LayerName(layer int) string { return m.graph.paths[layer] }

// Bypassed reports whether a layer stands on one of the ways through a residual
// block, so that the network lives on where the layer is dead.
func (m *Model[T]) Bypassed(layer int) bool { return m.graph.inside[layer] }

// Param returns the tensor of that name, trained or not, or nil.
func (m *Model[T]) Param(name string) *Param[T] {
	for _, p := range m.tensors {
		if p.Name == name {
			return p
		}
	}
	return nil
}

// Weighted returns the indices of the layers that have a weight to initialise:
// conv and dense ones.
func (m *Model[T]) Weighted() []int {
	var list []int
	for i, l := range m.Layers {
		if p := l.Params(); len(p) > 0 && p[0].FanIn > 0 {
			list = append(list, i)
		}
	}
	return list
}

// At names the random streams of the passes that follow: those of a training
// with this seed, at this step.
func (m *Model[T]) At(seed uint64, step int) { m.pass.Seed, m.pass.Step = seed, step }

// The two plans of a model.
const (
	forEval  = 0
	forTrain = 1
)

// reserve makes the step memory hold n examples, for both ways if train is set.
func (m *Model[T]) reserve(n int, train int) {
	if n <= m.batch[train] {
		return
	}
	plan := planMemory(m.graph.nodes(), n, train == forTrain)
	m.batch[train], m.plan[train] = n, plan
	if plan.values > len(m.arena) {
		old := len(m.arena)
		m.arena, m.views = nil, [2][][]T{}
		tensor.Dropped[T](old)
		m.arena = tensor.Make[T](plan.values)
		touch(m.arena)
	}
	for mode, p := range m.plan {
		if p == nil {
			continue
		}
		m.views[mode] = m.views[mode][:0]
		for _, s := range p.slots {
			m.views[mode] = append(m.views[mode], m.arena[s.at:][:s.size*m.batch[mode]])
		}
	}
}

// touch writes to every page once, so that the page faults come now and not in
// the middle of a step.
func touch[T tensor.Float](x []T) {
	const page = 512 // values of a small page, at least
	for i := 0; i < len(x); i += page {
		x[i] = 0
	}
}

// output is what layer i made, of n examples; input k of layer i is input.
func (m *Model[T]) output(mode, i, n int, x []T) []T {
	if i < 0 || m.plan[mode].act[i] < 0 {
		return x
	}
	return m.views[mode][m.plan[mode].act[i]][:n*m.size[i]]
}

// see is output for all but the next layer: what a layer shows is made here.
func (m *Model[T]) see(mode, i, n int, x []T) []T {
	b := i
	for b >= 0 && m.Layers[b].Needs().View {
		b = m.graph.in[b][0]
	}
	if b < 0 || !m.Layers[b].Needs().Shows {
		return m.output(mode, i, n, x)
	}
	size := n * m.size[b]
	if len(m.shown) < size {
		m.shown = tensor.Make[T](size)
	}
	m.repeating[b].Again(&m.pass, m.output(mode, m.graph.in[b][0], n, x), m.shown[:size])
	return m.shown[:size]
}

// Forward computes the logits [n, Classes] of n examples x [n, In...] as a
// trained network answers: batch norm takes its running statistics, dropout
// does nothing. The result is the model's memory and valid until the next call.
func (m *Model[T]) Forward(p *tensor.Pool, n int, x []T) []T {
	return m.run(p, n, x, len(m.Layers), forEval, m.Observe)
}

// Prepack packs the weights of dense layers for the calls of Forward and ForwardTo that
// follow, which are faster and have the same bits: what a call would do anew for every batch
// is done once. It takes as much memory as those weights, kept for the next time, and lasts
// until Unpack, Loss or Step. Weights that change meanwhile are not seen.
func (m *Model[T]) Prepack(p *tensor.Pool) {
	for _, l := range m.packing {
		l.prepack(p)
	}
	m.packed = true
}

// Unpack ends Prepack.
func (m *Model[T]) Unpack() {
	if !m.packed {
		return
	}
	for _, l := range m.packing {
		l.unpack()
	}
	m.packed = false
}

// ForwardTo computes what reaches layer: [n, size of its input]. For layer 0
// that is x itself; for a ReLU behind a convolution it is the ReLU's output.
func (m *Model[T]) ForwardTo(p *tensor.Pool, n int, x []T, layer int) []T {
	m.run(p, n, x, layer, forEval, m.Observe)
	return m.see(forEval, m.graph.in[layer][0], n, x[:n*m.In.Size()])
}

// run runs the layers before stop and calls seen after each, if not nil. It
// returns the last one's output.
func (m *Model[T]) run(p *tensor.Pool, n int, x []T, stop, mode int, seen func(layer int, y []T)) []T {
	if len(x) < n*m.In.Size() {
		panic(fmt.Sprintf("nn: forward: %d values for %d examples of %v", len(x), n, m.In))
	}
	m.reserve(n, mode)
	x = x[:n*m.In.Size()]
	m.pass.Pool, m.pass.N, m.pass.Train = p, n, mode == forTrain
	y := x
	for i, l := range m.Layers[:stop] {
		in := m.graph.in[i]
		y = m.output(mode, i, n, x)
		if s, ok := l.(*Sum[T]); ok {
			s.other = m.output(mode, in[1], n, x)
		}
		if !l.Needs().View {
			l.Forward(&m.pass, m.output(mode, in[0], n, x), y)
		}
		if seen != nil {
			seen(i, m.see(mode, i, n, x))
		}
	}
	return y
}

// Loss runs n examples forward and backward and leaves the gradients of the
// mean loss in the parameters. It returns the sum of the losses and the number
// of right answers. Nothing is allocated after the first call.
func (m *Model[T]) Loss(p *tensor.Pool, n int, x []T, labels []int32) (sum float64, correct int) {
	sum, correct = m.loss(p, n, x, labels)
	m.back(n, x, nil)
	return sum, correct
}

// loss is the way forward, and the gradient of the mean loss by the outputs.
func (m *Model[T]) loss(p *tensor.Pool, n int, x []T, labels []int32) (sum float64, correct int) {
	m.Unpack()
	logits := m.run(p, n, x, len(m.Layers), forTrain, m.Observe)
	var grad []T
	if slot := m.plan[forTrain].loss; slot >= 0 {
		grad = m.views[forTrain][slot][:len(logits)]
	}
	return m.cross.run(p, m.Objective, logits, labels, n, m.Classes, grad)
}

// back is the way back of the pass at hand. Unless step is nil, the layers that can
// take it with the gradient of their weight do so.
func (m *Model[T]) back(n int, x []T, step *tensor.Descent[T]) {
	p, views := m.pass.Pool, m.views[forTrain]
	x = x[:n*m.In.Size()]
	at := func(slot, size int) []T {
		switch slot {
		case fromInput:
			return x
		case fromNone:
			return nil
		}
		return views[slot][:n*size]
	}
	for _, o := range m.plan[forTrain].back {
		size, in := m.size[o.node], m.graph.in[o.node]
		inSize := m.In.Size()
		if in[0] >= 0 {
			inSize = m.size[in[0]]
		}
		switch o.kind {
		case opAdd:
			m.adding.run(p, at(o.a, size), at(o.b, size), false)
		case opCopy:
			m.adding.run(p, at(o.a, size), at(o.b, size), true)
		case opAgain:
			if s, ok := m.Layers[o.node].(*Sum[T]); ok {
				s.other = at(o.y, size)
			}
			m.repeating[o.node].Again(&m.pass, at(o.x, inSize), at(o.a, size))
		case opBackward:
			var dx []T
			if o.b >= 0 {
				dx = at(o.b, inSize)
			}
			if d := m.descending[o.node]; step != nil && d != nil {
				d.Descend(&m.pass, at(o.x, inSize), at(o.y, size), at(o.a, size), dx, *step)
				continue
			}
			m.Layers[o.node].Backward(&m.pass, at(o.x, inSize), at(o.y, size), at(o.a, size), dx)
		}
	}
}

// nodes is the graph as the memory plan sees it.
func (g *graph[T]) nodes() []node {
	list := make([]node, len(g.layers))
	for i, l := range g.layers {
		_, sum := l.(*Sum[T])
		trained := false
		for _, p := range l.Params() {
			trained = trained || !p.Buffer
		}
		list[i] = node{in: g.in[i], size: g.shapes[i].Size(), needs: l.Needs(), trained: trained, sum: sum}
	}
	return list
}
