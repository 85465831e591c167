package asm_test

import (
	"testing"
	"unsafe"

	"randalign/asm"
)

// guardGemm runs a kernel for tiles of every height and width up to two and a bit: packed operands
// and those in place, with a bias or on the way to something else.
func guardGemm[T float32 | float64](t *testing.T, g *asm.Gemm[T]) {
	for rows := 1; rows <= g.MR; rows++ {
		for cols := 1; cols <= 2*g.NR+3; cols++ {
			for _, kc := range []int{0, 1, 2, 3, 4, 13} {
				guardTile(t, g, rows, cols, kc)
			}
		}
	}
}

func guardTile[T float32 | float64](t *testing.T, g *asm.Gemm[T], rows, cols, kc int) {
	size, panels := int(unsafe.Sizeof(T(0))), (cols+g.NR-1)/g.NR
	matrix := func(rows, width, ld int) *T { // the last row ends with its last element
		if rows == 0 {
			return unsafe.SliceData(paged[T](t, 0))
		}
		return unsafe.SliceData(paged[T](t, (rows-1)*ld+width))
	}
	beside := func() *asm.Fetch {
		if !g.Copies {
			return nil
		}
		return &asm.Fetch{Copy: asm.Copy{
			Src: uintptr(unsafe.Pointer(matrix(1, 3*g.NR, 0))), Dst: uintptr(unsafe.Pointer(matrix(1, 3*g.NR, 0))),
			Left: 3, Rows: 1, Pieces: 3, DstPiece: size * g.NR,
		}}
	}
	taking := func() *asm.Fetch {
		if !g.Takes {
			return nil
		}
		return &asm.Fetch{Copy: asm.Copy{
			Src: uintptr(unsafe.Pointer(matrix(1, 3*32, 0))), Dst: uintptr(unsafe.Pointer(matrix(1, 3*16, 0))),
			Left: 3, Rows: 1, Pieces: 3, DstPiece: size * 16, Second: 128, Apart: 64,
		}}
	}
	tall := g.MR
	if g.Strided {
		tall = rows
	}
	ldc, ldb := cols+1, panels*g.NR+3
	a, packed, c := matrix(kc, tall, g.MR), matrix(panels*kc, g.NR, g.NR), matrix(rows, cols, ldc)
	g.Run(rows, cols, kc, a, 1, g.MR, packed, kc*g.NR, g.NR, c, ldc, true, nil, beside())
	g.Run(rows, cols, kc, a, 1, g.MR, matrix(kc, panels*g.NR, ldb), g.NR, ldb, c, ldc, false, nil, taking())
	g.Run(rows, cols, kc, a, 1, g.MR, packed, kc*g.NR, g.NR, c, ldc, cols%2 == 0, matrix(1, cols, 0), beside())
	if g.Strided {
		width := rows
		if kc == 0 {
			width = 0
		}
		g.Run(rows, cols, kc, matrix(width, kc, kc+2), kc+2, 1, packed, kc*g.NR, g.NR, c, ldc, true, nil, nil)
	}
	if g.RunPast != nil && kc > 0 {
		ldc := (cols+15)/16*16 + 16 // cache lines
		g.RunPast(rows, cols, kc, a, 1, g.MR, packed, kc*g.NR, g.NR, matrix(rows, cols, ldc), ldc, beside())
	}
}

func guardGemms(t *testing.T, k *asm.Kernels) {
	guardGemm(t, &k.GemmF32)
	guardGemm(t, &k.GemmF64)
	g := &k.GemmF32
	for rows := 1; rows <= g.MR; rows++ {
		for cols := 1; cols <= g.NR; cols++ {
			for kc := 1; kc < 5; kc++ {
				tall := g.MR
				if g.Strided {
					tall = rows
				}
				a, b, tile := guardedPage(t, (kc-1)*g.MR+tall), guardedPage(t, kc*g.NR), guardedPage(t, g.MR*g.NR)
				y, dx := guardedPage(t, (rows-1)*g.NR+cols), guardedPage(t, (rows-1)*64+cols) // ends, and begins, with a cache line if cols is 32
				k.GemmReluGradF32(rows, cols, kc, &a[0], 1, g.MR, &b[0], g.NR, &dx[0], 64, &y[0], tile)
			}
		}
	}
}

// guardPack packs panels of a GEMM kernel, of every height and past two blocks of the widest vectors.
func guardPack[T float32 | float64](t *testing.T, g *asm.Gemm[T], pack func(dst, src []T, offset []int, width, kc int)) {
	for _, width := range []int{g.MR, g.NR} {
		for rows := 1; rows <= width; rows++ {
			for kc := 1; kc < 338; kc++ {
				if kc == 36 { // asked for ahead
					kc = 336
				}
				offset := paged[int](t, rows)
				for i := range offset {
					offset[i] = (rows - 1 - i) * (kc + 2)
				}
				pack(paged[T](t, kc*width), paged[T](t, (rows-1)*(kc+2)+kc), offset, width, kc)
			}
		}
	}
}

func guardPacks(t *testing.T, k *asm.Kernels) {
	guardPack(t, &k.GemmF32, k.PackF32)
	guardPack(t, &k.GemmF64, k.PackF64)
	for _, width := range []int{k.GemmF32.MR, k.GemmF32.NR} {
		for rows := 1; rows <= width; rows++ {
			for kc := 1; kc < 14; kc++ {
				taps := pagedCopy(t, 0, kc)
				runs := pagedCopy(t, asm.Run{At: 0, N: rows - rows/2, Offset: 0}, asm.Run{At: rows - rows/2, N: rows / 2, Offset: 5})
				k.PackRunsF32(guardedPage(t, 2*width), guardedPage(t, max(rows-rows/2, 5+rows/2)+kc), taps, runs, width)
			}
		}
	}
	for width := 1; width < 70; width++ {
		for rows := 1; rows < 5; rows++ {
			ld, ldd := width+rows%3, width+rows%2
			k.CopyRowsF32(guardedPage(t, (rows-1)*ldd+width), ldd, guardedPage(t, (rows-1)*ld+width), ld, width, rows, true)
			k.CopyPanelsF32(guardedPage(t, 2*rows*width), rows*width, guardedPage(t, (rows-1)*(ldd+width)+2*width), ldd+width, width, 2, rows)
			k.TurnF32(guardedPage(t, 9*width*rows), 9*rows, guardedPage(t, 9*width*rows), 9*width, rows, width)
			for zeros := range min(3, width) {
				n := width - zeros - rows%2*min(1, width-zeros-1)
				k.PadRowsF32(guardedPage(t, (rows-1)*ldd+width), guardedPage(t, (rows-1)*(n+1)+n), rows, ldd, n+1, zeros, n, width)
			}
		}
	}
	for rows := 1; rows < 36; rows++ {
		for cols := 1; cols < 36; cols++ {
			for _, ldd := range []int{rows + 1, 300} {
				k.TransposeF32(guardedPage(t, (cols-1)*ldd+rows), ldd, guardedPage(t, (rows-1)*(cols+2)+cols), cols+2, rows, cols, true, false)
			}
			if rows%16 == 0 { // ends, and begins, with a cache line
				k.TransposeF32(guardedPage(t, cols*rows), rows, guardedPage(t, (rows-1)*(cols+2)+cols), cols+2, rows, cols, false, true)
			}
		}
	}
}

func guardPlanes(t *testing.T, k *asm.Kernels) {
	for n := 1; n < 70; n++ {
		for rows := 1; rows < 3; rows++ {
			matrix := func(width, ld int) []float32 { return guardedPage(t, (rows-1)*ld+width) }
			short := matrix(n, n)
			taken := asm.Planes{Planes: 1, Rows: rows, DstRow: n, SrcRow: 2*n + 1}
			k.TakeSecondF32(short, matrix(2*n-1, 2*n+1), taken, n)
			for _, r := range []int{1, 2, 4} { // with and without the very last element
				k.TakeSecondF32(guardedPage(t, r*n), guardedPage(t, r*4*n-2*n-rows%2), asm.Planes{Planes: 1, Rows: r, DstRow: n, SrcRow: 4 * n}, n)
			}
			apart := asm.Planes{Planes: 1, Rows: rows, DstRow: n + 3, SrcRow: n}
			k.CopyPlanesF32(matrix(n, n+3), short, apart, n)
			k.AddPlanesF32(matrix(n, n+3), short, apart, n)
			k.PartF32(matrix(n, n), short, matrix(2*n, 2*n+1), taken, n)
			woven := asm.Planes{Planes: rows, Rows: 1, DstPlane: 2*n + 1, SrcPlane: n}
			k.WeaveF32(matrix(2*n, 2*n+1), matrix(n, n), matrix(n, n), woven, n, rows == 2)
			spread := asm.Planes{Planes: rows, Rows: 1, DstPlane: 4 * n, DstRow: 4 * n, SrcPlane: n, SrcRow: n}
			k.UpsampleF32(matrix(4*n, 4*n), short, spread, n, rows == 2)
			masks, count := paged[uint16](t, (n+15)/16), (n+1)/2
			for i := 0; i < n; i += 2 {
				masks[i/16] |= 1 << (i % 16)
			}
			k.ExpandF32(matrix(n, n), matrix(count, count), rows, masks, n, count)
			k.ReluGradRowsF32(matrix(n, n+2), n+2, matrix(n, n+1), matrix(n, n+1), n+1, rows, n)
		}
	}
}
