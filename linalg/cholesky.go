package linalg

import (
	"fmt"
	"math"
)

// Cholesky returns the lower triangular L with a = L*L' and zeros above the
// diagonal. Only the lower half of a is read; a is square, or it panics.
//
// The error, an ErrNotPositiveDefinite, names the first pivot that is not above
// n*eps times its diagonal element: what is left of it then is rounding.
// Scaling rows and columns of a alike does not change the verdict.
func Cholesky(a *Mat) (*Mat, error) {
	mustSquare("cholesky", a)
	n := a.Rows
	l := NewMat(n, n)
	for i := range n {
		row := l.Row(i)
		for j := range i {
			row[j] = (a.Data[i*n+j] - dot(row[:j], l.Data[j*n:][:j])) / l.Data[j*n+j]
		}
		diag := a.Data[i*n+i]
		pivot := diag - dot(row[:i], row[:i])
		// The negation catches NaN.
		if !(pivot > float64(float64(n)*eps*diag)) || math.IsInf(pivot, 1) {
			return nil, fmt.Errorf("%w: pivot %d is %.6g, its diagonal element %.6g", ErrNotPositiveDefinite, i, pivot, diag)
		}
		row[i] = math.Sqrt(pivot)
	}
	return l, nil
}

// SolveLower returns X with l*X = b. l is lower triangular, what is above its
// diagonal is not read; b has as many rows as l, or it panics.
func SolveLower(l, b *Mat) *Mat {
	mustSquare("solve lower", l)
	mustFit("solve lower", l, b, l.Rows == b.Rows)
	x := b.Clone()
	for i := range l.Rows {
		li, xi := l.Row(i), x.Row(i)
		for k, v := range li[:i] {
			axpy(-v, x.Row(k), xi)
		}
		for j := range xi {
			xi[j] /= li[i]
		}
	}
	return x
}

// SolveUpper returns X with u*X = b. u is upper triangular, what is below its
// diagonal is not read; b has as many rows as u, or it panics.
func SolveUpper(u, b *Mat) *Mat {
	mustSquare("solve upper", u)
	mustFit("solve upper", u, b, u.Rows == b.Rows)
	x := b.Clone()
	for i := u.Rows - 1; i >= 0; i-- {
		ui, xi := u.Row(i), x.Row(i)
		for k := i + 1; k < u.Rows; k++ {
			axpy(-ui[k], x.Row(k), xi)
		}
		for j := range xi {
			xi[j] /= ui[i]
		}
	}
	return x
}

// InverseSPD returns the inverse of a symmetric positive definite matrix,
// exactly symmetric. Its errors are those of Cholesky.
func InverseSPD(a *Mat) (*Mat, error) {
	l, err := Cholesky(a)
	if err != nil {
		return nil, err
	}
	w := SolveLower(l, Identity(a.Rows))
	return MulT(w, w), nil
}
