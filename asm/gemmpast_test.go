package asm_test

import (
	"testing"
	"unsafe"

	"randalign/asm"
	"randalign/asm/asmtest"
)

// checkPast holds tiles that pass the caches by against one call of the kernel for each. C
// begins off elements behind a cache line, and its rows do so if off is 0.
func checkPast(t *testing.T, k *asm.Kernels, rows, panels, kc, off int) {
	g := &k.GemmF32
	value := asmtest.Exact[float32]
	if kc%2 > 0 {
		value = asmtest.Special
	}
	filled := func(n int) []float32 {
		s, _ := asmtest.Guarded[float32](t, n, off)
		for i := range s {
			s[i] = value(i + off)
		}
		return s
	}
	cols := panels * g.NR
	rs, cs := 1, g.MR
	if g.Strided && off%2 == 0 {
		rs, cs = kc+off, 1
	}
	ldb, step := g.NR, g.NR*(kc+1) // packed, or in place
	if off == 0 {
		ldb, step = cols+3, g.NR
	}
	a, b := filled((g.MR-1)*rs+(kc-1)*cs+1), filled((panels-1)*step+(kc-1)*ldb+g.NR)
	ldc := (cols+15)/16*16 + 16 + off
	all, check := asmtest.Guarded[float32](t, (rows-1)*ldc+cols+15+off, 0)
	c := all[int(-uintptr(unsafe.Pointer(&all[0]))%64/4)+off:]
	want := append([]float32(nil), all...)
	wantC := want[len(all)-len(c):]
	for p := range panels {
		g.Run(rows, g.NR, kc, &a[0], rs, cs, &b[p*step], ldb, &wantC[p*g.NR], ldc, false)
	}
	next := asm.Fetch{Next: uintptr(unsafe.Pointer(&a[0])), Pairs: 2, Stride: 64, Count: off}
	k.GemmPastF32(rows, panels, kc, &a[0], rs, cs, &b[0], step, ldb, &c[0], ldc, &next)
	asm.Fence()
	asmtest.SameBits(t, want, all, "%d rows, %d panels, %d steps, offset %d", rows, panels, kc, off)
	check()
}

func TestGemmPast(t *testing.T) {
	asmtest.ForEachPath(t, func(t *testing.T) {
		k := asm.Active()
		for rows := 1; rows <= k.GemmF32.MR; rows++ {
			for _, panels := range []int{1, 2, 5} {
				for _, kc := range []int{1, 2, 3, 4, 5, 7, 8, 64, 129, 132, 133, 255, 256, 259} {
					for off := range 3 {
						checkPast(t, k, rows, panels, kc, off)
					}
				}
			}
		}
	})
}
