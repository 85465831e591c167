package tensor

import (
	"fmt"
	"testing"

	"github.com/stretchr/testify/require"

	"randalign/asm"
	"randalign/asm/asmtest"
)

var tinyShapes = []struct {
	n     int
	shape ConvShape
}{
	{5, ConvShape{C: 3, H: 2, W: 2, K: 4, R: 3, S: 3, Stride: 1, Pad: 1}},
	{40, ConvShape{C: 37, H: 2, W: 2, K: 50, R: 3, S: 3, Stride: 1, Pad: 1}},
	{3, ConvShape{C: 7, H: 1, W: 1, K: 9, R: 3, S: 3, Stride: 1, Pad: 1}},
	{4, ConvShape{C: 5, H: 2, W: 2, K: 6, R: 3, S: 3, Stride: 2, Pad: 1}},
	{2, ConvShape{C: 2, H: 3, W: 2, K: 3, R: 5, S: 5, Stride: 1, Pad: 2}},
}

// refTiny are the chains that tinyConv states, by naive loops.
func refTiny(s ConvShape, n int, x, w, dy []float32) (y, dx, dw []float32) {
	ho, wo := s.Out()
	to, from, taps := ho*wo, s.H*s.W, s.R*s.S
	y, dx, dw = make([]float32, n*s.K*to), make([]float32, len(x)), make([]float32, len(w))
	tap := func(p, q int) int {
		return (q/s.W-p/wo*s.Stride+s.Pad)*s.S + q%s.W - p%wo*s.Stride + s.Pad
	}
	for i := range n {
		for p := range to {
			for q := range from {
				for k := range s.K {
					for c := range s.C {
						out, in := &y[(i*s.K+k)*to+p], x[(i*s.C+c)*from+q]
						*out = asm.FMA32(w[(k*s.C+c)*taps+tap(p, q)], in, *out)
					}
				}
			}
		}
		for q := range from {
			for p := range to {
				for k := range s.K {
					for c := range s.C {
						out := &dx[(i*s.C+c)*from+q]
						*out = asm.FMA32(w[(k*s.C+c)*taps+tap(p, q)], dy[(i*s.K+k)*to+p], *out)
					}
				}
			}
		}
	}
	for p := range to {
		for q := range from {
			for k := range s.K {
				for c := range s.C {
					for i := range n {
						out := &dw[(k*s.C+c)*taps+tap(p, q)]
						*out = asm.FMA32(x[(i*s.C+c)*from+q], dy[(i*s.K+k)*to+p], *out)
					}
				}
			}
		}
	}
	return y, dx, dw
}

func TestTinyConvEqualsNaiveLoops(t *testing.T) {
	for _, tc := range tinyShapes {
		s, n := tc.shape, tc.n
		require.NotNil(t, NewConv[float32](s).tiny)
		ho, wo := s.Out()
		rng := NewStream(1, fmt.Sprint(s))
		x, w := randomSlice[float32](rng, n*s.C*s.H*s.W), randomSlice[float32](rng, s.K*s.Patch())
		dy, bias := randomSlice[float32](rng, n*s.K*ho*wo), randomSlice[float32](rng, s.K)
		wantY, wantX, wantW := refTiny(s, n, x, w, dy)
		asmtest.ForEachPath(t, func(t *testing.T) {
			for _, threads := range []int{1, 3} {
				p := NewPool(threads)
				defer p.Close()
				c, d := NewConv[float32](s), NewDirectConv[float32](s)
				y, dx, dw := make([]float32, len(dy)), make([]float32, len(x)), make([]float32, len(w))
				c.Forward(p, n, x, w, nil, y, false)
				asmtest.SameBits(t, wantY, y, "%v forward", s)
				c.InputGrad(p, n, w, dy, dx)
				asmtest.SameBits(t, wantX, dx, "%v input gradient", s)
				c.WeightGrad(p, n, x, dy, dw, nil, nil)
				asmtest.SameBits(t, wantW, dw, "%v weight gradient", s)

				// With bias and ReLU as the direct algorithm, but for the chains' order.
				direct := make([]float32, len(y))
				c.Forward(p, n, x, w, bias, y, true)
				d.Forward(p, n, x, w, bias, direct, true)
				require.InDeltaSlice(t, direct, y, 1e-3)
				db, dbDirect, dwDirect := make([]float32, s.K), make([]float32, s.K), make([]float32, len(w))
				mine, other := append([]float32(nil), dy...), append([]float32(nil), dy...)
				c.WeightGrad(p, n, x, mine, dw, db, y)
				d.WeightGrad(p, n, x, other, dwDirect, dbDirect, y)
				asmtest.SameBits(t, other, mine, "%v behind a relu", s)
				asmtest.SameBits(t, dbDirect, db, "%v bias gradient", s)
				require.InDeltaSlice(t, dwDirect, dw, 1e-3)
				d.InputGrad(p, n, w, dy, dx)
				require.InDeltaSlice(t, wantX, dx, 1e-3)
			}
		})
	}
}

func TestTinyConvIsForTinyImages(t *testing.T) {
	for _, s := range []ConvShape{
		{C: 64, H: 4, W: 4, K: 64, R: 3, S: 3, Stride: 1, Pad: 1},
		{C: 64, H: 2, W: 2, K: 64, R: 2, S: 2, Stride: 1, Pad: 1}, // outputs that see a part
		{C: 64, H: 1, W: 1, K: 64, R: 1, S: 1, Stride: 1},
	} {
		require.False(t, s.tiny(), s)
	}
}
