package main

import (
	"context"
	"math"
	"path/filepath"
	"strconv"

	"randalign/experiments"
	"randalign/nn"
	"randalign/tensor"
)

// initResult is what init prints.
type initResult struct {
	Out           string                      `json:"out"`
	WeightsSHA256 string                      `json:"weights_sha256"`
	Map           string                      `json:"map"`
	Match         string                      `json:"match"`
	Examples      int                         `json:"examples"` // measured
	Layers        []experiments.EigenmapLayer `json:"layers"`
}

func initCommand() *command {
	c := experiments.EigenmapConfig{Arch: "simple-cnn", Samples: 2000, InitScale: 1}
	match := string(nn.MatchNorm)
	return &command{
		name:    "init",
		summary: "eigenmap-initialised weights from data alone, without any training",
		about: `Layer by layer, the inputs of a layer are measured and its weights drawn with
deviation f(u) along each eigenvector of their covariance; u is the inputs'
deviation there, for layers other than a first conv over the mean of the 20
leading ones. f is a family (` + "`randalign help maps`" + `), a table @f.json of pairs
[u, f], or what --map-from finds: the transfer function of trained weights on
these data. Each tensor gets the l2 norm of a fresh He start (--match norm), or
such a norm that the layer's outputs vary as the fresh layer's do (--match
response). Names and shapes are PyTorch's: load_state_dict takes them.`,
		example: "randalign init --data cifar10 --arch simple-cnn --map unimodal --layers all --out w.safetensors",
		flags: func(f *flagSet, common *common) {
			common.data(f)
			archFlag(f, &c.Arch)
			f.text(&c.Map, "map", "FAMILY[:X]|@FILE", "eigenvalue mapping f (default "+experiments.DefaultMap+")")
			f.text(&c.MapFrom, "map-from", "FILE[:TENSOR]", "take f from trained weights, in place of --map")
			f.add("layers", "all|K", "all", "draw only the first K layers with weights; the others start fresh", func(s string) error {
				k, err := strconv.Atoi(s)
				if s != "all" && (err != nil || k < 1) {
					return errFound(s, "all or a number of layers from 1")
				}
				c.Layers = k
				return nil
			})
			f.choice(&match, "match", []string{string(nn.MatchNorm), string(nn.MatchResponse)}, "what a drawn tensor takes over from a fresh one")
			f.integer(&c.Samples, "samples", 0, math.MaxInt, "training examples to measure, after a seeded shuffle; 0 for all")
			f.number(&c.InitScale, "init-scale", 0, 1e6, "times He's standard deviation for the fresh start")
			normalizeFlag(f, &c.Normalize)
			common.limit(f)
			common.seed(f)
			common.out(f, "FILE", "write the weights to FILE, a .safetensors")
		},
		run: func(ctx context.Context, e *env) error {
			c.Data, c.Limit, c.Seed, c.Match = e.Data, e.Limit, e.Seed, nn.Match(match)
			return runInit(ctx, e, c)
		},
	}
}

func runInit(ctx context.Context, e *env, c experiments.EigenmapConfig) error {
	err := e.noArgs()
	switch {
	case err != nil:
		return err
	case c.Data == "":
		return badInputf("--data: found nothing, expected NAME|PATH; an example: %s", e.cmd.example)
	case e.Out == "":
		return badInputf("--out: found nothing, expected a .safetensors file to write")
	case c.Map != "" && c.MapFrom != "":
		return badInputf("--map-from: found it beside --map, expected one of the two")
	case c.InitScale == 0:
		return badInputf("--init-scale: found 0, expected a positive number")
	}
	if err := checkOutFile(e.Out, "--out", ".safetensors"); err != nil {
		return err
	}
	if err := checkOutFolder(filepath.Dir(e.Out)); err != nil {
		return err
	}
	if c.Map == "" && c.MapFrom == "" {
		c.Map = experiments.DefaultMap
	}
	bar := &stageBar{e: e}
	var s *experiments.EigenmapStart
	err = e.withPool(ctx, func(p *tensor.Pool) (err error) {
		s, err = experiments.StartEigenmap(ctx, c, e.provenance(), p, bar.progress)
		return err
	})
	bar.close()
	if err != nil {
		if ctx.Err() != nil {
			return err
		}
		return badInput(err)
	}
	if err := nn.WriteSafetensors(e.Out, s.Tensors, s.Meta); err != nil {
		return err
	}
	r := initResult{Out: e.Out, WeightsSHA256: nn.WeightsDigest(s.Tensors), Map: s.Map, Match: string(c.Match), Examples: s.Examples, Layers: s.Layers}
	if e.JSON {
		return e.printJSON(r)
	}
	e.printf("f: %s, matched by %s, %s measured\n\n", r.Map, r.Match, plural(r.Examples, "example"))
	e.printf("%-12s %-18s %10s %6s %14s %10s\n", "tensor", "shape", "vectors", "rank", "largest sigma", "l2 norm")
	for _, l := range r.Layers {
		e.printf("%-12s %-18s %10d %6d %14.4g %10.4g\n", l.Tensor, nn.Shape(l.Shape), l.Samples, l.Rank, l.Sigma, l.Norm)
	}
	e.printf("\nweights %s\nsha256  %s\n", r.Out, r.WeightsSHA256)
	return nil
}
