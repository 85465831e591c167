package nn

import (
	"math"
	"testing"

	"github.com/stretchr/testify/require"

	"randalign/tensor"
)

// naive is a network of one layer behind another, in float64 and plain loops:
// every layer in float32 must come near to it, over odd shapes.
type naive struct {
	m     *Model[float32]
	train bool
}

func (v naive) image(shape Shape, x []float64, c, y, q int) (float64, bool) {
	if y < 0 || q < 0 || y >= shape[1] || q >= shape[2] {
		return 0, false
	}
	return x[(c*shape[1]+y)*shape[2]+q], true
}

// window calls seen for the elements of a window that lie in the image.
func (v naive) window(shape Shape, x []float64, c, size, y0, x0 int, seen func(r, s int, v float64)) {
	for r := range size {
		for s := range size {
			if e, ok := v.image(shape, x, c, y0+r, x0+s); ok {
				seen(r, s, e)
			}
		}
	}
}

func (v naive) layer(i int, in Shape, xs [][]float64) [][]float64 {
	l := v.m.Layers[i]
	out := l.Out()
	ys := make([][]float64, len(xs))
	value := func(k int) []float32 {
		if p := l.Params(); k < len(p) {
			return p[k].Value
		}
		return nil
	}
	each := func(f func(x float64) float64) {
		for n, x := range xs {
			ys[n] = make([]float64, len(x))
			for j, e := range x {
				ys[n][j] = f(e)
			}
		}
	}
	windows := func(size, step, pad int, f func(x []float64, c, y0, x0 int) float64) {
		for n, x := range xs {
			for c := range out[0] {
				for y := range out[1] {
					for q := range out[2] {
						ys[n] = append(ys[n], f(x, c, y*step-pad, q*step-pad))
					}
				}
			}
		}
	}
	switch l := l.(type) {
	case *Conv[float32]:
		g := l.Geometry()
		windows(g.R, g.Stride, g.Pad, func(x []float64, k, y0, x0 int) float64 {
			sum := 0.0
			for c := range g.C {
				v.window(in, x, c, g.R, y0, x0, func(r, s int, e float64) {
					sum += e * float64(value(0)[((k*g.C+c)*g.R+r)*g.S+s])
				})
			}
			if b := value(1); b != nil {
				sum += float64(b[k])
			}
			if l.relu {
				sum = max(sum, 0)
			}
			return sum
		})
	case *Dense[float32]:
		for n, x := range xs {
			for o := range l.out {
				sum := 0.0
				if b := value(1); b != nil {
					sum = float64(b[o])
				}
				for j, e := range x {
					sum += e * float64(value(0)[o*l.in+j])
				}
				if l.relu {
					sum = max(sum, 0)
				}
				ys[n] = append(ys[n], sum)
			}
		}
	case *MaxPool[float32]:
		s := l.pool.PoolShape
		windows(s.R, s.Stride, s.Pad, func(x []float64, c, y0, x0 int) float64 {
			top := math.Inf(-1)
			v.window(in, x, c, s.R, y0, x0, func(_, _ int, e float64) { top = max(top, e) })
			return top
		})
	case *AvgPool[float32]:
		s := l.pool.PoolShape
		windows(s.R, s.Stride, s.Pad, func(x []float64, c, y0, x0 int) float64 {
			sum := 0.0
			v.window(in, x, c, s.R, y0, x0, func(_, _ int, e float64) { sum += e })
			return sum / float64(s.R*s.R)
		})
	case *GlobalPool[float32]:
		plane := in[1] * in[2]
		for n, x := range xs {
			for c := range in[0] {
				sum := 0.0
				for _, e := range x[c*plane:][:plane] {
					sum += e
				}
				ys[n] = append(ys[n], sum/float64(plane))
			}
		}
	case *BatchNorm[float32]:
		plane := Shape(in[1:]).Size()
		for n := range xs {
			ys[n] = make([]float64, len(xs[n]))
		}
		for c := range in[0] {
			mean, variance := float64(value(2)[c]), float64(value(3)[c])
			if v.train {
				mean, variance = 0, 0
				for _, x := range xs {
					for _, e := range x[c*plane:][:plane] {
						mean += e / float64(plane*len(xs))
					}
				}
				for _, x := range xs {
					for _, e := range x[c*plane:][:plane] {
						variance += (e - mean) * (e - mean) / float64(plane*len(xs))
					}
				}
			}
			for n, x := range xs {
				for j, e := range x[c*plane:][:plane] {
					y := (e-mean)/math.Sqrt(variance+normEps)*float64(value(0)[c]) + float64(value(1)[c])
					if l.relu {
						y = max(y, 0)
					}
					ys[n][c*plane+j] = y
				}
			}
		}
	case *ReLU[float32]:
		each(func(x float64) float64 { return max(x, 0) })
	case *Activation[float32]:
		each(map[string]func(float64) float64{
			"leakyrelu": func(x float64) float64 { return max(x, float64(l.slope)*x) },
			"sigmoid":   func(x float64) float64 { return 1 / (1 + math.Exp(-x)) },
			"tanh":      math.Tanh,
			"gelu":      func(x float64) float64 { return x * 0.5 * math.Erfc(-x/math.Sqrt2) },
		}[l.kind])
	default:
		return xs
	}
	return ys
}

func TestLayersAgainstNaiveLoops(t *testing.T) {
	for _, tc := range []struct {
		spec string
		in   Shape
	}{
		{"conv:7x3", Shape{3, 9, 11}}, {"conv:33x5:pad=same", Shape{2, 7, 13}}, {"conv:5x3:stride=2:pad=1:nobias,relu", Shape{4, 8, 5}},
		{"conv:9x1:stride=2", Shape{17, 5, 7}}, {"conv:3x4:stride=3:pad=2,relu", Shape{1, 10, 9}}, {"conv:16x3:pad=1,relu", Shape{8, 4, 4}},
		{"maxpool:2", Shape{3, 7, 9}}, {"maxpool:3:stride=2:pad=1", Shape{5, 8, 6}}, {"maxpool:3:stride=1", Shape{2, 5, 5}}, {"maxpool:2", Shape{3, 8, 34}},
		{"avgpool:2", Shape{3, 7, 9}}, {"avgpool:3:stride=2:pad=1", Shape{5, 8, 6}}, {"avgpool:5:stride=1:pad=2", Shape{2, 5, 7}},
		{"gap", Shape{7, 5, 3}}, {"batchnorm", Shape{5, 7, 3}}, {"batchnorm,relu", Shape{3, 1, 33}}, {"flatten,batchnorm,relu", Shape{67, 1, 1}},
		{"relu", Shape{3, 5, 7}}, {"leakyrelu:0.3", Shape{3, 5, 7}}, {"sigmoid", Shape{3, 5, 7}}, {"tanh", Shape{3, 5, 7}}, {"gelu", Shape{3, 5, 7}},
		{"flatten,dense:19", Shape{3, 5, 7}}, {"flatten,dense:301,relu", Shape{3, 5, 7}}, {"flatten,dense:1:nobias", Shape{1, 1, 33}},
	} {
		t.Run(tc.spec, func(t *testing.T) {
			const n = 5
			m, err := NewModel[float32](tc.spec+",flatten,dense:classes", tc.in, 3)
			require.NoError(t, err)
			m.Init(1, HeNormal(1))
			s := tensor.NewStream(1, tc.spec)
			for _, p := range m.tensors {
				if p.FanIn == 0 {
					for i := range p.Value {
						p.Value[i] = float32(1 + 0.3*s.Float64())
					}
				}
			}
			x := make([]float32, n*tc.in.Size())
			tensor.FillNormal(s, x, 1)
			p := tensor.NewPool(2)
			defer p.Close()
			for _, train := range []bool{false, true} {
				var rows [][]float64
				for i := range n {
					row := make([]float64, tc.in.Size())
					for j := range row {
						row[j] = float64(x[i*len(row)+j])
					}
					rows = append(rows, row)
				}
				mode := forEval
				if train {
					mode = forTrain
				}
				shape := tc.in
				m.run(p, n, x, len(m.Layers), mode, func(i int, y []float32) {
					if r, ok := m.Layers[i].(*ReLU[float32]); !ok || !r.fused {
						rows = naive{m, train}.layer(i, shape, rows)
					}
					shape = m.Layers[i].Out()
					for e, row := range rows {
						for j, want := range row {
							require.InDelta(t, want, float64(y[e*len(row)+j]), 2e-5*math.Max(1, math.Abs(want)), "layer %d, example %d, value %d", i, e, j)
						}
					}
				})
			}
		})
	}
}

// Dropout drops about the share it says, keeps the mean, does the same thing in
// Backward, and draws another mask at every step.
func TestDropout(t *testing.T) {
	const n, size = 7, 20011 // blocks that end inside a row
	d := &Dropout[float32]{shape: Shape{size}, p: 0.3, name: "4"}
	x, ones := make([]float32, n*size), make([]float32, n*size)
	for i := range x {
		x[i], ones[i] = float32(i%5)+1, 1
	}
	masks := map[int][]float32{}
	for _, threads := range []int{1, 3} {
		p := tensor.NewPool(threads)
		for step := range 2 {
			c := &Pass{Pool: p, N: n, Train: true, Seed: 9, Step: step}
			y, g := make([]float32, len(x)), append([]float32(nil), ones...)
			d.Forward(c, x, y)
			d.Backward(c, nil, nil, g, g)
			dropped := 0
			for i, v := range g {
				if v == 0 {
					dropped++
				} else {
					require.InDelta(t, 1/0.7, v, 1e-6)
				}
				require.Equal(t, x[i]*v, y[i])
			}
			require.InDelta(t, 0.3, float64(dropped)/float64(len(x)), 5*math.Sqrt(0.21/float64(len(x))))
			if masks[step] == nil {
				masks[step] = g
			}
			require.Equal(t, masks[step], g)
		}
		c := &Pass{Pool: p, N: n}
		y := make([]float32, len(x))
		d.Forward(c, x, y)
		require.Equal(t, x, y, "in evaluation")
		p.Close()
	}
	require.NotEqual(t, masks[0], masks[1])
}

func TestObserveSeesEveryLayer(t *testing.T) {
	in := Shape{3, 6, 6}
	m, err := NewModel[float32]("conv:4x3,relu,res(conv:4x3:pad=1),flatten,dense:classes", in, 3)
	require.NoError(t, err)
	m.Init(1, HeNormal(1))
	d := blobs(8, in, 3, 1)
	p := tensor.NewPool(1)
	defer p.Close()
	sizes := map[int]int{}
	m.Observe = func(layer int, y []float32) { sizes[layer] = len(y) }
	m.Loss(p, 8, d.X, d.Labels)
	require.Equal(t, map[int]int{0: 8 * 64, 1: 8 * 64, 2: 8 * 64, 3: 8 * 64, 4: 8 * 64, 5: 8 * 3}, sizes)
}
