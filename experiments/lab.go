package experiments

import (
	"fmt"

	"randalign/linalg"
	"randalign/nn"
	"randalign/tensor"
)

// lab holds the data of a study: for each seed an upstream and a downstream set
// of images, disjoint, and one test set.
type lab struct {
	*Env
	norm  Normalisation
	shape [3]int
	sets  []seedSets
	test  *nn.Data
	// cov is the covariance of the 3x3 patches of all training images of the
	// study, eig its eigensystem.
	cov *linalg.Mat
	eig *linalg.Eig
	// overlap says that the source is too small for disjoint sets across seeds.
	overlap  bool
	distinct int
}

type seedSets struct {
	seed     uint64
	up, down *nn.Data // up has random labels, down the real ones
}

// filterSize is the height and width of the study's filters.
const filterSize = 3

// open reads the data, once for all experiments of a study.
func (e *Env) open() (*lab, error) {
	e.once.Do(func() { e.lab, e.err = newLab(e) })
	return e.lab, e.err
}

func newLab(e *Env) (*lab, error) {
	p := e.Preset
	l := &lab{Env: e, shape: e.Source.Shape()}
	if err := checkSource(e.Source, p); err != nil {
		return nil, err
	}
	have := e.Source.Len(Train)
	perm := tensor.NewStream(e.Seed, "study/images").Perm(have)
	need := 2 * p.Images * p.Seeds
	l.overlap = need > have
	l.distinct = min(need, have)
	e.progress("reading images", 0, 1)
	index := perm[:l.distinct]
	var err error
	if l.norm, err = MeasureNormalisation(e.Ctx, e.Source, "", index); err != nil {
		return nil, err
	}
	all, err := Load(e.Ctx, e.Source, Train, index, l.norm)
	if err != nil {
		return nil, err
	}
	pool := tensor.NewPool(e.threads())
	defer pool.Close()
	cov := linalg.NewCov(l.shape[0] * filterSize * filterSize)
	cov.OnPool(pool)
	cov.AddPatches(all.X, l.distinct, l.shape[0], l.shape[1], l.shape[2], filterSize, filterSize, 1, 0)
	l.cov = cov.Covariance()
	if l.eig, err = linalg.Eigen(l.cov); err != nil {
		return nil, err
	}
	size := l.shape[0] * l.shape[1] * l.shape[2]
	part := func(start int) *nn.Data {
		d := &nn.Data{Size: size, Classes: all.Classes}
		for i := range p.Images {
			at := (start + i) % l.distinct
			d.X = append(d.X, all.X[at*size:(at+1)*size]...)
			d.Labels = append(d.Labels, all.Y[at])
		}
		return d
	}
	for i, seed := range e.seeds() {
		s := seedSets{seed: seed, up: part(2 * i * p.Images), down: part((2*i + 1) * p.Images)}
		s.up.Labels = RandomLabels(p.Images, s.up.Classes, tensor.NewStream(seed, "labels/upstream"))
		l.sets = append(l.sets, s)
	}
	n := min(p.TestImages, e.Source.Len(Test))
	t, err := Load(e.Ctx, e.Source, Test, tensor.NewStream(e.Seed, "study/test").Perm(e.Source.Len(Test))[:n], l.norm)
	if err != nil {
		return nil, err
	}
	l.test = &nn.Data{X: t.X, Labels: t.Y, Size: size, Classes: t.Classes}
	e.progress("reading images", 1, 1)
	return l, nil
}

func checkSource(src Source, p Preset) error {
	shape, have := src.Shape(), src.Len(Train)
	if shape[1] < filterSize || shape[2] < filterSize {
		return fmt.Errorf("data %s: examples of %dx%dx%d; the study needs images of at least %dx%d", src.Name(), shape[0], shape[1], shape[2], filterSize, filterSize)
	}
	if have < 2*p.Images {
		return fmt.Errorf("data %s: %d training images; preset %s needs %d", src.Name(), have, p.Name, 2*p.Images)
	}
	if src.Len(Test) < 1 {
		return fmt.Errorf("data %s: no test images", src.Name())
	}
	return nil
}

// input is the shape of an example for the network.
func (l *lab) input() nn.Shape { return nn.Shape{l.shape[0], l.shape[1], l.shape[2]} }

// filterDim is the number of inputs of a filter of the first layer.
func (l *lab) filterDim() int { return l.shape[0] * filterSize * filterSize }
