package nn

import (
	"fmt"
	"math"

	"randalign/linalg"
	"randalign/tensor"
)

// Orthogonal draws a weight whose rows, or columns where there are more rows
// than inputs, are orthonormal up to the factor Gain: uniform over all such
// matrices (Saxe et al. 2014; PyTorch's orthogonal_).
type Orthogonal struct{ Gain float64 }

// Init implements Initializer. It draws as many normal deviates as there are weights.
func (o Orthogonal) Init(s *tensor.Stream, shape []int, dst []float64) {
	in, _ := Fans(shape)
	out := shape[0]
	tall, thin := max(in, out), min(in, out)
	g := linalg.NewMat(tall, thin)
	tensor.FillNormal(s, g.Data, 1)
	q, r := linalg.QR(g)
	for i := range tall {
		for j := range thin {
			v := o.Gain * math.Copysign(q.At(i, j), q.At(i, j)*r.At(j, j)) // Haar's law needs R's signs
			if out >= in {
				dst[i*in+j] = v
			} else {
				dst[j*in+i] = v
			}
		}
	}
}

// maxVectors bounds the eigenvectors written out for a layer, in float64s.
const maxVectors = 1 << 27

// axes returns the eigenvectors of the inputs, [len(Sigma), Dim], the largest
// sigma first. Too many numbers for memory are an error.
func (s *LayerStats) axes(p *tensor.Pool) (*linalg.Mat, error) {
	if !s.Dual {
		return s.vectors, nil
	}
	k := len(s.Sigma)
	if k > maxVectors/s.Dim {
		return nil, fmt.Errorf("layer %d: %d eigenvectors of %d inputs are too many to hold", s.Layer, k, s.Dim)
	}
	wide := make([]float64, len(s.samples))
	for i, v := range s.samples {
		wide[i] = float64(v)
	}
	m := linalg.NewMat(k, s.Dim)
	tensor.Gemm(p, k, s.Dim, s.Samples, tensor.RowMajor(s.combine.Data, s.Samples), tensor.RowMajor(wide, s.Dim), m.Data, s.Dim, tensor.Set)
	return m, nil
}

// InitWhiten sets the filters of the first so many weighted layers (0: of one)
// to the eigenvectors v of their inputs' covariance, each times scale/sqrt(sigma^2
// + eps): the responses are uncorrelated and of variance up to scale^2. Filter 2i
// is the i-th eigenvector, largest sigma first, filter 2i+1 its negative, which
// a ReLU needs to let both halves through (as in K. Jordan's airbench, 2024).
// Filters beyond twice the rank stay as they are; biases become 0.
func (m *Model[T]) InitWhiten(p *tensor.Pool, n int, x []T, layers int, eps, scale float64) error {
	return m.eachMeasured(p, n, x, layers, func(s *LayerStats, w *Param[T]) error {
		axes, err := s.axes(p)
		if err != nil {
			return err
		}
		for row := range min(w.Shape[0], 2*len(s.Sigma)) {
			i := row / 2
			f := scale / math.Sqrt(float64(s.Sigma[i]*s.Sigma[i])+eps)
			if row%2 == 1 {
				f = -f
			}
			for j, v := range axes.Row(i) {
				w.Value[row*s.Dim+j] = T(float64(f * v))
			}
		}
		return nil
	})
}

// eachMeasured measures the inputs of the first so many weighted layers (0: of
// one), one after the other, and lets set change the weight.
func (m *Model[T]) eachMeasured(p *tensor.Pool, n int, x []T, layers int, set func(*LayerStats, *Param[T]) error) error {
	list := m.Weighted()
	for _, l := range list[:min(max(layers, 1), len(list))] {
		s, err := Measure(m, p, n, x, l, measureBatch)
		if err != nil {
			return err
		}
		if err = set(s, m.Layers[l].Params()[0]); err != nil {
			return err
		}
	}
	return nil
}

// measureBatch examples at a time pass through the network to be measured.
const measureBatch = 64

// The bounds of InitLSUV: as in the paper.
const (
	lsuvTolerance = 0.1
	lsuvTries     = 10
)

// linearLayer is a layer with a weight, whose outputs before any ReLU that is
// fused into it can be computed.
type linearLayer[T tensor.Float] interface {
	linear(c *Pass, x, y []T)
}

// InitLSUV draws the weights of the first so many weighted layers (0: of all)
// orthonormal and divides each by the standard deviation of its layer's outputs
// over n examples x until that is within a tenth of scale, or ten times, layer
// after layer (Mishkin and Matas 2016, layer-sequential unit variance). Biases
// become 0. An output that does not vary is an error.
func (m *Model[T]) InitLSUV(p *tensor.Pool, n int, x []T, layers int, seed uint64, scale float64) error {
	list := m.Weighted()
	if layers > 0 {
		list = list[:min(layers, len(list))]
	}
	for _, l := range list {
		w := m.Layers[l].Params()[0]
		w.init(seed, Orthogonal{1})
		for range lsuvTries {
			std, err := m.outputStd(p, n, x, l)
			if err != nil {
				return fmt.Errorf("tensor %q: %w", w.Name, err)
			}
			if math.Abs(std/scale-1) < lsuvTolerance {
				break
			}
			for i, v := range w.Value {
				w.Value[i] = T(float64(v) * (scale / std))
			}
		}
	}
	return nil
}

// outputStd is the standard deviation of all that a weighted layer makes of n
// examples, before any ReLU.
func (m *Model[T]) outputStd(p *tensor.Pool, n int, x []T, layer int) (float64, error) {
	size := m.size[layer]
	y := make([]T, min(n, measureBatch)*size)
	var sum, squares float64
	for i := 0; i < n; i += measureBatch {
		b := min(measureBatch, n-i)
		in := m.ForwardTo(p, b, x[i*m.In.Size():], layer)
		m.Layers[layer].(linearLayer[T]).linear(&m.pass, in, y[:b*size])
		for j := range b {
			row := y[j*size:][:size]
			squares += tensor.SumSquares(row)
			for _, v := range row {
				sum += float64(v)
			}
		}
	}
	count := float64(n) * float64(size)
	mean := sum / count
	std := math.Sqrt(max(0, squares/count-float64(mean*mean)))
	if std == 0 || math.IsNaN(std) || math.IsInf(std, 0) {
		return 0, fmt.Errorf("its layer's outputs have the standard deviation %v over %d examples", std, n)
	}
	return std, nil
}
