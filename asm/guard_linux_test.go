package asm_test

import (
	"testing"
	"unsafe"

	"github.com/stretchr/testify/require"
	"golang.org/x/sys/unix"

	"randalign/asm"
	"randalign/asm/asmtest"
)

// guardedPage returns n elements that end where unreadable memory begins.
func guardedPage(t *testing.T, n int) []float32 {
	page := unix.Getpagesize()
	size := (4*n+page-1)/page*page + page
	b, err := unix.Mmap(-1, 0, size, unix.PROT_READ|unix.PROT_WRITE, unix.MAP_ANON|unix.MAP_PRIVATE)
	require.NoError(t, err)
	require.NoError(t, unix.Mprotect(b[size-page:], unix.PROT_NONE))
	t.Cleanup(func() { require.NoError(t, unix.Munmap(b)) })
	return unsafe.Slice((*float32)(unsafe.Pointer(&b[size-page-4*n])), n)
}

// integers is the memory of x.
func integers(x []float32) []int32 {
	return unsafe.Slice((*int32)(unsafe.Pointer(unsafe.SliceData(x))), len(x))
}

// widePage is guardedPage for float64.
func widePage(t *testing.T, n int) []float64 {
	x := guardedPage(t, 2*n)
	return unsafe.Slice((*float64)(unsafe.Pointer(unsafe.SliceData(x))), n)
}

func TestLinalgKernelsStayInsideTheirMemory(t *testing.T) {
	asmtest.ForEachPath(t, func(t *testing.T) {
		k := asm.Active()
		for n := 1; n < 50; n++ {
			x, y, a := widePage(t, n), widePage(t, n), widePage(t, 3*(n+2)+n)
			k.DotF64(x, y)
			k.AxpyF64(1, x, y)
			k.PlaneF64(x, y, 0.6, 0.8)
			var r, out [4]float64
			k.SymvF64(a, n+2, x, y, &r, &out)
			k.SecularF64(x, y, 1)
		}
	})
}

func TestWinogradStaysInsideItsMemory(t *testing.T) {
	asmtest.ForEachPath(t, func(t *testing.T) {
		k := asm.Active()
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
	})
}

func TestRowsStayInsideTheirMemory(t *testing.T) {
	asmtest.ForEachPath(t, func(t *testing.T) {
		k := asm.Active()
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
	})
}

// A read or write past the end of a panel, tile or slice dies here.
func TestKernelsStayInsideTheirMemory(t *testing.T) {
	asmtest.ForEachPath(t, func(t *testing.T) {
		k := asm.Active()
		g := k.GemmF32
		for kc := 1; kc < 14; kc++ {
			for _, rows := range []int{1, g.MR - 1, g.MR} {
				for _, cols := range []int{1, g.NR - 1, g.NR} {
					tall := g.MR
					if g.Strided {
						tall = rows
					}
					c := guardedPage(t, (rows-1)*(g.NR+1)+cols)
					for _, ldb := range []int{g.NR, g.NR + 7} {
						a, b := guardedPage(t, (kc-1)*g.MR+tall), guardedPage(t, (kc-1)*ldb+g.NR)
						g.Run(rows, cols, kc, &a[0], 1, g.MR, &b[0], 0, ldb, &c[0], g.NR+1, true, nil, nil)
						if tile := guardedPage(t, g.MR*g.NR); ldb == g.NR {
							y, dx := guardedPage(t, (rows-1)*g.NR+cols), guardedPage(t, (rows-1)*64+cols) // ends, and begins, with a cache line if cols is 32
							k.GemmReluGradF32(rows, cols, kc, &a[0], 1, g.MR, &b[0], ldb, &dx[0], 64, &y[0], tile)
							src, dst := guardedPage(t, 3*g.NR), guardedPage(t, 3*g.NR)
							next := asm.Fetch{Copy: asm.Copy{
								Src: uintptr(unsafe.Pointer(&src[0])), Dst: uintptr(unsafe.Pointer(&dst[0])),
								Left: 3, Rows: 1, Pieces: 3, DstPiece: 4 * g.NR,
							}}
							g.Run(rows, cols, kc, &a[0], 1, g.MR, &b[0], 0, ldb, &c[0], g.NR+1, true, nil, &next)
						}
						if n := g.NR + cols; ldb == g.NR { // two tiles
							b, c, bias := guardedPage(t, 2*kc*g.NR), guardedPage(t, (rows-1)*(n+1)+n), guardedPage(t, n)
							src, dst := guardedPage(t, 2*g.NR), guardedPage(t, 2*g.NR)
							next := asm.Fetch{Copy: asm.Copy{
								Src: uintptr(unsafe.Pointer(&src[0])), Dst: uintptr(unsafe.Pointer(&dst[0])),
								Left: 2, Rows: 1, Pieces: 2, DstPiece: 4 * g.NR,
							}}
							g.Run(rows, n, kc, &a[0], 1, g.MR, &b[0], kc*g.NR, ldb, &c[0], n+1, true, &bias[0], &next)
						}
						if g.RunPast != nil && cols == g.NR {
							b, c := guardedPage(t, 2*kc*g.NR), guardedPage(t, (rows-1)*64+2*g.NR) // cache lines
							g.RunPast(rows, 2*g.NR, kc, &a[0], 1, g.MR, &b[0], kc*g.NR, g.NR, &c[0], 64, nil)
						}
						if g.Strided {
							a := guardedPage(t, (rows-1)*(kc+2)+kc)
							g.Run(rows, cols, kc, &a[0], kc+2, 1, &b[0], 0, ldb, &c[0], g.NR+1, false, nil, nil)
						}
					}
				}
			}
			for _, rows := range []int{1, g.NR - 1, g.NR} {
				offset := make([]int, rows)
				for i := range offset {
					offset[i] = i * 20
				}
				dst, src := guardedPage(t, kc*g.NR), guardedPage(t, (rows-1)*20+kc)
				k.PackF32(dst, src, offset, g.NR, kc)
				taps := []int{0, kc}
				runs := []asm.Run{{At: 0, N: rows - rows/2, Offset: 0}, {At: rows - rows/2, N: rows / 2, Offset: 5}}
				k.PackRunsF32(guardedPage(t, 2*g.NR), guardedPage(t, rows+5+kc), taps, runs, g.NR)
			}
		}
		for rows := 1; rows < 36; rows++ {
			for cols := 1; cols < 36; cols++ {
				k.TransposeF32(guardedPage(t, (cols-1)*(rows+1)+rows), rows+1, guardedPage(t, (rows-1)*(cols+2)+cols), cols+2, rows, cols)
			}
		}
		for n := 1; n < 40; n++ {
			for rows := 1; rows < 3; rows++ {
				long, short := guardedPage(t, (rows-1)*(2*n+1)+2*n-1), guardedPage(t, rows*n)
				taken := asm.Planes{Planes: 1, Rows: rows, DstRow: n, SrcRow: 2*n + 1}
				k.TakeSecondF32(short, long, taken, n)
				k.CopyPlanesF32(guardedPage(t, (rows-1)*(n+3)+n), short, asm.Planes{Planes: 1, Rows: rows, DstRow: n + 3, SrcRow: n}, n)
				k.PartF32(guardedPage(t, rows*n), short, guardedPage(t, (rows-1)*(2*n+1)+2*n), taken, n)
				even, odd := guardedPage(t, rows*n), guardedPage(t, rows*n)
				woven := asm.Planes{Planes: rows, Rows: 1, DstPlane: 2*n + 1, SrcPlane: n}
				k.WeaveF32(guardedPage(t, (rows-1)*(2*n+1)+2*n), even, odd, woven, n, rows == 2)
				k.UpsampleF32(guardedPage(t, rows*4*n), even, asm.Planes{Planes: rows, Rows: 1, DstPlane: 4 * n, DstRow: 4 * n, SrcPlane: n, SrcRow: n}, n, rows == 2)
				every := uint64(0x5555555555555555) & (1<<n - 1)
				masks := []uint16{uint16(every), uint16(every >> 16), uint16(every >> 32)}
				k.ExpandF32(guardedPage(t, rows*n), guardedPage(t, rows*((n+1)/2)), rows, masks, n, (n+1)/2)
				k.PadRowsF32(guardedPage(t, rows*(n+2)), short, rows, n+2, n, 1, n, n+2)
				k.ReluGradRowsF32(short, n, long, long, n+1, rows, n)
			}
		}
		for n := 1; n < 130; n++ {
			x, y, z := guardedPage(t, n), guardedPage(t, n), guardedPage(t, n)
			k.AddF32(x, y)
			k.AddScalarF32(x, 1)
			k.ReluF32(x, y)
			k.ReluGradF32(x, y, z)
			k.SumF32(x)
			for planes := 1; planes < 10; planes++ {
				k.SumPlanesF32(guardedPage(t, planes), guardedPage(t, planes*(n/9)), n/9)
			}
			k.SgdF32(x, y, z, 1, 1, 1)
			k.AddReluF32(x, y)
			k.MulF32(x, y, z)
			k.ScaleF32(x, 1)
			k.FillF32(x, 1)
			k.SumRowsF32(x, y, 1, n)
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
			wide, wider := widePage(t, n), widePage(t, n)
			k.RotateF64(wide, wider, 1, 1)
			var s, q [asm.Lanes]float64
			k.NormSumsF32(x, 1, n, n, 1, &s, &q)
			k.NormApplyF32(x, y, 1, n, n, 1, 1, 1, true)
			k.NormGradSumsF32(x, y, 1, n, n, 1, 1, 1, 1, true, &s, &q)
			k.NormGradF32(x, y, z, 1, n, n, 1, 1, 1, 1, 1, true)
			k.NormColsSumsF32(x, 1, n, y, wide, wider)
			k.NormColsApplyF32(x, y, 1, n, z, z, z, true)
			k.NormColsGradSumsF32(x, y, 1, n, wide, z, z, z, true, wide, wider)
			k.NormColsGradF32(x, y, z, 1, n, z, z, z, z, z, true)
		}
		for w := 2; w < 70; w++ {
			x, dx, y, dy := guardedPage(t, 2*w), guardedPage(t, 2*w), guardedPage(t, w/2), guardedPage(t, w/2)
			k.MaxPool2F32(y, x, 1, w)
			k.MaxPool2GradF32(dx, x, y, dy, 1, w)
			k.AvgPool2F32(y, x, 1, w)
			k.AvgPool2GradF32(dx, dy, 1, w)
		}
		planes3(func(h, w, stride, pad int) {
			s := asm.NewWindows3(h, w, stride, pad)
			room := make([]float32, s.Room())
			ho, wo := (h+2*pad-3)/stride+1, (w+2*pad-3)/stride+1
			for planes := 1; planes < 4; planes++ {
				in, out := planes*h*w, planes*ho*wo
				x, dx, y := guardedPage(t, in), guardedPage(t, in), guardedPage(t, out)
				k.MaxPool3F32(y, x, s)
				k.MaxPool3GradF32(dx, x, y, room, s)
				k.AvgPool3F32(y, x, s)
				k.AvgPool3GradF32(dx, y, room, s)
				k.AvgPool3GradPastF32(dx, y, room, s)
			}
		})
		for n := 1; n < 140; n++ {
			for _, taps := range tapLists(5) {
				src, dst, y := guardedPage(t, n+reach(taps)), guardedPage(t, n), guardedPage(t, n)
				k.CopyPastF32(dst, y)
				k.MaxTapsF32(dst, src, taps)
				k.SumTapsF32(dst, src, taps, 0, 3)
				k.NoteTapsF32(integers(dst), integers(y), src, y, taps)
				k.PickTapsF32(dst, src, integers(src), picked(taps))
			}
		}
	})
}
