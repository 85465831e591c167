package main

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"math"
	"os"
	"path/filepath"
	"strconv"
	"strings"

	"randalign/asm"
	"randalign/experiments"
	"randalign/nn"
	"randalign/tensor"
)

func trainCommand() *command {
	c := experiments.DefaultTraining()
	resume := false
	return &command{
		name:    "train",
		summary: "train one network on real or random labels; write weights and a log",
		about: `Writes into the folder --out: config.json (all that it takes to repeat the run),
log.jsonl (a line a step and a line an evaluation), weights.safetensors and,
last, result.json. The weights depend on data, flags and seed alone: not on
threads, kernel or interruptions.

--init FILE takes .safetensors or .npz with the network's tensor names; with
--init-layers K only the tensors of the first K layers with weights are taken.
covariance:FILE draws the first layer's filters from a .npy matrix, or from the
second moment of the filters in a weight file. Four starts measure layers on
2000 training examples: eigenmap[:FAMILY] draws from an eigenvalue mapping of
their inputs (` + "`randalign help maps`" + `), lsuv scales orthonormal weights to outputs
of unit variance, whiten[:EPS] and kmeans set filters to whitening directions
and to centroids of whitened patches (of the first layer unless --init-layers
says more). What a start leaves out starts as he: normal, deviation
sqrt(2/inputs). glorot and lecun differ in the deviation, -uniform in the
distribution; orthogonal has orthonormal rows. --init-scale multiplies.

Accuracies are over the whole training set and over --test-limit test examples,
always with their real labels (null if the random labels have other classes).`,
		example: "randalign train --data cifar10 --labels random --limit 5000 --init-scale 0.2 --lr-steps 3 --epochs 60 --out run1",
		resumes: true,
		flags: func(f *flagSet, common *common) {
			common.Data = c.Data
			trainFlags(f, common, &c)
			f.boolean(&resume, "resume", "go on with the run in --out, or show its result if it is finished")
			common.out(f, "FOLDER", "folder of the run")
		},
		run: func(ctx context.Context, e *env) error {
			c.Data, c.Limit, c.Seed = e.Data, e.Limit, e.Seed
			return runTrain(ctx, e, c, resume)
		},
	}
}

func trainFlags(f *flagSet, common *common, c *experiments.TrainConfig) {
	common.data(f)
	archFlag(f, &c.Arch)
	f.text(&c.Labels, "labels", "real|random[:CLASSES]", "labels to train on; random ones are drawn once, uniformly")
	f.integer(&c.Epochs, "epochs", 0, math.MaxInt32, "passes over the training set")
	f.integer(&c.Batch, "batch", 1, math.MaxInt32, "examples a step; the last step of an epoch may have fewer")
	f.number(&c.LR, "lr", 0, 1e6, "learning rate")
	f.number(&c.Momentum, "momentum", 0, 1, "momentum of SGD, as PyTorch's")
	f.integer(&c.LRSteps, "lr-steps", 0, math.MaxInt32, "multiply the rate by --lr-gamma after each of N equal parts of the run; 0: constant")
	f.number(&c.LRGamma, "lr-gamma", 0, 1e6, "factor of --lr-steps")
	f.choice(&c.LRSchedule, "lr-schedule", []string{"step", "cosine"}, "step: as --lr-steps says; cosine: along half a cosine to 0")
	f.number(&c.WeightDecay, "weight-decay", 0, 1e6, "added to the gradient, times the weight")
	f.choice(&c.Decay, "decay", []string{"all", "weights"}, "what --weight-decay applies to; weights: neither biases nor batch norm")
	f.choice(&c.Loss, "loss", []string{"cross-entropy", "mse"}, "mse: mean squared difference to 1 at the label, 0 elsewhere")
	f.text(&c.Init, "init", "START", "he|glorot|lecun[-uniform], orthogonal, lsuv, whiten[:EPS], kmeans, covariance:F, eigenmap[:MAP], FILE")
	f.number(&c.InitScale, "init-scale", 0, 1e6, "times the standard deviation of the fresh start")
	f.integer(&c.InitLayers, "init-layers", 0, math.MaxInt32, "start only the first N layers with weights from --init; 0: all")
	f.boolean(&c.Rescale, "rescale", "bring each tensor taken from --init to the l2 norm of a fresh start")
	f.add("split", "START:END", "", "train on this range of the training set, in the source's own order, END not included", func(s string) (err error) {
		c.Split, err = parseSplit(s)
		return err
	})
	f.choice(&c.Order, "order", []string{"shuffle", "sequential"}, "order of the examples in an epoch")
	normalizeFlag(f, &c.Normalize)
	f.integer(&c.TestLimit, "test-limit", 0, math.MaxInt, "test examples for accuracy, after a seeded shuffle; 0 for all")
	f.integer(&c.EvalEvery, "eval-every", 0, math.MaxInt32, "epochs between evaluations; 0: at the end only")
	f.integer(&c.LogEvery, "log-every", 1, math.MaxInt32, "steps between lines of the log")
	f.number(&c.TargetAccuracy, "target-accuracy", 0, 1, "stop after an epoch whose batches had this accuracy, each before its update; 0: never")
	f.number(&c.TargetLoss, "target-loss", 0, 1e6, "stop after an epoch whose batches had at most this mean loss; 0: never")
	f.integer(&c.CheckpointEvery, "checkpoint-every", 0, math.MaxInt32, "steps between checkpoints; 0: only when interrupted")
	common.limit(f)
	common.seed(f)
}

// archFlag and normalizeFlag are the same in several commands.
func archFlag(f *flagSet, p *string) {
	f.text(p, "arch", "NAME|SPEC", "network; `randalign help arch` lists names and elements")
}

func normalizeFlag(f *flagSet, p *string) {
	f.choice(p, "normalize", []string{"channel", "symmetric", "unit", "none"}, "of pixels; default: channel for eight-bit data, none for others")
}

// parseSplit reads START:END; either may be empty.
func parseSplit(s string) (split [2]int, err error) {
	start, end, ok := strings.Cut(s, ":")
	bad := fmt.Errorf("found %q, expected START:END, as 0:20000", s)
	for i, text := range []string{start, end} {
		if text == "" {
			continue
		}
		if split[i], err = strconv.Atoi(text); err != nil || split[i] < i {
			return split, bad
		}
	}
	if !ok || s == ":" || split[1] != 0 && split[0] >= split[1] {
		return split, bad
	}
	return split, nil
}

// provenance says what computes a result of this command.
func (e *env) provenance() experiments.Provenance {
	return experiments.Provenance{Version: version, Kernel: asm.Active().Name, Threads: e.Threads, Arithmetic: nn.Arithmetic}
}

func runTrain(ctx context.Context, e *env, c experiments.TrainConfig, resume bool) error {
	if err := e.noArgs(); err != nil {
		return err
	}
	if e.Out == "" {
		return badInputf("--out: found nothing, expected a folder to write the run in")
	}
	t, err := experiments.NewTraining(c, e.provenance())
	if err != nil {
		return badInput(err)
	}
	done, err := t.CheckFolder(e.Out, resume)
	if err != nil {
		return badInputf("--out: %w", err)
	}
	if done != nil {
		return e.printTraining(done)
	}
	_, missing := os.Stat(e.Out)
	if err = checkOutFolder(e.Out); err != nil {
		return err
	}
	resumed := 0
	err = e.withPool(ctx, func(p *tensor.Pool) error { return t.Load(ctx, p) })
	if err == nil {
		resumed, err = t.Start(e.Out, resume, func(text string) { e.notef("%s", text) })
	}
	if err != nil {
		if errors.Is(missing, fs.ErrNotExist) {
			os.Remove(e.Out) // fails, as it should, if there is anything in it
		}
		if ctx.Err() != nil {
			return err
		}
		return badInput(err)
	}
	if resume {
		e.notef("%s: going on after step %d", e.Out, resumed)
	}
	var bar *progress
	pool := tensor.NewPool(e.Threads)
	defer pool.Close()
	r, err := t.Run(ctx, pool, func(done, total int, loss float64) {
		if bar == nil {
			bar = e.progress("train", "examples", done, total)
		}
		bar.set(done, loss)
	})
	if bar != nil {
		bar.close()
	}
	if err != nil {
		return err
	}
	return e.printTraining(r)
}

// printTraining shows a result; that of a failed training is an error as well.
func (e *env) printTraining(r *experiments.TrainResult) error {
	if e.JSON {
		if err := e.printJSON(r); err != nil {
			return err
		}
		return r.Failure()
	}
	e.printf("training accuracy %.4f (%d examples), loss %s\n", r.TrainAccuracy, r.Examples, orNone("%.4g", r.Loss))
	if r.TestAccuracy != nil {
		e.printf("test accuracy     %.4f (%d examples)\n", *r.TestAccuracy, r.TestExamples)
	}
	from := ""
	if r.ResumedAt > 0 {
		from = fmt.Sprintf(" since step %d", r.ResumedAt)
	}
	e.printf("%d steps, %d epochs, %.1f s%s (%s, %d threads)\n", r.Steps, r.Epochs, r.Seconds, from, r.Kernel, r.Threads)
	if r.ReachedTarget {
		e.printf("stopped at the target\n")
	}
	for _, u := range r.Units {
		if u.Dead > 0 {
			e.printf("ReLU layer %d: %d of %d units are dead\n", u.Layer, u.Dead, u.Units)
		}
	}
	if r.WeightsSHA256 != "" {
		e.printf("weights %s\nsha256  %s\n", filepath.Join(e.Out, experiments.WeightsName), r.WeightsSHA256)
	}
	return r.Failure()
}

func orNone(format string, x *float64) string {
	if x == nil {
		return "none"
	}
	return fmt.Sprintf(format, *x)
}
