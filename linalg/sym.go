package linalg

import (
	"fmt"
	"math"
	"sync"

	"randalign/asm"
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
func axpy(a float64, x, y []float64) { asm.Active().AxpyF64(a, x, y) }

// dot is the sum of x[i]*y[i] over asm.Lanes lanes of fused multiply-adds.
func dot(x, y []float64) float64 { return asm.Active().DotF64(x, y) }

// maxAbs returns the largest magnitude in x, 0 for none, ignoring NaN.
func maxAbs(x []float64) float64 {
	var m float64
	for _, v := range x {
		if v = math.Abs(v); v > m {
			m = v
		}
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
	_, err := checkSymmetric(a)
	return err
}

// checkSymmetric is CheckSymmetric, and returns the largest magnitude.
func checkSymmetric(a *Mat) (big float64, err error) {
	if a.Rows != a.Cols {
		return 0, fmt.Errorf("%w: %d x %d", ErrNotSquare, a.Rows, a.Cols)
	}
	n := a.Rows
	single := true
	for i := range n {
		row := a.Row(i)
		var bad float64 // stays 0 while all are finite
		top := 0.0
		for _, x := range row {
			bad += x - x
			if x = math.Abs(x); x > top {
				top = x
			}
		}
		if bad != 0 {
			for j, x := range row {
				if x-x != 0 {
					return 0, fmt.Errorf("%w: %v at row %d, column %d", ErrNotFinite, x, i, j)
				}
			}
		}
		big = max(big, top)
		for j := 0; single && j < n; j++ {
			single = float64(float32(row[j])) == row[j]
		}
	}
	tol := symmetryTol64
	if single {
		tol = symmetryTol32
	}
	// Halves, since a difference of two huge numbers can overflow.
	var worst float64
	p, q := 0, 0
	const tile = 8 // rows of a tile are on cache lines of their own
	for i0 := 0; i0 < n; i0 += tile {
		for j0 := 0; j0 <= i0; j0 += tile {
			for i := i0; i < min(n, i0+tile); i++ {
				for j := j0; j < min(i, j0+tile); j++ {
					if e := math.Abs(float64(0.5*a.Data[j*n+i]) - float64(0.5*a.Data[i*n+j])); e > worst {
						worst, p, q = e, j, i
					}
				}
			}
		}
	}
	if worst > 0.5*big*tol {
		x, y := a.At(p, q), a.At(q, p)
		return 0, fmt.Errorf("%w: row %d, column %d is %v but row %d, column %d is %v (difference %.3g, allowed %.3g)",
			ErrNotSymmetric, p, q, x, q, p, y, math.Abs(x-y), tol*big)
	}
	return big, nil
}
