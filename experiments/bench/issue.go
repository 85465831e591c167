package bench

import (
	"time"

	"randalign/asm"
	"randalign/tensor"
)

// Issue is how many instructions a core began in a cycle: at most, and most of the time. A core
// whose other hardware thread works for somebody else begins about half as many for this one.
// That leaves the peak as it is, and slows whatever needs many instructions beside its FMAs.
type Issue struct {
	Most   Pair `json:"most"`
	Median Pair `json:"median"`
}

// A loop takes a few microseconds. Of some pairs of them the median counts, since whatever
// comes between the two of one pair makes it meaningless.
const (
	issueTurns = 128
	issueTries = 5
)

// issueJob measures the cores' rates; a task is a measurement.
type issueJob struct{ rates []float64 }

// Do implements tensor.Job.
func (j *issueJob) Do(_, task int) {
	wait, begin, cycles, begun, ok := asm.IssueLoops()
	if !ok {
		return
	}
	var rates [issueTries]float64
	for i := range rates {
		rates[i] = float64(begun) / float64(cycles) * float64(timed(wait)) / float64(timed(begin))
	}
	j.rates[task] = quantile(rates[:], 0.5)
}

// timed returns how long a loop takes, never nothing.
func timed(loop func(int)) time.Duration {
	start := time.Now()
	loop(issueTurns)
	return max(1, time.Since(start))
}

// measure returns the lowest rate of the threads, 0 where it cannot be measured.
func (j *issueJob) measure(p *tensor.Pool) float64 {
	p.Run(len(j.rates), j)
	return quantile(j.rates, 0)
}
