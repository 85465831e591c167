package main

import (
	"encoding/json"
	"math"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"randalign/asm"
	"randalign/nn"
)

const tinyArch = "flatten,dense:9,relu,dense:classes"

// tiny is a training of milliseconds into the folder out.
func tiny(out string, more ...string) []string {
	return append([]string{"train", "--data", "gaussian:0.5..2.0x12:n=70", "--arch", tinyArch, "--epochs", "3", "--batch", "16", "--test-limit", "20", "--out", out}, more...)
}

func TestTrain(t *testing.T) {
	dir := t.TempDir()
	digests := map[any]bool{}
	for _, path := range asm.Paths() {
		for _, threads := range []string{"1", "3"} {
			out := filepath.Join(dir, path+threads)
			status, stdout, stderr := runArgs(tiny(out, "--labels", "random", "--json", "--kernel", path, "--threads", threads)...)
			require.Zero(t, status, stderr)
			var r, file map[string]any
			require.NoError(t, json.Unmarshal([]byte(stdout), &r))
			b, err := os.ReadFile(filepath.Join(out, "result.json"))
			require.NoError(t, err)
			require.NoError(t, json.Unmarshal(b, &file))
			require.Equal(t, file, r)
			require.Equal(t, path, r["kernel"])
			require.Equal(t, 15.0, r["steps"])
			digests[r["weights_sha256"]] = true
		}
	}
	require.Len(t, digests, 1)

	out := filepath.Join(dir, "text")
	status, stdout, stderr := runArgs(tiny(out, "--labels", "random", "--quiet")...)
	require.Zero(t, status)
	require.Empty(t, stderr)
	for _, want := range []string{"training accuracy 0.", "(70 examples)", "test accuracy ", "(20 examples)", "15 steps, 3 epochs", filepath.Join(out, "weights.safetensors")} {
		require.Contains(t, stdout, want)
	}
	status, again, _ := runArgs(tiny(out, "--labels", "random", "--quiet", "--resume")...)
	require.Zero(t, status)
	require.Equal(t, stdout, again)
}

func TestTrainRefuses(t *testing.T) {
	dir := t.TempDir()
	run := filepath.Join(dir, "run")
	status, _, stderr := runArgs(tiny(run)...)
	require.Zero(t, status, stderr)
	file := filepath.Join(run, "config.json")
	cut := filepath.Join(dir, "cut.safetensors")
	b, err := os.ReadFile(filepath.Join(run, "weights.safetensors"))
	require.NoError(t, err)
	require.NoError(t, os.WriteFile(cut, b[:len(b)-3], 0o666))
	nan := filepath.Join(dir, "nan.npz")
	weights, err := nn.ReadWeights(filepath.Join(run, "weights.safetensors"))
	require.NoError(t, err)
	weights[1].Data[5] = float32(math.NaN())
	arrays := map[string]*nn.Array{}
	for _, w := range weights {
		arrays[w.Name] = &nn.Array{Shape: w.Shape, F32: w.Data}
	}
	require.NoError(t, nn.WriteNPZ(nan, arrays))
	fresh := filepath.Join(dir, "fresh")
	for _, c := range []struct {
		args []string
		want string
	}{
		{tiny(run), "--out: " + run + ": holds a finished run (result.json)"},
		{tiny(run, "--resume", "--lr", "0.5"), `field "lr": found 0.01, expected 0.5`},
		{tiny(file), "found a file, expected a folder"},
		{tiny(filepath.Join(file, "x")), "--out: " + filepath.Join(file, "x") + ": "},
		{[]string{"train"}, "--out: found nothing, expected a folder"},
		{tiny(fresh, "x"), `train: found the argument "x"`},
		{tiny(fresh, "--data", "cifar1O"), "cifar10"},
		{tiny(fresh, "--arch", "conv:8x99,flatten,dense:10"), "conv"},
		{tiny(fresh, "--split", "9"), `--split: found "9", expected START:END`},
		{tiny(fresh, "--split", "9:3"), `--split: found "9:3"`},
		{tiny(fresh, "--split=-1:3"), `--split: found "-1:3"`},
		{tiny(fresh, "--split", "0:71"), "within the 70 training examples"},
		{tiny(fresh, "--init", cut), "cut.safetensors: "},
		{tiny(fresh, "--init", nan), `nan.npz: tensor "1.weight": not a finite number`},
		{tiny(fresh, "--init", "covariance:"+nan), `nan.npz: tensor "1.weight": not a finite number`},
		{tiny(fresh, "--order", "random"), "--order: found"},
	} {
		status, stdout, stderr := runArgs(c.args...)
		require.Equal(t, exitBadInput, status, c.args)
		require.Empty(t, stdout)
		require.Contains(t, stderr, c.want)
		require.Equal(t, 1, strings.Count(stderr, "\n"), stderr)
		require.NoDirExists(t, fresh)
	}
}

func TestTrainInterrupted(t *testing.T) {
	if runtime.GOOS == "windows" {
		t.Skip("a process cannot interrupt itself there")
	}
	self, err := os.FindProcess(os.Getpid())
	require.NoError(t, err)
	out := filepath.Join(t.TempDir(), "run")
	stopped := make(chan struct{})
	go func() {
		defer close(stopped)
		log := filepath.Join(out, "log.jsonl")
		for range 2000 {
			if info, err := os.Stat(log); err == nil && info.Size() > 0 {
				break
			}
			time.Sleep(10 * time.Millisecond)
		}
		self.Signal(os.Interrupt)
	}()
	args := tiny(out, "--epochs", "10000000", "--eval-every", "10")
	status, stdout, stderr := runArgs(args...)
	<-stopped
	require.Equal(t, exitInterrupted, status, stderr)
	require.Empty(t, stdout)
	require.Contains(t, stderr, "to go on where it stopped: "+shellQuote(append(os.Args[:1:1], append(args, "--resume")...)))
	list, err := filepath.Glob(filepath.Join(out, "checkpoint-*.safetensors"))
	require.NoError(t, err)
	require.Len(t, list, 1)
}
