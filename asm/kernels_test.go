package asm_test

import (
	"fmt"
	"math"
	"math/rand/v2"
	"os"
	"slices"
	"testing"
	"unsafe"

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
	g.Run(rows, cols, kc, &a[0], rs, cs, &b[0], ldb, &c[0], ldc, load)
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
		func(i int) T { return T(asmtest.Special(i)) },
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
				run("addrelu", func(k *asm.Kernels, d, _ []float32) { k.AddReluF32(d, y) })
				run("mul", func(k *asm.Kernels, d, _ []float32) { k.MulF32(d, d, y) })
				run("scale", func(k *asm.Kernels, d, _ []float32) { k.ScaleF32(d, -0.3) })
				run("fill", func(k *asm.Kernels, d, _ []float32) { k.FillF32(d, 1.7) })
				run("leaky relu", func(k *asm.Kernels, d, _ []float32) { k.LeakyReluF32(d, y, 0.1) })
				run("leaky relu in place", func(k *asm.Kernels, d, _ []float32) { k.LeakyReluF32(d, d, 0.1) })
				run("leaky relu gradient", func(k *asm.Kernels, d, _ []float32) { k.LeakyReluGradF32(d, d, y, 0.1) })
				run("sigmoid", func(k *asm.Kernels, d, _ []float32) { k.SigmoidF32(d, d) })
				run("sigmoid gradient", func(k *asm.Kernels, d, _ []float32) { k.SigmoidGradF32(d, d, y) })
				run("tanh", func(k *asm.Kernels, d, _ []float32) { k.TanhF32(d, d) })
				run("tanh gradient", func(k *asm.Kernels, d, _ []float32) { k.TanhGradF32(d, d, y) })
				run("gelu", func(k *asm.Kernels, d, _ []float32) { k.GeluF32(d, d) })
				run("gelu gradient", func(k *asm.Kernels, d, _ []float32) { k.GeluGradF32(d, d, y) })
				run("sum rows", func(k *asm.Kernels, d, _ []float32) { k.SumRowsF32(d[:n/3], y, min(3, n), n/3) })
				asmtest.SameBits(t, []float32{ref.SumF32(x)}, []float32{k.SumF32(x)}, "sum n %d", n)
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
					wide[i], other[i] = float64(x[i]), float64(y[i])
				}
				u, v := append([]float64(nil), wide...), append([]float64(nil), other...)
				ref.RotateF64(u, v, 0.3, -0.7)
				k.RotateF64(wide, other, 0.3, -0.7)
				asmtest.SameBits(t, u, wide, "rotate n %d", n)
				asmtest.SameBits(t, v, other, "rotate n %d, second", n)
				check()
				checkOther()
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

// checkPack interleaves rows that stand in no order.
func checkPack[T float32 | float64](t *testing.T, pack func(dst, src []T, offset []int, width, kc int)) {
	for _, width := range []int{1, 4, 6, 8, 12, 16, 32} {
		for rows := 0; rows <= width; rows++ {
			for kc := range 36 {
				src, _ := asmtest.Guarded[T](t, max(rows, 1)*(kc+3), kc%4)
				offset := make([]int, rows)
				for i := range offset {
					offset[i] = (i * 5 % rows) * (kc + 3)
				}
				for i := range src {
					src[i] = T(i + 1)
				}
				dst, check := asmtest.Guarded[T](t, kc*width, 1)
				pack(dst, src, offset, width, kc)
				for p := range kc {
					for i := range width {
						want := T(0)
						if i < rows {
							want = src[offset[i]+p]
						}
						if dst[p*width+i] != want {
							t.Fatalf("width %d, %d rows, kc %d: step %d, row %d is %v for %v", width, rows, kc, p, i, dst[p*width+i], want)
						}
					}
				}
				check()
			}
		}
	}
}

func TestPack(t *testing.T) {
	asmtest.ForEachPath(t, func(t *testing.T) {
		checkPack(t, asm.Active().PackF32)
		checkPack(t, asm.Active().PackF64)
	})
}

func TestCopyRows(t *testing.T) {
	asmtest.ForEachPath(t, func(t *testing.T) {
		for _, width := range []int{1, 8, 12, 16, 32, 48, 64} {
			for kc := range 20 {
				ld := width + 3
				src, _ := asmtest.Guarded[float32](t, kc*ld+width, 1)
				for i := range src {
					src[i] = float32(i)
				}
				for _, ldd := range []int{width, width + 5} {
					rows, check := asmtest.Guarded[float32](t, kc*ldd, 2)
					before := slices.Clone(rows)
					asm.Active().CopyRowsF32(rows, ldd, src, ld, width, kc)
					for i := range kc {
						require.Equal(t, src[i*ld:][:width], rows[i*ldd:][:width])
						require.Equal(t, before[i*ldd+width:][:ldd-width], rows[i*ldd+width:][:ldd-width])
					}
					check()
				}
			}
		}
	})
}

// Runs of every length, some of which leave gaps or straddle two registers.
func TestPackRuns(t *testing.T) {
	rng := rand.New(rand.NewPCG(7, 8))
	asmtest.ForEachPath(t, func(t *testing.T) {
		for _, width := range []int{8, 12, 16, 32} {
			for round := range 200 {
				var runs []asm.Run
				size := 0
				for at := rng.IntN(3); at < width; {
					n := min(1+rng.IntN(1+round%width), width-at)
					offset := rng.IntN(40)
					runs = append(runs, asm.Run{At: at, N: n, Offset: offset})
					at += n + rng.IntN(2)*rng.IntN(3)
					size = max(size, offset+n)
				}
				taps := []int{0, 0, 3, 7, 8, 30}[:round%7]
				src, _ := asmtest.Guarded[float32](t, size+30, round%4)
				for i := range src {
					src[i] = float32(i + 1)
				}
				want := make([]float32, len(taps)*width)
				for k, tap := range taps {
					for _, r := range runs {
						for j := range r.N {
							want[k*width+r.At+j] = src[tap+r.Offset+j]
						}
					}
				}
				dst, check := asmtest.Guarded[float32](t, len(want), 3-round%4)
				asm.Active().PackRunsF32(dst, src, taps, runs, width)
				asmtest.SameBits(t, want, dst, "width %d, runs %v", width, runs)
				check()
			}
		}
	})
}

func TestPadRows(t *testing.T) {
	asmtest.ForEachPath(t, func(t *testing.T) {
		for width := 1; width <= 70; width++ {
			for zeros := range min(width+1, 4) {
				for _, n := range []int{0, 1, width - zeros - 1, width - zeros} {
					if n < 0 || zeros+n > width {
						continue
					}
					const rows = 3
					src, _ := asmtest.Guarded[float32](t, rows*(n+1), width%4)
					for i := range src {
						src[i] = float32(i + 1)
					}
					dst, check := asmtest.Guarded[float32](t, (rows-1)*(width+2)+width, zeros)
					asm.Active().PadRowsF32(dst, src, rows, width+2, n+1, zeros, n, width)
					for r := range rows {
						for j := range width {
							want := float32(0)
							if j >= zeros && j < zeros+n {
								want = src[r*(n+1)+j-zeros]
							}
							if got := dst[r*(width+2)+j]; got != want {
								t.Fatalf("width %d, %d zeros, %d elements: row %d, column %d is %v for %v", width, zeros, n, r, j, got, want)
							}
						}
					}
					check()
				}
			}
		}
	})
}

// Rows that begin with a vector and rows that do not, with rests of all lengths.
func TestReluGradRows(t *testing.T) {
	asmtest.ForEachPath(t, func(t *testing.T) {
		const rows, ldx, ld = 5, 83, 80
		for width := range 70 {
			for off := range 16 {
				dx, check := asmtest.Guarded[float32](t, (rows-1)*ldx+width, off)
				dy, y := make([]float32, rows*ld), make([]float32, rows*ld)
				for i := range dy {
					dy[i], y[i] = asmtest.Special(i*3+1), asmtest.Special(i*5+off)
				}
				want := append([]float32(nil), dx...)
				for r := range rows {
					for j := range width {
						want[r*ldx+j] = 0
						if y[r*ld+j] > 0 {
							want[r*ldx+j] = dy[r*ld+j]
						}
					}
				}
				asm.Active().ReluGradRowsF32(dx, ldx, dy, y, ld, rows, width)
				asmtest.SameBits(t, want, dx, "width %d offset %d", width, off)
				check()
			}
		}
	})
}

func TestTranspose(t *testing.T) {
	asmtest.ForEachPath(t, func(t *testing.T) {
		for rows := range 36 {
			for cols := range 36 {
				src, _ := asmtest.Guarded[float32](t, rows*(cols+2), rows%4)
				for i := range src {
					src[i] = float32(i + 1)
				}
				ldd := rows + cols%3
				if cols%8 == 3 {
					ldd = 1024 // a page, of which some paths take care
				}
				dst, check := asmtest.Guarded[float32](t, max(cols-1, 0)*ldd+rows, cols%4)
				asm.Active().TransposeF32(dst, ldd, src, cols+2, rows, cols)
				for r := range rows {
					for c := range cols {
						if got, want := dst[c*ldd+r], src[r*(cols+2)+c]; got != want {
							t.Fatalf("%d x %d: row %d, column %d is %v for %v", rows, cols, r, c, got, want)
						}
					}
				}
				check()
			}
		}
	})
}

func TestEverySecondElement(t *testing.T) {
	asmtest.ForEachPath(t, func(t *testing.T) {
		k := asm.Active()
		for n := range 70 {
			for rows := range 4 {
				const planes = 2
				long, short := 2*n+rows, n+1
				farLong, farShort := rows*long+1, rows*short+3 // distances of planes
				src, _ := asmtest.Guarded[float32](t, farLong+max(rows-1, 0)*long+2*n, n%4)
				for i := range src {
					src[i] = float32(i + 1)
				}
				taken, check := asmtest.Guarded[float32](t, farShort+max(rows-1, 0)*short+n, rows)
				k.TakeSecondF32(taken, src, asm.Planes{Planes: planes, Rows: rows, DstPlane: farShort, DstRow: short, SrcPlane: farLong, SrcRow: long}, n)
				check()
				second, _ := asmtest.Guarded[float32](t, len(taken), n%3)
				for i := range second {
					second[i] = -float32(i + 1)
				}
				for i, pair := range [][2][]float32{{taken, second}, {taken, nil}, {nil, second}, {nil, nil}, {taken, second}} {
					even, odd := pair[0], pair[1]
					woven, check := asmtest.Guarded[float32](t, len(src), 3-n%4)
					for i := range woven {
						woven[i] = 0.5
					}
					k.WeaveF32(woven, even, odd, asm.Planes{Planes: planes, Rows: rows, DstPlane: farLong, DstRow: long, SrcPlane: farShort, SrcRow: short}, n, i > 1)
					check()
					want := make([]float32, len(woven))
					for i := range want {
						want[i] = 0.5
					}
					for r := range planes * rows {
						to, from := r/rows*farLong+r%rows*long, r/rows*farShort+r%rows*short
						for i := range n {
							require.Equal(t, src[to+2*i], taken[from+i])
							want[to+2*i], want[to+2*i+1] = 0, 0
							if even != nil {
								want[to+2*i] = even[from+i]
							}
							if odd != nil {
								want[to+2*i+1] = odd[from+i]
							}
						}
					}
					asmtest.SameBits(t, want, woven, "%d rows of %d", rows, n)
				}
			}
		}
	})
}

// Rows that the copy makes longer or shorter, and what stands between them stays.
func TestCopyAndPartPlanes(t *testing.T) {
	asmtest.ForEachPath(t, func(t *testing.T) {
		k := asm.Active()
		for n := range 70 {
			for rows := range 4 {
				const planes = 2
				p := asm.Planes{Planes: planes, Rows: rows, DstPlane: rows*(n+1) + 3, DstRow: n + 1, SrcPlane: rows * (n + rows), SrcRow: n + rows}
				src, _ := asmtest.Guarded[float32](t, p.SrcPlane+max(rows-1, 0)*p.SrcRow+n, n%4)
				for i := range src {
					src[i] = float32(i + 1)
				}
				dst, check := asmtest.Guarded[float32](t, p.DstPlane+max(rows-1, 0)*p.DstRow+n, rows)
				want := make([]float32, len(dst))
				for i := range want {
					dst[i], want[i] = 0.5, 0.5
				}
				for r := range planes * rows {
					for i := range n {
						want[r/rows*p.DstPlane+r%rows*p.DstRow+i] = src[r/rows*p.SrcPlane+r%rows*p.SrcRow+i]
					}
				}
				k.CopyPlanesF32(dst, src, p, n)
				check()
				asmtest.SameBits(t, want, dst, "%d rows of %d", rows, n)

				even, checkEven := asmtest.Guarded[float32](t, len(dst), rows)
				odd, checkOdd := asmtest.Guarded[float32](t, len(dst), 3-rows)
				pairs, _ := asmtest.Guarded[float32](t, 2*len(src), n%3)
				wantOdd := append([]float32(nil), want...)
				for i := range pairs {
					pairs[i] = float32(i/2+1) * float32(1-i%2*2)
				}
				for i, v := range want {
					even[i], odd[i] = 0.5, 0.5
					if v != 0.5 {
						wantOdd[i] = -v
					}
				}
				p.SrcPlane, p.SrcRow = 2*p.SrcPlane, 2*p.SrcRow
				k.PartF32(even, odd, pairs, p, n)
				checkEven()
				checkOdd()
				asmtest.SameBits(t, want, even, "even ones of %d rows of %d", rows, n)
				asmtest.SameBits(t, wantOdd, odd, "odd ones of %d rows of %d", rows, n)
			}
		}
	})
}

// Rows of all lengths, at places that are and are not cache lines, with and without past.
func TestUpsample(t *testing.T) {
	asmtest.ForEachPath(t, func(t *testing.T) {
		for n := range 41 {
			for rows := range 4 {
				for i, gap := range []int{0, 0, 16, 3} {
					const planes = 3
					p := asm.Planes{Planes: planes, Rows: rows, DstPlane: rows*4*n + gap, DstRow: 4 * n, SrcPlane: rows*n + 2*gap, SrcRow: n}
					src, _ := asmtest.Guarded[float32](t, planes*p.SrcPlane, n%4)
					for i := range src {
						src[i] = float32(i + 1)
					}
					aligned, _ := asmtest.Guarded[float32](t, planes*p.DstPlane+16, 0)
					dst, check := asmtest.Guarded[float32](t, planes*p.DstPlane, rows)
					if n%4 == 0 { // a whole number of lines from the start of one
						dst = aligned
						for uintptr(unsafe.Pointer(&dst[0]))%64 != 0 {
							dst = dst[1:]
						}
					}
					want := make([]float32, len(dst))
					for i := range dst {
						dst[i], want[i] = 0.5, 0.5
					}
					for r := range planes * rows {
						to, from := r/rows*p.DstPlane+r%rows*p.DstRow, r/rows*p.SrcPlane+r%rows*p.SrcRow
						clear(want[to:][:4*n])
						for i := range n {
							want[to+2*i] = src[from+i]
						}
					}
					asm.Active().UpsampleF32(dst, src, p, n, i > 0)
					check()
					asmtest.SameBits(t, want, dst, "%d rows of %d, gap %d", rows, n, gap)
				}
			}
		}
	})
}

// Planes of all sizes, with elements at every place of a mask.
func TestExpand(t *testing.T) {
	asmtest.ForEachPath(t, func(t *testing.T) {
		for size := range 70 {
			for _, pattern := range []uint16{0, 1, 0x8000, 0x5a5a, 0xfffe, 0xffff} {
				const planes = 3
				masks := make([]uint16, (size+15)/16)
				count := 0
				for i := range size {
					bit := pattern >> ((i + i/16) % 16) & 1
					masks[i/16] |= bit << (i % 16)
					count += int(bit)
				}
				src, _ := asmtest.Guarded[float32](t, planes*count, size%4)
				for i := range src {
					src[i] = float32(i + 1)
				}
				var want []float32
				next := src
				for i := range planes * size {
					x := float32(0)
					if at := i % size; masks[at/16]>>(at%16)&1 != 0 {
						x, next = next[0], next[1:]
					}
					want = append(want, x)
				}
				dst, check := asmtest.Guarded[float32](t, planes*size, size%3)
				asm.Active().ExpandF32(dst, src, planes, masks, size, count)
				check()
				asmtest.SameBits(t, want, dst, "size %d pattern %x", size, pattern)
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
					g.Run(g.MR, g.NR, kc, &x[0], rs, cs, &y[0], g.NR, &c[0], g.NR, true)
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
