package bench

import (
	"context"
	"slices"
	"time"

	"randalign/asm"
	"randalign/tensor"
)

// yardstick is what a row is held against.
type yardstick int

const (
	none yardstick = iota
	peakF32
	peakF64
	copyRate
	issueRate // instructions a cycle; no row's
	yardsticks
)

// gauge measures on one number of threads.
type gauge struct {
	pool   *tensor.Pool
	bursts [yardsticks][]float64 // GFLOP/s, GB/s or instructions a cycle
	f32    peakJob[float32]
	f64    peakJob[float64]
	issue  issueJob
}

func newGauge(p *tensor.Pool) *gauge {
	k := asm.Active()
	return &gauge{pool: p, f32: newPeakJob(p, k.PeakF32), f64: newPeakJob(p, k.PeakF64), issue: issueJob{rates: make([]float64, 2*p.Threads())}}
}

// A burst of a peak is the best of two tries of about a millisecond on one thread,
// and of four on several, which take some time to wake. A try has tasks of an
// eighth of a millisecond, so that a thread which wakes late leaves work to the others.
const (
	tries       = 2
	taskTime    = time.Millisecond / 8
	tasksAlone  = 8
	tasksThread = 32 // each, on several
	maxTurns    = 1 << 20
)

// peakJob runs FMA chains on all threads; a task is a number of turns.
type peakJob[T tensor.Float] struct {
	asm.Peak[T]
	turns int
	acc   [][]T // of each worker
}

func newPeakJob[T tensor.Float](p *tensor.Pool, loop asm.Peak[T]) peakJob[T] {
	j := peakJob[T]{Peak: loop, turns: 16}
	for range p.Threads() {
		// A worker's accumulators stand on cache lines of their own.
		j.acc = append(j.acc, make([]T, loop.Chains+32)[:loop.Chains])
	}
	// As many turns as fill a task's share of the time, and not only where something else took it.
	once := func() { j.Do(0, 0) }
	for j.turns < maxTurns && quickest(3, once, 1) <= taskTime {
		j.turns *= 2
	}
	return j
}

// Do implements tensor.Job. The sums stay small: turns * x * y.
func (j *peakJob[T]) Do(worker, _ int) {
	acc := j.acc[worker]
	clear(acc)
	j.Run(j.turns, &acc[0], 1.25, 0.75)
}

// gflops is how fast one try was.
func (j *peakJob[T]) gflops(p *tensor.Pool) float64 {
	tasks := tasksAlone
	if n := p.Threads(); n > 1 {
		tasks = tasksThread * n
	}
	start := time.Now()
	p.Run(tasks, j)
	return 2 * float64(tasks) * float64(j.turns) * float64(j.Chains) / 1e9 / time.Since(start).Seconds()
}

// burst measures a yardstick for a moment and returns it.
func (g *gauge) burst(y yardstick, m *memory) float64 {
	best := 0.0
	switch y {
	case none:
		return 0
	case copyRate:
		start := time.Now()
		m.run(g.pool, copyKernel)
		best = m.gigabytes(copyKernel) / time.Since(start).Seconds()
	case peakF32:
		for range tries {
			best = max(best, g.f32.gflops(g.pool))
		}
	case peakF64:
		for range tries {
			best = max(best, g.f64.gflops(g.pool))
		}
	case issueRate:
		best = g.issue.measure(g.pool)
	}
	g.bursts[y] = append(g.bursts[y], best)
	return best
}

// survey measures every yardstick, for an eighth of a row's time. A run begins
// and ends with one, lest a moment's disturbance stand for the machine.
func (g *gauge) survey(ctx context.Context, m *memory, budget time.Duration) error {
	for _, y := range []yardstick{peakF32, peakF64, copyRate, issueRate} {
		start := time.Now()
		for n := 0; n < 3 || time.Since(start) < budget/8; n++ {
			if err := ctx.Err(); err != nil {
				return err
			}
			g.burst(y, m)
		}
	}
	return nil
}

// figure is what the machine can do by the bursts so far: of a peak, which noise
// only lowers, nearly the best one; of the copy, which luck with a shared cache
// also raises, the median.
func (g *gauge) figure(y yardstick) float64 {
	if y == copyRate {
		return quantile(g.bursts[y], 0.5)
	}
	return quantile(g.bursts[y], 0.9)
}

// The samples that a row's time is split into: fewer where a call is long. One
// between two bursts that are not both calm, this share of the yardstick's
// figure and of the instructions a cycle, says more of what else runs on the
// machine than of the row: it is taken again, as long as there are not more than
// retakes times the samples.
const (
	mostSamples  = 20
	leastSamples = 3
	calm         = 0.85
	retakes      = 2
)

// brief calls are measured as those that follow each other: a burst is long enough for other
// machines on the host to take the shared cache, the longer the more threads wake for it.
const brief = 10 * time.Millisecond

// samples are a row's values and their shares of the yardstick in per cent.
type samples struct{ values, shares []float64 }

// row measures a case whose call is given.
func (g *gauge) row(ctx context.Context, c kase, call func(), m *memory, budget time.Duration) (Row, error) {
	if err := ctx.Err(); err != nil {
		return Row{}, err
	}
	call() // buffers grow, caches and branch predictors learn
	calls := 1
	var one time.Duration
	for ; ; calls *= 2 {
		if one = quickest(2, call, calls); one >= time.Millisecond {
			break
		}
	}
	one /= time.Duration(calls)
	calls = int(max(1, budget/mostSamples/max(1, one)))
	wanted := int(min(mostSamples, max(leastSamples, budget/max(1, one*time.Duration(calls)))))
	var good, rough samples
	look := func() (rate float64, quiet bool) {
		rate, issue := g.burst(c.yard, m), g.burst(issueRate, m)
		return rate, c.yard == none || rate >= calm*g.figure(c.yard) && issue >= calm*g.figure(issueRate)
	}
	before, quiet := look()
	for n := 0; len(good.values) < wanted && n < retakes*wanted; n++ {
		if err := ctx.Err(); err != nil {
			return Row{}, err
		}
		if one < brief {
			call()
		}
		seconds := clock(call, calls).Seconds() / float64(calls)
		after, still := look()
		s := &good
		if !quiet || !still {
			s = &rough
		}
		s.values = append(s.values, c.value(seconds))
		s.shares = append(s.shares, 100*c.load/1e9/seconds*2/(before+after))
		before, quiet = after, still
	}
	if len(good.values) < leastSamples {
		good.values, good.shares = append(good.values, rough.values...), append(good.shares, rough.shares...)
	}
	r := Row{Name: c.name, Threads: g.pool.Threads(), Value: quantile(good.values, 0.5), Unit: c.unit}
	r.Spread = (quantile(good.values, 0.75) - quantile(good.values, 0.25)) / r.Value
	if c.yard != none {
		percent := quantile(good.shares, 0.5)
		r.Percent = &percent
	}
	return r, nil
}

// quickest is clock, the best of some tries: something else may take the processor for a moment.
func quickest(tries int, call func(), calls int) time.Duration {
	best := clock(call, calls)
	for range tries - 1 {
		best = min(best, clock(call, calls))
	}
	return best
}

// clock returns how long some calls take.
func clock(call func(), calls int) time.Duration {
	start := time.Now()
	for range calls {
		call()
	}
	return time.Since(start)
}

// quantile returns the q-quantile of x, between neighbours where it falls there.
func quantile(x []float64, q float64) float64 {
	s := slices.Sorted(slices.Values(x))
	at := q * float64(len(s)-1)
	i := min(int(at), len(s)-2)
	if i < 0 {
		return s[0]
	}
	return s[i] + (at-float64(i))*(s[i+1]-s[i])
}
