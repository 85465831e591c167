package asm_test

import (
	"testing"
	"unsafe"

	"github.com/stretchr/testify/require"

	"randalign/asm"
	"randalign/asm/asmtest"
)

// panelsCase is one call of GemmPanelsF32.
type panelsCase struct {
	rows, panels, kc int
	load, bias, ones bool // ones are rows of A that stand side by side, cs apart
	special          bool
}

// checkPanels holds a row of tiles against tiles one by one, a bias and a ReLU.
func checkPanels(t *testing.T, k *asm.Kernels, q panelsCase) {
	g := &k.GemmF32
	value := asmtest.Exact[float32]
	if q.special {
		value = asmtest.Special
	}
	filled := func(n, off, first int) []float32 {
		s, _ := asmtest.Guarded[float32](t, n, off)
		for i := range s {
			s[i] = value(first + i)
		}
		return s
	}
	cols := q.panels * g.NR
	rs, cs := 1, g.MR // a packed panel, which every kernel takes
	size := g.MR * q.kc
	if q.ones && g.Strided {
		rs, cs = q.kc+3, 1
		size = (q.rows-1)*rs + q.kc
	}
	step, ldc := (q.kc+1)*g.NR+5, cols+7
	a, b := filled(size, 1, 1), filled((q.panels-1)*step+q.kc*g.NR, 1, q.kc)
	c, check := asmtest.Guarded[float32](t, (q.rows-1)*ldc+cols, 1)
	for i := range c {
		c[i] = value(i + 3)
	}
	want := append([]float32(nil), c...)
	var bias []float32
	var first *float32
	if q.bias {
		bias = filled(cols, 1, 5)
		first = &bias[0]
	}
	for p := range q.panels {
		g.Run(q.rows, g.NR, q.kc, &a[0], rs, cs, &b[p*step], g.NR, &want[p*g.NR], ldc, q.load)
	}
	for i := 0; i < q.rows && q.bias; i++ {
		for j := range cols {
			if want[i*ldc+j] += bias[j]; !(want[i*ldc+j] > 0) {
				want[i*ldc+j] = 0
			}
		}
	}
	next := asm.Fetch{Next: uintptr(unsafe.Pointer(&b[0])), Pairs: 1, Stride: 8, Count: q.rows % 4}
	k.GemmPanelsF32(q.rows, q.panels, q.kc, &a[0], rs, cs, &b[0], step, &c[0], ldc, q.load, first, &next, nil)
	asmtest.SameBits(t, want, c, "%+v", q)
	check()
}

func TestGemmPanelsIsTilesSideBySide(t *testing.T) {
	asmtest.ForEachPath(t, func(t *testing.T) {
		k := asm.Active()
		for rows := 1; rows <= k.GemmF32.MR; rows++ {
			for _, kc := range []int{1, 2, 3, 4, 5, 8, 2*rows + 1, 2*rows + 9, 40} {
				for i := range 24 {
					checkPanels(t, k, panelsCase{rows, 1 + i%3, kc, i%2 == 0, i/2%2 == 0, i/4%2 == 0, (i/8+rows)%3 == 0})
				}
			}
		}
	})
}

// What is copied beside a row of tiles is copied beside those behind the first.
func TestGemmPanelsCopiesOnTheWay(t *testing.T) {
	asmtest.ForEachPath(t, func(t *testing.T) {
		k := asm.Active()
		g := &k.GemmF32
		if !g.Copies {
			t.Skip("this path's kernel copies nothing")
		}
		const kc, copied, pieces, panels = 64, 5, 3, 3
		for rows := 1; rows <= g.MR; rows++ {
			x, _ := asmtest.Guarded[float32](t, copied*pieces*g.NR, 1)
			for i := range x {
				x[i] = asmtest.Exact[float32](i)
			}
			dst, check := asmtest.Guarded[float32](t, copied*pieces*g.NR, 1)
			a, b, c := make([]float32, g.MR*kc), make([]float32, panels*kc*g.NR), make([]float32, g.MR*panels*g.NR)
			piece := 4 * g.NR
			then := asm.Fetch{Copy: asm.Copy{
				Src: uintptr(unsafe.Pointer(&x[0])), Dst: uintptr(unsafe.Pointer(&dst[0])),
				Left: pieces, Rows: copied, Pieces: pieces, DstPiece: piece,
			}}
			k.GemmPanelsF32(rows, panels, kc, &a[0], 1, g.MR, &b[0], kc*g.NR, &c[0], panels*g.NR, false, nil, nil, &then)
			require.Zero(t, then.Rows, "%d rows", rows)
			asmtest.SameBits(t, x, dst, "%d rows", rows)
			check()

			then.Copy = asm.Copy{Src: uintptr(unsafe.Pointer(&x[0])), Dst: uintptr(unsafe.Pointer(&dst[0])), Left: pieces, Rows: copied, Pieces: pieces, DstPiece: piece}
			k.GemmPanelsF32(rows, 1, kc, &a[0], 1, g.MR, &b[0], kc*g.NR, &c[0], g.NR, false, nil, nil, &then)
			require.Equal(t, copied, then.Rows, "%d rows, one tile", rows)
		}
	})
}
