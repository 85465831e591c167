package linalg

import "math"

// function returns V f(diag) V', exactly symmetric, for f applied to the
// eigenvalues of a covariance: those negative by rounding count as zero.
func function(a *Mat, f func(x float64) float64) (*Mat, error) {
	e, err := Eigen(a)
	if err != nil {
		return nil, err
	}
	if err := checkCovariance(e); err != nil {
		return nil, err
	}
	// V sqrt|f| times its transpose has the same chain on both sides of the diagonal.
	n := len(e.Values)
	half := e.Vectors
	for k, v := range e.Values {
		root := math.Sqrt(f(max(v, 0)))
		for i := range n {
			half.Data[i*n+k] *= root
		}
	}
	t := half.Transpose()
	return MulT(t, t), nil
}

// SqrtSPD returns the symmetric square root of a positive semidefinite matrix.
// Errors are those of Eigen, and ErrNegative for an eigenvalue below -1e-6 of the
// largest.
func SqrtSPD(a *Mat) (*Mat, error) { return function(a, math.Sqrt) }

// ZCA returns the symmetric whitening matrix (a + ridge I)^(-1/2), which turns
// vectors of covariance a + ridge I into vectors of covariance I and moves them as
// little as any can. ridge > 0, or a must be positive definite. Errors are those
// of SqrtSPD, and ErrNotPositiveDefinite if an eigenvalue plus ridge is zero.
func ZCA(a *Mat, ridge float64) (*Mat, error) {
	var low float64
	w, err := function(a, func(x float64) float64 {
		if x+ridge <= 0 {
			low = x
		}
		return 1 / math.Sqrt(x+ridge)
	})
	if err == nil && !finite(w.Data) {
		return nil, notDefinite(0, low+ridge, low)
	}
	return w, err
}

func finite(x []float64) bool {
	for _, v := range x {
		if v-v != 0 {
			return false
		}
	}
	return true
}

// PCA is the principal axes of data with a given mean and covariance.
type PCA struct {
	Mean      []float64
	Axes      *Mat      // d x d, row k the k-th axis, the one of most variance first
	Variance  []float64 // along the axes, descending, none negative
	Explained []float64 // share of the variance of the first k+1 axes
}

// NewPCA returns the principal axes of data of covariance cov. It panics unless
// mean has one element for each row. Errors are those of SqrtSPD.
func NewPCA(mean []float64, cov *Mat) (*PCA, error) {
	mustFit("pca", &Mat{1, len(mean), nil}, cov, len(mean) == cov.Rows)
	e, err := Eigen(cov)
	if err != nil {
		return nil, err
	}
	if err := checkCovariance(e); err != nil {
		return nil, err
	}
	d := len(mean)
	p := &PCA{Mean: append([]float64(nil), mean...), Axes: NewMat(d, d), Variance: make([]float64, d), Explained: make([]float64, d)}
	var total, part float64
	for k := range d {
		p.Variance[k] = max(e.Values[d-1-k], 0)
		total += p.Variance[k]
		copy(p.Axes.Row(k), e.Vectors.Col(d-1-k))
	}
	for k, v := range p.Variance {
		part += v
		if total > 0 {
			p.Explained[k] = part / total
		}
	}
	return p, nil
}

// Project sets dst to the first len(dst) principal components of x: the inner
// products of x - mean with the axes. It panics if x has another size than Mean.
func (p *PCA) Project(x, dst []float64) {
	mustRows("pca", len(x), 1, len(p.Mean))
	centred := make([]float64, len(x))
	for i, v := range x {
		centred[i] = v - p.Mean[i]
	}
	for k := range dst {
		dst[k] = dot(p.Axes.Row(k), centred)
	}
}

// Whitener returns the k x d matrix whose rows are the first k axes over the
// deviations sqrt(variance + ridge): it turns the data into k uncorrelated
// components of variance 1 (a little less by ridge). An axis without variance and
// ridge gives a row of zeros. It panics unless k is in [0, d].
func (p *PCA) Whitener(k int, ridge float64) *Mat {
	w := NewMat(k, len(p.Mean))
	for i := range k {
		v := p.Variance[i] + ridge
		if v <= 0 {
			continue
		}
		scale := 1 / math.Sqrt(v)
		for j, x := range p.Axes.Row(i) {
			w.Data[i*w.Cols+j] = float64(x * scale)
		}
	}
	return w
}
