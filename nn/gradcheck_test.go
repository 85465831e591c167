package nn

import (
	"fmt"
	"math"
	"testing"

	"github.com/stretchr/testify/require"

	"randalign/tensor"
)

// Every gradient of every layer against central differences of the loss in
// float64. The bound is the differences' own error: h^2 times a third
// derivative of order one, plus eps/h.
func TestGradientsAgainstFiniteDifferences(t *testing.T) {
	for _, tc := range []struct {
		name, spec string
		in         Shape
	}{
		{"dense alone", "dense:classes", Shape{5}},
		{"conv alone", "conv:4x3,flatten,dense:classes", Shape{2, 5, 6}},
		{"mlp", "flatten,dense:7,relu,dense:6,relu,dense:classes", Shape{2, 3, 2}},
		{"simple-cnn in small", "conv:5x3,relu,flatten,dense:6,relu,dense:classes", Shape{3, 6, 5}},
		{"two convs, stride and padding", "conv:4x3:stride=2:pad=1,relu,conv:3x3:pad=same,relu,flatten,dense:classes", Shape{2, 7, 8}},
		{"conv after conv, no relu", "conv:3x2,conv:2x2:stride=2,flatten,dense:4,dense:classes", Shape{1, 6, 6}},
		{"relu first", "relu,flatten,dense:classes", Shape{2, 2, 2}},
	} {
		t.Run(tc.name, func(t *testing.T) {
			const n, classes = 5, 3
			m, err := NewModel[float64](tc.spec, tc.in, classes)
			require.NoError(t, err)
			m.Init(1, HeNormal(1))
			s := tensor.NewStream(2, tc.name)
			for _, p := range m.Params {
				if p.FanIn == 0 {
					tensor.FillNormal(s, p.Value, 0.3)
				}
			}
			x := make([]float64, n*tc.in.Size())
			tensor.FillNormal(s, x, 1)
			labels := []int32{0, 1, 2, 1, 0}
			p := tensor.NewPool(2)
			defer p.Close()
			loss := func() float64 {
				sum, _ := CrossEntropy(m.Forward(p, n, x), labels, n, classes, nil)
				return sum / n
			}
			m.Loss(p, n, x, labels)
			for _, q := range m.Params {
				grad := append([]float64(nil), q.Grad...)
				for i := range q.Value {
					const h = 1e-5
					old := q.Value[i]
					q.Value[i] = old + h
					up := loss()
					q.Value[i] = old - h
					down := loss()
					q.Value[i] = old
					want := (up - down) / (2 * h)
					require.InDelta(t, want, grad[i], 1e-8*math.Max(1, math.Abs(want)), "%s[%d]", q.Name, i)
				}
			}
		})
	}
}

func TestCrossEntropyByHand(t *testing.T) {
	logits := []float64{0, math.Log(3), 1000, -1000}
	grad := make([]float64, 4)
	sum, correct := CrossEntropy(logits, []int32{0, 0}, 2, 2, grad)
	require.InDelta(t, math.Log(4), sum, 1e-15)
	require.Equal(t, 1, correct)
	require.InDeltaSlice(t, []float64{(0.25 - 1) / 2, 0.375, 0, 0}, grad, 1e-15)
}

// A quadratic in one variable, stepped by hand.
func TestUpdateIsMomentumSGD(t *testing.T) {
	m, err := NewModel[float32]("dense:classes", Shape{1}, 2)
	require.NoError(t, err)
	p := tensor.NewPool(1)
	defer p.Close()
	w, v := 1.0, 0.0
	m.Params[0].Value[0] = 1
	for range 5 {
		g := 2 * w
		m.Params[0].Grad[0] = m.Params[0].Value[0] * 2
		m.Update(p, SGD{Momentum: 0.5, WeightDecay: 0.25}, 0.125)
		v = 0.5*v + g + 0.25*w
		w -= 0.125 * v
		require.InDelta(t, w, float64(m.Params[0].Value[0]), 1e-6)
	}
}

func TestRateFallsAfterEqualParts(t *testing.T) {
	s := SGD{LR: 0.9, Steps: 3, Gamma: 1.0 / 3}
	got := ""
	for step := range 9 {
		got += fmt.Sprintf("%.1f ", s.Rate(step, 9))
	}
	require.Equal(t, "0.9 0.9 0.9 0.3 0.3 0.3 0.1 0.1 0.1 ", got)
	require.Equal(t, 0.9, SGD{LR: 0.9}.Rate(8, 9))
}

func TestNormalInitialisers(t *testing.T) {
	shape := []int{300, 8, 5, 5}
	in, out := Fans(shape)
	require.Equal(t, []int{200, 7500}, []int{in, out})
	for _, tc := range []struct {
		name string
		init Normal
		std  float64
	}{
		{"he", HeNormal(1), 0.1},
		{"he scaled", HeNormal(0.2), 0.02},
		{"lecun", LeCunNormal(1), math.Sqrt(1.0 / 200)},
		{"glorot", GlorotNormal(1), math.Sqrt(2.0 / 7700)},
	} {
		dst := make([]float64, 60000)
		tc.init.Init(tensor.NewStream(1, tc.name), shape, dst)
		std := math.Sqrt(tensor.SumSquares(dst) / 60000)
		require.InEpsilon(t, tc.std, std, 5/math.Sqrt(2*60000), tc.name)
	}
}
