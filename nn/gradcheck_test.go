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
		{"no biases", "conv:3x3:pad=1:nobias,relu,flatten,dense:6:nobias,relu,dense:classes:nobias", Shape{2, 4, 5}},
		{"leaky relu", "dense:7,leakyrelu:0.2,dense:5,leakyrelu,dense:classes", Shape{6}},
		{"leaky relu behind conv", "conv:3x3,leakyrelu:0.1,flatten,dense:classes", Shape{2, 5, 5}},
		{"sigmoid", "dense:7,sigmoid,dense:classes", Shape{6}},
		{"tanh, twice", "dense:7,tanh,tanh,dense:classes", Shape{6}},
		{"gelu", "dense:7,gelu,dense:5,gelu,dense:classes", Shape{6}},
		{"gelu between in-place layers", "dense:7,tanh,gelu,sigmoid,dense:classes", Shape{6}},
		{"max pool", "conv:3x3,maxpool:2,flatten,dense:classes", Shape{2, 7, 8}},
		{"max pool behind relu, overlapping and padded", "conv:3x3,relu,maxpool:3:stride=2:pad=1,flatten,dense:classes", Shape{2, 7, 6}},
		{"max pool twice", "conv:4x3:pad=1,maxpool:2,maxpool:2:stride=1,relu,flatten,dense:classes", Shape{1, 8, 7}},
		{"average pool", "conv:3x3,avgpool:2,relu,flatten,dense:classes", Shape{2, 7, 8}},
		{"average pool, overlapping and padded", "conv:3x2,relu,avgpool:3:stride=2:pad=1,flatten,dense:classes", Shape{2, 6, 7}},
		{"global pool", "conv:4x3,relu,gap,flatten,dense:classes", Shape{2, 5, 6}},
		{"pool first", "maxpool:2,flatten,dense:classes", Shape{2, 4, 4}},
		{"batch norm of images", "conv:3x3:nobias,batchnorm,flatten,dense:classes", Shape{2, 5, 5}},
		{"batch norm, relu", "conv:3x3:nobias,batchnorm,relu,conv:4x3:nobias,batchnorm,relu,gap,flatten,dense:classes", Shape{2, 7, 6}},
		{"batch norm of vectors", "dense:6,batchnorm,relu,dense:5:nobias,batchnorm,tanh,dense:classes", Shape{4}},
		{"batch norm first", "batchnorm,conv:3x3,relu,flatten,dense:classes", Shape{2, 4, 4}},
		{"dropout", "dense:9,relu,dropout:0.4,dense:7,gelu,dropout:0.2,dense:classes", Shape{4}},
		{"residual", "conv:4x3:pad=1,relu,res(conv:4x3:pad=1,relu,conv:4x3:pad=1),relu,flatten,dense:classes", Shape{2, 4, 5}},
		{"residual without relu around it", "conv:3x1,res(conv:3x3:pad=1),conv:2x2,flatten,dense:classes", Shape{2, 4, 4}},
		{"residual of the input", "res(conv:2x3:pad=1),relu,flatten,dense:classes", Shape{2, 4, 4}},
		{"projection", "conv:3x3:pad=1,relu,res(conv:5x3:stride=2:pad=1:nobias,batchnorm,relu,conv:5x3:pad=1:nobias,batchnorm|conv:5x1:stride=2:nobias,batchnorm),relu,gap,flatten,dense:classes", Shape{2, 6, 6}},
		{"pre-activation", "conv:3x3:pad=1:nobias,res(batchnorm,relu,conv:3x3:pad=1,batchnorm,relu,conv:3x3:pad=1),batchnorm,relu,res(conv:4x3:pad=1|conv:4x1),batchnorm,relu,gap,flatten,dense:classes", Shape{2, 5, 4}},
		{"residual blocks within each other", "dense:6,res(dense:6,res(dense:6,tanh)),res(res(gelu)),relu,dense:classes", Shape{5}},
		{"residual, body in place", "dense:6,res(relu,dense:6,relu),res(tanh),dense:classes", Shape{5}},
		{"residual, views inside", "conv:3x3,res(relu),flatten,res(dense:27),dense:classes", Shape{2, 5, 5}},
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
			for _, m.Objective = range []Objective{ObjectiveCrossEntropy, ObjectiveSquaredError} {
				loss := func() float64 {
					out := m.run(p, n, x, len(m.Layers), forTrain, nil)
					sum, _ := m.cross.run(p, m.Objective, out, labels, n, classes, nil)
					return sum / n
				}
				m.At(3, 4)
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
