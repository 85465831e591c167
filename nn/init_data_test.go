package nn

import (
	"math"
	"testing"

	"github.com/stretchr/testify/require"

	"randalign/linalg"
	"randalign/tensor"
)

func TestUniformInitialisers(t *testing.T) {
	shape := []int{300, 8, 5, 5}
	for name, std := range map[string]float64{"he-uniform": 0.1, "lecun-uniform": math.Sqrt(1.0 / 200), "glorot-uniform": math.Sqrt(2.0 / 7700)} {
		in := NamedInitializer(name, 1)
		require.NotNil(t, in)
		dst := make([]float64, 60000)
		in.Init(tensor.NewStream(1, name), shape, dst)
		have := math.Sqrt(tensor.SumSquares(dst) / 60000)
		require.InEpsilon(t, std, have, 0.01, name)
		top := 0.0
		for _, v := range dst {
			top = max(top, math.Abs(v))
		}
		require.InEpsilon(t, math.Sqrt(3)*std, top, 1e-3)
		require.LessOrEqual(t, top, math.Sqrt(3)*std)
	}
	require.Nil(t, NamedInitializer("hee", 1))
}

func TestOrthogonalRowsOrColumns(t *testing.T) {
	for _, shape := range [][]int{{5, 9}, {9, 5}, {6, 6}, {4, 2, 3, 3}, {40, 2, 3, 3}} {
		in, _ := Fans(shape)
		out := shape[0]
		w := make([]float64, out*in)
		Orthogonal{1.5}.Init(tensor.NewStream(2, "w"), shape, w)
		m := &linalg.Mat{Rows: out, Cols: in, Data: w}
		dot := func(i, j int) (sum float64) {
			for k := range max(in, out) {
				if out <= in {
					sum += m.At(i, k) * m.At(j, k)
				} else {
					sum += m.At(k, i) * m.At(k, j)
				}
			}
			return sum
		}
		for i := range min(in, out) {
			for j := range i {
				require.InDelta(t, 0, dot(i, j), 1e-13)
			}
			require.InDelta(t, 1.5*1.5, dot(i, i), 1e-13)
		}
	}
}

func TestLSUVGivesUnitVariance(t *testing.T) {
	in := Shape{3, 9, 9}
	d := blobs(80, in, 3, 4)
	p := tensor.NewPool(2)
	defer p.Close()
	m, err := NewModel[float32]("conv:6x3,relu,res(conv:6x3:pad=1,relu),flatten,dense:8,tanh,dense:classes", in, 3)
	require.NoError(t, err)
	m.Init(1, HeNormal(1))
	require.NoError(t, m.InitLSUV(p, d.N(), d.X, 0, 1, 1))
	for _, l := range m.Weighted() {
		std, err := m.outputStd(p, d.N(), d.X, l)
		require.NoError(t, err)
		require.InDelta(t, 1, std, lsuvTolerance, m.LayerName(l))
	}
	fresh, _ := NewModel[float32](m.Spec, in, 3)
	fresh.Init(1, HeNormal(1))
	last := fresh.Param("6.weight").Value[0]
	require.NoError(t, fresh.InitLSUV(p, d.N(), d.X, 2, 1, 2))
	require.Equal(t, last, fresh.Param("6.weight").Value[0], "only two layers")
	std, err := fresh.outputStd(p, d.N(), d.X, 0)
	require.NoError(t, err)
	require.InDelta(t, 2, std, 2*lsuvTolerance)
	require.ErrorContains(t, fresh.InitLSUV(p, d.N(), make([]float32, len(d.X)), 0, 1, 1), `tensor "0.weight": its layer's outputs have the standard deviation 0`)
}

// The responses to whitening filters are uncorrelated and of unit variance.
func TestWhitenedResponses(t *testing.T) {
	p := tensor.NewPool(1)
	defer p.Close()
	const n, d = 30000, 6
	m, err := NewModel[float32]("dense:16,relu,dense:classes", Shape{d}, 2)
	require.NoError(t, err)
	m.Init(1, HeNormal(1))
	rest := append([]float32(nil), m.Params[0].Value[12*d:]...)
	x := ramp(n, d, 1)
	require.NoError(t, m.InitWhiten(p, n, x, 0, 1e-9, 0.5))
	w := m.Params[0].Value
	require.Equal(t, rest, w[12*d:], "rows beyond twice the rank")
	y := make([]float32, n*16)
	m.Layers[0].(*Dense[float32]).linear(&Pass{Pool: p, N: n}, x, y)
	cov := linalg.NewCov(16)
	cov.AddRows(y, n)
	c := cov.Covariance()
	for i := range 12 {
		require.InDelta(t, 0.25, c.At(i, i), 1e-3)
		for j := range i {
			want := 0.0
			if i/2 == j/2 {
				want = -0.25
			}
			require.InDelta(t, want, c.At(i, j), 1e-3, "%d %d", i, j)
		}
	}
}

// Inputs that scatter about a few directions: k-means finds these, whatever the
// scale of the inputs' axes.
func TestKMeansFindsTheDirections(t *testing.T) {
	p := tensor.NewPool(2)
	defer p.Close()
	const n, d, k = 3000, 6, 3
	s := tensor.NewStream(1, "directions")
	x := make([]float32, n*d)
	for i := range n {
		for j := range d {
			x[i*d+j] = float32(0.05 * s.Normal())
		}
		c := i % k
		x[i*d+2*c] += float32(s.Normal()) * 3 // axes 0, 2 and 4
	}
	m, err := NewModel[float32]("dense:3,relu,dense:classes", Shape{d}, 2)
	require.NoError(t, err)
	m.Init(1, HeNormal(1))
	norm := tensor.Norm(m.Params[0].Value)
	require.NoError(t, m.InitKMeans(p, n, x, 0, 1))
	w := m.Params[0].Value
	require.InEpsilon(t, norm, tensor.Norm(w), 1e-6)
	axes := map[int]bool{}
	for row := range k {
		r := w[row*d:][:d]
		for j, v := range r {
			if math.Abs(float64(v)) > 0.95*tensor.Norm(r) {
				axes[j] = true
			}
		}
	}
	require.Equal(t, map[int]bool{0: true, 2: true, 4: true}, axes)
}

// Data-dependent starts of images do not depend on threads.
func TestDataStartsAreTheSameForAnyThreads(t *testing.T) {
	in := Shape{3, 9, 9}
	d := blobs(70, in, 3, 4)
	for name, start := range map[string]func(m *Model[float32], p *tensor.Pool) error{
		"lsuv":   func(m *Model[float32], p *tensor.Pool) error { return m.InitLSUV(p, d.N(), d.X, 0, 1, 1) },
		"whiten": func(m *Model[float32], p *tensor.Pool) error { return m.InitWhiten(p, d.N(), d.X, 2, 5e-4, 1) },
		"kmeans": func(m *Model[float32], p *tensor.Pool) error { return m.InitKMeans(p, d.N(), d.X, 2, 1) },
	} {
		digests := map[string]bool{}
		for _, threads := range []int{1, 3} {
			m, err := NewModel[float32]("conv:6x3:pad=1:stride=2,relu,flatten,dense:8,relu,dense:classes", in, 3)
			require.NoError(t, err)
			m.Init(1, HeNormal(1))
			fresh := m.Digest()
			p := tensor.NewPool(threads)
			require.NoError(t, start(m, p), name)
			p.Close()
			require.NotEqual(t, fresh, m.Digest())
			digests[m.Digest()] = true
		}
		require.Len(t, digests, 1, name)
	}
}
