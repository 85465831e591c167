package tensor

import (
	"fmt"
	"math"
	"testing"

	"github.com/stretchr/testify/require"

	"randalign/asm"
	"randalign/asm/asmtest"
)

var rowsShapes = []struct {
	name  string
	n     int
	shape ConvShape
}{
	{"5x5, whole tiles", 3, ConvShape{C: 3, H: 12, W: 12, K: 35, R: 5, S: 5, Stride: 1}},
	{"5x5, tiles beyond the edge", 2, ConvShape{C: 2, H: 9, W: 19, K: 33, R: 5, S: 5, Stride: 1}},
	{"5x5, padded", 2, ConvShape{C: 4, H: 7, W: 8, K: 64, R: 5, S: 5, Stride: 1, Pad: 2}},
	{"5x5, as simple-cnn's", 2, ConvShape{C: 3, H: 32, W: 32, K: 48, R: 5, S: 5, Stride: 1}},
	{"a row of five", 2, ConvShape{C: 7, H: 3, W: 40, K: 32, R: 1, S: 5, Stride: 1, Pad: 1}},
	{"3x3, whole tiles", 3, ConvShape{C: 3, H: 10, W: 10, K: 37, R: 3, S: 3, Stride: 1}},
	{"3x3, tiles beyond the edge", 2, ConvShape{C: 1, H: 6, W: 35, K: 32, R: 3, S: 3, Stride: 1}},
	{"3x3, padded", 2, ConvShape{C: 3, H: 8, W: 16, K: 70, R: 3, S: 3, Stride: 1, Pad: 1}},
	{"3x3, padded by three", 2, ConvShape{C: 3, H: 5, W: 10, K: 40, R: 3, S: 3, Stride: 1, Pad: 3}},
	{"more images than chunks", 70, ConvShape{C: 1, H: 4, W: 8, K: 33, R: 3, S: 3, Stride: 1}},
	{"more tiles than at a time", 1, ConvShape{C: 1, H: 70, W: 60, K: 32, R: 3, S: 3, Stride: 1, Pad: 1}},
}

// rowsTiled are the transforms as functions of a tile: of the smaller operand (filters,
// or the outputs' gradient), of the inputs, and of the sums.
type rowsTiled[T Float] struct {
	taps, tile, places int // of the convolution
	small, input, sums func(x []T) []T
}

func byStrips[T Float](f transform[T], out int) func(x []T) []T {
	return func(x []T) []T {
		y := make([]T, out)
		f(y, x, asm.Strips{DstRow: 1, SrcRow: 1, N: 1, Count: 1})
		return y
	}
}

func rowsConvOf[T Float](width int) rowsTiled[T] {
	f, input := rowsForward[T](width), transform[T](asm.RowsInput5[T])
	outputs := func(m []T) []T {
		sp, dp, so, do, sq, dq := m[1]+m[2], m[1]-m[2], m[3]+m[4], m[3]-m[4], m[5]+m[6], m[5]-m[6]
		return []T{m[0] + sp + so + sq, mulAdd(2, dq, T(dp/2)+do), mulAdd(4, sq, T(sp/4)+so), mulAdd(8, dq, mulAdd(0.125, dp, m[7])+do)}
	}
	if width == 3 {
		input = asm.RowsInput3[T]
		outputs = func(m []T) []T { return []T{m[0] + (m[1] + m[2]), m[1] - m[2] + m[3]} }
	}
	return rowsTiled[T]{f.taps, f.tile, f.places, func(w []T) []T {
		u := make([]T, f.places)
		f.filter(u, 1, w)
		return u
	}, byStrips(input, f.places), outputs}
}

func rowsGradOf[T Float](width int) rowsTiled[T] {
	f, input, outputs := rowsGrad[T](width), transform[T](asm.RowsInput5[T]), transform[T](asm.RowsOutputGrad5[T])
	if width == 3 {
		input, outputs = asm.WinogradInput[T], asm.WinogradOutputGrad[T]
	}
	return rowsTiled[T]{f.taps, f.tile, f.places, byStrips(outputs, f.places), byStrips(input, f.places), func(m []T) []T {
		dw := make([]T, f.taps)
		f.filterGrad(dw, m, 1)
		return dw
	}}
}

// stretch returns n elements of row y from column x on, zeros outside.
func stretch[T Float](plane []T, h, w, y, x, n int) []T {
	t := make([]T, n)
	for i := range t {
		if y >= 0 && y < h && x+i >= 0 && x+i < w {
			t[i] = plane[y*w+x+i]
		}
	}
	return t
}

// inputs are those of a tile at all steps, transformed.
func (f rowsTiled[T]) inputs(s ConvShape, image []T, y, x int) (v [][]T) {
	for c := range s.C {
		for r := range s.R {
			v = append(v, f.input(stretch(image[c*s.H*s.W:], s.H, s.W, y+r-s.Pad, x-s.Pad, f.places)))
		}
	}
	return v
}

// conv is the convolution tile by tile.
func (f rowsTiled[T]) conv(s ConvShape, n int, x, w []T) []T {
	ho, wo := s.Out()
	y := make([]T, n*s.K*ho*wo)
	u := make([][]T, s.K*s.C*s.R)
	for i := range u {
		u[i] = f.small(w[i*s.S:][:s.S])
	}
	for i := range n {
		for py := range ho {
			for px := 0; px < wo; px += f.tile {
				v := f.inputs(s, x[i*s.C*s.H*s.W:], py, px)
				for k := range s.K {
					m := make([]T, f.places)
					for t := range v {
						for p := range m {
							m[p] = mulAdd(u[k*len(v)+t][p], v[t][p], m[p])
						}
					}
					copy(y[((i*s.K+k)*ho+py)*wo+px:][:min(f.tile, wo-px)], f.sums(m))
				}
			}
		}
	}
	return y
}

// grad is the gradient of the filters tile by tile.
func (f rowsTiled[T]) grad(s ConvShape, n int, x, dy []T) []T {
	ho, wo := s.Out()
	steps := s.C * s.R
	images := chunkImages(n, s.K*steps*f.places)
	var parts [][]T
	for i0 := 0; i0 < n; i0 += images {
		m := make([]T, s.K*steps*f.places)
		for i := i0; i < min(n, i0+images); i++ {
			for py := range ho {
				for px := 0; px < wo; px += f.tile {
					v := f.inputs(s, x[i*s.C*s.H*s.W:], py, px)
					for k := range s.K {
						d := f.small(stretch(dy[(i*s.K+k)*ho*wo:], ho, wo, py, px, f.tile))
						for t := range v {
							for p := range d {
								sum := &m[(k*steps+t)*f.places+p]
								*sum = mulAdd(v[t][p], d[p], *sum)
							}
						}
					}
				}
			}
		}
		parts = append(parts, m)
	}
	for len(parts) > 1 { // neighbours first
		var next [][]T
		for a := 0; a < len(parts); a += 2 {
			if a+1 < len(parts) {
				for i, v := range parts[a+1] {
					parts[a][i] += v
				}
			}
			next = append(next, parts[a])
		}
		parts = next
	}
	var dw []T
	for i := 0; i < len(parts[0]); i += f.places {
		dw = append(dw, f.sums(parts[0][i:][:f.places])...)
	}
	return dw
}

func TestWinogradRowsEqualsItsTiles(t *testing.T) {
	for _, tc := range rowsShapes {
		s := tc.shape
		require.True(t, s.WinogradRows(), tc.name)
		ho, wo := s.Out()
		rng := NewStream(1, tc.name)
		x, w := randomSlice[float32](rng, tc.n*s.C*s.H*s.W), randomSlice[float32](rng, s.K*s.Patch())
		dy := randomSlice[float32](rng, tc.n*s.K*ho*wo)
		bias := randomSlice[float32](rng, s.K)
		conv, grad := rowsConvOf[float32](s.S), rowsGradOf[float32](s.S)
		wantY, wantW := conv.conv(s, tc.n, x, w), grad.grad(s, tc.n, x, dy)
		relu := append([]float32(nil), wantY...)
		for i := range relu {
			relu[i] = max(0, relu[i]+bias[i/(ho*wo)%s.K])
		}
		masked := append([]float32(nil), dy...)
		ReLUGrad(masked, masked, relu)
		wantMasked := grad.grad(s, tc.n, x, masked)
		asmtest.ForEachPath(t, func(t *testing.T) {
			for _, threads := range []int{1, 2, 3} {
				t.Run(fmt.Sprintf("%s/%d threads", tc.name, threads), func(t *testing.T) {
					p := NewPool(threads)
					defer p.Close()
					c := NewConv[float32](s)
					y, dw, db := make([]float32, len(dy)), make([]float32, len(w)), make([]float32, s.K)
					c.Forward(p, tc.n, x, w, nil, y, false)
					asmtest.SameBits(t, wantY, y, "forward")
					c.Forward(p, tc.n, x, w, bias, y, true)
					asmtest.SameBits(t, relu, y, "forward with bias and relu")
					c.WeightGrad(p, tc.n, x, dy, dw, nil, nil)
					asmtest.SameBits(t, wantW, dw, "weight gradient")
					behind := append([]float32(nil), dy...)
					c.WeightGrad(p, tc.n, x, behind, dw, db, relu)
					asmtest.SameBits(t, masked, behind, "gradient behind a relu")
					asmtest.SameBits(t, wantMasked, dw, "weight gradient behind a relu")
					direct, dx, want := make([]float32, s.K), make([]float32, len(x)), make([]float32, len(x))
					d := NewDirectConv[float32](s)
					d.WeightGrad(p, tc.n, x, masked, dw, direct, nil)
					asmtest.SameBits(t, direct, db, "bias gradient")
					c.InputGrad(p, tc.n, w, dy, dx)
					if s.col2im() {
						want = refCol2im(s, tc.n, w, dy)
					} else {
						d.InputGrad(p, tc.n, w, dy, want)
					}
					asmtest.SameBits(t, want, dx, "input gradient")
				})
			}
		})
	}
}

// Outputs that are more than the caches hold, and may be stored past them, are those of each
// image alone.
func TestWinogradRowsPastTheCaches(t *testing.T) {
	s := ConvShape{C: 1, H: 64, W: 64, K: 42, R: 1, S: 5, Stride: 1, Pad: 2}
	s.H -= 2 * s.Pad // 64 x 64 outputs
	area := 64 * 64
	n := pastBytes/4/(s.K*area) + 1
	rng := NewStream(3, "past")
	x, w, bias := randomSlice[float32](rng, n*s.H*s.W), randomSlice[float32](rng, s.K*s.Patch()), randomSlice[float32](rng, s.K)
	asmtest.ForEachPath(t, func(t *testing.T) {
		if asm.Active().Name == "generic" {
			t.Skip("slow")
		}
		p := NewPool(2)
		defer p.Close()
		c := NewConv[float32](s)
		require.Equal(t, area, c.Positions())
		want, y := make([]float32, n*s.K*area), Make[float32](n*s.K*area)
		for i := range n {
			c.Forward(p, 1, x[i*s.H*s.W:], w, bias, want[i*s.K*area:][:s.K*area], true)
		}
		c.Forward(p, n, x, w, bias, y, true)
		asmtest.SameBits(t, want, y, "forward")
	})
}

// The algorithm in float64 is the direct convolution.
func TestWinogradRowsIsTheConvolution(t *testing.T) {
	p := NewPool(2)
	defer p.Close()
	for _, tc := range rowsShapes {
		t.Run(tc.name, func(t *testing.T) {
			s, rng := tc.shape, NewStream(2, tc.name)
			c, d := NewConv[float64](s), NewDirectConv[float64](s)
			x, w := randomSlice[float64](rng, tc.n*s.C*s.H*s.W), randomSlice[float64](rng, s.K*s.Patch())
			dy, bias := randomSlice[float64](rng, tc.n*s.K*c.Positions()), randomSlice[float64](rng, s.K)
			got, want := make([]float64, len(dy)), make([]float64, len(dy))
			c.Forward(p, tc.n, x, w, bias, got, true)
			d.Forward(p, tc.n, x, w, bias, want, true)
			require.InDeltaSlice(t, want, got, 1e-13*float64(s.Patch()))
			got, want = make([]float64, len(w)), make([]float64, len(w))
			c.WeightGrad(p, tc.n, x, dy, got, nil, nil)
			d.WeightGrad(p, tc.n, x, dy, want, nil, nil)
			require.InDeltaSlice(t, want, got, 1e-12*float64(len(dy)/s.K))
		})
	}
}

// absoluteOf returns the transform of n elements by the absolute values of f's matrix.
func absoluteOf(f func(x []float64) []float64, n int) func(x []float64) []float64 {
	var columns [][]float64
	for i := range n {
		unit := make([]float64, n)
		unit[i] = 1
		columns = append(columns, f(unit))
	}
	return func(x []float64) []float64 {
		y := make([]float64, len(columns[0]))
		for i, c := range columns {
			for j, v := range c {
				y[j] += math.Abs(v) * x[i]
			}
		}
		return y
	}
}

func (f rowsTiled[T]) absolute(grad bool) rowsTiled[float64] {
	g := rowsConvOf[float64](f.taps)
	small, sums := g.taps, g.places
	if grad {
		g = rowsGradOf[float64](f.taps)
		small, sums = g.tile, g.places
	}
	return rowsTiled[float64]{g.taps, g.tile, g.places, absoluteOf(g.small, small), absoluteOf(g.input, g.places), absoluteOf(g.sums, sums)}
}

// The stated bound, and how the errors compare with the direct algorithm's, on
// images of deviation 1 and filters of He's deviation.
func TestWinogradRowsErrorIsBounded(t *testing.T) {
	p := NewPool(2)
	defer p.Close()
	for _, width := range []int{3, 5} {
		s, n := ConvShape{C: 3, H: 32, W: 32, K: 32, R: width, S: width, Stride: 1}, 4
		rng := NewStream(5, "rows")
		x, w := randomSlice[float32](rng, n*s.C*s.H*s.W), randomSlice[float32](rng, s.K*s.Patch())
		for i := range w {
			w[i] *= float32(math.Sqrt(2 / float64(s.Patch())))
		}
		c, d, e := NewConv[float32](s), NewDirectConv[float32](s), NewDirectConv[float64](s)
		dy := randomSlice[float32](rng, n*s.K*c.Positions())
		worse := map[int][2]float64{3: {1.5, 2}, 5: {4, 3}}[width]
		got, direct, exact := make([]float32, len(dy)), make([]float32, len(dy)), make([]float64, len(dy))
		c.Forward(p, n, x, w, nil, got, false)
		d.Forward(p, n, x, w, nil, direct, false)
		e.Forward(p, n, widened(x, false), widened(w, false), nil, exact, false)
		requireBounded(t, fmt.Sprintf("%dx%d forward", width, width), exact, rowsConvOf[float32](width).absolute(false).conv(s, n, widened(x, true), widened(w, true)), got, direct, s.C*s.R+12, worse[0])

		got, direct, exact = make([]float32, len(w)), make([]float32, len(w)), make([]float64, len(w))
		c.WeightGrad(p, n, x, dy, got, nil, nil)
		d.WeightGrad(p, n, x, dy, direct, nil, nil)
		e.WeightGrad(p, n, widened(x, false), widened(dy, false), exact, nil, nil)
		seen := newRowsInput(s, rowsGrad[float32](width))
		requireBounded(t, fmt.Sprintf("%dx%d weights", width, width), exact, rowsGradOf[float32](width).absolute(true).grad(s, n, widened(x, true), widened(dy, true)), got, direct, n*seen.tiles()+12, worse[1])
	}
}

// The rule of the shapes, and what is counted: of the house's first layers, and of
// layers that other algorithms are better for.
func TestWinogradRowsShapes(t *testing.T) {
	for _, tc := range []struct {
		name             string
		shape            ConvShape
		forward, weights float64 // products for a direct one; 0 where the rule says no
	}{
		{"simple-cnn", ConvShape{C: 3, H: 32, W: 32, K: 256, R: 3, S: 3, Stride: 1}, 2. / 3, 1.6 / 3},
		{"simple-cnn 5x5", ConvShape{C: 3, H: 32, W: 32, K: 256, R: 5, S: 5, Stride: 1}, 0.4, 0.4},
		{"vgg16 and resnet18", ConvShape{C: 3, H: 32, W: 32, K: 64, R: 3, S: 3, Stride: 1, Pad: 1}, 2. / 3, 0.5},
		{"stride", ConvShape{C: 3, H: 32, W: 32, K: 64, R: 3, S: 3, Stride: 2, Pad: 1}, 0, 0},
		{"few filters", ConvShape{C: 3, H: 32, W: 32, K: 31, R: 3, S: 3, Stride: 1}, 0, 0},
		{"many channels", ConvShape{C: 7, H: 32, W: 32, K: 64, R: 3, S: 3, Stride: 1}, 0, 0},
		{"half a tile", ConvShape{C: 3, H: 5, W: 5, K: 64, R: 5, S: 5, Stride: 1}, 0, 0},
		{"no outputs", ConvShape{C: 3, H: 4, W: 4, K: 64, R: 5, S: 5, Stride: 1}, 0, 0},
	} {
		require.Equal(t, tc.forward > 0, tc.shape.WinogradRows(), tc.name)
		if tc.forward > 0 {
			ho, wo := tc.shape.Out()
			direct := float64(ho*wo*tc.shape.K) * float64(tc.shape.Patch())
			require.False(t, tc.shape.Direct())
			require.InEpsilon(t, tc.forward, tc.shape.Products()/direct, 1e-12, tc.name)
			require.InEpsilon(t, tc.weights, tc.shape.WeightProducts()/direct, 1e-12, tc.name)
		}
	}
}

// FuzzWinogradRows draws shapes and holds every path and number of threads against
// the tiles.
func FuzzWinogradRows(f *testing.F) {
	f.Add(uint8(2), uint8(3), uint8(9), uint8(8), uint8(7), uint8(5), uint8(1), uint8(0))
	f.Add(uint8(70), uint8(1), uint8(4), uint8(30), uint8(0), uint8(3), uint8(2), uint8(1))
	f.Fuzz(func(t *testing.T, n, c, h, w, k, r, pad, wide uint8) {
		s := ConvShape{C: 1 + int(c%4), H: 1 + int(h%14), W: 1 + int(w%40), K: 32 + int(k%40), R: 1 + int(r%5), S: 3 + 2*int(wide%2), Stride: 1, Pad: int(pad % 4)}
		if !s.WinogradRows() {
			return
		}
		images := 1 + int(n%5)
		ho, wo := s.Out()
		rng := NewStream(uint64(s.H), "fuzz")
		x, weights := randomSlice[float32](rng, images*s.C*s.H*s.W), randomSlice[float32](rng, s.K*s.Patch())
		dy := randomSlice[float32](rng, images*s.K*ho*wo)
		wantY, wantW := rowsConvOf[float32](s.S).conv(s, images, x, weights), rowsGradOf[float32](s.S).grad(s, images, x, dy)
		asmtest.ForEachPath(t, func(t *testing.T) {
			p := NewPool(1 + int(n%4))
			defer p.Close()
			c := NewConv[float32](s)
			y, dw := make([]float32, len(dy)), make([]float32, len(weights))
			c.Forward(p, images, x, weights, nil, y, false)
			asmtest.SameBits(t, wantY, y, "forward %+v", s)
			c.WeightGrad(p, images, x, dy, dw, nil, nil)
			asmtest.SameBits(t, wantW, dw, "weight gradient %+v", s)
		})
	})
}
