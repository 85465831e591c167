package asm_test

import (
	"testing"
	"unsafe"

	"github.com/stretchr/testify/require"

	"randalign/asm"
	"randalign/asm/asmtest"
)

// takeCase is a row of tiles beside which a kernel takes every second element of rows of pieces.
type takeCase struct {
	rows, cols, kc, pieces, second int
	past                           bool
	apart                          int // bytes from a line of a piece to the other
	fetch                          int // rows to be asked for before
}

// checkTakes holds the product against one that has nothing to do beside, and what was taken against
// the generic twin, as far as it came.
func checkTakes(t *testing.T, g *asm.Gemm[float32], q takeCase) {
	const (
		taken, piece = 5, 16
		gap          = 3 // of two rows of src, in elements
		size         = 4
	)
	value := asmtest.Exact[float32]
	if q.kc%2 > 0 {
		value = asmtest.Special[float32]
	}
	filled := func(n, off int) (s []float32, check func()) {
		s, check = asmtest.Guarded[float32](t, n, off)
		for i := range s {
			s[i] = value(i + n)
		}
		return s, check
	}
	ldx, ldd := q.pieces*q.second/size+gap, q.pieces*piece+1
	x, _ := filled((taken-1)*ldx+(q.pieces-1)*q.second/size+q.apart/size+piece, q.kc%3)
	dst, checkDst := filled((taken-1)*ldd+q.pieces*piece, q.kc%3)
	panels := (q.cols + g.NR - 1) / g.NR
	ldc := panels*g.NR + 16
	a, _ := filled(g.MR*q.kc+1, 1)
	b, _ := filled(panels*g.NR*q.kc+g.NR, 2)
	c, checkC := onLine[float32](t, (q.rows-1)*ldc+q.cols, 0)
	plain := append([]float32(nil), c...)
	next := &asm.Fetch{
		Next: uintptr(unsafe.Pointer(&x[0])), Pairs: 1, Stride: 8, Count: q.fetch,
		Copy: asm.Copy{
			Src: uintptr(unsafe.Pointer(&x[0])), Dst: uintptr(unsafe.Pointer(&dst[0])),
			Left: q.pieces, Rows: taken, Pieces: q.pieces, DstPiece: piece * size,
			SrcSkip: gap * size, DstSkip: size, Second: q.second, Apart: q.apart,
		},
	}
	run := func(c []float32, next *asm.Fetch) {
		if q.past {
			g.RunPast(q.rows, q.cols, q.kc, &a[0], 1, g.MR, &b[0], g.NR*q.kc, g.NR, &c[0], ldc, next)
			asm.Fence()
			return
		}
		g.Run(q.rows, q.cols, q.kc, &a[0], 1, g.MR, &b[0], g.NR*q.kc, g.NR, &c[0], ldc, q.kc%4 > 1, nil, next)
	}
	want := append([]float32(nil), dst...)
	run(plain, nil)
	run(c, next)
	asmtest.SameBits(t, plain, c, "%+v", q)
	checkC()
	done := (taken - next.Rows) * q.pieces // whole rows and a part of one
	if next.Rows > 0 {
		done += q.pieces - next.Left
	}
	for i := range done {
		r, p := i/q.pieces, i%q.pieces
		for j := range piece {
			want[r*ldd+p*piece+j] = x[r*ldx+p*q.second/size+j/8*q.apart/size+j%8*2]
		}
	}
	asmtest.SameBits(t, want, dst, "%+v: taken", q)
	checkDst()
	if q.rows == g.MR && q.cols >= g.NR && q.kc > 2*q.rows+4*q.fetch+25 {
		require.Zero(t, next.Rows, "%+v", q)
	}
}

func TestGemmTakesOnTheWay(t *testing.T) {
	asmtest.ForEachPath(t, func(t *testing.T) {
		g := &asm.Active().GemmF32
		if !g.Takes {
			t.Skip("this path does not take")
		}
		for rows := 1; rows <= g.MR; rows++ {
			for _, cols := range []int{1, g.NR / 2, g.NR - 1, g.NR, 2*g.NR + 3, 3 * g.NR} {
				for i, kc := range []int{1, 2, 3, 4, 5, 6, 7, 8, 13, 21, 40, 66, 133, 262} {
					q := takeCase{rows: rows, cols: cols, kc: kc, pieces: 1 + i%3, second: 128 << ((i + rows) % 2), apart: 64, fetch: i % 2 * 3}
					if i%3 > 0 {
						q.apart = 128
					}
					checkTakes(t, g, q)
					if g.RunPast != nil {
						q.past = true
						checkTakes(t, g, q)
					}
				}
			}
		}
	})
}
