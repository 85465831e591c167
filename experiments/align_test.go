package experiments

import (
	"context"
	"math"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"

	"randalign/linalg"
	"randalign/nn"
	"randalign/tensor"
)

func TestMomentsOfALayer(t *testing.T) {
	shape := [3]int{2, 7, 6}
	m, err := nn.NewModel[float32]("conv:3x3:stride=2:pad=1,relu,conv:4x2,relu,flatten,dense:5,relu,dense:classes", shape[:], 3)
	require.NoError(t, err)
	m.Init(1, nn.HeNormal(1))
	const n = 130 // more than one batch
	x := make([]float32, n*84)
	tensor.FillNormal(tensor.NewStream(1, "test"), x, 1)
	p := tensor.NewPool(2)
	defer p.Close()
	weights := m.Weights()
	for _, c := range []struct {
		name  string
		layer int
	}{{"0.weight", 0}, {"2.weight", 2}, {"5.weight", 5}, {"7.weight", 7}} {
		w, err := nn.PickWeight(weights, c.name, "w")
		require.NoError(t, err)
		s, err := NewMoments(w, m, shape, "w")
		require.NoError(t, err)
		require.NoError(t, s.Add(p, shape, n, x))
		// nn.Measure sees the same inputs: its standard deviations are the roots
		// of this covariance's eigenvalues.
		stats, err := nn.Measure(m, p, n, x, c.layer, 50)
		require.NoError(t, err)
		e, err := linalg.Eigen(s.Covariance())
		require.NoError(t, err)
		for i, sigma := range stats.Sigma {
			require.InEpsilon(t, sigma, math.Sqrt(e.Values[len(e.Values)-1-i]), 1e-5, c.name)
		}
	}
	_, err = NewMoments(nn.Named{Name: "x", Shape: []int{2, 2}}, m, shape, "w")
	require.ErrorContains(t, err, `w: tensor "x" is not the weight of a layer of conv:3x3`)
}

func TestMomentsOfTheData(t *testing.T) {
	shape := [3]int{2, 4, 5}
	x := make([]float32, 3*40)
	tensor.FillNormal(tensor.NewStream(1, "test"), x, 1)
	p := tensor.NewPool(1)
	defer p.Close()
	s, err := NewMoments(nn.Named{Shape: []int{6, 2, 3, 2}}, nil, shape, "w")
	require.NoError(t, err)
	require.NoError(t, s.Add(p, shape, 3, x))
	require.EqualValues(t, 3*2*4, s.N())
	s, err = NewMoments(nn.Named{Shape: []int{6, 40}}, nil, shape, "w")
	require.NoError(t, err)
	require.NoError(t, s.Add(p, shape, 3, x))
	require.EqualValues(t, 3, s.N())
	for _, c := range []struct {
		shape []int
		want  string
	}{
		{[]int{6, 3, 3, 2}, `w: tensor "a": found filters [6 3 3 2] of 3 channels, expected 2, the data's (2x4x5)`},
		{[]int{6, 2, 5, 2}, `w: tensor "a": found filters of 5x2, expected at most 4x5, the data's size`},
		{[]int{6, 41}, `w: tensor "a": found vectors of 41 values, expected 40, the size of the data (2x4x5); for a layer further up give --arch`},
	} {
		_, err = NewMoments(nn.Named{Name: "a", Shape: c.shape}, nil, shape, "w")
		require.EqualError(t, err, c.want)
	}
	_, err = NewMoments(nn.Named{Name: "a", Shape: []int{2, 9000}}, nil, [3]int{9000, 1, 1}, "w")
	require.ErrorContains(t, err, "found 9000 inputs an output, expected at most 8192")
}

// Weights with one row f*sqrt(d) along each axis have the deviation f there.
func TestTransferMapping(t *testing.T) {
	cov := linalg.NewMat(3, 3)
	w := nn.Named{Shape: []int{3, 3}, Data: make([]float32, 9)}
	for i, f := range []float64{0.5, 2, 1} {
		sigma := float64(3 - i)
		cov.Set(i, i, sigma*sigma)
		w.Data[i*3+i] = float32(f * math.Sqrt(3))
	}
	rule, err := TransferMapping(cov, w)
	require.NoError(t, err)
	for sigma, f := range map[float64]float64{0.5: 1, 1: 1, 1.5: 1.5, 2: 2, 2.5: 1.25, 3: 0.5, 9: 0.5} {
		require.InDelta(t, f, rule.At(sigma/2), 1e-6, "a dense weight measures sigma by its mean, 2")
	}
	w.Shape = []int{3, 3, 1, 1}
	rule, err = TransferMapping(cov, w)
	require.NoError(t, err)
	require.InDelta(t, 2, rule.At(2), 1e-6)
	cov.Set(0, 0, 0)
	cov.Set(1, 1, 0)
	rule, err = TransferMapping(cov, w)
	require.NoError(t, err)
	require.InDelta(t, math.Sqrt((0.25+4)/2), rule.At(0), 1e-6)
}

func TestAlignmentOfATrainedLayer(t *testing.T) {
	dir := t.TempDir()
	c := smallTraining()
	_, err := trainIn(t, dir, c, false, 0)
	require.NoError(t, err)
	file := filepath.Join(dir, WeightsName)
	p := tensor.NewPool(1)
	defer p.Close()
	measure := func(c AlignConfig) (*Alignment, *linalg.Report, error) {
		c.Draws, c.Seed = 10, 1
		a, err := NewAlignment(c)
		if err != nil {
			return nil, nil, err
		}
		r, err := a.Run(context.Background(), p, func(int, int) {})
		return a, r, err
	}
	a, r, err := measure(AlignConfig{Weights: []string{file, file}, Data: c.Data})
	require.NoError(t, err)
	require.Equal(t, "1.weight", a.Tensor)
	require.Equal(t, 18, r.Samples, "pooled")
	require.EqualValues(t, 70, a.Vectors)
	require.Equal(t, 12, r.Dim)
	// The head has three classes and the data ten.
	a, r, err = measure(AlignConfig{Weights: []string{file + ":5.weight"}, Arch: c.Arch, Data: c.Data})
	require.NoError(t, err)
	require.Equal(t, 7, r.Dim)
	require.Equal(t, []int{3, 7}, a.Shape)
	for _, bad := range []struct {
		c    AlignConfig
		want string
	}{
		{AlignConfig{Weights: []string{file + ":3.weight", file + ":3.weight"}, Arch: c.Arch, Data: c.Data}, "found several files with --arch"},
		{AlignConfig{Weights: []string{file, file + ":3.weight"}, Data: c.Data}, "expected filters of [12] as in"},
		{AlignConfig{Weights: []string{file}, Arch: "flatten,dense:classes", Data: c.Data}, "has no such tensor"},
		{AlignConfig{Weights: []string{file}, Data: "leaves"}, "found vectors of 12 values, expected 3072"},
		{AlignConfig{Weights: []string{"none.npz"}, Data: c.Data}, "none.npz: no such file"},
	} {
		_, _, err := measure(bad.c)
		require.ErrorContains(t, err, bad.want)
	}
}
