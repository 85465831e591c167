package nn

import (
	"fmt"
	"testing"

	"github.com/stretchr/testify/require"

	"randalign/asm"
	"randalign/tensor"
)

// benchNets are those of the peers' script, with its batches.
var benchNets = []struct {
	name, arch string
	in         Shape
	batch      int
}{
	{"cnn5", "simple-cnn-5", Shape{3, 32, 32}, 256},
	{"cnn3", "simple-cnn", Shape{3, 32, 32}, 256},
	{"mlp2048", "mlp-2048-256", Shape{30, 1, 1}, 128},
	{"mlp512", "flatten,dense:512,relu,dense:512,relu,dense:classes", Shape{3, 32, 32}, 256},
	{"vgg16", "vgg16", Shape{3, 32, 32}, 128},
	{"resnet18", "resnet18", Shape{3, 32, 32}, 128},
}

// benchModel is a network at work: a batch has been seen.
func benchModel(b *testing.B, i, threads int) (m *Model[float32], p *tensor.Pool, d *Data) {
	n := benchNets[i]
	m, err := NewModel[float32](n.arch, n.in, 10)
	require.NoError(b, err)
	m.Init(1, HeNormal(0.2))
	return m, tensor.NewPool(threads), blobs(n.batch, n.in, 10, 1)
}

// BenchmarkTrain is whole steps: forward, backward, SGD with momentum.
func BenchmarkTrain(b *testing.B) {
	for i, n := range benchNets {
		for _, threads := range []int{1, 2} {
			b.Run(fmt.Sprintf("%s/threads=%d/%s", n.name, threads, asm.Active().Name), func(b *testing.B) {
				m, p, d := benchModel(b, i, threads)
				defer p.Close()
				plan, err := NewPlan(n.arch, n.in, 10, n.batch)
				require.NoError(b, err)
				step := func() { m.Step(p, n.batch, d.X, d.Labels, SGD{Momentum: 0.9}, 1e-4) }
				step()
				b.ReportAllocs()
				for b.Loop() {
					step()
				}
				s := b.Elapsed().Seconds() / float64(b.N)
				b.ReportMetric(float64(n.batch)/s, "images/s")
				b.ReportMetric(plan.StepFLOPs/s/1e9, "GFLOP/s")
			})
		}
	}
}

// BenchmarkInfer is the logits of a batch, by weights packed once as Evaluate has them, and
// by a single call.
func BenchmarkInfer(b *testing.B) {
	for i, n := range benchNets {
		for _, packed := range []string{"", "/unpacked"} {
			for _, threads := range []int{1, 2} {
				b.Run(fmt.Sprintf("%s%s/threads=%d/%s", n.name, packed, threads, asm.Active().Name), func(b *testing.B) {
					m, p, d := benchModel(b, i, threads)
					defer p.Close()
					if packed == "" {
						m.Prepack(p)
					}
					m.Forward(p, n.batch, d.X)
					b.ReportAllocs()
					for b.Loop() {
						m.Forward(p, n.batch, d.X)
					}
					b.ReportMetric(float64(n.batch)/(b.Elapsed().Seconds()/float64(b.N)), "images/s")
				})
			}
		}
	}
}

// BenchmarkGather is what a step waits for its batch: 256 images of CIFAR's
// size, from all over a large set.
func BenchmarkGather(b *testing.B) {
	for _, threads := range []int{1, 2} {
		b.Run(fmt.Sprintf("256x3072/threads=%d", threads), func(b *testing.B) {
			d := blobs(20000, Shape{3, 32, 32}, 10, 1)
			m, err := NewModel[float32]("flatten,dense:classes", Shape{3, 32, 32}, 10)
			require.NoError(b, err)
			p := tensor.NewPool(threads)
			defer p.Close()
			t, err := NewTrainer(m, Config{Epochs: 1, Batch: 256, Seed: 1}, d, p)
			require.NoError(b, err)
			t.shuffle(1)
			at := 0
			for b.Loop() {
				t.examples(at, t.order[at:at+256])
				at = (at + 256) % (len(t.order) - 256)
			}
			b.SetBytes(2 * 4 * 256 * 3072)
		})
	}
}
