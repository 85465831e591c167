package experiments

import (
	"context"
	"encoding/json"
	"math"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"randalign/nn"
	"randalign/tensor"
)

// smallTraining takes milliseconds.
func smallTraining() TrainConfig {
	c := DefaultTraining()
	c.Data, c.Arch = "gaussian:0.5..2.0x12:n=70", "flatten,dense:9,relu,dense:7,relu,dense:classes"
	c.Labels, c.Epochs, c.Batch, c.LR, c.TestLimit, c.LRSteps = "random:3", 6, 16, 0.02, 30, 3
	return c
}

var testProvenance = Provenance{Version: "test", Arithmetic: nn.Arithmetic}

// trainIn trains in dir; stopAt > 0 ends the context after that step.
func trainIn(t *testing.T, dir string, c TrainConfig, resume bool, stopAt int) (*TrainResult, error) {
	t.Helper()
	ctx, cancel := context.WithCancel(context.Background())
	defer cancel()
	tr, err := NewTraining(c, testProvenance)
	require.NoError(t, err)
	p := tensor.NewPool(2)
	defer p.Close()
	done, err := tr.CheckFolder(dir, resume)
	if done != nil || err != nil {
		return done, err
	}
	if err = tr.Load(ctx, p); err != nil {
		return nil, err
	}
	require.NoError(t, os.MkdirAll(dir, 0o777))
	if _, err = tr.Start(dir, resume, func(string) {}); err != nil {
		return nil, err
	}
	step := tr.trainer.Steps()
	return tr.Run(ctx, p, func(int, int, float64) {
		if step++; step == stopAt {
			cancel()
		}
	})
}

// logOf returns the lines of a log without what only the clock knows.
func logOf(t *testing.T, dir string) []map[string]any {
	t.Helper()
	b, err := os.ReadFile(filepath.Join(dir, logName))
	require.NoError(t, err)
	var list []map[string]any
	for line := range strings.Lines(string(b)) {
		var m map[string]any
		require.NoError(t, json.Unmarshal([]byte(line), &m), line)
		delete(m, "examples_per_s")
		list = append(list, m)
	}
	return list
}

func TestTrainingGoesOnFromAnyStep(t *testing.T) {
	c := smallTraining()
	c.CheckpointEvery, c.EvalEvery = 4, 2
	whole := t.TempDir()
	want, err := trainIn(t, whole, c, false, 0)
	require.NoError(t, err)
	require.Equal(t, 30, want.Steps)
	require.Nil(t, want.TestAccuracy, "three random classes, ten real ones")
	// 10 is the end of an epoch, just before its evaluation; 30 the end.
	for _, stop := range []int{1, 4, 7, 10, 29, 30} {
		dir := t.TempDir()
		_, err := trainIn(t, dir, c, false, stop)
		require.ErrorIs(t, err, context.Canceled)
		_, err = trainIn(t, dir, c, false, 0)
		require.ErrorContains(t, err, "holds a run (config.json)")
		// What a killed process leaves beyond its checkpoint, and a torn line.
		f, err := os.OpenFile(filepath.Join(dir, logName), os.O_APPEND|os.O_WRONLY, 0)
		require.NoError(t, err)
		_, err = f.WriteString(`{"kind":"step","step":31}` + "\n" + `{"kind":"st`)
		require.NoError(t, err)
		require.NoError(t, f.Close())
		got, err := trainIn(t, dir, c, true, 0)
		require.NoError(t, err, "stopped at %d", stop)
		require.Equal(t, want.WeightsSHA256, got.WeightsSHA256)
		require.Equal(t, stop, got.ResumedAt)
		require.Equal(t, logOf(t, whole), logOf(t, dir), "stopped at %d", stop)
		left, err := filepath.Glob(filepath.Join(dir, "checkpoint-*"))
		require.NoError(t, err)
		require.Empty(t, left)
		again, err := trainIn(t, dir, c, true, 0)
		require.NoError(t, err)
		require.Equal(t, got, again, "a finished run shows its result")
	}
	weights, meta, err := nn.ReadSafetensors(filepath.Join(whole, WeightsName))
	require.NoError(t, err)
	require.Equal(t, want.WeightsSHA256, nn.WeightsDigest(weights))
	require.Equal(t, want.Run, meta["config"])
	require.Len(t, logOf(t, whole), 30+4, "30 steps; evaluations after epochs 0, 2, 4, 6")
}

// Watching reaches no weight, and what does is refused when it changes.
func TestTrainingSettings(t *testing.T) {
	c := smallTraining()
	dir := t.TempDir()
	want, err := trainIn(t, dir, c, false, 0)
	require.NoError(t, err)
	for i, change := range []func(c *TrainConfig){
		func(c *TrainConfig) { c.EvalEvery, c.LogEvery, c.CheckpointEvery, c.TestLimit = 0, 7, 1, 0 },
		func(c *TrainConfig) { c.Order = "sequential" },
		func(c *TrainConfig) { c.Limit = 60 },
		func(c *TrainConfig) { c.Split = [2]int{0, 60} },
		func(c *TrainConfig) { c.Seed = 2 },
		func(c *TrainConfig) { c.InitScale = 0.5 },
		func(c *TrainConfig) { c.Init = "glorot" },
		func(c *TrainConfig) { c.Init = "eigenmap:decreasing" },
		func(c *TrainConfig) { c.WeightDecay = 0.01 },
		func(c *TrainConfig) { c.WeightDecay, c.Decay = 0.01, "weights" },
		func(c *TrainConfig) { c.LRSteps, c.LRSchedule = 0, "cosine" },
		func(c *TrainConfig) { c.Loss = "mse" },
		func(c *TrainConfig) { c.Init = "orthogonal" },
		func(c *TrainConfig) { c.Init, c.InitLayers = "lecun-uniform", 2 },
		func(c *TrainConfig) { c.Init = "lsuv" },
		func(c *TrainConfig) { c.Init = "whiten:1e-3" },
		func(c *TrainConfig) { c.Init, c.InitLayers = "kmeans", 2 },
	} {
		other := smallTraining()
		change(&other)
		got, err := trainIn(t, t.TempDir(), other, false, 0)
		require.NoError(t, err)
		require.Equal(t, i == 0, want.WeightsSHA256 == got.WeightsSHA256, "change %d", i)
		_, err = trainIn(t, dir, other, true, 0)
		if i == 0 {
			require.NoError(t, err)
			continue
		}
		require.ErrorContains(t, err, "config.json: field ", "change %d", i)
	}
	other := smallTraining()
	other.LR = 0.03
	_, err = trainIn(t, dir, other, true, 0)
	require.EqualError(t, err, filepath.Join(dir, configName)+`: field "lr": found 0.02, expected 0.03 as on this command line; another run needs another folder`)
}

// The start of a second training is a file of weights; `init` and an eigenmap
// start are the same.
func TestTrainingStartsFromFiles(t *testing.T) {
	dir := t.TempDir()
	c := smallTraining()
	c.Init = "eigenmap"
	want, err := trainIn(t, filepath.Join(dir, "a"), c, false, 0)
	require.NoError(t, err)
	p := tensor.NewPool(1)
	defer p.Close()
	start, err := StartEigenmap(context.Background(), EigenmapConfig{Data: c.Data, Arch: c.Arch, Map: "unimodal", Samples: 2000, InitScale: 1, Seed: 1, Match: nn.MatchNorm}, testProvenance, p, func(string, int, int) {})
	require.NoError(t, err)
	require.Equal(t, "5.weight", start.Layers[2].Tensor)
	for i, s := range start.Tensors { // a head for three classes
		if strings.HasPrefix(s.Name, "5.") {
			start.Tensors[i].Shape[0] = 3
			start.Tensors[i].Data = s.Data[:len(s.Data)/10*3]
		}
	}
	file := filepath.Join(dir, "w.safetensors")
	require.NoError(t, nn.WriteSafetensors(file, start.Tensors, start.Meta))
	c.Init, c.InitLayers = file, 2
	got, err := trainIn(t, filepath.Join(dir, "b"), c, false, 0)
	require.NoError(t, err)
	c.Init = "eigenmap"
	two, err := trainIn(t, filepath.Join(dir, "c"), c, false, 0)
	require.NoError(t, err)
	require.Equal(t, two.WeightsSHA256, got.WeightsSHA256)
	require.NotEqual(t, want.WeightsSHA256, got.WeightsSHA256, "three layers are not two")

	c.Init, c.InitLayers, c.Rescale = "covariance:"+file, 0, true
	_, err = trainIn(t, filepath.Join(dir, "d"), c, false, 0)
	require.NoError(t, err)
	// The file changes while the run is interrupted.
	run := filepath.Join(dir, "e")
	_, err = trainIn(t, run, c, false, 3)
	require.ErrorIs(t, err, context.Canceled)
	for i := range start.Tensors[0].Data {
		start.Tensors[0].Data[i]++
	}
	for _, s := range start.Tensors {
		s.Data[0] += 3
	}
	require.NoError(t, nn.WriteSafetensors(file, start.Tensors, start.Meta))
	_, err = trainIn(t, run, c, true, 0)
	require.ErrorContains(t, err, "cannot resume, since the file of --init changed")
}

func TestTrainingThatFails(t *testing.T) {
	c := smallTraining()
	c.LR, c.Arch = 1e6, "flatten,dense:9,dense:9,dense:classes"
	dir := t.TempDir()
	r, err := trainIn(t, dir, c, false, 0)
	require.NoError(t, err)
	require.ErrorContains(t, r.Failure(), "diverged")
	require.FileExists(t, filepath.Join(dir, resultName))
	again, err := trainIn(t, dir, c, true, 0)
	require.NoError(t, err)
	require.Equal(t, r, again)

	m, err := nn.NewModel[float32](smallTraining().Arch, nn.Shape{12, 1, 1}, 3)
	require.NoError(t, err)
	m.Init(1, nn.HeNormal(1))
	for i := range m.Param("3.bias").Value {
		m.Param("3.bias").Value[i] = -1e6
	}
	file := filepath.Join(t.TempDir(), "w.safetensors")
	require.NoError(t, nn.WriteSafetensors(file, m.Weights(), nil))
	c = smallTraining()
	c.Init = file
	r, err = trainIn(t, t.TempDir(), c, false, 0)
	require.NoError(t, err)
	require.ErrorContains(t, r.Failure(), "step 0: the network is dead")
	require.ErrorContains(t, r.Failure(), "element 4 of")
	require.Equal(t, m.Digest(), r.WeightsSHA256)
	require.Equal(t, Units{Layer: 4, Units: 7, Dead: 7}, r.Units[1])
	require.Zero(t, r.Steps)
}

func TestTrainingTarget(t *testing.T) {
	c := smallTraining()
	c.Epochs, c.LR, c.LRSteps, c.TargetAccuracy = 400, 0.05, 0, 0.9
	r, err := trainIn(t, t.TempDir(), c, false, 0)
	require.NoError(t, err)
	require.True(t, r.ReachedTarget)
	require.Less(t, r.Epochs, 400)
	require.Zero(t, r.Steps%5)
	require.Greater(t, r.TrainAccuracy, 0.8)
}

func TestTrainingRefuses(t *testing.T) {
	nan := filepath.Join(t.TempDir(), "nan.npz")
	require.NoError(t, nn.WriteNPZ(nan, map[string]*nn.Array{"1.weight": {Shape: []int{1}, F32: []float32{float32(math.NaN())}}}))
	small := filepath.Join(t.TempDir(), "small.npy")
	require.NoError(t, nn.WriteNPY(small, &nn.Array{Shape: []int{2, 2}, F64: []float64{1, 0, 0, 1}}))
	for _, c := range []struct {
		change func(c *TrainConfig)
		want   string
	}{
		{func(c *TrainConfig) { c.Data = "cifar1O" }, "cifar10"},
		{func(c *TrainConfig) { c.Arch = "conv:8x99,flatten,dense:classes" }, "does not fit"},
		{func(c *TrainConfig) { c.Arch = "flatten,dense:10" }, "its output is 10 for 3 classes"},
		{func(c *TrainConfig) { c.Arch = "flatten,dense:1000000,dense:1000000,dense:classes" }, "this machine has"},
		{func(c *TrainConfig) { c.Labels = "random:1" }, "labels: found"},
		{func(c *TrainConfig) { c.Labels = "fake" }, "labels: found"},
		{func(c *TrainConfig) { c.Batch = 0 }, "batch: found 0"},
		{func(c *TrainConfig) { c.LogEvery = 0 }, "log-every: found 0"},
		{func(c *TrainConfig) { c.InitScale = 0 }, "init-scale: found 0"},
		{func(c *TrainConfig) { c.Order = "random" }, "order: found"},
		{func(c *TrainConfig) { c.TargetAccuracy = 2 }, "target-accuracy: found 2"},
		{func(c *TrainConfig) { c.Split = [2]int{60, 80} }, "split: found 60:80"},
		{func(c *TrainConfig) { c.Init = "lsuv:2" }, "init: found \"lsuv:2\", expected he, he-uniform, glorot"},
		{func(c *TrainConfig) { c.Init = "whiten:0" }, "expected whiten or whiten:EPS with a positive number"},
		{func(c *TrainConfig) { c.LRSchedule = "cosine" }, "lr-steps: found 3 with --lr-schedule cosine"},
		{func(c *TrainConfig) { c.LRSchedule = "linear" }, "lr-schedule: found \"linear\", expected step or cosine"},
		{func(c *TrainConfig) { c.Decay = "biases" }, "decay: found"},
		{func(c *TrainConfig) { c.Loss = "hinge" }, "loss: found"},
		{func(c *TrainConfig) { c.TargetLoss = -1 }, "target-loss: found -1"},
		{func(c *TrainConfig) { c.Init = "he:2" }, "init: found"},
		{func(c *TrainConfig) { c.Init = "covariance:" }, "without a file"},
		{func(c *TrainConfig) { c.Init = "covariance:" + small }, "small.npy: found 2 x 2, expected 12 x 12"},
		{func(c *TrainConfig) { c.Init = "eigenmap:flat" }, `map "flat"`},
		{func(c *TrainConfig) { c.Init = "none.safetensors" }, "none.safetensors: no such file"},
		{func(c *TrainConfig) { c.Init = nan }, `tensor "1.weight": found shape [1], expected [9 12]`},
		{func(c *TrainConfig) { c.Rescale = true }, "rescale: found it with --init he"},
		{func(c *TrainConfig) { c.InitLayers = 1 }, "init-layers: found it with --init he"},
		{func(c *TrainConfig) { c.Init, c.InitLayers = "covariance:x", 2 }, "the first layer only"},
		{func(c *TrainConfig) { c.Normalize = "best" }, "normalize: found"},
	} {
		config := smallTraining()
		c.change(&config)
		tr, err := NewTraining(config, testProvenance)
		if err == nil {
			p := tensor.NewPool(1)
			err = tr.Load(context.Background(), p)
			p.Close()
		}
		require.ErrorContains(t, err, c.want)
		require.NotContains(t, err.Error(), "\n")
	}
	file := filepath.Join(t.TempDir(), "file")
	require.NoError(t, os.WriteFile(file, nil, 0o666))
	_, err := trainIn(t, file, smallTraining(), false, 0)
	require.ErrorContains(t, err, "found a file, expected a folder")
	odd := filepath.Join(t.TempDir(), "a[b]*")
	_, err = trainIn(t, odd, smallTraining(), false, 0)
	require.NoError(t, err)
	_, err = trainIn(t, odd, smallTraining(), false, 0)
	require.ErrorContains(t, err, "holds a finished run")
}
