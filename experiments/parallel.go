package experiments

import (
	"sync"
	"sync/atomic"

	"randalign/tensor"
)

// parallel runs n independent jobs of some steps each, every job on a pool of
// its own; a job calls tick after each of its steps, when its pool is idle. Threads that have
// no job go to those that are left; a job's bits do not depend on that. The first
// error, by index of the job, is returned; after one no further job starts.
func (e *Env) parallel(stage string, n, steps int, job func(i int, p *tensor.Pool, tick func()) error) error {
	if n == 0 {
		return nil
	}
	workers := min(e.threads(), n)
	per := e.threads() / workers
	var spare spareThreads
	spare.idle.Store(int64(e.threads() - workers*per))
	spare.jobs.Store(int64(workers))
	errs := make([]error, n)
	var next, done atomic.Int64
	var failed atomic.Bool
	var wg sync.WaitGroup
	e.progress(stage, 0, n*steps)
	for range workers {
		wg.Go(func() {
			p := tensor.NewPool(per)
			defer spare.leave(p)
			for !failed.Load() {
				i := int(next.Add(1)) - 1
				if i >= n {
					return
				}
				if errs[i] = e.Ctx.Err(); errs[i] == nil {
					errs[i] = job(i, p, func() {
						e.progress(stage, int(done.Add(1)), n*steps)
						if k := spare.take(); k > 0 {
							p.Grow(k)
						}
					})
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

// spareThreads are the threads of parallel that have no job.
type spareThreads struct {
	idle, jobs atomic.Int64 // such threads, and pools that may still take some
}

// take returns how many of them a pool gets now: its part.
func (s *spareThreads) take() int {
	for {
		idle := s.idle.Load()
		if idle == 0 {
			return 0
		}
		jobs := s.jobs.Load()
		if part := (idle + jobs - 1) / jobs; s.idle.CompareAndSwap(idle, idle-part) {
			return int(part)
		}
	}
}

// leave closes a pool for which there is no job.
func (s *spareThreads) leave(p *tensor.Pool) {
	n := p.Threads()
	p.Close()
	s.jobs.Add(-1)
	s.idle.Add(int64(n))
}
