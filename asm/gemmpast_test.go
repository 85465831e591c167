package asm_test

import (
	"testing"
	"unsafe"

	"randalign/asm"
	"randalign/asm/asmtest"
)

// checkPast holds tiles that pass the caches by against those that do not. C begins off elements
// behind a cache line, and its rows do so if off is 0.
func checkPast[T float32 | float64](t *testing.T, g *asm.Gemm[T], rows, cols, kc, off int) {
	panels := (cols + g.NR - 1) / g.NR
	value := asmtest.Exact[T]
	if kc%2 > 0 {
		value = asmtest.Special[T]
	}
	filled := func(n int) []T {
		s, _ := asmtest.Guarded[T](t, n, off)
		for i := range s {
			s[i] = value(i + off)
		}
		return s
	}
	rs, cs := 1, g.MR
	if g.Strided && off%2 == 0 {
		rs, cs = kc+off, 1
	}
	ldb, step := g.NR, g.NR*(kc+1) // packed, or in place
	if off == 0 {
		ldb, step = panels*g.NR+3, g.NR
	}
	a, b := filled((g.MR-1)*rs+(kc-1)*cs+1), filled((panels-1)*step+(kc-1)*ldb+g.NR)
	ldc := (cols+15)/16*16 + 16 + off
	all, check := asmtest.Guarded[T](t, (rows-1)*ldc+cols+15+off, 0)
	c := all[int(-uintptr(unsafe.Pointer(&all[0]))%64/unsafe.Sizeof(all[0]))+off:]
	want := append([]T(nil), all...)
	wantC := want[len(all)-len(c):]
	g.Run(rows, cols, kc, &a[0], rs, cs, &b[0], step, ldb, &wantC[0], ldc, false, nil, nil)
	next := asm.Fetch{Next: uintptr(unsafe.Pointer(&a[0])), Pairs: 2, Stride: 64, Count: off}
	g.RunPast(rows, cols, kc, &a[0], rs, cs, &b[0], step, ldb, &c[0], ldc, &next)
	asm.Fence()
	asmtest.SameBits(t, want, all, "%d rows, %d columns, %d steps, offset %d", rows, cols, kc, off)
	check()
}

// checkAllPast does so for tiles of every height and many widths.
func checkAllPast[T float32 | float64](t *testing.T, g *asm.Gemm[T]) {
	if g.RunPast == nil {
		t.Skip("this path has no such kernel")
	}
	for rows := 1; rows <= g.MR; rows++ {
		for _, cols := range []int{1, g.NR, 2*g.NR - 1, 2 * g.NR, 5 * g.NR, 5*g.NR + 3} {
			for _, kc := range []int{1, 2, 3, 4, 5, 7, 8, 64, 129, 132, 133, 255, 256, 259} {
				for off := range 3 {
					checkPast(t, g, rows, cols, kc, off)
				}
			}
		}
	}
}

func TestGemmPast(t *testing.T) {
	asmtest.ForEachPath(t, func(t *testing.T) {
		t.Run("float32", func(t *testing.T) { checkAllPast(t, &asm.Active().GemmF32) })
		t.Run("float64", func(t *testing.T) { checkAllPast(t, &asm.Active().GemmF64) })
	})
}
