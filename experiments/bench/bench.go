package bench

import (
	"context"
	"regexp"
	"runtime"
	"slices"
	"strconv"
	"time"

	"randalign/asm"
	"randalign/tensor"
)

// Config says what to measure.
type Config struct {
	// Filter chooses rows by name; nil takes all.
	Filter *regexp.Regexp
	// Time is how long each row is measured for each number of threads, more
	// where three calls take longer.
	Time time.Duration
	// Threads is what "all" means; rows are measured with one and with all.
	Threads int
	// Progress, which may be nil, is called after each row.
	Progress func()
}

// Result is a run. Its JSON is read again by Read.
type Result struct {
	CPU     string `json:"cpu"`
	Kernel  string `json:"kernel"`
	Threads int    `json:"threads"`
	// Peak holds GFLOP/s by "f32" and "f64", then by "1" and "all" threads.
	Peak map[string]Pair `json:"peak"`
	// Copy is the bandwidth of a copy in GB/s.
	Copy Pair `json:"copy_gb_s"`
	// Issue tells whether the cores were shared; nil where it cannot be measured.
	Issue *Issue `json:"issue,omitempty"`
	Rows  []Row  `json:"rows"`
	// LeftOut names rows that would take too long on this kernel path.
	LeftOut []string `json:"left_out,omitempty"`
}

// Pair is a figure for one thread and for all.
type Pair struct {
	One float64 `json:"1"`
	All float64 `json:"all"`
}

// Row is one measurement.
type Row struct {
	Name    string  `json:"name"`
	Threads int     `json:"threads"`
	Value   float64 `json:"value"`
	Unit    string  `json:"unit"`
	// Percent is Value's share of its yardstick; nil where there is none.
	Percent *float64 `json:"percent"`
	// Spread is the distance of the quartiles over the median: 0.02 is 2 %.
	Spread float64 `json:"spread"`
	// Near is what Value is of a kernel held against a copy where its arrays stay in the
	// second-level cache; nil for all other rows.
	Near *float64 `json:"near,omitempty"`
}

// patience is how long a single call may take, in units of Config.Time, before
// its row is left out, and at least leastPatience. It concerns the generic path.
const (
	patience      = 5
	leastPatience = 5 * time.Second
)

// Select returns the names of the rows that the filter chooses, nil for all.
func Select(filter *regexp.Regexp) []string {
	var names []string
	for _, c := range choose(filter, arrayLength()) {
		names = append(names, c.name)
	}
	return names
}

// choose makes the table of cases, with arrays of n elements for the
// memory-bound ones, and picks from it.
func choose(filter *regexp.Regexp, n int) []kase {
	all := slices.Concat(kernelCases(), gemmCases(), convCases(), denseCases(), memoryCases(n), poolCases(n), stepCases(), linalgCases())
	if filter == nil {
		return all
	}
	return slices.DeleteFunc(all, func(c kase) bool { return !filter.MatchString(c.name) })
}

// Run measures the yardsticks and the chosen rows on the kernel path in use. It
// returns ctx's error when ctx ends, after the sample under way.
func Run(ctx context.Context, cfg Config) (*Result, error) {
	n := arrayLength()
	return run(ctx, cfg, choose(cfg.Filter, n), newMemory(n))
}

func run(ctx context.Context, cfg Config, cases []kase, m *memory) (*Result, error) {
	cpu, _, _ := asm.CPU()
	r := &Result{CPU: cpu, Kernel: asm.Active().Name, Threads: cfg.Threads, Rows: []Row{}}
	counts := []int{1}
	if cfg.Threads > 1 {
		counts = append(counts, cfg.Threads)
	}
	var gauges []*gauge
	for _, n := range counts {
		p := tensor.NewPool(n)
		defer p.Close()
		gauges = append(gauges, newGauge(p))
	}
	survey := func() error {
		for _, g := range gauges {
			if err := g.survey(ctx, m, cfg.Time); err != nil {
				return err
			}
		}
		return nil
	}
	if err := survey(); err != nil {
		return nil, err
	}
	for _, c := range cases {
		if err := r.measure(ctx, c, gauges, m, cfg.Time); err != nil {
			return nil, err
		}
		// The operands of large rows must not pile up.
		runtime.GC()
		if cfg.Progress != nil {
			cfg.Progress()
		}
	}
	if err := survey(); err != nil {
		return nil, err
	}
	one, all := gauges[0], gauges[len(gauges)-1]
	pair := func(y yardstick) Pair { return Pair{one.figure(y), all.figure(y)} }
	r.Peak, r.Copy = map[string]Pair{"f32": pair(peakF32), "f64": pair(peakF64)}, pair(copyRate)
	if most := pair(issueRate); most.One > 0 {
		median := func(g *gauge) float64 { return quantile(g.bursts[issueRate], 0.5) }
		r.Issue = &Issue{Most: most, Median: Pair{median(one), median(all)}}
	}
	return r, nil
}

// measure adds the rows of one case, for each number of threads.
func (r *Result) measure(ctx context.Context, c kase, gauges []*gauge, m *memory, budget time.Duration) error {
	if c.solo {
		gauges = gauges[:1]
	}
	var call func(p *tensor.Pool)
	for _, g := range gauges {
		if c.yard != none && c.load/1e9/g.figure(c.yard) > max(patience*budget, leastPatience).Seconds() {
			r.LeftOut = append(r.LeftOut, c.name+" on "+strconv.Itoa(g.pool.Threads()))
			continue
		}
		if call == nil {
			call = c.prepare(m)
		}
		row, err := g.row(ctx, c, func() { call(g.pool) }, m, budget)
		if err != nil {
			return err
		}
		if c.near != nil {
			row.Near = c.near(m, g.pool)
		}
		r.Rows = append(r.Rows, row)
	}
	return nil
}
