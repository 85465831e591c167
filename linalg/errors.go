package linalg

import (
	"errors"
	"fmt"
)

// The kinds of trouble that data can cause. Every error of this package wraps
// one of them; its text names the place and the value.
var (
	ErrNotSquare           = errors.New("matrix is not square")
	ErrNotFinite           = errors.New("matrix is not finite")
	ErrNotSymmetric        = errors.New("matrix is not symmetric")
	ErrNotPositiveDefinite = errors.New("matrix is not positive definite")
	ErrNegative            = errors.New("covariance has a negative eigenvalue")
	ErrNoConvergence       = errors.New("eigenvalues did not converge")
	ErrOverflow            = errors.New("eigenvalue overflows float64")
	ErrNotOrthonormal      = errors.New("basis is not orthonormal")
	ErrTooFew              = errors.New("too few samples")
)

// mustSquare panics unless a is square.
func mustSquare(op string, a *Mat) {
	if a.Rows != a.Cols {
		panic(fmt.Sprintf("linalg: %s: %d x %d matrix is not square", op, a.Rows, a.Cols))
	}
}

// mustFit panics unless the inner sizes of a product or a solve agree.
func mustFit(op string, a, b *Mat, fits bool) {
	if !fits {
		panic(fmt.Sprintf("linalg: %s: %d x %d and %d x %d do not fit", op, a.Rows, a.Cols, b.Rows, b.Cols))
	}
}

// mustRows panics unless x holds exactly rows rows of d values.
func mustRows(op string, n, rows, d int) {
	if rows < 0 || d < 0 || n != rows*d {
		panic(fmt.Sprintf("linalg: %s: %d x %d rows in a slice of %d", op, rows, d, n))
	}
}
