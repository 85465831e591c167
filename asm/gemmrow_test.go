package asm_test

import (
	"testing"
	"unsafe"

	"github.com/stretchr/testify/require"

	"randalign/asm"
	"randalign/asm/asmtest"
)

// rowCase is one call of a kernel for a row of tiles.
type rowCase struct {
	rows, cols, kc, off int
	load, bias, special bool
}

// checkRow holds a row of tiles against the tiles one by one, a bias and a ReLU, in guarded
// memory, and lets the kernel fetch and copy on the way. A and B are in place or packed.
func checkRow[T float32 | float64](t *testing.T, g *asm.Gemm[T], q rowCase) {
	value := asmtest.Exact[T]
	if q.special {
		value = asmtest.Special[T]
	}
	filled := func(n, first int) (s []T, check func()) {
		s, check = asmtest.Guarded[T](t, n, q.off)
		for i := range s {
			s[i] = value(first + i)
		}
		return s, check
	}
	panels := (q.cols + g.NR - 1) / g.NR
	rs, cs, size := 1, g.MR, g.MR*q.kc // a packed panel, which every kernel takes
	if q.off > 1 && g.Strided {
		rs, cs = q.kc+q.off, 1
		if q.off > 2 { // every second element
			rs, cs = 2*rs, 2
		}
		size = (q.rows-1)*rs + max(q.kc-1, 0)*cs + 1
	}
	step, ldb := g.NR*(q.kc+1), g.NR
	if q.off == 1 {
		step, ldb = g.NR, panels*g.NR+3
	}
	ldc := q.cols + q.off
	a, checkA := filled(max(1, size), 1)
	b, checkB := filled((panels-1)*step+max(q.kc-1, 0)*ldb+g.NR, q.kc)
	c, checkC := filled((q.rows-1)*ldc+q.cols, 3)
	bias, checkBias := filled(q.cols, 5)
	want := append([]T(nil), c...)
	for p := range panels {
		j := p * g.NR
		g.Run(q.rows, min(g.NR, q.cols-j), q.kc, &a[0], rs, cs, &b[p*step], 0, ldb, &want[j], ldc, q.load, nil, nil)
	}
	var first *T
	if q.bias {
		first = &bias[0]
	}
	for i := 0; i < q.rows && q.bias; i++ {
		for j := range q.cols {
			if want[i*ldc+j] += bias[j]; !(want[i*ldc+j] > 0) {
				want[i*ldc+j] = 0
			}
		}
	}
	next, checkCopy := beside(t, g, q.off)
	g.Run(q.rows, q.cols, q.kc, &a[0], rs, cs, &b[0], step, ldb, &c[0], ldc, q.load, first, next)
	asmtest.SameBits(t, want, c, "%+v", q)
	checkA()
	checkB()
	checkC()
	checkBias()
	checkCopy()
	if steps := max(0, q.kc-2*q.rows-132); next != nil && g.Copies && q.rows == g.MR && q.cols/g.NR*steps > 40 {
		require.Zero(t, next.Rows, "%+v", q)
	}
}

// beside returns five rows to be copied in pieces of NR elements, some lines to be fetched
// before, and what checks how far that came; nothing to do for off 0.
func beside[T float32 | float64](t *testing.T, g *asm.Gemm[T], off int) (*asm.Fetch, func()) {
	if off == 0 {
		return nil, func() {}
	}
	const rows = 5
	size, pieces := int(unsafe.Sizeof(T(0))), 1+off%3
	ldx, dstPiece := pieces*g.NR+3, rows*g.NR+1
	x, checkX := asmtest.Guarded[T](t, (rows-1)*ldx+pieces*g.NR, off)
	for i := range x {
		x[i] = asmtest.Exact[T](i)
	}
	dst, checkDst := asmtest.Guarded[T](t, (pieces-1)*dstPiece+rows*g.NR, off)
	want := append([]T(nil), dst...)
	next := &asm.Fetch{}
	if g.Copies {
		next.Copy = asm.Copy{
			Src: uintptr(unsafe.Pointer(&x[0])), Dst: uintptr(unsafe.Pointer(&dst[0])),
			Left: pieces, Rows: rows, Pieces: pieces, DstPiece: dstPiece * size,
			SrcSkip: (ldx - pieces*g.NR) * size, DstSkip: (g.NR - pieces*dstPiece) * size,
		}
	}
	if off > 1 {
		next.Next, next.Pairs, next.Stride, next.Count = uintptr(unsafe.Pointer(&x[0])), off, 8, rows
		next.Behind = off % 2 * rows
	}
	return next, func() {
		done := 0 // whole rows and a part of one
		if g.Copies {
			done = (rows - next.Rows) * pieces
		}
		if next.Rows > 0 {
			done += pieces - next.Left
		}
		for i := range done {
			r, p := i/pieces, i%pieces
			copy(want[p*dstPiece+r*g.NR:][:g.NR], x[r*ldx+p*g.NR:])
		}
		asmtest.SameBits(t, want, dst, "copy of %d", pieces)
		checkX()
		checkDst()
	}
}

// checkRows goes through every height, and widths of several tiles.
func checkRows[T float32 | float64](t *testing.T, g *asm.Gemm[T]) {
	for rows := 1; rows <= g.MR; rows++ {
		for n, kc := range []int{0, 1, 2, 3, 4, 5, 8, 2*rows + 1, 2*rows + 9, 40} {
			for i := range 24 {
				last := []int{0, 1, g.NR / 2, g.NR/2 + 1, g.NR - 1}[(i+n)%5]
				checkRow(t, g, rowCase{rows, (1+i%3)*g.NR + last, kc, (i + rows) % 4, i%2 == 0, i/2%2 == 0, (i/8+rows)%3 == 0})
			}
		}
	}
	for _, tiles := range []int{1, 2, 5} {
		for kc := range 300 {
			if kc > 20 && kc < 120 || kc > 140 && kc < 250 || kc > 270 && kc%7 > 0 {
				continue
			}
			for off := range 4 {
				checkRow(t, g, rowCase{g.MR, tiles*g.NR + off*off*kc%g.NR, kc, off, off%2 == 0, false, kc%2 == 0})
			}
		}
	}
}

func TestGemmRowIsTilesSideBySide(t *testing.T) {
	asmtest.ForEachPath(t, func(t *testing.T) {
		k := asm.Active()
		checkRows(t, &k.GemmF32)
		checkRows(t, &k.GemmF64)
	})
}

// checkTall holds several rows of tiles, with a bias, against the rows of tiles one by one.
func checkTall[T float32 | float64](t *testing.T, g *asm.Gemm[T]) {
	if !g.Strided {
		return
	}
	const kc = 5
	for _, rows := range asmtest.Sizes(g.MR)[1:] {
		for _, cols := range []int{1, g.NR, g.NR + 3, 3 * g.NR} {
			ldb := (cols + g.NR - 1) / g.NR * g.NR
			a, checkA := asmtest.Guarded[T](t, rows*kc, 1)
			b, checkB := asmtest.Guarded[T](t, kc*ldb, 2)
			bias, checkBias := asmtest.Guarded[T](t, cols, 3)
			c, checkC := asmtest.Guarded[T](t, rows*cols, 1)
			for _, x := range [][]T{a, b, bias, c} {
				for i := range x {
					x[i] = asmtest.Special[T](i + len(x))
				}
			}
			want := append([]T(nil), c...)
			for i := range rows {
				g.Run(1, cols, kc, &a[i*kc], kc, 1, &b[0], g.NR, ldb, &want[i*cols], cols, rows%2 == 0, &bias[0], nil)
			}
			g.Run(rows, cols, kc, &a[0], kc, 1, &b[0], g.NR, ldb, &c[0], cols, rows%2 == 0, &bias[0], nil)
			asmtest.SameBits(t, want, c, "%d x %d", rows, cols)
			checkA()
			checkB()
			checkBias()
			checkC()
		}
	}
}

func TestGemmRowsOfTilesAreRowsOneByOne(t *testing.T) {
	asmtest.ForEachPath(t, func(t *testing.T) {
		checkTall(t, &asm.Active().GemmF32)
		checkTall(t, &asm.Active().GemmF64)
	})
}
