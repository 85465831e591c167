package asm_test

import (
	"math"
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/stretchr/testify/require"

	"randalign/asm"
	"randalign/asm/asmtest"
)

// generic returns the table of the references.
func generic(t *testing.T) *asm.Kernels {
	undo, err := asm.Select("generic")
	require.NoError(t, err)
	defer undo()
	return asm.Active()
}

// numbers fills slices with special values, or with normal deviates.
func numbers(special bool, slices ...[]float32) {
	rng := rand.New(rand.NewPCG(7, 8))
	for n, s := range slices {
		for i := range s {
			s[i] = float32(rng.NormFloat64())
			if special {
				s[i] = asmtest.Special[float32](i*(2*n+1) + n)
			}
		}
	}
}

func TestPool2EqualsItsReference(t *testing.T) {
	ref := generic(t)
	asmtest.ForEachPath(t, func(t *testing.T) {
		k := asm.Active()
		for w := 2; w < 71; w++ {
			for rows := 1; rows < 4; rows++ {
				for off := range 4 {
					x, checkX := asmtest.Guarded[float32](t, 2*rows*w, off)
					y, checkY := asmtest.Guarded[float32](t, rows*(w/2), 3-off)
					dy, _ := asmtest.Guarded[float32](t, len(y), off)
					dx, checkDX := asmtest.Guarded[float32](t, len(x), 1)
					numbers(off%2 == 1, x, dy)
					if off == 0 { // many ties
						for i := range x {
							x[i] = float32(math.Round(float64(x[i]))) * 0
						}
					}
					want, wantDX := make([]float32, len(y)), make([]float32, len(x))
					same := func(name string, want, got []float32) {
						t.Helper()
						asmtest.SameBits(t, want, got, "%s, %d rows of %d, offset %d", name, rows, w, off)
						checkX()
						checkY()
						checkDX()
					}
					ref.AvgPool2F32(want, x, rows, w)
					k.AvgPool2F32(y, x, rows, w)
					same("average", want, y)
					ref.AvgPool2GradF32(wantDX, dy, rows, w)
					k.AvgPool2GradF32(dx, dy, rows, w)
					same("gradient of average", wantDX, dx)
					ref.MaxPool2F32(want, x, rows, w)
					k.MaxPool2F32(y, x, rows, w)
					same("maximum", want, y)
					ref.MaxPool2GradF32(wantDX, x, y, dy, rows, w)
					k.MaxPool2GradF32(dx, x, y, dy, rows, w)
					same("gradient of maximum", wantDX, dx)
				}
			}
		}
	})
}

func TestNormKernelsEqualTheirReference(t *testing.T) {
	ref := generic(t)
	asmtest.ForEachPath(t, func(t *testing.T) {
		k := asm.Active()
		for width := range 70 {
			for _, runs := range []int{1, 3} {
				for off := range 4 {
					stride := width + off*5
					size := (runs-1)*stride + width
					x, checkX := asmtest.Guarded[float32](t, size, off)
					dy, checkDY := asmtest.Guarded[float32](t, size, 3-off)
					y, checkY := asmtest.Guarded[float32](t, size, off) // with 0 some runs begin with a line
					numbers(off >= 2, x, dy, y)
					for _, relu := range []bool{false, true} {
						for _, m := range []float32{0.25, float32(math.NaN())} {
							const a, b, c, d = 1.7, -0.3, 0.11, 0.06
							mean := float64(m) + 1e-9
							type lanes [asm.Lanes]float64
							var s, q, wantS, wantQ lanes
							for i := range s {
								s[i] = float64(i)
								wantS[i], q[i], wantQ[i] = s[i], s[i], s[i]
							}
							want := append([]float32(nil), y...)
							same := func(name string) {
								t.Helper()
								asmtest.SameBits(t, wantS[:], s[:], "%s, s, %d runs of %d, relu %v", name, runs, width, relu)
								asmtest.SameBits(t, wantQ[:], q[:], "%s, q, %d runs of %d, relu %v", name, runs, width, relu)
								asmtest.SameBits(t, want, y, "%s, %d runs of %d, relu %v", name, runs, width, relu)
								checkX()
								checkDY()
								checkY()
							}
							ref.NormSumsF32(x, runs, stride, width, m, (*[asm.Lanes]float64)(&wantS), (*[asm.Lanes]float64)(&wantQ), off*100)
							k.NormSumsF32(x, runs, stride, width, m, (*[asm.Lanes]float64)(&s), (*[asm.Lanes]float64)(&q), off*100)
							same("sums")
							ref.NormGradSumsF32(x, dy, runs, stride, width, mean, m, a, b, relu, (*[asm.Lanes]float64)(&wantS), (*[asm.Lanes]float64)(&wantQ), off*100)
							k.NormGradSumsF32(x, dy, runs, stride, width, mean, m, a, b, relu, (*[asm.Lanes]float64)(&s), (*[asm.Lanes]float64)(&q), off*100)
							same("gradient sums")
							ref.NormApplyF32(want, x, runs, stride, width, m, a, b, relu, false, off*100)
							k.NormApplyF32(y, x, runs, stride, width, m, a, b, relu, false, off*100)
							same("apply")
							copy(y, dy)
							copy(want, dy)
							ref.NormApplyF32(want, x, runs, stride, width, m, a, b, relu, true, 0)
							k.NormApplyF32(y, x, runs, stride, width, m, a, b, relu, true, 0)
							same("apply past the caches")
							copy(y, x)
							copy(want, x)
							ref.NormApplyF32(want, want, runs, stride, width, m, a, b, relu, false, off*100)
							k.NormApplyF32(y, y, runs, stride, width, m, a, b, relu, false, off*100)
							same("apply in place")
							ref.NormGradF32(want, x, dy, runs, stride, width, m, a, b, c, d, relu, false, off*100)
							k.NormGradF32(y, x, dy, runs, stride, width, m, a, b, c, d, relu, false, off*100)
							same("gradient")
							copy(y, dy)
							copy(want, dy)
							ref.NormGradF32(want, x, dy, runs, stride, width, m, a, b, c, d, relu, true, 0)
							k.NormGradF32(y, x, dy, runs, stride, width, m, a, b, c, d, relu, true, 0)
							same("gradient past the caches")
							copy(y, dy)
							copy(want, dy)
							ref.NormGradF32(want, x, want, runs, stride, width, m, a, b, c, d, relu, false, off*100)
							k.NormGradF32(y, x, y, runs, stride, width, m, a, b, c, d, relu, false, off*100)
							same("gradient in place")
						}
					}
				}
			}
		}
	})
}

// columnShape is n columns, plane of which share their values.
type columnShape struct{ n, plane int }

// columns are all shapes of fewer than n columns that have their own values, and some of more that share them.
func columns(n int) (shapes []columnShape) {
	for i := range n {
		shapes = append(shapes, columnShape{i, 1})
	}
	for _, planes := range []int{0, 1, 2, 3, 5, 20} {
		shapes = append(shapes, columnShape{planes * asm.Lanes, asm.Lanes})
	}
	return shapes
}

// parts cuts five vectors of n out of p.
func parts(p []float32, n int) (m, a, b, c, d []float32) {
	return p[:n], p[n : 2*n], p[2*n : 3*n], p[3*n : 4*n], p[4*n:]
}

func TestNormColumnsEqualTheirReference(t *testing.T) {
	ref := generic(t)
	asmtest.ForEachPath(t, func(t *testing.T) {
		k := asm.Active()
		for _, shape := range columns(70) {
			for _, rows := range []int{1, 2, 3, 4, 5, 6, 7, 8, 17, 70} {
				for off := range 4 {
					n, values, plane := shape.n, shape.n/shape.plane, shape.plane
					stride := n + off*5
					size := (rows-1)*stride + n
					x, checkX := asmtest.Guarded[float32](t, size, off)
					dy, checkDY := asmtest.Guarded[float32](t, size, 3-off)
					y, checkY := asmtest.Guarded[float32](t, size, 1)
					p, checkP := asmtest.Guarded[float32](t, 5*values, off) // m, a, b, c, d
					lanes, checkLanes := asmtest.Guarded[float64](t, 2*n+values, off)
					numbers(off >= 2, x, dy, y, p)
					for i := range lanes {
						lanes[i] = float64(i) - 0.3
					}
					m, a, b, c, d := parts(p, values)
					for _, relu := range []bool{false, true} {
						want, wantLanes := append([]float32(nil), y...), append([]float64(nil), lanes...)
						run := func(k *asm.Kernels, y []float32, lanes []float64) {
							s, q, mean := lanes[:n], lanes[n:2*n], lanes[2*n:]
							k.NormColsSumsF32(x, rows, stride, plane, m, s, q)
							k.NormColsGradSumsF32(x, dy, rows, stride, plane, mean, m, a, b, relu, s, q)
							k.NormColsApplyF32(y, x, rows, stride, plane, m, a, b, relu, false)
						}
						same := func(name string) {
							t.Helper()
							asmtest.SameBits(t, wantLanes, lanes, "sums, %d rows of %d, %d share, relu %v", rows, n, plane, relu)
							asmtest.SameBits(t, want, y, "%s, %d rows of %d, %d share, relu %v", name, rows, n, plane, relu)
						}
						run(ref, want, wantLanes)
						run(k, y, lanes)
						same("apply")
						ref.NormColsGradF32(want, x, dy, rows, stride, plane, m, a, b, c, d, relu, false)
						k.NormColsGradF32(y, x, dy, rows, stride, plane, m, a, b, c, d, relu, false)
						same("gradient")
						copy(y, x)
						copy(want, x)
						ref.NormColsApplyF32(want, want, rows, stride, plane, m, a, b, relu, false)
						k.NormColsApplyF32(y, y, rows, stride, plane, m, a, b, relu, false)
						same("apply in place")
						copy(y, dy)
						copy(want, dy)
						ref.NormColsGradF32(want, x, want, rows, stride, plane, m, a, b, c, d, relu, false)
						k.NormColsGradF32(y, x, y, rows, stride, plane, m, a, b, c, d, relu, false)
						same("gradient in place")
						checkX()
						checkDY()
						checkY()
						checkP()
						checkLanes()
					}
				}
			}
		}
	})
}

// What is stored past the caches: rows on cache lines, and rows that are not.
func TestNormColumnsPastTheCaches(t *testing.T) {
	ref := generic(t)
	asmtest.ForEachPath(t, func(t *testing.T) {
		k := asm.Active()
		for _, shape := range []columnShape{{1, 1}, {15, 1}, {16, 1}, {17, 1}, {48, 1}, {70, 1}, {16, 16}, {80, 16}} {
			n, values, plane := shape.n, shape.n/shape.plane, shape.plane
			for _, rows := range []int{1, 2, 3, 9} {
				for _, stride := range []int{n, 80} {
					for off := range 2 {
						size := (rows-1)*stride + n
						x, dy, p := make([]float32, size), make([]float32, size), make([]float32, 5*values)
						numbers(n == 70, x, dy, p)
						m, a, b, c, d := parts(p, values)
						y, check := onLine[float32](t, size, off)
						numbers(false, y)
						want := slices.Clone(y)
						for _, relu := range []bool{false, true} {
							ref.NormColsApplyF32(want, x, rows, stride, plane, m, a, b, relu, true)
							k.NormColsApplyF32(y, x, rows, stride, plane, m, a, b, relu, true)
							asm.Fence()
							asmtest.SameBits(t, want, y, "apply, %d rows of %d, %d share, %d apart, from %d, relu %v", rows, n, plane, stride, off, relu)
							ref.NormColsGradF32(want, x, dy, rows, stride, plane, m, a, b, c, d, relu, true)
							k.NormColsGradF32(y, x, dy, rows, stride, plane, m, a, b, c, d, relu, true)
							asm.Fence()
							asmtest.SameBits(t, want, y, "gradient, %d rows of %d, %d share, %d apart, from %d, relu %v", rows, n, plane, stride, off, relu)
						}
						check()
					}
				}
			}
		}
	})
}

func TestLookup(t *testing.T) {
	var table [256]float32
	src := make([]byte, 1100)
	for i := range src {
		src[i] = byte(i * 89) // every byte
	}
	for i := range table {
		table[i] = asmtest.Marked[float32](i)
	}
	asmtest.ForEachPath(t, func(t *testing.T) {
		for n := range len(src) {
			if n >= 300 && n%64 > 17 && n%64 < 63 {
				continue
			}
			for _, off := range []int{0, 1, 4} { // from a cache line
				dst, check := onLine[float32](t, n, off)
				want := make([]float32, n)
				for i, b := range src[:n] {
					want[i] = table[b]
				}
				asm.Active().LookupF32(dst, src[:n], &table)
				asm.Fence()
				asmtest.SameBits(t, want, dst, "n %d, %d elements from a cache line", n, off)
				check()
			}
		}
	})
}

// The activations of every path on bit patterns of all exponents, NaNs and
// denormals: their polynomials have no branches, so that every lane is alike.
func TestActivationsEqualTheirReferenceOnAllExponents(t *testing.T) {
	ref := generic(t)
	rng := rand.New(rand.NewPCG(9, 10))
	const n = 1 << 15
	x, dy, want, got := make([]float32, n), make([]float32, n), make([]float32, n), make([]float32, n)
	for i := range x {
		x[i] = math.Float32frombits(rng.Uint32())
		if i%2 == 0 { // where the functions bend
			x[i] = float32(rng.NormFloat64() * 8)
		}
		dy[i] = float32(rng.NormFloat64())
	}
	asmtest.ForEachPath(t, func(t *testing.T) {
		k := asm.Active()
		for _, f := range []struct {
			name      string
			ref, fast func(dst, src []float32)
		}{{"sigmoid", ref.SigmoidF32, k.SigmoidF32}, {"tanh", ref.TanhF32, k.TanhF32}, {"gelu", ref.GeluF32, k.GeluF32}} {
			f.ref(want, x)
			f.fast(got, x)
			asmtest.SameBits(t, want, got, "%s", f.name)
		}
		ref.GeluGradF32(want, dy, x)
		k.GeluGradF32(got, dy, x)
		asmtest.SameBits(t, want, got, "gelu gradient")
	})
}
