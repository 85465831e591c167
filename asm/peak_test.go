package asm_test

import (
	"math"
	"testing"

	"github.com/stretchr/testify/require"

	"randalign/asm"
	"randalign/asm/asmtest"
)

// Each accumulator must be the chain that the flop count supposes: a turn more
// or less, or a chain that another overwrites, shows as other bits.
func TestPeakLoopsAreIndependentChains(t *testing.T) {
	asmtest.ForEachPath(t, func(t *testing.T) {
		k := asm.Active()
		require.GreaterOrEqual(t, k.PeakF32.Chains, 8)
		require.GreaterOrEqual(t, k.PeakF64.Chains, 8)
		for _, turns := range []int{0, 1, 2, 3, 50} {
			a, checkA := asmtest.Guarded[float32](t, k.PeakF32.Chains, turns%3)
			b, checkB := asmtest.Guarded[float64](t, k.PeakF64.Chains, turns%2)
			wantA, wantB := make([]float32, len(a)), make([]float64, len(b))
			const x, y = 1.1, 0.7
			for i := range a {
				a[i] = float32(i) / 3
				wantA[i] = a[i]
				for range turns {
					wantA[i] = asm.FMA32(x, y, wantA[i])
				}
			}
			for i := range b {
				b[i] = float64(i) / 3
				wantB[i] = b[i]
				for range turns {
					wantB[i] = math.FMA(x, y, wantB[i])
				}
			}
			k.PeakF32.Run(turns, &a[0], x, y)
			k.PeakF64.Run(turns, &b[0], x, y)
			asmtest.SameBits(t, wantA, a, "float32, %d turns", turns)
			asmtest.SameBits(t, wantB, b, "float64, %d turns", turns)
			checkA()
			checkB()
		}
	})
}

func TestCopyF32(t *testing.T) {
	asmtest.ForEachPath(t, func(t *testing.T) {
		for n := range 200 {
			src, _ := asmtest.Guarded[float32](t, n, n%4)
			for i := range src {
				src[i] = asmtest.Special[float32](i)
			}
			dst, check := asmtest.Guarded[float32](t, n, 3-n%4)
			asm.Active().CopyF32(dst, src)
			asmtest.SameBits(t, src, dst, "n %d", n)
			check()
			clear(dst)
			asm.Active().CopyPastF32(dst, src)
			asm.Fence()
			asmtest.SameBits(t, src, dst, "n %d, past the caches", n)
			check()
		}
	})
}

func BenchmarkPeak(b *testing.B) {
	const turns = 10000
	for _, p := range asm.Paths() {
		b.Run(p, func(b *testing.B) {
			undo, _ := asm.Select(p)
			defer undo()
			f := asm.Active().PeakF32
			acc := make([]float32, f.Chains)
			for b.Loop() {
				f.Run(turns, &acc[0], 1, 1e-3)
			}
			b.ReportMetric(float64(2*turns*f.Chains)*float64(b.N)/b.Elapsed().Seconds()/1e9, "GFLOP/s")
		})
	}
}
