package asm_test

import (
	"testing"
	"unsafe"

	"github.com/stretchr/testify/require"

	"randalign/asm"
	"randalign/asm/asmtest"
)

// checkAcross holds tiles side by side against one call of the kernel for each, in guarded
// memory, and lets the kernel fetch and copy on the way.
func checkAcross[T float32 | float64](t *testing.T, g *asm.Gemm[T]) {
	if g.RunAcross == nil {
		return
	}
	numbers := []func(i int) T{asmtest.Exact[T], func(i int) T { return T(asmtest.Special(i)) }}
	for _, panels := range []int{1, 2, 5} {
		for kc := range 300 {
			if kc > 20 && kc < 120 || kc > 140 && kc < 250 || kc > 270 && kc%7 > 0 {
				continue
			}
			for off := range 4 {
				number, load := numbers[kc%2], off%2 == 0
				rs, cs := 1, g.MR
				if off > 1 {
					rs, cs = kc+off, 1
				}
				ldb, bstep := g.NR, g.NR*(kc+1) // packed, or in place
				if off == 1 {
					ldb, bstep = panels*g.NR+3, g.NR
				}
				ldc := panels*g.NR + off
				a, checkA := asmtest.Guarded[T](t, (g.MR-1)*rs+max(kc-1, 0)*cs+1, off)
				b, checkB := asmtest.Guarded[T](t, (panels-1)*bstep+max(kc-1, 0)*ldb+g.NR, off)
				c, checkC := asmtest.Guarded[T](t, (g.MR-1)*ldc+panels*g.NR, off)
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
				for p := range panels {
					g.Run(g.MR, g.NR, kc, &a[0], rs, cs, &b[p*bstep], ldb, &want[p*g.NR], ldc, load)
				}
				next, checkCopy := copyAcross(t, g, off)
				g.RunAcross(panels, kc, &a[0], rs, cs, &b[0], bstep, ldb, &c[0], ldc, load, next)
				asmtest.SameBits(t, want, c, "%d panels, %d steps, load %v, offset %d", panels, kc, load, off)
				checkA()
				checkB()
				checkC()
				checkCopy()
				if next != nil && panels*max(0, kc-132) > 40 {
					require.Zero(t, next.Rows, "%d panels, %d steps", panels, kc)
				}
			}
		}
	}
}

// copyAcross returns five rows to be copied in pieces of NR elements, some lines to be fetched
// before, and what checks how far that came; nothing to do for off 0.
func copyAcross[T float32 | float64](t *testing.T, g *asm.Gemm[T], off int) (*asm.Fetch, func()) {
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
	next := &asm.Fetch{Copy: asm.Copy{
		Src: uintptr(unsafe.Pointer(&x[0])), Dst: uintptr(unsafe.Pointer(&dst[0])),
		Left: pieces, Rows: rows, Pieces: pieces, DstPiece: dstPiece * size,
		SrcSkip: (ldx - pieces*g.NR) * size, DstSkip: (g.NR - pieces*dstPiece) * size,
	}}
	if off > 1 {
		next.Next, next.Pairs, next.Stride, next.Count = uintptr(unsafe.Pointer(&x[0])), off, 8, 2
	}
	return next, func() {
		done := (rows - next.Rows) * pieces // whole rows and a part of one
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

func TestGemmAcross(t *testing.T) {
	asmtest.ForEachPath(t, func(t *testing.T) {
		k := asm.Active()
		checkAcross(t, &k.GemmF32)
		checkAcross(t, &k.GemmF64)
	})
}
