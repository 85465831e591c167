package linalg

import (
	"cmp"
	"math"
	"slices"
)

// maxSweeps is far above the 6 to 12 that matrices of every kind take.
const maxSweeps = 40

// negligible ends the chase after elements beside a zero on the diagonal, where
// a relative criterion can never hold. The largest element is about 1.
const negligible = 0x1p-500

// jacobi is an iteration under way. Rotations act on whole rows of a, whose
// symmetry holds up to rounding, and of the transposed vectors v.
type jacobi struct {
	n              int
	a, v           []float64
	spareA, spareV []float64
	// The rotation of the pair with lower index p, at p: the sine s of its angle
	// and the tangent h of half the angle.
	h, s []float64
	diag []float64 // new diagonal of the pairs of a round
}

// newJacobi begins with a, whose largest element is about 1 and which it keeps.
func newJacobi(a *Mat) *jacobi {
	n := a.Rows
	j := &jacobi{n: n, a: a.Data, v: Identity(n).Data}
	work := make([]float64, 3*n)
	j.h, j.s, j.diag = work[:n], work[n:2*n], work[2*n:]
	return j
}

// iterate sweeps until nothing is left to rotate, and reports whether that, or
// the accuracy of a backward stable method, was reached.
//
// A pair is rotated unless |a_pq| <= eps sqrt|a_pp a_qq|, so that small
// eigenvalues of positive definite matrices come out with a small *relative*
// error where the data determine them (Demmel and Veselic). Pairs p, q with
// p+q = r mod n form round r (the modulus order, equivalent to the row-cyclic
// one: Luk and Park); the pairs of a round are disjoint. Between sweeps the
// diagonal is sorted.
func (j *jacobi) iterate(e *Eig) bool {
	for start := e.Sweeps; ; {
		j.sort()
		off := j.offNorm()
		rotations := j.sweep()
		e.Sweeps++
		e.Rotations += rotations
		e.OffNorm = append(e.OffNorm, off)
		if rotations == 0 {
			return true
		}
		if e.Sweeps == start+maxSweeps {
			return j.offNorm() <= float64(j.n)*eps*math.Sqrt(dot(j.a, j.a))
		}
	}
}

// sort permutes rows and columns so that the diagonal descends. Neighbours on
// the diagonal then belong to one cluster, without which convergence is not
// quadratic for repeated eigenvalues, and graded matrices are graded downwards.
func (j *jacobi) sort() {
	n := j.n
	order := make([]int, n)
	for i := range order {
		order[i] = i
	}
	slices.SortStableFunc(order, func(x, y int) int { return cmp.Compare(j.a[y*n+y], j.a[x*n+x]) })
	if slices.IsSorted(order) {
		return
	}
	if j.spareA == nil {
		j.spareA, j.spareV = make([]float64, n*n), make([]float64, n*n)
	}
	a, v := j.spareA, j.spareV
	for p, from := range order {
		copy(v[p*n:][:n], j.v[from*n:])
		row := j.a[from*n:][:n]
		for q, k := range order {
			a[p*n+q] = row[k]
		}
	}
	j.a, j.spareA, j.v, j.spareV = a, j.a, v, j.v
}

// sweep visits every pair once and returns the number of rotations.
func (j *jacobi) sweep() int {
	total := 0
	for r := range j.n {
		// p+q = r or r+n: the pairs mirror each other in [0, r] and in [r+1, n).
		k := j.angles(0, r) + j.angles(r+1, j.n-1)
		if k == 0 {
			continue
		}
		total += k
		j.rotate(0, r, r)
		j.rotate(r+1, j.n-1, r)
		j.pivots(0, r)
		j.pivots(r+1, j.n-1)
	}
	return total
}

// angles computes the rotations of the pairs (lo, hi), (lo+1, hi-1), ... and
// returns how many are not the identity.
func (j *jacobi) angles(lo, hi int) int {
	n, k := j.n, 0
	for p, q := lo, hi; p < q; p, q = p+1, q-1 {
		app, aqq := j.a[p*n+p], j.a[q*n+q]
		apq := 0.5 * (j.a[p*n+q] + j.a[q*n+p])
		j.h[p], j.s[p] = 0, 0
		j.diag[p], j.diag[q] = app, aqq
		g := math.Abs(apq)
		if g <= negligible || g <= float64(eps*math.Sqrt(math.Abs(app)))*math.Sqrt(math.Abs(aqq)) {
			continue
		}
		k++
		// t = tan of the angle, the smaller root of t^2 + 2 theta t = 1.
		theta := 0.5 * (aqq - app) / apq
		t := 0.5 / theta
		if x := math.Abs(theta); x < 0x1p500 {
			t = math.Copysign(1/(x+math.Sqrt(math.FMA(x, x, 1))), theta)
		}
		c := 1 / math.Sqrt(math.FMA(t, t, 1))
		j.s[p] = t * c
		j.h[p] = j.s[p] / (1 + c)
		j.diag[p], j.diag[q] = math.FMA(-t, apq, app), math.FMA(t, apq, aqq)
	}
	return k
}

// rotate turns A into J'AJ on the rows of the pairs in [lo, hi], and V' into
// J'V'. r is the round.
func (j *jacobi) rotate(lo, hi, r int) {
	n := j.n
	for p, q := lo, hi; p <= q; p, q = p+1, q-1 {
		x, y, h, s := j.a[p*n:][:n], j.a[q*n:][:n], j.h[p], j.s[p]
		if p == q || s == 0 {
			rotateColumns(x[:r+1], j.h, j.s)
			rotateColumns(x[r+1:], j.h[r+1:], j.s[r+1:])
			if p < q {
				rotateColumns(y[:r+1], j.h, j.s)
				rotateColumns(y[r+1:], j.h[r+1:], j.s[r+1:])
			}
			continue
		}
		rotateRows(j.v[p*n:][:n], j.v[q*n:][:n], h, s)
		rotateBlocks(x[:r+1], y[:r+1], h, s, j.h, j.s)
		rotateBlocks(x[r+1:], y[r+1:], h, s, j.h[r+1:], j.s[r+1:])
	}
}

// pivots stores what is known exactly of the rotated pairs.
func (j *jacobi) pivots(lo, hi int) {
	n := j.n
	for p, q := lo, hi; p < q; p, q = p+1, q-1 {
		if j.s[p] != 0 {
			j.a[p*n+p], j.a[q*n+q] = j.diag[p], j.diag[q]
			j.a[p*n+q], j.a[q*n+p] = 0, 0
		}
	}
}

func (j *jacobi) offNorm() float64 {
	var sum float64
	for p := range j.n {
		row := j.a[p*j.n:][:j.n]
		sum += dot(row[:p], row[:p]) + dot(row[p+1:], row[p+1:])
	}
	return math.Sqrt(sum)
}

// rows returns the values, ascending, and the vectors as rows.
func (j *jacobi) rows() ([]float64, *Mat) {
	n := j.n
	order := make([]int, n)
	for i := range order {
		order[i] = i
	}
	slices.SortStableFunc(order, func(x, y int) int { return cmp.Compare(j.a[x*n+x], j.a[y*n+y]) })
	values, v := make([]float64, n), NewMat(n, n)
	for i, from := range order {
		values[i] = j.a[from*n+from]
		copy(v.Row(i), j.v[from*n:])
	}
	return values, v
}
