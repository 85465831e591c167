package nn

import (
	"fmt"
	"math"

	"randalign/tensor"
)

// Initializer draws the values of a weight. It is a value: the same stream and
// shape give the same numbers.
type Initializer interface {
	// Init fills dst, a tensor of the given shape whose first dimension counts
	// outputs and the others inputs.
	Init(s *tensor.Stream, shape []int, dst []float64)
}

// Fans returns the numbers of inputs and outputs of a weight [Out, In...]: a
// conv filter [K, C, R, S] has C*R*S inputs and K*R*S outputs.
func Fans(shape []int) (in, out int) {
	in = Shape(shape[1:]).Size()
	out = shape[0]
	if len(shape) > 2 {
		out *= Shape(shape[2:]).Size()
	}
	return in, out
}

// Normal draws independent normal values with standard deviation
// Scale*sqrt(Gain/fan); Fan says which.
type Normal struct {
	Gain  float64
	Fan   FanMode
	Scale float64
}

// FanMode says which fan a variance is scaled by.
type FanMode int

// The three usual modes.
const (
	FanIn FanMode = iota
	FanOut
	FanAvg
)

// HeNormal is N(0, scale^2 * 2/fan_in) (He et al. 2015, equation 10, times the
// study's init_scale squared).
func HeNormal(scale float64) Normal { return Normal{2, FanIn, scale} }

// LeCunNormal is N(0, scale^2/fan_in) (LeCun et al. 1998, section 4.6).
func LeCunNormal(scale float64) Normal { return Normal{1, FanIn, scale} }

// GlorotNormal is N(0, scale^2 * 2/(fan_in+fan_out)) (Glorot and Bengio 2010).
func GlorotNormal(scale float64) Normal { return Normal{1, FanAvg, scale} }

// Std returns the standard deviation for a shape.
func (n Normal) Std(shape []int) float64 {
	in, out := Fans(shape)
	fan := float64(in)
	switch n.Fan {
	case FanOut:
		fan = float64(out)
	case FanAvg:
		fan = float64(in+out) / 2
	}
	return n.Scale * math.Sqrt(n.Gain/fan)
}

// Init implements Initializer.
func (n Normal) Init(s *tensor.Stream, shape []int, dst []float64) {
	tensor.FillNormal(s, dst, n.Std(shape))
}

// Uniform is Normal's independent, uniform twin: from -sqrt(3)*Std to
// sqrt(3)*Std, so that the standard deviation is the same.
type Uniform struct{ Normal }

// Init implements Initializer.
func (u Uniform) Init(s *tensor.Stream, shape []int, dst []float64) {
	limit := math.Sqrt(3) * u.Std(shape)
	for i := range dst {
		dst[i] = float64((2*s.Float64() - 1) * limit)
	}
}

// fresh are the initialisers that need nothing but a name and a scale.
var fresh = []struct {
	name  string
	start func(scale float64) Initializer
}{
	{"he", func(scale float64) Initializer { return HeNormal(scale) }},
	{"he-uniform", func(scale float64) Initializer { return Uniform{HeNormal(scale)} }},
	{"glorot", func(scale float64) Initializer { return GlorotNormal(scale) }},
	{"glorot-uniform", func(scale float64) Initializer { return Uniform{GlorotNormal(scale)} }},
	{"lecun", func(scale float64) Initializer { return LeCunNormal(scale) }},
	{"lecun-uniform", func(scale float64) Initializer { return Uniform{LeCunNormal(scale)} }},
	{"orthogonal", func(scale float64) Initializer { return Orthogonal{scale} }},
}

// InitializerNames lists what NamedInitializer knows.
func InitializerNames() []string {
	var names []string
	for _, f := range fresh {
		names = append(names, f.name)
	}
	return names
}

// NamedInitializer returns the initialiser of that name, nil if there is none.
// scale multiplies the standard deviation, of orthogonal the rows' norm.
func NamedInitializer(name string, scale float64) Initializer {
	for _, f := range fresh {
		if f.name == name {
			return f.start(scale)
		}
	}
	return nil
}

// Init draws every weight with in, each from its own stream of the seed
// ("init/0.weight"), sets biases and momentum to zero and batch norm to scale 1, shift 0,
// mean 0 and variance 1. Gradients are what they were, until Loss sets them.
func (m *Model[T]) Init(seed uint64, in Initializer) {
	clear(m.velocity)
	for _, p := range m.tensors {
		p.start()
		if p.FanIn > 0 {
			p.init(seed, in)
		}
	}
}

func (p *Param[T]) init(seed uint64, in Initializer) {
	s := tensor.NewStream(seed, "init/"+p.Name)
	if n, ok := in.(Normal); ok {
		tensor.FillNormal(s, p.Value, n.Std(p.Shape)) // rounds the same float64s, without a copy
		return
	}
	buf := make([]float64, p.Size())
	in.Init(s, p.Shape, buf)
	for i, v := range buf {
		p.Value[i] = T(v)
	}
}

// Rescale multiplies x by norm/|x|. A zero x, which has no direction, is an error.
func Rescale[T tensor.Float](x []T, norm float64) error {
	have := tensor.Norm(x)
	if have == 0 || math.IsNaN(have) || math.IsInf(have, 0) {
		return fmt.Errorf("cannot rescale a tensor of norm %v to norm %v", have, norm)
	}
	f := norm / have
	for i, v := range x {
		x[i] = T(float64(v) * f)
	}
	return nil
}
