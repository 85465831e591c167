package linalg

import (
	"fmt"
	"math"

	"randalign/tensor"
)

// Space is an eigenspace: the columns [Start, End) of a basis.
type Space struct{ Start, End int }

// Dim returns the multiplicity of the eigenvalue.
func (s Space) Dim() int { return s.End - s.Start }

// DefaultRelTol is the relative difference up to which eigenvalues count as
// equal. Covariances that were stored in float32 are off by 6e-8; eigenvalues
// that differ in truth differ by far more in a sample: sqrt(2/N) is 1e-4 for
// 10^8 patches.
const DefaultRelTol = 1e-6

// Group cuts ascending eigenvalues into eigenspaces. A value joins the space
// before it if it exceeds that space's *first* value by at most relTol of the
// larger magnitude, so that a long slope is not one space. Values within
// n*eps of the largest magnitude from zero are zero to rounding and equal.
func Group(values []float64, relTol float64) []Space {
	zero := float64(float64(len(values))*eps) * maxAbs(values)
	var spaces []Space
	for i, v := range values {
		if k := len(spaces) - 1; k >= 0 {
			first := values[spaces[k].Start]
			big := max(math.Abs(first), math.Abs(v))
			if big <= zero || v-first <= float64(relTol*big) {
				spaces[k].End = i + 1
				continue
			}
		}
		spaces = append(spaces, Space{i, i + 1})
	}
	return spaces
}

// mustCover panics unless spaces cut [0, d) into consecutive pieces.
func mustCover(op string, spaces []Space, d int) {
	at := 0
	for _, s := range spaces {
		if s.Start != at || s.End <= at {
			panic(fmt.Sprintf("linalg: %s: eigenspace [%d, %d) after column %d of %d", op, s.Start, s.End, at, d))
		}
		at = s.End
	}
	if at != d {
		panic(fmt.Sprintf("linalg: %s: eigenspaces cover %d of %d columns", op, at, d))
	}
}

// Misalignment returns M = sum_j sqrt(tr(P_j B) tr(P_j B^-1)) - d of the
// positive definite b, P_j projecting on the columns of the orthonormal basis
// that make space j (Maennel et al. 2020, definition 2, in closed form).
//
// M is never negative; a sum below d by rounding (1e-8 d at most) gives 0, and
// one that is lower yet is an ErrNotOrthonormal. If b is not positive definite
// the error is that of Cholesky. It panics unless basis and b are both d x d and
// spaces cover them.
func Misalignment(basis *Mat, spaces []Space, b *Mat) (float64, error) {
	mustSquare("misalignment", b)
	mustFit("misalignment", basis, b, basis.Rows == b.Rows && basis.Cols == b.Rows)
	mustCover("misalignment", spaces, b.Rows)
	l, err := Cholesky(b)
	if err != nil {
		return 0, err
	}
	return misalignment(basis, spaces, l)
}

// misalignment is Misalignment of B = L*L': v'Bv = |L'v|^2, v'B^-1 v = |L^-1 v|^2.
func misalignment(basis *Mat, spaces []Space, l *Mat) (float64, error) {
	return fromTraces(spaces, columnSquares(MulT(l, basis)), columnSquares(SolveLower(l, basis)))
}

// fromTraces returns M from v'Bv and v'B^-1 v of each column v.
func fromTraces(spaces []Space, direct, inverse []float64) (float64, error) {
	d := float64(len(direct))
	var total float64
	for _, s := range spaces {
		var b, bi float64
		for i := s.Start; i < s.End; i++ {
			b += direct[i]
			bi += inverse[i]
		}
		// Two roots: the product itself can overflow.
		total = math.FMA(math.Sqrt(b), math.Sqrt(bi), total)
	}
	m := total - d
	if m < -1e-8*d {
		return 0, fmt.Errorf("%w: the sum over its eigenspaces is %v, below the dimension %v", ErrNotOrthonormal, total, d)
	}
	if m < 0 {
		m = 0
	}
	return m, nil
}

// columnSquares returns the squared length of every column of a.
func columnSquares(a *Mat) []float64 {
	s := make([]float64, a.Cols)
	for i := range a.Rows {
		for j, x := range a.Row(i) {
			s[j] = math.FMA(x, x, s[j])
		}
	}
	return s
}

// Estimate is the mean and the standard deviation of a number of draws.
type Estimate struct {
	Mean  float64 `json:"mean"`
	Std   float64 `json:"std"` // of one draw (divided by draws-1), not of the mean
	Draws int     `json:"draws"`
}

// Control returns the mean and the standard deviation of M over random
// orthonormal bases (Haar) in place of the data's, with the same spaces. 100
// draws are the least for a publication; a draw costs about 6 d^3 flops.
// Errors are those of Cholesky of b; it panics if spaces do not cover b.
func Control(spaces []Space, b *Mat, draws int, s *tensor.Stream) (mean, std float64, err error) {
	x, err := controlDraws(spaces, b, draws, s)
	mean, std = meanStd(x)
	return mean, std, err
}

// controlDraws returns M over random bases.
func controlDraws(spaces []Space, b *Mat, draws int, s *tensor.Stream) ([]float64, error) {
	mustSquare("control", b)
	mustCover("control", spaces, b.Rows)
	l, err := Cholesky(b)
	if err != nil {
		return nil, err
	}
	return overDraws(draws, func() (float64, error) { return misalignment(Haar(b.Rows, s), spaces, l) })
}

// overDraws returns what draw returns, so many times.
func overDraws(draws int, draw func() (float64, error)) ([]float64, error) {
	values := make([]float64, draws)
	for i := range values {
		x, err := draw()
		if err != nil {
			return nil, err
		}
		values[i] = x
	}
	return values, nil
}

// meanStd returns the mean and the standard deviation of one value (divided by
// n-1), by Welford's update; zeros for too few values.
func meanStd(values []float64) (mean, std float64) {
	var m2 float64
	for i, x := range values {
		delta := x - mean
		mean += delta / float64(i+1)
		m2 = math.FMA(delta, x-mean, m2)
	}
	if n := len(values); n > 1 {
		std = math.Sqrt(m2 / float64(n-1))
	}
	return mean, std
}
