package linalg

import (
	"fmt"
	"math"

	"randalign/tensor"
)

// Floor returns the mean and the standard deviation of M over draws of m
// Gaussian filters from a covariance that is *exactly aligned*: std[j] along
// every vector of space j. It is what M cannot get below with m filters. 20
// draws do. It panics unless there is one std for each space.
//
// With shrink, each draw's second moment is shrunk by LedoitWolf, as the real
// one was; a draw costs m d^2. Without, m must exceed d (ErrTooFew), and a draw
// costs d^3 whatever m is: the second moment is drawn as a Wishart matrix, by
// Bartlett's decomposition, and std cancels out of M.
func Floor(spaces []Space, std []float64, m int, shrink bool, draws int, s *tensor.Stream) (mean, stdev float64, err error) {
	x, err := floorDraws(spaces, std, m, shrink, draws, s)
	mean, stdev = meanStd(x)
	return mean, stdev, err
}

// floorDraws returns M of aligned filters.
func floorDraws(spaces []Space, std []float64, m int, shrink bool, draws int, s *tensor.Stream) ([]float64, error) {
	if len(std) != len(spaces) || len(spaces) == 0 {
		panic(fmt.Sprintf("linalg: floor: %d standard deviations for %d eigenspaces", len(std), len(spaces)))
	}
	d := spaces[len(spaces)-1].End
	mustCover("floor", spaces, d)
	if m < 2 || !shrink && m <= d {
		return nil, fmt.Errorf("%w: %d filters of dimension %d", ErrTooFew, m, d)
	}
	if !shrink {
		return overDraws(draws, func() (float64, error) {
			t := bartlett(d, m, s)
			return fromTraces(spaces, columnSquares(t.Transpose()), columnSquares(SolveLower(t, Identity(d))))
		})
	}
	x := make([]float64, m*d)
	return overDraws(draws, func() (float64, error) {
		// M does not depend on the basis: the unit vectors serve.
		for k := range m {
			for j, space := range spaces {
				tensor.FillNormal(s, x[k*d+space.Start:k*d+space.End], std[j])
			}
		}
		b, _ := LedoitWolf(x, m, d)
		return Misalignment(Identity(d), spaces, b)
	})
}

// bartlett returns the lower triangular T whose T*T' has the law of X'X for X of
// m x d standard normal deviates: normal below the diagonal, on it the roots of
// chi-squared deviates with m, m-1, ... degrees of freedom.
func bartlett(d, m int, s *tensor.Stream) *Mat {
	t := NewMat(d, d)
	for i := range d {
		tensor.FillNormal(s, t.Row(i)[:i], 1)
		t.Data[i*d+i] = math.Sqrt(chiSquared(m-i, s))
	}
	return t
}

// chiSquared returns a chi-squared deviate with k >= 1 degrees of freedom:
// twice a gamma deviate of shape k/2 (Marsaglia and Tsang 2000), or a sum of
// squares where the shape is below 1.
func chiSquared(k int, s *tensor.Stream) float64 {
	if k < 2 {
		x := s.Normal()
		return float64(x * x)
	}
	a := float64(0.5*float64(k)) - 1.0/3
	c := 1 / math.Sqrt(9*a)
	for {
		x := s.Normal()
		v := math.FMA(c, x, 1)
		if v <= 0 {
			continue
		}
		v = float64(v*v) * v
		// Accept if log u < x^2/2 + a - a*v + a*log v.
		bound := math.FMA(0.5*x, x, float64(a*(1-v+tensor.Log(v))))
		if tensor.Log(1-s.Float64()) < bound {
			return 2 * float64(a*v)
		}
	}
}
