package nn

import (
	"fmt"
	"math"

	"randalign/linalg"
	"randalign/tensor"
)

// LayerStats is what Measure saw of the inputs that reach one layer: the
// eigenvectors of their covariance and the standard deviations along them. It
// is a plain value; drawing weights from it needs neither model nor data.
type LayerStats struct {
	Layer   int
	Dim     int // inputs of one output: C*R*S of a conv, In of a dense layer
	Samples int // vectors or patches measured
	// Sigma holds the standard deviations along the eigenvectors, largest first,
	// those that are rounding errors of the largest left out.
	Sigma []float64
	// Unit is what u = sigma/Unit is measured in: 1 for patches of the data
	// themselves, else the mean of the 20 leading Sigma.
	Unit float64
	// Dual says that there were fewer samples than inputs, so that the
	// eigenvectors come from the samples' Gram matrix and are kept as
	// combinations of samples.
	Dual bool

	vectors *linalg.Mat // direct: [len(Sigma), Dim], one eigenvector a row
	combine *linalg.Mat // dual: [len(Sigma), Samples], the combination that is eigenvector i
	samples []float32   // dual: [Samples, Dim], centred
}

// LeadingSigma is how many leading standard deviations set the unit of a layer.
const LeadingSigma = 20

// rankTolerance is the share of the largest eigenvalue below which one counts
// as zero: far above the rounding of a covariance in float64 (d*2^-53), far
// below the spectra of images (1e-5).
const rankTolerance = 1e-10

// Measure runs n examples x, batch at a time, through the layers before layer
// and returns the statistics of its inputs. It never forms a covariance larger
// than the number of samples: with fewer samples than inputs it takes the dual
// form. A layer without weights and inputs that are not finite are errors.
func Measure[T tensor.Float](m *Model[T], p *tensor.Pool, n int, x []T, layer, batch int) (*LayerStats, error) {
	s := &LayerStats{Layer: layer}
	var cov *linalg.Cov
	var geometry tensor.ConvShape
	var all []float32
	switch l := m.Layers[layer].(type) {
	case *Conv[T]:
		geometry = l.Geometry()
		s.Dim = geometry.Patch()
		cov = linalg.NewCov(s.Dim)
		cov.OnPool(p)
	case *Dense[T]:
		s.Dim, s.Samples = l.in, n
		all = make([]float32, n*l.in)
	default:
		return nil, fmt.Errorf("layer %d (%s) has no weight to initialise", layer, l.Kind())
	}
	size, input := s.Dim, m.In.Size()
	if geometry.C > 0 {
		size = geometry.C * geometry.H * geometry.W
	}
	buf := make([]float32, min(n, batch)*size)
	for i := 0; i < n; i += batch {
		b := min(batch, n-i)
		in := buf[:b*size]
		for j, v := range m.ForwardTo(p, b, x[i*input:], layer) {
			in[j] = float32(v)
		}
		if !tensor.Finite(in) {
			return nil, fmt.Errorf("layer %d: its inputs hold NaN or Inf", layer)
		}
		if cov == nil {
			copy(all[i*size:], in)
			continue
		}
		g := geometry
		cov.AddPatches(in, b, g.C, g.H, g.W, g.R, g.S, g.Stride, g.Pad)
	}
	if cov == nil && s.Dim > n {
		if err := s.dual(p, all); err != nil {
			return nil, fmt.Errorf("layer %d: %w", layer, err)
		}
	} else {
		if cov == nil {
			cov = linalg.NewCov(s.Dim)
			cov.OnPool(p)
			cov.AddRows(all, n)
		}
		s.Samples = int(cov.N())
		if err := s.direct(cov.Covariance()); err != nil {
			return nil, fmt.Errorf("layer %d: %w", layer, err)
		}
	}
	if len(s.Sigma) == 0 {
		return nil, fmt.Errorf("layer %d: its inputs do not vary over %d samples", layer, s.Samples)
	}
	s.Unit = 1
	if m.Layers[layer].Kind() != "conv" || m.graph.in[layer][0] != fromInput {
		top := s.Sigma[:min(LeadingSigma, len(s.Sigma))]
		s.Unit = 0
		for _, v := range top {
			s.Unit += v
		}
		s.Unit /= float64(len(top))
	}
	return s, nil
}

// direct takes the eigenvectors of the covariance itself.
func (s *LayerStats) direct(cov *linalg.Mat) error {
	e, err := linalg.Eigen(cov)
	if err != nil {
		return err
	}
	s.keep(e.Values)
	s.vectors = linalg.NewMat(len(s.Sigma), s.Dim)
	for i := range s.Sigma {
		for j := range s.Dim {
			s.vectors.Set(i, j, e.Vectors.At(j, len(e.Values)-1-i))
		}
	}
	return nil
}

// keep sets Sigma from eigenvalues in ascending order.
func (s *LayerStats) keep(values []float64) {
	top := values[len(values)-1]
	for i := len(values) - 1; i >= 0 && values[i] > rankTolerance*top; i-- {
		s.Sigma = append(s.Sigma, math.Sqrt(values[i]))
	}
}

// gramBlock columns of the samples are widened to float64 at a time.
const gramBlock = 4096

// dual takes the eigenvectors u_i of the Gram matrix X X^T/n of the centred
// samples X [n, Dim]: its eigenvalues are the covariance's that are not 0, and
// X^T u_i / (sqrt(n) sigma_i) are the eigenvectors that go with them.
func (s *LayerStats) dual(p *tensor.Pool, x []float32) error {
	n, d := s.Samples, s.Dim
	mean := make([]float64, d)
	for i := range n {
		for j, v := range x[i*d:][:d] {
			mean[j] += float64(v)
		}
	}
	for i := range n {
		row := x[i*d:][:d]
		for j, v := range row {
			row[j] = float32(float64(v) - mean[j]/float64(n))
		}
	}
	gram := linalg.NewMat(n, n)
	wide := make([]float64, n*min(gramBlock, d))
	for j0 := 0; j0 < d; j0 += gramBlock {
		w := min(gramBlock, d-j0)
		for i := range n {
			for j, v := range x[i*d+j0:][:w] {
				wide[i*w+j] = float64(v)
			}
		}
		tensor.Gemm(p, n, n, w, tensor.RowMajor(wide, w), tensor.Transposed(wide, w), gram.Data, n, tensor.Accumulate)
	}
	for i := range gram.Data {
		gram.Data[i] /= float64(n)
	}
	e, err := linalg.Eigen(gram)
	if err != nil {
		return err
	}
	s.Dual, s.samples = true, x
	s.keep(e.Values)
	s.combine = linalg.NewMat(len(s.Sigma), n)
	for i, sigma := range s.Sigma {
		for j := range n {
			s.combine.Set(i, j, e.Vectors.At(j, n-1-i)/(math.Sqrt(float64(n))*sigma))
		}
	}
	return nil
}

// groupTolerance is the relative difference below which neighbouring
// eigenvalues form one eigenspace, in which a basis is arbitrary: rounding in
// float64 splits a repeated eigenvalue by d*2^-53, far less than this.
const groupTolerance = 1e-9

// response returns f(u) for each kept eigenvector; those of one eigenspace share
// the value at the root of their mean eigenvalue.
func (s *LayerStats) response(f Mapping) []float64 {
	out := make([]float64, len(s.Sigma))
	for i := 0; i < len(out); {
		j, sum := i, 0.0
		for ; j < len(out) && s.Sigma[i]-s.Sigma[j] <= groupTolerance*s.Sigma[i]; j++ {
			sum += float64(s.Sigma[j] * s.Sigma[j])
		}
		v := f.At(math.Sqrt(sum/float64(j-i)) / s.Unit)
		for ; i < j; i++ {
			out[i] = v
		}
	}
	return out
}

// Eigenmap draws the rows of a weight from N(0, sum_i f(sigma_i)^2 v_i v_i^T),
// the study's initialisation by the eigenvalue mapping f.
type Eigenmap struct {
	Stats *LayerStats
	Map   Mapping
	Pool  *tensor.Pool
}

// Init implements Initializer. The directions' deviates are drawn row by row,
// the largest sigma first.
func (e Eigenmap) Init(st *tensor.Stream, shape []int, dst []float64) {
	s := e.Stats
	in, _ := Fans(shape)
	if in != s.Dim {
		panic(fmt.Sprintf("nn: statistics of %d inputs for a weight of shape %v", s.Dim, shape))
	}
	out, k := shape[0], len(s.Sigma)
	f := s.response(e.Map)
	z := make([]float64, out*k)
	for i := range z {
		z[i] = st.Normal() * f[i%k]
	}
	if !s.Dual {
		tensor.Gemm(e.Pool, out, in, k, tensor.RowMajor(z, k), tensor.RowMajor(s.vectors.Data, in), dst, in, tensor.Set)
		return
	}
	// Rows = (Z * combine) * samples; the large product is in float32, the
	// precision of the weights.
	n := s.Samples
	a := make([]float64, out*n)
	tensor.Gemm(e.Pool, out, n, k, tensor.RowMajor(z, k), tensor.RowMajor(s.combine.Data, n), a, n, tensor.Set)
	a32, w := make([]float32, len(a)), make([]float32, out*in)
	for i, v := range a {
		a32[i] = float32(v)
	}
	tensor.Gemm(e.Pool, out, in, n, tensor.RowMajor(a32, n), tensor.RowMajor(s.samples, in), w, in, tensor.Set)
	for i, v := range w {
		dst[i] = float64(v)
	}
}

// Match says what an eigenmap start takes over from a fresh one.
type Match string

const (
	// MatchNorm keeps the l2 norm of the fresh tensor.
	MatchNorm Match = "norm"
	// MatchResponse keeps the root mean square of the fresh layer's outputs, less
	// their mean over the samples, so that a few leading directions cannot blow
	// the activations up.
	MatchResponse Match = "response"
)

// EigenmapOptions says how InitEigenmap works.
type EigenmapOptions struct {
	Map    Mapping
	Layers int   // how many weighted layers, from the first; 0 or more than there are: all
	Match  Match // empty: MatchNorm
	Batch  int   // examples at a time; 0: 64
	// Known holds statistics of layers that need not be measured again, by layer
	// index; only those of the first weighted layer do not depend on the weights.
	Known map[int]*LayerStats
}

// InitEigenmap goes through the weighted layers of a freshly initialised model:
// it measures the inputs of a layer on n examples x, draws its weight anew
// (biases stay) and goes on to the next layer. It returns the statistics.
func (m *Model[T]) InitEigenmap(p *tensor.Pool, n int, x []T, seed uint64, o EigenmapOptions) ([]*LayerStats, error) {
	layers := m.Weighted()
	if o.Layers > 0 {
		layers = layers[:min(o.Layers, len(layers))]
	}
	if o.Batch == 0 {
		o.Batch = 64
	}
	var list []*LayerStats
	for _, l := range layers {
		s := o.Known[l]
		if s == nil {
			var err error
			if s, err = Measure(m, p, n, x, l, o.Batch); err != nil {
				return nil, err
			}
		}
		w := m.Layers[l].Params()[0]
		norm, fresh := tensor.Norm(w.Value), 0.0
		if o.Match == MatchResponse {
			fresh = spread(s, p, w)
		}
		w.init(seed, Eigenmap{s, o.Map, p})
		if o.Match == MatchResponse {
			have := spread(s, p, w)
			if have == 0 {
				return nil, fmt.Errorf("tensor %q: the mapping %s leaves no response", w.Name, o.Map.Name)
			}
			norm = tensor.Norm(w.Value) * fresh / have
		}
		if err := Rescale(w.Value, norm); err != nil {
			return nil, fmt.Errorf("tensor %q: the mapping %s gives no weights: %w", w.Name, o.Map.Name, err)
		}
		list = append(list, s)
	}
	return list, nil
}

// spread returns the root mean square, over the measured samples and all
// outputs, of w*x less its mean over the samples: sum_i sigma_i^2 (w*v_i)^2.
func spread[T tensor.Float](s *LayerStats, p *tensor.Pool, w *Param[T]) float64 {
	out := w.Shape[0]
	if s.Dual {
		w32 := make([]float32, len(w.Value))
		for i, v := range w.Value {
			w32[i] = float32(v)
		}
		y := make([]float32, out*s.Samples)
		tensor.Gemm(p, out, s.Samples, s.Dim, tensor.RowMajor(w32, s.Dim), tensor.Transposed(s.samples, s.Dim), y, s.Samples, tensor.Set)
		return math.Sqrt(tensor.SumSquares(y) / float64(len(y)))
	}
	w64 := make([]float64, len(w.Value))
	for i, v := range w.Value {
		w64[i] = float64(v)
	}
	k := len(s.Sigma)
	y := make([]float64, out*k)
	tensor.Gemm(p, out, k, s.Dim, tensor.RowMajor(w64, s.Dim), tensor.Transposed(s.vectors.Data, s.Dim), y, k, tensor.Set)
	for i := range y {
		y[i] *= s.Sigma[i%k]
	}
	return math.Sqrt(tensor.SumSquares(y) / float64(out))
}
