package linalg

import (
	"fmt"
	"math"
	"testing"

	"github.com/stretchr/testify/require"

	"randalign/tensor"
)

// spd returns a random positive definite matrix with eigenvalues in [0.3, 3].
func spd(s *tensor.Stream, d int) *Mat {
	v := make([]float64, d)
	for i := range v {
		v[i] = 0.3 + 2.7*s.Float64()
	}
	return withSpectrum(Haar(d, s), v)
}

// misalign is M(A, B) from the matrices themselves.
func misalign(t *testing.T, a, b *Mat) float64 {
	t.Helper()
	e, err := Eigen(a)
	require.NoError(t, err)
	m, err := Misalignment(e.Vectors, Group(e.Values, DefaultRelTol), b)
	require.NoError(t, err)
	return m
}

func TestGroup(t *testing.T) {
	for _, c := range []struct {
		name   string
		values []float64
		want   []Space
	}{
		{"empty", nil, nil},
		{"distinct", []float64{1, 2, 3}, []Space{{0, 1}, {1, 2}, {2, 3}}},
		{"pairs", []float64{1, 1 + 1e-9, 2, 2}, []Space{{0, 2}, {2, 4}}},
		{"zeros by rounding", []float64{-3e-17, 0, 1e-17, 1}, []Space{{0, 3}, {3, 4}}},
		{"graded", []float64{1e-12, 1e-9, 1}, []Space{{0, 1}, {1, 2}, {2, 3}}},
		{"a slope is cut", []float64{1, 1 + 0.8e-6, 1 + 1.6e-6, 1 + 2.4e-6}, []Space{{0, 2}, {2, 4}}},
		{"negative", []float64{-2, -2 + 1e-9, -1}, []Space{{0, 2}, {2, 3}}},
		{"all zero", []float64{0, 0}, []Space{{0, 2}}},
	} {
		require.Equal(t, c.want, Group(c.values, DefaultRelTol), c.name)
	}
}

func TestMisalignmentTwoByTwo(t *testing.T) {
	a := &Mat{2, 2, []float64{1, 0, 0, 4}}
	b := &Mat{2, 2, []float64{2, 1, 1, 3}}
	require.InDelta(t, 2*math.Sqrt(2*3.0/5)-2, misalign(t, a, b), 1e-14)
	require.InDelta(t, math.Sqrt(5*5.0/5)-2, misalign(t, Identity(2), b), 1e-14, "one eigenspace")
}

func TestMisalignmentInvariants(t *testing.T) {
	s := stream("invariants")
	for range 5 {
		const d = 7
		a, b, q := spd(s, d), spd(s, d), Haar(d, s)
		m := misalign(t, a, b)
		require.Greater(t, m, 0.01)
		for _, c := range []float64{1e-8, 3, 1e200} {
			cb := b.Clone()
			for i := range cb.Data {
				cb.Data[i] *= c
			}
			require.InDelta(t, m, misalign(t, a, cb), 1e-12)
		}
		turn := func(x *Mat) *Mat { return Mul(Mul(q, x), q.Transpose()) }
		require.InDelta(t, m, misalign(t, turn(a), turn(b)), 1e-12)
		// Inverting B changes nothing: the two traces swap.
		inverse, err := InverseSPD(b)
		require.NoError(t, err)
		require.InDelta(t, m, misalign(t, a, inverse), 1e-12)
	}
}

// B = a polynomial in A is aligned; so is anything with A's eigenspaces inside
// its own, but not the other way round.
func TestMisalignmentIsZeroIffAligned(t *testing.T) {
	s := stream("aligned")
	q := Haar(6, s)
	a := withSpectrum(q, []float64{1, 2, 2, 3, 5, 5})
	b := Mul(a, a)
	for i := range b.Data {
		b.Data[i] -= 5 * a.Data[i]
	}
	for i := range 6 {
		b.Data[i*7] += 7 // x^2 - 5x + 7: positive, not monotone, joins 2 and 3
	}
	require.InDelta(t, 0, misalign(t, a, b), 1e-12)
	require.GreaterOrEqual(t, misalign(t, a, b), 0.0)
	// B splits an eigenspace of A: not aligned, M in closed form.
	split := withSpectrum(q, []float64{1, 1, 4, 1, 1, 1})
	require.InDelta(t, math.Sqrt(5*1.25)-2, misalign(t, a, split), 1e-12)
	// A singular and B commuting with it.
	zero := withSpectrum(q, []float64{0, 0, 0, 1, 2, 3})
	require.InDelta(t, 0, misalign(t, zero, withSpectrum(q, []float64{2, 2, 2, 1, 3, 9})), 1e-12)
}

// The definition: the least 1/2 tr(S^-1 B + B^-1 S) - d over S = sum_j s_j P_j,
// found by ternary search, one coordinate after the other.
func TestMisalignmentIsTheMinimum(t *testing.T) {
	s := stream("minimum")
	const d = 5
	q := Haar(d, s)
	spaces := []Space{{0, 1}, {1, 3}, {3, 5}}
	b := spd(s, d)
	inverse, err := InverseSPD(b)
	require.NoError(t, err)
	at := func(logs []float64) float64 {
		v, w := make([]float64, d), make([]float64, d)
		for j, sp := range spaces {
			for i := sp.Start; i < sp.End; i++ {
				v[i], w[i] = math.Exp(logs[j]), math.Exp(-logs[j])
			}
		}
		return naiveMul(withSpectrum(q, w), b).Trace()/2 + naiveMul(inverse, withSpectrum(q, v)).Trace()/2 - d
	}
	logs := make([]float64, len(spaces))
	for range 2 {
		for j := range logs {
			lo, hi := -5.0, 5.0
			for range 60 {
				logs[j] = lo + (hi-lo)/3
				left := at(logs)
				logs[j] = hi - (hi-lo)/3
				if left < at(logs) {
					hi = logs[j]
				} else {
					lo += (hi - lo) / 3
				}
			}
		}
	}
	got, err := Misalignment(q, spaces, b)
	require.NoError(t, err)
	require.InDelta(t, at(logs), got, 1e-9)
}

func TestMisalignmentErrors(t *testing.T) {
	_, err := Misalignment(Identity(2), Group([]float64{1, 2}, 0), NewMat(2, 2))
	require.ErrorIs(t, err, ErrNotPositiveDefinite)
	half := Identity(2)
	half.Set(0, 0, 0.5)
	_, err = Misalignment(half, Group([]float64{1, 2}, 0), Identity(2))
	require.ErrorIs(t, err, ErrNotOrthonormal)
}

// distinct returns a diagonal covariance with d distinct eigenvalues.
func distinct(d int) *Mat {
	a := NewMat(d, d)
	for i := range d {
		a.Set(i, i, 0.01+float64((i+1)*(i+1))/float64(d))
	}
	return a
}

// 256 isotropic filters in 75 dimensions: M is about 14.2 with a deviation of
// 0.47, and nothing tells it from its control or its floor.
func TestIsotropicFilters(t *testing.T) {
	const m, d = 256, 75
	w := make([]float32, m*d)
	tensor.FillNormal(stream("isotropic"), w, 0.05)
	r, err := Align(distinct(d), w, m, AlignOptions{})
	require.NoError(t, err)
	require.InDelta(t, 14.2, r.Misalignment, 4*0.47)
	require.InDelta(t, 14.2, r.Floor.Mean, 4*0.47/math.Sqrt(40))
	require.InDelta(t, 0.47, r.Floor.Std, 0.2)
	require.InDelta(t, r.Misalignment, r.Control.Mean, 4*r.Control.Std)
	require.InDelta(t, r.Floor.Mean, r.Control.Mean, 4*r.Floor.Std)
	require.Equal(t, []int{100, 99}, []int{r.Control.Draws, r.Floor.Draws})
	require.Equal(t, "flat", r.Shape)
	require.False(t, r.PositionKnown)
	require.False(t, r.Regularised)
	require.Contains(t, r.Note, "position is not defined")
	require.InDelta(t, 1, sum(r.Explained), 1e-12)
	require.Len(t, r.Eigenspaces, d)
}

// Anisotropic filters drawn along the data's eigenvectors stand at the floor,
// those drawn along others at the control.
func TestPosition(t *testing.T) {
	const d = 27
	s := stream("position")
	q := Haar(d, s)
	values, std := make([]float64, d), make([]float64, d)
	for i := range d {
		values[i] = math.Exp(0.3 * float64(i))
		std[i] = 0.1 + 1/(1+math.Abs(float64(i-18)))
	}
	cov := withSpectrum(q, values)
	for _, m := range []int{300, 20} {
		t.Run(fmt.Sprint(m), func(t *testing.T) {
			w := make([]float32, m*d)
			FromSpectrum(q, std).SampleRows32(s, w, m)
			r, err := Align(cov, w, m, AlignOptions{Seed: 3})
			require.NoError(t, err)
			require.Equal(t, m <= d, r.Regularised)
			require.Equal(t, m <= d, r.Shrinkage > 0)
			if m > d {
				require.True(t, r.PositionKnown)
				require.InDelta(t, 0, r.Position, 0.15)
				require.Equal(t, "unimodal", r.Shape)
			} else {
				require.Contains(t, r.Note, "20 filters in 27 dimensions are too few")
				require.InDelta(t, r.Floor.Mean, r.Misalignment, 4*r.Floor.Std)
			}
			FromSpectrum(Haar(d, s), std).SampleRows32(s, w, m)
			r, err = Align(cov, w, m, AlignOptions{Seed: 3})
			require.NoError(t, err)
			require.InDelta(t, r.Control.Mean, r.Misalignment, 4*r.Control.Std)
			again, err := Align(cov, w, m, AlignOptions{Seed: 3})
			require.NoError(t, err)
			require.Equal(t, r, again)
		})
	}
}

// The floor drawn as Wishart matrices is that of filters drawn one by one.
func TestFloorEqualsDrawnFilters(t *testing.T) {
	const m, d, draws = 30, 8, 400
	spaces := []Space{{0, 1}, {1, 4}, {4, 8}}
	std := []float64{3, 1, 0.2}
	s := stream("floor")
	mean, sd, err := Floor(spaces, std, m, false, draws, s)
	require.NoError(t, err)
	each := make([]float64, 0, d)
	for j, sp := range spaces {
		for range sp.Dim() {
			each = append(each, std[j])
		}
	}
	g := FromSpectrum(Identity(d), each)
	x := make([]float32, m*d)
	values, err := overDraws(draws, func() (float64, error) {
		g.SampleRows32(s, x, m)
		return Misalignment(Identity(d), spaces, SecondMoment(x, m, d))
	})
	want, wantSD := meanStd(values)
	require.NoError(t, err)
	require.InDelta(t, want, mean, 5*wantSD*math.Sqrt(2.0/draws))
	require.InEpsilon(t, wantSD, sd, 0.2)
	_, _, err = Floor(spaces, std, d, false, draws, s)
	require.ErrorIs(t, err, ErrTooFew)
}

func TestChiSquaredMoments(t *testing.T) {
	const n = 100000
	s := stream("chi")
	for _, k := range []int{1, 2, 3, 10, 1000} {
		var m1, m2 float64
		for range n {
			x := chiSquared(k, s)
			m1 += x / n
			m2 += (x - float64(k)) * (x - float64(k)) / n
		}
		v := 2 * float64(k)
		require.InDelta(t, float64(k), m1, 5*math.Sqrt(v/n))
		require.InDelta(t, v, m2, 5*v*math.Sqrt((2+12/float64(k))/n))
	}
}

func TestAlignCov(t *testing.T) {
	s := stream("aligncov")
	a, b := spd(s, 6), spd(s, 6)
	r, err := AlignCov(a, b, AlignOptions{})
	require.NoError(t, err)
	require.InDelta(t, misalign(t, a, b), r.Misalignment, 1e-12)
	require.Zero(t, r.Floor.Draws)
	require.Contains(t, r.Note, "not known")
	// The identity has one eigenspace, on which f is the mean.
	r, err = AlignCov(Identity(6), b, AlignOptions{Samples: 100})
	require.NoError(t, err)
	require.Equal(t, 99, r.Floor.Draws)
	require.Len(t, r.Eigenspaces, 1)
	require.Equal(t, 6, r.Eigenspaces[0].Multiplicity)
	require.InDelta(t, math.Sqrt(b.Trace()/6), r.Eigenspaces[0].F, 1e-14)
	require.Contains(t, r.Note, "6 eigenvalues of the data form 1 eigenspaces")

	_, err = AlignCov(a, NewMat(6, 6), AlignOptions{})
	require.ErrorIs(t, err, ErrNotPositiveDefinite)
	_, err = AlignCov(withSpectrum(Haar(2, s), []float64{-1, 1}), Identity(2), AlignOptions{})
	require.ErrorIs(t, err, ErrNegative)
	_, err = Align(a, []float32{1, 2, 3, 4, 5, float32(math.Inf(1))}, 1, AlignOptions{})
	require.EqualError(t, err, "matrix is not finite: +Inf in filter 0, element 5")
	_, err = Align(a, make([]float32, 6), 1, AlignOptions{})
	require.ErrorIs(t, err, ErrTooFew)
	_, err = Align(a, make([]float32, 60), 10, AlignOptions{})
	require.ErrorIs(t, err, ErrNotPositiveDefinite)
}

// A direction without variance (a constant pixel) is an eigenspace like any other.
func TestAlignWithSingularData(t *testing.T) {
	s := stream("singular data")
	cov := withSpectrum(Haar(10, s), []float64{0, 0, 0, 1, 2, 3, 4, 5, 6, 7})
	w := make([]float32, 50*10)
	tensor.FillNormal(s, w, 1)
	r, err := Align(cov, w, 50, AlignOptions{})
	require.NoError(t, err)
	require.Equal(t, 3, r.Eigenspaces[0].Multiplicity)
	require.InDelta(t, 0, r.Eigenspaces[0].Sigma, 1e-7)
	// Filters that miss a dimension are shrunk even though there are many.
	for k := range 50 {
		w[k*10] = 0
	}
	r, err = Align(cov, w, 50, AlignOptions{})
	require.NoError(t, err)
	require.True(t, r.Regularised)
	require.Contains(t, r.Note, "span fewer than 10 dimensions")
}
