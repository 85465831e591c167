package nn

import (
	"fmt"
	"math"
	"slices"
	"testing"

	"github.com/stretchr/testify/require"

	"randalign/asm"
	"randalign/asm/asmtest"
	"randalign/tensor"
)

// sharedNets have every reason to share memory and to make outputs once more.
var sharedNets = []string{
	"resnet18", "wrn-28-4", "vgg16", "simple-cnn",
	"batchnorm,relu,conv:4x3,batchnorm,gelu,maxpool:2,flatten,dense:9,batchnorm,dense:classes",
	"conv:4x3:pad=1,batchnorm,relu,res(conv:4x3:pad=1,batchnorm,relu|batchnorm,relu),relu,res(batchnorm),res(relu|batchnorm),relu,dropout:0.3,gap,flatten,dense:classes",
	"conv:4x3:pad=1,batchnorm,res(conv:4x3:pad=1,batchnorm,res(batchnorm,relu|conv:4x1,batchnorm),relu),res(relu,batchnorm),relu,flatten,dense:classes",
	"conv:4x3:pad=1,batchnorm,relu,maxpool:2,conv:5x3:pad=1,relu,maxpool:2,res(conv:5x3:pad=1|relu),relu,maxpool:2,flatten,dense:7,relu,dense:classes",
	"conv:32x3:pad=1,batchnorm,relu,conv:33x3:pad=1,batchnorm,conv:35x3:pad=1,res(batchnorm,relu,conv:40x3,batchnorm,relu,conv:35x3:pad=2),batchnorm,relu,conv:32x3,flatten,dense:classes",
	"flatten,dense:9,relu,res(dense:9,batchnorm,res(tanh)),batchnorm,res(dense:9,relu,dense:9),dense:classes",
	"res(conv:3x3:pad=1,relu),batchnorm,relu,avgpool:2,res(batchnorm,relu,batchnorm,relu,batchnorm),flatten,dense:classes",
}

// apart is a plan without any sharing: what the way back reads is kept, and
// everything has a place of its own.
func apart(nodes []node, batch int) *memory {
	nodes = slices.Clone(nodes)
	for i := range nodes {
		nodes[i].needs.Again, nodes[i].needs.OverInput, nodes[i].needs.InPlace, nodes[i].needs.InPlaceBack = false, false, false, false
	}
	m := planMemory(nodes, batch, true)
	m.values = 0
	for i := range m.slots {
		m.slots[i].at = m.values
		m.values += m.slots[i].size * batch
	}
	return m
}

// Passes have the same outputs and gradients whether memory is shared or not, and
// whether or not convolutions read through batch norm, and a step reads nothing that it did not write before.
func TestSharedMemoryHasTheSameBits(t *testing.T) {
	const n = 4
	p := tensor.NewPool(2)
	defer p.Close()
	for i, arch := range sharedNets {
		if i < 4 && (asm.Active().Name == "generic" || testing.Short()) {
			continue // takes minutes
		}
		in := Shape{3, 16, 16}
		if arch == "vgg16" {
			in = Shape{3, 32, 32}
		}
		d := blobs(n, in, 3, 1)
		step := func(shared bool) (outputs, grad []float32, again int) {
			m, err := NewModel[float32](arch, in, 3)
			require.NoError(t, err)
			m.Init(7, HeNormal(1))
			if !shared {
				for _, l := range m.Layers {
					switch l := l.(type) {
					case *BatchNorm[float32]:
						l.shows = false
					case *Conv[float32]:
						l.behind = nil
					}
				}
			}
			m.reserve(n, forTrain)
			if !shared {
				plan := apart(m.graph.nodes(), n)
				m.plan[forTrain], m.arena, m.views[forTrain] = plan, make([]float32, plan.values), nil
				for _, s := range plan.slots {
					m.views[forTrain] = append(m.views[forTrain], m.arena[s.at:][:s.size*n])
				}
			}
			for _, o := range m.plan[forTrain].back {
				if o.kind == opAgain {
					again++
				}
			}
			m.Observe = func(_ int, y []float32) { outputs = append(outputs, y...) }
			for range 2 {
				tensor.Fill(m.arena, float32(math.NaN()))
				m.Loss(p, n, d.X, d.Labels)
				m.Update(p, SGD{LR: 0.1, Momentum: 0.9}, 0.1)
			}
			m.Forward(p, n, d.X)
			m.Observe = nil
			for i := range m.Layers {
				outputs = append(outputs, m.ForwardTo(p, n, d.X, i)...)
			}
			m.Loss(p, n, d.X, d.Labels)
			return outputs, append(slices.Clone(m.grad), m.value...), again
		}
		outputs, grad, again := step(true)
		wantOutputs, want, _ := step(false)
		require.True(t, tensor.Finite(want), arch)
		asmtest.SameBits(t, wantOutputs, outputs, "%s: outputs", arch)
		asmtest.SameBits(t, want, grad, "%s: gradients and weights", arch)
		if arch == "resnet18" || arch == "wrn-28-4" {
			require.NotZero(t, again, "%s: outputs made again", arch)
		}
	}
}

// The deep networks of the study keep little more than what convolutions made.
func TestStepMemoryIsSmall(t *testing.T) {
	for _, tc := range []struct {
		arch  string
		batch int
		mib   float64
	}{{"resnet18", 128, 337}, {"wrn-28-4", 128, 473}, {"vgg16", 128, 110}, {"simple-cnn", 256, 226}} {
		t.Run(fmt.Sprint(tc.arch, tc.batch), func(t *testing.T) {
			p, err := NewPlan(tc.arch, Shape{3, 32, 32}, 10, tc.batch)
			require.NoError(t, err)
			require.Less(t, float64(p.Memory.Arena)/(1<<20), tc.mib)
		})
	}
}
