package experiments

import (
	"context"
	"fmt"
	"slices"

	"randalign/linalg"
	"randalign/nn"
	"randalign/tensor"
)

// AlignConfig says which weights are held against which data.
type AlignConfig struct {
	Weights   []string // FILE[:TENSOR], whose filters are pooled
	Arch      string   // "": the data themselves reach the weights
	Data      string
	Normalize string
	Limit     int
	Draws     int // random bases behind the control
	Seed      uint64
}

// Alignment is a checked comparison of weights with data.
type Alignment struct {
	Tensor        string // of the first file
	Shape         []int
	Dim           int
	Normalisation Normalisation
	Examples      int
	Vectors       int64 // patches or vectors behind the data's covariance

	config  AlignConfig
	source  Source
	moments *Moments
	filters []float32
	count   int
}

// NewAlignment reads and checks the weights.
func NewAlignment(c AlignConfig) (*Alignment, error) {
	a := &Alignment{config: c}
	var err error
	if a.source, err = OpenSource(c.Data, ""); err != nil {
		return nil, err
	}
	for i, text := range c.Weights {
		file, name := nn.SplitTensor(text)
		list, err := nn.ReadWeights(file)
		if err != nil {
			return nil, err
		}
		var m *nn.Model[float32]
		if c.Arch != "" {
			if m, err = modelOfFile(c.Arch, a.source, list, file); err != nil {
				return nil, err
			}
			if first := m.First(); name == "" && first != nil {
				name = first.Name
			}
		}
		w, err := nn.PickWeight(list, name, file)
		if err != nil {
			return nil, err
		}
		if i == 0 {
			if a.moments, err = NewMoments(w, m, a.source.Shape(), file); err != nil {
				return nil, err
			}
			a.Tensor, a.Shape, a.Dim = w.Name, w.Shape, a.moments.Dim()
		}
		if !slices.Equal(w.Shape[1:], a.Shape[1:]) {
			return nil, fmt.Errorf("%s: tensor %q: found the shape %v, expected filters of %v as in %s", file, w.Name, w.Shape, a.Shape[1:], c.Weights[0])
		}
		if m != nil && len(c.Weights) > 1 && w.Name != m.First().Name {
			return nil, fmt.Errorf("%s: tensor %q: found several files with --arch, expected one: what reaches a layer beyond the first differs from network to network", file, w.Name)
		}
		a.filters = append(a.filters, w.Data...)
		a.count += w.Shape[0]
	}
	if a.count < 2 {
		return nil, fmt.Errorf("%s: tensor %q: found one filter, expected two or more", c.Weights[0], a.Tensor)
	}
	return a, nil
}

// modelOfFile makes the network with the weights of a file. The number of
// classes is that of the last bias or weight, since the network may have been
// trained on other labels than the data's.
func modelOfFile(arch string, src Source, list []nn.Named, file string) (*nn.Model[float32], error) {
	classes := src.Classes()
	shape := src.Shape()
	plan, err := nn.NewPlan(arch, shape[:], classes, 1)
	if err != nil {
		return nil, err
	}
	for i := len(plan.Layers) - 1; i >= 0; i-- {
		if plan.Layers[i].Weight == "" {
			continue
		}
		for _, t := range list {
			if t.Name == plan.Layers[i].Weight && len(t.Shape) > 0 && t.Shape[0] > 1 && plan.Layers[i].Element == "dense:classes" {
				classes = t.Shape[0]
			}
		}
		break
	}
	m, err := nn.NewModel[float32](arch, shape[:], classes)
	if err != nil {
		return nil, err
	}
	return m, m.SetWeights(list, file)
}

// Run measures the data and the weights against them.
func (a *Alignment) Run(ctx context.Context, p *tensor.Pool, seen func(done, total int)) (*linalg.Report, error) {
	c := &a.config
	index, err := ChooseExamples(a.source, c.Limit, c.Seed)
	if err != nil {
		return nil, err
	}
	if a.Normalisation, err = MeasureNormalisation(ctx, a.source, c.Normalize, index); err != nil {
		return nil, err
	}
	seen(0, len(index))
	err = EachBlock(ctx, a.source, index, a.Normalisation, func(done int) { seen(done, len(index)) },
		func(d *Dataset) error { return a.moments.Add(p, d.Shape, d.Len(), d.X) })
	if err != nil {
		return nil, err
	}
	a.Examples, a.Vectors = len(index), a.moments.N()
	r, err := linalg.Align(a.moments.Covariance(), a.filters, a.count, linalg.AlignOptions{ControlDraws: c.Draws, Seed: c.Seed})
	if err != nil {
		return nil, fmt.Errorf("%s against %s: %w", c.Weights[0], c.Data, err)
	}
	return r, nil
}

// AlignMatrices measures a second moment of weights against a covariance of
// data, both in .npy files.
func AlignMatrices(weights, data string, seed uint64, draws int) (*linalg.Report, error) {
	var m [2]*linalg.Mat
	for i, path := range []string{weights, data} {
		var err error
		if m[i], err = ReadMatrix(path); err != nil {
			return nil, err
		}
		if err = linalg.CheckSymmetric(m[i]); err != nil {
			return nil, fmt.Errorf("%s: %w", path, err)
		}
	}
	if m[0].Rows != m[1].Rows {
		return nil, fmt.Errorf("%s: found %d x %d, expected %d x %d as in %s", weights, m[0].Rows, m[0].Cols, m[1].Rows, m[1].Cols, data)
	}
	r, err := linalg.AlignCov(m[1], m[0], linalg.AlignOptions{ControlDraws: draws, Seed: seed})
	if err != nil {
		return nil, fmt.Errorf("%s against %s: %w", weights, data, err)
	}
	return r, nil
}
