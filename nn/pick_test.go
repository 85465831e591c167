package nn

import (
	"math"
	"testing"

	"github.com/stretchr/testify/require"

	"randalign/tensor"
)

func TestSplitTensor(t *testing.T) {
	for text, want := range map[string][2]string{
		"w.safetensors":             {"w.safetensors", ""},
		"w.safetensors:0.weight":    {"w.safetensors", "0.weight"},
		"a:b/w.NPZ:conv1.weight":    {"a:b/w.NPZ", "conv1.weight"},
		`C:\x\w.npy`:                {`C:\x\w.npy`, ""},
		"w.npz:":                    {"w.npz", ""},
		"w.pt:x":                    {"w.pt:x", ""},
		"d.npz:x/w.safetensors:a:b": {"d.npz:x/w.safetensors", "a:b"},
	} {
		file, name := SplitTensor(text)
		require.Equal(t, want, [2]string{file, name}, text)
	}
}

func TestPickWeight(t *testing.T) {
	nan := float32(math.NaN())
	list := []Named{
		{"bn.weight", []int{2}, []float32{1, 1}},
		{"classifier.weight", []int{2, 1}, []float32{nan, 1}},
		{"features.weight", []int{1, 1, 1, 2}, []float32{1, 2}},
	}
	w, err := PickWeight(list, "", "w.npz")
	require.NoError(t, err)
	require.Equal(t, "features.weight", w.Name, "a conv goes before a dense weight")
	w, err = PickWeight([]Named{{"", []int{2, 1}, []float32{1, 2}}}, "", "w.npy")
	require.NoError(t, err)
	require.Len(t, w.Data, 2)
	for _, c := range []struct {
		list []Named
		name string
		want string
	}{
		{list, "classifier.weight", `w.npz: tensor "classifier.weight": not a finite number: found NaN at [0 0]`},
		{list, "bn.weight", `w.npz: tensor "bn.weight": found the shape [2], expected (out, in) or (out, in, kh, kw)`},
		{list, "x", `w.npz: tensor "x" is missing; the file holds "bn.weight" [2], "classifier.weight" [2 1], "features.weight" [1 1 1 2]`},
		{list[:1], "", `w.npz: found no tensor of shape (out, in) or (out, in, kh, kw) among "bn.weight" [2]`},
		{nil, "", `w.npz: found no tensor of shape (out, in) or (out, in, kh, kw) among nothing`},
		{[]Named{{"e", []int{0, 3}, nil}}, "", `w.npz: tensor "e": found the shape [0 3], which holds nothing`},
	} {
		_, err = PickWeight(c.list, c.name, "w.npz")
		require.EqualError(t, err, c.want)
	}
}

func initModel(t *testing.T, seed uint64) *Model[float32] {
	m, err := NewModel[float32]("dense:4,relu,dense:3,relu,dense:classes", Shape{5}, 2)
	require.NoError(t, err)
	m.Init(seed, HeNormal(1))
	return m
}

func TestInitTensors(t *testing.T) {
	other := initModel(t, 2)
	for i := range other.Param("2.bias").Value {
		other.Param("2.bias").Value[i] = 1
	}
	for layers, replaced := range map[int]int{0: 6, 1: 2, 2: 4, 9: 6} {
		m, fresh := initModel(t, 1), initModel(t, 1)
		require.NoError(t, m.InitTensors(other.Weights(), layers, false, "w"))
		for i, p := range m.Params {
			want := fresh.Params[i]
			if i < replaced {
				want = other.Params[i]
			}
			require.Equal(t, want.Value, p.Value, "%d layers, %s", layers, p.Name)
		}
	}
	m, fresh := initModel(t, 1), initModel(t, 1)
	require.NoError(t, m.InitTensors(other.Weights(), 0, true, "w"))
	for i, p := range m.Params {
		require.InDelta(t, tensor.Norm(fresh.Params[i].Value), tensor.Norm(p.Value), 1e-6, p.Name)
	}
	require.InDelta(t, other.Params[0].Value[0]*m.Params[0].Value[1], other.Params[0].Value[1]*m.Params[0].Value[0], 1e-6, "the direction stays")

	// Tensors beyond the chosen layers may be missing or of another shape.
	require.NoError(t, m.InitTensors(other.Weights()[:2], 1, false, "w"))
	require.ErrorContains(t, m.InitTensors(other.Weights()[:2], 2, false, "w"), `w: tensor "2.weight" of shape [3 4] is missing`)
	require.ErrorContains(t, m.InitTensors(other.Weights()[:2], 0, false, "w"), `missing`)
	zero := other.Weights()
	clear(zero[0].Data)
	before := m.Digest()
	require.ErrorContains(t, m.InitTensors(zero, 1, true, "w"), `w: tensor "0.weight" is zero`)
	require.Equal(t, before, m.Digest())
}

func TestResumeAtTheTarget(t *testing.T) {
	p := tensor.NewPool(1)
	defer p.Close()
	data := &Data{X: ramp(8, 5, 1), Labels: make([]int32, 8), Size: 5, Classes: 2}
	config := Config{Epochs: 50, Batch: 4, SGD: SGD{LR: 0.01}, TargetAccuracy: 0.9}
	train := func() *Trainer {
		tr, err := NewTrainer(initModel(t, 1), config, data, p)
		require.NoError(t, err)
		return tr
	}
	tr, dir := train(), t.TempDir()
	for !tr.Done() {
		_, err := tr.Step()
		require.NoError(t, err)
	}
	require.Less(t, tr.Steps(), tr.Total())
	_, err := tr.SaveCheckpoint(dir, "x")
	require.NoError(t, err)
	again := train()
	ok, _, err := again.Resume(dir, "x")
	require.NoError(t, err)
	require.True(t, ok)
	require.True(t, again.Done(), "it had reached its target")
}
