package experiments

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"
)

func TestOpenSourceErrors(t *testing.T) {
	empty := t.TempDir()
	file := filepath.Join(empty, "sub", "x.bin")
	require.NoError(t, os.MkdirAll(filepath.Dir(file), 0o755))
	require.NoError(t, os.WriteFile(file, []byte("x"), 0o644))
	for _, row := range []struct {
		name string
		kind error
		text string
	}{
		{"cifar1O", ErrName, `did you mean "cifar10"?`},
		{"CIFAR-10", ErrName, `did you mean "cifar10"?`},
		{"leafs", ErrName, `did you mean "leaves"?`},
		{"gausian:1x3", ErrName, `did you mean "gaussian:SPEC"?`},
		{"", ErrName, `data "": unknown, expected leaves, gaussian:SPEC, cifar10 or the path of a folder`},
		{"imagenet-21k", ErrName, "expected leaves"},
		{"cifar10", ErrNoData, "found no CIFAR batches"},
		{"./no/such", ErrNoData, "data ./no/such: no such folder"},
		{empty, ErrNoData, "found no CIFAR batches"},
		{file, ErrNoData, "found a file, expected a folder"},
	} {
		src, err := OpenSource(row.name, empty)
		require.ErrorIs(t, err, row.kind, row.name)
		require.ErrorContains(t, err, row.text, row.name)
		require.NotContains(t, err.Error(), "\n")
		require.True(t, src == nil, row.name)
	}
	_, err := OpenSource("imagenet-21k", empty)
	require.NotContains(t, err.Error(), "did you mean")
}

func TestDataDir(t *testing.T) {
	t.Setenv("RANDALIGN_DATA", "/some/where")
	require.Equal(t, "/some/where", DataDir())
	t.Setenv("RANDALIGN_DATA", "")
	cache, err := os.UserCacheDir()
	require.NoError(t, err)
	require.Equal(t, filepath.Join(cache, "randalign"), DataDir())
}

func TestSourceNames(t *testing.T) {
	list := SourceNames(t.TempDir())
	require.Len(t, list, 3)
	require.Equal(t, SourceInfo{"leaves", true, "built in"}, list[0])
	require.Equal(t, "cifar10", list[2].Name)
	require.False(t, list[2].Present)
	require.Contains(t, list[2].Where, "found no CIFAR batches")
}
