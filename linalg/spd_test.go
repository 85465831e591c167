package linalg

import (
	"math"
	"testing"

	"github.com/stretchr/testify/require"
)

func TestSqrtAndWhitening(t *testing.T) {
	s := stream("spd")
	for _, n := range []int{1, 4, 30} {
		g := gaussianMat(s, n+3, n)
		a := MulT(g, g)
		r, err := SqrtSPD(a)
		require.NoError(t, err)
		require.Equal(t, r, r.Transpose(), "not exactly symmetric")
		require.LessOrEqual(t, maxDiff(t, a, naiveMul(r, r)), 1e-12*float64(n))
		w, err := ZCA(a, 0)
		require.NoError(t, err)
		require.Equal(t, w, w.Transpose())
		require.LessOrEqual(t, maxDiff(t, Identity(n), naiveMul(naiveMul(w, a), w)), 1e-9)
	}
	semi := &Mat{2, 2, []float64{1, 1, 1, 1}}
	r, err := SqrtSPD(semi)
	require.NoError(t, err)
	require.InDeltaSlice(t, []float64{math.Sqrt2 / 2, math.Sqrt2 / 2, math.Sqrt2 / 2, math.Sqrt2 / 2}, r.Data, 1e-8)
	_, err = ZCA(NewMat(2, 2), 0)
	require.ErrorIs(t, err, ErrNotPositiveDefinite)
	_, err = SqrtSPD(&Mat{2, 2, []float64{1, 0, 0, -1}})
	require.ErrorIs(t, err, ErrNegative)
	w, err := ZCA(NewMat(2, 2), 4)
	require.NoError(t, err)
	require.InDeltaSlice(t, []float64{0.5, 0, 0, 0.5}, w.Data, 1e-15)
}

func TestPCA(t *testing.T) {
	s := stream("pca")
	cov := withSpectrum(Haar(6, s), []float64{0, 0.5, 1, 2, 4, 8})
	mean := []float64{1, 2, 3, 4, 5, 6}
	p, err := NewPCA(mean, cov)
	require.NoError(t, err)
	require.InDeltaSlice(t, []float64{8, 4, 2, 1, 0.5, 0}, p.Variance, 1e-14)
	require.InDelta(t, 12/15.5, p.Explained[1], 1e-14)
	require.InDelta(t, 1, p.Explained[5], 1e-15)
	w := p.Whitener(4, 0)
	require.LessOrEqual(t, maxDiff(t, Identity(4), naiveMul(naiveMul(w, cov), w.Transpose())), 1e-13)
	require.Zero(t, maxAbs(p.Whitener(6, 1e-300).Row(5)[:0]))
	dst := make([]float64, 2)
	x := append([]float64(nil), mean...)
	for i, v := range p.Axes.Row(1) {
		x[i] += 3 * v
	}
	p.Project(x, dst)
	require.InDeltaSlice(t, []float64{0, 3}, dst, 1e-14)
	require.PanicsWithValue(t, "linalg: pca: 1 x 2 and 6 x 6 do not fit", func() { _, _ = NewPCA(mean[:2], cov) })
}

// Planes at known angles, from right to a millionth of a nanoradian, where acos
// of a cosine says nothing.
func TestPrincipalAngles(t *testing.T) {
	s := stream("angles")
	q := Haar(7, s)
	sines := []float64{1e-15, 1e-8, 0.5, 1}
	u, v := NewMat(7, 4), NewMat(7, 3)
	cosine := func(x float64) float64 { return math.Sqrt(1 - x*x) }
	for i := range 7 {
		for k := range 4 {
			u.Set(i, k, q.At(i, k))
		}
		for k := range 3 {
			v.Set(i, k, cosine(sines[k+1])*q.At(i, k)+sines[k+1]*q.At(i, k+4))
		}
	}
	for _, angles := range [][]Angle{PrincipalAngles(u, v), PrincipalAngles(v, u)} {
		require.Len(t, angles, 3)
		for i, a := range angles {
			require.InDelta(t, sines[i+1], a.Sin, 4e-15)
			require.InDelta(t, cosine(sines[i+1]), a.Cos, 4e-15)
		}
		require.InEpsilon(t, 1e-8, angles[0].Sin, 1e-7)
	}
	same := PrincipalAngles(u, u)
	require.LessOrEqual(t, same[3].Sin, 4e-15)
}

func TestSingularValues(t *testing.T) {
	s := stream("svd")
	q, p := Haar(5, s), Haar(3, s)
	want := []float64{3, 1e-3, 1e-12}
	a := NewMat(5, 3)
	for i := range 5 {
		for j := range 3 {
			a.Set(i, j, q.At(i, j)*want[j])
		}
	}
	for _, m := range []*Mat{a, a.Transpose()} {
		got := SingularValues(m)
		for i := range want {
			require.InEpsilon(t, want[i], got[i], 1e-14)
		}
	}
	got := SingularValues(Mul(a, p))
	require.InDeltaSlice(t, want, got, 1e-15)
	require.Equal(t, []float64{0, 0}, SingularValues(NewMat(2, 4)))
}

func TestCholeskyPivoted(t *testing.T) {
	s := stream("pivoted")
	for _, n := range []int{1, 2, 9, 60} {
		g := gaussianMat(s, n, max(1, n-n/3))
		a := Mul(g, g.Transpose())
		l, perm, rank := CholeskyPivoted(a)
		require.Equal(t, max(1, n-n/3), rank)
		back := naiveMul(l, l.Transpose())
		for i := range n {
			for j := range n {
				require.InDelta(t, a.At(perm[i], perm[j]), back.At(i, j), 1e-12*float64(n))
			}
			if i > 0 {
				require.LessOrEqual(t, l.At(i, i), l.At(i-1, i-1))
			}
		}
	}
	_, _, rank := CholeskyPivoted(&Mat{2, 2, []float64{-1, 0, 0, -2}})
	require.Zero(t, rank)
}

// Sizes past two blocks of each kind, where the products begin.
func TestCholeskyInBlocks(t *testing.T) {
	s := stream("blocks")
	for _, n := range []int{choleskyBlock - 1, choleskyBlock, choleskyBlock + 1, 2*choleskyBlock + 7, 260} {
		g := gaussianMat(s, n+20, n)
		a := MulT(g, g)
		l, err := Cholesky(a)
		require.NoError(t, err)
		require.LessOrEqual(t, maxDiff(t, a, Mul(l, l.Transpose())), 1e-12*float64(n))
		b := gaussianMat(s, n, 5)
		require.LessOrEqual(t, maxDiff(t, b, Mul(l, SolveLower(l, b))), 1e-10)
		u := l.Transpose()
		require.LessOrEqual(t, maxDiff(t, b, Mul(u, SolveUpper(u, b))), 1e-10)
		a.Set(n-1, n-1, -1)
		_, err = Cholesky(a)
		require.ErrorIs(t, err, ErrNotPositiveDefinite)
	}
}
