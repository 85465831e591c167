package nn

import (
	"testing"

	"github.com/stretchr/testify/require"

	"randalign/asm/asmtest"
	"randalign/tensor"
)

// Packed weights give the same logits, and training goes on from the weights themselves.
func TestPrepackedForwardHasTheSameBits(t *testing.T) {
	in := Shape{3, 5, 7}
	asmtest.ForEachPath(t, func(t *testing.T) {
		for _, spec := range []string{
			"flatten,dense:70,relu,dense:33:nobias,relu,dense:40,gelu,res(dense:40,relu,dense:40),dense:classes",
			"conv:9x3,relu,flatten,dense:64,relu,dense:64,batchnorm,relu,dense:classes",
		} {
			for _, threads := range []int{1, 2, 7} {
				p := tensor.NewPool(threads)
				defer p.Close()
				d := blobs(37, in, 3, 1)
				m, err := NewModel[float32](spec, in, 3)
				require.NoError(t, err)
				m.Init(7, HeNormal(1))
				for range 2 {
					for _, n := range []int{37, 1, 16} {
						m.Unpack()
						want := append([]float32(nil), m.Forward(p, n, d.X)...)
						m.Prepack(p)
						require.True(t, m.packed)
						asmtest.SameBits(t, want, m.Forward(p, n, d.X), "%s, %d threads, %d examples", spec, threads, n)
					}
					m.Step(p, 37, d.X, d.Labels, SGD{}, 0.1)
					require.False(t, m.packed)
				}
			}
		}
	})
}

// Weights that change under Prepack are not seen before Unpack: the packed ones do the work.
func TestPrepackKeepsTheWeights(t *testing.T) {
	p := tensor.NewPool(2)
	defer p.Close()
	m, err := NewModel[float32]("dense:70,relu,dense:classes", Shape{9}, 3)
	require.NoError(t, err)
	m.Init(7, HeNormal(1))
	d := blobs(40, Shape{9}, 3, 1)
	before := append([]float32(nil), m.Forward(p, 40, d.X)...)
	m.Prepack(p)
	m.Init(8, HeNormal(1))
	asmtest.SameBits(t, before, m.Forward(p, 40, d.X), "packed")
	m.Unpack()
	after := append([]float32(nil), m.Forward(p, 40, d.X)...)
	require.NotEqual(t, before, after)
	m.Prepack(p)
	asmtest.SameBits(t, after, m.Forward(p, 40, d.X), "packed again")
	Evaluate(m, p, d, 16)
	require.True(t, m.packed, "Evaluate ended its caller's Prepack")
	m.Unpack()
	Evaluate(m, p, d, 16)
	require.False(t, m.packed, "Evaluate left its own Prepack behind")
	require.Zero(t, testing.AllocsPerRun(10, func() {
		m.Prepack(p)
		m.Forward(p, 40, d.X)
		m.Unpack()
	}))
}
