package linalg

import (
	"math"
	"testing"

	"github.com/stretchr/testify/require"

	"randalign/tensor"
)

// residualBound: two-sided Jacobi in s sweeps is off by O(s sqrt(n)) eps |A| at
// the very worst; what is measured here stays below 2 in units of n eps |A|.
const residualBound = 4

func stream(name string) *tensor.Stream { return tensor.NewStream(42, name) }

func gaussianMat(s *tensor.Stream, r, c int) *Mat {
	a := NewMat(r, c)
	tensor.FillNormal(s, a.Data, 1)
	return a
}

// withSpectrum returns Q diag(values) Q', exactly symmetric.
func withSpectrum(q *Mat, values []float64) *Mat {
	half := q.Clone()
	for i := range half.Rows {
		for j := range values {
			half.Data[i*half.Cols+j] *= values[j]
		}
	}
	a := Mul(half, q.Transpose())
	for i := range a.Rows {
		for j := range i {
			a.Set(i, j, a.At(j, i))
		}
	}
	return a
}

// checkEigen requires a decomposition that is as good as rounding allows.
func checkEigen(t *testing.T, a *Mat) *Eig {
	t.Helper()
	before := a.Clone()
	e, err := Eigen(a)
	require.NoError(t, err)
	require.Equal(t, before, a, "the argument was changed")
	residual, orthogonality := e.Residual(a)
	require.LessOrEqual(t, residual, float64(residualBound))
	require.LessOrEqual(t, orthogonality, float64(residualBound))
	require.IsNonDecreasing(t, append([]float64{math.Inf(-1), math.Inf(-1)}, e.Values...))
	require.Len(t, e.OffNorm, e.Sweeps)
	for j := range e.Values {
		col := e.Vectors.Col(j)
		big, at := 0.0, 0
		for i, x := range col {
			if math.Abs(x) > big {
				big, at = math.Abs(x), i
			}
		}
		require.Positive(t, col[at], "sign of vector %d", j)
	}
	return e
}

func TestEigenKnownSpectra(t *testing.T) {
	secondDifference := NewMat(60, 60)
	laplace := make([]float64, 60)
	for i := range 60 {
		secondDifference.Set(i, i, 2)
		if i > 0 {
			secondDifference.Set(i, i-1, -1)
			secondDifference.Set(i-1, i, -1)
		}
		x := math.Sin(float64(i+1) * math.Pi / 122)
		laplace[i] = 4 * x * x
	}
	ones := NewMat(9, 9)
	for i := range ones.Data {
		ones.Data[i] = 1
	}
	diagonal := NewMat(4, 4)
	for i, v := range []float64{3, -1, 0, 3} {
		diagonal.Set(i, i, v)
	}
	for _, c := range []struct {
		name string
		a    *Mat
		want []float64
	}{
		{"empty", NewMat(0, 0), []float64{}},
		{"one by one", &Mat{1, 1, []float64{-7}}, []float64{-7}},
		{"zero", NewMat(3, 3), []float64{0, 0, 0}},
		{"diagonal with a tie", diagonal, []float64{-1, 0, 3, 3}},
		{"two by two", &Mat{2, 2, []float64{2, 1, 1, 2}}, []float64{1, 3}},
		{"zero diagonal", &Mat{2, 2, []float64{0, 5, 5, 0}}, []float64{-5, 5}},
		{"zero corner", &Mat{2, 2, []float64{0, 1e-9, 1e-9, 1}}, []float64{-1e-18, 1}},
		{"second differences", secondDifference, laplace},
		{"all ones", ones, []float64{0, 0, 0, 0, 0, 0, 0, 0, 9}},
	} {
		t.Run(c.name, func(t *testing.T) {
			e := checkEigen(t, c.a)
			require.InDeltaSlice(t, c.want, e.Values, 1e-14*max(1, maxAbs(c.want)))
		})
	}
}

// The two largest eigenvalues of W21+ agree in 14 digits (Wilkinson 1965, p. 309).
func TestEigenWilkinson(t *testing.T) {
	w := NewMat(21, 21)
	for i := range 21 {
		w.Set(i, i, math.Abs(float64(i-10)))
		if i > 0 {
			w.Set(i, i-1, 1)
			w.Set(i-1, i, 1)
		}
	}
	e := checkEigen(t, w)
	require.InDelta(t, 10.746194182903393, e.Values[20], 1e-13)
	require.InDelta(t, 10.746194182903322, e.Values[19], 1e-13)
	require.InDelta(t, -1.125441522119985, e.Values[0], 1e-13)
}

// Published eigenvalues of the Hilbert matrix of order 5.
func TestEigenHilbert(t *testing.T) {
	h := func(n int) *Mat {
		a := NewMat(n, n)
		for i := range n {
			for j := range n {
				a.Set(i, j, 1/float64(i+j+1))
			}
		}
		return a
	}
	e := checkEigen(t, h(5))
	want := []float64{3.287928772171863e-06, 3.058980401511e-04, 0.011407491623419806, 0.20853421861101323, 1.5670506910982308}
	for i := range want {
		require.InEpsilon(t, want[i], e.Values[i], 1e-10)
	}
	checkEigen(t, h(14)) // singular to rounding
}

func TestEigenHardSpectra(t *testing.T) {
	const n = 40
	s := stream("hard")
	fill := func(f func(i int) float64) []float64 {
		v := make([]float64, n)
		for i := range v {
			v[i] = f(i)
		}
		return v
	}
	for _, c := range []struct {
		name string
		v    []float64
	}{
		{"graded", fill(func(i int) float64 { return math.Pow(10, -12*float64(n-1-i)/(n-1)) })},
		{"clustered", fill(func(i int) float64 { return 1 + 1e-13*float64(i) })},
		{"one small", fill(func(i int) float64 { return min(1, 1e-15+float64(i)) })},
		{"repeated", fill(func(i int) float64 { return float64(i / 10) })},
		{"rank deficient", fill(func(i int) float64 { return float64(max(0, i-30)) })},
		{"indefinite", fill(func(i int) float64 { return float64(i) - 20.5 })},
		{"negative", fill(func(i int) float64 { return float64(i) - 50 })},
	} {
		t.Run(c.name, func(t *testing.T) {
			a := withSpectrum(Haar(n, s), c.v)
			big := maxAbs(c.v)
			for _, scale := range []float64{1, 1e-300, 1e300} {
				b := a.Clone()
				for i := range b.Data {
					b.Data[i] *= scale
				}
				e := checkEigen(t, b)
				for i, v := range c.v {
					// The matrix itself is off by some n eps |A|.
					require.InDelta(t, v, e.Values[i]/scale, n*eps*big*5)
				}
				require.LessOrEqual(t, e.Sweeps, 15)
			}
		})
	}
}

func TestEigenRandomSizes(t *testing.T) {
	s := stream("random")
	for _, n := range []int{1, 2, 3, 4, 5, 6, 7, 27, 30, 75, 101} {
		g := gaussianMat(s, n, n)
		a := NewMat(n, n)
		for i := range n {
			for j := range n {
				a.Set(i, j, g.At(i, j)+g.At(j, i))
			}
		}
		e := checkEigen(t, a)
		require.InDelta(t, a.Trace(), sum(e.Values), 1e-12*float64(n*n))
	}
}

// The small eigenvalues of a graded positive definite matrix D(I + c 11')D come
// out with a small relative error: they agree with the inverses of those of the
// inverse, known in closed form, where they are the large ones.
func TestEigenSmallValuesAreAccurate(t *testing.T) {
	const n, c = 12, 0.5
	a, inverse := NewMat(n, n), NewMat(n, n)
	for i := range n {
		for j := range n {
			di, dj := math.Ldexp(1, -5*i), math.Ldexp(1, -5*j)
			a.Set(i, j, c*di*dj)
			inverse.Set(i, j, -c/(1+c*n)/(di*dj))
			if i == j {
				a.Set(i, j, (1+c)*di*di)
				inverse.Set(i, j, (1-c/(1+c*n))/(di*di))
			}
		}
	}
	e, f := checkEigen(t, a), checkEigen(t, inverse)
	require.Less(t, e.Values[0], 1e-30*e.Values[n-1])
	for i := range n {
		require.InEpsilon(t, 1/f.Values[n-1-i], e.Values[i], 1e-14)
	}
}

func TestEigenRefusesBadData(t *testing.T) {
	nan := Identity(3)
	nan.Set(1, 2, math.NaN())
	inf := Identity(3)
	inf.Set(2, 0, math.Inf(-1))
	skew := Identity(3)
	skew.Set(0, 2, 1e-3)
	huge := NewMat(8, 8)
	for i := range huge.Data {
		huge.Data[i] = 0x1p1022
	}
	for _, c := range []struct {
		a    *Mat
		is   error
		text string
	}{
		{NewMat(2, 3), ErrNotSquare, "matrix is not square: 2 x 3"},
		{nan, ErrNotFinite, "matrix is not finite: NaN at row 1, column 2"},
		{inf, ErrNotFinite, "matrix is not finite: -Inf at row 2, column 0"},
		{skew, ErrNotSymmetric, "matrix is not symmetric: row 0, column 2 is 0.001 but row 2, column 0 is 0 (difference 0.001, allowed 1e-10)"},
		{huge, ErrOverflow, "eigenvalue overflows float64: eigenvalue 7 is"},
	} {
		_, err := Eigen(c.a)
		require.ErrorIs(t, err, c.is)
		require.ErrorContains(t, err, c.text)
	}
}

func TestCheckSymmetricAllowsRounding(t *testing.T) {
	a := Identity(2)
	a.Set(0, 1, 1e-11)
	require.NoError(t, CheckSymmetric(a))
	a.Set(0, 1, float64(float32(3e-6))) // all float32: a file of that precision
	require.NoError(t, CheckSymmetric(a))
	a.Set(0, 1, 3e-6)
	require.ErrorIs(t, CheckSymmetric(a), ErrNotSymmetric)
}

func FuzzEigen(f *testing.F) {
	f.Add([]byte{1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20, 21, 22, 23, 24})
	f.Add(make([]byte, 80))
	f.Fuzz(func(t *testing.T, b []byte) {
		var x []float64
		for ; len(b) >= 8 && len(x) < 45; b = b[8:] {
			var bits uint64
			for _, v := range b[:8] {
				bits = bits<<8 | uint64(v)
			}
			x = append(x, math.Float64frombits(bits))
		}
		n := 0
		for (n+1)*(n+2)/2 <= len(x) {
			n++
		}
		a := NewMat(n, n)
		for i := range n {
			for j := range i + 1 {
				a.Set(i, j, x[0])
				a.Set(j, i, x[0])
				x = x[1:]
			}
		}
		e, err := Eigen(a)
		if err != nil {
			require.NotErrorIs(t, err, ErrNoConvergence)
			return
		}
		residual, orthogonality := e.Residual(a)
		require.LessOrEqual(t, orthogonality, float64(residualBound))
		if maxAbs(a.Data) > 1e-290 { // denormal eigenvalues have few bits
			require.LessOrEqual(t, residual, float64(residualBound))
		}
	})
}

// The preconditioned way on matrices of 21 to 60 rows made of few numbers, in
// every arrangement: repeats, zeros, blocks, extremes.
func FuzzEigenLarge(f *testing.F) {
	f.Add(uint8(3), []byte{1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20, 21, 22, 23, 24})
	f.Add(uint8(200), []byte{0, 0, 0, 0, 0, 0, 0, 0, 63, 240, 0, 0, 0, 0, 0, 0})
	f.Add(uint8(77), []byte{127, 239, 255, 255, 255, 255, 255, 255, 0, 0, 0, 0, 0, 0, 0, 1, 63, 240, 0, 0, 0, 0, 0, 0})
	f.Fuzz(func(t *testing.T, order uint8, b []byte) {
		n := cyclicMax + 1 + int(order)%40
		x := []float64{0, 1}
		for ; len(b) >= 8 && len(x) < 40; b = b[8:] {
			var bits uint64
			for _, v := range b[:8] {
				bits = bits<<8 | uint64(v)
			}
			x = append(x, math.Float64frombits(bits))
		}
		a := NewMat(n, n)
		state := uint32(order) + 1
		for i := range n {
			for j := range i + 1 {
				state = state*1664525 + 1013904223
				v := x[int(state>>16)%len(x)]
				a.Set(i, j, v)
				a.Set(j, i, v)
			}
		}
		e, err := Eigen(a)
		if err != nil {
			require.NotErrorIs(t, err, ErrNoConvergence)
			return
		}
		residual, orthogonality := e.Residual(a)
		require.LessOrEqual(t, orthogonality, float64(residualBound))
		if maxAbs(a.Data) > 1e-290 {
			require.LessOrEqual(t, residual, float64(residualBound))
		}
	})
}

// Integers, zeros and exponents all over the range, in small matrices, where
// diagonals vanish and pivots underflow.
func TestEigenStress(t *testing.T) {
	s := stream("stress")
	for range 4000 {
		n := 1 + s.IntN(8)
		a := NewMat(n, n)
		span := 1 + s.IntN(400)
		kind := s.IntN(3)
		for i := range n {
			for j := range i + 1 {
				x := float64(s.IntN(5) - 2)
				if kind > 0 {
					x *= math.Ldexp(1+s.Float64(), s.IntN(span))
				}
				if kind > 1 && i == j {
					x = 0
				}
				a.Set(i, j, x)
				a.Set(j, i, x)
			}
		}
		e := checkEigen(t, a)
		require.LessOrEqual(t, e.Sweeps, 25)
	}
}
