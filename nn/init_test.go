package nn

import (
	"math"
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"

	"randalign/linalg"
	"randalign/tensor"
)

// ramp has independent inputs with standard deviations 1, 2, ..., d.
func ramp(n, d int, seed uint64) []float32 {
	s := tensor.NewStream(seed, "ramp")
	x := make([]float32, n*d)
	for i := range x {
		x[i] = float32(s.Normal()*float64(i%d+1)) + 5
	}
	return x
}

func TestMeasureFindsTheDataAxes(t *testing.T) {
	m, err := NewModel[float32]("dense:4,relu,dense:classes", Shape{6}, 2)
	require.NoError(t, err)
	p := tensor.NewPool(1)
	defer p.Close()
	const n = 40000
	s, err := Measure(m, p, n, ramp(n, 6, 1), 0, 100)
	require.NoError(t, err)
	require.False(t, s.Dual)
	for i, sigma := range s.Sigma {
		require.InEpsilon(t, float64(6-i), sigma, 5/math.Sqrt(2*n))
		require.InDelta(t, 1, math.Abs(s.vectors.At(i, 5-i)), 0.01)
	}
	require.InEpsilon(t, 3.5, s.Unit, 0.02)
}

// With fewer samples than inputs the dual form must find what the direct one
// does: the same sigmas, and weights with the same second moment.
func TestDualFormEqualsDirectForm(t *testing.T) {
	const n, d = 9, 14
	x := ramp(n, d, 2)
	p := tensor.NewPool(2)
	defer p.Close()
	m, err := NewModel[float64]("dense:5,relu,dense:classes", Shape{d}, 2)
	require.NoError(t, err)
	x64 := make([]float64, len(x))
	for i, v := range x {
		x64[i] = float64(v)
	}
	dual, err := Measure(m, p, n, x64, 0, 4)
	require.NoError(t, err)
	require.True(t, dual.Dual)
	require.Len(t, dual.Sigma, n-1) // the mean takes one direction away
	cov := linalg.NewCov(d)
	cov.AddRows(x, n)
	direct := &LayerStats{Dim: d, Samples: n, Unit: dual.Unit}
	require.NoError(t, direct.direct(cov.Covariance()))
	require.InDeltaSlice(t, direct.Sigma[:n-1], dual.Sigma, 1e-5)
	f, err := ParseMapping("unimodal")
	require.NoError(t, err)
	const out = 60000
	moments := make([]*linalg.Mat, 2)
	for i, s := range []*LayerStats{direct, dual} {
		w := make([]float64, out*d)
		Eigenmap{s, f, p}.Init(tensor.NewStream(3, "w"), []int{out, d}, w)
		moments[i] = linalg.SecondMoment(w, out, len(w)/out)
	}
	want := linalg.NewMat(d, d)
	for i, v := range direct.response(f) {
		for a := range d {
			for b := range d {
				want.Data[a*d+b] += v * v * direct.vectors.At(i, a) * direct.vectors.At(i, b)
			}
		}
	}
	for i := range want.Data {
		require.InDelta(t, want.Data[i], moments[0].Data[i], 0.01)
		require.InDelta(t, want.Data[i], moments[1].Data[i], 0.01)
	}
}

func TestEigenmapGoesLayerByLayer(t *testing.T) {
	in := Shape{3, 9, 9}
	d := blobs(40, in, 3, 4)
	p := tensor.NewPool(2)
	defer p.Close()
	f, err := ParseMapping("unimodal")
	require.NoError(t, err)
	const spec = "conv:6x3,relu,flatten,dense:8,relu,dense:classes"
	build := func(layers int, match Match, threads int) (*Model[float32], []*LayerStats) {
		m, err := NewModel[float32](spec, in, 3)
		require.NoError(t, err)
		m.Init(1, HeNormal(0.2))
		q := tensor.NewPool(threads)
		defer q.Close()
		s, err := m.InitEigenmap(q, d.N(), d.X, 1, EigenmapOptions{Map: f, Layers: layers, Match: match, Batch: 7})
		require.NoError(t, err)
		return m, s
	}
	fresh, _ := NewModel[float32](spec, in, 3)
	fresh.Init(1, HeNormal(0.2))
	all, stats := build(0, MatchNorm, 1)
	require.Len(t, stats, 3)
	require.Equal(t, []int{0, 3, 5}, []int{stats[0].Layer, stats[1].Layer, stats[2].Layer})
	require.True(t, stats[1].Dual, "294 inputs, 40 samples")
	require.Equal(t, 1.0, stats[0].Unit)
	for i, q := range all.Params {
		if q.FanIn > 0 {
			require.InEpsilon(t, tensor.Norm(fresh.Params[i].Value), tensor.Norm(q.Value), 1e-6, q.Name)
		}
	}
	one, _ := build(1, MatchNorm, 1)
	require.Equal(t, all.Params[0].Value, one.Params[0].Value)
	require.Equal(t, fresh.Params[2].Value, one.Params[2].Value, "layer 2 keeps its fresh start")
	again, _ := build(0, MatchNorm, 3)
	require.Equal(t, all.Digest(), again.Digest(), "threads")
	// Weights of layer 1 lie along patch directions with the mapping's lengths:
	// f of the transfer function is proportional to f of the mapping.
	resp, _ := build(0, MatchResponse, 1)
	for l, s := range stats {
		w := all.Layers[s.Layer].Params()[0]
		if l == 0 {
			r := resp.Layers[s.Layer].Params()[0]
			require.InEpsilon(t, spread(s, p, fresh.Layers[s.Layer].Params()[0]), spread(s, p, r), 1e-4)
		}
		require.Positive(t, spread(s, p, w))
	}
}

func TestCovarianceInitDrawsFromTheSecondMoment(t *testing.T) {
	s := tensor.NewStream(1, "w")
	w := make([]float32, 50*4)
	for i := range w {
		w[i] = float32(s.Normal() * float64(1+i%4))
	}
	sigma := linalg.SecondMoment(w, 50, len(w)/50)
	c, err := NewCovariance(sigma)
	require.NoError(t, err)
	drawn := make([]float64, 100000*4)
	c.Init(tensor.NewStream(2, "draw"), []int{100000, 4}, drawn)
	got := linalg.SecondMoment(drawn, 100000, len(drawn)/100000)
	for i := range got.Data {
		require.InDelta(t, sigma.Data[i], got.Data[i], 0.3)
	}
	m, _ := NewModel[float32]("dense:50,relu,dense:classes", Shape{4}, 2)
	m.Init(1, HeNormal(1))
	norm := tensor.Norm(m.Params[0].Value)
	require.NoError(t, m.InitParam("0.weight", 5, c, norm))
	require.InEpsilon(t, norm, tensor.Norm(m.Params[0].Value), 1e-6)
	require.ErrorContains(t, m.InitParam("7.weight", 5, c, norm), `"7.weight"`)
}

func TestMappings(t *testing.T) {
	for text, want := range map[string][3]float64{ // at u = 0.5, 1, 2
		"unimodal":       {0.4, 0.5, 0.4},
		"unimodal:2":     {0.25 / 1.0625, 0.4, 0.5},
		"decreasing":     {1 / 0.6, 1 / 1.1, 1 / 2.1},
		"increasing":     {0.5, 1, 2},
		"cutoff:0.75":    {0, 1, 1},
		"constant":       {1, 1, 1},
		"increasing:0.5": {1, 1.5, 2.5},
	} {
		m, err := ParseMapping(text)
		require.NoError(t, err, text)
		for i, u := range []float64{0.5, 1, 2} {
			require.InDelta(t, want[i], m.At(u), 1e-15, "%s at %v", text, u)
		}
	}
	for text, want := range map[string]string{
		"unimodel": "expected one of unimodal", "unimodal:x": `found "x"`, "unimodal:0": "positive", "cutoff:-1": "positive", "@/nonexistent": "nonexistent",
	} {
		_, err := ParseMapping(text)
		require.ErrorContains(t, err, want, text)
	}
	file := filepath.Join(t.TempDir(), "f.json")
	require.NoError(t, os.WriteFile(file, []byte("[[1, 2], [3, 6]]"), 0o644))
	m, err := ParseMapping("@" + file)
	require.NoError(t, err)
	require.Equal(t, []float64{2, 4, 6}, []float64{m.At(0), m.At(2), m.At(9)})
	for text, want := range map[string]string{"[[1,2],[1,3]]": "expected it to increase", "[]": "no points", "{": "JSON", "[[1,-2]]": "at least 0"} {
		require.NoError(t, os.WriteFile(file, []byte(text), 0o644))
		_, err := ParseMapping("@" + file)
		require.ErrorContains(t, err, want)
		require.ErrorContains(t, err, file)
	}
}
