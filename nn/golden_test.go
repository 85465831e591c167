package nn

import (
	"bufio"
	"context"
	"flag"
	"fmt"
	"os"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"randalign/tensor"
)

var update = flag.Bool("update", false, "rewrite testdata/digests.txt; say in the commit why the bits moved, and raise Arithmetic")

const digestFile = "testdata/digests.txt"

var goldenRuns = []struct{ name, spec string }{
	{"cnn", "conv:7x3,relu,flatten,dense:9,relu,dense:classes"},
	{"cnn-padded", "conv:5x3:pad=1,relu,conv:6x3:stride=2,relu,flatten,dense:classes"},
	{"mlp", "flatten,dense:33,relu,dense:17,relu,dense:classes"},
	{"pooled", "conv:7x3,maxpool:2,relu,conv:9x3:pad=1,leakyrelu:0.1,avgpool:3:stride=2:pad=1,maxpool:2:stride=1,flatten,dropout:0.3,dense:classes"},
	{"residual", "conv:6x3:pad=1:nobias,batchnorm,relu,res(conv:6x3:pad=1:nobias,batchnorm,relu,conv:6x3:pad=1:nobias,batchnorm),relu,res(conv:9x3:stride=2:pad=1:nobias,batchnorm,relu,conv:9x3:pad=1:nobias,batchnorm|conv:9x1:stride=2:nobias,batchnorm),relu,gap,flatten,dense:classes"},
	{"algorithms", "conv:32x3:pad=1,relu,conv:40x3:pad=1,relu,maxpool:2,conv:33x3:pad=1:nobias,batchnorm,relu,maxpool:2,conv:20x3:pad=1,relu,flatten,dense:classes"},
	{"strided", "conv:33x3,relu,conv:40x3:stride=2:pad=1:nobias,batchnorm,relu,conv:32x3:pad=1,relu,flatten,dense:classes"},
	{"few-channels", "conv:35x5:pad=1,relu,flatten,dense:9,relu,dense:classes"},
	{"smooth", "flatten,dense:33,tanh,dense:21:nobias,batchnorm,gelu,dense:17,sigmoid,dense:classes"},
}

// Short trainings end in the same bits on every machine: the file is the same
// for amd64 and arm64, for all kernel paths and for GOAMD64=v1 and v3.
func TestGoldenDigests(t *testing.T) {
	got := fmt.Sprintf("arithmetic %d\n", Arithmetic)
	for _, r := range goldenRuns {
		digest, m, d := trainSmall(t, r.spec, 2, 2)
		p := tensor.NewPool(1)
		loss, _ := Evaluate(m, p, d, 32)
		p.Close()
		got += fmt.Sprintf("%s %s %x\n", r.name, digest, loss)
	}
	if *update {
		require.NoError(t, os.WriteFile(digestFile, []byte(got), 0o644))
	}
	want, err := os.ReadFile(digestFile)
	require.NoError(t, err)
	w := bufio.NewScanner(strings.NewReader(string(want)))
	for line := range strings.Lines(got) {
		require.True(t, w.Scan(), "%s lacks %s", digestFile, line)
		require.Equal(t, w.Text(), strings.TrimSuffix(line, "\n"))
	}
}

func TestResumedTrainingEndsInTheSameBits(t *testing.T) {
	in := Shape{3, 10, 10}
	d := blobs(70, in, 4, 1)
	p := tensor.NewPool(2)
	defer p.Close()
	const resumed = "conv:7x3:nobias,batchnorm,relu,maxpool:2,flatten,dropout:0.2,dense:9,relu,dense:classes"
	fresh := func() *Trainer {
		m, err := NewModel[float32](resumed, in, 4)
		require.NoError(t, err)
		m.Init(7, HeNormal(1))
		tr, err := NewTrainer(m, Config{Epochs: 3, Batch: 16, Seed: 7, SGD: SGD{LR: 0.01, Momentum: 0.9}}, d, p)
		require.NoError(t, err)
		return tr
	}
	whole := fresh()
	var epochs []float64
	note := func(list *[]float64) func(StepInfo) error {
		return func(i StepInfo) error {
			if i.EpochEnd {
				*list = append(*list, i.EpochAccuracy)
			}
			return nil
		}
	}
	require.NoError(t, whole.Run(context.Background(), note(&epochs)))
	for stop := range 16 {
		dir := t.TempDir()
		a := fresh()
		for range stop {
			_, err := a.Step()
			require.NoError(t, err)
			_, err = a.SaveCheckpoint(dir, "run")
			require.NoError(t, err)
		}
		require.LessOrEqual(t, len(checkpoints(dir)), checkpointKeep)
		b := fresh()
		ok, warnings, err := b.Resume(dir, "run")
		require.NoError(t, err)
		require.Empty(t, warnings)
		require.Equal(t, stop > 0, ok)
		require.Equal(t, stop, b.Steps())
		var rest []float64
		require.NoError(t, b.Run(context.Background(), note(&rest)))
		require.Equal(t, whole.Model.Digest(), b.Model.Digest())
		require.ElementsMatch(t, epochs[len(epochs)-len(rest):], rest)
		if stop < 2 {
			continue
		}
		// A damaged file is named and the one before it is taken.
		files := checkpoints(dir)
		last := files[len(files)-1]
		bytes, err := os.ReadFile(last)
		require.NoError(t, err)
		bytes[len(bytes)-3] ^= 1
		require.NoError(t, os.WriteFile(last, bytes, 0o644))
		c := fresh()
		ok, warnings, err = c.Resume(dir, "run")
		require.NoError(t, err)
		require.True(t, ok)
		require.Len(t, warnings, 1)
		require.Contains(t, warnings[0], last)
		require.Equal(t, stop-1, c.Steps())
		_, _, err = fresh().Resume(dir, "other settings")
		require.ErrorContains(t, err, "other settings")
	}
}
