package tensor

import (
	"math"
	"testing"

	"github.com/stretchr/testify/require"

	"randalign/asm"
	"randalign/asm/asmtest"
)

var poolShapes = []PoolShape{
	{C: 3, H: 8, W: 6, R: 2, Stride: 2},
	{C: 2, H: 7, W: 9, R: 2, Stride: 2},         // an odd row and column left over
	{C: 1, H: 32, W: 70, R: 2, Stride: 2},       // past whole vectors
	{C: 2, H: 3, W: 3, R: 2, Stride: 2},         //
	{C: 2, H: 7, W: 8, R: 3, Stride: 2, Pad: 1}, // ResNet's stem: overlapping, padded
	{C: 2, H: 6, W: 5, R: 2, Stride: 1},         //
	{C: 1, H: 9, W: 9, R: 2, Stride: 3},         // gaps
	{C: 2, H: 5, W: 4, R: 3, Stride: 3, Pad: 1}, //
	{C: 1, H: 4, W: 4, R: 4, Stride: 4},         // the whole plane
	{C: 2, H: 4, W: 4, R: 2, Stride: 2, Pad: 1}, //
	{C: 1, H: 1, W: 5, R: 1, Stride: 2},         //
	{C: 3, H: 15, W: 19, R: 3, Stride: 2},       // AlexNet's
	{C: 5, H: 7, W: 8, R: 3, Stride: 1, Pad: 1}, // Inception's
	{C: 2, H: 9, W: 6, R: 3, Stride: 1},         //
	{C: 2, H: 10, W: 11, R: 5, Stride: 2, Pad: 2},
	{C: 2, H: 9, W: 10, R: 5, Stride: 1, Pad: 1},
	{C: 4, H: 13, W: 1, R: 2, Stride: 2, Pad: 1},
	{C: 300, H: 8, W: 5, R: 3, Stride: 2, Pad: 1}, // more than one group of channels
	{C: 200, H: 7, W: 9, R: 2, Stride: 1},         //
	{C: 2, H: 70, W: 90, R: 3, Stride: 1, Pad: 1}, // a group of one
}

// numbers with many equal ones, so that ties are common.
func poolInput(s PoolShape, n int) []float32 {
	r := NewStream(9, "pool")
	x := make([]float32, n*s.C*s.H*s.W)
	for i := range x {
		x[i] = float32(r.IntN(7)-3) * 0.5
		if x[i] == 0 && r.IntN(2) == 0 {
			x[i] = float32(math.Copysign(0, -1))
		}
	}
	return x
}

// refPool is the definition, window by window: which elements lie in it, in order.
func refPool(s PoolShape, n int, visit func(out int, in []int)) {
	ho, wo := s.Out()
	for i := range n * s.C * ho * wo {
		var in []int
		y0, x0 := i/wo%ho*s.Stride-s.Pad, i%wo*s.Stride-s.Pad
		for y := y0; y < y0+s.R; y++ {
			for x := x0; x < x0+s.R; x++ {
				if y >= 0 && y < s.H && x >= 0 && x < s.W {
					in = append(in, (i/(ho*wo)*s.H+y)*s.W+x)
				}
			}
		}
		visit(i, in)
	}
}

func TestPoolingIsItsDefinition(t *testing.T) {
	asmtest.ForEachPath(t, func(t *testing.T) {
		for _, s := range poolShapes {
			const n = 3
			ho, wo := s.Out()
			x := poolInput(s, n)
			dy := make([]float32, n*s.C*ho*wo)
			FillNormal(NewStream(1, "dy"), dy, 1)
			dy[0] = float32(math.Copysign(0, -1))
			maxY, avgY := make([]float32, len(dy)), make([]float32, len(dy))
			maxDX, avgDX := make([]float32, len(x)), make([]float32, len(x))
			refPool(s, n, func(out int, in []int) {
				win, sum := in[0], float32(0)
				for k, i := range in {
					if x[i] > x[win] {
						win = i
					}
					if k == 0 {
						sum = x[i]
					} else {
						sum += x[i]
					}
				}
				maxY[out], avgY[out] = x[win], sum/float32(s.R*s.R)
				maxDX[win] += dy[out]
				for _, i := range in {
					avgDX[i] += dy[out] / float32(s.R*s.R)
				}
			})
			for _, threads := range []int{1, 2, 7} {
				p := NewPool(threads)
				y, dx := make([]float32, len(dy)), poolInput(s, n) // dx is overwritten
				m, a := NewMaxPool[float32](s), NewAvgPool[float32](s)
				m.Forward(p, n, x, y)
				asmtest.SameBits(t, maxY, y, "max of %+v", s)
				m.Backward(p, n, x, y, dy, dx)
				asmtest.SameBits(t, maxDX, dx, "gradient of max of %+v", s)
				a.Forward(p, n, x, y)
				asmtest.SameBits(t, avgY, y, "average of %+v", s)
				copy(dx, poolInput(s, n))
				a.Backward(p, n, dy, dx)
				asmtest.SameBits(t, avgDX, dx, "gradient of average of %+v", s)
				// More runs than helpers: the runtime may allocate when one goes to sleep.
				require.Zero(t, testing.AllocsPerRun(9, func() {
					m.Forward(p, n, x, y)
					m.Backward(p, n, x, y, dy, dx)
					a.Forward(p, n, x, y)
					a.Backward(p, n, dy, dx)
				}))
				p.Close()
			}
		}
	})
}

// What is larger than the caches passes them by, and is the same.
func TestPoolingPastTheCaches(t *testing.T) {
	p := NewPool(2)
	defer p.Close()
	asmtest.ForEachPath(t, func(t *testing.T) {
		for _, s := range []PoolShape{
			{C: 7, H: 65, W: 71, R: 2, Stride: 1},
			{C: 7, H: 65, W: 71, R: 3, Stride: 2, Pad: 1},
			{C: 7, H: 65, W: 72, R: 3, Stride: 2, Pad: 1}, // rows of whole vectors
			{C: 7, H: 65, W: 72, R: 3, Stride: 1, Pad: 1},
			{C: 7, H: 65, W: 72, R: 3, Stride: 1},
		} {
			ho, wo := s.Out()
			in, out := s.C*s.H*s.W, s.C*ho*wo
			n := pastBytes/4/in + 1
			if s.Stride == 1 {
				n = pastBytes/4/out + 1
			}
			x, y, dx := make([]float32, n*in), make([]float32, n*out), make([]float32, n*in)
			for i := range x {
				x[i] = float32(i*i%31 - 9)
			}
			m, a := NewMaxPool[float32](s), NewAvgPool[float32](s)
			wantY, wantDX := make([]float32, out), make([]float32, in)
			last, lastDX, lastY := x[(n-1)*in:], dx[(n-1)*in:], y[(n-1)*out:]
			a.loop(last, wantY)
			a.Forward(p, n, x, y)
			asmtest.SameBits(t, wantY, lastY, "average of %+v", s)
			a.loopGrad(wantY, wantDX)
			a.Backward(p, n, y, dx)
			asmtest.SameBits(t, wantDX, lastDX, "gradient of average of %+v", s)
			m.loop(last, wantY)
			m.Forward(p, n, x, y)
			asmtest.SameBits(t, wantY, lastY, "max of %+v", s)
			m.loopGrad(last, wantY, wantY, wantDX)
			m.Backward(p, n, x, y, y, dx)
			asmtest.SameBits(t, wantDX, lastDX, "gradient of max of %+v", s)
		}
	})
}

// The kernels that windows by taps are made with, against the loops, on shapes that are
// drawn, and on numbers of all kinds.
func FuzzPooling(f *testing.F) {
	for seed := range uint64(20) {
		f.Add(seed)
	}
	p := NewPool(2)
	paths := asm.Paths()
	f.Fuzz(func(t *testing.T, seed uint64) {
		r := NewStream(seed, "pools")
		s := PoolShape{C: 1 + r.IntN(40), H: 1 + r.IntN(40), W: 1 + r.IntN(70), R: 1 + r.IntN(6), Stride: 1 + r.IntN(2)}
		s.Pad = r.IntN(s.R/2 + 1)
		ho, wo := s.Out()
		if ho < 1 || wo < 1 {
			return
		}
		x, dy := make([]float32, s.C*s.H*s.W), make([]float32, s.C*ho*wo)
		seldom := 1 + r.IntN(50)
		for _, a := range [][]float32{x, dy} {
			FillNormal(r, a, 2)
			for i := range a {
				if r.IntN(seldom) == 0 {
					a[i] = asmtest.Special[float32](r.IntN(1000))
				} else if seldom%2 == 0 {
					a[i] = float32(math.Round(float64(a[i]))) // ties, of zeros too
				}
			}
		}
		m, a := NewMaxPool[float32](s), NewAvgPool[float32](s)
		y, mean, dx := make([]float32, len(dy)), make([]float32, len(dy)), make([]float32, len(x))
		wantY, wantMean, wantDX, wantMeanDX := make([]float32, len(dy)), make([]float32, len(dy)), make([]float32, len(x)), make([]float32, len(x))
		m.loop(x, wantY)
		m.loopGrad(x, wantY, dy, wantDX)
		a.loop(x, wantMean)
		a.loopGrad(dy, wantMeanDX)
		for _, path := range paths {
			undo, err := asm.Select(path)
			require.NoError(t, err)
			m.Forward(p, 1, x, y)
			asmtest.SameBits(t, wantY, y, "%s: max of %+v", path, s)
			m.Backward(p, 1, x, y, dy, dx)
			asmtest.SameBits(t, wantDX, dx, "%s: gradient of max of %+v", path, s)
			a.Forward(p, 1, x, mean)
			asmtest.SameBits(t, wantMean, mean, "%s: average of %+v", path, s)
			a.Backward(p, 1, dy, dx)
			asmtest.SameBits(t, wantMeanDX, dx, "%s: gradient of average of %+v", path, s)
			undo()
		}
	})
}

// A noted pool is the pool behind a ReLU, and back through both.
func TestNotedMaxPool(t *testing.T) {
	asmtest.ForEachPath(t, func(t *testing.T) {
		for _, s := range poolShapes {
			if s.Noted() {
				checkNoted[float32](t, s)
				checkNoted[float64](t, s)
			}
		}
	})
	require.Panics(t, func() { NewNotedMaxPool[float32](PoolShape{C: 1, H: 4, W: 4, R: 2, Stride: 1}) })
}

func checkNoted[T Float](t *testing.T, s PoolShape) {
	const n = 3
	ho, wo := s.Out()
	x := make([]T, n*s.C*s.H*s.W)
	for i, v := range poolInput(s, n) {
		x[i] = T(max(0, v-0.5)) + 0 // many windows without any
	}
	x[0] = T(math.Inf(1))
	dy := make([]T, n*s.C*ho*wo)
	FillNormal(NewStream(1, "dy"), dy, 1)
	dy[0] = T(math.Copysign(0, -1))
	p := NewPool(2)
	defer p.Close()
	wantY, want := make([]T, len(dy)), make([]T, len(x))
	m := NewMaxPool[T](s)
	m.Forward(p, n, x, wantY)
	m.Backward(p, n, x, wantY, dy, want)
	ReLUGrad(want, want, x)
	y, dx := make([]T, len(dy)), make([]T, len(x))
	Fill(dx, 7)
	noted := NewNotedMaxPool[T](s)
	noted.Forward(p, n, x, y)
	asmtest.SameBits(t, wantY, y, "noted max of %+v", s)
	noted.Backward(p, n, dy, dx)
	asmtest.SameBits(t, want, dx, "gradient of noted max of %+v", s)
	require.Zero(t, testing.AllocsPerRun(9, func() {
		noted.Forward(p, n, x, y)
		noted.Backward(p, n, dy, dx)
	}))
}

// float64, which checks of gradients use, agrees with float32 where both are exact.
func TestPoolingInFloat64(t *testing.T) {
	p := NewPool(1)
	for _, s := range poolShapes {
		x := poolInput(s, 2)
		ho, wo := s.Out()
		y, dx := make([]float32, 2*s.C*ho*wo), make([]float32, len(x))
		wide := make([]float64, len(x))
		for i, v := range x {
			wide[i] = float64(v)
		}
		wideY, wideDX := make([]float64, len(y)), make([]float64, len(x))
		NewMaxPool[float32](s).Forward(p, 2, x, y)
		m := NewMaxPool[float64](s)
		m.Forward(p, 2, wide, wideY)
		same := func(a []float32, b []float64) {
			t.Helper()
			for i := range a {
				require.InDelta(t, a[i], b[i], 1e-6, "%+v", s)
			}
		}
		same(y, wideY)
		NewMaxPool[float32](s).Backward(p, 2, x, y, y, dx)
		m.Backward(p, 2, wide, wideY, wideY, wideDX)
		same(dx, wideDX)
		NewAvgPool[float32](s).Forward(p, 2, x, y)
		NewAvgPool[float64](s).Forward(p, 2, wide, wideY)
		same(y, wideY)
		NewAvgPool[float32](s).Backward(p, 2, y, dx)
		NewAvgPool[float64](s).Backward(p, 2, wideY, wideDX)
		same(dx, wideDX)
	}
}

func TestMaxPoolShowsNaN(t *testing.T) {
	nan := float32(math.NaN())
	p := NewPool(1)
	asmtest.ForEachPath(t, func(t *testing.T) {
		for _, s := range []PoolShape{{C: 1, H: 2, W: 2, R: 2, Stride: 2}, {C: 1, H: 2, W: 2, R: 2, Stride: 1}} {
			m := NewMaxPool[float32](s)
			for i := range 4 {
				x, y, dx := []float32{1, 2, 3, 4}, []float32{0}, make([]float32, 4)
				x[i] = nan
				m.Forward(p, 1, x, y)
				require.True(t, y[0] != y[0], "NaN at %d", i)
				m.Backward(p, 1, x, y, []float32{5}, dx)
				require.Equal(t, []float32{5, 0, 0, 0}, dx)
			}
			low := float32(math.Inf(-1))
			x, y := []float32{low, low, low, low}, []float32{0}
			m.Forward(p, 1, x, y)
			require.Equal(t, low, y[0])
		}
	})
}

// An image with a NaN is made by the loops, and what is beside it as ever.
func TestDirectPoolsWithNaN(t *testing.T) {
	p := NewPool(2)
	asmtest.ForEachPath(t, func(t *testing.T) {
		for _, s := range []PoolShape{{C: 3, H: 40, W: 70, R: 3, Stride: 2, Pad: 1}, {C: 5, H: 7, W: 7, R: 3, Stride: 1, Pad: 1}, {C: 7, H: 13, W: 13, R: 3, Stride: 2}} {
			x, n := poolInput(s, 2), s.C*s.H*s.W
			x[n/3], x[n-1] = float32(math.NaN()), float32(math.Inf(-1))
			ho, wo := s.Out()
			out := s.C * ho * wo
			m := NewMaxPool[float32](s)
			y, wantY := make([]float32, 2*out), make([]float32, 2*out)
			dx, wantDX, dy := make([]float32, 2*n), make([]float32, 2*n), make([]float32, 2*out)
			FillNormal(NewStream(1, "dy"), dy, 1)
			for i := range 2 {
				m.loop(x[i*n:][:n], wantY[i*out:][:out])
				m.loopGrad(x[i*n:][:n], wantY[i*out:][:out], dy[i*out:][:out], wantDX[i*n:][:n])
			}
			m.Forward(p, 2, x, y)
			asmtest.SameBits(t, wantY, y, "max of %+v", s)
			m.Backward(p, 2, x, y, dy, dx)
			asmtest.SameBits(t, wantDX, dx, "gradient of max of %+v", s)
		}
	})
}

func TestGlobalAvgPool(t *testing.T) {
	p := NewPool(2)
	g := NewGlobalAvgPool[float32](3, 5)
	x, y := make([]float32, 30), make([]float32, 6)
	for i := range x {
		x[i] = float32(i)
	}
	g.Forward(p, 2, x, y)
	require.Equal(t, []float32{2, 7, 12, 17, 22, 27}, y)
	g.Backward(p, 2, y, x)
	for i, v := range x {
		require.Equal(t, y[i/5]/5, v)
	}
	h, wide := NewGlobalAvgPool[float64](1, 4), []float64{1, 2, 3, 5}
	mean := []float64{0}
	h.Forward(p, 1, wide, mean)
	require.Equal(t, 2.75, mean[0])
	require.Zero(t, testing.AllocsPerRun(3, func() { g.Forward(p, 2, x, y); g.Backward(p, 2, y, x) }))
}

func TestPoolShapesThatDoNotFit(t *testing.T) {
	for _, s := range []PoolShape{
		{C: 1, H: 1, W: 4, R: 2, Stride: 2}, {C: 1, H: 4, W: 4, R: 2, Stride: 0}, {C: 1, H: 4, W: 4, R: 3, Stride: 1, Pad: 2}, {H: 4, W: 4, R: 2, Stride: 2}, {C: 1, H: 4, W: 4, Stride: 1},
	} {
		require.Panics(t, func() { NewMaxPool[float32](s) }, "%+v", s)
		require.Panics(t, func() { NewAvgPool[float32](s) }, "%+v", s)
	}
	require.Panics(t, func() { NewGlobalAvgPool[float32](0, 1) })
	p := NewPool(1)
	m := NewMaxPool[float32](PoolShape{C: 1, H: 2, W: 2, R: 2, Stride: 2})
	require.PanicsWithValue(t, "tensor: max pool: 2 images of 1 x 2 x 2 to 1 x 1: 4 inputs, 1 outputs", func() { m.Forward(p, 2, make([]float32, 4), make([]float32, 1)) })
}

func BenchmarkMaxPool(b *testing.B) {
	const n = 128
	s := PoolShape{C: 64, H: 32, W: 32, R: 2, Stride: 2}
	x, dx := make([]float32, n*64*32*32), make([]float32, n*64*32*32)
	FillNormal(NewStream(1, "x"), x, 1)
	ReLU(x, x)
	y := make([]float32, n*64*16*16)
	p := NewPool(2)
	defer p.Close()
	m, noted := NewMaxPool[float32](s), NewNotedMaxPool[float32](s)
	m.Forward(p, n, x, y)
	noted.Forward(p, n, x, y)
	b.Run("forward", func(b *testing.B) {
		for b.Loop() {
			m.Forward(p, n, x, y)
		}
	})
	b.Run("forward noted", func(b *testing.B) {
		for b.Loop() {
			noted.Forward(p, n, x, y)
		}
	})
	b.Run("backward", func(b *testing.B) {
		for b.Loop() {
			m.Backward(p, n, x, y, y, dx)
		}
	})
	b.Run("backward noted", func(b *testing.B) {
		for b.Loop() {
			noted.Backward(p, n, y, dx)
		}
	})
}
