package linalg

import (
	"math"
	"testing"

	"github.com/stretchr/testify/require"

	"randalign/asm/asmtest"
	"randalign/tensor"
)

// naiveMul is the definition of Mul.
func naiveMul(a, b *Mat) *Mat {
	c := NewMat(a.Rows, b.Cols)
	for i := range a.Rows {
		for j := range b.Cols {
			var x float64
			for k := range a.Cols {
				x = math.FMA(a.At(i, k), b.At(k, j), x)
			}
			c.Set(i, j, x)
		}
	}
	return c
}

// maxDiff is the largest difference of two matrices of the same shape.
func maxDiff(t *testing.T, a, b *Mat) float64 {
	t.Helper()
	require.Equal(t, [2]int{a.Rows, a.Cols}, [2]int{b.Rows, b.Cols})
	var m float64
	for i := range a.Data {
		m = max(m, math.Abs(a.Data[i]-b.Data[i]))
	}
	return m
}

func TestMulEqualsItsDefinition(t *testing.T) {
	s := stream("mul")
	asmtest.ForEachPath(t, func(t *testing.T) {
		for _, n := range [][3]int{{0, 3, 2}, {1, 1, 1}, {3, 0, 4}, {5, 7, 3}, {33, 20, 41}} {
			a, b := gaussianMat(s, n[0], n[1]), gaussianMat(s, n[1], n[2])
			require.Equal(t, naiveMul(a, b), Mul(a, b))
			require.Equal(t, naiveMul(a, b), MulT(a.Transpose(), b))
		}
	})
}

func TestMisusePanicsWithShapes(t *testing.T) {
	for want, f := range map[string]func(){
		"linalg: mul: 2 x 3 and 2 x 3 do not fit":                     func() { Mul(NewMat(2, 3), NewMat(2, 3)) },
		"linalg: cholesky: 2 x 3 matrix is not square":                func() { Cholesky(NewMat(2, 3)) },
		"linalg: solve lower: 2 x 2 and 3 x 1 do not fit":             func() { SolveLower(NewMat(2, 2), NewMat(3, 1)) },
		"linalg: add rows: 2 x 3 rows in a slice of 5":                func() { NewCov(3).AddRows(make([]float32, 5), 2) },
		"linalg: merge: covariances of dimension 2 and 3":             func() { NewCov(2).Merge(NewCov(3)) },
		"linalg: gaussian: 2 x 2 basis with 3 standard deviations":    func() { FromSpectrum(Identity(2), make([]float64, 3)) },
		"linalg: misalignment: eigenspaces cover 1 of 2 columns":      func() { Misalignment(Identity(2), []Space{{0, 1}}, Identity(2)) },
		"linalg: misalignment: eigenspace [1, 2) after column 0 of 2": func() { Misalignment(Identity(2), []Space{{1, 2}}, Identity(2)) },
		"linalg: add patches: 1 x 2 x 2 patches (stride 0, pad 0) of 1 images, for dimension 4": func() {
			NewCov(4).AddPatches(make([]float32, 9), 1, 1, 3, 3, 2, 2, 0, 0)
		},
	} {
		require.PanicsWithValue(t, want, f)
	}
}

func TestCholeskyAndSolves(t *testing.T) {
	s := stream("cholesky")
	for _, n := range []int{0, 1, 2, 7, 40} {
		g := gaussianMat(s, n+5, n)
		a := MulT(g, g)
		l, err := Cholesky(a)
		require.NoError(t, err)
		require.LessOrEqual(t, maxDiff(t, a, naiveMul(l, l.Transpose())), 1e-13*float64(n+1))
		b := gaussianMat(s, n, 3)
		require.LessOrEqual(t, maxDiff(t, b, naiveMul(l, SolveLower(l, b))), 1e-12)
		u := l.Transpose()
		require.LessOrEqual(t, maxDiff(t, b, naiveMul(u, SolveUpper(u, b))), 1e-11)
		inverse, err := InverseSPD(a)
		require.NoError(t, err)
		require.Equal(t, inverse, inverse.Transpose(), "not exactly symmetric")
		require.LessOrEqual(t, maxDiff(t, Identity(n), naiveMul(a, inverse)), 1e-10)
	}
}

func TestCholeskyNamesThePivot(t *testing.T) {
	_, err := Cholesky(&Mat{3, 3, []float64{4, 2, 0, 2, 1, 0, 0, 0, 1}})
	require.ErrorIs(t, err, ErrNotPositiveDefinite)
	require.EqualError(t, err, "matrix is not positive definite: pivot 1 is 0, its diagonal element 1")
	_, err = Cholesky(&Mat{2, 2, []float64{1, 0, 0, math.NaN()}})
	require.ErrorIs(t, err, ErrNotPositiveDefinite)
	s := stream("singular")
	g := gaussianMat(s, 9, 10) // of rank 9: the last pivot is rounding, of any sign
	_, err = Cholesky(MulT(g, g))
	require.ErrorContains(t, err, "pivot 9")
	tiny := Identity(3)
	for i := range tiny.Data {
		tiny.Data[i] *= 1e-200
	}
	_, err = Cholesky(tiny)
	require.NoError(t, err)
}

func TestQR(t *testing.T) {
	s := stream("qr")
	for _, n := range [][2]int{{0, 0}, {1, 1}, {5, 5}, {12, 4}, {30, 30}} {
		a := gaussianMat(s, n[0], n[1])
		if n[1] == 4 {
			for i := range 12 {
				a.Set(i, 2, 0) // a column that has nothing to reflect at first
			}
		}
		q, r := QR(a)
		require.LessOrEqual(t, maxDiff(t, a, naiveMul(q, r)), 1e-13)
		require.LessOrEqual(t, maxDiff(t, Identity(n[1]), MulT(q, q)), 1e-13)
		for i := range r.Rows {
			require.Zero(t, maxAbs(r.Row(i)[:i]))
		}
	}
}

// Moments of Haar's measure: E Q_ij = 0, E Q_ij^2 = 1/n, E Q_ij^4 = 3/(n(n+2)),
// E tr Q = 0, E (tr Q)^2 = 1. Without the signs, Q_00 would always be negative.
func TestHaarMoments(t *testing.T) {
	const n, draws = 4, 6000
	s := stream("haar")
	var corner, square, fourth, trace, trace2 float64
	for range draws {
		q := Haar(n, s)
		x := q.At(0, 0)
		corner += x / draws
		square += x * x / draws
		fourth += x * x * x * x / draws
		trace += q.Trace() / draws
		trace2 += q.Trace() * q.Trace() / draws
		require.LessOrEqual(t, maxDiff(t, Identity(n), MulT(q, q)), 1e-14)
	}
	se := 5 / math.Sqrt(draws)
	require.InDelta(t, 0, corner, se*0.5)
	require.InDelta(t, 1.0/n, square, se*0.25)
	require.InDelta(t, 3.0/(n*(n+2)), fourth, se*0.2)
	require.InDelta(t, 0, trace, se)
	require.InDelta(t, 1, trace2, se*math.Sqrt2)
}

func TestGaussian(t *testing.T) {
	s := stream("gaussian")
	cov := withSpectrum(Haar(5, s), []float64{0, 0.1, 1, 1, 9})
	g, err := NewGaussian(cov)
	require.NoError(t, err)
	const rows = 40000
	x := make([]float32, rows*5)
	g.SampleRows32(s, x, rows)
	c := NewCov(5)
	c.AddRows(x, rows)
	// A sample covariance is off by sqrt((C_ii C_jj + C_ij^2)/N).
	require.LessOrEqual(t, maxDiff(t, cov, c.Covariance()), 5*9*math.Sqrt(2.0/rows))
	e := checkEigen(t, c.Covariance())
	require.InDelta(t, 0, e.Values[0], 1e-6) // float32 samples

	one := make([]float64, 5)
	require.Zero(t, testing.AllocsPerRun(5, func() { g.Sample(s, one) }))
	// Sample and SampleRows32 draw the same numbers.
	g.Sample(tensor.NewStream(1, "same"), one)
	g.SampleRows32(tensor.NewStream(1, "same"), x[:5], 1)
	for i := range one {
		require.Equal(t, float32(one[i]), x[i])
	}

	_, err = NewGaussian(&Mat{2, 2, []float64{1, 0, 0, -1e-7}})
	require.NoError(t, err)
	_, err = NewGaussian(&Mat{2, 2, []float64{1, 0, 0, -1e-3}})
	require.ErrorIs(t, err, ErrNegative)
	require.EqualError(t, err, "covariance has a negative eigenvalue: -0.001, the largest being 1")
}
