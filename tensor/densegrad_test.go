package tensor

import (
	"slices"
	"testing"

	"github.com/stretchr/testify/require"

	"randalign/asm"
	"randalign/asm/asmtest"
)

// checkDenseGrad holds a DenseGrad against the two products and the ReLU's
// gradient that it stands for.
func checkDenseGrad[T Float](t *testing.T, p *Pool, g *DenseGrad[T], n, in, out int, relu, inputs bool) {
	s := NewStream(uint64(n*1000003+in*1009+out), "dense")
	x, w, dy := randomSlice[T](s, n*in), randomSlice[T](s, out*in), randomSlice[T](s, n*out)
	for i := range x {
		if i%3 == 0 {
			x[i] = 0
		}
	}
	dw, want := randomSlice[T](s, out*in), make([]T, out*in)
	Gemm(p, out, in, n, Transposed(dy, out), RowMajor(x, in), want, in, Set)
	var dx, wantX []T
	if inputs {
		dx, wantX = randomSlice[T](s, n*in), make([]T, n*in)
		Gemm(p, n, in, out, RowMajor(dy, out), RowMajor(w, in), wantX, in, Set)
		if relu {
			ReLUGrad(wantX, wantX, x)
		}
	}
	g.Run(p, n, in, out, x, w, dy, dw, dx, relu)
	asmtest.SameBits(t, want, dw, "%d examples, %d to %d, weights", n, in, out)
	asmtest.SameBits(t, wantX, dx, "%d examples, %d to %d, relu %v, inputs", n, in, out, relu)
	checkDescend(t, p, g, n, in, out, x, w, dy, want, wantX, relu)
	if inputs {
		g.Run(p, n, in, out, x, w, dy, dw, x, relu)
		asmtest.SameBits(t, want, dw, "%d examples, %d to %d, weights, in place", n, in, out)
		asmtest.SameBits(t, wantX, x, "%d examples, %d to %d, relu %v, inputs in place", n, in, out, relu)
	}
}

// checkDescend holds a step on the way back against one with the whole gradient.
func checkDescend[T Float](t *testing.T, p *Pool, g *DenseGrad[T], n, in, out int, x, w, dy, dw, dx []T, relu bool) {
	v := randomSlice[T](NewStream(uint64(n), "momentum"), out*in)
	for i, s := range []Descent[T]{{LR: 0.01}, {LR: 0.3, Mu: 0.9, WD: 1e-3}} {
		wantW, wantV := slices.Clone(w), slices.Clone(v)
		SGD(wantW, wantV, dw, s.LR, s.Mu, s.WD)
		for _, place := range []string{"none", "own", "x"} {
			gotW, gotX := slices.Clone(w), slices.Clone(x)
			s.V = slices.Clone(v)
			var to []T
			switch place {
			case "own":
				to = make([]T, n*in)
			case "x":
				to = gotX
			}
			if place != "none" && dx == nil {
				continue
			}
			g.Descend(p, n, in, out, gotX, gotW, dy, to, relu, s)
			asmtest.SameBits(t, wantW, gotW, "%d examples, %d to %d, inputs' gradient in %s, step %d: weights", n, in, out, place, i)
			asmtest.SameBits(t, wantV, s.V, "%d examples, %d to %d, inputs' gradient in %s, step %d: momentum", n, in, out, place, i)
			if place != "none" {
				asmtest.SameBits(t, dx, to, "%d examples, %d to %d, inputs' gradient in %s, step %d: inputs", n, in, out, place, i)
			}
		}
	}
}

func TestDenseGradIsTwoProducts(t *testing.T) {
	asmtest.ForEachPath(t, func(t *testing.T) {
		var g32 DenseGrad[float32]
		var g64 DenseGrad[float64]
		for _, threads := range []int{1, 3} {
			p := NewPool(threads)
			defer p.Close()
			nr := asm.Active().GemmF32.NR
			for i, n := range []int{0, 1, 2, 13, 14, 15, 29} {
				for _, in := range []int{0, 1, 5, nr - 1, nr, nr + 1, 2*nr + 3, 37} {
					out := 1 + (n*7+in)%17
					checkDenseGrad(t, p, &g32, n, in, out, i%2 == 0, in%4 > 0)
					checkDenseGrad(t, p, &g64, n, in, out, i%2 == 1, in%3 > 0)
				}
			}
			checkDenseGrad(t, p, &g32, 3, 5, 0, true, true)
			if asm.Active().Name != "generic" {
				checkDenseGrad(t, p, &g32, 130, 1033, 70, true, true)
				checkDenseGrad(t, p, &g32, 300, 500, 129, false, true)
				checkDenseGrad(t, p, &g64, 90, 520, 40, true, true)
				checkDenseGrad(t, p, &g32, 70, 60016, 3, true, true) // dx does not fit the caches
				checkDenseGrad(t, p, &g32, 70, 60013, 2, true, true)
				checkDenseGrad(t, p, &g32, 71, 60000, 37, true, true)
				checkDenseGrad(t, p, &g32, 99, 1600, 40, true, true) // whole panels
				checkDenseGrad(t, p, &g64, 99, 1600, 40, false, true)
			}
		}
	})
	require.PanicsWithValue(t, "tensor: dense gradient: 2 examples, 3 inputs, 4 outputs: x 6, w 12, dy 8, dw 11, dx 0", func() {
		p := NewPool(1)
		defer p.Close()
		new(DenseGrad[float32]).Run(p, 2, 3, 4, make([]float32, 6), make([]float32, 12), make([]float32, 8), make([]float32, 11), nil, false)
	})
	require.PanicsWithValue(t, "tensor: dense descent: 2 examples, 3 inputs, 4 outputs: x 6, w 12, dy 8, v 11, dx 0", func() {
		p := NewPool(1)
		defer p.Close()
		new(DenseGrad[float32]).Descend(p, 2, 3, 4, make([]float32, 6), make([]float32, 12), make([]float32, 8), nil, false, Descent[float32]{V: make([]float32, 11)})
	})
}

func TestDenseGradAllocatesNothing(t *testing.T) {
	p := NewPool(2)
	defer p.Close()
	const n, in, out = 70, 300, 20
	x, w, dy, dw, dx := make([]float32, n*in), make([]float32, out*in), make([]float32, n*out), make([]float32, out*in), make([]float32, n*in)
	var g DenseGrad[float32]
	run := func() { g.Run(p, n, in, out, x, w, dy, dw, dx, true) }
	run()
	require.Zero(t, testing.AllocsPerRun(20, run))
	step := func() { g.Descend(p, n, in, out, x, w, dy, dx, true, Descent[float32]{V: dw, LR: 0.1}) }
	step()
	require.Zero(t, testing.AllocsPerRun(20, step))
}

func TestBlockWidthSharesColumnsOut(t *testing.T) {
	for _, c := range []struct{ n, panels, nr, threads, want int }{
		{200704, 6, 32, 2, 192}, // hundreds of blocks are shared out well
		{2048, 5, 32, 2, 128},   // 8 blocks each, not 7 and 6
		{2048, 5, 32, 1, 160},   // the last one is a little narrower
		{30, 16, 32, 2, 32},
		{2048, 5, 32, 64, 32},
		{1, 1, 12, 7, 12},
	} {
		require.Equal(t, c.want, blockWidth(c.n, c.panels, c.nr, c.threads), "%+v", c)
	}
}
