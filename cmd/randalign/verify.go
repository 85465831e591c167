package main

import (
	"context"
	"fmt"
	"math"

	"randalign/experiments"
	"randalign/tensor"
)

func verifyCommand() *command {
	steps := 0
	return &command{
		name:    "verify",
		summary: "repeat a finished run, or its first N steps, and compare digests",
		args:    "FOLDER",
		about: `Trains again as config.json in the folder of a run of ` + "`train`" + ` says, in memory,
and compares to the last bit: the data, the weights before the first step, the
loss of every step in the log, the weights at every logged evaluation and, for
the whole run, the final weights and the file of weights. Nothing is written.
Threads and kernel may be others than the run's. Exit status 1 if anything
differs.`,
		example: "randalign verify run1 --steps 100",
		flags: func(f *flagSet, _ *common) {
			f.integer(&steps, "steps", 0, math.MaxInt32, "repeat only the first N steps; 0: the whole run")
		},
		run: func(ctx context.Context, e *env) error { return runVerify(ctx, e, steps) },
	}
}

func runVerify(ctx context.Context, e *env, steps int) error {
	folder, err := e.oneArg("the folder of a run")
	if err != nil {
		return err
	}
	v, err := experiments.NewVerifier(folder, steps, e.provenance())
	if err != nil {
		return badInput(err)
	}
	bar := e.progress("verify", "steps", 0, v.Steps)
	var r *experiments.Verification
	err = e.withPool(ctx, func(p *tensor.Pool) (err error) {
		r, err = v.Run(ctx, p, func(done, _ int) { bar.set(done, math.NaN()) })
		return err
	})
	bar.close()
	if err != nil {
		if ctx.Err() != nil {
			return err
		}
		return badInput(err)
	}
	if e.JSON {
		if err := e.printJSON(r); err != nil {
			return err
		}
	} else {
		part := "the first"
		if r.Whole {
			part = "all"
		}
		e.printf("%s: repeated %s %s; compared %s and the losses of %s\n", folder, part, plural(r.Steps, "step"), plural(r.Digests, "digest"), plural(r.Losses, "step"))
		for _, d := range r.Differences {
			e.printf("%s: found %s, recorded %s\n", d.What, d.Found, d.Want)
		}
		if r.Same {
			e.printf("the same, bit for bit\n")
		}
	}
	if !r.Same {
		return fmt.Errorf("%s: the repetition differs from the run: %s", folder, r.Differences[0].What)
	}
	return nil
}
