package tensor

import (
	"fmt"
	"math"
	"testing"

	"github.com/stretchr/testify/require"

	"randalign/asm"
	"randalign/asm/asmtest"
)

var strideShapes = []struct {
	name  string
	n     int
	shape ConvShape
}{
	{"whole tiles", 3, ConvShape{C: 32, H: 16, W: 8, K: 48, R: 3, S: 3, Stride: 2, Pad: 1}},
	{"one tile", 5, ConvShape{C: 40, H: 8, W: 8, K: 33, R: 3, S: 3, Stride: 2, Pad: 1}},
	{"odd images", 2, ConvShape{C: 33, H: 7, W: 15, K: 32, R: 3, S: 3, Stride: 2, Pad: 1}},
	{"tiles beyond the edge", 2, ConvShape{C: 32, H: 14, W: 23, K: 35, R: 3, S: 3, Stride: 2, Pad: 1}},
	{"more channels than a block of K", 1, ConvShape{C: 390, H: 8, W: 7, K: 32, R: 3, S: 3, Stride: 2, Pad: 1}},
	{"several cuts of the filters", 2, ConvShape{C: 230, H: 8, W: 8, K: 259, R: 3, S: 3, Stride: 2, Pad: 1}},
	{"several cuts of the channels", 2, ConvShape{C: 259, H: 8, W: 8, K: 230, R: 3, S: 3, Stride: 2, Pad: 1}},
	{"several groups of images", 140, ConvShape{C: 32, H: 8, W: 8, K: 32, R: 3, S: 3, Stride: 2, Pad: 1}},
}

func strideOf[T Float]() (forward, inputs transforms[T]) {
	return transforms[T]{asm.StrideFilter[T], asm.StrideInput[T], asm.StrideOutput[T], 9, 8, 9, 4},
		transforms[T]{asm.StrideFilter[T], asm.StrideOutputGrad[T], asm.StrideInputGrad[T], 5, 4, 9, 8}
}

// strideTurned is turned; no padding stands before the first element of dy.
func strideTurned[T Float](s ConvShape, w []T) (ConvShape, []T) {
	back, wb := turned(s, w)
	back.Pad = 0
	return back, wb
}

func TestWinogradStride2EqualsItsTiles(t *testing.T) {
	forward, inputs := strideOf[float32]()
	for _, tc := range strideShapes {
		s := tc.shape
		require.True(t, s.WinogradStride2(), tc.name)
		ho, wo := s.Out()
		rng := NewStream(1, tc.name)
		x, w := randomSlice[float32](rng, tc.n*s.C*s.H*s.W), randomSlice[float32](rng, s.K*s.Patch())
		dy := randomSlice[float32](rng, tc.n*s.K*ho*wo)
		bias := randomSlice[float32](rng, s.K)
		back, wb := strideTurned(s, w)
		wantY, wantX := forward.conv(s, ho, wo, tc.n, x, w), inputs.conv(back, s.H, s.W, tc.n, dy, wb)
		relu := append([]float32(nil), wantY...)
		for i := range relu {
			relu[i] = max(0, relu[i]+bias[i/(ho*wo)%s.K])
		}
		asmtest.ForEachPath(t, func(t *testing.T) {
			for _, threads := range []int{1, 3} {
				t.Run(fmt.Sprintf("%s/%d threads", tc.name, threads), func(t *testing.T) {
					p := NewPool(threads)
					defer p.Close()
					c := NewConv[float32](s)
					y, dx := make([]float32, len(dy)), make([]float32, len(x))
					c.Forward(p, tc.n, x, w, nil, y, false)
					asmtest.SameBits(t, wantY, y, "forward")
					c.Forward(p, tc.n, x, w, bias, y, true)
					asmtest.SameBits(t, relu, y, "forward with bias and relu")
					c.InputGrad(p, tc.n, w, dy, dx)
					asmtest.SameBits(t, wantX, dx, "input gradient")
					dw, db, direct, directBias := make([]float32, len(w)), make([]float32, s.K), make([]float32, len(w)), make([]float32, s.K)
					c.WeightGrad(p, tc.n, x, dy, dw, db, nil)
					NewDirectConv[float32](s).WeightGrad(p, tc.n, x, dy, direct, directBias, nil)
					asmtest.SameBits(t, direct, dw, "weight gradient, the direct one")
					asmtest.SameBits(t, directBias, db, "bias gradient")
				})
			}
		})
	}
}

func TestWinogradStride2AllocatesNothing(t *testing.T) {
	p := NewPool(2)
	defer p.Close()
	for _, tc := range strideShapes {
		s, c := tc.shape, NewConv[float32](tc.shape)
		x, w, y := make([]float32, tc.n*s.C*s.H*s.W), make([]float32, s.K*s.Patch()), make([]float32, tc.n*s.K*c.Positions())
		require.Zero(t, testing.AllocsPerRun(3, func() {
			c.Forward(p, tc.n, x, w, nil, y, true)
			c.WeightGrad(p, tc.n, x, y, w, nil, y)
			c.InputGrad(p, tc.n, w, y, x)
		}), tc.name)
	}
}

// The algorithm in float64 is the direct convolution.
func TestWinogradStride2IsTheConvolution(t *testing.T) {
	p := NewPool(2)
	defer p.Close()
	for _, tc := range strideShapes {
		t.Run(tc.name, func(t *testing.T) {
			s, rng := tc.shape, NewStream(2, tc.name)
			c, d := NewConv[float64](s), NewDirectConv[float64](s)
			x, w := randomSlice[float64](rng, tc.n*s.C*s.H*s.W), randomSlice[float64](rng, s.K*s.Patch())
			dy := randomSlice[float64](rng, tc.n*s.K*c.Positions())
			got, want := make([]float64, len(dy)), make([]float64, len(dy))
			c.Forward(p, tc.n, x, w, nil, got, false)
			d.Forward(p, tc.n, x, w, nil, want, false)
			require.InDeltaSlice(t, want, got, 1e-12*float64(s.C))
			got, want = make([]float64, len(x)), make([]float64, len(x))
			c.InputGrad(p, tc.n, w, dy, got)
			d.InputGrad(p, tc.n, w, dy, want)
			require.InDeltaSlice(t, want, got, 1e-12*float64(s.K))
		})
	}
}

// The stated bound, and how the errors compare with the direct algorithm's, on
// activations behind a ReLU and filters of He's deviation.
func TestWinogradStride2ErrorIsBounded(t *testing.T) {
	p := NewPool(2)
	defer p.Close()
	filter := absolute(asm.StrideFilter[float64], 3, 6)
	forward := transforms[float64]{filter, absolute(asm.StrideInput[float64], 9, 9), absolute(asm.StrideOutput[float64], 9, 4), 9, 8, 9, 4}
	inputs := transforms[float64]{filter, absolute(asm.StrideOutputGrad[float64], 5, 9), absolute(asm.StrideInputGrad[float64], 9, 8), 5, 4, 9, 8}
	s, n := ConvShape{C: 64, H: 24, W: 24, K: 32, R: 3, S: 3, Stride: 2, Pad: 1}, 4
	rng := NewStream(5, "winograd")
	x, w := randomSlice[float32](rng, n*s.C*s.H*s.W), randomSlice[float32](rng, s.K*s.Patch())
	ReLU(x, x)
	for i := range w {
		w[i] *= float32(math.Sqrt(2 / float64(s.Patch())))
	}
	ho, wo := s.Out()
	dy := randomSlice[float32](rng, n*s.K*ho*wo)
	c, d, e := NewConv[float32](s), NewDirectConv[float32](s), NewDirectConv[float64](s)
	got, direct, exact := make([]float32, len(dy)), make([]float32, len(dy)), make([]float64, len(dy))
	c.Forward(p, n, x, w, nil, got, false)
	d.Forward(p, n, x, w, nil, direct, false)
	e.Forward(p, n, widened(x, false), widened(w, false), nil, exact, false)
	requireBounded(t, "forward", exact, forward.conv(s, ho, wo, n, widened(x, true), widened(w, true)), got, direct, s.C+16, 2)

	back, wb := strideTurned(s, w)
	got, direct, exact = make([]float32, len(x)), make([]float32, len(x)), make([]float64, len(x))
	c.InputGrad(p, n, w, dy, got)
	d.InputGrad(p, n, w, dy, direct)
	e.InputGrad(p, n, widened(w, false), widened(dy, false), exact)
	requireBounded(t, "inputs", exact, inputs.conv(back, s.H, s.W, n, widened(dy, true), widened(wb, true)), got, direct, s.K+16, 2)
}

// Which shapes go by the algorithm, and that the counts follow.
func TestWinogradStride2Shapes(t *testing.T) {
	for _, tc := range []struct {
		shape ConvShape
		yes   bool
	}{
		{ConvShape{C: 256, H: 8, W: 8, K: 512, R: 3, S: 3, Stride: 2, Pad: 1}, true},
		{ConvShape{C: 64, H: 32, W: 32, K: 128, R: 3, S: 3, Stride: 2, Pad: 1}, true},
		{ConvShape{C: 64, H: 14, W: 14, K: 128, R: 3, S: 3, Stride: 2, Pad: 1}, true},
		{ConvShape{C: 64, H: 10, W: 10, K: 128, R: 3, S: 3, Stride: 2, Pad: 1}, false}, // much beyond the edge
		{ConvShape{C: 64, H: 4, W: 4, K: 128, R: 3, S: 3, Stride: 2, Pad: 1}, false},
		{ConvShape{C: 31, H: 8, W: 8, K: 128, R: 3, S: 3, Stride: 2, Pad: 1}, false},
		{ConvShape{C: 64, H: 8, W: 8, K: 128, R: 3, S: 3, Stride: 2}, false},
		{ConvShape{C: 64, H: 8, W: 8, K: 128, R: 3, S: 3, Stride: 3, Pad: 1}, false},
		{ConvShape{C: 64, H: 8, W: 8, K: 128, R: 3, S: 3, Stride: 1, Pad: 1}, false},
		{ConvShape{C: 64, H: 8, W: 8, K: 128, R: 1, S: 1, Stride: 2}, false},
	} {
		s := tc.shape
		require.Equal(t, tc.yes, s.WinogradStride2(), "%+v", s)
		if tc.yes {
			ho, wo := s.Out()
			direct := float64(s.K * ho * wo * s.Patch())
			tiles := float64(ceilDiv(ho, 4) * ceilDiv(wo, 4))
			require.False(t, s.Direct())
			require.Equal(t, 81*tiles*float64(s.C*s.K), s.Products())
			require.Equal(t, direct, s.WeightProducts())
		}
	}
}

// FuzzWinogradStride2 draws shapes and holds every path and number of threads against
// the tiles.
func FuzzWinogradStride2(f *testing.F) {
	f.Add(uint8(2), uint8(3), uint8(15), uint8(7), uint8(7))
	f.Add(uint8(70), uint8(40), uint8(6), uint8(22), uint8(0))
	f.Fuzz(func(t *testing.T, n, c, h, w, k uint8) {
		s := ConvShape{C: 32 + int(c%20), H: 1 + int(h%24), W: 1 + int(w%24), K: 32 + int(k%20), R: 3, S: 3, Stride: 2, Pad: 1}
		if !s.WinogradStride2() {
			return
		}
		images := 1 + int(n%3)
		ho, wo := s.Out()
		rng := NewStream(uint64(s.H), "fuzz")
		x, weights := randomSlice[float32](rng, images*s.C*s.H*s.W), randomSlice[float32](rng, s.K*s.Patch())
		dy := randomSlice[float32](rng, images*s.K*ho*wo)
		forward, inputs := strideOf[float32]()
		back, wb := strideTurned(s, weights)
		wantY, wantX := forward.conv(s, ho, wo, images, x, weights), inputs.conv(back, s.H, s.W, images, dy, wb)
		asmtest.ForEachPath(t, func(t *testing.T) {
			p := NewPool(1 + int(n%4))
			defer p.Close()
			c := NewConv[float32](s)
			y, dx := make([]float32, len(dy)), make([]float32, len(x))
			c.Forward(p, images, x, weights, nil, y, false)
			asmtest.SameBits(t, wantY, y, "forward %+v", s)
			c.InputGrad(p, images, weights, dy, dx)
			asmtest.SameBits(t, wantX, dx, "input gradient %+v", s)
		})
	})
}
