package experiments

import (
	"context"
	"fmt"
	"slices"

	"randalign/linalg"
	"randalign/nn"
	"randalign/tensor"
)

// Training is one training of one network. NewTraining looks at everything that
// needs no data, Load at the data; neither writes anything. Start opens the
// folder and Run trains.
type Training struct {
	config  TrainConfig
	from    Provenance
	start   start
	source  Source
	index   []int // training examples in the source
	classes int
	random  bool
	plan    *nn.Plan
	tensors []nn.Named  // of a file that the weights start from
	sigma   *linalg.Mat // of a covariance start

	pool    *tensor.Pool
	model   *nn.Model[float32]
	train   *nn.Data
	test    *nn.Data // nil if there is nothing to compare with
	file    trainFile
	trainer *nn.Trainer
	dir     string
}

// startSamples examples are measured for a start from the data.
const startSamples = 2000

// NewTraining checks the configuration, the network and the files it names.
func NewTraining(c TrainConfig, from Provenance) (*Training, error) {
	if err := c.check(); err != nil {
		return nil, err
	}
	t := &Training{config: c, from: from}
	var err error
	if t.start, err = parseStart(c.Init); err != nil {
		return nil, err
	}
	if t.source, err = OpenSource(c.Data, ""); err != nil {
		return nil, err
	}
	if t.index, err = chooseExamples(t.source, c.Split, c.Limit, c.Seed); err != nil {
		return nil, err
	}
	classes, err := c.randomLabels(t.source.Classes())
	if err != nil {
		return nil, err
	}
	if t.random = classes > 0; t.random {
		t.config.Labels = fmt.Sprintf("random:%d", classes)
	} else {
		classes = t.source.Classes()
	}
	t.classes = classes
	if t.config.Split[1] == 0 {
		t.config.Split[1] = t.source.Len(Train)
	}
	if t.plan, err = nn.NewPlan(c.Arch, t.input(), classes, min(c.Batch, len(t.index))); err != nil {
		return nil, err
	}
	if err = t.fits(); err != nil {
		return nil, err
	}
	return t, t.readStart()
}

func (t *Training) input() nn.Shape { s := t.source.Shape(); return s[:] }

// fits refuses a training that this machine's memory cannot hold.
func (t *Training) fits() error {
	have := physicalMemory()
	need := 4*float64(t.input().Size())*float64(len(t.index)+t.testExamples()) + float64(t.plan.Memory.Total)
	if have > 0 && need > float64(have) {
		return fmt.Errorf("network %q: this training needs %.3g GB (weights with momentum %.3g, activations of a batch of %d %.3g, data the rest), this machine has %.3g",
			t.config.Arch, need/1e9, 3*float64(t.plan.Memory.Weights)/1e9, t.plan.Batch, float64(t.plan.Memory.Arena)/1e9, float64(have)/1e9)
	}
	return nil
}

func (t *Training) testExamples() int {
	n := t.source.Len(Test)
	if t.classes != t.source.Classes() {
		return 0
	}
	if t.config.TestLimit > 0 {
		n = min(n, t.config.TestLimit)
	}
	return n
}

// chooseExamples returns the training examples in use: a split of the source's
// own order, of which a limit takes the first of a seeded shuffle.
func chooseExamples(src Source, split [2]int, limit int, seed uint64) ([]int, error) {
	n := src.Len(Train)
	lo, hi := split[0], split[1]
	if hi == 0 {
		hi = n
	}
	if lo < 0 || hi > n || lo >= hi {
		return nil, fmt.Errorf("split: found %d:%d, expected START < END within the %d training examples of %s", lo, hi, n, src.Name())
	}
	index := make([]int, hi-lo)
	for i := range index {
		index[i] = lo + i
	}
	if limit > 0 {
		index = Select(len(index), limit, seed)
		for i := range index {
			index[i] += lo
		}
	}
	return index, nil
}

// readStart reads the file that the weights start from, and holds it against
// the network.
func (t *Training) readStart() error {
	var err error
	switch t.start.kind {
	case "file":
		t.tensors, err = nn.ReadWeights(t.start.file)
	case "covariance":
		first := slices.IndexFunc(t.plan.Layers, func(l nn.PlanLayer) bool { return l.Weight != "" })
		if first < 0 {
			return fmt.Errorf("init: the network %s has no layer with weights", t.plan.Arch)
		}
		t.sigma, err = readCovariance(t.start.file, t.plan.Layers[first].FanIn)
	}
	if err != nil {
		return fmt.Errorf("init: %w", err)
	}
	return nil
}

// build makes the model with its weights before the first step. data may be nil
// unless the start looks at them.
func (t *Training) build(data *Dataset) (*nn.Model[float32], error) {
	c := &t.config
	m, err := nn.NewModel[float32](c.Arch, t.input(), t.classes)
	if err != nil {
		return nil, err
	}
	m.Init(c.Seed, nn.HeNormal(c.InitScale))
	if t.start.kind == "fresh" && c.Init != "he" {
		m.InitLayers(c.Seed, nn.NamedInitializer(c.Init, c.InitScale), c.InitLayers)
	}
	sample := &Dataset{}
	if t.start.fromData() {
		sample = data.Subset(Select(data.Len(), startSamples, c.Seed))
	}
	switch n := len(sample.Y); t.start.kind {
	case "file":
		err = m.InitTensors(t.tensors, c.InitLayers, c.Rescale, t.start.file)
	case "covariance":
		err = initCovariance(m, t.start.file, t.sigma, c.Seed, c.Rescale)
	case "eigenmap":
		_, err = m.InitEigenmap(t.pool, n, sample.X, c.Seed, nn.EigenmapOptions{Map: t.start.rule, Layers: c.InitLayers})
	case "lsuv":
		err = m.InitLSUV(t.pool, n, sample.X, c.InitLayers, c.Seed, c.InitScale)
	case "whiten":
		err = m.InitWhiten(t.pool, n, sample.X, c.InitLayers, t.start.eps, c.InitScale)
	case "kmeans":
		err = m.InitKMeans(t.pool, n, sample.X, c.InitLayers, c.Seed)
	}
	if err != nil {
		return nil, fmt.Errorf("init: %w", err)
	}
	return m, nil
}

// Load checks the weights to start from, and reads and checks the data.
func (t *Training) Load(ctx context.Context, p *tensor.Pool) error {
	t.pool = p
	c := &t.config
	var err error
	if !t.start.fromData() { // a bad file is said before data are read
		if t.model, err = t.build(nil); err != nil {
			return err
		}
	}
	norm, err := MeasureNormalisation(ctx, t.source, c.Normalize, t.index)
	if err != nil {
		return err
	}
	set, err := Load(ctx, t.source, Train, t.index, norm)
	if err != nil {
		return err
	}
	if err = checkFinite(set, t.source.Name()); err != nil {
		return err
	}
	if t.random {
		set.Y = RandomLabels(set.Len(), t.classes, tensor.NewStream(c.Seed, "labels"))
	}
	if t.start.fromData() {
		if t.model, err = t.build(set); err != nil {
			return err
		}
		if err = ctx.Err(); err != nil {
			return err
		}
	}
	t.train = &nn.Data{X: set.X, Labels: set.Y, Size: set.Size(), Classes: t.classes}
	if n := t.testExamples(); n > 0 {
		test, err := Load(ctx, t.source, Test, Select(t.source.Len(Test), n, c.Seed), norm)
		if err != nil {
			return err
		}
		t.test = &nn.Data{X: test.X, Labels: test.Y, Size: test.Size(), Classes: test.Classes}
	}
	t.trainer, err = nn.NewTrainer(t.model, nn.Config{
		Epochs: c.Epochs, Batch: c.Batch, Seed: c.Seed, Sequential: c.Order == "sequential", TargetAccuracy: c.TargetAccuracy,
		TargetLoss: c.TargetLoss, Objective: nn.Objective(c.Loss),
		SGD: nn.SGD{LR: c.LR, Momentum: c.Momentum, WeightDecay: c.WeightDecay, WeightsOnly: c.Decay == "weights", Steps: c.LRSteps, Gamma: c.LRGamma, Cosine: c.LRSchedule == "cosine"},
	}, t.train, p)
	if err != nil {
		return fmt.Errorf("data %s: %w", t.source.Name(), err)
	}
	t.file = trainFile{
		TrainConfig: *c, Spec: t.model.Spec, Shape: t.source.Shape(), Classes: t.classes, Examples: t.train.N(), TestExamples: t.testExamples(),
		Normalisation: norm, DataSHA256: dataDigest(t.train), StartSHA256: t.model.Digest(), Arithmetic: t.from.Arithmetic, Version: t.from.Version,
	}
	return t.file.digest()
}

// checkFinite returns an error that names the first example with NaN or Inf.
func checkFinite(d *Dataset, name string) error {
	size := d.Size()
	for i := range d.Len() {
		if !tensor.Finite(d.X[i*size:][:size]) {
			return fmt.Errorf("data %s: found NaN or Inf in training example %d", name, d.Index[i])
		}
	}
	return nil
}

// dataDigest is nn.WeightsDigest of the tensors "x" [N, size] and "y" [N].
func dataDigest(d *nn.Data) string {
	y := make([]float32, d.N()) // labels are small integers, which float32 holds
	for i, l := range d.Labels {
		y[i] = float32(l)
	}
	return nn.WeightsDigest([]nn.Named{{Name: "x", Shape: []int{d.N(), d.Size}, Data: d.X}, {Name: "y", Shape: []int{d.N()}, Data: y}})
}
