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

// The fused kernels and how to take them out of a path's table.
var rowsConvs = []struct {
	name         string
	places, tile int
	of           func(r *asm.Rows) asm.RowsConv
}{
	{"Conv3", 4, 2, func(r *asm.Rows) asm.RowsConv { return r.RowsConv3F32 }},
	{"Conv5", 8, 4, func(r *asm.Rows) asm.RowsConv { return r.RowsConv5F32 }},
}

var rowsGrads = []struct {
	name   string
	places int
	of     func(r *asm.Rows) asm.RowsGrad
}{
	{"Grad3", 6, func(r *asm.Rows) asm.RowsGrad { return r.RowsGrad3F32 }},
	{"Grad5", 8, func(r *asm.Rows) asm.RowsGrad { return r.RowsGrad5F32 }},
}

var rowsInputs = []struct {
	name string
	rows int
	of   func(r *asm.Rows) func(dst, src []float32, s asm.Strips)
}{
	{"Input3", 4, func(r *asm.Rows) func(dst, src []float32, s asm.Strips) { return r.RowsInput3F32 }},
	{"Input5", 8, func(r *asm.Rows) func(dst, src []float32, s asm.Strips) { return r.RowsInput5F32 }},
}

// rowsNumbers are test numbers: call after call others.
func rowsNumbers(seed uint64) func(call int, x []float32) {
	rng := rand.New(rand.NewPCG(seed, 22))
	kinds := []func(i int) float32{
		asmtest.Special[float32],
		func(int) float32 { return float32(rng.NormFloat64()) },
		func(int) float32 { return float32(rng.NormFloat64() * 1e-38) },
		func(int) float32 { return math.Float32frombits(rng.Uint32()) },
	}
	return func(call int, x []float32) {
		for i := range x {
			x[i] = kinds[call%4](i + call)
		}
	}
}

func TestRowsConvEqualsItsReference(t *testing.T) {
	ref, fill := generic(t), rowsNumbers(21)
	asmtest.ForEachPath(t, func(t *testing.T) {
		k := asm.Active()
		for _, f := range rowsConvs {
			call, filters := 0, asm.RowsStep/f.places
			for blocks := range 6 {
				for _, taps := range []int{1, 2, 3, 9, 15} {
					for _, gap := range []int{0, 1, 7, 16, 40} {
						for flags := range 4 {
							relu, past := flags%2 == 1, flags/2 == 1
							wide := blocks * asm.Lanes * f.tile
							ldd := wide + gap
							size := (filters-1)*ldd + wide
							dst, check := asmtest.Guarded[float32](t, size, call%7)
							u, checkU := asmtest.Guarded[float32](t, taps*asm.RowsStep, call%3)
							v, checkV := asmtest.Guarded[float32](t, blocks*taps*f.places*asm.Lanes, call%5)
							bias, checkBias := asmtest.Guarded[float32](t, filters, call%2)
							for _, x := range [][]float32{u, v, bias} {
								fill(call, x)
							}
							for i := range dst {
								dst[i] = float32(i)
							}
							want := slices.Clone(dst)
							f.of(&ref.Rows)(blocks, taps, want, ldd, u, v, bias, relu, past)
							f.of(&k.Rows)(blocks, taps, dst, ldd, u, v, bias, relu, past)
							asmtest.SameBits(t, want, dst, "%s, %d blocks, %d steps, gap %d, relu %v, past the caches %v", f.name, blocks, taps, gap, relu, past)
							for _, c := range []func(){check, checkU, checkV, checkBias} {
								c()
							}
							call++
						}
					}
				}
			}
		}
	})
}

func TestRowsGradEqualsItsReference(t *testing.T) {
	ref, fill := generic(t), rowsNumbers(23)
	asmtest.ForEachPath(t, func(t *testing.T) {
		k := asm.Active()
		for _, f := range rowsGrads {
			call := 0
			for width := 1; width < 150; width += 1 + width/40*7 {
				for _, rows := range []int{1, 3} {
					for _, filters := range []int{1, 7, 15, 16} {
						for _, gap := range []int{0, 16, 17} {
							tiles := (width + 3) / 4
							step, ld := asm.Lanes+gap, width+gap/5
							place, plane := rows*tiles*step+gap, rows*ld+gap
							src, checkSrc := asmtest.Guarded[float32](t, (filters-1)*plane+(rows-1)*ld+width, call%5)
							dst, check := asmtest.Guarded[float32](t, (f.places-1)*place+(rows*tiles-1)*step+asm.Lanes, call%7)
							fill(call, src)
							for i := range dst {
								dst[i] = float32(i)
							}
							want := slices.Clone(dst)
							f.of(&ref.Rows)(want, place, step, src, plane, ld, filters, rows, width)
							f.of(&k.Rows)(dst, place, step, src, plane, ld, filters, rows, width)
							asmtest.SameBits(t, want, dst, "%s, width %d, %d rows, %d filters, gap %d", f.name, width, rows, filters, gap)
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

func TestRowsInputEqualsItsReference(t *testing.T) {
	ref, fill := generic(t), rowsNumbers(25)
	asmtest.ForEachPath(t, func(t *testing.T) {
		k := asm.Active()
		for _, f := range rowsInputs {
			call := 0
			for n := 0; n <= 96; n += asm.Lanes {
				for count := range 4 {
					for _, d := range layouts(f.rows, n, count, false) {
						for _, s := range layouts(f.rows, n, count, true) {
							src, checkSrc := asmtest.Guarded[float32](t, size(f.rows, s[0], s[1], n, count), call%5)
							dst, check := asmtest.Guarded[float32](t, size(f.rows, d[0], d[1], n, count), call%7)
							fill(call, src)
							for i := range dst {
								dst[i] = float32(i)
							}
							want := slices.Clone(dst)
							strips := asm.Strips{DstRow: d[0], DstStep: d[1], SrcRow: s[0], SrcStep: s[1], N: n, Count: count}
							f.of(&ref.Rows)(want, src, strips)
							f.of(&k.Rows)(dst, src, strips)
							asmtest.SameBits(t, want, dst, "%s %+v", f.name, strips)
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

// Slices that are too short by one element panic, and no call allocates.
func TestRowsCheckTheirSlices(t *testing.T) {
	asmtest.ForEachPath(t, func(t *testing.T) {
		k := asm.Active()
		for _, f := range rowsConvs {
			const blocks, taps = 2, 3
			filters, wide := asm.RowsStep/f.places, blocks*asm.Lanes*f.tile
			x := [][]float32{make([]float32, filters*wide), make([]float32, taps*asm.RowsStep), make([]float32, blocks*taps*f.places*asm.Lanes), make([]float32, filters)}
			run := func(short int) func() {
				y := slices.Clone(x)
				if short >= 0 {
					y[short] = y[short][: len(y[short])-1 : len(y[short])-1]
				}
				return func() { f.of(&k.Rows)(blocks, taps, y[0], wide, y[1], y[2], y[3], true, true) }
			}
			require.NotPanics(t, run(-1))
			require.Zero(t, testing.AllocsPerRun(10, run(-1)))
			for i := range x {
				require.Panics(t, run(i), "%s %d", f.name, i)
			}
			require.NotPanics(t, func() { f.of(&k.Rows)(0, taps, nil, 0, nil, nil, nil, true, true) })
		}
		for _, f := range rowsGrads {
			const rows, width, tiles, step, place = 2, 70, 18, asm.Lanes, 2 * 18 * asm.Lanes
			dst, src := make([]float32, f.places*place), make([]float32, asm.Lanes*rows*width)
			run := func(dst, src []float32) func() {
				return func() { f.of(&k.Rows)(dst, place, step, src, rows*width, width, asm.Lanes, rows, width) }
			}
			require.NotPanics(t, run(dst, src))
			require.Zero(t, testing.AllocsPerRun(10, run(dst, src)))
			require.Panics(t, run(dst[:len(dst)-1:len(dst)-1], src))
			require.Panics(t, run(dst, src[:len(src)-1:len(src)-1]))
		}
		for _, f := range rowsInputs {
			const n = 2 * asm.Lanes
			s := asm.Strips{DstRow: n, SrcRow: n, N: n, Count: 1}
			dst, src := make([]float32, f.rows*n), make([]float32, f.rows*n)
			run := func(dst, src []float32) func() { return func() { f.of(&k.Rows)(dst, src, s) } }
			require.NotPanics(t, run(dst, src))
			require.Panics(t, run(dst[:len(dst)-1:len(dst)-1], src))
			require.Panics(t, run(dst, src[:len(src)-1:len(src)-1]))
			require.Zero(t, testing.AllocsPerRun(10, run(dst, src)))
		}
	})
}

// rowsMatrix is B' of the points, a row for each of them: the polynomials that vanish
// at all others, and at all.
func rowsMatrix(points []float64) (m [][]float64) {
	for i := range len(points) + 1 { // the last skips none
		m = append(m, append(polynomial(points, i), 0)[:len(points)+1])
	}
	return m
}

// Unit vectors show the matrices' entries, which are exact.
func TestRowsMatrices(t *testing.T) {
	points := map[string][]float64{"3": {0, 1, -1}, "5": {0, 0.5, -0.5, 1, -1, 2, -2}}
	for name, f := range map[string]func(dst, src []float64, s asm.Strips){"3": asm.RowsInput3[float64], "5": asm.RowsInput5[float64]} {
		m := rowsMatrix(points[name])
		for j := range m {
			unit := make([]float64, len(m))
			unit[j] = 1
			for i, x := range once(f, len(m), unit...) {
				require.Equal(t, m[i][j], x, fmt.Sprintf("input %s, row %d, column %d", name, i, j))
			}
		}
	}
	for name, p := range points {
		places, conv := len(p)+1, asm.RowsConv3[float64]
		tile, filters := 2, 6
		if name == "5" {
			tile, filters, conv = 4, 3, asm.RowsConv5[float64]
		}
		for i := range places { // the outputs are powers of the points
			u, v := make([]float64, asm.RowsStep), make([]float64, places*asm.Lanes)
			y := make([]float64, filters*asm.Lanes*tile)
			u[i*filters+1], v[i*asm.Lanes+2] = 1, 1
			conv(1, 1, y, asm.Lanes*tile, u, v, make([]float64, filters), false, false)
			for j := range y {
				want := 0.0
				if at := j - (asm.Lanes+2)*tile; at >= 0 && at < tile {
					switch {
					case i < len(p):
						want = math.Pow(p[i], float64(at))
					case at == tile-1:
						want = 1
					}
				}
				require.Equal(t, want, y[j], "outputs %s, place %d, element %d", name, i, j)
			}
		}
	}
	for i, p := range append(points["5"], math.Inf(1)) {
		for j := range 4 {
			unit := make([]float64, 4)
			unit[j] = 1
			want := math.Pow(p, float64(j))
			if i == 7 {
				want = float64(j / 3)
			}
			require.Equal(t, want, once(asm.RowsOutputGrad5[float64], 8, unit...)[i], "outputs' gradient, place %d, column %d", i, j)
		}
	}
}

// BenchmarkRows measures the kernels on operands that the second-level cache holds, as layers
// call them: 16 blocks of three channels, and 28 rows of 16 filters.
func BenchmarkRows(b *testing.B) {
	run := func(name string, unit string, amount float64, f func(k *asm.Kernels)) {
		for _, path := range asm.Paths() {
			b.Run(name+"/"+path, func(b *testing.B) {
				undo, err := asm.Select(path)
				if err != nil {
					b.Fatal(err)
				}
				defer undo()
				k := asm.Active()
				for b.Loop() {
					f(k)
				}
				b.ReportMetric(amount*float64(b.N)/b.Elapsed().Seconds()/1e9, unit)
			})
		}
	}
	numbers := func(n int) []float32 {
		x := make([]float32, n)
		for i := range x {
			x[i] = float32(i%17) - 8
		}
		return x
	}
	for i, f := range rowsConvs {
		const blocks = 16
		taps, filters := []int{9, 15}[i], asm.RowsStep/f.places
		u, v := numbers(taps*asm.RowsStep), numbers(blocks*taps*f.places*asm.Lanes)
		ldd := blocks*asm.Lanes*f.tile + asm.Lanes
		dst, bias := numbers(filters*ldd), numbers(filters)
		run(f.name, "GFLOP/s", float64(2*blocks*asm.Lanes*taps*asm.RowsStep), func(k *asm.Kernels) {
			f.of(&k.Rows)(blocks, taps, dst, ldd, u, v, bias, true, false)
		})
	}
	for _, f := range rowsGrads {
		const side, tiles, step = 28, 28 * 28 / 4, 2 * asm.Lanes
		const place = (tiles*2 | 1) * asm.Lanes
		dst, src := numbers(f.places*place), numbers(asm.Lanes*side*side)
		run(f.name, "GB/s", float64(4*asm.Lanes*side*side), func(k *asm.Kernels) {
			f.of(&k.Rows)(dst, place, step, src, side*side, side, asm.Lanes, side, side)
		})
	}
}
