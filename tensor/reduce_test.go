package tensor

import (
	"math"
	"testing"

	"github.com/stretchr/testify/require"

	"randalign/asm/asmtest"
)

func TestCount(t *testing.T) {
	asmtest.ForEachPath(t, func(t *testing.T) {
		zero := math.Copysign(0, -1)
		for _, tc := range []struct {
			x    []float64
			want int
		}{
			{nil, 0}, {[]float64{0}, 0}, {[]float64{1}, 1}, {[]float64{zero, 0, -1, 1e-40, math.NaN(), math.Inf(-1)}, 4},
			{append(make([]float64, 40), 1, zero, 2), 2},
		} {
			narrow := make([]float32, len(tc.x))
			for i, v := range tc.x {
				narrow[i] = float32(v)
			}
			require.Equal(t, tc.want, Count(tc.x), tc.x)
			require.Equal(t, tc.want, Count(narrow), tc.x)
		}
	})
}
