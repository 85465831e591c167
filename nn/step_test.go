package nn

import (
	"fmt"
	"math"
	"slices"
	"testing"

	"github.com/stretchr/testify/require"

	"randalign/asm/asmtest"
	"randalign/tensor"
)

// descendFrom lets weights of so many values take their step on the way back.
func descendFrom(t *testing.T, values int) {
	old := denseDescends
	t.Cleanup(func() { denseDescends = old })
	denseDescends = values
}

// stepNets have dense layers of every kind: first of all, behind a ReLU and not, of so
// many inputs that their gradient takes the inputs' place, in a residual block.
var stepNets = []string{
	"flatten,dense:21,relu,dense:classes",
	"conv:5x3,relu,flatten,dense:9,relu,dense:7:nobias,batchnorm,tanh,dense:classes",
	"conv:5x3:nobias,batchnorm,flatten,dense:9,gelu,res(dense:9,relu,dense:9),dense:classes",
	"conv:24x3,relu,flatten,dense:11,relu,dense:classes",
	"conv:24x3,flatten,dense:3:nobias,dense:classes",
}

// Steps end in the bits of Loss and Update.
func TestStepIsLossAndUpdate(t *testing.T) {
	in := Shape{3, 16, 16}
	sgd := []SGD{{}, {Momentum: 0.9, WeightDecay: 1e-3}, {Momentum: 0.5, WeightDecay: 0.01, WeightsOnly: true}}
	asmtest.ForEachPath(t, func(t *testing.T) {
		for i, spec := range stepNets {
			for _, threads := range []int{1, 2, 3, 7} {
				checkSteps[float32](t, spec, in, threads, []int{1, 17, 6}, sgd[(i+threads)%3])
			}
			checkSteps[float64](t, spec, in, 2, []int{5, 2}, sgd[i%3])
		}
	})
}

// checkSteps does a step with each of the batches, in both ways.
func checkSteps[T tensor.Float](t *testing.T, spec string, in Shape, threads int, batches []int, s SGD) {
	text := fmt.Sprintf("%s, %d threads, %+v", spec, threads, s)
	p := tensor.NewPool(threads)
	defer p.Close()
	build := func(from int) *Model[T] {
		descendFrom(t, from)
		m, err := NewModel[T](spec, in, 3)
		require.NoError(t, err)
		m.Init(7, HeNormal(1))
		return m
	}
	plain := build(math.MaxInt)
	require.Zero(t, plain.descended)
	m := build(1)
	require.NotZero(t, m.descended)
	tensor.Fill(m.grad[:m.descended], T(math.NaN()))
	stream := tensor.NewStream(3, "examples")
	for i, n := range batches {
		x, labels := make([]T, n*in.Size()), make([]int32, n)
		tensor.FillNormal(stream, x, 1)
		for i := range labels {
			labels[i] = int32(stream.IntN(3))
		}
		plain.At(1, i)
		m.At(1, i)
		wantSum, wantCorrect := plain.Loss(p, n, x, labels)
		plain.Update(p, s, 0.05)
		sum, correct := m.Step(p, n, x, labels, s, 0.05)
		require.Equal(t, wantSum, sum, text)
		require.Equal(t, wantCorrect, correct, text)
		for k, q := range m.tensors {
			asmtest.SameBits(t, plain.tensors[k].Value, q.Value, "%s, step %d: %s", text, i, q.Name)
			asmtest.SameBits(t, plain.tensors[k].Velocity, q.Velocity, "%s, step %d: momentum of %s", text, i, q.Name)
		}
	}
	for _, g := range m.grad[:m.descended] {
		require.True(t, math.IsNaN(float64(g)), "%s: the gradient of a weight that took its step was written", text)
	}
	m.Loss(p, 1, make([]T, in.Size()), []int32{0})
	require.True(t, tensor.Finite(m.grad), "%s: Loss sets all gradients", text)
}

// Where the loss is not finite, nothing of the network is changed.
func TestStepOfNoFiniteLossChangesNothing(t *testing.T) {
	descendFrom(t, 1)
	in := Shape{3, 16, 16}
	d := blobs(8, in, 3, 1)
	p := tensor.NewPool(2)
	defer p.Close()
	for _, spec := range stepNets {
		m, err := NewModel[float32](spec, in, 3)
		require.NoError(t, err)
		m.Init(7, HeNormal(1))
		tr, err := NewTrainer(m, Config{Epochs: 9, Batch: 8, SGD: SGD{LR: 0.01, Momentum: 0.9, WeightDecay: 0.1}}, d, p)
		require.NoError(t, err)
		_, err = tr.Step()
		require.NoError(t, err)
		bias := m.Params[len(m.Params)-1].Value
		for _, bad := range []float32{float32(math.Inf(1)), float32(math.NaN())} {
			bias[1] = bad
			var before, after [][]float32
			state := func() (s [][]float32) {
				for _, q := range m.tensors {
					s = append(s, slices.Clone(q.Value), slices.Clone(q.Velocity))
				}
				return s
			}
			before = state()
			_, err = tr.Step()
			require.ErrorContains(t, err, "step 2 (epoch 2): the loss is NaN; the network diverged", spec)
			after = state()
			for i := range before {
				asmtest.SameBits(t, before[i], after[i], "%s, %v: tensor %d", spec, bad, i/2)
			}
		}
		bias[1] = 0
		_, err = tr.Step()
		require.NoError(t, err)
	}
}

func TestStepOnTheWayBackDoesNotAllocate(t *testing.T) {
	descendFrom(t, 1)
	in := Shape{3, 16, 16}
	d := blobs(17, in, 3, 1)
	p := tensor.NewPool(2)
	defer p.Close()
	for _, spec := range stepNets {
		m, err := NewModel[float32](spec, in, 3)
		require.NoError(t, err)
		m.Init(7, HeNormal(1))
		step := func() { m.Step(p, d.N(), d.X, d.Labels, SGD{Momentum: 0.9}, 0.01) }
		step()
		require.Zero(t, testing.AllocsPerRun(5, step), spec)
	}
}
