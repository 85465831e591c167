package linalg

import (
	"fmt"

	"randalign/tensor"
)

// LedoitWolf estimates E[xx'] from m samples [m, d] of mean zero (none is
// subtracted) by shrinking S = X'X/m towards a multiple of the identity:
//
//	(1-intensity)*S + intensity*mu*I,  mu = tr(S)/d,
//	intensity = min(1, (1/m^2) sum_k |x_k x_k' - S|^2 / |S - mu*I|^2)
//
// in Frobenius norms, which minimises the expected squared error for large m
// and d (Ledoit and Wolf 2004, section 3). The result is exactly symmetric, and
// positive definite if intensity and mu are positive; one sample gives
// intensity 0. It panics if x has another size or is empty.
func LedoitWolf[T tensor.Float](x []T, m, d int) (shrunk *Mat, intensity float64) {
	mustRows("ledoit-wolf", len(x), m, d)
	if len(x) == 0 {
		panic(fmt.Sprintf("linalg: ledoit-wolf of %d x %d samples", m, d))
	}
	s := SecondMoment(x, m, d)
	mu := s.Trace() / float64(d)
	row := make([]float64, d)
	var fourth float64 // sum of |x_k|^4 = |x_k x_k'|^2
	for k := range m {
		for i, v := range x[k*d:][:d] {
			row[i] = float64(v)
		}
		q := dot(row, row)
		fourth += float64(q * q)
	}
	// |x_k x_k' - S|^2 sums to fourth - m|S|^2 since the x_k x_k' sum to m*S.
	noise := (fourth/float64(m) - dot(s.Data, s.Data)) / float64(m)
	for i := range d {
		s.Data[i*d+i] -= mu
	}
	if spread := dot(s.Data, s.Data); spread > 0 {
		intensity = min(1, max(0, noise/spread))
	}
	for i := range s.Data {
		s.Data[i] *= 1 - intensity
	}
	for i := range d {
		s.Data[i*d+i] += mu
	}
	return s, intensity
}

// SecondMoment returns X'X/m for the samples x [m, d], exactly symmetric: no mean
// is subtracted. For the rows of a weight it is the study's Sigma_w.
func SecondMoment[T tensor.Float](x []T, m, d int) *Mat {
	rows := NewMat(m, d)
	for i, v := range x {
		rows.Data[i] = float64(v)
	}
	s := MulT(rows, rows)
	for i := range s.Data {
		s.Data[i] /= float64(m)
	}
	return s
}
