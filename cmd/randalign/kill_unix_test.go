//go:build unix

package main

import (
	"encoding/json"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// randalign is a process of its own with this command line.
func randalign(args ...string) *exec.Cmd {
	c := exec.Command(os.Args[0], args...)
	c.Env = append(os.Environ(), mainVariable+"=1")
	return c
}

func digestOf(t *testing.T, dir string) string {
	b, err := os.ReadFile(filepath.Join(dir, "result.json"))
	require.NoError(t, err)
	var r struct {
		Digest string `json:"weights_sha256"`
	}
	require.NoError(t, json.Unmarshal(b, &r))
	require.Len(t, r.Digest, 64)
	return r.Digest
}

// Whenever a training is killed, it goes on to the weights of the undisturbed
// one: with momentum, running statistics, dropout and a schedule.
func TestKilledTrainingResumes(t *testing.T) {
	dir := t.TempDir()
	args := func(out string) []string {
		return []string{"train", "--data", "leaves", "--limit", "400", "--arch", "conv:8x5:nobias,batchnorm,relu,maxpool:2,flatten,dropout:0.3,dense:16,relu,dense:classes",
			"--epochs", "6", "--batch", "32", "--test-limit", "50", "--lr-schedule", "cosine", "--weight-decay", "1e-3", "--decay", "weights", "--checkpoint-every", "3", "--quiet", "--out", filepath.Join(dir, out)}
	}
	start := time.Now()
	out, err := randalign(args("whole")...).CombinedOutput()
	require.NoError(t, err, string(out))
	whole := time.Since(start)
	want := digestOf(t, filepath.Join(dir, "whole"))
	kills := 20
	if testing.Short() {
		kills = 4
	}
	resumed := 0
	for i := range kills {
		name := "killed" + string(rune('a'+i))
		c := randalign(args(name)...)
		require.NoError(t, c.Start())
		time.Sleep(time.Duration(rand.Int64N(int64(whole))))
		require.NoError(t, c.Process.Kill())
		c.Wait()
		if list, _ := filepath.Glob(filepath.Join(dir, name, "checkpoint-*")); len(list) > 0 {
			resumed++
		}
		out, err := randalign(append(args(name), "--resume")...).CombinedOutput()
		require.NoError(t, err, string(out))
		require.Equal(t, want, digestOf(t, filepath.Join(dir, name)))
		left, err := filepath.Glob(filepath.Join(dir, name, ".*"))
		require.NoError(t, err)
		require.Empty(t, left)
	}
	t.Logf("%d trainings killed within %v, %d of them behind a checkpoint", kills, whole, resumed)
}
