package linalg

import (
	"math"

	"randalign/tensor"
)

// Angle is a principal angle between two subspaces, by its cosine and its sine:
// the one that is small is as accurate, relative to itself, as rounding of the
// bases allows, so that atan2(Sin, Cos) is good at both ends of [0, pi/2].
type Angle struct{ Cos, Sin float64 }

// PrincipalAngles returns the min(k, l) angles, smallest first, between the spans
// of the orthonormal columns of u (d x k) and v (d x l): cosines are the singular
// values of U'V, sines those of V - U(U'V) (Bjorck and Golub 1973). It panics if
// the numbers of rows differ.
func PrincipalAngles(u, v *Mat) []Angle {
	mustFit("principal angles", u, v, u.Rows == v.Rows)
	if u.Cols < v.Cols {
		u, v = v, u
	}
	c := MulT(u, v)
	s := Mul(u, c)
	for i, x := range v.Data {
		s.Data[i] = x - s.Data[i]
	}
	cosines, sines := SingularValues(c), SingularValues(s)
	angles := make([]Angle, v.Cols)
	for i := range angles {
		angles[i] = Angle{min(cosines[i], 1), min(sines[len(sines)-1-i], 1)}
	}
	return angles
}

// SingularValues returns the singular values of a, largest first, min(Rows, Cols)
// of them, by one-sided Jacobi: small ones are right relative to themselves where
// columns (rows, if there are fewer) that are scaled to length 1 are well
// conditioned. Elements from 1e-150 to 1e150 are safe from overflow.
func SingularValues(a *Mat) []float64 {
	g := a.Transpose()
	if a.Rows < a.Cols {
		g = a.Clone()
	}
	p := pools.Get().(*tensor.Pool)
	defer pools.Put(p)
	values, _ := decomposeFactor(p, g.Data, g.Rows, g.Cols, &Eig{})
	for i, v := range values {
		values[i] = math.Sqrt(v)
	}
	return values
}
