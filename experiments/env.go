package experiments

import (
	"context"
	"runtime"
	"sync"
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

// Check reports whether the source can serve the preset at all, before anything
// is written.
func (e *Env) Check() error { return checkSource(e.Source, e.Preset) }
