package linalg

import (
	"fmt"
	"math"

	"randalign/tensor"
)

// negativeTol is how far below zero an eigenvalue of a covariance may be,
// relative to the largest, and still be called rounding: a covariance stored in
// float32 is off by 6e-8 of its largest element, in some hundred of them.
const negativeTol = 1e-6

// checkCovariance returns an error if an eigenvalue is clearly negative.
func checkCovariance(e *Eig) error {
	if n := len(e.Values); n > 0 {
		if low := e.Values[0]; low < -negativeTol*maxAbs(e.Values) {
			return fmt.Errorf("%w: %.6g, the largest being %.6g", ErrNegative, low, e.Values[n-1])
		}
	}
	return nil
}

// Gaussian is N(0, V diag(std^2) V'). It is safe for concurrent use.
type Gaussian struct {
	factor *Mat // row k: std[k] times the k-th vector of the basis
}

// NewGaussian returns N(0, cov). Eigenvalues that are negative by rounding
// (above -1e-6 of the largest) count as zero; lower ones are an ErrNegative.
// The other errors are those of Eigen.
func NewGaussian(cov *Mat) (*Gaussian, error) {
	e, err := Eigen(cov)
	if err != nil {
		return nil, err
	}
	if err := checkCovariance(e); err != nil {
		return nil, err
	}
	std := make([]float64, len(e.Values))
	for i, v := range e.Values {
		std[i] = math.Sqrt(max(v, 0))
	}
	return FromSpectrum(e.Vectors, std), nil
}

// FromSpectrum returns the Gaussian with standard deviation std[k] along column
// k of the orthonormal basis. It panics unless basis has len(std) columns.
func FromSpectrum(basis *Mat, std []float64) *Gaussian {
	if basis.Cols != len(std) {
		panic(fmt.Sprintf("linalg: gaussian: %d x %d basis with %d standard deviations", basis.Rows, basis.Cols, len(std)))
	}
	f := basis.Transpose()
	for k, s := range std {
		for i, v := range f.Row(k) {
			f.Data[k*f.Cols+i] = v * s
		}
	}
	return &Gaussian{f}
}

// Dim returns the length of a sample.
func (g *Gaussian) Dim() int { return g.factor.Cols }

// Sample sets dst to one sample, from as many normal deviates as the basis has
// columns. It panics unless dst has Dim elements, and allocates nothing.
func (g *Gaussian) Sample(s *tensor.Stream, dst []float64) {
	if len(dst) != g.Dim() {
		panic(fmt.Sprintf("linalg: gaussian: sample of dimension %d into a slice of %d", g.Dim(), len(dst)))
	}
	clear(dst)
	for k := range g.factor.Rows {
		axpy(s.Normal(), g.factor.Row(k), dst)
	}
}

// SampleRows32 fills dst, [rows, Dim], with samples of Sample, rounded once. It
// panics if dst has another size.
func (g *Gaussian) SampleRows32(s *tensor.Stream, dst []float32, rows int) {
	d := g.Dim()
	mustRows("gaussian", len(dst), rows, d)
	x := make([]float64, d)
	for r := range rows {
		g.Sample(s, x)
		for i, v := range x {
			dst[r*d+i] = float32(v)
		}
	}
}
