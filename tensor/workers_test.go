package tensor

import (
	"runtime"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

type countJob struct{ hits []int32 }

func (j *countJob) Do(_, task int) { j.hits[task]++ }

func TestPoolRunsEachTaskOnce(t *testing.T) {
	for _, threads := range []int{1, 2, 7, 64} {
		p := NewPool(threads)
		j := &countJob{make([]int32, 1000)}
		for _, n := range []int{0, 1, 2, 1000} {
			p.Run(n, j)
		}
		for i, h := range j.hits {
			want := int32(1)
			if i < 2 {
				want++
			}
			if i < 1 {
				want++
			}
			require.Equal(t, want, h, "task %d", i)
		}
		require.Zero(t, testing.AllocsPerRun(10, func() { p.Run(100, j) }))
		p.Close()
	}
}

// together is a job of which each worker has to do a task before any is done.
type together struct{ left, seen atomic.Int64 }

func (j *together) Do(worker, _ int) {
	j.seen.Or(1 << worker)
	for j.left.Add(-1); j.left.Load() > 0; {
		runtime.Gosched()
	}
}

func TestPoolGrows(t *testing.T) {
	p := NewPool(1)
	defer p.Close()
	for n := 1; n < 10; n += 4 {
		require.Equal(t, n, p.Threads())
		j := &together{}
		j.left.Store(int64(n))
		p.Run(n, j)
		require.EqualValues(t, 1<<n-1, j.seen.Load())
		p.Run(n, scratchJob{p})
		kept := &p.scratch[0].f32[slotImage][:1][0]
		p.Grow(4)
		require.Same(t, kept, &p.scratch[0].f32[slotImage][:1][0])
	}
}

// Helpers that sleep, wake or spin when a job comes: it is done, once, whoever does it.
func TestPoolSleepsAndWakes(t *testing.T) {
	for _, threads := range []int{3, 64} {
		p := NewPool(threads)
		j := &countJob{make([]int32, 2*threads+1)}
		const runs = 300
		for i := range runs {
			if i%3 == 0 {
				time.Sleep(time.Duration(i) * time.Microsecond)
			}
			p.Run(len(j.hits), j)
		}
		for i, h := range j.hits {
			require.Equal(t, int32(runs), h, "%d threads, task %d", threads, i)
		}
		p.Close()
	}
}

// Brief products are shared with helpers that are awake, with the bits of one thread.
func TestBriefProducts(t *testing.T) {
	const n = 64
	p, one := NewPool(3), NewPool(1)
	defer p.Close()
	defer one.Close()
	a, b, want, got := Make[float32](n*n), Make[float32](n*n), Make[float32](n*n), Make[float32](n*n)
	FillNormal(NewStream(1, "brief"), a, 1)
	FillNormal(NewStream(2, "brief"), b, 1)
	Gemm(one, n, n, n, RowMajor(a, n), RowMajor(b, n), want, n, Set)
	for i := range 4 * rouse {
		if i%rouse == 1 {
			time.Sleep(time.Millisecond) // they fall asleep
		}
		clear(got)
		Gemm(p, n, n, n, RowMajor(a, n), RowMajor(b, n), got, n, Set)
		require.Equal(t, want, got)
	}
}

// scratchJob takes memory in one task only, so that one worker alone has any.
type scratchJob struct{ p *Pool }

func (j scratchJob) Do(worker, task int) {
	if task == 0 {
		buffer[float32](j.p, worker, slotImage, 5000)
		buffer[float64](j.p, worker, slotPanelB, 70)
		j.p.taps(worker, 30)
		j.p.runs(worker)
	}
}

// Who had no task of a job has memory for the next one all the same.
func TestPoolScratchIsEven(t *testing.T) {
	p := NewPool(3)
	defer p.Close()
	p.Run(100, scratchJob{p})
	for w := range p.scratch {
		s := &p.scratch[w]
		require.GreaterOrEqual(t, cap(s.f32[slotImage]), 5000, "worker %d", w)
		require.GreaterOrEqual(t, cap(s.f64[slotPanelB]), 70, "worker %d", w)
		require.GreaterOrEqual(t, cap(s.taps), 30, "worker %d", w)
		require.NotNil(t, s.runs, "worker %d", w)
		require.False(t, s.grown, "worker %d", w)
	}
}
