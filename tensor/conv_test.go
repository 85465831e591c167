package tensor

import (
	"fmt"
	"testing"

	"github.com/stretchr/testify/require"

	"randalign/asm"
	"randalign/asm/asmtest"
)

// The naive loops: the judge of bits. pixel reads an image with its padding.
func (s ConvShape) pixel(x []float32, n, c, y, xx int) float32 {
	y, xx = y-s.Pad, xx-s.Pad
	if y < 0 || y >= s.H || xx < 0 || xx >= s.W {
		return 0
	}
	return x[((n*s.C+c)*s.H+y)*s.W+xx]
}

func refForward(s ConvShape, n int, x, w, bias []float32) []float32 {
	ho, wo := s.Out()
	var y []float32
	for i := range n {
		for k := range s.K {
			for p := range ho * wo {
				var sum float32
				for c := range s.C {
					for r := range s.R {
						for q := range s.S {
							sum = asm.FMA32(w[((k*s.C+c)*s.R+r)*s.S+q], s.pixel(x, i, c, p/wo*s.Stride+r, p%wo*s.Stride+q), sum)
						}
					}
				}
				y = append(y, sum+bias[k])
			}
		}
	}
	return y
}

func refWeightGrad(s ConvShape, n int, x, dy []float32) (dw []float32) {
	ho, wo := s.Out()
	images := chunkImages(n, s.K*s.Patch())
	for k := range s.K {
		for c := range s.C {
			for r := range s.R {
				for q := range s.S {
					var part []float32
					for i0 := 0; i0 < n; i0 += images {
						var sum float32
						for i := i0; i < min(n, i0+images); i++ {
							for p := range ho * wo {
								sum = asm.FMA32(dy[(i*s.K+k)*ho*wo+p], s.pixel(x, i, c, p/wo*s.Stride+r, p%wo*s.Stride+q), sum)
							}
						}
						part = append(part, sum)
					}
					for len(part) > 1 { // neighbours first
						var next []float32
						for a := 0; a < len(part); a += 2 {
							if a+1 < len(part) {
								next = append(next, part[a]+part[a+1])
							} else {
								next = append(next, part[a])
							}
						}
						part = next
					}
					dw = append(dw, part[0])
				}
			}
		}
	}
	return dw
}

// refInputGrad is the adjoint: a chain over the filters and, for each, over those
// of its elements, last first, that reach the input in steps of the stride.
func refInputGrad(s ConvShape, n int, w, dy []float32) []float32 {
	ho, wo := s.Out()
	var dx []float32
	for i := range n {
		for c := range s.C {
			for at := range s.H * s.W {
				y, x := at/s.W+s.Pad, at%s.W+s.Pad
				var sum float32
				for k := range s.K {
					for r := s.R - 1; r >= 0; r-- {
						for q := s.S - 1; q >= 0; q-- {
							if (y-r)%s.Stride != 0 || (x-q)%s.Stride != 0 {
								continue
							}
							var g float32
							if py, px := (y-r)/s.Stride, (x-q)/s.Stride; y >= r && x >= q && py < ho && px < wo {
								g = dy[((i*s.K+k)*ho+py)*wo+px]
							}
							sum = asm.FMA32(w[((k*s.C+c)*s.R+r)*s.S+q], g, sum)
						}
					}
				}
				dx = append(dx, sum)
			}
		}
	}
	return dx
}

// refCol2im is the same another way round: each output's chain over the filters is added, output after
// output, to the input that the element of a filter meets.
func refCol2im(s ConvShape, n int, w, dy []float32) []float32 {
	ho, wo := s.Out()
	dx := make([]float32, n*s.C*s.H*s.W)
	for i := range n * s.C {
		image, c := i/s.C, i%s.C
		for at := range ho * wo {
			for e := range s.R * s.S {
				y, x := at/wo+e/s.S-s.Pad, at%wo+e%s.S-s.Pad
				if y < 0 || x < 0 || y >= s.H || x >= s.W {
					continue
				}
				var sum float32
				for k := range s.K {
					sum = asm.FMA32(w[(k*s.C+c)*s.R*s.S+e], dy[(image*s.K+k)*ho*wo+at], sum)
				}
				dx[(i*s.H+y)*s.W+x] += sum
			}
		}
	}
	return dx
}

var convShapes = []struct {
	name  string
	n     int
	shape ConvShape
}{
	{"one pixel", 1, ConvShape{C: 1, H: 1, W: 1, K: 1, R: 1, S: 1, Stride: 1}},
	{"3x3 valid", 3, ConvShape{C: 3, H: 9, W: 8, K: 7, R: 3, S: 3, Stride: 1}},
	{"more images than chunks", 35, ConvShape{C: 1, H: 4, W: 4, K: 2, R: 3, S: 3, Stride: 1}},
	{"5x5 same", 2, ConvShape{C: 2, H: 7, W: 11, K: 5, R: 5, S: 5, Stride: 1, Pad: 2}},
	{"stride 2, padded", 2, ConvShape{C: 3, H: 11, W: 10, K: 13, R: 3, S: 3, Stride: 2, Pad: 1}},
	{"stride that leaves a rest", 2, ConvShape{C: 2, H: 10, W: 9, K: 4, R: 2, S: 3, Stride: 3}},
	{"a filter as large as the image", 2, ConvShape{C: 3, H: 5, W: 6, K: 9, R: 5, S: 6, Stride: 1}},
	{"patch longer than a block of K", 1, ConvShape{C: 30, H: 5, W: 5, K: 3, R: 3, S: 3, Stride: 1}},
	{"more positions than a block", 1, ConvShape{C: 1, H: 20, W: 20, K: 2, R: 2, S: 2, Stride: 1}},
	{"small images, many to a block", 37, ConvShape{C: 5, H: 2, W: 2, K: 33, R: 3, S: 3, Stride: 1, Pad: 1}},
	{"one pixel of a padded image", 3, ConvShape{C: 2, H: 1, W: 1, K: 3, R: 3, S: 3, Stride: 1, Pad: 1}},
	{"1x1, stride 2", 3, ConvShape{C: 9, H: 8, W: 7, K: 20, R: 1, S: 1, Stride: 2}},
	{"stride 2, rows of 16", 2, ConvShape{C: 4, H: 32, W: 32, K: 6, R: 3, S: 3, Stride: 2, Pad: 1}},
	{"1x1, stride 2, whole panels of several images", 5, ConvShape{C: 9, H: 16, W: 16, K: 20, R: 1, S: 1, Stride: 2}},
	{"1x1, stride 2, blocks of an image", 2, ConvShape{C: 5, H: 64, W: 64, K: 3, R: 1, S: 1, Stride: 2}},
	{"1x1, stride 2, more channels than are read in place", 9, ConvShape{C: 130, H: 8, W: 8, K: 5, R: 1, S: 1, Stride: 2}},
	{"1x1, stride 2, taken beside tiles", 7, ConvShape{C: 40, H: 32, W: 32, K: 9, R: 1, S: 1, Stride: 2}},
	{"1x1, stride 2, several images taken beside tiles", 23, ConvShape{C: 33, H: 6, W: 32, K: 5, R: 1, S: 1, Stride: 2}},
	{"1x1, in place", 5, ConvShape{C: 9, H: 8, W: 8, K: 20, R: 1, S: 1, Stride: 1}},
	{"1x1, too many filters for that", 2, ConvShape{C: 3, H: 8, W: 8, K: directFilters + 1, R: 1, S: 1, Stride: 1}},
	{"1x1, stride 2, on the padding", 2, ConvShape{C: 3, H: 7, W: 8, K: 5, R: 1, S: 1, Stride: 2, Pad: 1}},
	{"stride 2, several images", 19, ConvShape{C: 3, H: 8, W: 8, K: 15, R: 3, S: 3, Stride: 2, Pad: 1}},
	{"stride 2, more rows than a block", 1, ConvShape{C: 2, H: 40, W: 36, K: 3, R: 5, S: 5, Stride: 2, Pad: 2}},
	{"stride 3, more rows than a block", 1, ConvShape{C: 2, H: 60, W: 61, K: 3, R: 4, S: 4, Stride: 3, Pad: 1}},
	{"more padding than filter", 2, ConvShape{C: 2, H: 5, W: 4, K: 3, R: 2, S: 3, Stride: 1, Pad: 3}},
	{"images as wide as a panel", 2, ConvShape{C: 3, H: 6, W: 64, K: 15, R: 3, S: 3, Stride: 1, Pad: 1}},
	{"more filters than a block of K", 1, ConvShape{C: 1, H: 4, W: 4, K: 260, R: 3, S: 3, Stride: 1}},
	{"5x5 valid, more channels than a block of columns", 5, ConvShape{C: 21, H: 12, W: 11, K: 6, R: 5, S: 5, Stride: 1}},
	{"rows of outputs that are more than a block", 3, ConvShape{C: 3, H: 40, W: 35, K: 4, R: 5, S: 3, Stride: 1}},
	{"more filters than are a step of the inputs' gradient", 2, ConvShape{C: 2, H: 5, W: 6, K: convK + 5, R: 3, S: 3, Stride: 1}},
}

func TestConvEqualsNaiveLoops(t *testing.T) {
	for _, threads := range []int{1, 3} {
		p := NewPool(threads)
		defer p.Close()
		asmtest.ForEachPath(t, func(t *testing.T) {
			for _, tc := range convShapes {
				t.Run(fmt.Sprintf("%s/%d threads", tc.name, threads), func(t *testing.T) {
					s := tc.shape
					ho, wo := s.Out()
					rng := NewStream(1, tc.name)
					x := randomSlice[float32](rng, tc.n*s.C*s.H*s.W)
					w := randomSlice[float32](rng, s.K*s.Patch())
					bias := randomSlice[float32](rng, s.K)
					dy := randomSlice[float32](rng, tc.n*s.K*ho*wo)
					c := NewDirectConv[float32](s)

					y := make([]float32, len(dy))
					c.Forward(p, tc.n, x, w, bias, y, false)
					want := refForward(s, tc.n, x, w, bias)
					asmtest.SameBits(t, want, y, "forward")
					c.Forward(p, tc.n, x, w, bias, y, true)
					ReLU(want, want)
					asmtest.SameBits(t, want, y, "forward with relu")

					dw, db := make([]float32, len(w)), make([]float32, s.K)
					masked := append([]float32(nil), dy...)
					ReLUGrad(masked, masked, y)
					behind := append([]float32(nil), dy...)
					c.WeightGrad(p, tc.n, x, behind, dw, db, y)
					asmtest.SameBits(t, masked, behind, "gradient behind a relu")
					asmtest.SameBits(t, refWeightGrad(s, tc.n, x, masked), dw, "weight gradient behind a relu")
					c.WeightGrad(p, tc.n, x, dy, dw, db, nil)
					asmtest.SameBits(t, refWeightGrad(s, tc.n, x, dy), dw, "weight gradient")
					for k := range db {
						var want float64
						for i := range tc.n {
							for _, v := range dy[(i*s.K+k)*ho*wo:][:ho*wo] {
								want += float64(v)
							}
						}
						require.InDelta(t, want, db[k], 1e-4)
					}

					dx := randomSlice[float32](rng, len(x))
					c.InputGrad(p, tc.n, w, dy, dx)
					asmtest.SameBits(t, refInputGrad(s, tc.n, w, dy), dx, "input gradient")
					if s.Stride == 1 {
						dx = randomSlice[float32](rng, len(x))
						newCol2imGrad[float32](s).run(p, tc.n, w, dy, dx)
						asmtest.SameBits(t, refCol2im(s, tc.n, w, dy), dx, "input gradient by columns")
					}
				})
			}
		})
	}
}

// Outputs that are more than the caches hold, and may be stored past them, are those of each
// image alone.
func TestConvPastTheCaches(t *testing.T) {
	s := ConvShape{C: longSteps, H: 32, W: 32, K: 40, R: 1, S: 1, Stride: 2}
	size := s.K * 256
	n := ceilDiv(pastBytes/4, size)
	rng := NewStream(3, "past")
	x, w := randomSlice[float32](rng, n*s.C*s.H*s.W), randomSlice[float32](rng, s.K*s.Patch())
	asmtest.ForEachPath(t, func(t *testing.T) {
		p := NewPool(2)
		defer p.Close()
		c := NewConv[float32](s)
		want, y := make([]float32, n*size), Make[float32](n*size)
		for i := range n {
			c.Forward(p, 1, x[i*s.C*s.H*s.W:], w, nil, want[i*size:][:size], false)
		}
		c.Forward(p, n, x, w, nil, y, false)
		asmtest.SameBits(t, want, y, "forward")
		require.True(t, c.forward.past)
	})
}

// The gradients are the adjoints of Forward: <y, conv(x)> moves with w and x as
// they say. An error that the references share would show here.
func TestConvGradientsAreAdjoint(t *testing.T) {
	p := NewPool(2)
	defer p.Close()
	dot := func(a, b []float64) (sum float64) {
		for i, v := range a {
			sum += v * b[i]
		}
		return sum
	}
	for _, tc := range convShapes {
		t.Run(tc.name, func(t *testing.T) {
			s, rng := tc.shape, NewStream(3, tc.name)
			c := NewConv[float64](s)
			x, w := randomSlice[float64](rng, tc.n*s.C*s.H*s.W), randomSlice[float64](rng, s.K*s.Patch())
			dy := randomSlice[float64](rng, tc.n*s.K*c.Positions())
			y, dw, dx := make([]float64, len(dy)), make([]float64, len(w)), make([]float64, len(x))
			c.Forward(p, tc.n, x, w, nil, y, false)
			c.WeightGrad(p, tc.n, x, dy, dw, nil, nil)
			c.InputGrad(p, tc.n, w, dy, dx)
			want := dot(y, dy)
			require.InDelta(t, want, dot(w, dw), 1e-9*float64(len(y)))
			require.InDelta(t, want, dot(x, dx), 1e-9*float64(len(y)))
		})
	}
}

// FuzzConv draws shapes and holds every path and number of threads against the
// naive loops.
func FuzzConv(f *testing.F) {
	f.Add(uint8(2), uint8(3), uint8(9), uint8(8), uint8(7), uint8(3), uint8(3), uint8(1), uint8(1))
	f.Add(uint8(20), uint8(1), uint8(2), uint8(2), uint8(40), uint8(2), uint8(1), uint8(2), uint8(3))
	f.Fuzz(func(t *testing.T, n, c, h, w, k, r, q, stride, pad uint8) {
		s := ConvShape{C: 1 + int(c%9), H: 1 + int(h%13), W: 1 + int(w%40), K: 1 + int(k%40), R: 1 + int(r%5), S: 1 + int(q%5), Stride: 1 + int(stride%3), Pad: int(pad % 4)}
		ho, wo := s.Out()
		if ho < 1 || wo < 1 {
			return
		}
		images := 1 + int(n%20)
		rng := NewStream(uint64(s.H), "fuzz")
		x, weights := randomSlice[float32](rng, images*s.C*s.H*s.W), randomSlice[float32](rng, s.K*s.Patch())
		dy, bias := randomSlice[float32](rng, images*s.K*ho*wo), randomSlice[float32](rng, s.K)
		y, dw, dx := make([]float32, len(dy)), make([]float32, len(weights)), make([]float32, len(x))
		wantY, wantW, wantX := refForward(s, images, x, weights, bias), refWeightGrad(s, images, x, dy), refInputGrad(s, images, weights, dy)
		asmtest.ForEachPath(t, func(t *testing.T) {
			p := NewPool(1 + int(n%3))
			defer p.Close()
			conv := NewDirectConv[float32](s)
			conv.Forward(p, images, x, weights, bias, y, false)
			asmtest.SameBits(t, wantY, y, "forward %+v", s)
			conv.WeightGrad(p, images, x, dy, dw, nil, nil)
			asmtest.SameBits(t, wantW, dw, "weight gradient %+v", s)
			conv.InputGrad(p, images, weights, dy, dx)
			asmtest.SameBits(t, wantX, dx, "input gradient %+v", s)
			if s.Stride == 1 {
				newCol2imGrad[float32](s).run(p, images, weights, dy, dx)
				asmtest.SameBits(t, refCol2im(s, images, weights, dy), dx, "input gradient by columns %+v", s)
			}
		})
	})
}

func TestConvDoesNotAllocate(t *testing.T) {
	p := NewPool(2)
	defer p.Close()
	for _, s := range []ConvShape{
		{C: 3, H: 8, W: 8, K: 6, R: 3, S: 3, Stride: 1, Pad: 1},
		{C: 32, H: 8, W: 8, K: 48, R: 3, S: 3, Stride: 1, Pad: 1},
		{C: 8, H: 2, W: 2, K: 8, R: 3, S: 3, Stride: 1, Pad: 1},
		{C: 3, H: 8, W: 8, K: 33, R: 5, S: 5, Stride: 1, Pad: 2},
		{C: 3, H: 8, W: 6, K: 33, R: 3, S: 3, Stride: 1, Pad: 1},
		{C: 3, H: 11, W: 10, K: 13, R: 3, S: 3, Stride: 2, Pad: 1},
		{C: 9, H: 8, W: 8, K: 20, R: 1, S: 1, Stride: 1},
		{C: 20, H: 12, W: 12, K: 50, R: 5, S: 5, Stride: 1},
		{C: 9, H: 16, W: 16, K: 20, R: 1, S: 1, Stride: 2},
		{C: 130, H: 8, W: 8, K: 5, R: 1, S: 1, Stride: 2},
	} {
		c := NewConv[float32](s)
		x, w, b := make([]float32, 4*s.C*s.H*s.W), make([]float32, s.K*s.Patch()), make([]float32, s.K)
		y, dx := make([]float32, 4*s.K*c.Positions()), make([]float32, len(x))
		step := func() {
			c.Forward(p, 4, x, w, b, y, true)
			c.WeightGrad(p, 4, x, y, w, b, y)
			c.InputGrad(p, 4, w, y, dx)
		}
		step()
		require.Zero(t, testing.AllocsPerRun(20, step))
	}
}

func TestConvMisusePanics(t *testing.T) {
	require.PanicsWithValue(t, "tensor: conv: 8 filters of 99 x 99, stride 1, pad 0 do not fit images of 3 x 32 x 32", func() {
		NewConv[float32](ConvShape{C: 3, H: 32, W: 32, K: 8, R: 99, S: 99, Stride: 1})
	})
	p := NewPool(1)
	defer p.Close()
	c := NewConv[float32](ConvShape{C: 1, H: 3, W: 3, K: 2, R: 2, S: 2, Stride: 1})
	x, w, y := make([]float32, 9), make([]float32, 8), make([]float32, 8)
	require.PanicsWithValue(t, "tensor: conv: 1 images of 1 x 3 x 3 and 2 filters: 9 inputs, 7 weights, 8 outputs", func() { c.Forward(p, 1, x, w[1:], nil, y, false) })
	require.PanicsWithValue(t, "tensor: conv: 2 filters, a bias of 1", func() { c.Forward(p, 1, x, w, x[:1], y, false) })
	require.PanicsWithValue(t, "tensor: conv: 1 images of 4 outputs of 2 filters: a bias gradient of 1, 0 outputs of ReLU", func() { c.WeightGrad(p, 1, x, y, w, x[:1], nil) })
	require.PanicsWithValue(t, "tensor: conv: 1 images of 4 outputs of 2 filters: a bias gradient of 2, 7 outputs of ReLU", func() { c.WeightGrad(p, 1, x, y, w, x[:2], y[1:]) })
	require.Panics(t, func() { c.Through(&Lines[float32]{}) })
}

func BenchmarkConv(b *testing.B) {
	const n = 64
	for _, r := range []int{3, 5} {
		s := ConvShape{C: 3, H: 32, W: 32, K: 256, R: r, S: r, Stride: 1}
		c, p := NewConv[float32](s), NewPool(1)
		defer p.Close()
		rng := NewStream(1, "bench")
		x, w, bias := randomSlice[float32](rng, n*3*1024), randomSlice[float32](rng, s.K*s.Patch()), make([]float32, s.K)
		y := randomSlice[float32](rng, n*s.K*c.Positions())
		flop := 2 * float64(n*s.K*c.Positions()*s.Patch())
		for name, f := range map[string]func(){
			"forward": func() { c.Forward(p, n, x, w, bias, y, false) },
			"weights": func() { c.WeightGrad(p, n, x, y, w, bias, nil) },
			"inputs":  func() { c.InputGrad(p, n, w, y, x) },
		} {
			b.Run(fmt.Sprintf("%s/%dx%d", name, r, r), func(b *testing.B) {
				for b.Loop() {
					f()
				}
				b.ReportMetric(flop*float64(b.N)/b.Elapsed().Seconds()/1e9, "GFLOP/s")
			})
		}
	}
}
