package linalg

import (
	"math"
	"slices"
	"testing"

	"github.com/stretchr/testify/require"

	"randalign/asm/asmtest"
	"randalign/tensor"
)

// wishart returns G'G/n for a square Gaussian G, exactly symmetric.
func wishart(s *tensor.Stream, n int) *Mat {
	g := gaussianMat(s, n, n)
	a := MulT(g, g)
	for i := range a.Data {
		a.Data[i] /= float64(n)
	}
	return a
}

// Orders on both sides of every cut in the code: rotations alone, one leaf, one
// merge, several panels, several strips, several pieces of a product.
func TestEigenOrders(t *testing.T) {
	s := stream("orders")
	for _, n := range []int{cyclicMax, cyclicMax + 1, 31, leafSize, leafSize + 1, 63, 64, 65, 97, 130, 200, 257, 340} {
		e := checkEigen(t, wishart(s, n))
		require.Equal(t, n, len(e.Values))
		if n > cyclicMax {
			require.LessOrEqual(t, e.Sweeps, 2)
			residual, orthogonality := e.Residual(wishart(stream("again"), n))
			require.Greater(t, residual, 1e3, "a residual that cannot tell matrices apart")
			require.Less(t, orthogonality, 2.0)
		}
	}
}

// Shapes that break the steps: blocks that do not touch, values that repeat,
// vectors that are unit vectors already, zeros where pivots should be.
func TestEigenStructures(t *testing.T) {
	const n = 72
	s := stream("structures")
	for name, f := range map[string]func(i, j int) float64{
		"rank one":      func(i, j int) float64 { return 1 },
		"arrow":         func(i, j int) float64 { return map[bool]float64{true: 1}[i == 0 || j == 0] },
		"bipartite":     func(i, j int) float64 { return float64((i + j) % 2) },
		"two blocks":    func(i, j int) float64 { return map[bool]float64{true: 1 / float64(1+i+j)}[i/36 == j/36] },
		"tridiagonal":   func(i, j int) float64 { return [3]float64{2, -1, 0}[min(2, max(i-j, j-i))] },
		"one pair":      func(i, j int) float64 { return map[bool]float64{true: 1}[i+j == 17 && i < 18 && j < 18] },
		"identity plus": func(i, j int) float64 { return map[bool]float64{true: 1}[i == j] + 1e-14*float64((i*j)%7) },
		"last row":      func(i, j int) float64 { return map[bool]float64{true: 3}[i == n-1 || j == n-1] },
		"hilbert":       func(i, j int) float64 { return 1 / float64(i+j+1) },
		"distance":      func(i, j int) float64 { return math.Abs(float64(i - j)) },
		"decay":         func(i, j int) float64 { return math.Ldexp(1, -max(i-j, j-i)) },
		"tiny beside":   func(i, j int) float64 { return map[bool]float64{true: 1, false: 1e-170}[i == j && i < 5] },
	} {
		t.Run(name, func(t *testing.T) {
			a := NewMat(n, n)
			for i := range n {
				for j := range n {
					a.Set(i, j, f(i, j))
				}
			}
			checkEigen(t, a)
			// The same matrix in another order has the same values.
			p := s.Perm(n)
			b := NewMat(n, n)
			for i := range n {
				for j := range n {
					b.Set(i, j, a.At(p[i], p[j]))
				}
			}
			e, f := checkEigen(t, a), checkEigen(t, b)
			require.InDeltaSlice(t, e.Values, f.Values, 1e-15*float64(n)*max(1, math.Abs(e.Values[n-1])))
		})
	}
}

// Clusters of more than cyclicMax values, which are diagonalised as the whole was.
func TestEigenClusters(t *testing.T) {
	const n = 130
	s := stream("clusters")
	for name, f := range map[string]func(i int) float64{
		"rank deficient": func(i int) float64 { return max(0, float64(i-90)) },
		"all one":        func(int) float64 { return 1 },
		"groups":         func(i int) float64 { return float64(i / 50) },
		"decay":          func(i int) float64 { return math.Ldexp(1, -i/2) },
	} {
		t.Run(name, func(t *testing.T) {
			v := make([]float64, n)
			for i := range v {
				v[i] = f(i)
			}
			e := checkEigen(t, withSpectrum(Haar(n, s), v))
			slices.Sort(v)
			require.InDeltaSlice(t, v, e.Values, 32*eps*v[n-1]) // the matrix itself is that far off
			require.LessOrEqual(t, e.Sweeps, 2)
		})
	}
}

func TestEigenKeepsADiagonalExactly(t *testing.T) {
	const n = 90
	a := NewMat(n, n)
	for i := range n {
		a.Set(i, i, 1/float64(1+(i*37)%n)-0.3)
	}
	e := checkEigen(t, a)
	for j, v := range e.Values {
		require.Contains(t, e.Vectors.Col(j), 1.0)
		found := false
		for i := range n {
			found = found || a.At(i, i) == v
		}
		require.True(t, found, "value %v", v)
	}
}

func TestEigenHasTheSameBitsOnEveryPathAndThread(t *testing.T) {
	s := stream("bits")
	n := 350
	if testing.Short() {
		n = 170
	}
	repeated := withSpectrum(Haar(60, s), func() []float64 {
		v := make([]float64, 60)
		for i := range v {
			v[i] = float64(i / 20)
		}
		return v
	}())
	for _, a := range []*Mat{wishart(s, n), wishart(s, 33), repeated, graded(wishart(s, 40), 50)} {
		var want *Eig
		asmtest.ForEachPath(t, func(t *testing.T) {
			for _, threads := range []int{1, 2, 5} {
				p := tensor.NewPool(threads)
				e, err := EigenOn(p, a)
				p.Close()
				require.NoError(t, err)
				if want == nil {
					want = e
				}
				asmtest.SameBits(t, want.Values, e.Values, "values, %d threads", threads)
				asmtest.SameBits(t, want.Vectors.Data, e.Vectors.Data, "vectors, %d threads", threads)
				require.Equal(t, want.OffNorm, e.OffNorm)
			}
		})
	}
}

// graded returns DAD with a diagonal D that falls over so many bits.
func graded(a *Mat, bits int) *Mat {
	b := a.Clone()
	for i := range a.Rows {
		for j := range a.Rows {
			k := -(i*bits/(a.Rows-1) + j*bits/(a.Rows-1))
			b.Set(i, j, math.Ldexp(b.At(i, j), k))
		}
	}
	return b
}

// In any order of the rows, the values of a graded matrix agree to n*eps of each,
// and those of the negated matrix are their negatives.
func TestEigenGradedInAnyOrder(t *testing.T) {
	s := stream("graded")
	for _, n := range []int{5, 30, 70, 150} {
		x := gaussianMat(s, 3*n, n)
		a := graded(MulT(x, x), 40)
		e := checkEigen(t, a)
		require.Less(t, e.Values[0], 1e-18*e.Values[n-1])
		require.Positive(t, e.Values[0])
		orders := [][]int{s.Perm(n), s.Perm(n), make([]int, n)}
		for i := range n {
			orders[2][i] = n - 1 - i
		}
		for _, p := range orders {
			b := NewMat(n, n)
			for i := range n {
				for j := range n {
					b.Set(i, j, -a.At(p[i], p[j]))
				}
			}
			f := checkEigen(t, b)
			for i, v := range e.Values {
				require.InEpsilon(t, v, -f.Values[n-1-i], 4*float64(n)*eps, "value %d of %d", i, n)
			}
		}
	}
}

func TestEigenSolversAgree(t *testing.T) {
	s := stream("agree")
	const n = 60
	a := wishart(s, n)
	e := checkEigen(t, a)
	c := a.Clone()
	j := newJacobi(c)
	cyclic := &Eig{}
	require.True(t, j.iterate(cyclic))
	values, _ := j.rows()
	require.InDeltaSlice(t, values, e.Values, 1e-14)
	g := &Eig{}
	for i := range a.Data {
		a.Data[i] *= 0.25
	}
	factor, _, ok := decomposeDefinite(tensor.NewPool(1), a, 1, 0, g)
	require.True(t, ok)
	for i := range values {
		require.InEpsilon(t, e.Values[n-1-i], 4*factor[i], 1e-9)
	}
}
