package asm_test

import (
	"math"
	"math/rand/v2"
	"testing"

	"randalign/asm"
	"randalign/asm/asmtest"
)

// Lengths, offsets, bit patterns and strides that the sweeps do not try: every
// path against the references.
func FuzzVectorKernels(f *testing.F) {
	f.Add(uint64(1), uint16(0), uint8(0))
	f.Add(uint64(2), uint16(1000), uint8(7))
	f.Add(uint64(3), uint16(333), uint8(2))
	paths := asm.Paths()
	f.Fuzz(func(t *testing.T, seed uint64, length uint16, offset uint8) {
		n, off := int(length)%2048, int(offset)%16
		rng := rand.New(rand.NewPCG(seed, 0))
		number := func() float32 {
			switch rng.IntN(8) {
			case 0:
				return math.Float32frombits(rng.Uint32())
			case 1:
				return asmtest.Special[float32](rng.IntN(1000))
			}
			return float32(rng.NormFloat64() * 4)
		}
		x, y, z := make([]float32, n), make([]float32, n), make([]float32, n)
		for i := range n {
			x[i], y[i], z[i] = number(), number(), number()
		}
		a, b, v := number(), number(), rng.Float32()
		relu := rng.IntN(2) == 0
		width := 1 + rng.IntN(n/3+1)
		stride := width + rng.IntN(n/3+1)
		runs := 0
		if n >= width {
			runs = (n-width)/stride + 1
		}
		w := 2 + rng.IntN(200)
		rows := n / (2 * w)
		spread := asm.Planes{Planes: 1, Rows: runs, DstRow: stride, SrcRow: stride}
		even, odd := y, z
		switch rng.IntN(4) {
		case 0:
			even = nil
		case 1:
			odd = nil
		}
		var taps []int
		for range rng.IntN(2*min(n, 20) + 1) {
			taps = append(taps, rng.IntN(n))
		}
		masks, count := make([]uint16, (width+15)/16), 0
		for i := range width {
			if rng.IntN(4) > 0 {
				masks[i/16] |= 1 << (i % 16)
				count++
			}
		}

		var want []float32
		var wantWide []float64
		for i := len(paths) - 1; i >= 0; i-- { // generic first
			undo, err := asm.Select(paths[i])
			if err != nil {
				t.Fatal(err)
			}
			k := asm.Active()
			undo()
			var got []float32
			var wide []float64
			run := func(f func(dst []float32)) {
				dst, check := asmtest.Guarded[float32](t, n, off)
				copy(dst, x)
				f(dst)
				check()
				got = append(got, dst...)
			}
			run(func(d []float32) { k.AddF32(d, y) })
			run(func(d []float32) { k.AddScalarF32(d, a) })
			run(func(d []float32) { k.AddReluF32(d, y) })
			run(func(d []float32) { k.MulF32(d, y, z) })
			run(func(d []float32) { k.ReluF32(d, y) })
			run(func(d []float32) { k.ReluGradF32(d, y, z) })
			run(func(d []float32) { k.LeakyReluF32(d, y, v) })
			run(func(d []float32) { k.LeakyReluGradF32(d, y, z, v) })
			run(func(d []float32) { k.SigmoidF32(d, y) })
			run(func(d []float32) { k.TanhF32(d, y) })
			run(func(d []float32) { k.GeluF32(d, y) })
			run(func(d []float32) { k.GeluGradF32(d, y, z) })
			run(func(d []float32) { k.SgdF32(d, append([]float32(nil), y...), z, a, b, v) })
			var s, q [asm.Lanes]float64
			if runs > 0 {
				k.NormSumsF32(y, runs, stride, width, a, &s, &q, stride)
				k.NormGradSumsF32(y, z, runs, stride, width, float64(b), a, b, v, relu, &s, &q, stride)
				run(func(d []float32) { k.NormApplyF32(d, y, runs, stride, width, a, b, v, relu, !relu, stride) })
				run(func(d []float32) { k.NormGradF32(d, y, z, runs, stride, width, a, b, v, a, b, relu, !relu, stride) })
			}
			if runs > 0 && width > 1 {
				run(func(d []float32) { k.CopyPlanesF32(d, y, spread, width) })
				run(func(d []float32) { k.AddPlanesF32(d, y, spread, width) })
				run(func(d []float32) { k.PartF32(d, make([]float32, n), y, spread, width/2) })
				run(func(d []float32) { k.TakeSecondF32(d, y, spread, width/2) })
				run(func(d []float32) { k.WeaveF32(d, even, odd, spread, width/2, relu) })
				upsampled := asm.Planes{Planes: 1, Rows: n / (4 * w), DstRow: 4 * w, SrcRow: w}
				run(func(d []float32) { k.UpsampleF32(d, z, upsampled, w, relu) })
				run(func(d []float32) { k.ExpandF32(d, z, n/width, masks, width, count) })
			}
			if len(taps) > 0 {
				outputs := n - reach(taps)
				run(func(d []float32) { k.MaxTapsF32(d[:outputs], y, taps) })
				run(func(d []float32) { k.SumTapsF32(d[:outputs], y, taps, a, b) })
				run(func(d []float32) {
					note := make([]int32, n)
					k.NoteTapsF32(note[:outputs], note[:outputs], y, z, taps)
					k.PickTapsF32(d[:outputs], z, note, picked(taps))
				})
			}
			if rows > 0 {
				run(func(d []float32) { k.MaxPool2F32(d, y, rows, w) })
				run(func(d []float32) { k.MaxPool2GradF32(d, y, z, z, rows, w) })
				note := make([]uint8, n)
				run(func(d []float32) { k.NotedPool2F32(d, note, y, rows, w) })
				run(func(d []float32) { k.NotedPool2GradF32(d, z, note, rows, w, relu) })
				run(func(d []float32) { k.AvgPool2F32(d, y, rows, w) })
				run(func(d []float32) { k.AvgPool2GradF32(d, y, rows, w) })
			}
			wide = append(append(wide, s[:]...), q[:]...)
			wide = append(wide, float64(k.SumF32(y)), k.SumSquaresF32(y), k.DotF32(y, z))
			if want == nil && wantWide == nil {
				want, wantWide = got, wide
			}
			asmtest.SameBits(t, want, got, "path %s, n %d, offset %d, width %d, stride %d, w %d", paths[i], n, off, width, stride, w)
			asmtest.SameBits(t, wantWide, wide, "path %s, sums of %d, width %d, stride %d", paths[i], n, width, stride)
		}
	})
}
