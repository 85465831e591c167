package tensor

import (
	"fmt"
	"math"
	"testing"

	"github.com/stretchr/testify/require"

	"randalign/asm"
	"randalign/asm/asmtest"
)

var winogradShapes = []struct {
	name  string
	n     int
	shape ConvShape
}{
	{"whole tiles", 3, ConvShape{C: 32, H: 8, W: 8, K: 48, R: 3, S: 3, Stride: 1, Pad: 1}},
	{"one tile", 5, ConvShape{C: 40, H: 4, W: 4, K: 33, R: 3, S: 3, Stride: 1, Pad: 1}},
	{"tiles beyond the edge, no padding", 2, ConvShape{C: 33, H: 9, W: 12, K: 32, R: 3, S: 3, Stride: 1}},
	{"padded by two", 2, ConvShape{C: 32, H: 5, W: 6, K: 35, R: 3, S: 3, Stride: 1, Pad: 2}},
	{"more channels than a block of K", 1, ConvShape{C: 390, H: 4, W: 3, K: 32, R: 3, S: 3, Stride: 1, Pad: 1}},
	{"several cuts of the filters", 2, ConvShape{C: 230, H: 4, W: 4, K: 259, R: 3, S: 3, Stride: 1, Pad: 1}},
	{"several cuts of the channels", 2, ConvShape{C: 259, H: 4, W: 4, K: 230, R: 3, S: 3, Stride: 1, Pad: 1}},
	{"several groups of images", 140, ConvShape{C: 32, H: 3, W: 4, K: 32, R: 3, S: 3, Stride: 1, Pad: 1}},
}

type transform[T Float] func(dst, src []T, s asm.Strips)

// transforms are the three of a convolution: of the smaller operand (filters, or
// the outputs' gradient), of the inputs, and of the sums. In a row, a tile of outputs has
// span inputs, the next one's step further, and so many places.
type transforms[T Float] struct {
	small, input, sums       transform[T]
	span, step, places, tile int
}

func winogradOf[T Float]() transforms[T] {
	return transforms[T]{asm.WinogradFilter[T], asm.WinogradInput[T], asm.WinogradOutput[T], 6, 4, 6, 4}
}

func winogradGradOf[T Float]() transforms[T] {
	return transforms[T]{small: asm.WinogradOutputGrad[T], input: asm.WinogradInput[T], sums: asm.WinogradFilterGrad[T]}
}

// both applies a transform from rows n to m along the columns of a tile [n, n] and
// then along its rows.
func both[T Float](f transform[T], tile []T, n, m int) []T {
	half, out := make([]T, m*n), make([]T, m*m)
	for c := range n {
		f(half[c:], tile[c:], asm.Strips{DstRow: n, SrcRow: n, N: 1, Count: 1})
	}
	for r := range m {
		f(out[r*m:], half[r*n:], asm.Strips{DstRow: 1, SrcRow: 1, N: 1, Count: 1})
	}
	return out
}

// tileOf returns rows y.. and columns x.. of a plane, n by n, zeros outside.
func tileOf[T Float](plane []T, h, w, y, x, n int) []T {
	t := make([]T, n*n)
	for r := range n {
		for c := range n {
			if y+r >= 0 && y+r < h && x+c >= 0 && x+c < w {
				t[r*n+c] = plane[(y+r)*w+x+c]
			}
		}
	}
	return t
}

// conv is Winograd's convolution tile by tile, of outputs [n, K, ho, wo].
func (f transforms[T]) conv(s ConvShape, ho, wo, n int, x, w []T) []T {
	y := make([]T, n*s.K*ho*wo)
	u := make([][]T, s.K*s.C)
	for i := range u {
		u[i] = both(f.small, w[i*9:], 3, 6)
	}
	for i := range n {
		for ty := range ceilDiv(ho, f.tile) {
			for tx := range ceilDiv(wo, f.tile) {
				v := make([][]T, s.C)
				for c := range v {
					v[c] = both(f.input, tileOf(x[(i*s.C+c)*s.H*s.W:], s.H, s.W, ty*f.step-s.Pad, tx*f.step-s.Pad, f.span), f.span, f.places)
				}
				y0, x0 := ty*f.tile, tx*f.tile
				for k := range s.K {
					m := make([]T, f.places*f.places)
					for c := range s.C {
						for p := range m { // rows and columns behind the sixth share its filters
							at := min(p/f.places, 5)*6 + min(p%f.places, 5)
							m[p] = mulAdd(v[c][p], u[k*s.C+c][at], m[p])
						}
					}
					out := both(f.sums, m, f.places, f.tile)
					for r := range min(f.tile, ho-y0) {
						copy(y[((i*s.K+k)*ho+y0+r)*wo+x0:][:min(f.tile, wo-x0)], out[r*f.tile:])
					}
				}
			}
		}
	}
	return y
}

// grad is the gradient of the filters tile by tile.
func (f transforms[T]) grad(s ConvShape, n int, x, dy []T) []T {
	ho, wo := s.Out()
	m := make([][36]T, s.K*s.C)
	for i := range n {
		for ty := 0; ty < ho; ty += 4 {
			for tx := 0; tx < wo; tx += 4 {
				u := make([][]T, s.K)
				for k := range u {
					u[k] = both(f.small, tileOf(dy[(i*s.K+k)*ho*wo:], ho, wo, ty, tx, 4), 4, 6)
				}
				for c := range s.C {
					v := both(f.input, tileOf(x[(i*s.C+c)*s.H*s.W:], s.H, s.W, ty-s.Pad, tx-s.Pad, 6), 6, 6)
					for k := range s.K {
						sum := &m[k*s.C+c]
						for p := range sum {
							sum[p] = mulAdd(v[p], u[k][p], sum[p])
						}
					}
				}
			}
		}
	}
	var dw []T
	for i := range m {
		dw = append(dw, both(f.sums, m[i][:], 6, 3)...)
	}
	return dw
}

// turned returns the filters as the inputs' gradient sees them.
func turned[T Float](s ConvShape, w []T) (ConvShape, []T) {
	ho, wo := s.Out()
	back := make([]T, len(w))
	for k := range s.K {
		for c := range s.C {
			for t := range 9 {
				back[(c*s.K+k)*9+8-t] = w[(k*s.C+c)*9+t]
			}
		}
	}
	return ConvShape{C: s.K, H: ho, W: wo, K: s.C, R: 3, S: 3, Stride: 1, Pad: 2 - s.Pad}, back
}

func TestWinogradEqualsItsTiles(t *testing.T) {
	conv, grad := winogradOf[float32](), winogradGradOf[float32]()
	for _, tc := range winogradShapes {
		s := tc.shape
		require.True(t, s.Winograd(), tc.name)
		ho, wo := s.Out()
		rng := NewStream(1, tc.name)
		x, w := randomSlice[float32](rng, tc.n*s.C*s.H*s.W), randomSlice[float32](rng, s.K*s.Patch())
		dy := randomSlice[float32](rng, tc.n*s.K*ho*wo)
		bias := randomSlice[float32](rng, s.K)
		wantY, wantW := conv.conv(s, ho, wo, tc.n, x, w), grad.grad(s, tc.n, x, dy)
		back, wb := turned(s, w)
		wantX := conv.conv(back, s.H, s.W, tc.n, dy, wb)
		relu := append([]float32(nil), wantY...)
		for i := range relu {
			relu[i] = max(0, relu[i]+bias[i/(ho*wo)%s.K])
		}
		masked := append([]float32(nil), dy...)
		ReLUGrad(masked, masked, relu)
		wantMasked := grad.grad(s, tc.n, x, masked)
		asmtest.ForEachPath(t, func(t *testing.T) {
			for _, threads := range []int{1, 3} {
				t.Run(fmt.Sprintf("%s/%d threads", tc.name, threads), func(t *testing.T) {
					p := NewPool(threads)
					defer p.Close()
					c := NewConv[float32](s)
					y, dw, db, dx := make([]float32, len(dy)), make([]float32, len(w)), make([]float32, s.K), make([]float32, len(x))
					c.Forward(p, tc.n, x, w, nil, y, false)
					asmtest.SameBits(t, wantY, y, "forward")
					c.Forward(p, tc.n, x, w, bias, y, true)
					asmtest.SameBits(t, relu, y, "forward with bias and relu")
					c.InputGrad(p, tc.n, w, dy, dx)
					asmtest.SameBits(t, wantX, dx, "input gradient")
					c.WeightGrad(p, tc.n, x, dy, dw, nil, nil)
					asmtest.SameBits(t, wantW, dw, "weight gradient")
					behind := append([]float32(nil), dy...)
					c.WeightGrad(p, tc.n, x, behind, dw, db, relu)
					asmtest.SameBits(t, masked, behind, "gradient behind a relu")
					asmtest.SameBits(t, wantMasked, dw, "weight gradient behind a relu")
					direct := make([]float32, s.K)
					NewDirectConv[float32](s).WeightGrad(p, tc.n, x, masked, dw, direct, nil)
					asmtest.SameBits(t, direct, db, "bias gradient")
				})
			}
		})
	}
}

// The algorithm in float64 is the direct convolution.
func TestWinogradIsTheConvolution(t *testing.T) {
	p := NewPool(2)
	defer p.Close()
	for _, tc := range winogradShapes {
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
			got, want = make([]float64, len(w)), make([]float64, len(w))
			c.WeightGrad(p, tc.n, x, dy, got, nil, nil)
			d.WeightGrad(p, tc.n, x, dy, want, nil, nil)
			require.InDeltaSlice(t, want, got, 1e-12*float64(len(dy)/s.K))
		})
	}
}

// absolute returns the transform by the absolute values of a transform's matrix.
func absolute(f transform[float64], n, m int) transform[float64] {
	matrix := make([]float64, m*n)
	for i := range n {
		unit := make([]float64, n)
		unit[i] = 1
		f(matrix[i:], unit, asm.Strips{DstRow: n, SrcRow: 1, N: 1, Count: 1})
	}
	return func(dst, src []float64, s asm.Strips) {
		for r := range m {
			var sum float64
			for i := range n {
				sum += math.Abs(matrix[r*n+i]) * src[i*s.SrcRow]
			}
			dst[r*s.DstRow] = sum
		}
	}
}

func widened(x []float32, abs bool) []float64 {
	y := make([]float64, len(x))
	for i, v := range x {
		y[i] = float64(v)
		if abs {
			y[i] = math.Abs(y[i])
		}
	}
	return y
}

func rms(x []float64) float64 {
	var sum float64
	for _, v := range x {
		sum += v * v
	}
	return math.Sqrt(sum / float64(len(x)))
}

// requireBounded holds the errors of got against slack roundings of the bound, element by
// element, and their rms value against so many times that of the direct algorithm.
func requireBounded(t *testing.T, name string, exact, bound []float64, got, direct []float32, slack int, worse float64) {
	t.Helper()
	var e, d []float64
	for i, v := range exact {
		e, d = append(e, float64(got[i])-v), append(d, float64(direct[i])-v)
		require.LessOrEqual(t, math.Abs(e[i]), float64(slack)*0x1p-24*bound[i], "%s %d", name, i)
	}
	t.Logf("%s: rms error over rms value %.2g, direct %.2g", name, rms(e)/rms(exact), rms(d)/rms(exact))
	require.Less(t, rms(e), worse*rms(d), name)
}

// The stated bound, and how the errors compare with the direct algorithm's, on
// activations behind a ReLU and filters of He's deviation.
func TestWinogradErrorIsBounded(t *testing.T) {
	p := NewPool(2)
	defer p.Close()
	input := absolute(asm.WinogradInput[float64], 6, 6)
	conv := transforms[float64]{absolute(asm.WinogradFilter[float64], 3, 6), input, absolute(asm.WinogradOutput[float64], 6, 4), 6, 4, 6, 4}
	grad := transforms[float64]{small: absolute(asm.WinogradOutputGrad[float64], 4, 6), input: input, sums: absolute(asm.WinogradFilterGrad[float64], 6, 3)}
	s, n := ConvShape{C: 64, H: 12, W: 12, K: 32, R: 3, S: 3, Stride: 1, Pad: 1}, 4
	rng := NewStream(5, "winograd")
	x, w := randomSlice[float32](rng, n*s.C*s.H*s.W), randomSlice[float32](rng, s.K*s.Patch())
	ReLU(x, x)
	for i := range w {
		w[i] *= float32(math.Sqrt(2 / float64(s.Patch())))
	}
	dy := randomSlice[float32](rng, n*s.K*s.H*s.W)
	c, d, e := NewConv[float32](s), NewDirectConv[float32](s), NewDirectConv[float64](s)
	got, direct, exact := make([]float32, len(dy)), make([]float32, len(dy)), make([]float64, len(dy))
	c.Forward(p, n, x, w, nil, got, false)
	d.Forward(p, n, x, w, nil, direct, false)
	e.Forward(p, n, widened(x, false), widened(w, false), nil, exact, false)
	requireBounded(t, "forward", exact, conv.conv(s, s.H, s.W, n, widened(x, true), widened(w, true)), got, direct, s.C+24, 4)

	back, wb := turned(s, w)
	got, direct, exact = make([]float32, len(x)), make([]float32, len(x)), make([]float64, len(x))
	c.InputGrad(p, n, w, dy, got)
	d.InputGrad(p, n, w, dy, direct)
	e.InputGrad(p, n, widened(w, false), widened(dy, false), exact)
	requireBounded(t, "inputs", exact, conv.conv(back, s.H, s.W, n, widened(dy, true), widened(wb, true)), got, direct, s.K+24, 4)

	got, direct, exact = make([]float32, len(w)), make([]float32, len(w)), make([]float64, len(w))
	c.WeightGrad(p, n, x, dy, got, nil, nil)
	d.WeightGrad(p, n, x, dy, direct, nil, nil)
	e.WeightGrad(p, n, widened(x, false), widened(dy, false), exact, nil, nil)
	requireBounded(t, "weights", exact, grad.grad(s, n, widened(x, true), widened(dy, true)), got, direct, n*9+24, 4)
}

// FuzzWinograd draws shapes and holds every path and number of threads against
// the tiles.
func FuzzWinograd(f *testing.F) {
	f.Add(uint8(2), uint8(3), uint8(9), uint8(8), uint8(7), uint8(1))
	f.Add(uint8(70), uint8(40), uint8(4), uint8(4), uint8(0), uint8(2))
	f.Fuzz(func(t *testing.T, n, c, h, w, k, pad uint8) {
		s := ConvShape{C: 32 + int(c%20), H: 1 + int(h%14), W: 1 + int(w%20), K: 32 + int(k%20), R: 3, S: 3, Stride: 1, Pad: int(pad % 3)}
		if ho, wo := s.Out(); ho < 1 || wo < 1 || !s.Winograd() {
			return
		}
		images := 1 + int(n%3)
		ho, wo := s.Out()
		rng := NewStream(uint64(s.H), "fuzz")
		x, weights := randomSlice[float32](rng, images*s.C*s.H*s.W), randomSlice[float32](rng, s.K*s.Patch())
		dy := randomSlice[float32](rng, images*s.K*ho*wo)
		conv, grad := winogradOf[float32](), winogradGradOf[float32]()
		back, wb := turned(s, weights)
		wantY, wantX, wantW := conv.conv(s, ho, wo, images, x, weights), conv.conv(back, s.H, s.W, images, dy, wb), grad.grad(s, images, x, dy)
		asmtest.ForEachPath(t, func(t *testing.T) {
			p := NewPool(1 + int(n%4))
			defer p.Close()
			c := NewConv[float32](s)
			y, dx, dw := make([]float32, len(dy)), make([]float32, len(x)), make([]float32, len(weights))
			c.Forward(p, images, x, weights, nil, y, false)
			asmtest.SameBits(t, wantY, y, "forward %+v", s)
			c.InputGrad(p, images, weights, dy, dx)
			asmtest.SameBits(t, wantX, dx, "input gradient %+v", s)
			c.WeightGrad(p, images, x, dy, dw, nil, nil)
			asmtest.SameBits(t, wantW, dw, "weight gradient %+v", s)
		})
	})
}
