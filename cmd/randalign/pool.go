package main

import (
	"context"

	"randalign/tensor"
)

// withPool calls f, which may know no context, with a pool of --threads workers
// and returns what it returns, or ctx's error as soon as ctx ends. f and its
// pool then go on unheeded until the process ends.
func (e *env) withPool(ctx context.Context, f func(p *tensor.Pool) error) error {
	_, err := inBackground(ctx, func() (struct{}, error) {
		p := tensor.NewPool(e.Threads)
		defer p.Close()
		return struct{}{}, f(p)
	})
	return err
}
