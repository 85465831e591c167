package tensor

import (
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"math"
	"testing"

	"github.com/stretchr/testify/require"

	"randalign/asm/asmtest"
)

// The bits of the activations, of batch normalisation and of pooling are the same
// on every architecture: trained weights depend on them.
func TestGoldenLayers(t *testing.T) {
	asmtest.ForEachPath(t, func(t *testing.T) {
		h := sha256.New()
		add := func(x []float32) {
			for _, v := range x {
				require.False(t, v != v)
				h.Write(binary.LittleEndian.AppendUint32(nil, math.Float32bits(v)))
			}
		}
		s := NewStream(11, "golden/layers")
		const n = 4 * 6 * 18 * 18
		x, dy, y := make([]float32, n), make([]float32, n), make([]float32, n)
		FillNormal(s, x, 3)
		FillNormal(s, dy, 1)
		for _, f := range []func(dst, src []float32){MapSigmoid[float32], MapTanh[float32], MapGELU[float32]} {
			f(y, x)
			add(y)
		}
		GELUGrad(y, dy, x)
		add(y)
		p := NewPool(2)
		defer p.Close()
		for _, tc := range []normCase{{4, 6, 324}, {36, 24, 9}} {
			for _, out := range normalised(p, tc, true, x, dy, x[:tc.channels], dy[:tc.channels]) {
				add(out)
			}
		}
		for _, shape := range []PoolShape{{6, 18, 18, 2, 2, 0}, {6, 18, 18, 3, 2, 1}} {
			ho, wo := shape.Out()
			out := make([]float32, 4*6*ho*wo)
			m, a := NewMaxPool[float32](shape), NewAvgPool[float32](shape)
			m.Forward(p, 4, x, out)
			add(out)
			m.Backward(p, 4, x, out, dy, y)
			add(y)
			a.Forward(p, 4, x, out)
			add(out)
			a.Backward(p, 4, dy, y)
			add(y)
		}
		require.Equal(t, goldenLayers, hex.EncodeToString(h.Sum(nil)))
	})
}

const goldenLayers = "d4b6096a39ed3b3a06aeb1845ee6dc0d77fa467a8f62c81f03bee5dce62b8f9a"
