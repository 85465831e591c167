package asm_test

import (
	"fmt"
	"math"
	"math/rand/v2"
	"os"
	"slices"
	"testing"

	"github.com/stretchr/testify/require"

	"randalign/asm"
	"randalign/asm/asmtest"
)

func TestMain(m *testing.M) {
	fmt.Println("kernel paths:", asm.Paths())
	os.Exit(m.Run())
}

// chain is the definition of a GEMM element.
func chain32(kc int, a, b []float32, mr, ldb, i, j int, c float32) float32 {
	for k := range kc {
		c = asm.FMA32(a[k*mr+i], b[k*ldb+j], c)
	}
	return c
}

func TestGemmF32IsOneChainPerElement(t *testing.T) {
	rng := rand.New(rand.NewPCG(1, 2))
	numbers := map[string]func(i int) float32{
		"exact":   asmtest.Exact[float32],
		"special": asmtest.Special,
		"random":  func(int) float32 { return float32(rng.NormFloat64()) },
	}
	asmtest.ForEachPath(t, func(t *testing.T) {
		g := asm.Active().GemmF32
		for name, number := range numbers {
			for kc := range 24 {
				for _, load := range []bool{false, true} {
					for off := range 4 {
						ldc := g.NR + off
						ldb := g.NR + 5*(off%2) // packed, and in place in a wider matrix
						a, checkA := asmtest.Guarded[float32](t, kc*g.MR, off)
						b, checkB := asmtest.Guarded[float32](t, max(kc-1, 0)*ldb+min(kc, 1)*g.NR, off)
						c, checkC := asmtest.Guarded[float32](t, (g.MR-1)*ldc+g.NR, off)
						for i := range a {
							a[i] = number(i)
						}
						for i := range b {
							b[i] = number(i + 5)
						}
						for i := range c {
							c[i] = number(i + 3)
						}
						want := append([]float32(nil), c...)
						for i := range g.MR {
							for j := range g.NR {
								start := float32(0)
								if load {
									start = want[i*ldc+j]
								}
								want[i*ldc+j] = chain32(kc, a, b, g.MR, ldb, i, j, start)
							}
						}
						// An empty panel has no first element.
						pa, pb := &append(a, 0)[0], &append(b, 0)[0]
						if kc > 0 {
							pa, pb = &a[0], &b[0]
						}
						g.Run(kc, pa, pb, ldb, &c[0], ldc, load)
						asmtest.SameBits(t, want, c, "%s kc %d load %v offset %d", name, kc, load, off)
						checkA()
						checkB()
						checkC()
					}
				}
			}
		}
	})
}

func TestGemmF64IsOneChainPerElement(t *testing.T) {
	rng := rand.New(rand.NewPCG(3, 4))
	asmtest.ForEachPath(t, func(t *testing.T) {
		g := asm.Active().GemmF64
		for kc := range 24 {
			for _, load := range []bool{false, true} {
				for off := range 4 {
					ldc := g.NR + off
					a, _ := asmtest.Guarded[float64](t, kc*g.MR+1, off)
					ldb := g.NR + 3*(off%2)
					b, _ := asmtest.Guarded[float64](t, kc*ldb+1, off)
					c, check := asmtest.Guarded[float64](t, (g.MR-1)*ldc+g.NR, off)
					for _, s := range [][]float64{a, b, c} {
						for i := range s {
							s[i] = rng.NormFloat64()
							if off == 3 {
								s[i] = float64(asmtest.Special(i))
							}
						}
					}
					want := append([]float64(nil), c...)
					for i := range g.MR {
						for j := range g.NR {
							x := 0.0
							if load {
								x = c[i*ldc+j]
							}
							for k := range kc {
								x = math.FMA(a[k*g.MR+i], b[k*ldb+j], x)
							}
							want[i*ldc+j] = x
						}
					}
					g.Run(kc, &a[0], &b[0], ldb, &c[0], ldc, load)
					asmtest.SameBits(t, want, c, "kc %d load %v offset %d", kc, load, off)
					check()
				}
			}
		}
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
				x, y, z := make([]float32, n), make([]float32, n), make([]float32, n)
				for i := range n {
					x[i], y[i], z[i] = asmtest.Special(i), asmtest.Special(i*3+1), asmtest.Special(i*5+2)
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
				run("relugrad", func(k *asm.Kernels, d, _ []float32) { k.ReluGradF32(d, d, y) })
				run("sgd", func(k *asm.Kernels, d, o []float32) { k.SgdF32(d, o, y, 0.01, 0.9, 0.0005) })
				asmtest.SameBits(t, []float32{ref.SumF32(x)}, []float32{k.SumF32(x)}, "sum n %d", n)
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

func TestPackF32(t *testing.T) {
	asmtest.ForEachPath(t, func(t *testing.T) {
		k := asm.Active()
		for _, width := range []int{1, 4, 6, 8, 12, 16, 32} {
			for rows := 1; rows <= width; rows++ {
				for _, kc := range []int{0, 1, 2, 7, 8, 9, 16, 31} {
					ld := kc + 3
					src := make([]float32, rows*ld)
					for i := range src {
						src[i] = float32(i + 1)
					}
					dst, check := asmtest.Guarded[float32](t, kc*width, 1)
					k.PackF32(dst, src, ld, rows, width, kc)
					for p := range kc {
						for i := range width {
							want := float32(0)
							if i < rows {
								want = src[i*ld+p]
							}
							require.Equal(t, want, dst[p*width+i])
						}
					}
					check()
				}
			}
		}
	})
}

func TestCopiesIntoPanels(t *testing.T) {
	asmtest.ForEachPath(t, func(t *testing.T) {
		k := asm.Active()
		for _, width := range []int{1, 8, 12, 16, 32} {
			for kc := range 20 {
				ld := width + 3
				src, _ := asmtest.Guarded[float32](t, kc*ld+width, 1)
				for i := range src {
					src[i] = float32(i)
				}
				rows, checkRows := asmtest.Guarded[float32](t, kc*width, 2)
				k.CopyRowsF32(rows, src, ld, width, kc)
				offset := make([]int, kc)
				for i := range offset {
					offset[i] = i * i % max(kc, 1)
				}
				slices.Sort(offset)
				runs, checkRuns := asmtest.Guarded[float32](t, kc*width, 3)
				k.CopyRunsF32(runs, src, offset, width)
				for i := range kc {
					require.Equal(t, src[i*ld:][:width], rows[i*width:][:width])
					require.Equal(t, src[offset[i]:][:width], runs[i*width:][:width])
				}
				checkRows()
				checkRuns()
			}
		}
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

func BenchmarkGemmF32(b *testing.B) {
	for _, p := range asm.Paths() {
		b.Run(p, func(b *testing.B) {
			undo, _ := asm.Select(p)
			defer undo()
			g, kc := asm.Active().GemmF32, 256
			x, y, c := make([]float32, kc*g.MR), make([]float32, kc*g.NR), make([]float32, g.MR*g.NR)
			for b.Loop() {
				g.Run(kc, &x[0], &y[0], g.NR, &c[0], g.NR, true)
			}
			b.ReportMetric(float64(2*kc*g.MR*g.NR)*float64(b.N)/b.Elapsed().Seconds()/1e9, "GFLOP/s")
		})
	}
}

func BenchmarkGemmF64(b *testing.B) {
	for _, p := range asm.Paths() {
		b.Run(p, func(b *testing.B) {
			undo, _ := asm.Select(p)
			defer undo()
			g, kc := asm.Active().GemmF64, 256
			x, y, c := make([]float64, kc*g.MR), make([]float64, kc*g.NR), make([]float64, g.MR*g.NR)
			for b.Loop() {
				g.Run(kc, &x[0], &y[0], g.NR, &c[0], g.NR, true)
			}
			b.ReportMetric(float64(2*kc*g.MR*g.NR)*float64(b.N)/b.Elapsed().Seconds()/1e9, "GFLOP/s")
		})
	}
}
