package experiments

import (
	"context"
	"testing"

	"github.com/stretchr/testify/require"

	"randalign/tensor"
)

// One training of the quick preset, as every figure needs dozens of them.
func BenchmarkQuickTraining(b *testing.B) {
	p, err := PresetNamed("quick")
	require.NoError(b, err)
	p.Seeds = 1
	src, err := OpenSource("leaves", "")
	require.NoError(b, err)
	e := &Env{Ctx: context.Background(), Source: src, Preset: p, Seed: 1, Out: b.TempDir()}
	l, err := e.open()
	require.NoError(b, err)
	pool := tensor.NewPool(1)
	defer pool.Close()
	s := l.spec("downstream", 0, p.CNN(), startSpec{})
	s.Epochs = 3
	b.ResetTimer()
	for b.Loop() {
		r, err := l.trainOne(s, nil, pool, func() {})
		require.NoError(b, err)
		require.Empty(b, r.Diverged)
	}
}
