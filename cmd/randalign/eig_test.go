package main

import (
	"encoding/json"
	"math"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"randalign/nn"
)

func matrixFile(t *testing.T, dir, name string, a *nn.Array) string {
	t.Helper()
	path := filepath.Join(dir, name)
	require.NoError(t, nn.WriteNPY(path, a))
	return path
}

func TestEig(t *testing.T) {
	dir := t.TempDir()
	out := filepath.Join(dir, "eig.npz")
	for _, a := range []*nn.Array{
		{Shape: []int{3, 3}, F64: []float64{2, 1, 0, 1, 2, 0, 0, 0, 5}},
		{Shape: []int{3, 3}, F32: []float32{2, 1, 0, 1, 2, 0, 0, 0, 5}},
	} {
		status, stdout, stderr := runArgs("eig", "--json", matrixFile(t, dir, "a.npy", a), "--out", out)
		require.Zero(t, status, stderr)
		var r map[string]any
		require.NoError(t, json.Unmarshal([]byte(stdout), &r))
		require.InDeltaSlice(t, []any{1.0, 3.0, 5.0}, r["values"], 1e-14)
		require.Equal(t, 3.0, r["n"])
		for _, field := range []string{"residual", "orthogonality", "sweeps", "seconds"} {
			require.Contains(t, r, field)
		}
		require.Less(t, r["residual"], 10.0)
		require.Less(t, r["orthogonality"], 10.0)

		file, err := nn.ReadNPZ(out)
		require.NoError(t, err)
		require.Len(t, file, 2)
		require.InDeltaSlice(t, []float64{1, 3, 5}, file["values"].F64, 1e-14)
		h := math.Sqrt(0.5)
		require.Equal(t, []int{3, 3}, file["vectors"].Shape)
		require.InDeltaSlice(t, []float64{h, h, 0, -h, h, 0, 0, 0, 1}, absFirst(file["vectors"].F64), 1e-14)
	}
	status, text, _ := runArgs("eig", filepath.Join(dir, "a.npy"))
	require.Zero(t, status)
	require.Contains(t, text, "3 x 3, ")
	require.Contains(t, text, "values, ascending:\n")
	require.Equal(t, 8-1, strings.Count(text, "\n"))
}

// absFirst turns the first column's sign, which rounding decides here, so that
// its upper component is positive.
func absFirst(v []float64) []float64 {
	if v[0] < 0 {
		for i := 0; i < len(v); i += 3 {
			v[i] = -v[i]
		}
	}
	return v
}

func TestEigRefuses(t *testing.T) {
	dir := t.TempDir()
	file := func(name string, shape []int, data ...float64) string {
		return matrixFile(t, dir, name, &nn.Array{Shape: shape, F64: data})
	}
	good := file("good.npy", []int{1, 1}, 1)
	ints := matrixFile(t, dir, "ints.npy", &nn.Array{Shape: []int{1, 1}, I64: []int64{1}})
	garbage := filepath.Join(dir, "garbage.npy")
	require.NoError(t, os.WriteFile(garbage, []byte("hello"), 0o666))
	for _, c := range []struct {
		args []string
		says []string
	}{
		{nil, []string{"eig: found no argument, expected a .npy file"}},
		{[]string{good, good}, []string{"expected only a .npy file"}},
		{[]string{"missing.npy"}, []string{"missing.npy: ", "no such file"}},
		{[]string{dir}, []string{dir, "found a folder"}},
		{[]string{garbage}, []string{garbage, "cut short"}},
		{[]string{ints}, []string{ints, "found elements of type <i8, expected f4 or f8"}},
		{[]string{file("vector.npy", []int{2}, 1, 2)}, []string{"vector.npy: found the shape [2]"}},
		{[]string{file("empty.npy", []int{0, 0})}, []string{"empty.npy: found the shape [0 0]"}},
		{[]string{file("wide.npy", []int{1, 2}, 1, 2)}, []string{"wide.npy: ", "not square", "1 x 2"}},
		{[]string{file("s.npy", []int{2, 2}, 1, 2, 3, 4)}, []string{"s.npy: ", "symmetric", "row 0, column 1"}},
		{[]string{file("nan.npy", []int{2, 2}, 1, math.NaN(), math.NaN(), 1)}, []string{"nan.npy: ", "NaN at row 0, column 1"}},
		{[]string{good, "--out", "x.npy"}, []string{`--out: found the ending ".npy" in x.npy, expected .npz`}},
		{[]string{good, "--out", filepath.Join(dir, "no", "x.npz")}, []string{"--out: found no folder"}},
		{[]string{good, "--seed", "1"}, []string{"eig takes no flag --seed"}},
	} {
		status, stdout, stderr := runArgs(append([]string{"eig"}, c.args...)...)
		require.Equal(t, exitBadInput, status, stderr)
		require.Empty(t, stdout)
		require.Equal(t, 1, strings.Count(stderr, "\n"), stderr)
		for _, s := range c.says {
			require.Contains(t, stderr, s)
		}
	}
}
