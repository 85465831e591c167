package nn

import (
	"errors"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

func saying(text string) func(io.Writer) error {
	return func(w io.Writer) error {
		_, err := io.WriteString(w, text)
		return err
	}
}

// onlyFile fails the test unless the folder holds the named file alone.
func onlyFile(t *testing.T, dir, name, content string) {
	t.Helper()
	list, err := os.ReadDir(dir)
	require.NoError(t, err)
	require.Len(t, list, 1)
	require.Equal(t, name, list[0].Name())
	b, err := os.ReadFile(filepath.Join(dir, name))
	require.NoError(t, err)
	require.Equal(t, content, string(b))
}

func TestWriteFileAtomicReplaces(t *testing.T) {
	dir := t.TempDir()
	path := filepath.Join(dir, "a.txt")
	long := strings.Repeat("long", 1<<18)
	for _, text := range []string{"first", long, ""} {
		require.NoError(t, WriteFileAtomic(path, saying(text)))
		onlyFile(t, dir, "a.txt", text)
	}
	plain := filepath.Join(t.TempDir(), "b")
	require.NoError(t, os.WriteFile(plain, nil, 0o666))
	want, err := os.Stat(plain)
	require.NoError(t, err)
	got, err := os.Stat(path)
	require.NoError(t, err)
	require.Equal(t, want.Mode(), got.Mode(), "permissions of an ordinary new file")
}

func TestWriteFileAtomicLeavesTheOldFile(t *testing.T) {
	dir := t.TempDir()
	path := filepath.Join(dir, "a.txt")
	require.NoError(t, WriteFileAtomic(path, saying("old")))
	disk := errors.New("disk on fire")
	err := WriteFileAtomic(path, func(w io.Writer) error {
		return errors.Join(saying("half")(w), disk)
	})
	require.ErrorIs(t, err, disk)
	require.EqualError(t, err, path+": disk on fire")
	onlyFile(t, dir, "a.txt", "old")

	require.PanicsWithValue(t, "bug", func() {
		WriteFileAtomic(path, func(io.Writer) error { panic("bug") })
	})
	onlyFile(t, dir, "a.txt", "old")

	err = WriteFileAtomic(path, func(io.Writer) error {
		_, err := os.Open("elsewhere.txt")
		return err
	})
	require.ErrorContains(t, err, "elsewhere.txt", "the file that is missing is named, not only the one to write")
}

func TestWriteFileAtomicRefuses(t *testing.T) {
	dir := t.TempDir()
	missing := filepath.Join(dir, "no", "a.txt")
	err := WriteFileAtomic(missing, saying("x"))
	require.ErrorIs(t, err, fs.ErrNotExist)
	require.ErrorContains(t, err, missing+": the folder")

	err = WriteFileAtomic(dir, saying("x"))
	require.EqualError(t, err, dir+": found a folder, expected a file to write")
	if runtime.GOOS == "linux" {
		require.EqualError(t, WriteFileAtomic("/dev/null", saying("x")), "/dev/null: found a device, expected a file to write")
	}
}

func TestWriteFileAtomicFollowsLinks(t *testing.T) {
	if runtime.GOOS == "windows" {
		t.Skip("symbolic links need a privilege there")
	}
	dir, elsewhere := t.TempDir(), t.TempDir()
	target, link := filepath.Join(elsewhere, "target"), filepath.Join(dir, "link")
	require.NoError(t, os.WriteFile(target, []byte("old"), 0o666))
	require.NoError(t, os.Symlink(target, link))
	require.NoError(t, WriteFileAtomic(link, saying("new")))
	onlyFile(t, elsewhere, "target", "new")
	info, err := os.Lstat(link)
	require.NoError(t, err)
	require.NotZero(t, info.Mode()&fs.ModeSymlink)
}
