package nn

import (
	"bufio"
	"flag"
	"fmt"
	"math"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"randalign/tensor"
)

var writeTorch = flag.String("write-torch", "", "write the starting weights and data of the PyTorch comparison into this folder, for testdata/trajectory.py")

const torchFile = "testdata/torch.txt"

// torchRuns are trained by testdata/trajectory.py with the same settings.
var torchRuns = []struct {
	name, spec string
	in         Shape
	objective  Objective
	sgd        SGD
}{
	{"conv", "conv:16x5,relu,conv:24x3:pad=1:stride=2,relu,flatten,dense:32,relu,dense:classes", Shape{3, 12, 12}, "", SGD{LR: 0.005, Momentum: 0.9, WeightDecay: 1e-3}},
	{"pool", "conv:12x3:pad=1,relu,maxpool:3:stride=2:pad=1,conv:16x3:pad=1,leakyrelu:0.1,avgpool:3:stride=2:pad=1,conv:16x3,relu,maxpool:2:stride=1,gap,flatten,dense:classes", Shape{3, 15, 13}, "", SGD{LR: 0.02, Momentum: 0.9}},
	{"batchnorm", "conv:8x3:pad=1:nobias,batchnorm,relu,res(conv:8x3:pad=1:nobias,batchnorm,relu,conv:8x3:pad=1:nobias,batchnorm),relu,res(conv:16x3:stride=2:pad=1:nobias,batchnorm,relu,conv:16x3:pad=1:nobias,batchnorm|conv:16x1:stride=2:nobias,batchnorm),relu,gap,flatten,dense:classes", Shape{3, 12, 10}, "", SGD{LR: 0.05, Momentum: 0.9, WeightDecay: 5e-4}},
	{"mlp", "flatten,dense:64,tanh,dense:48,gelu,dense:32:nobias,batchnorm,sigmoid,dense:classes", Shape{3, 4, 5}, "", SGD{LR: 0.1, Momentum: 0.9}},
	{"squared error", "flatten,dense:40,gelu,dense:classes", Shape{3, 4, 4}, ObjectiveSquaredError, SGD{LR: 0.1, Momentum: 0.5}},
	{"wide", "conv:32x3:pad=1,relu,conv:48x3:pad=1,relu,maxpool:2,conv:64x3:pad=1:nobias,batchnorm,relu,conv:40x3,relu,gap,flatten,dense:classes", Shape{3, 14, 12}, "", SGD{LR: 0.01, Momentum: 0.9, WeightDecay: 5e-4}},
}

const (
	torchSteps = 30
	torchBatch = 16
)

func torchStart(t *testing.T, i int) (*Model[float32], *Data) {
	r := torchRuns[i]
	m, err := NewModel[float32](r.spec, r.in, 5)
	require.NoError(t, err)
	m.Init(uint64(i), HeNormal(1))
	m.Objective = r.objective
	s := tensor.NewStream(uint64(i), "scales of batch norm") // other than the fresh ones
	for _, p := range m.Params {
		if p.FanIn == 0 {
			for j := range p.Value {
				p.Value[j] += float32(0.1 * s.Normal())
			}
		}
	}
	return m, blobs(6*torchBatch, r.in, 5, uint64(i))
}

// From the same weights and batches, each step's loss is PyTorch's: the
// recorded numbers are those of testdata/trajectory.py.
func TestLossesArePyTorchs(t *testing.T) {
	if *writeTorch != "" {
		for i, r := range torchRuns {
			m, d := torchStart(t, i)
			y := make([]float32, d.N())
			for j, l := range d.Labels {
				y[j] = float32(l)
			}
			tensors := append(m.Weights(), Named{"data.x", append([]int{d.N()}, r.in...), d.X}, Named{"data.y", []int{d.N()}, y})
			require.NoError(t, WriteSafetensors(filepath.Join(*writeTorch, r.name+".safetensors"), tensors, nil))
		}
		t.Skip("wrote the starts to " + *writeTorch)
	}
	recorded := map[string][]float64{}
	b, err := os.ReadFile(torchFile)
	require.NoError(t, err)
	lines := bufio.NewScanner(strings.NewReader(string(b)))
	for lines.Scan() {
		name, numbers, _ := strings.Cut(lines.Text(), ":")
		for _, f := range strings.Fields(numbers) {
			var x float64
			_, err := fmt.Sscan(f, &x)
			require.NoError(t, err)
			recorded[name] = append(recorded[name], x)
		}
	}
	for i, r := range torchRuns {
		t.Run(r.name, func(t *testing.T) {
			m, d := torchStart(t, i)
			p := tensor.NewPool(2)
			defer p.Close()
			want := recorded[r.name]
			require.Len(t, want, torchSteps+1)
			worst := 0.0
			for step := range torchSteps {
				at := step % 6 * torchBatch
				sum, _ := m.Loss(p, torchBatch, d.X[at*d.Size:], d.Labels[at:])
				m.Update(p, r.sgd, r.sgd.LR)
				worst = max(worst, math.Abs(sum/torchBatch/want[step]-1))
				require.InEpsilon(t, want[step], sum/torchBatch, 2e-4, "step %d", step+1)
			}
			require.Less(t, want[torchSteps-1], want[0]/2, "it learns")
			// What batch norm's running statistics came to: the loss in evaluation.
			loss, _ := Evaluate(m, p, d, 32)
			require.InEpsilon(t, want[torchSteps], loss, 1e-3)
			t.Logf("largest relative difference %.2g", worst)
		})
	}
}
