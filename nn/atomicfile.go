package nn

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"math/rand/v2"
	"os"
	"path/filepath"
	"runtime"
	"syscall"
)

// WriteFileAtomic gives the file path the content that write produces, or
// leaves it as it was. The bytes go to a temporary name in the same folder,
// are synced to the disk and take the place of path in one step; then the
// folder is synced. On an error, and if write panics, the temporary file is
// removed. A symbolic link is followed; a device or folder is refused.
//
// The error is one line that starts with path. Writers of different files may
// run at the same time; of two writers of one file, the last to finish wins.
func WriteFileAtomic(path string, write func(io.Writer) error) error {
	target, err := resolveTarget(path)
	if err != nil {
		return err
	}
	f, err := createTemp(target)
	if err != nil {
		if errors.Is(err, fs.ErrNotExist) {
			return fmt.Errorf("%s: the folder to write it in does not exist: %w", path, fs.ErrNotExist)
		}
		return pathError(path, err)
	}
	temp, done := f.Name(), false
	defer func() {
		if !done {
			f.Close()
			os.Remove(temp)
		}
	}()
	w := bufio.NewWriterSize(f, 1<<18)
	if err = write(w); err != nil {
		if pe, ok := err.(*fs.PathError); ok && pe.Path != temp {
			return fmt.Errorf("%s: %w", path, err) // write read another file, and says which
		}
		return pathError(path, err)
	}
	for _, step := range []func() error{w.Flush, f.Sync, f.Close} {
		if err = step(); err != nil {
			return pathError(path, err)
		}
	}
	if err = os.Rename(temp, target); err != nil {
		return pathError(path, err)
	}
	done = true
	return pathError(path, syncFolder(filepath.Dir(target)))
}

// resolveTarget returns the regular file, present or not yet, that path stands for.
func resolveTarget(path string) (string, error) {
	info, err := os.Lstat(path)
	if errors.Is(err, fs.ErrNotExist) {
		return path, nil
	}
	if err != nil {
		return "", pathError(path, err)
	}
	if info.Mode()&fs.ModeSymlink != 0 {
		target, err := filepath.EvalSymlinks(path)
		if err != nil {
			return "", pathError(path, err)
		}
		return resolveTarget(target)
	}
	if !info.Mode().IsRegular() {
		return "", fmt.Errorf("%s: found a %s, expected a file to write", path, kindOf(info.Mode()))
	}
	return path, nil
}

// createTemp is os.CreateTemp, but with the permissions of any other new file.
func createTemp(target string) (*os.File, error) {
	dir, base := filepath.Split(target)
	for range 100 {
		name := fmt.Sprintf("%s.%s.%08x.tmp", dir, base, rand.Uint32())
		f, err := os.OpenFile(name, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o666)
		if !errors.Is(err, fs.ErrExist) {
			return f, err
		}
	}
	return nil, fs.ErrExist
}

// syncFolder makes a rename in the folder outlast a loss of power, where the
// system has a way to ask for that.
func syncFolder(dir string) error {
	if runtime.GOOS == "windows" {
		return nil
	}
	f, err := os.Open(dir)
	if err != nil {
		return err
	}
	defer f.Close()
	err = f.Sync()
	if errors.Is(err, syscall.EINVAL) || errors.Is(err, errors.ErrUnsupported) {
		return nil // a file system without folder syncs
	}
	return err
}
