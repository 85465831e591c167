package tensor

import (
	"fmt"
	"math"
	"slices"
	"testing"

	"github.com/stretchr/testify/require"

	"randalign/asm"
	"randalign/asm/asmtest"
)

func randomSlice[T Float](s *Stream, n int) []T {
	x := make([]T, n)
	FillNormal(s, x, 1)
	return x
}

// mixed is randomSlice with a special number in every so many, on the average; 0: with none.
func mixed[T Float](s *Stream, n, every int) []T {
	x := randomSlice[T](s, n)
	for i := s.IntN(every + 1); every > 0 && i < n; i += 1 + s.IntN(2*every) {
		x[i] = asmtest.Special[T](s.IntN(1000))
	}
	return x
}

// checkGemm holds Gemm against its definition for one shape and all layouts, one of them in short.
func checkGemm[T Float](t *testing.T, p *Pool, m, n, k int) {
	s := NewStream(uint64(m*1000003+n*1009+k), "gemm")
	for layout := range 4 {
		if testing.Short() && layout != (m+n)%4 {
			continue
		}
		for _, store := range []Store{Set, Accumulate} {
			every := []int{0, 4, 40}[(m+n+k+layout)%3]
			a, b, ldc := operands[T](s, m, n, k, layout, every)
			got := result[T](s, m, n, ldc, every, store)
			want := slices.Clone(got)
			refGemm(m, n, k, a, b, want, ldc, store)
			Gemm(p, m, n, k, a, b, got, ldc, store)
			asmtest.SameBits(t, want, got, "%d x %d x %d layout %d store %d threads %d", m, n, k, layout, store, p.Threads())
		}
	}
}

// operands returns A and B of one of four layouts, and the distance of C's rows.
func operands[T Float](s *Stream, m, n, k, layout, every int) (a, b Matrix[T], ldc int) {
	a = Matrix[T]{Stride: k + 1, Trans: layout&1 != 0}
	rows := m
	if a.Trans {
		a.Stride, rows = m+2, k
	}
	b = Matrix[T]{Stride: n, Trans: layout&2 != 0}
	cols := k
	if b.Trans {
		b.Stride, cols = k+3, n
	}
	a.Data, b.Data = mixed[T](s, a.Stride*rows+1, every), mixed[T](s, b.Stride*cols+1, every)
	return a, b, n + layout
}

// result returns what C holds before, which is not read for Set.
func result[T Float](s *Stream, m, n, ldc, every int, store Store) []T {
	c := mixed[T](s, m*ldc+1, every)
	for i := 0; i < m && store == Set; i++ {
		for j := range n {
			c[i*ldc+j] = T(math.NaN())
		}
	}
	return c
}

// checkSizes holds Gemm against its definition for all heights and all widths up to two tiles
// and three, not each with each.
func checkSizes[T Float](t *testing.T, p *Pool) {
	g := kernel[T]()
	depths := []int{0, 1, 2, 3, 5, 8, 19}
	if testing.Short() {
		depths = []int{0, 2, 5}
	}
	call := 0
	check := func(m, n int) {
		for range 2 {
			checkGemm[T](t, p, m, n, depths[call%len(depths)])
			call++
		}
	}
	for _, m := range asmtest.Sizes(g.MR) {
		for _, n := range []int{1, g.NR - 1, g.NR, g.NR + 1, 2*g.NR + 3} {
			check(m, n)
		}
	}
	for _, n := range asmtest.Sizes(g.NR) {
		for _, m := range []int{1, g.MR - 1, g.MR, g.MR + 1, 2*g.MR + 3} {
			check(m, n)
		}
	}
}

func TestGemmEqualsItsDefinition(t *testing.T) {
	p1, p3 := NewPool(1), NewPool(3)
	defer p1.Close()
	defer p3.Close()
	asmtest.ForEachPath(t, func(t *testing.T) {
		checkSizes[float32](t, p1)
		checkSizes[float64](t, p3)
		shapes := [][3]int{{1, 1, 300}, {7, 5, 513}, {9, 300, 3}, {400, 3, 0}}
		if asm.Active().Name != "generic" {
			shapes = append(shapes, [3]int{100, 4100, 5}, [3]int{4100, 20, 7}, [3]int{97, 260, 257}, [3]int{105, 530, 300})
		}
		for _, s := range shapes {
			checkGemm[float32](t, p3, s[0], s[1], s[2])
			checkGemm[float64](t, p1, s[0], s[1], s[2])
		}
		if asm.Active().Name != "generic" { // several blocks of each side, groups of panels
			checkGemm[float32](t, p1, 190, 150, 1100)
			checkGemm[float64](t, p1, 66, 1100, 140)
			checkGemm[float64](t, p1, 66, 500, 600)
		}
	})
}

// checkGemmPast holds a C that passes the caches by against its definition, with columns left over
// and rows that begin with cache lines.
func checkGemmPast[T Float](t *testing.T) {
	m, k, ldc := 29, 3, roundUp(pastBytes/29/wordSize[T](), 64)+64
	n := ldc - 5
	require.Greater(t, m*n*wordSize[T](), pastBytes)
	s := NewStream(3, "past")
	a, b := Matrix[T]{Data: randomSlice[T](s, m*k), Stride: k}, Matrix[T]{Data: randomSlice[T](s, k*ldc), Stride: ldc}
	want, got := Make[T](m*ldc), Make[T](m*ldc)
	refGemm(m, n, k, a, b, want, ldc, Set)
	asmtest.ForEachPath(t, func(t *testing.T) {
		for _, threads := range []int{1, 3} {
			p := NewPool(threads)
			clear(got)
			Gemm(p, m, n, k, a, b, got, ldc, Set)
			asmtest.SameBits(t, want, got, "%d threads", threads)
			p.Close()
		}
	})
}

func TestGemmPastTheCaches(t *testing.T) {
	checkGemmPast[float32](t)
	checkGemmPast[float64](t)
}

// drawn makes sizes of numbers drawn, small ones as often as large ones: up to 2047, and their product
// up to a million.
func drawn(x ...uint16) []int {
	d, product := make([]int, len(x)), 1
	for i, v := range x {
		d[i] = int(v&0x7ff) >> (v >> 11 % 8)
		product *= max(d[i], 1)
	}
	for i := int(x[0]); product > 1<<20; i++ {
		one := &d[i%len(d)]
		product = product / max(*one, 1) * max(*one/2, 1)
		*one /= 2
	}
	return d
}

// FuzzGemm draws shapes, layouts, threads and how many numbers are special.
func FuzzGemm(f *testing.F) {
	f.Add(uint16(20), uint16(40), uint16(400), uint16(2))
	f.Add(uint16(200), uint16(3), uint16(1), uint16(0x101))
	f.Add(uint16(2000), uint16(80), uint16(7), uint16(0x73)) // many rows, then columns, then steps
	f.Add(uint16(9), uint16(1900), uint16(60), uint16(0x84))
	f.Add(uint16(13), uint16(40), uint16(2040), uint16(0x08))
	f.Add(uint16(14), uint16(140), uint16(500), uint16(0x0b))
	f.Add(uint16(2), uint16(700), uint16(740), uint16(0x0a)) // groups of panels of B
	f.Add(uint16(15), uint16(256), uint16(270), uint16(0))   // the same, copied on the way
	f.Add(uint16(200), uint16(3), uint16(0), uint16(0x164))  // no steps
	f.Add(uint16(30), uint16(9), uint16(1), uint16(0xf800))
	f.Add(uint16(1), uint16(64), uint16(2), uint16(0xf812))
	f.Fuzz(func(t *testing.T, m, n, k, how uint16) {
		p := NewPool([]int{1, 2, 3, 7}[how%4])
		defer p.Close()
		d, store, every := drawn(m, n, k), Store(how>>4%2), []int{0, 4, 60, 600}[how>>5%4]
		if how>>11 == 0x1f { // a C that passes the caches by
			d = []int{2048 + int(m%70), 2048 + int(n%70), int(k % 4)}
		}
		if how>>7%2 == 0 {
			fuzzGemm[float32](t, p, d[0], d[1], d[2], int(how>>2%4), store, every)
		} else {
			fuzzGemm[float64](t, p, d[0], d[1], d[2], int(how>>2%4), store, every)
		}
	})
}

func fuzzGemm[T Float](t *testing.T, p *Pool, m, n, k, layout int, store Store, every int) {
	s := NewStream(uint64(m*1000003+n*1009+k), "fuzz")
	a, b, ldc := operands[T](s, m, n, k, layout, every)
	before := result[T](s, m, n, ldc, every, store)
	want, got := slices.Clone(before), make([]T, len(before))
	refGemm(m, n, k, a, b, want, ldc, store)
	asmtest.ForEachPath(t, func(t *testing.T) {
		copy(got, before)
		Gemm(p, m, n, k, a, b, got, ldc, store)
		asmtest.SameBits(t, want, got, "%d x %d x %d layout %d store %d threads %d", m, n, k, layout, store, p.Threads())
	})
}

func checkSyrk[T Float](t *testing.T, p *Pool, m, k int) {
	s := NewStream(uint64(m*1009+k), "syrk")
	for _, trans := range []bool{false, true} {
		a := Matrix[T]{Stride: k + 1, Trans: trans}
		if trans {
			a.Stride = m + 2
		}
		a.Data = randomSlice[T](s, a.Stride*max(m, k)+1)
		for _, store := range []Store{Set, Accumulate} {
			ldc := m + 3
			got := randomSlice[T](s, m*ldc+1)
			want := append([]T(nil), got...)
			refGemm(m, m, k, a, a.T(), want, ldc, store)
			Syrk(p, m, k, a, got, ldc, store)
			for i := range m {
				asmtest.SameBits(t, want[i*ldc+i:][:m-i], got[i*ldc+i:][:m-i], "%d x %d trans %v store %d row %d", m, k, trans, store, i)
			}
		}
	}
}

func TestSyrkIsTheUpperTriangleOfGemm(t *testing.T) {
	p := NewPool(2)
	defer p.Close()
	asmtest.ForEachPath(t, func(t *testing.T) {
		for _, m := range []int{0, 1, 5, 13, 14, 15, 29, 33, 75} {
			checkSyrk[float32](t, p, m, (m*7)%11)
			checkSyrk[float64](t, p, m, (m*5)%13)
		}
		if asm.Active().Name != "generic" {
			checkSyrk[float32](t, p, 700, 5)
			checkSyrk[float64](t, p, 300, 400)
		}
	})
	require.PanicsWithValue(t, "tensor: syrk: C as 2 x 2 (stride 1) does not fit 4 elements", func() {
		Syrk(p, 2, 1, RowMajor(make([]float32, 2), 1), make([]float32, 4), 1, Set)
	})
}

func TestGemmExactNumbers(t *testing.T) {
	p := NewPool(2)
	defer p.Close()
	asmtest.ForEachPath(t, func(t *testing.T) {
		const m, n, k = 37, 41, 29
		a, b := make([]float32, m*k), make([]float32, k*n)
		for i := range a {
			a[i] = asmtest.Exact[float32](i)
		}
		for i := range b {
			b[i] = asmtest.Exact[float32](i + 3)
		}
		c := make([]float32, m*n)
		Gemm(p, m, n, k, RowMajor(a, k), RowMajor(b, n), c, n, Set)
		for i := range m {
			for j := range n {
				var want float64 // backwards: the order does not matter for these numbers
				for x := k - 1; x >= 0; x-- {
					want += float64(a[i*k+x]) * float64(b[x*n+j])
				}
				require.Equal(t, want, float64(c[i*n+j]))
			}
		}
	})
}

func TestGemmKeepsNaNAndInf(t *testing.T) {
	p := NewPool(1)
	defer p.Close()
	asmtest.ForEachPath(t, func(t *testing.T) {
		c := []float32{5}
		Gemm(p, 1, 1, 2, RowMajor([]float32{0, 1}, 2), RowMajor([]float32{float32(math.Inf(1)), 1}, 1), c, 1, Set)
		require.True(t, c[0] != c[0], "0*Inf must be NaN")
		c[0] = 5
		Gemm(p, 1, 1, 0, RowMajor([]float32{}, 0), RowMajor([]float32{}, 1), c, 1, Accumulate)
		require.Equal(t, float32(5), c[0])
		Gemm(p, 1, 1, 0, RowMajor([]float32{}, 0), RowMajor([]float32{}, 1), c, 1, Set)
		require.Zero(t, c[0])
	})
}

func TestGemmMisusePanicsWithShapes(t *testing.T) {
	p := NewPool(1)
	defer p.Close()
	require.PanicsWithValue(t, "tensor: gemm: A as 2 x 3 (transposed false, stride 3) does not fit 5 elements", func() {
		Gemm(p, 2, 2, 3, RowMajor(make([]float32, 5), 3), RowMajor(make([]float32, 6), 2), make([]float32, 4), 2, Set)
	})
	require.PanicsWithValue(t, "tensor: gemm: C as 2 x 2 (stride 2) does not fit 3 elements", func() {
		Gemm(p, 2, 2, 3, RowMajor(make([]float32, 6), 3), RowMajor(make([]float32, 6), 2), make([]float32, 3), 2, Set)
	})
}

// checkAllocations runs Gemm, and Syrk where C is square.
func checkAllocations[T Float](t *testing.T, m, n, k int) {
	p := NewPool(2)
	defer p.Close()
	a, b, c := make([]T, m*k), make([]T, k*n), make([]T, m*n)
	for _, run := range []func(){
		func() { Gemm(p, m, n, k, RowMajor(a, k), RowMajor(b, n), c, n, Set) },
		func() { Gemm(p, m, n, k, Transposed(a, m), Transposed(b, k), c, n, Accumulate) },
		func() {
			if m == n {
				Syrk(p, m, k, RowMajor(a, k), c, n, Set)
				Syrk(p, m, k, Transposed(a, m), c, n, Accumulate)
			}
		},
	} {
		run()
		require.Zero(t, testing.AllocsPerRun(3, run), "%d x %d x %d", m, n, k)
	}
}

func TestGemmDoesNotAllocate(t *testing.T) {
	asmtest.ForEachPath(t, func(t *testing.T) {
		for _, d := range [][3]int{
			{100, 100, 100},
			{130, 600, 600}, // packed by groups of panels
			{300, 300, 800}, // several blocks of each side
			{2100, 2100, 2}, // past the caches
		} {
			if work := d[0] * d[1] * d[2]; work > 1<<21 && asm.Active().Name == "generic" || work > 1<<24 && testing.Short() {
				continue
			}
			checkAllocations[float32](t, d[0], d[1], d[2])
			checkAllocations[float64](t, d[0], d[1], d[2])
		}
	})
}

func benchGemm[T Float](b *testing.B, name string, m, n, k int, ta, tb bool) {
	for _, path := range asm.Paths() {
		if path == "generic" && m*n*k > 1<<24 {
			continue
		}
		b.Run(fmt.Sprintf("%s/%dx%dx%d/%s", name, m, n, k, path), func(b *testing.B) {
			undo, _ := asm.Select(path)
			defer undo()
			p := NewPool(1)
			defer p.Close()
			s := NewStream(1, "bench")
			x, y := Matrix[T]{make([]T, m*k), k, ta}, Matrix[T]{make([]T, k*n), n, tb}
			if ta {
				x.Stride = m
			}
			if tb {
				y.Stride = k
			}
			FillNormal(s, x.Data[:min(len(x.Data), 1<<16)], 1)
			FillNormal(s, y.Data[:min(len(y.Data), 1<<16)], 1)
			c := make([]T, m*n)
			for b.Loop() {
				Gemm(p, m, n, k, x, y, c, n, Set)
			}
			b.ReportMetric(2*float64(m)*float64(n)*float64(k)*float64(b.N)/b.Elapsed().Seconds()/1e9, "GFLOP/s")
		})
	}
}

func BenchmarkGemm(b *testing.B) {
	for _, n := range []int{64, 256, 1024} {
		benchGemm[float32](b, "f32", n, n, n, false, false)
		benchGemm[float64](b, "f64", n, n, n, false, false)
	}
	// The dense layer of simple-cnn: forward, input gradient, weight gradient.
	benchGemm[float32](b, "f32/forward", 256, 64, 200704, false, true)
	benchGemm[float32](b, "f32/input", 256, 200704, 64, false, false)
	benchGemm[float32](b, "f32/weights", 64, 200704, 256, true, false)
	benchGemm[float32](b, "f32/mlp", 128, 256, 2048, false, true)
}

// Products of few columns whose rows meet in the cache, against their definition.
func TestGemmOfAliasedRows(t *testing.T) {
	p := NewPool(2)
	defer p.Close()
	asmtest.ForEachPath(t, func(t *testing.T) {
		s := NewStream(1, "aliased")
		for _, m := range []int{1, 6, 7, 8, 20, 31} {
			for _, n := range []int{1, 31, 33, 64} {
				for _, trans := range []bool{false, true} {
					k := 1 + (m*n*37)%1500
					a := Matrix[float32]{Data: randomSlice[float32](s, m*1536), Stride: 1536}
					b := Matrix[float32]{Data: randomSlice[float32](s, 1536*70), Stride: 70, Trans: trans}
					if trans {
						b.Stride = 1537
						b.Data = randomSlice[float32](s, n*1537)
					}
					c := randomSlice[float32](s, m*(n+3))
					want := append([]float32(nil), c...)
					store := Store(m % 2)
					refGemm(m, n, k, a, b, want, n+3, store)
					Gemm(p, m, n, k, a, b, c, n+3, store)
					asmtest.SameBits(t, want, c, "%d x %d x %d, B turned %v", m, n, k, trans)
				}
			}
		}
	})
}

// Blocks cover the result once, and the thread that gets the most products gets little more
// than its part of them.
func TestGridSharesProductsOut(t *testing.T) {
	for _, c := range []struct {
		name    string
		m, n, k int
		upper   bool
		threads int
		most    float64 // of a thread's products, in parts of the average
	}{
		{"square, two big blocks", 512, 512, 512, false, 2, 1.01},
		{"square of odd panels", 352, 352, 352, false, 2, 1.01},
		{"small square", 64, 64, 64, false, 2, 1.01},
		{"square", 2048, 2048, 2048, false, 7, 1.1},
		{"square", 2048, 2048, 2048, false, 64, 1.01},
		{"square", 1000, 1000, 1000, false, 64, 1.25},
		{"vgg16's 2 x 2 images", 512, 128, 512, false, 64, 1.25},
		{"wide", 256, 25088, 75, false, 64, 1.1},
		{"narrow", 256, 64, 200704, false, 64, 1.3},
		{"triangle", 2048, 2048, 512, true, 2, 1.05},
		{"triangle of few panels", 300, 300, 1024, true, 2, 1.15},
		{"triangle", 3072, 3072, 512, true, 7, 1.1},
	} {
		t.Run(fmt.Sprintf("%s/%dx%dx%d/%d", c.name, c.m, c.n, c.k, c.threads), func(t *testing.T) {
			asmtest.ForEachPath(t, func(t *testing.T) {
				a, b := RowMajor([]float32(nil), c.k), RowMajor([]float32(nil), c.n)
				j := gemmJob[float32]{kern: kernel[float32](), a: a, b: b, m: c.m, n: c.n, k: c.k, upper: c.upper}
				j.cut(c.threads)
				tasks := j.gm * j.gn
				require.LessOrEqual(t, tasks, 4*c.threads)
				share := make([]int, c.threads)
				all, area := 0, 0
				for task := range tasks {
					i0, i1, j0, j1 := j.block(task)
					area += (i1 - i0) * (j1 - j0)
					work := (i1 - i0) * (j1 - j0)
					if c.upper {
						work -= (j1 - j0) * (j1 - j0 - 1) / 2
					}
					all += work
					least := 0 // whoever is done first takes the next
					for w := range share {
						if share[w] < share[least] {
							least = w
						}
					}
					share[least] += work
				}
				if c.upper {
					require.Equal(t, c.n*(c.n+1)/2, all)
				} else {
					require.Equal(t, c.m*c.n, area)
				}
				if asm.Active().Name == "avx512" {
					require.LessOrEqual(t, float64(slices.Max(share)*c.threads), c.most*float64(all))
				}
			})
		})
	}
}
