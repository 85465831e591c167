package main

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"strings"
)

// inBackground returns what f returns, or ctx's error as soon as ctx ends; f
// then goes on unheeded. It is for long calculations that know no context.
func inBackground[T any](ctx context.Context, f func() (T, error)) (T, error) {
	type result struct {
		v   T
		err error
	}
	c := make(chan result, 1)
	go func() {
		var r result
		defer func() {
			if p := recover(); p != nil {
				r.err = fmt.Errorf("internal error, please report it: %v", p)
			}
			c <- r
		}()
		r.v, r.err = f()
	}()
	select {
	case r := <-c:
		return r.v, r.err
	case <-ctx.Done():
		var zero T
		return zero, ctx.Err()
	}
}

// checkOutFile holds the name of a file to write, "" for none, against the only
// ending that readers of it will take, and looks for its folder: better said
// before the work than after it.
func checkOutFile(path, flag, ending string) error {
	if path == "" {
		return nil
	}
	if found := filepath.Ext(path); !strings.EqualFold(found, ending) {
		return badInputf("%s: found the ending %q in %s, expected %s", flag, found, path, ending)
	}
	dir := filepath.Dir(path)
	if info, err := os.Stat(dir); err != nil || !info.IsDir() {
		return badInputf("%s: found no folder %s, expected one to write %s in", flag, dir, filepath.Base(path))
	}
	return nil
}
