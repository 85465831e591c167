package main

import (
	"context"
	"fmt"
	"time"

	"randalign/experiments"
	"randalign/linalg"
	"randalign/nn"
	"randalign/tensor"
)

// eigResult is what eig prints.
type eigResult struct {
	N             int       `json:"n"`
	Values        []float64 `json:"values"`
	Residual      float64   `json:"residual"`
	Orthogonality float64   `json:"orthogonality"`
	Sweeps        int       `json:"sweeps"`
	Seconds       float64   `json:"seconds"`
}

func eigCommand() *command {
	return &command{
		name:    "eig",
		summary: "eigenvalues and eigenvectors of a symmetric matrix in a .npy file",
		args:    "A.npy",
		about: `A.npy holds a square matrix of float64 or float32, symmetric up to rounding.
Values come in ascending order; the columns of the vectors belong to them, each
with its largest component positive. The residual is |AV-VD| / (n eps |A|), the
orthogonality |V'V-I| / (n eps), in Frobenius norms and with eps = 2^-52: values
of a few are as good as it gets. The method is Jacobi's, in float64, from vectors
that a reduction to tridiagonal form finds, so that one sweep is the rule; graded
definite matrices go to one-sided Jacobi on their Cholesky factor. It needs seven
times the memory of A.`,
		example: "randalign eig A.npy --out eig.npz",
		flags: func(f *flagSet, c *common) {
			c.out(f, "FILE", "write `values` and `vectors` to FILE, a .npz")
		},
		run: runEig,
	}
}

func runEig(ctx context.Context, e *env) error {
	path, err := e.oneArg("a .npy file")
	if err != nil {
		return err
	}
	if err = checkOutFile(e.Out, "--out", ".npz"); err != nil {
		return err
	}
	a, err := experiments.ReadMatrix(path)
	if err != nil {
		return badInput(err)
	}
	if err = linalg.CheckSymmetric(a); err != nil {
		return badInputf("%s: %w", path, err)
	}
	start := time.Now()
	var eig *linalg.Eig
	err = e.withPool(ctx, func(p *tensor.Pool) (err error) {
		eig, err = linalg.EigenOn(p, a)
		return err
	})
	if err != nil {
		return fmt.Errorf("%s: %w", path, err)
	}
	r := eigResult{N: a.Rows, Values: eig.Values, Sweeps: eig.Sweeps, Seconds: time.Since(start).Seconds()}
	r.Residual, r.Orthogonality = eig.Residual(a)
	if e.Out != "" {
		err = nn.WriteNPZ(e.Out, map[string]*nn.Array{
			"values":  {Shape: []int{r.N}, F64: eig.Values},
			"vectors": {Shape: []int{r.N, r.N}, F64: eig.Vectors.Data},
		})
		if err != nil {
			return err
		}
	}
	if e.JSON {
		return e.printJSON(r)
	}
	e.printf("%d x %d, %d sweeps, %.3g s\nresidual      %.3g\northogonality %.3g\n", r.N, r.N, r.Sweeps, r.Seconds, r.Residual, r.Orthogonality)
	e.printf("values, ascending:\n")
	for _, v := range r.Values {
		e.printf("%v\n", v)
	}
	return nil
}
