package nn

import (
	"fmt"

	"randalign/tensor"
)

// SGD is stochastic gradient descent with momentum and weight decay, as
// PyTorch's: v = Momentum*v + (g + WeightDecay*w), w = w - lr*v.
type SGD struct {
	LR          float64
	Momentum    float64
	WeightDecay float64
	// Steps is how many times the rate is multiplied by Gamma over a run, after
	// equal parts of it: Steps = 3 multiplies after each third. 0 keeps it constant.
	Steps int
	Gamma float64
}

// Rate returns the learning rate of a step (from 0) of a run of total steps.
func (s SGD) Rate(step, total int) float64 {
	lr := s.LR
	if s.Steps > 0 && total > 0 {
		for range min(step*s.Steps/total, s.Steps) {
			lr *= s.Gamma
		}
	}
	return lr
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
	return nil
}

// sgdTask parameters make one task. Elements are independent.
const sgdTask = 1 << 15

type sgdJob[T tensor.Float] struct {
	w, v, g    []T
	lr, mu, wd T
}

// Do implements tensor.Job.
func (j *sgdJob[T]) Do(_, task int) {
	lo, hi := task*sgdTask, min((task+1)*sgdTask, len(j.w))
	tensor.SGD(j.w[lo:hi], j.v[lo:hi], j.g[lo:hi], j.lr, j.mu, j.wd)
}

// Update does one step of s at the given rate with the gradients at hand.
func (m *Model[T]) Update(p *tensor.Pool, s SGD, rate float64) {
	m.sgd = sgdJob[T]{m.value, m.velocity, m.grad, T(rate), T(s.Momentum), T(s.WeightDecay)}
	p.Run((len(m.value)+sgdTask-1)/sgdTask, &m.sgd)
}
