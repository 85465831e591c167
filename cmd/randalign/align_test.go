package main

import (
	"encoding/json"
	"math"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"randalign/nn"
)

func TestAlignMatrices(t *testing.T) {
	dir := t.TempDir()
	a := matrixFile(t, dir, "A.npy", &nn.Array{Shape: []int{2, 2}, F64: []float64{1, 0, 0, 4}})
	b := matrixFile(t, dir, "B.npy", &nn.Array{Shape: []int{2, 2}, F64: []float64{2, 1, 1, 3}})
	status, stdout, stderr := runArgs("align", "--cov-weights", b, "--cov-data", a, "--json")
	require.Zero(t, status, stderr)
	var r map[string]any
	require.NoError(t, json.Unmarshal([]byte(stdout), &r))
	require.InDelta(t, 2*math.Sqrt(6.0/5)-2, r["misalignment"], 1e-12)
	status, stdout, _ = runArgs("align", "--cov-weights", b, "--cov-data", a)
	require.Zero(t, status)
	require.Contains(t, stdout, "misalignment  0.19089")

	big := matrixFile(t, dir, "big.npy", &nn.Array{Shape: []int{3, 3}, F64: make([]float64, 9)})
	odd := matrixFile(t, dir, "odd.npy", &nn.Array{Shape: []int{2, 2}, F64: []float64{1, 2, 3, 4}})
	for _, c := range []struct {
		args []string
		want string
	}{
		{[]string{"--cov-weights", big, "--cov-data", a}, "big.npy: found 3 x 3, expected 2 x 2 as in "},
		{[]string{"--cov-weights", odd, "--cov-data", a}, "odd.npy: "},
		{[]string{"--cov-weights", a, "--cov-data", "none.npy"}, "none.npy: "},
		{[]string{"--cov-weights", b}, "--cov-data: found nothing"},
		{[]string{"--cov-weights", b, "--cov-data", a, "--data", "leaves"}, "--data: found it beside --cov-weights"},
		{[]string{"--data", "leaves"}, "--weights: found nothing"},
		{[]string{"--weights", "w.npz"}, "--data: found nothing"},
		{nil, "--weights: found nothing"},
	} {
		status, stdout, stderr := runArgs(append([]string{"align"}, c.args...)...)
		require.Equal(t, exitBadInput, status, c.args)
		require.Empty(t, stdout)
		require.Contains(t, stderr, c.want)
		require.Equal(t, 1, strings.Count(stderr, "\n"), stderr)
	}
}

func TestInitThenAlign(t *testing.T) {
	dir := t.TempDir()
	out := filepath.Join(dir, "w.safetensors")
	arch := "conv:300x3,relu,flatten,dense:6,relu,dense:classes"
	args := []string{"init", "--data", "leaves", "--limit", "40", "--arch", arch, "--map", "decreasing:0.2", "--layers", "1", "--out", out}
	status, stdout, stderr := runArgs(args...)
	require.Zero(t, status, stderr)
	require.Contains(t, stdout, "300x3x3x3")
	weights, meta, err := nn.ReadSafetensors(out)
	require.NoError(t, err)
	require.Len(t, weights, 6)
	require.Equal(t, "decreasing:0.2", meta["map"])

	status, stdout, stderr = runArgs("align", "--weights", out, "--data", "leaves", "--limit", "40", "--draws", "20", "--json", "--quiet")
	require.Zero(t, status, stderr)
	var r alignResult
	require.NoError(t, json.Unmarshal([]byte(stdout), &r))
	require.Equal(t, 27, r.Dim)
	require.Equal(t, 300, r.Samples)
	require.EqualValues(t, 40*900, r.Vectors)
	require.Equal(t, "decreasing", r.Report.Shape, "what --map asked for")
	require.Less(t, r.Position, 0.5, "drawn in the data's own basis")
	require.True(t, r.PositionKnown)

	taken := filepath.Join(dir, "taken.safetensors")
	status, _, stderr = runArgs("init", "--data", "leaves", "--limit", "40", "--arch", arch, "--map-from", out, "--layers", "1", "--match", "response", "--out", taken, "--json")
	require.Zero(t, status, stderr)
	status, stdout, _ = runArgs("align", "--weights", taken+":0.weight", "--data", "leaves", "--limit", "40", "--draws", "20")
	require.Zero(t, status)
	require.Contains(t, stdout, "f(sigma) is   decreasing")

	for _, c := range []struct {
		args []string
		want string
	}{
		{[]string{"--data", "leaves", "--map", "x", "--out", out}, `map "x": expected one of`},
		{[]string{"--data", "leaves", "--map", "cutoff", "--map-from", out, "--out", out}, "--map-from: found it beside --map"},
		{[]string{"--data", "leaves", "--layers", "0", "--out", out}, `--layers: found "0"`},
		{[]string{"--data", "leaves", "--out", "w.npz"}, "expected .safetensors"},
		{[]string{"--data", "leaves"}, "--out: found nothing"},
		{[]string{"--out", out}, "--data: found nothing"},
		{[]string{"--data", "gaussian:1x5", "--arch", "flatten,dense:classes", "--map-from", out, "--out", out}, "of 3 channels, expected 5"},
	} {
		status, _, stderr := runArgs(append([]string{"init"}, c.args...)...)
		require.Equal(t, exitBadInput, status, c.args)
		require.Contains(t, stderr, c.want)
		require.Equal(t, 1, strings.Count(stderr, "\n"), stderr)
	}
}

func TestInfo(t *testing.T) {
	status, stdout, _ := runArgs("info", "--json", "--kernel", "generic")
	require.Zero(t, status)
	var r map[string]any
	require.NoError(t, json.Unmarshal([]byte(stdout), &r))
	require.Equal(t, "generic", r["kernel"])
	require.Contains(t, r["paths"], "generic")
	status, stdout, _ = runArgs("info", "-v")
	require.Zero(t, status)
	require.Contains(t, stdout, "leaves")
	status, stdout, _ = runArgs("info", "--arch", "simple-cnn", "--batch", "1")
	require.Zero(t, status)
	require.Contains(t, stdout, "parameters  14753482")
	status, stdout, _ = runArgs("info", "--arch", tinyArch, "--data", "gaussian:1x12", "--json")
	require.Zero(t, status)
	var p nn.Plan
	require.NoError(t, json.Unmarshal([]byte(stdout), &p))
	require.Equal(t, 12*9+9+9*10+10, p.Params)
	for _, args := range [][]string{{"--batch", "3"}, {"--data", "leaves"}, {"x"}, {"--arch", "resnet99"}} {
		status, _, stderr := runArgs(append([]string{"info"}, args...)...)
		require.Equal(t, exitBadInput, status)
		require.Equal(t, 1, strings.Count(stderr, "\n"), stderr)
	}
}

func TestEveryHelp(t *testing.T) {
	var names []string
	for _, c := range commands() {
		names = append(names, c.name)
	}
	for _, topic := range topics() {
		names = append(names, topic.name)
	}
	t.Setenv("RANDALIGN_DATA", t.TempDir())
	for _, name := range names {
		status, text, _ := runArgs("help", name)
		require.Zero(t, status)
		if name == "data" {
			continue // says where the data are
		}
		for line := range strings.Lines(text) {
			require.LessOrEqual(t, len(line), 140, line)
		}
	}
}
