package nn

import (
	"crypto/sha256"
	"encoding/hex"
	"math"
	"os"
	"path/filepath"
	"slices"
	"testing"

	"github.com/stretchr/testify/require"
)

func TestReadWeightsKinds(t *testing.T) {
	dir := t.TempDir()
	at := func(name string) string { return filepath.Join(dir, name) }
	want := []Named{{"2.weight", []int{1, 2}, []float32{1, 2}}, {"10.weight", []int{1}, []float32{3}}}
	require.NoError(t, WriteSafetensors(at("a.SAFETENSORS"), want, nil))
	require.NoError(t, WriteNPZ(at("a.npz"), map[string]*Array{
		"2.weight":               {Shape: []int{1, 2}, F64: []float64{1, 2}},
		"10.weight":              {Shape: []int{1}, F32: []float32{3}},
		"bn.num_batches_tracked": {I64: []int64{7}},
	}))
	for _, name := range []string{"a.SAFETENSORS", "a.npz"} {
		got, err := ReadWeights(at(name))
		require.NoError(t, err)
		require.Equal(t, want, got, name)
	}
	require.NoError(t, WriteNPY(at("a.npy"), &Array{Shape: []int{2}, F64: []float64{0.1, 0.2}}))
	got, err := ReadWeights(at("a.npy"))
	require.NoError(t, err)
	require.Equal(t, []Named{{"", []int{2}, []float32{0.1, 0.2}}}, got)
}

func TestReadWeightsRefuses(t *testing.T) {
	dir := t.TempDir()
	at := func(name string) string { return filepath.Join(dir, name) }
	require.NoError(t, WriteNPY(at("int.npy"), &Array{Shape: []int{1}, U8: []uint8{1}}))
	require.NoError(t, WriteNPY(at("big.npy"), &Array{Shape: []int{2}, F64: []float64{1, 1e39}}))
	require.NoError(t, WriteNPZ(at("int.npz"), map[string]*Array{"w": {Shape: []int{1}, I64: []int64{1}}}))
	require.NoError(t, os.Mkdir(at("dir.npy"), 0o777))
	for _, c := range []struct {
		name string
		want error
		says string
	}{
		{"w.pt", ErrExtension, "save_file"},
		{"w.h5", ErrExtension, `found the ending ".h5", expected .safetensors, .npz or .npy`},
		{"w", ErrExtension, `""`},
		{"none.npz", os.ErrNotExist, ""},
		{"none.safetensors", os.ErrNotExist, ""},
		{"dir.npy", nil, "found a folder, expected a file"},
		{"int.npy", ErrDtype, "found |u1"},
		{"int.npz", ErrDtype, `tensor "w"`},
		{"big.npy", ErrRange, "found 1e+39 at [1]"},
	} {
		_, err := ReadWeights(at(c.name))
		require.ErrorContains(t, err, c.says, c.name)
		if c.want != nil {
			require.ErrorIs(t, err, c.want, c.name)
		}
		oneLine(t, err, at(c.name))
	}
}

func TestCheckFinite(t *testing.T) {
	nan, inf := float32(math.NaN()), float32(math.Inf(-1))
	require.NoError(t, CheckFinite([]Named{{"a", []int{2}, []float32{math.MaxFloat32, -1e-45}}}, "w.npz"))
	err := CheckFinite([]Named{{"a", nil, []float32{1}}, {"b", []int{2, 3}, []float32{0, 0, 0, 0, 0, nan}}}, "w.npz")
	require.ErrorIs(t, err, ErrNotFinite)
	require.EqualError(t, err, `w.npz: tensor "b": not a finite number: found NaN at [1 2]`)
	require.EqualError(t, CheckFinite([]Named{{"", []int{1}, []float32{inf}}}, "w.npy"), `w.npy: not a finite number: found -Inf at [0]`)
}

func TestWeightsDigest(t *testing.T) {
	tensors := []Named{{"b", []int{}, []float32{1}}, {"ab", []int{1, 2}, []float32{-2, 0.5}}}
	// The encoding by hand, in name order.
	bytes := "\x02\x00\x00\x00\x00\x00\x00\x00ab\x02\x00\x00\x00\x00\x00\x00\x00\x01\x00\x00\x00\x00\x00\x00\x00\x02\x00\x00\x00\x00\x00\x00\x00" +
		"\x00\x00\x00\xc0\x00\x00\x00\x3f" +
		"\x01\x00\x00\x00\x00\x00\x00\x00b\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x80\x3f"
	sum := sha256.Sum256([]byte(bytes))
	want := hex.EncodeToString(sum[:])
	require.Equal(t, want, WeightsDigest(tensors))
	require.Equal(t, "b", tensors[0].Name, "the argument keeps its order")
	slices.Reverse(tensors)
	require.Equal(t, want, WeightsDigest(tensors))
	tensors[0].Shape = []int{2, 1}
	require.NotEqual(t, want, WeightsDigest(tensors))
}

func TestNaturalOrder(t *testing.T) {
	sorted := []string{"", "0.bias", "0.weight", "02.weight", "2.weight", "10.weight", "100", "a", "a1b", "a1b2", "a2", "a10", "b"}
	for i, a := range sorted {
		for j, b := range sorted {
			require.Equal(t, i < j, naturalOrder(a, b) < 0, "%q %q", a, b)
			require.Equal(t, i == j, naturalOrder(a, b) == 0, "%q %q", a, b)
		}
	}
}
