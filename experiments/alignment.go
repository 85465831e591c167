package experiments

import (
	"context"
	"fmt"

	"randalign/linalg"
	"randalign/nn"
	"randalign/tensor"
)

// maxAlignDim bounds covariances: beyond it the eigensolver takes days.
const maxAlignDim = 8192

// Moments accumulates what a weight sees of data: the patches under a conv
// filter (out, in, kh, kw), the vectors of a dense layer (out, in).
type Moments struct {
	*linalg.Cov
	weight nn.Named
	// The layer that the inputs reach, where a network is given.
	model *nn.Model[float32]
	layer int
}

// NewMoments prepares for a weight. With a model, which holds the weight as one
// of its parameters, the inputs are those that reach its layer, under the
// layer's stride and padding; without one they are the examples themselves, of
// the given shape, at stride 1 and without padding. from names the weight's
// file in errors.
func NewMoments(w nn.Named, m *nn.Model[float32], in [3]int, from string) (*Moments, error) {
	s := &Moments{weight: w, model: m}
	dim := nn.Shape(w.Shape[1:]).Size()
	where := fmt.Sprintf("%s: tensor %q", from, w.Name)
	if w.Name == "" {
		where = from
	}
	if m != nil {
		s.layer = -1
		for _, l := range m.Weighted() {
			if m.Layers[l].Params()[0].Name == w.Name {
				s.layer = l
			}
		}
		if s.layer < 0 {
			return nil, fmt.Errorf("%s is not the weight of a layer of %s", where, m.Arch)
		}
	} else {
		switch size := in[0] * in[1] * in[2]; {
		case len(w.Shape) == 4 && w.Shape[1] != in[0]:
			return nil, fmt.Errorf("%s: found filters %v of %d channels, expected %d, the data's (%dx%dx%d)", where, w.Shape, w.Shape[1], in[0], in[0], in[1], in[2])
		case len(w.Shape) == 4 && (w.Shape[2] > in[1] || w.Shape[3] > in[2]):
			return nil, fmt.Errorf("%s: found filters of %dx%d, expected at most %dx%d, the data's size", where, w.Shape[2], w.Shape[3], in[1], in[2])
		case len(w.Shape) == 2 && w.Shape[1] != size:
			return nil, fmt.Errorf("%s: found vectors of %d values, expected %d, the size of the data (%dx%dx%d); for a layer further up give --arch", where, w.Shape[1], size, in[0], in[1], in[2])
		}
	}
	if dim > maxAlignDim {
		return nil, fmt.Errorf("%s: found %d inputs an output, expected at most %d, for which the eigenvectors can be computed", where, dim, maxAlignDim)
	}
	s.Cov = linalg.NewCov(dim)
	return s, nil
}

// Add adds n examples x.
func (s *Moments) Add(p *tensor.Pool, shape [3]int, n int, x []float32) error {
	s.OnPool(p)
	if s.model == nil {
		if k := s.weight.Shape; len(k) == 4 {
			s.AddPatches(x, n, shape[0], shape[1], shape[2], k[2], k[3], 1, 0)
			return nil
		}
		s.AddRows(x, n)
		return nil
	}
	size := len(x) / n
	for i := 0; i < n; i += evalBatch {
		b := min(evalBatch, n-i)
		in := s.model.ForwardTo(p, b, x[i*size:], s.layer)
		if !tensor.Finite(in) {
			return fmt.Errorf("the inputs of tensor %q hold NaN or Inf", s.weight.Name)
		}
		if c, ok := s.model.Layers[s.layer].(*nn.Conv[float32]); ok {
			g := c.Geometry()
			s.AddPatches(in, b, g.C, g.H, g.W, g.R, g.S, g.Stride, g.Pad)
			continue
		}
		s.AddRows(in, b)
	}
	return nil
}

// EachBlock reads the training examples in use, normalised, some at a time, so
// that memory does not grow with their number. seen is told of the examples
// done so far.
func EachBlock(ctx context.Context, src Source, index []int, norm Normalisation, seen func(done int), do func(d *Dataset) error) error {
	for lo := 0; lo < len(index); lo += loadBlock {
		d, err := Load(ctx, src, Train, index[lo:min(lo+loadBlock, len(index))], norm)
		if err != nil {
			return err
		}
		if err = checkFinite(d, src.Name()); err != nil {
			return err
		}
		if err = do(d); err != nil {
			return err
		}
		seen(lo + d.Len())
	}
	return nil
}

// ChooseExamples returns the indices of the training examples in use: the first
// limit of a seeded shuffle, or all, in the source's order, for limit 0.
func ChooseExamples(src Source, limit int, seed uint64) ([]int, error) {
	return chooseExamples(src, [2]int{}, limit, seed)
}

// TransferMapping returns the transfer function of a weight on data whose
// covariance is cov as a mapping: the points (sigma/unit, f), joined by straight
// lines. As in nn.Measure the unit is 1 for conv filters and the mean of the 20
// leading sigma for a dense weight.
func TransferMapping(cov *linalg.Mat, w nn.Named) (nn.Mapping, error) {
	e, err := linalg.Eigen(cov)
	if err != nil {
		return nn.Mapping{}, fmt.Errorf("data: %w", err)
	}
	points := linalg.TransferFunction(e, linalg.Group(e.Values, linalg.DefaultRelTol), linalg.SecondMoment(w.Data, w.Shape[0], len(w.Data)/w.Shape[0]))
	unit := 1.0
	if len(w.Shape) == 2 {
		sum, n := 0.0, 0
		for i := len(points) - 1; i >= 0 && n < nn.LeadingSigma; i-- {
			k := min(points[i].Multiplicity, nn.LeadingSigma-n)
			sum += float64(float64(k) * points[i].Sigma)
			n += k
		}
		if unit = sum / float64(n); unit == 0 {
			return nn.Mapping{}, fmt.Errorf("data: no direction varies")
		}
	}
	var table [][2]float64
	for _, p := range points {
		u := p.Sigma / unit
		// Eigenvalues that rounding made 0 or negative share sigma 0: the last one stands for them.
		if n := len(table); n > 0 && u <= table[n-1][0] {
			table[n-1][1] = p.F
			continue
		}
		table = append(table, [2]float64{u, p.F})
	}
	return nn.TableMapping(table)
}
