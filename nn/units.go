package nn

import "randalign/tensor"

// Units counts the units of one ReLU layer: channels of an image, elements of
// a vector. A unit is dead when it is 0 for every example (and position).
type Units struct {
	Layer int // index in the network
	Units int
	Dead  int
	// Active is the share of outputs above 0; Mean is their mean, zeros counted.
	Active, Mean float64
}

// Inspection looks at a network on examples that are shown to it some at a
// time: the units of its ReLU layers, loss and right answers.
type Inspection[T tensor.Float] struct {
	m      *Model[T]
	layers []inspected
	where  []int // of each layer of the model in layers, -1 if it is no ReLU
	planes planesJob[T]
	n      int
	loss   float64
	right  int
}

// inspected is what is known of one ReLU layer so far.
type inspected struct {
	layer, units, active int
	alive                []uint8 // 1 or 0
	sum                  float64
}

// NewInspection begins to look at m, whose weights must not change meanwhile.
func NewInspection[T tensor.Float](m *Model[T]) *Inspection[T] {
	s := &Inspection[T]{m: m}
	for i, l := range m.Layers {
		s.where = append(s.where, -1)
		if l.Kind() == "relu" {
			s.where[i] = len(s.layers)
			units := l.Out()[0]
			s.layers = append(s.layers, inspected{layer: i, units: units, alive: make([]uint8, units)})
		}
	}
	return s
}

// Add runs n examples x through the network. labels may be nil.
func (s *Inspection[T]) Add(p *tensor.Pool, n int, x []T, labels []int32) {
	logits := s.m.run(p, n, x, len(s.m.Layers), forEval, func(layer int, y []T) {
		if at := s.where[layer]; at >= 0 {
			s.count(p, &s.layers[at], n, y)
		}
	})
	s.n += n
	if labels != nil {
		loss, right := s.m.cross.run(p, s.m.Objective, logits, labels, n, s.m.Classes, nil)
		s.loss += loss
		s.right += right
	}
}

// count looks at a layer's outputs of n examples.
func (s *Inspection[T]) count(p *tensor.Pool, l *inspected, n int, y []T) {
	each := len(y) / n / l.units
	if each == 1 { // a sum of one is not worth a call
		for ; len(y) > 0; y = y[l.units:] {
			for j, v := range y[:l.units] {
				var active uint8
				if v > 0 {
					active = 1
				}
				l.sum += float64(v)
				l.active += int(active)
				l.alive[j] |= active
			}
		}
		return
	}
	for j, c := range s.planes.run(p, y, each) {
		l.sum += c.sum
		l.active += c.active
		if c.active > 0 {
			l.alive[j%l.units] = 1
		}
	}
}

// planesTask elements at least are one task of a planesJob.
const planesTask = 1 << 14

// planesJob looks at the planes of a ReLU's outputs.
type planesJob[T tensor.Float] struct {
	y    []T
	each int
	seen []planeSeen
}

// planeSeen is what a plane adds up to and how many of its elements are above 0.
type planeSeen struct {
	sum    float64
	active int
}

// run returns what is in planes of so many elements. It is valid until the next run.
func (j *planesJob[T]) run(p *tensor.Pool, y []T, each int) []planeSeen {
	n := len(y) / each
	if cap(j.seen) < n {
		j.seen = make([]planeSeen, n)
	}
	j.y, j.each, j.seen = y, each, j.seen[:n]
	p.Run((n+j.unit()-1)/j.unit(), j)
	j.y = nil
	return j.seen
}

// unit is how many planes are a task.
func (j *planesJob[T]) unit() int { return (planesTask + j.each - 1) / j.each }

// Do implements tensor.Job.
func (j *planesJob[T]) Do(_, task int) {
	first := task * j.unit()
	for i := first; i < min(first+j.unit(), len(j.seen)); i++ {
		plane, c := j.y[i*j.each:][:j.each], planeSeen{}
		if s := float64(tensor.Sum(plane)); s > 0 { // all are 0 where the sum is
			c = planeSeen{s, tensor.Count(plane)}
		}
		j.seen[i] = c
	}
}

// Results returns what was seen: the counts of each ReLU layer and, where there
// were labels, the mean loss and the share of right answers.
func (s *Inspection[T]) Results() (list []Units, loss, accuracy float64) {
	for _, l := range s.layers {
		u := Units{Layer: l.layer, Units: l.units}
		for _, a := range l.alive {
			u.Dead += 1 - int(a)
		}
		total := float64(s.n * s.m.size[l.layer])
		u.Active, u.Mean = float64(l.active)/total, l.sum/total
		list = append(list, u)
	}
	n := float64(max(s.n, 1))
	return list, s.loss / n, float64(s.right) / n
}

// CountUnits runs n examples x through the network, batch at a time, and
// returns the counts of each ReLU layer. A network without ReLU gives none.
func (m *Model[T]) CountUnits(p *tensor.Pool, n int, x []T, batch int) []Units {
	list, _, _ := m.Inspect(p, n, x, nil, batch)
	return list
}

// Inspect is CountUnits and, unless labels is nil, the mean loss and the share
// of right answers, in one pass.
func (m *Model[T]) Inspect(p *tensor.Pool, n int, x []T, labels []int32, batch int) (list []Units, loss, accuracy float64) {
	s := NewInspection(m)
	for i := 0; i < n; i += batch {
		b := min(batch, n-i)
		var l []int32
		if labels != nil {
			l = labels[i:]
		}
		s.Add(p, b, x[i*m.In.Size():], l)
	}
	return s.Results()
}
