package asm_test

import (
	"fmt"
	"math"
	"math/rand/v2"
	"os"
	"testing"

	"github.com/stretchr/testify/require"

	"randalign/asm"
	"randalign/asm/asmtest"
)

func TestMain(m *testing.M) {
	fmt.Println("kernel paths:", asm.Paths())
	os.Exit(m.Run())
}

// fma is the definition of one step of a chain.
func fma[T float32 | float64](x, y, z T) T {
	if _, ok := any(x).(float32); ok {
		return T(asm.FMA32(float32(x), float32(y), float32(z)))
	}
	return T(math.FMA(float64(x), float64(y), float64(z)))
}

// checkGemmTile holds one call of a kernel against its definition, in guarded
// memory. Strides of A and of B's and C's rows follow off, so that packed panels
// and matrices in place both occur.
func checkGemmTile[T float32 | float64](t *testing.T, g *asm.Gemm[T], rows, cols, kc, off int, load bool, number func(i int) T) {
	rs, cs, tall := 1, g.MR, g.MR // a packed panel
	if g.Strided {
		switch tall = rows; off {
		case 1:
			cs = rows + 3 // columns of a matrix
		case 2, 3:
			rs, cs = kc+off, 1 // rows of a matrix
		}
	}
	ldb, ldc := g.NR+5*(off%2), g.NR+off
	a, checkA := asmtest.Guarded[T](t, (tall-1)*rs+max(kc-1, 0)*cs+1, off)
	b, checkB := asmtest.Guarded[T](t, max(kc-1, 0)*ldb+g.NR, off)
	c, checkC := asmtest.Guarded[T](t, (rows-1)*ldc+cols, off)
	for i := range a {
		a[i] = number(i)
	}
	for i := range b {
		b[i] = number(i + 5)
	}
	for i := range c {
		c[i] = number(i + 3)
	}
	want := append([]T(nil), c...)
	for i := range rows {
		for j := range cols {
			var x T
			if load {
				x = want[i*ldc+j]
			}
			for k := range kc {
				x = fma(a[i*rs+k*cs], b[k*ldb+j], x)
			}
			want[i*ldc+j] = x
		}
	}
	g.Run(rows, cols, kc, &a[0], rs, cs, &b[0], 0, ldb, &c[0], ldc, load, nil, nil)
	asmtest.SameBits(t, want, c, "%d x %d x %d load %v offset %d", rows, cols, kc, load, off)
	checkA()
	checkB()
	checkC()
}

// checkGemm goes through every height and width of a tile.
func checkGemm[T float32 | float64](t *testing.T, g *asm.Gemm[T]) {
	rng := rand.New(rand.NewPCG(1, 2))
	numbers := []func(i int) T{
		asmtest.Exact[T],
		asmtest.Special[T],
		func(int) T { return T(rng.NormFloat64()) },
	}
	for rows := 1; rows <= g.MR; rows++ {
		for cols := 1; cols <= g.NR; cols++ {
			for i := range 4 {
				checkGemmTile(t, g, rows, cols, (rows+cols+5*i)%7, i, (rows+i)%2 == 0, numbers[(cols+i)%3])
			}
		}
	}
	for kc := range 24 {
		for off := range 4 {
			for _, number := range numbers {
				checkGemmTile(t, g, g.MR, g.NR, kc, off, false, number)
				checkGemmTile(t, g, g.MR-1, g.NR-1, kc, off, true, number)
			}
		}
	}
}

func TestGemmIsOneChainPerElement(t *testing.T) {
	asmtest.ForEachPath(t, func(t *testing.T) {
		checkGemm(t, &asm.Active().GemmF32)
		checkGemm(t, &asm.Active().GemmF64)
	})
}

// Every vector kernel of every path against its reference, over all lengths
// past twice the largest unrolled block.
func TestVectorKernelsEqualTheirReference(t *testing.T) {
	undo, err := asm.Select("generic")
	require.NoError(t, err)
	ref := asm.Active()
	undo()
	asmtest.ForEachPath(t, func(t *testing.T) {
		k := asm.Active()
		for n := range 150 {
			for off := range 4 {
				x, checkX := asmtest.Guarded[float32](t, n, off)
				y, checkY := asmtest.Guarded[float32](t, n, 3-off)
				z, checkZ := asmtest.Guarded[float32](t, n, (off+1)%4)
				for i := range n {
					x[i], y[i], z[i] = asmtest.Special[float32](i), asmtest.Special[float32](i*3+1), asmtest.Special[float32](i*5+2)
					if off%2 == 1 {
						x[i], y[i], z[i] = float32(math.Sin(float64(i))), float32(math.Cos(float64(3*i))), float32(i)
					}
				}
				run := func(name string, f func(k *asm.Kernels, dst, other []float32)) {
					wantDst, wantOther := append([]float32(nil), x...), append([]float32(nil), z...)
					f(ref, wantDst, wantOther)
					dst, check := asmtest.Guarded[float32](t, n, off)
					other, checkOther := asmtest.Guarded[float32](t, n, 3-off)
					copy(dst, x)
					copy(other, z)
					f(k, dst, other)
					asmtest.SameBits(t, wantDst, dst, "%s n %d offset %d", name, n, off)
					asmtest.SameBits(t, wantOther, other, "%s n %d offset %d, second", name, n, off)
					check()
					checkOther()
				}
				run("add", func(k *asm.Kernels, d, _ []float32) { k.AddF32(d, y) })
				run("addscalar", func(k *asm.Kernels, d, _ []float32) { k.AddScalarF32(d, 0.75) })
				run("relu", func(k *asm.Kernels, d, _ []float32) { k.ReluF32(d, y) })
				run("relu in place", func(k *asm.Kernels, d, _ []float32) { k.ReluF32(d, d) })
				run("relugrad", func(k *asm.Kernels, d, o []float32) { k.ReluGradF32(d, o, y) })
				run("relugrad in place", func(k *asm.Kernels, d, _ []float32) { k.ReluGradF32(d, d, y) })
				run("sgd", func(k *asm.Kernels, d, o []float32) { k.SgdF32(d, o, y, 0.01, 0.9, 0.0005) })
				run("addrelu", func(k *asm.Kernels, d, _ []float32) { k.AddReluF32(d, y) })
				run("mul", func(k *asm.Kernels, d, o []float32) { k.MulF32(d, y, o) })
				run("mul, dst is x", func(k *asm.Kernels, d, _ []float32) { k.MulF32(d, d, y) })
				run("mul, dst is y", func(k *asm.Kernels, d, _ []float32) { k.MulF32(d, y, d) })
				run("scale", func(k *asm.Kernels, d, _ []float32) { k.ScaleF32(d, -0.3) })
				run("fill", func(k *asm.Kernels, d, _ []float32) { k.FillF32(d, 1.7) })
				run("leaky relu", func(k *asm.Kernels, d, _ []float32) { k.LeakyReluF32(d, y, 0.1) })
				run("leaky relu in place", func(k *asm.Kernels, d, _ []float32) { k.LeakyReluF32(d, d, 0.1) })
				run("leaky relu gradient", func(k *asm.Kernels, d, o []float32) { k.LeakyReluGradF32(d, o, y, 0.1) })
				run("leaky relu gradient in place", func(k *asm.Kernels, d, _ []float32) { k.LeakyReluGradF32(d, d, y, 0.1) })
				run("sigmoid", func(k *asm.Kernels, d, _ []float32) { k.SigmoidF32(d, y) })
				run("sigmoid in place", func(k *asm.Kernels, d, _ []float32) { k.SigmoidF32(d, d) })
				run("sigmoid gradient", func(k *asm.Kernels, d, o []float32) { k.SigmoidGradF32(d, o, y) })
				run("sigmoid gradient in place", func(k *asm.Kernels, d, _ []float32) { k.SigmoidGradF32(d, d, y) })
				run("tanh", func(k *asm.Kernels, d, _ []float32) { k.TanhF32(d, y) })
				run("tanh in place", func(k *asm.Kernels, d, _ []float32) { k.TanhF32(d, d) })
				run("tanh gradient", func(k *asm.Kernels, d, o []float32) { k.TanhGradF32(d, o, y) })
				run("tanh gradient in place", func(k *asm.Kernels, d, _ []float32) { k.TanhGradF32(d, d, y) })
				run("gelu", func(k *asm.Kernels, d, _ []float32) { k.GeluF32(d, y) })
				run("gelu in place", func(k *asm.Kernels, d, _ []float32) { k.GeluF32(d, d) })
				run("gelu gradient", func(k *asm.Kernels, d, o []float32) { k.GeluGradF32(d, o, y) })
				run("gelu gradient in place", func(k *asm.Kernels, d, _ []float32) { k.GeluGradF32(d, d, y) })
				run("sum rows", func(k *asm.Kernels, d, _ []float32) { k.SumRowsF32(d[:n/3], y, min(3, n), n/3) })
				run("sum rows with gaps", func(k *asm.Kernels, d, _ []float32) { k.SumRowsF32(d[:n/4], y, min(3, n), n/3) })
				asmtest.SameBits(t, []float32{ref.SumF32(x)}, []float32{k.SumF32(x)}, "sum n %d", n)
				require.Equal(t, ref.CountF32(x), k.CountF32(x), "count n %d", n)
				for _, area := range []int{n / 9, n / 4, n} {
					planes := min(n/max(1, area), 9)
					sums, checkSums := asmtest.Guarded[float32](t, planes, off)
					want := make([]float32, planes)
					ref.SumPlanesF32(want, x, area)
					k.SumPlanesF32(sums, x, area)
					asmtest.SameBits(t, want, sums, "sums of planes of %d", area)
					checkSums()
				}
				asmtest.SameBits(t, []float64{ref.SumSquaresF32(x), ref.DotF32(x, y)}, []float64{k.SumSquaresF32(x), k.DotF32(x, y)}, "squares, dot n %d", n)
				wide, check := asmtest.Guarded[float64](t, n, off)
				other, checkOther := asmtest.Guarded[float64](t, n, 3-off)
				for i := range n {
					wide[i], other[i] = asmtest.Special[float64](i), asmtest.Special[float64](i*3+1)
					if off%2 == 1 {
						wide[i], other[i] = math.Sin(float64(i)), math.Cos(float64(3*i))
					}
				}
				u, v := append([]float64(nil), wide...), append([]float64(nil), other...)
				ref.RotateF64(u, v, 0.3, -0.7)
				k.RotateF64(wide, other, 0.3, -0.7)
				asmtest.SameBits(t, u, wide, "rotate n %d", n)
				asmtest.SameBits(t, v, other, "rotate n %d, second", n)
				check()
				checkOther()
				checkX()
				checkY()
				checkZ()
			}
		}
	})
}

func TestVectorKernelsByHand(t *testing.T) {
	asmtest.ForEachPath(t, func(t *testing.T) {
		k := asm.Active()
		nan, negZero := float32(math.NaN()), float32(math.Copysign(0, -1))
		x := []float32{-1, negZero, 0, 2, nan}
		k.ReluF32(x, x)
		asmtest.SameBits(t, []float32{0, 0, 0, 2, 0}, x, "relu")
		w, v := []float32{1}, []float32{2}
		k.SgdF32(w, v, []float32{4}, 0.5, 0.25, 0.5)
		require.Equal(t, []float32{5}, v)    // 0.25*2 + (4 + 0.5*1)
		require.Equal(t, []float32{-1.5}, w) // 1 - 0.5*5
		ones := make([]float32, 1000)
		for i := range ones {
			ones[i] = float32(i)
		}
		require.Equal(t, float32(499500), k.SumF32(ones))
	})
}

func TestSelect(t *testing.T) {
	before := asm.Active().Name
	undo, err := asm.Select("generic")
	require.NoError(t, err)
	require.Equal(t, "generic", asm.Active().Name)
	undo()
	require.Equal(t, before, asm.Active().Name)
	_, err = asm.Select("sse9")
	require.ErrorContains(t, err, `"sse9"`)
	require.ErrorContains(t, err, "generic")
	require.Equal(t, "generic", asm.Paths()[len(asm.Paths())-1])
}

// benchKernel times the kernel alone, on panels in the first-level cache.
func benchKernel[T float32 | float64](b *testing.B, kernel func() *asm.Gemm[T]) {
	for _, p := range asm.Paths() {
		for _, packed := range []bool{true, false} {
			b.Run(fmt.Sprintf("%s/packed %v", p, packed), func(b *testing.B) {
				undo, _ := asm.Select(p)
				defer undo()
				g := kernel()
				const kc = 256
				rs, cs := 1, g.MR
				if !packed && g.Strided {
					rs, cs = kc+16, 1
				}
				x, y, c := make([]T, (kc+16)*g.MR), make([]T, kc*g.NR), make([]T, g.MR*g.NR)
				for b.Loop() {
					g.Run(g.MR, g.NR, kc, &x[0], rs, cs, &y[0], 0, g.NR, &c[0], g.NR, true, nil, nil)
				}
				b.ReportMetric(float64(2*kc*g.MR*g.NR)*float64(b.N)/b.Elapsed().Seconds()/1e9, "GFLOP/s")
			})
		}
	}
}

func BenchmarkGemmF32(b *testing.B) {
	benchKernel(b, func() *asm.Gemm[float32] { return &asm.Active().GemmF32 })
}

func BenchmarkGemmF64(b *testing.B) {
	benchKernel(b, func() *asm.Gemm[float64] { return &asm.Active().GemmF64 })
}
