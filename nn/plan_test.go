package nn

import (
	"math"
	"testing"

	"github.com/stretchr/testify/require"

	"randalign/tensor"
)

func TestPlanOfSimpleCNN(t *testing.T) {
	p, err := NewPlan("simple-cnn", Shape{3, 32, 32}, 10, 256)
	require.NoError(t, err)
	const conv, dense, head = 256 * 27, 256 * 30 * 30 * 64, 64 * 10
	require.Equal(t, conv+256+dense+64+head+10, p.Params)
	require.Equal(t, []int{conv + 256, 0, 0, dense + 64, 0, head + 10}, []int{p.Layers[0].Params, p.Layers[1].Params, p.Layers[2].Params, p.Layers[3].Params, p.Layers[4].Params, p.Layers[5].Params})
	require.Equal(t, Shape{256, 30, 30}, p.Layers[0].Out)
	require.Equal(t, "dense:classes", p.Layers[5].Element)
	// The input of the first layer needs no gradient.
	require.Equal(t, 256*(2*2.0*conv*900+3*2.0*dense+3*2.0*head), p.StepFLOPs)
	require.Equal(t, 4*p.Params, p.Memory.Weights)
	require.Equal(t, 4*256*3072, p.Memory.Input)
	// The gradient of the conv layer's output takes its memory.
	require.Equal(t, 4*256*(256*900+2*64+10+10), p.Memory.Unshared)
	require.LessOrEqual(t, p.Memory.Arena, p.Memory.Unshared)
	// The gradient of the large weight never stands in memory.
	require.Equal(t, 4*(p.Params-dense), p.Memory.Gradients)
	require.Equal(t, 3*4*p.Params-4*dense+p.Memory.Input+p.Memory.Arena, p.Memory.Total)
}

// The plan must count the memory that a model then takes.
func TestPlanEqualsModel(t *testing.T) {
	const n = 3
	for _, arch := range []string{"relu,conv:4x3,relu,conv:5x3:stride=2:pad=1,flatten,dense:7,relu,dense:classes", "flatten,dense:classes", "conv:2x3,relu,flatten,dense:classes"} {
		in := Shape{2, 8, 8}
		plan, err := NewPlan(arch, in, 3, n)
		require.NoError(t, err)
		m, err := NewModel[float32](arch, in, 3)
		require.NoError(t, err)
		p := tensor.NewPool(1)
		m.Loss(p, n, make([]float32, n*in.Size()), make([]int32, n))
		p.Close()
		require.Equal(t, 4*len(m.arena), plan.Memory.Arena, arch)
		require.Equal(t, 4*len(m.value), plan.Memory.Weights)
		require.Equal(t, m.NumParams(), plan.Params)
	}
}

func TestPlanOfTheImpossible(t *testing.T) {
	for _, arch := range []string{"conv:8x3:pad=1048576,flatten,dense:classes", "conv:1048576x3,conv:1x29,flatten,dense:1048576,dense:1048576,dense:classes", "conv:1048576x3,flatten,dense:1048576,dense:classes"} {
		_, err := NewPlan(arch, Shape{3, 32, 32}, 10, 1)
		require.ErrorContains(t, err, "too large", arch)
	}
	p, err := NewPlan("conv:65536x3,flatten,dense:classes", Shape{3, 32, 32}, 10, math.MaxInt)
	require.NoError(t, err)
	require.Equal(t, math.MaxInt, p.Memory.Total)
	_, err = NewPlan("conv:8x99,flatten,dense:10", Shape{3, 32, 32}, 10, 1)
	require.ErrorContains(t, err, "does not fit")
}
