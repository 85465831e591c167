package main

import (
	"context"
	"fmt"
	"math"
	"slices"

	"randalign/experiments"
	"randalign/linalg"
	"randalign/tensor"
)

// alignResult is what align prints.
type alignResult struct {
	*linalg.Report
	Tensor        string                     `json:"tensor,omitempty"`
	Shape         []int                      `json:"tensor_shape,omitempty"`
	Data          string                     `json:"data,omitempty"`
	Examples      int                        `json:"examples,omitempty"`
	Vectors       int64                      `json:"vectors,omitempty"` // patches or vectors behind the data's covariance
	Normalisation *experiments.Normalisation `json:"normalisation,omitempty"`
}

func alignCommand() *command {
	c := experiments.AlignConfig{Draws: 100}
	var covWeights, covData string
	return &command{
		name:    "align",
		summary: "how well weights align with data: misalignment and transfer function",
		about: `A conv tensor (out, in, kh, kw) counts as filters against all patches of that
shape (stride 1, no padding), a dense one (out, in) as vectors. TENSOR defaults
to the first conv or else dense weight; several --weights pool their filters.
With --arch, TENSOR may belong to any layer: FILE then holds the whole network
and the data are what reaches that layer. B is the second moment of the weights,
no mean subtracted, A the covariance of the data.

misalignment  sum over A's eigenspaces of sqrt(tr(P B) tr(P B^-1)), less d; 0
              if and only if A and B share eigenvectors
control       the same over random orthonormal bases: weights that know nothing
floor         the same of as many filters drawn from the aligned part of B:
              what a finite sample shows although it is aligned
position      (misalignment - floor) / (control - floor)
p             parametric bootstrap: small means "not aligned"; and the share of
              random bases with an M as small: small means "more than chance"
f(sigma)      deviation of the weights along data of deviation sigma`,
		example: "randalign align --weights run1/weights.safetensors --data cifar10",
		flags: func(f *flagSet, common *common) {
			f.list(&c.Weights, "weights", "FILE[:TENSOR]", "weights (.safetensors, .npz, .npy); may be given several times")
			common.data(f)
			f.text(&c.Arch, "arch", "NAME|SPEC", "network of the weights, to look at a layer beyond the first")
			f.text(&covWeights, "cov-weights", "B.npy", "second moment of weights, in place of --weights")
			f.text(&covData, "cov-data", "A.npy", "covariance of data, in place of --data")
			f.integer(&c.Draws, "draws", 2, 100000, "random bases behind the control; each takes about 6 d^3 operations")
			normalizeFlag(f, &c.Normalize)
			common.limit(f)
			common.seed(f)
		},
		run: func(ctx context.Context, e *env) error {
			c.Data, c.Limit, c.Seed = e.Data, e.Limit, e.Seed
			return runAlign(ctx, e, c, covWeights, covData)
		},
	}
}

func runAlign(ctx context.Context, e *env, c experiments.AlignConfig, covWeights, covData string) error {
	if err := e.noArgs(); err != nil {
		return err
	}
	matrices := covWeights != "" || covData != ""
	for _, f := range []struct {
		flag   string
		given  bool
		wanted bool
	}{
		{"cov-weights", covWeights != "", matrices}, {"cov-data", covData != "", matrices},
		{"weights", len(c.Weights) > 0, !matrices}, {"data", c.Data != "", !matrices},
	} {
		switch {
		case f.given && !f.wanted:
			return badInputf("--%s: found it beside --cov-weights or --cov-data, expected either --weights and --data or these two", f.flag)
		case f.wanted && !f.given:
			return badInputf("--%s: found nothing, expected --weights and --data, or --cov-weights and --cov-data; an example: %s", f.flag, e.cmd.example)
		}
	}
	if matrices {
		if c.Arch != "" {
			return badInputf("--arch: found it beside --cov-weights, expected it with --weights")
		}
		r, err := inBackground(ctx, func() (*linalg.Report, error) { return experiments.AlignMatrices(covWeights, covData, c.Seed, c.Draws) })
		if err != nil {
			return badAlign(ctx, err)
		}
		return e.printAlign(alignResult{Report: r})
	}
	a, err := experiments.NewAlignment(c)
	if err != nil {
		return badInput(err)
	}
	if a.Dim > slowDim {
		e.notef("%d dimensions take a while, most of it for the %d random bases of the control; fewer --draws are quicker", a.Dim, c.Draws)
	}
	var bar *progress
	r := alignResult{Tensor: a.Tensor, Shape: a.Shape, Data: c.Data, Normalisation: &a.Normalisation}
	err = e.withPool(ctx, func(p *tensor.Pool) (err error) {
		r.Report, err = a.Run(ctx, p, func(done, total int) {
			if bar == nil {
				bar = e.progress("align", "examples", 0, total)
			}
			bar.set(done, math.NaN())
		})
		return err
	})
	if bar != nil {
		bar.close()
	}
	if err != nil {
		return badAlign(ctx, err)
	}
	r.Examples, r.Vectors = a.Examples, a.Vectors
	return e.printAlign(r)
}

// badAlign marks the errors of a measurement as what they come from, the input.
func badAlign(ctx context.Context, err error) error {
	if ctx.Err() != nil {
		return err
	}
	return badInput(err)
}

// slowDim dimensions are worth a word beforehand.
const slowDim = 1000

// leadingRows of the transfer function are shown as text.
const leadingRows = 20

func (e *env) printAlign(r alignResult) error {
	if e.JSON {
		return e.printJSON(r)
	}
	if r.Data != "" {
		name := r.Tensor
		if name == "" {
			name = "the array"
		}
		e.printf("%d filters (%s %v) against %d vectors of %d values (%s, %d examples)\n\n", r.Samples, name, r.Shape, r.Vectors, r.Dim, r.Data, r.Examples)
	}
	e.printf("misalignment  %.6g\n", r.Misalignment)
	e.printf("control       %.6g +- %.2g (%d random bases)\n", r.Control.Mean, r.Control.Std, r.Control.Draws)
	if r.Floor.Draws > 0 {
		e.printf("floor         %.6g +- %.2g (%d aligned samples)\n", r.Floor.Mean, r.Floor.Std, r.Floor.Draws)
	}
	if r.PositionKnown {
		e.printf("position      %.3f (0: aligned, 1: knows nothing of the data)\n", r.Position)
	}
	if r.Floor.Draws > 0 {
		e.printf("p             %.2g that aligned weights look so strange, %.2g that strangers look so aligned\n", r.PNotAligned, r.PChance)
	}
	e.printf("f(sigma) is   %s\n", r.Report.Shape)
	if r.Note != "" {
		e.printf("note: %s\n", r.Note)
	}
	e.printf("\n%12s %4s %12s %10s   %s\n", "sigma", "dim", "f", "variance", "95% of f")
	for i, s := range slices.Backward(r.Eigenspaces) {
		if shown := len(r.Eigenspaces) - 1 - i; shown == leadingRows {
			e.printf("%12s (%d more: --json shows all)\n", "...", i+1)
			break
		}
		band := ""
		if s.High > 0 {
			band = fmt.Sprintf("   %.4g..%.4g", s.Low, s.High)
		}
		e.printf("%12.5g %4d %12.5g %9.3f%%%s\n", s.Sigma, s.Multiplicity, s.F, 100*r.Explained[i], band)
	}
	return nil
}

// plural is n and the word, with an s unless n is 1.
func plural(n int, word string) string {
	if n == 1 {
		return "1 " + word
	}
	return fmt.Sprintf("%d %ss", n, word)
}
