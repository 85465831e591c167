package main

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"math"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"

	"randalign/asm"
	"randalign/experiments"
	"randalign/nn"
)

func reproduceCommand() *command {
	preset, strict, seeds := "quick", false, 0
	return &command{
		name:    "reproduce",
		summary: "run the study and write a report",
		args:    "[" + strings.Join(experiments.Names(), " ") + "]",
		about: `Runs the named experiments, or all, and writes OUT/<experiment>/ and
OUT/report.html. Presets: quick takes minutes on two cores, standard about an
hour, paper several. An interrupted run goes on where it stopped when the same
command is given again: finished experiments and trainings are kept.`,
		example: "randalign reproduce fig1 fig3 --data cifar10 --preset quick --out results",
		resumes: true,
		flags: func(f *flagSet, c *common) {
			c.Data, c.Out = "leaves", "results"
			c.data(f)
			c.seed(f)
			c.out(f, "FOLDER", "results folder")
			f.choice(&preset, "preset", experiments.PresetNames(), "size of the study")
			f.integer(&seeds, "seeds", 0, 1000, "repetitions; 0 for the preset's own number")
			f.boolean(&strict, "strict", "exit with status 3 if a claim does not hold")
		},
		run: func(ctx context.Context, e *env) error { return runReproduce(ctx, e, preset, seeds, strict) },
	}
}

func runReproduce(ctx context.Context, e *env, preset string, seeds int, strict bool) error {
	var list []experiments.Experiment
	for _, name := range experiments.Names() {
		if len(e.args) == 0 || slices.Contains(e.args, name) {
			x, _ := experiments.Find(name)
			list = append(list, x)
		}
	}
	for _, name := range e.args {
		if _, err := experiments.Find(name); err != nil {
			if near := experiments.Nearest(name, experiments.Names()); near != "" {
				err = fmt.Errorf("%w%s", err, didYouMean("", near))
			}
			return badInput(err)
		}
	}
	p, err := experiments.PresetNamed(preset)
	if err != nil {
		return badInput(err)
	}
	if seeds > 0 {
		p.Seeds = seeds
	}
	src, err := experiments.OpenSource(e.Data, experiments.DataDir())
	if err != nil {
		return badInput(err)
	}
	study := &experiments.Env{
		Ctx: ctx, Source: src, Preset: p, Seed: e.Seed, Out: e.Out, Threads: e.Threads,
		From: experiments.Provenance{Version: version, Kernel: asm.Active().Name, Threads: e.Threads, Arithmetic: nn.Arithmetic},
	}
	if err := study.Check(); err != nil {
		return badInput(err)
	}
	if err := checkOutFolder(e.Out); err != nil {
		return err
	}
	var results []*experiments.Result
	for i, x := range list {
		bar := &stageBar{e: e, prefix: fmt.Sprintf("%d/%d %s: ", i+1, len(list), x.Name)}
		study.Progress = bar.progress
		r, err := x.Run(study)
		bar.close()
		if err != nil {
			if ctx.Err() != nil {
				return e.interrupted()
			}
			return err
		}
		results = append(results, r)
	}
	if err := writeReport(e, study, p); err != nil {
		return err
	}
	var all []experiments.Claim
	for _, r := range results {
		all = append(all, r.Claims...)
	}
	if e.JSON {
		if err := e.printJSON(results); err != nil {
			return err
		}
	} else {
		if err := experiments.PrintClaims(e.stdout, results, e.scr.columns != nil && terminalColumns(os.Stdout) > 0); err != nil {
			return err
		}
		e.printf("\nreport: %s\n", filepath.Join(e.Out, "report.html"))
	}
	holds, fails, open := experiments.CountVerdicts(all)
	if strict && fails+open > 0 {
		return &claimsError{fmt.Sprintf("%d of %d claims do not hold (%d fail, %d are inconclusive)", fails+open, holds+fails+open, fails, open)}
	}
	return nil
}

// writeReport rebuilds the report from everything in the results folder, so
// that naming one experiment does not drop the others from it.
func writeReport(e *env, study *experiments.Env, p experiments.Preset) error {
	results, err := experiments.LoadResults(e.Out)
	if err != nil {
		return err
	}
	cpu, _, _ := asm.CPU()
	last := e.Seed + uint64(p.Seeds) - 1
	return experiments.WriteReport(e.Out, results, experiments.Meta{
		Command: shellQuote(append([]string{"randalign"}, e.line...)),
		Data:    study.Source.Name(), Preset: p.Name, Seeds: fmt.Sprintf("%d (%d to %d)", p.Seeds, e.Seed, last),
		Machine: fmt.Sprintf("%s, %d threads, %s/%s", cpu, e.Threads, runtime.GOOS, runtime.GOARCH),
		Kernel:  asm.Active().Name, Version: version,
	})
}

// stageBar shows one progress bar for each stage that an experiment reports.
type stageBar struct {
	e      *env
	prefix string
	stage  string
	bar    *progress
}

func (b *stageBar) progress(stage string, done, total int) {
	if b.bar == nil || stage != b.stage {
		b.close()
		b.stage, b.bar = stage, b.e.progress(b.prefix+stage, "steps", 0, total)
	}
	b.bar.set(done, math.NaN())
}

func (b *stageBar) close() {
	if b.bar != nil {
		b.bar.close()
		b.bar = nil
	}
}

// writableName is a file that is there for a moment.
const writableName = ".randalign-writable"

// checkOutFolder makes the folder and finds out whether files can be written there.
func checkOutFolder(dir string) error {
	if dir == "" {
		return badInputf("--out: found nothing, expected a folder")
	}
	err := os.MkdirAll(dir, 0o777)
	if err == nil {
		// Always the same name: what is left by a process that was killed here goes with the next.
		var f *os.File
		if f, err = os.OpenFile(filepath.Join(dir, writableName), os.O_WRONLY|os.O_CREATE, 0o666); err == nil {
			f.Close()
			if err = os.Remove(f.Name()); errors.Is(err, fs.ErrNotExist) { // another process was faster
				err = nil
			}
		}
	}
	if err != nil {
		var p *os.PathError
		if errors.As(err, &p) {
			err = p.Err
		}
		return badInputf("--out %s: cannot write there: %w", dir, err)
	}
	return nil
}
