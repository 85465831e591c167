package linalg

import (
	"math"
	"testing"

	"github.com/stretchr/testify/require"

	"randalign/tensor"
)

// Bits that are the same on every machine. They move only with the order of the
// arithmetic: who changes that, changes them here and says why.

func TestEigenGolden(t *testing.T) {
	e, err := Eigen(&Mat{3, 3, []float64{4, 1, 0.1, 1, 3, 0.2, 0.1, 0.2, 2}})
	require.NoError(t, err)
	require.Equal(t, []uint64{
		0x3fff441134432983, 0x400350032fa70093, 0x401286fa1b1bb556,
		0x3fb49da6fdc6091a, 0xbfe0d7faf2c9e47b, 0x3feb16023df9b785,
		0xbfd0b37b51bb2c02, 0x3fe9dec147729b65, 0x3fe0e1cf6fe98949,
		0x3feec8974f17e42c, 0x3fd0db00058b83ec, 0x3fb27f2d67b1556d,
	}, bitsOf(append(e.Values, e.Vectors.Data...)...))
}

// The whole way: patches, their covariance, filters, misalignment.
func TestAlignGolden(t *testing.T) {
	s := tensor.NewStream(1, "align golden")
	im := make([]float32, 2*3*9*9)
	tensor.FillNormal(s, im, 1)
	c := NewCov(27)
	c.AddPatches(im, 2, 3, 9, 9, 3, 3, 1, 1)
	w := make([]float32, 40*27)
	tensor.FillNormal(s, w, 0.1)
	for i := range w {
		w[i] *= float32(1 + i%27%5)
	}
	for _, m := range []int{40, 20} {
		r, err := Align(c.Covariance(), w[:m*27], m, AlignOptions{ControlDraws: 3, FloorDraws: 3})
		require.NoError(t, err)
		require.Equal(t, goldenAlign[m], bitsOf(r.Misalignment, r.Control.Mean, r.Control.Std, r.Floor.Mean, r.Floor.Std, r.Shrinkage, r.Eigenspaces[0].F))
	}
}

var goldenAlign = map[int][]uint64{
	40: {0x404937dc95b47864, 0x40496b3abfc0810f, 0x4000261ce70c4aea, 0x40335412be057cf1, 0x4009136d48ae49ce, 0x0, 0x3fd71df3eac6c72e},
	20: {0x4000eadc618c50e8, 0x4001500bda40c9f8, 0x3fa2cd7f29b7bdd7, 0x3fe5c8486c4c832b, 0x3fc31d6b41e2f5cb, 0x3fe4bd439e670274, 0x3fd7c8cc02763f67},
}

func bitsOf(x ...float64) []uint64 {
	b := make([]uint64, len(x))
	for i, v := range x {
		b[i] = math.Float64bits(v)
	}
	return b
}
