package asm_test

import (
	"testing"

	"randalign/asm"
	"randalign/asm/asmtest"
)

// Filters of 3 x 3 turned round; what stands between the channels of the result stays.
func TestTurn(t *testing.T) {
	asmtest.ForEachPath(t, func(t *testing.T) {
		for filters := range 12 {
			for channels := range 8 {
				for gap := range 3 {
					lds, ldd := 9*channels+gap, 9*filters+2*gap
					src, _ := asmtest.Guarded[float32](t, max(0, (filters-1)*lds+9*channels), filters%4)
					for i := range src {
						src[i] = asmtest.Marked[float32](i)
					}
					dst, check := asmtest.Guarded[float32](t, max(0, (channels-1)*ldd+9*filters), channels%4)
					want := make([]float32, len(dst))
					for i := range want {
						dst[i], want[i] = 0.5, 0.5
					}
					for f := range filters {
						for c := range channels {
							for i := range 9 {
								want[c*ldd+9*f+i] = src[f*lds+9*c+8-i]
							}
						}
					}
					asm.Active().TurnF32(dst, ldd, src, lds, filters, channels)
					check()
					asmtest.SameBits(t, want, dst, "%d filters of %d channels, gap %d", filters, channels, gap)
				}
			}
		}
	})
}
