package experiments

import (
	"context"
	"runtime"
	"sync"
	"sync/atomic"

	"randalign/tensor"
)

// Env is what a study runs in. Its numbers depend on Source, Preset and Seed
// only; the rest says where it runs and who watches.
type Env struct {
	Ctx     context.Context
	Source  Source
	Preset  Preset
	Seed    uint64
	Out     string // results folder
	Threads int    // 0: all
	From    Provenance
	// Progress is called, possibly from several goroutines, when the state of a
	// stage changes; it may be nil.
	Progress func(stage string, done, total int)

	once sync.Once
	lab  *lab
	err  error
}

// seeds returns the seeds of the study's repetitions.
func (e *Env) seeds() []uint64 {
	s := make([]uint64, e.Preset.Seeds)
	for i := range s {
		s[i] = e.Seed + uint64(i)
	}
	return s
}

func (e *Env) threads() int {
	if e.Threads > 0 {
		return e.Threads
	}
	return runtime.GOMAXPROCS(0)
}

func (e *Env) progress(stage string, done, total int) {
	if e.Progress != nil {
		e.Progress(stage, done, total)
	}
}

// parallel runs n independent jobs of some steps each, every job on a pool of
// its own; a job calls tick after each of its steps. Where there are fewer jobs
// than threads, a job gets several; its bits do not depend on that. The first
// error, by index of the job, is returned; after one no further job starts.
func (e *Env) parallel(stage string, n, steps int, job func(i int, p *tensor.Pool, tick func()) error) error {
	if n == 0 {
		return nil
	}
	workers := min(e.threads(), n)
	per := max(1, e.threads()/workers)
	errs := make([]error, n)
	var next, done atomic.Int64
	var failed atomic.Bool
	var wg sync.WaitGroup
	e.progress(stage, 0, n*steps)
	for range workers {
		wg.Go(func() {
			p := tensor.NewPool(per)
			defer p.Close()
			for !failed.Load() {
				i := int(next.Add(1)) - 1
				if i >= n {
					return
				}
				if errs[i] = e.Ctx.Err(); errs[i] == nil {
					errs[i] = job(i, p, func() { e.progress(stage, int(done.Add(1)), n*steps) })
				}
				if errs[i] != nil {
					failed.Store(true)
					return
				}
			}
		})
	}
	wg.Wait()
	for _, err := range errs {
		if err != nil {
			return err
		}
	}
	return nil
}

// Check reports whether the source can serve the preset at all, before anything
// is written.
func (e *Env) Check() error { return checkSource(e.Source, e.Preset) }
