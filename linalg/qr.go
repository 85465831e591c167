package linalg

import (
	"math"

	"randalign/tensor"
)

// QR returns the thin factors of a = Q*R by Householder reflections: Q is
// m x n with orthonormal columns, R n x n upper triangular with a diagonal of
// either sign. It panics unless m >= n.
func QR(a *Mat) (q, r *Mat) {
	m, n := a.Rows, a.Cols
	mustFit("qr", a, a, m >= n)
	work := a.Clone()
	v := NewMat(n, m) // row k: the reflector of column k, zero before k
	w := make([]float64, n)
	for k := range n {
		vk := v.Row(k)
		for i := k; i < m; i++ {
			vk[i] = work.Data[i*n+k]
		}
		if !makeReflector(vk[k:]) {
			continue
		}
		reflect(work, vk, k, w[k:], k)
	}
	r = NewMat(n, n)
	for i := range n {
		copy(r.Row(i)[i:], work.Row(i)[i:])
	}
	q = NewMat(m, n)
	for i := range n {
		q.Data[i*n+i] = 1
	}
	for k := n - 1; k >= 0; k-- {
		reflect(q, v.Row(k), k, w[k:], k)
	}
	return q, r
}

// makeReflector turns x into v, |v|^2 = 2, so that x - v*(v'x) is a multiple of
// the first unit vector. It reports whether there is anything to reflect; v is
// then zero.
func makeReflector(x []float64) bool {
	big := maxAbs(x)
	if big == 0 {
		return false
	}
	// A power of two keeps the squares in range, exactly.
	_, exp := math.Frexp(big)
	for i, v := range x {
		x[i] = math.Ldexp(v, -exp)
	}
	x[0] += math.Copysign(math.Sqrt(dot(x, x)), x[0])
	f := math.Sqrt(2 / dot(x, x))
	for i := range x {
		x[i] *= f
	}
	return true
}

// reflect applies I - v*v' to the columns from col on of a; v is zero before row k.
func reflect(a *Mat, v []float64, k int, w []float64, col int) {
	clear(w)
	for i := k; i < a.Rows; i++ {
		axpy(v[i], a.Row(i)[col:], w)
	}
	for i := k; i < a.Rows; i++ {
		axpy(-v[i], w, a.Row(i)[col:])
	}
}

// Haar returns an orthogonal n x n matrix of Haar's (uniform) distribution: Q
// of the QR of a Gaussian matrix, its columns times the signs of R's diagonal,
// without which the law would be that of the algorithm (Mezzadri 2007). It
// draws n^2 normal deviates.
func Haar(n int, s *tensor.Stream) *Mat {
	g := NewMat(n, n)
	tensor.FillNormal(s, g.Data, 1)
	q, r := QR(g)
	for i := range n {
		row := q.Row(i)
		for j := range row {
			row[j] = math.Copysign(1, r.Data[j*n+j]) * row[j]
		}
	}
	return q
}
