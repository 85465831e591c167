package main

import (
	"context"
	"fmt"
	"regexp"
	"slices"
	"strings"
	"time"

	"randalign/experiments/bench"
)

// benchResult is what bench prints: the run and, with --compare, what changed.
type benchResult struct {
	*bench.Result
	Compare *bench.Comparison `json:"compare,omitempty"`
}

func benchCommand() *command {
	filter, compare, each := "", "", time.Second
	return &command{
		name:    "bench",
		summary: "kernels and layers against this machine's measured FMA peak",
		about: `Measures the FMA peak of the kernel path in use (float32, float64) and the
bandwidth of a copy, then kernels, matrix products and layers on one thread and
on all: GFLOP/s and the share of the peak, or GB/s (bytes read plus written) and
the share of the copy; beside these what the kernel does where a cache holds its
arrays: if that is hardly more, it does not wait for what it reads. Before each
sample the peak is measured again, since a machine's speed moves; the share is
the median over the samples, the spread the distance of the quartiles over the
median. Instructions a cycle tell whether the cores are this machine's alone: if
they begin half as many most of the time as at most, another one uses the other
hardware thread of the core, which slows all that needs many instructions (AVX2
more than AVX-512) and leaves the peak. All rows take about ten minutes on two
cores with --time 1s and 1 GiB of memory; run it on an idle machine.

Rows are named kernel/, gemm/, gemm-tn/, gemm-nt/ (M x N x K), conv/ (network,
channels x filters, image, pass; the direct algorithm), layer/ (the same where
another algorithm trains it; counted alike, so that the value may pass the peak,
while the share counts the products that are done), dense/ (network, inputs x
outputs, pass; packed is forward by weights packed once), syrk/ (M x K), memory/
(all others, most bound by it, on arrays beyond the caches), step/ (a loss and
random numbers, in millions of elements a second), cov/ and eigen/.

--compare FILE holds the run against an earlier one's --json: the change of each
row's value and of its share of the peak. The share decides whether a row is faster
or slower, since a machine that is slower as a whole does not change it, if it
changes by more than the noise, the sum of both spreads. Rows without a share are
judged by value, and the noise is greater by what the machine's own peaks moved.`,
		example: "randalign bench --filter '^gemm/f32' --json > before.json; randalign bench --filter '^gemm/f32' --compare before.json",
		flags: func(f *flagSet, _ *common) {
			f.text(&filter, "filter", "REGEXP", "only rows whose name matches, as 'gemm/f32' or 'conv/.*/forward'")
			f.duration(&each, "time", "how long each row is measured")
			f.text(&compare, "compare", "FILE", "an earlier run's --json to compare with")
		},
		run: func(ctx context.Context, e *env) error { return runBench(ctx, e, filter, compare, each) },
	}
}

func runBench(ctx context.Context, e *env, filter, compare string, each time.Duration) error {
	if err := e.noArgs(); err != nil {
		return err
	}
	cfg := bench.Config{Time: each, Threads: e.Threads}
	if filter != "" {
		re, err := regexp.Compile(filter)
		if err != nil {
			return badInputf("--filter: found %q, expected a regular expression: %w", filter, err)
		}
		cfg.Filter = re
	}
	names := bench.Select(cfg.Filter)
	if len(names) == 0 {
		return badInputf("--filter: found no row that matches %q; names begin with %s", filter, strings.Join(families(bench.Select(nil)), ", "))
	}
	var old *bench.Result
	if compare != "" {
		var err error
		if old, err = bench.Read(compare); err != nil {
			return badInputf("--compare: %w", err)
		}
	}
	bar := e.progress("bench", "rows", 0, len(names))
	defer bar.close()
	cfg.Progress = func() { bar.add(1) }
	r, err := inBackground(ctx, func() (*bench.Result, error) { return bench.Run(ctx, cfg) })
	if err != nil {
		return err
	}
	bar.close()
	for _, name := range r.LeftOut {
		e.notef("randalign: left out %s threads: a call takes too long with this kernel", name)
	}
	out := benchResult{Result: r}
	if old != nil {
		out.Compare = bench.Compare(old, r)
		for _, w := range out.Compare.Warnings {
			e.notef("randalign: warning: %s", w)
		}
	}
	if e.JSON {
		return e.printJSON(out)
	}
	if out.Compare != nil {
		e.writeComparison(out.Compare, compare)
		return nil
	}
	e.writeBench(r)
	return nil
}

// families are the beginnings of names, up to a slash.
func families(names []string) []string {
	var list []string
	for _, n := range names {
		head, _, _ := strings.Cut(n, "/")
		if !slices.Contains(list, head+"/") {
			list = append(list, head+"/")
		}
	}
	return list
}

// nameWidth is the widest of names that is not far beyond the others.
func nameWidth[T any](rows []T, name func(T) string) int {
	w := len("instr./cycle, median")
	for _, r := range rows {
		w = max(w, len(name(r)))
	}
	return w
}

func (e *env) writeBench(r *bench.Result) {
	w := nameWidth(r.Rows, func(r bench.Row) string { return r.Name })
	e.printf("%s, kernel %s\n\n%-*s %12s", r.CPU, r.Kernel, w, "", "1 thread")
	if r.Threads > 1 {
		e.printf(" %12s", fmt.Sprintf("%d threads", r.Threads))
	}
	e.printf("\n")
	type yard struct {
		name string
		pair bench.Pair
	}
	yards := []yard{{"peak f32, GFLOP/s", r.Peak["f32"]}, {"peak f64, GFLOP/s", r.Peak["f64"]}, {"copy, GB/s", r.Copy}}
	if i := r.Issue; i != nil {
		yards = append(yards, yard{"instr./cycle, most", i.Most}, yard{"instr./cycle, median", i.Median})
	}
	for _, y := range yards {
		e.printf("%-*s %12.1f", w, y.name, y.pair.One)
		if r.Threads > 1 {
			e.printf(" %12.1f", y.pair.All)
		}
		e.printf("\n")
	}
	e.printf("\n%-*s %7s %10s %-8s %7s %7s %8s\n", w, "", "threads", "value", "unit", "of peak", "spread", "in cache")
	for _, row := range r.Rows {
		share, near := "", ""
		if row.Percent != nil {
			share = fmt.Sprintf("%.1f %%", *row.Percent)
		}
		if row.Near != nil {
			near = figure(*row.Near)
		}
		e.printf("%-*s %7d %10s %-8s %7s %7s %8s\n", w, row.Name, row.Threads, figure(row.Value), row.Unit, share, fmt.Sprintf("%.1f %%", 100*row.Spread), near)
	}
}

func (e *env) writeComparison(c *bench.Comparison, file string) {
	w := nameWidth(c.Rows, func(c bench.Change) string { return c.Name })
	e.printf("old: %s\n\n%-*s %7s %10s %10s %-8s %9s %9s %9s\n", file, w, "", "threads", "old", "new", "unit", "change", "of peak", "noise")
	for _, d := range c.Rows {
		share := ""
		if d.Share != nil {
			share = fmt.Sprintf("%+.1f %%", *d.Share)
		}
		e.printf("%-*s %7d %10s %10s %-8s %9s %9s %9s  %s\n", w, d.Name, d.Threads, figure(d.Old), figure(d.New), d.Unit,
			fmt.Sprintf("%+.1f %%", d.Percent), share, fmt.Sprintf("%.1f %%", d.Noise), d.Verdict)
	}
	if c.OnlyOld+c.OnlyNew > 0 {
		e.printf("\n%d rows only in %s, %d only in this run\n", c.OnlyOld, file, c.OnlyNew)
	}
}

// figure writes a value with four digits, and no exponent.
func figure(x float64) string {
	switch {
	case x >= 1000:
		return fmt.Sprintf("%.0f", x)
	case x >= 100:
		return fmt.Sprintf("%.1f", x)
	case x >= 10:
		return fmt.Sprintf("%.2f", x)
	}
	return fmt.Sprintf("%.3f", x)
}
