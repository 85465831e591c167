package nn

import (
	"context"
	"math"
	"testing"

	"github.com/stretchr/testify/require"

	"randalign/asm/asmtest"
	"randalign/tensor"
)

// blobs are ten noisy copies of each of a few prototypes: easy to learn.
func blobs(n int, in Shape, classes int, seed uint64) *Data {
	s := tensor.NewStream(seed, "blobs")
	centre := make([]float32, classes*in.Size())
	tensor.FillNormal(s, centre, 1)
	d := &Data{X: make([]float32, n*in.Size()), Labels: make([]int32, n), Size: in.Size(), Classes: classes}
	tensor.FillNormal(s, d.X, 0.5)
	for i := range n {
		c := s.IntN(classes)
		d.Labels[i] = int32(c)
		tensor.Add(d.X[i*d.Size:][:d.Size], centre[c*d.Size:][:d.Size])
	}
	return d
}

func trainSmall(t *testing.T, spec string, threads, most int) (digest string, m *Model[float32], d *Data) {
	in := Shape{3, 10, 10}
	d = blobs(70, in, 4, 1)
	m, err := NewModel[float32](spec, in, 4)
	require.NoError(t, err)
	m.Init(7, HeNormal(1))
	p := tensor.NewPool(threads)
	defer p.Close()
	tr, err := NewTrainer(m, Config{Epochs: 3, Batch: 16, Seed: 7, SGD: SGD{LR: 0.01, Momentum: 0.9, Steps: 3, Gamma: 1. / 3, WeightDecay: 1e-4}}, d, p)
	require.NoError(t, err)
	require.Equal(t, 15, tr.Total())
	require.NoError(t, tr.Run(context.Background(), func(StepInfo) error {
		if p.Threads() < most {
			p.Grow(1)
		}
		return nil
	}))
	return m.Digest(), m, d
}

func TestTrainingHasTheSameBitsForAnyThreadsAndPath(t *testing.T) {
	for _, r := range goldenRuns {
		spec, first := r.spec, ""
		asmtest.ForEachPath(t, func(t *testing.T) {
			for _, threads := range [][2]int{{1, 1}, {2, 2}, {3, 3}, {7, 7}, {1, 4}} { // before and after
				digest, _, _ := trainSmall(t, spec, threads[0], threads[1])
				if first == "" {
					first = digest
				}
				require.Equal(t, first, digest, "%d threads", threads)
			}
		})
	}
}

func TestTrainingLearns(t *testing.T) {
	in := Shape{12}
	d := blobs(400, in, 5, 3)
	m, err := NewModel[float32]("dense:32,relu,dense:classes", in, 5)
	require.NoError(t, err)
	m.Init(1, HeNormal(1))
	p := tensor.NewPool(2)
	defer p.Close()
	loss, acc := Evaluate(m, p, d, 64)
	require.Less(t, acc, 0.6)
	require.Greater(t, loss, 0.5)
	tr, err := NewTrainer(m, Config{Epochs: 50, Batch: 50, Seed: 1, TargetAccuracy: 0.99, SGD: SGD{LR: 0.05, Momentum: 0.9}}, d, p)
	require.NoError(t, err)
	var last StepInfo
	require.NoError(t, tr.Run(context.Background(), func(i StepInfo) error { last = i; return nil }))
	require.GreaterOrEqual(t, last.EpochAccuracy, 0.99)
	require.Less(t, last.Step, tr.Total(), "the target ends the run")
	_, acc = Evaluate(m, p, d, 64)
	require.Greater(t, acc, 0.98)
}

func TestStepDoesNotAllocate(t *testing.T) {
	in := Shape{3, 10, 10}
	d := blobs(64, in, 4, 1)
	for _, spec := range []string{
		"conv:7x3,relu,flatten,dense:9,relu,dense:classes",
		"conv:8x3:pad=1:nobias,batchnorm,relu,res(conv:8x3:pad=1,batchnorm,relu,conv:8x3:pad=1|conv:8x1),relu,maxpool:2,avgpool:2:stride=1,flatten,dropout:0.4,dense:9,gelu,dense:8,tanh,dense:7,sigmoid,dense:6,leakyrelu,dense:classes",
		"conv:8x3,res(conv:8x3:pad=1,batchnorm),gap,flatten,dense:classes",
	} {
		m, err := NewModel[float32](spec, in, 4)
		require.NoError(t, err)
		m.Init(7, HeNormal(1))
		p := tensor.NewPool(2)
		defer p.Close()
		tr, err := NewTrainer(m, Config{Epochs: 1000, Batch: 24, SGD: SGD{LR: 0.001, Momentum: 0.9}}, d, p)
		require.NoError(t, err)
		step := func() { // a whole epoch's steps, but for the shuffle of another one
			_, err := tr.Step()
			require.NoError(t, err)
			tr.step %= tr.StepsPerEpoch()
		}
		for range 2 * tr.StepsPerEpoch() {
			step()
		}
		require.Zero(t, testing.AllocsPerRun(20, step), spec)
		Evaluate(m, p, d, 64)
		step()
		require.Zero(t, testing.AllocsPerRun(5, func() { Evaluate(m, p, d, 64) }), spec)
		require.Zero(t, testing.AllocsPerRun(5, step), spec)
	}
}

func TestDivergenceIsAnError(t *testing.T) {
	in := Shape{12}
	d := blobs(100, in, 5, 3)
	m, _ := NewModel[float32]("dense:32,relu,dense:classes", in, 5)
	m.Init(1, HeNormal(1))
	p := tensor.NewPool(1)
	defer p.Close()
	tr, err := NewTrainer(m, Config{Epochs: 100, Batch: 50, SGD: SGD{LR: 1e6, Momentum: 1}}, d, p)
	require.NoError(t, err)
	require.ErrorContains(t, tr.Run(context.Background(), nil), "diverged")
}

// Weight decay may be kept from biases and batch norm, whose place in memory is
// behind the weights, in whatever order the layers are.
func TestDecayOfWeightsOnly(t *testing.T) {
	m, err := NewModel[float32]("dense:5,batchnorm,relu,dense:classes", Shape{4}, 3)
	require.NoError(t, err)
	p := tensor.NewPool(1)
	defer p.Close()
	for _, q := range m.Params {
		for i := range q.Value {
			q.Value[i] = 1
		}
	}
	m.Update(p, SGD{WeightDecay: 0.5, WeightsOnly: true}, 1)
	for _, q := range m.Params {
		want := float32(1)
		if q.FanIn > 0 {
			want = 0.5
		}
		for _, v := range q.Value {
			require.Equal(t, want, v, q.Name)
		}
	}
	m.Update(p, SGD{WeightDecay: 0.5}, 1)
	require.Equal(t, float32(0.5), m.Param("1.weight").Value[0])
}

func TestCosineSchedule(t *testing.T) {
	s := SGD{LR: 0.3, Cosine: true}
	for step := range 101 {
		require.InDelta(t, 0.15*(1+math.Cos(math.Pi*float64(step)/100)), s.Rate(step, 100), 1e-16)
	}
	require.ErrorContains(t, SGD{Cosine: true, Steps: 2}.check(), "lr steps: found 2 with the cosine schedule")
}

func TestTargetLossEndsTheRun(t *testing.T) {
	in := Shape{12}
	d := blobs(400, in, 5, 3)
	m, err := NewModel[float32]("dense:32,relu,dense:classes", in, 5)
	require.NoError(t, err)
	m.Init(1, HeNormal(1))
	p := tensor.NewPool(2)
	defer p.Close()
	tr, err := NewTrainer(m, Config{Epochs: 50, Batch: 50, Seed: 1, TargetLoss: 0.1, SGD: SGD{LR: 0.05, Momentum: 0.9}}, d, p)
	require.NoError(t, err)
	var last StepInfo
	require.NoError(t, tr.Run(context.Background(), func(i StepInfo) error { last = i; return nil }))
	require.True(t, last.EpochEnd)
	require.LessOrEqual(t, last.EpochLoss, 0.1)
	require.Less(t, last.Step, tr.Total())
}

// A step that diverges leaves the running statistics, too, as they were.
func TestRunningStatisticsBelongToTheStep(t *testing.T) {
	m, err := NewModel[float32]("batchnorm,dense:classes", Shape{3}, 2)
	require.NoError(t, err)
	m.Init(1, HeNormal(1))
	p := tensor.NewPool(1)
	defer p.Close()
	x := []float32{1, 2, 3, 3, 2, 1}
	before := m.Digest()
	m.Loss(p, 2, x, []int32{0, 1})
	require.Equal(t, before, m.Digest())
	m.Update(p, SGD{}, 0)
	require.InDeltaSlice(t, []float32{0.2, 0.2, 0.2}, m.Param("0.running_mean").Value, 1e-7)
	require.InDeltaSlice(t, []float32{1.1, 0.9, 1.1}, m.Param("0.running_var").Value, 1e-6)
}

func TestBadConfigurations(t *testing.T) {
	in := Shape{3, 8, 8}
	for spec, want := range map[string]string{
		"conv:8x99,flatten,dense:classes": `element 0 "conv:8x99": a conv filter of 99x99 does not fit its input of 3x8x8`,
		"conv:8x3,dense:classes":          "put flatten before it",
		"flatten,conv:8x3":                "conv needs an image",
		"flatten,dense:7":                 "its output is 7 for 10 classes",
		"flatten,dense:0,dense:classes":   `outputs: expected a number from 1 to 1048576, found "0"`,
		"foo":                             "unknown",
		"conv:8x4:pad=same,flatten":       "odd filter size",
		"conv:8x3:dilation=2":             "unknown option",
		"relu:3":                          "takes no arguments",
		"conv:8":                          "expected FILTERSxSIZE",
		"":                                "unknown",
	} {
		_, err := NewModel[float32](spec, in, 10)
		require.ErrorContains(t, err, want, spec)
	}
	m, err := NewModel[float32]("flatten,dense:classes", in, 10)
	require.NoError(t, err)
	p := tensor.NewPool(1)
	defer p.Close()
	d := blobs(10, in, 10, 1)
	d.Labels[3] = 10
	_, err = NewTrainer(m, Config{Epochs: 1, Batch: 1}, d, p)
	require.ErrorContains(t, err, "example 3 has label 10, expected 0 to 9")
	_, err = NewTrainer(m, Config{Epochs: 1, Batch: 0}, blobs(10, in, 10, 1), p)
	require.ErrorContains(t, err, "batch: found 0")
	_, err = NewTrainer(m, Config{Epochs: 1, Batch: 1, SGD: SGD{LR: math.NaN()}}, blobs(10, in, 10, 1), p)
	require.ErrorContains(t, err, "learning rate: found NaN")
}

func TestSetWeightsNamesWhatIsWrong(t *testing.T) {
	m, _ := NewModel[float32]("dense:3,relu,dense:classes", Shape{2}, 2)
	m.Init(1, HeNormal(1))
	good := m.Weights()
	require.NoError(t, m.SetWeights(good, "f"))
	require.ErrorContains(t, m.SetWeights(good[1:], "f.npz"), `f.npz: tensor "0.weight" of shape [3 2] is missing`)
	require.ErrorContains(t, m.SetWeights(append(good, Named{"9.weight", []int{1}, []float32{1}}), "f"), `"9.weight"`)
	bad := append([]Named(nil), good...)
	bad[0] = Named{"0.weight", []int{2, 3}, make([]float32, 6)}
	require.ErrorContains(t, m.SetWeights(bad, "f"), "found shape [2 3], expected [3 2]")
	bad[0] = Named{"0.weight", []int{3, 2}, []float32{0, 1, float32(math.NaN()), 0, 0, 0}}
	before := m.Digest()
	require.ErrorContains(t, m.SetWeights(bad, "f"), "NaN")
	require.Equal(t, before, m.Digest())
}

func TestDeadUnits(t *testing.T) {
	m, _ := NewModel[float32]("conv:3x3,relu,flatten,dense:4,relu,dense:classes", Shape{1, 6, 6}, 2)
	m.Init(1, HeNormal(1))
	clear(m.Params[0].Value[:9]) // filter 0 sees nothing and has a bias below 0
	m.Params[1].Value[0] = -1
	for i := range m.Params[3].Value {
		m.Params[3].Value[i] = 100
	}
	m.Params[3].Value[2] = -1e6
	p := tensor.NewPool(1)
	defer p.Close()
	d := blobs(30, Shape{1, 6, 6}, 2, 5)
	u := m.CountUnits(p, d.N(), d.X, 7)
	require.Len(t, u, 2)
	require.Equal(t, Units{Layer: 1, Units: 3, Dead: 1, Active: u[0].Active, Mean: u[0].Mean}, u[0])
	require.Equal(t, 1, u[1].Dead)
	require.Equal(t, 4, u[1].Units)
	require.InDelta(t, 0.75, u[1].Active, 1e-9)
}

// What is counted of planes and vectors is what loops over the outputs count, on any threads.
func TestUnitsEqualLoops(t *testing.T) {
	in := Shape{3, 40, 40}
	m, err := NewModel[float32]("conv:40x3,relu,maxpool:2,conv:5x3,relu,flatten,dense:30,relu,dense:classes", in, 4)
	require.NoError(t, err)
	m.Init(1, HeNormal(1))
	d := blobs(7, in, 4, 5)
	one := tensor.NewPool(1)
	defer one.Close()
	var active, sum [3]float64
	relu := 0
	m.run(one, 7, d.X, len(m.Layers), forEval, func(layer int, y []float32) {
		if m.Layers[layer].Kind() == "relu" {
			for _, v := range y {
				if v > 0 {
					active[relu]++
				}
				sum[relu] += float64(v)
			}
			active[relu] /= float64(len(y))
			sum[relu] /= float64(len(y))
			relu++
		}
	})
	want := m.CountUnits(one, 7, d.X, 4)
	require.Len(t, want, 3)
	for i, u := range want {
		require.Equal(t, active[i], u.Active)
		require.Greater(t, u.Active, 0.1)
		require.Less(t, u.Active, 0.9)
		require.InEpsilon(t, sum[i], u.Mean, 1e-6)
	}
	for threads := 2; threads < 9; threads += 3 {
		p := tensor.NewPool(threads)
		require.Equal(t, want, m.CountUnits(p, 7, d.X, 4))
		p.Close()
	}
}
