package linalg

import (
	"fmt"
	"math"

	"randalign/tensor"
)

// choleskyBlock columns are factorised before the rest is updated by a product.
const choleskyBlock = 48

// Cholesky returns the lower triangular L with a = L*L' and zeros above the
// diagonal. Only the lower half of a is read; a is square, or it panics. It
// costs n^3/3 flops, in products of matrices beyond 48 rows.
//
// The error, an ErrNotPositiveDefinite, names the first pivot that is not above
// n*eps times its diagonal element: what is left of it then is rounding.
// Scaling rows and columns of a alike does not change the verdict.
func Cholesky(a *Mat) (*Mat, error) {
	mustSquare("cholesky", a)
	n := a.Rows
	l := NewMat(n, n)
	for i := range n {
		copy(l.Row(i)[:i+1], a.Row(i)[:i+1])
	}
	p := pools.Get().(*tensor.Pool)
	defer pools.Put(p)
	neg := make([]float64, 0, choleskyBlock*n)
	for lo := 0; lo < n; lo += choleskyBlock {
		hi := min(lo+choleskyBlock, n)
		// Columns lo to hi of all rows below, from what is left of a.
		for i := lo; i < n; i++ {
			row := l.Row(i)
			for j := lo; j < min(i, hi); j++ {
				row[j] = (row[j] - dot(row[lo:j], l.Data[j*n+lo:][:j-lo])) / l.Data[j*n+j]
			}
			if i >= hi {
				continue
			}
			diag := a.Data[i*n+i]
			pivot := row[i] - dot(row[lo:i], row[lo:i])
			// The negation catches NaN.
			if !(pivot > float64(float64(n)*eps*diag)) || math.IsInf(pivot, 1) {
				return nil, notDefinite(i, pivot, diag)
			}
			row[i] = math.Sqrt(pivot)
		}
		// The rest of the lower triangle, in strips of rows.
		k := hi - lo
		for r := hi; r < n; r += updateStrip {
			h := min(updateStrip, n-r)
			neg = neg[:h*k]
			for i := range h {
				for j, x := range l.Data[(r+i)*n+lo:][:k] {
					neg[i*k+j] = -x
				}
			}
			tensor.Gemm(p, h, r+h-hi, k, tensor.RowMajor(neg, k), tensor.Transposed(l.Data[hi*n+lo:], n), l.Data[r*n+hi:], n, tensor.Accumulate)
		}
	}
	for i := range n {
		clear(l.Row(i)[i+1:])
	}
	return l, nil
}

func notDefinite(i int, pivot, diag float64) error {
	return fmt.Errorf("%w: pivot %d is %.6g, its diagonal element %.6g", ErrNotPositiveDefinite, i, pivot, diag)
}

// CholeskyPivoted returns L, lower triangular, the order perm of rows and the
// rank with a[perm[i]][perm[j]] = sum_k L[i][k] L[j][k]: in each step the row
// with the largest remaining diagonal element comes first, so that the diagonal
// of L descends. It ends at the first pivot that is not above n*eps times the
// diagonal element it came from; the columns of L from rank on are zero, and what
// is left of a beside the product is of that size if a is positive semidefinite.
// Only the lower half of a is read; a is square, or it panics.
//
// The factor is the one that makes small eigenvalues of graded matrices visible:
// its rows are right relative to their own lengths (Demmel and Veselic 1992).
func CholeskyPivoted(a *Mat) (l *Mat, perm []int, rank int) {
	mustSquare("pivoted cholesky", a)
	n := a.Rows
	l = NewMat(n, n)
	perm = make([]int, n)
	left := make([]float64, n) // diagonal of what is left
	for i := range n {
		perm[i], left[i] = i, a.Data[i*n+i]
	}
	for k := range n {
		best := k
		for i := k + 1; i < n; i++ {
			if left[i] > left[best] {
				best = i
			}
		}
		diag := a.Data[perm[best]*n+perm[best]]
		if !(left[best] > float64(float64(n)*eps*diag)) || math.IsInf(left[best], 1) {
			return l, perm, k
		}
		if best != k {
			perm[k], perm[best] = perm[best], perm[k]
			left[k], left[best] = left[best], left[k]
			x, y := l.Row(k)[:k], l.Row(best)[:k]
			for j := range x {
				x[j], y[j] = y[j], x[j]
			}
		}
		rowK := l.Row(k)
		root := math.Sqrt(left[k])
		rowK[k] = root
		for i := k + 1; i < n; i++ {
			p, q := max(perm[i], perm[k]), min(perm[i], perm[k])
			row := l.Row(i)
			v := (a.Data[p*n+q] - dot(row[:k], rowK[:k])) / root
			row[k] = v
			left[i] = math.FMA(-v, v, left[i])
		}
	}
	return l, perm, n
}

// SolveLower returns X with l*X = b. l is lower triangular, what is above its
// diagonal is not read; b has as many rows as l, or it panics.
func SolveLower(l, b *Mat) *Mat {
	mustSquare("solve lower", l)
	mustFit("solve lower", l, b, l.Rows == b.Rows)
	x := b.Clone()
	n, m := l.Rows, b.Cols
	p := pools.Get().(*tensor.Pool)
	defer pools.Put(p)
	neg := make([]float64, n*choleskyBlock)
	for lo := 0; lo < n; lo += choleskyBlock {
		hi := min(lo+choleskyBlock, n)
		for i := lo; i < hi; i++ {
			li, xi := l.Row(i), x.Row(i)
			for k := lo; k < i; k++ {
				axpy(-li[k], x.Row(k), xi)
			}
			for j := range xi {
				xi[j] /= li[i]
			}
		}
		subtract(p, l, x, hi, n, lo, hi, neg, m)
	}
	return x
}

// SolveUpper returns X with u*X = b. u is upper triangular, what is below its
// diagonal is not read; b has as many rows as u, or it panics.
func SolveUpper(u, b *Mat) *Mat {
	mustSquare("solve upper", u)
	mustFit("solve upper", u, b, u.Rows == b.Rows)
	x := b.Clone()
	n, m := u.Rows, b.Cols
	p := pools.Get().(*tensor.Pool)
	defer pools.Put(p)
	neg := make([]float64, n*choleskyBlock)
	for hi := n; hi > 0; hi -= choleskyBlock {
		lo := max(hi-choleskyBlock, 0)
		for i := hi - 1; i >= lo; i-- {
			ui, xi := u.Row(i), x.Row(i)
			for k := i + 1; k < hi; k++ {
				axpy(-ui[k], x.Row(k), xi)
			}
			for j := range xi {
				xi[j] /= ui[i]
			}
		}
		subtract(p, u, x, 0, lo, lo, hi, neg, m)
	}
	return x
}

// subtract takes t[rows, lo:hi] * x[lo:hi] from the rows [first, end) of x.
func subtract(p *tensor.Pool, t, x *Mat, first, end, lo, hi int, neg []float64, m int) {
	if first >= end || m == 0 {
		return
	}
	k := hi - lo
	for i := first; i < end; i++ {
		for j, v := range t.Row(i)[lo:hi] {
			neg[(i-first)*k+j] = -v
		}
	}
	tensor.Gemm(p, end-first, m, k, tensor.RowMajor(neg, k), tensor.RowMajor(x.Data[lo*m:], m), x.Data[first*m:], m, tensor.Accumulate)
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
