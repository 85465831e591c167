package experiments

import (
	"context"
	"fmt"
	"strconv"

	"randalign/nn"
	"randalign/tensor"
)

// EigenmapConfig says how the weights of a network are drawn from eigenvalue
// mappings of its data, without any training.
type EigenmapConfig struct {
	Data      string
	Normalize string
	Limit     int // of the training set, after a seeded shuffle; 0: all
	Samples   int // of these, examples to measure; 0: all
	Arch      string
	Map       string // a family, or "" where MapFrom says it
	MapFrom   string // FILE[:TENSOR] whose transfer function is the mapping
	Layers    int    // 0: all
	Match     nn.Match
	InitScale float64
	Seed      uint64
}

// EigenmapStart is what StartEigenmap made.
type EigenmapStart struct {
	Tensors  []nn.Named
	Meta     map[string]string
	Map      string
	Layers   []EigenmapLayer
	Examples int
}

// EigenmapLayer says what was measured of a layer.
type EigenmapLayer struct {
	Tensor  string  `json:"tensor"`
	Shape   []int   `json:"shape"`
	Samples int     `json:"samples"`
	Rank    int     `json:"rank"` // directions in which the inputs vary
	Sigma   float64 `json:"sigma"`
	Unit    float64 `json:"unit"`
	Norm    float64 `json:"norm"`
}

// StartEigenmap draws the weights. With the same data and seed it is the start
// that `train --init eigenmap` makes.
func StartEigenmap(ctx context.Context, c EigenmapConfig, from Provenance, p *tensor.Pool, progress func(stage string, done, total int)) (*EigenmapStart, error) {
	src, err := OpenSource(c.Data, "")
	if err != nil {
		return nil, err
	}
	shape := src.Shape()
	m, err := nn.NewModel[float32](c.Arch, shape[:], src.Classes())
	if err != nil {
		return nil, err
	}
	var rule nn.Mapping
	var trained nn.Named
	var moments *Moments
	if c.MapFrom == "" {
		if rule, err = nn.ParseMapping(c.Map); err != nil {
			return nil, err
		}
	} else {
		file, name := nn.SplitTensor(c.MapFrom)
		list, err := nn.ReadWeights(file)
		if err != nil {
			return nil, err
		}
		if trained, err = nn.PickWeight(list, name, file); err != nil {
			return nil, err
		}
		if moments, err = NewMoments(trained, nil, shape, file); err != nil {
			return nil, err
		}
	}
	index, err := ChooseExamples(src, c.Limit, c.Seed)
	if err != nil {
		return nil, err
	}
	norm, err := MeasureNormalisation(ctx, src, c.Normalize, index)
	if err != nil {
		return nil, err
	}
	if moments != nil {
		n := len(index)
		err = EachBlock(ctx, src, index, norm, func(done int) { progress("measuring "+c.MapFrom, done, n) },
			func(d *Dataset) error { return moments.Add(p, shape, d.Len(), d.X) })
		if err != nil {
			return nil, err
		}
		if rule, err = TransferMapping(moments.Covariance(), trained); err != nil {
			return nil, fmt.Errorf("%s: %w", c.MapFrom, err)
		}
		rule.Name = "transfer function of " + c.MapFrom
	}
	var sample []int
	for _, i := range Select(len(index), c.Samples, c.Seed) {
		sample = append(sample, index[i])
	}
	d, err := Load(ctx, src, Train, sample, norm)
	if err != nil {
		return nil, err
	}
	if err = checkFinite(d, src.Name()); err != nil {
		return nil, err
	}
	progress("measuring the layers' inputs", 0, 0)
	m.Init(c.Seed, nn.HeNormal(c.InitScale))
	stats, err := m.InitEigenmap(p, d.Len(), d.X, c.Seed, nn.EigenmapOptions{Map: rule, Layers: c.Layers, Match: c.Match})
	if err != nil {
		return nil, err
	}
	r := &EigenmapStart{Tensors: m.Weights(), Map: rule.Name, Examples: d.Len(), Meta: map[string]string{
		"arch": m.Spec, "seed": strconv.FormatUint(c.Seed, 10), "data": src.Name(), "map": rule.Name,
		"version": from.Version, "arithmetic": strconv.Itoa(from.Arithmetic),
	}}
	for _, s := range stats {
		w := m.Layers[s.Layer].Params()[0]
		r.Layers = append(r.Layers, EigenmapLayer{w.Name, w.Shape, s.Samples, len(s.Sigma), s.Sigma[0], s.Unit, tensor.Norm(w.Value)})
	}
	return r, nn.CheckFinite(r.Tensors, "weights")
}
