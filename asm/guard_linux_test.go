package asm_test

import (
	"testing"
	"unsafe"

	"github.com/stretchr/testify/require"
	"golang.org/x/sys/unix"

	"randalign/asm"
	"randalign/asm/asmtest"
)

// inFront puts the unreadable memory in front of what paged returns, not behind it.
var inFront bool

// areas are pieces of memory between unreadable pages, by their size, and the next in turn.
var areas = map[int]*struct {
	next int
	area [64][]byte
}{}

// paged returns n elements, zeros, that end where unreadable memory begins or begin where it ends.
// They are handed out again when as many more of their size as areas holds have been.
func paged[T any](t *testing.T, n int) []T {
	t.Helper()
	page := unix.Getpagesize()
	need, size := n*int(unsafe.Sizeof(*new(T))), page
	for size < need {
		size *= 2
	}
	if areas[size] == nil {
		areas[size] = new(struct {
			next int
			area [64][]byte
		})
	}
	turn := areas[size]
	b := &turn.area[turn.next%len(turn.area)]
	turn.next++
	if *b == nil {
		m, err := unix.Mmap(-1, 0, size+2*page, unix.PROT_READ|unix.PROT_WRITE, unix.MAP_ANON|unix.MAP_PRIVATE)
		require.NoError(t, err)
		require.NoError(t, unix.Mprotect(m[:page], unix.PROT_NONE))
		require.NoError(t, unix.Mprotect(m[page+size:], unix.PROT_NONE))
		*b = m[page:][:size]
	}
	at := size - need
	if inFront {
		at = 0
	}
	s := unsafe.Slice((*T)(unsafe.Add(unsafe.Pointer(unsafe.SliceData(*b)), at)), n)
	clear(s)
	return s
}

// pagedCopy is x in guarded memory.
func pagedCopy[T any](t *testing.T, x ...T) []T {
	p := paged[T](t, len(x))
	copy(p, x)
	return p
}

// guardedPage and widePage are paged for the types of the kernels.
func guardedPage(t *testing.T, n int) []float32 { return paged[float32](t, n) }
func widePage(t *testing.T, n int) []float64    { return paged[float64](t, n) }

// A read or write outside a panel, tile or slice dies here, be it behind the end or in front of
// the beginning. No kernel of a table may be left out.
func TestKernelsStayInsideTheirMemory(t *testing.T) {
	asmtest.ForEachPath(t, func(t *testing.T) {
		defer func() { inFront = false }()
		for _, inFront = range []bool{false, true} {
			k := *asm.Active()
			left := asmtest.Watch(&k)
			for _, guard := range []func(t *testing.T, k *asm.Kernels){
				guardGemms, guardPartPanels, guardPacks, guardPlanes, guardVectors, guardNorms, guardPools, guardTaps, guardLinalg, guardWinograd, guardRows,
			} {
				guard(t, &k)
			}
			require.Empty(t, left, "kernels that were not called")
		}
	})
}

// integers is the memory of x.
func integers(x []float32) []int32 {
	return unsafe.Slice((*int32)(unsafe.Pointer(unsafe.SliceData(x))), len(x))
}

func guardLinalg(t *testing.T, k *asm.Kernels) {
	for n := 1; n < 50; n++ {
		x, y, a := widePage(t, n), widePage(t, n), widePage(t, 3*(n+2)+n)
		k.DotF64(x, y)
		k.AxpyF64(1, x, y)
		k.PlaneF64(x, y, 0.6, 0.8)
		var r, out [4]float64
		k.SymvF64(a, n+2, x, y, &r, &out, n%2 == 0)
		k.SecularF64(x, y, 1)
		k.ShiftF64(a, n+2, n, &r, &out)
	}
}

func guardWinograd(t *testing.T, k *asm.Kernels) {
	for _, f := range allTransforms {
		for n := asm.Lanes; n <= 48; n += asm.Lanes {
			for count := 1; count < 4; count++ {
				for _, d := range layouts(f.dst, n, count, false) {
					dst, src := guardedPage(t, size(f.dst, d[0], d[1], n, count)), guardedPage(t, size(f.src, n+1, n, n, count))
					f.of(k)(dst, src, asm.Strips{DstRow: d[0], DstStep: d[1], SrcRow: n + 1, SrcStep: n, N: n, Count: count})
				}
			}
		}
	}
}

func guardRows(t *testing.T, k *asm.Kernels) {
	for _, f := range rowsConvs {
		filters := asm.RowsStep / f.places
		for blocks := 1; blocks < 3; blocks++ {
			for _, taps := range []int{1, 4} {
				wide := blocks * asm.Lanes * f.tile
				for _, gap := range []int{0, 1, 16} {
					for _, past := range []bool{false, true} {
						f.of(&k.Rows)(blocks, taps, guardedPage(t, (filters-1)*(wide+gap)+wide), wide+gap, guardedPage(t, taps*asm.RowsStep), guardedPage(t, blocks*taps*f.places*asm.Lanes), guardedPage(t, filters), true, past)
					}
				}
			}
		}
	}
	for _, f := range rowsGrads {
		for width := 1; width < 70; width++ {
			for _, filters := range []int{1, asm.Lanes} {
				tiles := (width + 3) / 4
				f.of(&k.Rows)(guardedPage(t, f.places*tiles*asm.Lanes), tiles*asm.Lanes, asm.Lanes, guardedPage(t, filters*width), width, 0, filters, 1, width)
			}
		}
	}
	for _, f := range rowsInputs {
		for n := asm.Lanes; n <= 48; n += asm.Lanes {
			f.of(&k.Rows)(guardedPage(t, f.rows*n), guardedPage(t, f.rows*n), asm.Strips{DstRow: n, SrcRow: n, N: n, Count: 1})
		}
	}
}

func guardVectors(t *testing.T, k *asm.Kernels) {
	for n := 1; n < 130; n++ {
		x, y, z := guardedPage(t, n), guardedPage(t, n), guardedPage(t, n)
		k.CopyF32(x, y)
		k.CopyPastF32(x, y)
		k.AddF32(x, y)
		k.AddScalarF32(x, 1)
		k.ReluF32(x, y)
		k.ReluGradF32(x, y, z)
		k.SumF32(x)
		k.CountF32(x)
		for planes := 1; planes < 10; planes++ {
			k.SumPlanesF32(guardedPage(t, planes), guardedPage(t, planes*(n/9)), n/9)
		}
		k.SgdF32(x, y, z, 1, 1, 1)
		k.AddReluF32(x, y)
		k.MulF32(x, y, z)
		k.ScaleF32(x, 1)
		k.FillF32(x, 1)
		k.SumRowsF32(x, y, 1, n)
		k.SumRowsF32(x, guardedPage(t, 2*(n+1)+n), 3, n+1)
		k.LeakyReluF32(x, y, 1)
		k.LeakyReluGradF32(x, y, z, 1)
		k.SigmoidF32(x, y)
		k.SigmoidGradF32(x, y, z)
		k.TanhF32(x, y)
		k.TanhGradF32(x, y, z)
		k.GeluF32(x, y)
		k.GeluGradF32(x, y, z)
		k.SumSquaresF32(x)
		k.DotF32(x, y)
		k.LookupF32(x, paged[byte](t, n), (*[256]float32)(guardedPage(t, 256)))
		k.RotateF64(widePage(t, n), widePage(t, n), 1, 1)
	}
	for n := 510; n < 580; n++ { // of a length for which a table is taken apart
		k.LookupF32(guardedPage(t, n), paged[byte](t, n), (*[256]float32)(guardedPage(t, 256)))
	}
	k.PeakF32.Run(3, &guardedPage(t, k.PeakF32.Chains)[0], 1, 1)
	k.PeakF64.Run(3, &widePage(t, k.PeakF64.Chains)[0], 1, 1)
}

func guardNorms(t *testing.T, k *asm.Kernels) {
	for n := 1; n < 130; n++ {
		for _, runs := range []int{1, 3} {
			stride := n + runs/3
			size := (runs-1)*stride + n
			x, y, z := guardedPage(t, size), guardedPage(t, size), guardedPage(t, size)
			s, q := (*[asm.Lanes]float64)(widePage(t, asm.Lanes)), (*[asm.Lanes]float64)(widePage(t, asm.Lanes))
			k.NormSumsF32(x, runs, stride, n, 1, s, q, stride)
			k.NormApplyF32(x, y, runs, stride, n, 1, 1, 1, true, n%2 == 0, stride)
			k.NormGradSumsF32(x, y, runs, stride, n, 1, 1, 1, 1, true, s, q, stride)
			k.NormGradF32(x, y, z, runs, stride, n, 1, 1, 1, 1, 1, true, n%2 == 0, stride)
			for _, plane := range []int{1, asm.Lanes} {
				if n%plane > 0 {
					continue
				}
				values := n / plane
				m, a, b, c, d := guardedPage(t, values), guardedPage(t, values), guardedPage(t, values), guardedPage(t, values), guardedPage(t, values)
				mean, sums, squares := widePage(t, values), widePage(t, n), widePage(t, n)
				k.NormColsSumsF32(x, runs, stride, plane, m, sums, squares)
				k.NormColsApplyF32(x, y, runs, stride, plane, m, a, b, true, n%2 == 0)
				k.NormColsGradSumsF32(x, y, runs, stride, plane, mean, m, a, b, true, sums, squares)
				k.NormColsGradF32(x, y, z, runs, stride, plane, m, a, b, c, d, true, n%2 == 0)
			}
		}
	}
}

func guardPools(t *testing.T, k *asm.Kernels) {
	for w := 2; w < 70; w++ {
		x, dx, y, dy := guardedPage(t, 2*w), guardedPage(t, 2*w), guardedPage(t, w/2), guardedPage(t, w/2)
		k.MaxPool2F32(y, x, 1, w)
		k.MaxPool2GradF32(dx, x, y, dy, 1, w)
		for _, past := range []bool{false, true} {
			note := paged[uint8](t, w/2)
			k.NotedPool2F32(y, note, x, 1, w)
			k.NotedPool2GradF32(dx, dy, note, 1, w, past)
		}
		k.AvgPool2F32(y, x, 1, w)
		k.AvgPool2GradF32(dx, dy, 1, w)
	}
	planes3(func(h, w, stride, pad int) {
		s := asm.NewWindows3(h, w, stride, pad)
		ho, wo := (h+2*pad-3)/stride+1, (w+2*pad-3)/stride+1
		for planes := 1; planes < 4; planes++ {
			in, out := planes*h*w, planes*ho*wo
			x, dx, y, room := guardedPage(t, in), guardedPage(t, in), guardedPage(t, out), guardedPage(t, s.Room())
			k.MaxPool3F32(y, x, s)
			k.MaxPool3GradF32(dx, x, y, room, s)
			k.AvgPool3F32(y, x, s)
			k.AvgPool3GradF32(dx, y, room, s)
			k.MaxPool3GradPastF32(dx, x, y, room, s)
			k.AvgPool3GradPastF32(dx, y, room, s)
		}
	})
}

// guardPartPanel lets a kernel read a last panel of B where it stands: every width, rows as close
// as they may be or further apart, and nothing behind the last element of C's columns.
func guardPartPanel[T float32 | float64](t *testing.T, g *asm.Gemm[T]) {
	if g.Reads == 0 {
		return
	}
	for cols := 1; cols < 2*g.NR; cols++ {
		for kc := 1; kc < 6; kc++ {
			reach := (cols + g.Reads - 1) / g.Reads * g.Reads
			for _, ldb := range []int{max(cols, reach-cols), reach, reach + 5} {
				rows := 1 + (cols+kc)%g.MR
				a, b := paged[T](t, rows*kc), paged[T](t, (kc-1)*ldb+cols)
				got, want := paged[T](t, rows*cols), make([]T, rows*cols)
				for i := range a {
					a[i] = asmtest.Exact[T](i)
				}
				for i := range b {
					b[i] = asmtest.Exact[T](i + 3)
				}
				for i := range want {
					for k := range kc {
						want[i] = fma(a[i/cols*kc+k], b[k*ldb+i%cols], want[i])
					}
				}
				g.Run(rows, cols, kc, &a[0], kc, 1, &b[0], g.NR, ldb, &got[0], cols, false, nil, nil)
				asmtest.SameBits(t, want, got, "%d x %d x %d, B's rows %d apart", rows, cols, kc, ldb)
			}
		}
	}
}

func guardPartPanels(t *testing.T, k *asm.Kernels) {
	guardPartPanel(t, &k.GemmF32)
	guardPartPanel(t, &k.GemmF64)
}

func guardTaps(t *testing.T, k *asm.Kernels) {
	for n := 1; n < 140; n++ {
		for _, list := range tapLists(5) {
			taps, picks := pagedCopy(t, list...), pagedCopy(t, picked(list)...)
			src, dst, y := guardedPage(t, n+reach(taps)), guardedPage(t, n), guardedPage(t, n)
			k.MaxTapsF32(dst, src, taps)
			k.SumTapsF32(dst, src, taps, 0, 3)
			k.NoteTapsF32(integers(dst), integers(y), src, y, taps)
			k.PickTapsF32(dst, src, integers(src), picks)
		}
	}
}
