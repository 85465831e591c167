package tensor

import (
	"runtime"
	"sync/atomic"

	"randalign/asm"
)

// Job is work that splits into independent tasks.
type Job interface {
	// Do runs one task. worker (0 <= worker < Pool.Threads) says which
	// worker's scratch memory it may use. Tasks of one Run must write to
	// disjoint memory, and what they write must not depend on worker.
	Do(worker, task int)
}

// Pool runs jobs on goroutines that live as long as it does, and owns the scratch
// memory of each. Their number changes by Grow alone. It serves one caller at a time. The
// results of a Job cannot depend on the number of threads, since a task never
// learns it.
type Pool struct {
	helpers []*helper
	scratch []scratch
	shares  []share      // one for each worker
	active  int          // workers of this job
	busy    atomic.Int64 // helpers that have not finished
	job     Job
	asleep  int // brief jobs that found helpers asleep

	patience int // how often a helper looks for work before it sleeps

	instead func(tasks int, j Job) // unless nil, what Run does: tests look at how work is cut

	common scratch // packed operands that all workers read
	gemm32 gemmJob[float32]
	gemm64 gemmJob[float64]
}

// share is the contiguous range of tasks that a worker does first: what a job
// leaves in a core's caches is then what the next job of about the same layout
// finds there. Whoever is done helps the others.
type share struct {
	next atomic.Int64
	end  int64
	_    [48]byte // a cache line each
}

// helper is a goroutine of a Pool.
type helper struct {
	state atomic.Int32
	wake  chan struct{}
	_     [48]byte // a cache line each
}

// The states of a helper.
const (
	waiting int32 = iota // spinning
	parked               // asleep on its channel
	called               // has work, which it can still be relieved of
	working
	closed
)

// An idle helper looks for work some 50 microseconds, lets other goroutines go before it, and
// looks again: waking it costs two or three times that, and the jobs of a training step follow
// each other sooner. It sleeps after a millisecond or, where there are more workers than
// processors, at once.
const (
	looks    = 1024
	patience = 16 * looks
)

// rouse is how many brief jobs go by before helpers that sleep are woken for the next ones,
// which costs as much as one or two of them.
const rouse = 64

type scratch struct {
	f32     [scratchSlots][]float32
	f64     [scratchSlots][]float64
	free32  []float32 // of the huge page that small slots are cut from
	free64  []float64
	offsets [maxNR]int
	runs    []asm.Run
	taps    []int
	soon    asm.Fetch
	grown   bool     // in the job at hand
	_       [64]byte // keeps two workers' headers off one cache line
}

// The buffers that a worker can hold at once.
const (
	slotPanelA = iota // a block of A
	slotPanelB        // panels of B
	slotImage         // a padded image
	slotCols          // columns on their way back to an image
	scratchSlots
)

// The buffers that all workers read, at one time.
const (
	slotFilters  = iota // filters, packed or transformed
	slotTurned          // filters turned round
	slotTiles           // transformed inputs of a group of images
	slotProducts        // its transformed outputs, or their gradients
)

// NewPool returns a pool of n workers, of which the caller of Run is one. It
// panics if n < 1. Close releases its goroutines.
func NewPool(n int) *Pool {
	if n < 1 {
		panic("tensor: a pool needs at least one worker")
	}
	p := &Pool{scratch: make([]scratch, 1), patience: patience}
	if n > runtime.GOMAXPROCS(0) {
		p.patience = looks
	}
	p.Grow(n - 1)
	return p
}

// Grow adds n workers, whose scratch memory is allocated as jobs need it. The pool must be
// idle. No job's results change by it.
func (p *Pool) Grow(n int) {
	p.scratch = append(p.scratch, make([]scratch, n)...)
	p.shares = make([]share, len(p.scratch))
	for range n {
		h := &helper{wake: make(chan struct{}, 1)}
		p.helpers = append(p.helpers, h)
		go p.help(len(p.helpers), h)
	}
}

// help is the life of a helper, which is that worker.
func (p *Pool) help(worker int, h *helper) {
	for {
		for spins := 1; h.state.Load() == waiting; spins++ {
			switch {
			case spins%looks != 0:
				asm.Pause()
			case spins < p.patience:
				runtime.Gosched()
			case h.state.CompareAndSwap(waiting, parked):
				<-h.wake
				spins = 0 // it may have come too late
			}
		}
		if h.state.Load() == closed {
			return
		}
		if !h.state.CompareAndSwap(called, working) {
			continue
		}
		p.work(worker)
		h.state.Store(waiting)
		p.busy.Add(-1)
	}
}

// call moves a helper to a state and wakes it if it sleeps. That costs the caller a quarter of a
// microsecond for each of many, since threads that the scheduler wakes for them wake others in
// turn: helpers need not do so as well.
func (h *helper) call(state int32) {
	if h.state.Swap(state) == parked {
		h.wake <- struct{}{}
	}
}

// awake reports whether the first n helpers, more than none, look for work. If not, then
// one in many questions wakes them, since brief jobs come in rows.
func (p *Pool) awake(n int) bool {
	helpers := p.helpers[:n]
	for _, h := range helpers {
		if h.state.Load() == parked {
			if p.asleep++; p.asleep%rouse == 0 {
				for _, h := range helpers {
					h.call(waiting)
				}
			}
			return false
		}
	}
	return n > 0
}

// Threads returns the number of workers.
func (p *Pool) Threads() int { return len(p.scratch) }

// Close ends the pool's goroutines. The pool must be idle and not be used again.
func (p *Pool) Close() {
	for _, h := range p.helpers {
		h.call(closed)
	}
	p.helpers = nil
}

// Run does the tasks 0, ..., tasks-1 of j and returns when all are done.
func (p *Pool) Run(tasks int, j Job) {
	if p.instead != nil {
		p.instead(tasks, j)
		return
	}
	helpers := min(len(p.helpers), tasks-1)
	if helpers <= 0 {
		for i := range tasks {
			j.Do(0, i)
		}
		return
	}
	p.job = j
	p.active = helpers + 1
	for w := range p.active {
		p.shares[w].next.Store(int64(w * tasks / p.active))
		p.shares[w].end = int64((w + 1) * tasks / p.active)
	}
	p.busy.Store(int64(helpers))
	for _, h := range p.helpers[:helpers] {
		h.call(called)
	}
	p.work(0)
	for _, h := range p.helpers[:helpers] { // all is done or taken: do not wait for one that wakes
		if h.state.Load() == called && h.state.CompareAndSwap(called, waiting) {
			p.busy.Add(-1)
		}
	}
	for spins := 1; p.busy.Load() > 0; spins++ {
		asm.Pause()
		if spins%64 == 0 {
			runtime.Gosched() // there may be more workers than processors
		}
	}
	p.job = nil
	p.even()
}

// even gives the workers of the last job as much scratch memory as the one that has most: who
// comes to a task of the next such job does not allocate, even if it had none of this one.
func (p *Pool) even() {
	all := p.scratch[:p.active]
	grown := false
	for i := range all {
		grown = grown || all[i].grown
		all[i].grown = false
	}
	if !grown {
		return
	}
	var most scratch
	for i := range all {
		s := &all[i]
		for k := range scratchSlots {
			most.f32[k] = larger(most.f32[k], s.f32[k])
			most.f64[k] = larger(most.f64[k], s.f64[k])
		}
		most.runs, most.taps = larger(most.runs, s.runs), larger(most.taps, s.taps)
	}
	for w := range all {
		for k := range scratchSlots {
			buffer[float32](p, w, k, cap(most.f32[k]))
			buffer[float64](p, w, k, cap(most.f64[k]))
		}
		if most.runs != nil {
			p.runs(w)
		}
		p.taps(w, cap(most.taps))
		all[w].grown = false
	}
}

func larger[T any](a, b []T) []T {
	if cap(a) < cap(b) {
		return b
	}
	return a
}

func (p *Pool) work(worker int) {
	for k := range p.active {
		s := &p.shares[(worker+k)%p.active]
		for s.next.Load() < s.end { // most of many workers only look, for which all can have the line
			if i := s.next.Add(1) - 1; i < s.end {
				p.job.Do(worker, int(i))
			}
		}
	}
	asm.Fence()
}

// buffer returns slot of the worker's scratch memory with n elements of
// arbitrary content; it stays valid until the same worker asks for the slot again.
func buffer[T Float](p *Pool, worker, slot, n int) []T {
	return slotOf[T](&p.scratch[worker], slot, n)
}

// maxNR is the width of the widest panel of any path.
const maxNR = 64

// offsets returns the worker's memory for the offsets of the rows of a panel.
func (p *Pool) offsets(worker int) []int { return p.scratch[worker].offsets[:] }

// soon returns where the worker tells a kernel what it will read.
func (p *Pool) soon(worker int) *asm.Fetch { return &p.scratch[worker].soon }

// runs returns the worker's memory for runs, empty, with room for maxRuns.
func (p *Pool) runs(worker int) []asm.Run {
	s := &p.scratch[worker]
	if s.runs == nil {
		s.runs, s.grown = make([]asm.Run, 0, maxRuns), true
	}
	return s.runs
}

// taps returns the worker's memory for n offsets of elements of a patch.
func (p *Pool) taps(worker, n int) []int {
	s := &p.scratch[worker]
	if cap(s.taps) < n {
		s.taps, s.grown = make([]int, n), true
	}
	return s.taps[:n]
}

// maxRuns is how many runs a block of K can fall into.
const maxRuns = convK

// shared is buffer for memory that belongs to no worker. Only the caller of
// Run may ask for it, between runs.
func shared[T Float](p *Pool, slot, n int) []T { return slotOf[T](&p.common, slot, n) }

func slotOf[T Float](s *scratch, slot, n int) []T {
	b, ok := any(&s.f32[slot]).(*[]T)
	free := any(&s.free32)
	if !ok {
		b, free = any(&s.f64[slot]).(*[]T), any(&s.free64)
	}
	if n > cap(*b) {
		s.grown = true
		return grow(b, free.(*[]T), n)
	}
	return (*b)[:n]
}

// grow returns n elements of a slot that has fewer. The packed operands of GEMM are read over
// and over, and from small pages they fill the first-level TLB: slots stand on
// huge pages, small ones together on one, of which free is left.
func grow[T Float](b, free *[]T, n int) []T {
	switch size := roundUp(n, 4096); {
	case n*wordSize[T]() < hugePage/16:
		*b = make([]T, n)
	case size*wordSize[T]() > hugePage/2:
		old := cap(*b)
		*b = nil
		Dropped[T](old)
		*b = makeHuge[T](n)
	default:
		if size > len(*free) {
			*free = makeHuge[T](hugePage / wordSize[T]())
		}
		*b, *free = (*free)[:size:size], (*free)[size:]
	}
	return (*b)[:n]
}
