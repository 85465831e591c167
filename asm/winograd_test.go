package asm_test

import (
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/stretchr/testify/require"

	"randalign/asm"
	"randalign/asm/asmtest"
)

// A transform, its rows and how to take it out of a path's table.
type transform struct {
	name     string
	dst, src int
	of       func(k *asm.Kernels) func(dst, src []float32, s asm.Strips)
}

var transforms = []transform{
	{"Input", 6, 6, func(k *asm.Kernels) func(dst, src []float32, s asm.Strips) { return k.InputF32 }},
	{"Filter", 6, 3, func(k *asm.Kernels) func(dst, src []float32, s asm.Strips) { return k.FilterF32 }},
	{"Output", 4, 6, func(k *asm.Kernels) func(dst, src []float32, s asm.Strips) { return k.OutputF32 }},
	{"OutputGrad", 6, 4, func(k *asm.Kernels) func(dst, src []float32, s asm.Strips) { return k.OutputGradF32 }},
	{"FilterGrad", 3, 6, func(k *asm.Kernels) func(dst, src []float32, s asm.Strips) { return k.FilterGradF32 }},
}

var strideTransforms = []transform{
	{"StrideInput", 9, 9, func(k *asm.Kernels) func(dst, src []float32, s asm.Strips) { return k.StrideInputF32 }},
	{"StrideFilter", 6, 3, func(k *asm.Kernels) func(dst, src []float32, s asm.Strips) { return k.StrideFilterF32 }},
	{"StrideOutput", 4, 9, func(k *asm.Kernels) func(dst, src []float32, s asm.Strips) { return k.StrideOutputF32 }},
	{"StrideOutputGrad", 9, 5, func(k *asm.Kernels) func(dst, src []float32, s asm.Strips) { return k.StrideOutputGradF32 }},
	{"StrideInputGrad", 8, 9, func(k *asm.Kernels) func(dst, src []float32, s asm.Strips) { return k.StrideInputGradF32 }},
}

var allTransforms = slices.Concat(transforms, strideTransforms)

// size is the length of a slice that ends with the last element of its strips.
func size(rows, row, step, n, count int) int {
	if n == 0 || count == 0 {
		return 0
	}
	return (count-1)*step + (rows-1)*row + n
}

// layouts are the distances of rows and steps of so many rows: strips one after
// the other, with gaps, side by side, and those of a source that overlap.
func layouts(rows, n, count int, overlap bool) [][2]int {
	all := [][2]int{{n, rows * n}, {n + 3, rows*(n+3) + 1}, {count*n + 5, n}}
	if overlap {
		all = append(all, [2]int{n + 1, 4 * (n + 1)}, [2]int{n, 0})
	}
	return all
}

// Every transform of every path against its reference. What stands between the
// strips of the result must stay as it is.
func TestWinogradEqualsItsReference(t *testing.T) {
	ref := generic(t)
	rng := rand.New(rand.NewPCG(11, 12))
	special := asmtest.Special[float32]
	random := func(int) float32 { return float32(rng.NormFloat64()) }
	tiny := func(int) float32 { return float32(rng.NormFloat64() * 1e-38) }
	bits := func(int) float32 { return math.Float32frombits(rng.Uint32()) }
	numbers := []func(int) float32{special, random, tiny, bits}
	asmtest.ForEachPath(t, func(t *testing.T) {
		k := asm.Active()
		for _, f := range allTransforms {
			call := 0
			for n := 0; n <= 96; n += asm.Lanes {
				for count := range 6 {
					for _, d := range layouts(f.dst, n, count, false) {
						for _, s := range layouts(f.src, n, count, true) {
							off := call % 5
							src, checkSrc := asmtest.Guarded[float32](t, size(f.src, s[0], s[1], n, count), off)
							dst, check := asmtest.Guarded[float32](t, size(f.dst, d[0], d[1], n, count), call%7)
							for i := range src {
								src[i] = numbers[call%4](i + call)
							}
							for i := range dst {
								dst[i] = float32(i)
							}
							want, before := slices.Clone(dst), slices.Clone(src)
							strips := asm.Strips{DstRow: d[0], DstStep: d[1], SrcRow: s[0], SrcStep: s[1], N: n, Count: count}
							f.of(ref)(want, src, strips)
							f.of(k)(dst, src, strips)
							asmtest.SameBits(t, want, dst, "%s %+v offset %d", f.name, strips, off)
							asmtest.SameBits(t, before, src, "source of %s %+v", f.name, strips)
							checkSrc()
							check()
							call++
						}
					}
				}
			}
		}
	})
}

// Slices that are too short by one element panic before anything is written.
func TestWinogradChecksItsSlices(t *testing.T) {
	asmtest.ForEachPath(t, func(t *testing.T) {
		k := asm.Active()
		for _, f := range allTransforms {
			const n, count = 16, 3
			s := asm.Strips{DstRow: n, DstStep: f.dst * n, SrcRow: n, SrcStep: f.src * n, N: n, Count: count}
			dst, src := make([]float32, f.dst*n*count), make([]float32, f.src*n*count)
			run := func(dst, src []float32, s asm.Strips) func() {
				return func() { f.of(k)(dst, src, s) }
			}
			require.NotPanics(t, run(dst, src, s))
			require.Panics(t, run(dst[:len(dst)-1:len(dst)-1], src, s))
			require.Panics(t, run(dst, src[:len(src)-1:len(src)-1], s))
			backwards := s
			backwards.SrcStep = -1
			require.Panics(t, run(dst, src, backwards))
			require.Zero(t, testing.AllocsPerRun(10, run(dst, src, s)))
			s.Count = 0
			require.NotPanics(t, run(nil, nil, s))
			s.Count, s.N = 1, 0
			require.NotPanics(t, run(nil, nil, s))
		}
	})
}

// once applies a transform to one vector.
func once[T float32 | float64](f func(dst, src []T, s asm.Strips), out int, in ...T) []T {
	dst := make([]T, out)
	f(dst, in, asm.Strips{DstRow: 1, SrcRow: 1, N: 1, Count: 1})
	return dst
}

func normals(rng *rand.Rand, n int) []float64 {
	x := make([]float64, n)
	for i := range x {
		x[i] = rng.NormFloat64()
	}
	return x
}

// points are the finite ones of the interpolation.
var points = []float64{0, 0.75, -0.75, 1.5, -1.5}

// polynomial returns the coefficients of the product of x - a over all a but those
// of the index skip, from the constant on.
func polynomial(a []float64, skip int) []float64 {
	c := []float64{1}
	for i, r := range a {
		if i == skip {
			continue
		}
		next := make([]float64, len(c)+1)
		for j, v := range c {
			next[j+1] += v
			next[j] -= r * v
		}
		c = next
	}
	return c
}

// The matrices that interpolation at the points gives, a column for each input:
// values of the polynomial through the taps at the points (and the leading
// coefficient), divided by the product of the point's distances or not, their
// transposes, and the polynomials that vanish at all other points.
func winogradMatrix(name string) (m [][]float64) {
	powers := func(n int, scaled bool) [][]float64 { // 6 rows of n
		m := make([][]float64, 6)
		for i := range m {
			m[i] = make([]float64, n)
			if i == 5 {
				m[i][n-1] = 1
				continue
			}
			distances := 1.0
			for j, a := range points {
				if scaled && j != i {
					distances *= points[i] - a
				}
			}
			for k := range n {
				m[i][k] = math.Pow(points[i], float64(k)) / distances
			}
		}
		return m
	}
	transposed := func(m [][]float64) [][]float64 {
		t := make([][]float64, len(m[0]))
		for i := range t {
			for _, row := range m {
				t[i] = append(t[i], row[i])
			}
		}
		return t
	}
	switch name {
	case "Filter":
		return powers(3, true)
	case "Output":
		return transposed(powers(4, false))
	case "OutputGrad":
		return powers(4, false)
	case "FilterGrad":
		return transposed(powers(3, true))
	}
	for i := range 6 { // 5 skips none
		m = append(m, append(polynomial(points, i), 0)[:6])
	}
	return m
}

// Unit vectors show the matrices' entries, which are exact but where the
// interpolation divides.
func TestWinogradMatrices(t *testing.T) {
	wide := map[string]func(dst, src []float64, s asm.Strips){
		"Input": asm.WinogradInput[float64], "Filter": asm.WinogradFilter[float64], "Output": asm.WinogradOutput[float64],
		"OutputGrad": asm.WinogradOutputGrad[float64], "FilterGrad": asm.WinogradFilterGrad[float64],
	}
	ref := generic(t)
	for _, f := range transforms {
		m := winogradMatrix(f.name)
		require.Len(t, m, f.dst)
		for j := range f.src {
			unit, narrow := make([]float64, f.src), make([]float32, f.src)
			unit[j], narrow[j] = 1, 1
			column, short := once(wide[f.name], f.dst, unit...), once(f.of(ref), f.dst, narrow...)
			for i := range m {
				want, where := m[i][j], fmt.Sprintf("%s, row %d, column %d", f.name, i, j)
				if f.name == "Filter" || f.name == "FilterGrad" { // a rounded constant, one more rounding
					require.InDelta(t, want, column[i], math.Abs(want)*0x1p-52, where)
					require.InDelta(t, want, float64(short[i]), math.Abs(want)*0x1p-23, where)
					continue
				}
				require.Equal(t, want, column[i], where)
				require.Equal(t, float32(want), short[i], where)
			}
		}
	}
}

// The transforms come together to correlations: of six elements with three taps,
// and with four elements of a gradient.
func TestWinogradIsACorrelation(t *testing.T) {
	rng := rand.New(rand.NewPCG(13, 14))
	normal := func(n int) []float64 { return normals(rng, n) }
	times := func(x, y []float64) []float64 {
		z := make([]float64, len(x))
		for i := range z {
			z[i] = x[i] * y[i]
		}
		return z
	}
	check := func(d, taps, got []float64) {
		scale := 0.0
		for _, x := range d {
			for _, y := range taps {
				scale = max(scale, math.Abs(x*y))
			}
		}
		for i, y := range got {
			want := 0.0
			for k, g := range taps {
				want += d[i+k] * g
			}
			require.InDelta(t, want, y, 1e-14*scale)
		}
	}
	for range 1000 {
		d, g, dy := normal(6), normal(3), normal(4)
		v := once(asm.WinogradInput[float64], 6, d...)
		u := once(asm.WinogradFilter[float64], 6, g...)
		check(d, g, once(asm.WinogradOutput[float64], 4, times(u, v)...))
		u = once(asm.WinogradOutputGrad[float64], 6, dy...)
		check(d, dy, once(asm.WinogradFilterGrad[float64], 3, times(u, v)...))
	}
}

// Bytes read and written a second, in the first-level cache.
func BenchmarkWinograd(b *testing.B) {
	for _, f := range allTransforms {
		for _, shape := range []struct{ n, count int }{{16, 24}, {32, 12}, {512, 1}} {
			n, rows := shape.n, max(f.dst, f.src)
			dst, src := make([]float32, rows*n*shape.count), make([]float32, rows*n*shape.count)
			for i := range src {
				src[i] = float32(i%17) - 8
			}
			s := asm.Strips{DstRow: n, DstStep: f.dst * n, SrcRow: n, SrcStep: f.src * n, N: n, Count: shape.count}
			for _, path := range asm.Paths() {
				b.Run(fmt.Sprintf("%s/%dx%d/%s", f.name, n, shape.count, path), func(b *testing.B) {
					undo, err := asm.Select(path)
					if err != nil {
						b.Fatal(err)
					}
					defer undo()
					k := asm.Active()
					run := f.of(k)
					for b.Loop() {
						run(dst, src, s)
					}
					b.ReportMetric(float64(4*(f.dst+f.src)*n*shape.count)*float64(b.N)/b.Elapsed().Seconds()/1e9, "GB/s")
				})
			}
		}
	}
}
