package experiments

import (
	"fmt"

	"randalign/linalg"
	"randalign/nn"
	"randalign/tensor"
)

// runSpec is one training of a study. Equal specs give equal runs, so a run is
// known by the digest of its spec: it is trained once, whatever asks for it.
type runSpec struct {
	Kind       string // "upstream" (random labels) or "downstream" (real ones)
	Data       string
	Study      uint64 // the study's seed, which chooses the images
	Seed       uint64
	SeedIndex  int
	Seeds      int // how many seeds share the source
	Images     int
	TestImages int
	Arch       string
	Scale      float64
	Epochs     int
	Batch      int
	SGD        nn.SGD
	Start      startSpec
	Arithmetic int
}

// startSpec says how the weights start. All layers are He normal times Scale
// unless said otherwise.
type startSpec struct {
	// From is "" for a fresh start, "pretrained" or "covariance" for a first layer
	// taken from the upstream training of the same seed, "eigenmap" for Map.
	From string
	// Rescaled brings the replaced tensor to the l2 norm of the fresh one.
	Rescaled bool
	Map      string
	Layers   int // weighted layers that Map starts; 0 for all
	Match    nn.Match
	Samples  int
}

func (s startSpec) String() string {
	switch s.From {
	case "":
		return "scratch"
	case "eigenmap":
		return fmt.Sprintf("eigenmap %s, layers %d", s.Map, s.Layers)
	}
	if !s.Rescaled {
		return s.From + ", not rescaled"
	}
	return s.From
}

// run is what a training left behind. All of it is small.
type run struct {
	Filters [][]float32 // first weight after epoch 0 (the start), 1, 2, ...
	Batches []float64   // accuracy of each step's batch before its update
	Losses  []float64   // mean loss of each step's batch
	Test    []point     // test accuracy after some epochs
	Train   float64     // accuracy on the whole training set at the end
	TestEnd float64
	// Units of the start, of the trained network on its own inputs, and on the
	// other set's; the first and last only where a figure shows them.
	Units    [3][]nn.Units
	Digest   string
	Per      int // steps of an epoch
	Diverged string
}

type point struct{ Epoch, Value float64 }

func (l *lab) spec(kind string, i int, arch string, start startSpec) runSpec {
	p := l.Preset
	s := runSpec{Kind: kind, Data: l.Source.Name(), Study: l.Seed, Seed: l.sets[i].seed, SeedIndex: i, Seeds: p.Seeds, Images: p.Images, TestImages: p.TestImages,
		Arch: arch, Scale: p.Scale, Epochs: p.Downstream, Batch: p.Batch, SGD: p.sgd(kind == "upstream"), Start: start, Arithmetic: nn.Arithmetic}
	switch {
	case kind == "upstream":
		s.Epochs = p.Upstream
	case arch == p.MLP:
		s.Epochs = p.MLPEpochs
	}
	return s
}

// train returns the runs of the specs, in their order; those on disk are read,
// the others trained in parallel. Upstream runs that starts need come first.
func (l *lab) train(stage string, specs []runSpec) ([]*run, error) {
	var before []runSpec
	for _, s := range specs {
		if s.Start.From == "pretrained" || s.Start.From == "covariance" {
			before = append(before, l.spec("upstream", s.SeedIndex, s.Arch, startSpec{}))
		}
	}
	ups := map[string]*run{}
	if len(before) > 0 {
		list, err := l.train(stage+": upstream", before)
		if err != nil {
			return nil, err
		}
		for i, s := range before {
			ups[specKey(s)] = list[i]
		}
	}
	runs := make([]*run, len(specs))
	where := map[string]int{} // first spec of each key
	var todo []int
	for i, s := range specs {
		k := specKey(s)
		if _, ok := where[k]; ok {
			continue
		}
		where[k] = i
		r, err := loadRun[run](l.Env, k)
		if err != nil {
			return nil, err
		}
		if runs[i] = r; r == nil {
			todo = append(todo, i)
		}
	}
	steps := 0
	if len(todo) > 0 { // all of one call have the same length
		s := specs[todo[0]]
		steps = s.Epochs * ((s.Images + s.Batch - 1) / s.Batch)
	}
	err := l.parallel(stage, len(todo), steps, func(j int, p *tensor.Pool, tick func()) error {
		s := specs[todo[j]]
		up := ups[specKey(l.spec("upstream", s.SeedIndex, s.Arch, startSpec{}))]
		r, err := l.trainOne(s, up, p, tick)
		if err != nil {
			return fmt.Errorf("%s, seed %d, %s: %w", s.Kind, s.Seed, s.Start, err)
		}
		runs[todo[j]] = r
		return storeRun(l.Env, specKey(s), r)
	})
	if err != nil {
		return nil, err
	}
	for i, s := range specs {
		runs[i] = runs[where[specKey(s)]]
	}
	return runs, nil
}

// testEvery epochs the test accuracy is taken.
const testEvery = 4

// evalBatch examples go through a network at a time when it only answers.
const evalBatch = 100

// trainOne does the training.
func (l *lab) trainOne(s runSpec, up *run, p *tensor.Pool, tick func()) (*run, error) {
	sets := l.sets[s.SeedIndex]
	data, other := sets.up, sets.down
	// Two trainings of one seed start from different weights and see their
	// images in different orders.
	seed := 2 * s.Seed
	if s.Kind == "downstream" {
		data, other, seed = sets.down, sets.up, seed+1
	}
	m, err := nn.NewModel[float32](s.Arch, l.input(), data.Classes)
	if err != nil {
		return nil, err
	}
	m.Init(seed, nn.HeNormal(s.Scale))
	if err := l.start(m, s, seed, data, up, p); err != nil {
		return nil, err
	}
	r := &run{}
	first := m.Params[0]
	snapshot := func() { r.Filters = append(r.Filters, append([]float32(nil), first.Value...)) }
	conv := first.Size() <= 1<<16 // a dense layer on whole images is not kept by epoch
	if conv {
		snapshot()
	}
	if s.Kind == "upstream" || s.Start.From == "eigenmap" {
		r.Units[0] = m.CountUnits(p, data.N(), data.X, evalBatch)
	}
	t, err := nn.NewTrainer(m, nn.Config{Epochs: s.Epochs, Batch: s.Batch, Seed: seed, SGD: s.SGD}, data, p)
	if err != nil {
		return nil, err
	}
	r.Per = t.StepsPerEpoch()
	err = t.Run(l.Ctx, func(i nn.StepInfo) error {
		tick()
		r.Batches = append(r.Batches, float64(i.Correct)/float64(i.Examples))
		r.Losses = append(r.Losses, i.Loss)
		if !i.EpochEnd {
			return nil
		}
		if conv {
			snapshot()
		}
		if s.Kind == "downstream" && i.Epoch%testEvery == 0 {
			_, acc := nn.Evaluate(m, p, l.test, evalBatch)
			r.Test = append(r.Test, point{float64(i.Epoch), acc})
		}
		return nil
	})
	if err != nil {
		if l.Ctx.Err() != nil {
			return nil, err
		}
		r.Diverged = err.Error() // a finding about this start, not a failure of the study
	}
	r.Units[1], _, r.Train = m.Inspect(p, data.N(), data.X, data.Labels, evalBatch)
	if s.Kind == "upstream" {
		r.Units[2] = m.CountUnits(p, other.N(), other.X, evalBatch)
	} else {
		_, r.TestEnd = nn.Evaluate(m, p, l.test, evalBatch)
	}
	r.Digest = m.Digest()
	return r, nil
}

// start replaces what the spec says of the fresh weights.
func (l *lab) start(m *nn.Model[float32], s runSpec, seed uint64, data *nn.Data, up *run, p *tensor.Pool) error {
	first := m.Params[0]
	norm := 0.0
	if s.Start.Rescaled {
		norm = tensor.Norm(first.Value)
	}
	switch s.Start.From {
	case "":
		return nil
	case "pretrained":
		copy(first.Value, up.Filters[len(up.Filters)-1])
		if norm > 0 {
			return nn.Rescale(first.Value, norm)
		}
		return nil
	case "covariance":
		c, err := nn.NewCovariance(linalg.SecondMoment(up.Filters[len(up.Filters)-1], first.Shape[0], l.filterDim()))
		if err != nil {
			return err
		}
		return m.InitParam(first.Name, seed, c, norm)
	case "eigenmap":
		f, err := nn.ParseMapping(s.Start.Map)
		if err != nil {
			return err
		}
		_, err = m.InitEigenmap(p, min(s.Start.Samples, data.N()), data.X, seed, nn.EigenmapOptions{Map: f, Layers: s.Start.Layers, Match: s.Start.Match, Batch: evalBatch})
		return err
	}
	return fmt.Errorf("unknown start %q", s.Start.From)
}

// curve returns the training accuracy after each step as the mean over a window
// of one epoch's batches centred on the step, each batch seen before its update.
// Near the ends the window is cut on both sides alike.
func (r *run) curve() []float64 {
	n := len(r.Batches)
	out := make([]float64, n)
	for i := range out {
		h := min(r.Per/2, i, n-1-i)
		out[i] = Mean(r.Batches[i-h : i+h+1])
	}
	return out
}

// stepsTo returns the first step (interpolated) at which the curve reaches a
// training accuracy, or the number of steps of the run and false if it never does.
func (r *run) stepsTo(accuracy float64) (steps float64, reached bool) {
	c := r.curve()
	for i, v := range c {
		if v >= accuracy {
			if i == 0 || v == c[i-1] {
				return float64(i + 1), true
			}
			return float64(i) + (accuracy-c[i-1])/(v-c[i-1]), true
		}
	}
	return float64(len(c)), false
}
