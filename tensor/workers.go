package tensor

import (
	"sync"
	"sync/atomic"
)

// Job is work that splits into independent tasks.
type Job interface {
	// Do runs one task. worker (0 <= worker < Pool.Threads) says which
	// worker's scratch memory it may use. Tasks of one Run must write to
	// disjoint memory, and what they write must not depend on worker.
	Do(worker, task int)
}

// Pool runs jobs on a fixed number of goroutines that live as long as it does,
// and owns the scratch memory of each. It serves one caller at a time. The
// results of a Job cannot depend on the number of threads, since a task never
// learns it.
type Pool struct {
	wake    []chan struct{}
	scratch []scratch
	wg      sync.WaitGroup
	next    atomic.Int64
	job     Job
	tasks   int

	common scratch // packed operands that all workers read
	gemm32 gemmJob[float32]
	gemm64 gemmJob[float64]
}

type scratch struct {
	f32 [scratchSlots][]float32
	f64 [scratchSlots][]float64
	_   [64]byte // keeps two workers' headers off one cache line
}

// The buffers that a worker can hold at once.
const (
	slotTile   = iota // a tile at an edge of C
	slotPanelA        // panels of A of one task
	slotPanelB        // panels of B of one task
	slotImage         // a padded image
	slotCols          // columns on their way back to an image
	scratchSlots
)

// NewPool returns a pool of n workers, of which the caller of Run is one. It
// panics if n < 1. Close releases its goroutines.
func NewPool(n int) *Pool {
	if n < 1 {
		panic("tensor: a pool needs at least one worker")
	}
	p := &Pool{scratch: make([]scratch, n), wake: make([]chan struct{}, n-1)}
	for i := range p.wake {
		c := make(chan struct{}, 1)
		p.wake[i] = c
		go func() {
			for range c {
				p.work(i + 1)
				p.wg.Done()
			}
		}()
	}
	return p
}

// Threads returns the number of workers.
func (p *Pool) Threads() int { return len(p.scratch) }

// Close ends the pool's goroutines. The pool must be idle and not be used again.
func (p *Pool) Close() {
	for _, c := range p.wake {
		close(c)
	}
	p.wake = nil
}

// Run does the tasks 0, ..., tasks-1 of j and returns when all are done.
func (p *Pool) Run(tasks int, j Job) {
	helpers := min(len(p.wake), tasks-1)
	if helpers <= 0 {
		for i := range tasks {
			j.Do(0, i)
		}
		return
	}
	p.job, p.tasks = j, tasks
	p.next.Store(0)
	p.wg.Add(helpers)
	for _, c := range p.wake[:helpers] {
		c <- struct{}{}
	}
	p.work(0)
	p.wg.Wait()
	p.job = nil
}

func (p *Pool) work(worker int) {
	for {
		i := int(p.next.Add(1)) - 1
		if i >= p.tasks {
			return
		}
		p.job.Do(worker, i)
	}
}

// buffer returns slot of the worker's scratch memory with n elements of
// arbitrary content; it stays valid until the same worker asks for the slot again.
func buffer[T Float](p *Pool, worker, slot, n int) []T {
	return slotOf[T](&p.scratch[worker], slot, n)
}

// shared is buffer for memory that belongs to no worker. Only the caller of
// Run may ask for it, between runs.
func shared[T Float](p *Pool, slot, n int) []T { return slotOf[T](&p.common, slot, n) }

func slotOf[T Float](s *scratch, slot, n int) []T {
	if b, ok := any(&s.f32[slot]).(*[]T); ok {
		return grow(b, n)
	}
	return grow(any(&s.f64[slot]).(*[]T), n)
}

func grow[T Float](b *[]T, n int) []T {
	if cap(*b) < n {
		*b = Make[T](n)
	}
	return (*b)[:n]
}
