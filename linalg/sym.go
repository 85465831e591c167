package linalg

import (
	"fmt"
	"math"
	"sync"

	"randalign/tensor"
)

// Mat is a dense row-major matrix: element (i, j) stands at Data[i*Cols+j].
type Mat struct {
	Rows, Cols int
	Data       []float64
}

// NewMat returns the r x c matrix of zeros. It panics if a size is negative.
func NewMat(r, c int) *Mat {
	if r < 0 || c < 0 {
		panic(fmt.Sprintf("linalg: matrix of %d x %d", r, c))
	}
	return &Mat{r, c, make([]float64, r*c)}
}

// Identity returns the n x n identity.
func Identity(n int) *Mat {
	a := NewMat(n, n)
	for i := range n {
		a.Data[i*n+i] = 1
	}
	return a
}

// At returns element (i, j).
func (a *Mat) At(i, j int) float64 { return a.Data[i*a.Cols+j] }

// Set sets element (i, j).
func (a *Mat) Set(i, j int, x float64) { a.Data[i*a.Cols+j] = x }

// Row returns row i itself, not a copy.
func (a *Mat) Row(i int) []float64 { return a.Data[i*a.Cols:][:a.Cols:a.Cols] }

// Clone returns a copy.
func (a *Mat) Clone() *Mat {
	return &Mat{a.Rows, a.Cols, append(make([]float64, 0, len(a.Data)), a.Data...)}
}

// Transpose returns the transpose as a new matrix.
func (a *Mat) Transpose() *Mat {
	t := NewMat(a.Cols, a.Rows)
	for i := range a.Rows {
		for j, x := range a.Row(i) {
			t.Data[j*a.Rows+i] = x
		}
	}
	return t
}

// Col returns a copy of column j.
func (a *Mat) Col(j int) []float64 {
	x := make([]float64, a.Rows)
	for i := range x {
		x[i] = a.Data[i*a.Cols+j]
	}
	return x
}

// Mul returns a*b. Each element is one chain of fused multiply-adds in
// increasing k, started from +0.
func Mul(a, b *Mat) *Mat {
	mustFit("mul", a, b, a.Cols == b.Rows)
	c := NewMat(a.Rows, b.Cols)
	gemm(a.Rows, b.Cols, a.Cols, tensor.RowMajor(a.Data, a.Cols), tensor.RowMajor(b.Data, b.Cols), c.Data, b.Cols)
	return c
}

// MulT returns a' * b, with the chains of Mul, without forming the transpose.
func MulT(a, b *Mat) *Mat {
	mustFit("transposed mul", a, b, a.Rows == b.Rows)
	c := NewMat(a.Cols, b.Cols)
	gemm(a.Cols, b.Cols, a.Rows, tensor.Transposed(a.Data, a.Cols), tensor.RowMajor(b.Data, b.Cols), c.Data, b.Cols)
	return c
}

// Trace returns the sum of the diagonal, in increasing order of index.
func (a *Mat) Trace() float64 {
	mustSquare("trace", a)
	var t float64
	for i := range a.Rows {
		t += a.Data[i*a.Cols+i]
	}
	return t
}

// pools holds one-thread pools for their packing memory; they own no goroutine,
// so the garbage collector may drop them.
var pools = sync.Pool{New: func() any { return tensor.NewPool(1) }}

// gemm is c = a*b on one thread.
func gemm(m, n, k int, a, b tensor.Matrix[float64], c []float64, ldc int) {
	p := pools.Get().(*tensor.Pool)
	tensor.Gemm(p, m, n, k, a, b, c, ldc, tensor.Set)
	pools.Put(p)
}

// axpy is y[i] = fma(a, x[i], y[i]); x is at least as long as y.
func axpy(a float64, x, y []float64) {
	x = x[:len(y)]
	for i := range y {
		y[i] = math.FMA(a, x[i], y[i])
	}
}

// dot is the sum of x[i]*y[i] over four lanes (element i in lane i mod 4),
// added as (0+2)+(1+3).
func dot(x, y []float64) float64 {
	y = y[:len(x)]
	var s0, s1, s2, s3 float64
	for len(x) >= 4 && len(y) >= 4 {
		s0 = math.FMA(x[0], y[0], s0)
		s1 = math.FMA(x[1], y[1], s1)
		s2 = math.FMA(x[2], y[2], s2)
		s3 = math.FMA(x[3], y[3], s3)
		x, y = x[4:], y[4:]
	}
	for i, v := range x {
		switch i {
		case 0:
			s0 = math.FMA(v, y[i], s0)
		case 1:
			s1 = math.FMA(v, y[i], s1)
		default:
			s2 = math.FMA(v, y[i], s2)
		}
	}
	return (s0 + s2) + (s1 + s3)
}

// maxAbs returns the largest magnitude in x, 0 for none.
func maxAbs(x []float64) float64 {
	var m float64
	for _, v := range x {
		m = max(m, math.Abs(v))
	}
	return m
}

// How far apart a_ij and a_ji may be, relative to the largest element: sums
// over millions of samples in two orders differ by some 1e-12 in float64, and
// in float32 by some 1e-6.
const (
	symmetryTol64 = 1e-10
	symmetryTol32 = 1e-5
)

// CheckSymmetric returns an error unless a is square, finite and symmetric up to
// rounding: pairs may differ by 1e-10 of the largest element, by 1e-5 if every
// element is a float32 (so that files of float32 statistics pass). The error
// names the first NaN or Inf, or the pair that differs most.
func CheckSymmetric(a *Mat) error {
	if a.Rows != a.Cols {
		return fmt.Errorf("%w: %d x %d", ErrNotSquare, a.Rows, a.Cols)
	}
	n := a.Rows
	var big float64
	single := true
	for i, x := range a.Data {
		if x-x != 0 {
			return fmt.Errorf("%w: %v at row %d, column %d", ErrNotFinite, x, i/n, i%n)
		}
		big = max(big, math.Abs(x))
		single = single && float64(float32(x)) == x
	}
	tol := symmetryTol64
	if single {
		tol = symmetryTol32
	}
	// Halves, since a difference of two huge numbers can overflow.
	var worst float64
	p, q := 0, 0
	for i := range n {
		for j := range i {
			if e := math.Abs(float64(0.5*a.Data[j*n+i]) - float64(0.5*a.Data[i*n+j])); e > worst {
				worst, p, q = e, j, i
			}
		}
	}
	if worst > 0.5*big*tol {
		x, y := a.At(p, q), a.At(q, p)
		return fmt.Errorf("%w: row %d, column %d is %v but row %d, column %d is %v (difference %.3g, allowed %.3g)",
			ErrNotSymmetric, p, q, x, q, p, y, math.Abs(x-y), tol*big)
	}
	return nil
}
