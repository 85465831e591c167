package tensor

import (
	"testing"

	"github.com/stretchr/testify/require"
)

func TestMakeReturnsZeros(t *testing.T) {
	for _, n := range []int{0, 1, 1 << 19, 3<<20 + 5} {
		s := Make[float32](n)
		require.Len(t, s, n)
		for _, v := range s {
			require.Zero(t, v)
		}
		for i := range s {
			s[i] = 1
		}
	}
}
