package nn

import (
	"fmt"
	"math"

	"randalign/tensor"
)

// SGD is stochastic gradient descent with momentum and weight decay, as
// PyTorch's: v = Momentum*v + (g + WeightDecay*w), w = w - lr*v.
type SGD struct {
	LR          float64
	Momentum    float64
	WeightDecay float64
	// WeightsOnly keeps the decay to the weights of conv and dense layers; biases
	// and what batch norm has do not decay then.
	WeightsOnly bool
	// Steps is how many times the rate is multiplied by Gamma over a run, after
	// equal parts of it: Steps = 3 multiplies after each third. 0 keeps it constant.
	Steps int
	Gamma float64
	// Cosine lets the rate fall along half a cosine, from LR at the first step
	// towards 0 behind the last; Steps must be 0.
	Cosine bool
}

// Rate returns the learning rate of a step (from 0) of a run of total steps.
func (s SGD) Rate(step, total int) float64 {
	lr := s.LR
	if total <= 0 {
		return lr
	}
	if s.Cosine {
		return lr * float64(0.5*(1+cosPi(float64(min(step, total))/float64(total))))
	}
	if s.Steps > 0 {
		for range min(step*s.Steps/total, s.Steps) {
			lr *= s.Gamma
		}
	}
	return lr
}

// cosPi is cos(pi*u) for u in [0, 1], by the series of the sine about pi/2:
// math.Cos is not the same on every machine.
func cosPi(u float64) float64 {
	x := math.Pi * (0.5 - u)
	z := float64(x * x)
	p := 0.0
	for n := 23; n >= 3; n -= 2 { // the next term is below 2^-60
		p = -float64(math.FMA(z, p, 1) / float64(n*(n-1)))
	}
	return float64(x * math.FMA(z, p, 1))
}

func (s SGD) check() error {
	for _, f := range []struct {
		name     string
		v        float64
		min, max float64
	}{{"learning rate", s.LR, 0, 1e6}, {"momentum", s.Momentum, 0, 1}, {"weight decay", s.WeightDecay, 0, 1e6}, {"lr gamma", s.Gamma, 0, 1e6}} {
		if !(f.v >= f.min && f.v <= f.max) {
			return fmt.Errorf("%s: found %v, expected %v to %v", f.name, f.v, f.min, f.max)
		}
	}
	if s.Steps < 0 {
		return fmt.Errorf("lr steps: found %d, expected 0 or more", s.Steps)
	}
	if s.Cosine && s.Steps > 0 {
		return fmt.Errorf("lr steps: found %d with the cosine schedule, expected 0", s.Steps)
	}
	return nil
}

// sgdTask parameters make one task. Elements are independent.
const sgdTask = 1 << 15

type sgdJob[T tensor.Float] struct {
	w, v, g    []T
	decays     int // elements that weight decay applies to
	lr, mu, wd T
}

// Do implements tensor.Job.
func (j *sgdJob[T]) Do(_, task int) {
	lo, hi := task*sgdTask, min((task+1)*sgdTask, len(j.w))
	mid := min(max(lo, j.decays), hi)
	tensor.SGD(j.w[lo:mid], j.v[lo:mid], j.g[lo:mid], j.lr, j.mu, j.wd)
	tensor.SGD(j.w[mid:hi], j.v[mid:hi], j.g[mid:hi], j.lr, j.mu, 0)
}

// Update does one step of s at the given rate with the gradients that Loss left, and
// makes the running statistics of the last Loss those of the network.
func (m *Model[T]) Update(p *tensor.Pool, s SGD, rate float64) { m.update(p, s, rate, 0) }

// update is Update for the values from first on.
func (m *Model[T]) update(p *tensor.Pool, s SGD, rate float64, first int) {
	decays := len(m.value)
	if s.WeightsOnly {
		decays = m.weights
	}
	m.sgd = sgdJob[T]{m.value[first:], m.velocity[first:], m.grad[first:], decays - first, T(rate), T(s.Momentum), T(s.WeightDecay)}
	p.Run((len(m.sgd.w)+sgdTask-1)/sgdTask, &m.sgd)
	for _, l := range m.settling {
		l.settle()
	}
}

// Step is Loss and then Update, to the bit, and faster: large dense layers take their
// step on the way back, while a part of the gradient is in the cache. The gradients of
// their weights are then nowhere, and Grad is not to be read. Where the sum of the
// losses is NaN or Inf there is no step, and the network is what it was.
func (m *Model[T]) Step(p *tensor.Pool, n int, x []T, labels []int32, s SGD, rate float64) (sum float64, correct int) {
	sum, correct = m.loss(p, n, x, labels)
	if math.IsNaN(sum) || math.IsInf(sum, 0) {
		return sum, correct
	}
	m.back(n, x, &tensor.Descent[T]{LR: T(rate), Mu: T(s.Momentum), WD: T(s.WeightDecay)})
	m.update(p, s, rate, m.descended)
	return sum, correct
}
