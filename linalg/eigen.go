package linalg

import (
	"cmp"
	"fmt"
	"math"
	"slices"

	"randalign/tensor"
)

// Eig is the eigendecomposition of a symmetric matrix A: A*V = V*diag(Values).
type Eig struct {
	Values  []float64 // ascending
	Vectors *Mat      // n x n; column i belongs to Values[i], its component of largest magnitude is positive
	Sweeps  int       // times that all pairs were visited
	// Rotations counts the pairs that were rotated.
	Rotations int
	// OffNorm is the Frobenius norm of the off-diagonal part that each sweep found.
	OffNorm []float64
}

const (
	eps = 0x1p-52
	// cyclicMax is the order up to which plain rotations are the fastest way.
	cyclicMax = 20
	// gradedMax: a diagonal that spans more is graded, and asks for a method whose
	// error is relative to each eigenvalue. Up to this span the sweeps of a
	// refiner are as good: their error is about 2^-74 of the largest.
	gradedMax = 0x1p16
	// factorMax: beyond this span the products of a factor's smallest columns are
	// denormal, and no longer tell whether these are orthogonal.
	factorMax = 0x1p900
	// aloneMax is the order up to which one thread is faster than several.
	aloneMax = 300
	// gradedCyclicMax is the order up to which graded matrices that are not
	// definite go to plain rotations, whose criterion is relative too.
	gradedCyclicMax = 128
)

// Eigen returns the eigendecomposition of the symmetric matrix a, whose two
// halves are averaged; the package comment says how, how accurate and in what
// memory. Vectors of equal values are an orthonormal basis of their space. EigenOn
// does the same on several threads.
//
// Errors are those of CheckSymmetric, ErrOverflow if an eigenvalue is too large
// for a float64, and ErrNoConvergence.
func Eigen(a *Mat) (*Eig, error) {
	p := pools.Get().(*tensor.Pool)
	defer pools.Put(p)
	return EigenOn(p, a)
}

// EigenOn is Eigen on the threads of p, on which no bit depends.
func EigenOn(p *tensor.Pool, a *Mat) (*Eig, error) {
	big, err := checkSymmetric(a)
	if err != nil {
		return nil, err
	}
	n := a.Rows
	if n <= aloneMax && p.Threads() > 1 {
		p = pools.Get().(*tensor.Pool)
		defer pools.Put(p)
	}
	e := &Eig{}
	_, exp := math.Frexp(big)
	span, sign, offDiagonal := profile(a)
	graded := span > gradedMax
	if graded && span < factorMax && sign != 0 {
		if values, rows, ok := decomposeDefinite(p, a, sign, exp, e); ok {
			return e, e.finish(p, values, rows, n, exp)
		}
	}
	if n > cyclicMax && offDiagonal && !(graded && n <= gradedCyclicMax) {
		s := newSpectral(n, p)
		defer s.release()
		symmetrize(p, s.a, a, exp)
		if s.precondition() && s.jacobi(e) {
			return e, e.finish(p, s.d, s.x, n, exp)
		}
		*e = Eig{}
	}
	s := NewMat(n, n)
	symmetrize(p, s.Data, a, exp)
	j := newJacobi(s)
	if !j.iterate(e) {
		return nil, fmt.Errorf("%w: off-diagonal norm %.3g after %d sweeps of a %d x %d matrix",
			ErrNoConvergence, math.Ldexp(j.offNorm(), exp), e.Sweeps, n, n)
	}
	values, v := j.rows()
	return e, e.finish(p, values, v.Data, n, exp)
}

// decomposeDefinite is decompose for sign*a positive definite; it reports whether
// that is so.
func decomposeDefinite(p *tensor.Pool, a *Mat, sign float64, exp int, e *Eig) (values, rows []float64, ok bool) {
	n := a.Rows
	s := NewMat(n, n)
	symmetrize(p, s.Data, a, exp)
	for i := range s.Data {
		s.Data[i] *= sign
	}
	l, perm, rank := CholeskyPivoted(s)
	if rank < n {
		return nil, nil, false
	}
	// Rows of s: columns of L, their components back in the order of a.
	for k := range n {
		row := s.Row(k)
		for i, to := range perm {
			row[to] = l.Data[i*n+k]
		}
	}
	if values, ok = decomposeFactor(p, s.Data, n, n, e); !ok {
		*e = Eig{}
		return nil, nil, false
	}
	for i := range values {
		values[i] *= sign
	}
	return values, s.Data, true
}

// profile returns the ratio of the largest to the smallest magnitude on the
// diagonal (1 where there is a zero), the sign of the whole diagonal (0 if it has
// both or zeros), and whether there is anything beside it.
func profile(a *Mat) (span, sign float64, offDiagonal bool) {
	n := a.Rows
	lo, hi := math.Inf(1), 0.0
	positive, negative := 0, 0
	for i := range n {
		row := a.Row(i)
		v := math.Abs(row[i])
		lo, hi = min(lo, v), max(hi, v)
		if row[i] > 0 {
			positive++
		} else if row[i] < 0 {
			negative++
		}
		if !offDiagonal {
			offDiagonal = maxAbs(row[:i]) > 0 || maxAbs(row[i+1:]) > 0
		}
	}
	switch n {
	case positive:
		sign = 1
	case negative:
		sign = -1
	}
	if !(lo > 0) {
		return 1, sign, offDiagonal
	}
	return hi / lo, sign, offDiagonal
}

// symmetrize sets dst to 2^-exp times the mean of a and its transpose.
func symmetrize(p *tensor.Pool, dst []float64, a *Mat, exp int) {
	const tile = 8
	n := a.Rows
	// Two factors, since one can be out of range; both are exact.
	f := math.Ldexp(1, -exp/2-1)
	g := math.Ldexp(1, -exp-(-exp/2-1)-1)
	p.Run(ceilDiv(n, tile), task(func(t int) {
		i0 := t * tile
		for j0 := 0; j0 <= i0; j0 += tile {
			for i := i0; i < min(n, i0+tile); i++ {
				for j := j0; j < min(i+1, j0+tile); j++ {
					x := float64(float64(a.Data[i*n+j]*f)*g) + float64(float64(a.Data[j*n+i]*f)*g)
					dst[i*n+j], dst[j*n+i] = x, x
				}
			}
		}
	}))
}

// task is a tensor.Job that needs no scratch memory.
type task func(task int)

// Do implements tensor.Job.
func (f task) Do(_, task int) { f(task) }

// finish sorts, scales back, fixes the signs and stores the vectors as columns.
func (e *Eig) finish(p *tensor.Pool, values, rows []float64, n, exp int) error {
	order := make([]int, n)
	for i := range order {
		order[i] = i
	}
	slices.SortStableFunc(order, func(x, y int) int { return cmp.Compare(values[x], values[y]) })
	for i := range e.OffNorm {
		e.OffNorm[i] = math.Ldexp(e.OffNorm[i], exp)
	}
	e.Values, e.Vectors = make([]float64, n), &Mat{n, n, tensor.Make[float64](n * n)}
	sign := make([]float64, n)
	for col, i := range order {
		e.Values[col] = math.Ldexp(values[i], exp)
		if math.IsInf(e.Values[col], 0) {
			return fmt.Errorf("%w: eigenvalue %d is %v * 2^%d", ErrOverflow, col, values[i], exp)
		}
	}
	const tile = 8
	p.Run(ceilDiv(n, tile), task(func(t int) {
		end := min(n, (t+1)*tile)
		for col := t * tile; col < end; col++ {
			big := -1.0
			for _, x := range rows[order[col]*n:][:n] {
				if math.Abs(x) > big {
					big, sign[col] = math.Abs(x), math.Copysign(1, x)
				}
			}
		}
		for k0 := 0; k0 < n; k0 += tile {
			for col := t * tile; col < end; col++ {
				row, s := rows[order[col]*n:][:n], sign[col]
				for k := k0; k < min(n, k0+tile); k++ {
					e.Vectors.Data[k*n+col] = s * row[k]
				}
			}
		}
	}))
	return nil
}

// Residual measures the decomposition of a: |AV-VD| / (n eps |A|) and
// |V'V-I| / (n eps), Frobenius norms, both 0 for an empty matrix and the first
// for a zero matrix. Values of a few are as good as it gets. It panics if a has
// another size than V.
func (e *Eig) Residual(a *Mat) (residual, orthogonality float64) {
	n := len(e.Values)
	mustFit("residual", a, e.Vectors, a.Rows == n && a.Cols == n)
	if n == 0 {
		return 0, 0
	}
	unit := float64(n) * eps
	g := MulT(e.Vectors, e.Vectors)
	for i := range n {
		g.Data[i*n+i]--
	}
	orthogonality = math.Sqrt(dot(g.Data, g.Data)) / unit
	big := maxAbs(a.Data)
	if big == 0 {
		return 0, orthogonality
	}
	_, exp := math.Frexp(big)
	s := a.Clone()
	for i, x := range s.Data {
		s.Data[i] = math.Ldexp(x, -exp)
	}
	r := Mul(s, e.Vectors)
	for i := range n {
		for k, v := range e.Vectors.Row(i) {
			r.Data[i*n+k] -= float64(v * math.Ldexp(e.Values[k], -exp))
		}
	}
	return math.Sqrt(dot(r.Data, r.Data)) / (unit * math.Sqrt(dot(s.Data, s.Data))), orthogonality
}
