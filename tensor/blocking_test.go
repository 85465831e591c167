package tensor

import (
	"testing"

	"github.com/stretchr/testify/require"

	"randalign/asm"
	"randalign/asm/asmtest"
)

func TestSizesForCaches(t *testing.T) {
	usual := sizes{
		columnA: 672, blockA: 112 * 512 * 4, wholeA: 168 * 512 * 4, near: 1 << 19, across: 1 << 18, group: 1 << 17, soon: 1 << 17,
		outputs: 256, gradSteps: 128, gradNear: 1 << 17, rowsBlocks: 32, rowsTiles: 256, densePanels: 256 << 10, denseBlock: 240 << 10,
	}
	half := sizes{
		columnA: 336, blockA: 56 * 512 * 4, wholeA: 84 * 512 * 4, near: 1 << 18, across: 1 << 17, group: 1 << 16, soon: 1 << 16,
		outputs: 128, gradSteps: 64, gradNear: 1 << 16, rowsBlocks: 16, rowsTiles: 128, densePanels: 128 << 10, denseBlock: 120 << 10,
	}
	double := sizes{
		columnA: 1344, blockA: 224 * 512 * 4, wholeA: 336 * 512 * 4, near: 1 << 20, across: 1 << 19, group: 1 << 18, soon: 1 << 18,
		outputs: 256, gradSteps: 128, gradNear: 1 << 18, rowsBlocks: 32, rowsTiles: 256, densePanels: 512 << 10, denseBlock: 480 << 10,
	}
	for _, c := range []struct {
		name   string
		caches asm.Caches
		want   sizes
	}{
		{"unknown", asm.Caches{}, usual},
		{"Zen 4, Neoverse V2", asm.Caches{L1D: 32 << 10, L2: 1 << 20, L3: 32 << 20}, usual},
		{"Zen 2 and 3", asm.Caches{L1D: 32 << 10, L2: 512 << 10, L3: 16 << 20}, half},
		{"Sapphire Rapids", asm.Caches{L1D: 48 << 10, L2: 2 << 20, L3: 105 << 20}, double},
		{"Apple M1, shared by four cores", asm.Caches{L1D: 128 << 10, L2: 12 << 20}, usual},
		{"QEMU", asm.Caches{L1D: 32 << 10, L2: 4 << 20, L3: 16 << 20}, usual},
		{"nonsense", asm.Caches{L2: -1}, usual},
	} {
		t.Run(c.name, func(t *testing.T) { require.Equal(t, c.want, sizesFor(c.caches)) })
	}
	require.Equal(t, sizesFor(asm.Caches{L2: 256 << 10}), sizesFor(asm.Caches{L2: 1 << 10}), "less than any")
	require.Equal(t, 840, sizesFor(asm.Caches{L2: 1280 << 10}).columnA, "Ice Lake")
}

// blocked returns what products and layers of all kinds compute, by the sizes of the hour.
func blocked[T Float](p *Pool) (all []T) {
	s := NewStream(1, "blocked")
	for _, c := range []struct {
		m, n, k int
		turned  bool
	}{{130, 300, 800, false}, {61, 520, 260, true}} {
		a, b := RowMajor(randomSlice[T](s, c.m*c.k), c.k), RowMajor(randomSlice[T](s, c.k*c.n), c.n)
		if c.turned {
			b = Transposed(b.Data, c.k)
		}
		y := make([]T, c.m*c.n)
		Gemm(p, c.m, c.n, c.k, a, b, y, c.n, Set)
		all = append(all, y...)
	}
	y := make([]T, 90*90)
	Syrk(p, 90, 800, RowMajor(randomSlice[T](s, 90*800), 800), y, 90, Set)
	for i := range 90 {
		all = append(all, y[i*90+i:(i+1)*90]...)
	}
	for _, c := range []struct {
		n     int
		shape ConvShape
	}{
		{2, ConvShape{C: 3, H: 20, W: 20, K: 33, R: 5, S: 5, Stride: 1}},          // along rows
		{3, ConvShape{C: 32, H: 8, W: 8, K: 48, R: 3, S: 3, Stride: 1, Pad: 1}},   // Winograd's
		{2, ConvShape{C: 20, H: 18, W: 18, K: 34, R: 5, S: 5, Stride: 2, Pad: 1}}, // direct
		{9, ConvShape{C: 24, H: 8, W: 8, K: 30, R: 1, S: 1, Stride: 2}},           // one tap of small images
		{2, ConvShape{C: 3, H: 40, W: 16, K: 34, R: 3, S: 3, Stride: 1, Pad: 1}},  // along rows of 3
	} {
		v := c.shape
		ho, wo := v.Out()
		x, w := randomSlice[T](s, c.n*v.C*v.H*v.W), randomSlice[T](s, v.K*v.Patch())
		dy, y := randomSlice[T](s, c.n*v.K*ho*wo), make([]T, c.n*v.K*ho*wo)
		dx, dw, db := make([]T, len(x)), make([]T, len(w)), make([]T, v.K)
		conv := NewConv[T](v)
		conv.Forward(p, c.n, x, w, nil, y, true)
		conv.InputGrad(p, c.n, w, dy, dx)
		conv.WeightGrad(p, c.n, x, dy, dw, db, y)
		all = append(append(append(append(all, y...), dx...), dw...), db...)
	}
	for _, c := range []struct{ n, in, out int }{{40, 700, 90}, {30, denseLong, 40}} {
		x, w, dy := randomSlice[T](s, c.n*c.in), randomSlice[T](s, c.out*c.in), randomSlice[T](s, c.n*c.out)
		y, dx, dw := make([]T, len(dy)), make([]T, len(x)), make([]T, len(w))
		var d DenseForward[T]
		d.Run(p, c.n, c.in, c.out, x, w, nil, y, false)
		var g DenseGrad[T]
		g.Run(p, c.n, c.in, c.out, x, w, dy, dw, dx, true)
		all = append(append(append(all, y...), dx...), dw...)
	}
	return all
}

// The sizes reach no bit.
func TestSizesReachNoBit(t *testing.T) {
	p := NewPool(2)
	defer p.Close()
	defer func(s sizes) { l2 = s }(l2)
	caches := []int{256 << 10, 640 << 10, 2 << 20}
	if testing.Short() {
		caches = caches[:1]
	}
	asmtest.ForEachPath(t, func(t *testing.T) {
		l2 = sizesFor(asm.Caches{})
		want32 := blocked[float32](p)
		var want64 []float64
		if !testing.Short() {
			want64 = blocked[float64](p)
		}
		for _, size := range caches {
			l2 = sizesFor(asm.Caches{L2: size})
			asmtest.SameBits(t, want32, blocked[float32](p), "float32, %d bytes", size)
			if !testing.Short() {
				asmtest.SameBits(t, want64, blocked[float64](p), "float64, %d bytes", size)
			}
		}
	})
}
