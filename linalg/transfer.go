package linalg

import (
	"fmt"
	"math"
)

// Point is one point of a transfer function (eigenvalue mapping).
type Point struct {
	Sigma        float64 // root of the eigenvalue, 0 where that is negative by rounding
	Eigenvalue   float64 // mean over the eigenspace
	F            float64 // sqrt(tr(P_j B) / multiplicity)
	Multiplicity int
}

// TransferFunction returns f: sigma -> sqrt(v'Bv) over the eigenspaces of the
// data, ascending; second is B = E[ww'], the second moment of the weights
// (Maennel et al. 2020, definition 3). It panics if sizes do not fit.
func TransferFunction(e *Eig, spaces []Space, second *Mat) []Point {
	v := e.Vectors
	mustFit("transfer function", second, v, second.Rows == v.Rows && second.Cols == v.Rows)
	mustCover("transfer function", spaces, v.Cols)
	bv := Mul(second, v)
	energy := make([]float64, v.Cols)
	for i := range v.Rows {
		bi := bv.Row(i)
		for j, x := range v.Row(i) {
			energy[j] = math.FMA(x, bi[j], energy[j])
		}
	}
	points := make([]Point, len(spaces))
	for k, s := range spaces {
		n := float64(s.Dim())
		value := sum(e.Values[s.Start:s.End]) / n
		points[k] = Point{
			Sigma:        math.Sqrt(max(value, 0)),
			Eigenvalue:   value,
			F:            math.Sqrt(max(sum(energy[s.Start:s.End])/n, 0)),
			Multiplicity: s.Dim(),
		}
	}
	return points
}

// leading returns the smallest number of leading columns, at least k, that
// splits no group of near-equal eigenvalues.
func leading(e *Eig, k int) int {
	d := len(e.Values)
	for _, s := range Group(e.Values, DefaultRelTol) {
		if d-k < s.End {
			return d - s.Start
		}
	}
	return 0
}

// Overlap returns |A_k' B_k|^2 / k, A_k and B_k being the k leading eigenvectors
// of a and b: 1 if they span the same space, k/d on average for strangers.
// Where k would split eigenvalues that agree (DefaultRelTol), that side takes
// the whole group, and the divisor is the smaller number of vectors. It panics
// if dimensions differ or k is not in [1, d].
func Overlap(a, b *Eig, k int) float64 {
	mustLead("overlap", a, b, k)
	ka, kb := leading(a, k), leading(b, k)
	g := MulT(a.Vectors, b.Vectors)
	d := g.Rows
	var s float64
	for i := d - ka; i < d; i++ {
		row := g.Row(i)[d-kb:]
		s += dot(row, row)
	}
	return s / float64(min(ka, kb))
}

func mustLead(op string, a, b *Eig, k int) {
	mustFit(op, a.Vectors, b.Vectors, a.Vectors.Rows == b.Vectors.Rows)
	if k < 1 || k > a.Vectors.Rows {
		panic(fmt.Sprintf("linalg: %s: %d leading vectors of %d", op, k, a.Vectors.Rows))
	}
}

// Match says which eigenspace of the weights holds an eigenvector of the data.
type Match struct {
	Vector int     // column of the data's basis
	Space  Space   // columns of the weights' basis
	Cos    float64 // of the angle between the vector and the space, in [0, 1]
	Chance float64 // root mean square cosine for a random vector: sqrt(dim/d)
}

// MatchVectors finds, for each of the k leading eigenvectors of the data, the
// leading one first, the eigenspace of the weights that lies nearest: the
// largest length of its projection. The weights' eigenvalues within relTol form
// a space; with m filters take SampleRelTol(m), since eigenvectors of values that
// a sample cannot tell apart are arbitrary within their span. Compare Cos
// with Chance, which grows with the size of the space. It panics as Overlap does.
func MatchVectors(data, weights *Eig, k int, relTol float64) []Match {
	mustLead("match", data, weights, k)
	spaces := Group(weights.Values, relTol)
	g := MulT(data.Vectors, weights.Vectors)
	d := g.Rows
	matches := make([]Match, k)
	for i := range matches {
		m := Match{Vector: d - 1 - i, Cos: -1}
		for _, s := range spaces {
			part := g.Row(m.Vector)[s.Start:s.End]
			if c := math.Sqrt(dot(part, part)); c > m.Cos {
				m.Cos, m.Space, m.Chance = c, s, math.Sqrt(float64(s.Dim())/float64(d))
			}
		}
		m.Cos = min(m.Cos, 1)
		matches[i] = m
	}
	return matches
}

// SampleRelTol is two standard errors of an eigenvalue of a covariance of m
// Gaussian vectors, relative to it: 2 sqrt(2/m).
func SampleRelTol(m int) float64 { return 2 * math.Sqrt(2/float64(m)) }
