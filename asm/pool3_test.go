package asm_test

import (
	"fmt"
	"math"
	"testing"

	"github.com/stretchr/testify/require"

	"randalign/asm"
	"randalign/asm/asmtest"
)

// planes3 are shapes of planes: all small ones, and such that strips end in all ways.
func planes3(f func(h, w, stride, pad int)) {
	for _, stride := range []int{1, 2} {
		for _, pad := range []int{0, 1} {
			for h := 3 - 2*pad; h < 8; h++ {
				for w := 3 - 2*pad; w < 70; w++ {
					if h == 5 || h == 6 || w%5 == h%5 {
						f(h, w, stride, pad)
					}
				}
			}
			f(40, 110, stride, pad) // in bands
			f(3, 1400, stride, pad)
		}
	}
}

func TestPools3EqualTheirReference(t *testing.T) {
	ref := generic(t)
	asmtest.ForEachPath(t, func(t *testing.T) {
		k := asm.Active()
		planes3(func(h, w, stride, pad int) {
			s := asm.NewWindows3(h, w, stride, pad)
			room := make([]float32, s.Room())
			ho, wo := (h+2*pad-3)/stride+1, (w+2*pad-3)/stride+1
			for planes := range 4 {
				s.Near(planes%2 == 1) // what is asked for changes nothing
				off := (h + w + planes) % 4
				x, checkX := asmtest.Guarded[float32](t, planes*h*w, off)
				dy, checkDY := asmtest.Guarded[float32](t, planes*ho*wo, 3-off)
				y, checkY := asmtest.Guarded[float32](t, planes*ho*wo, off)
				dx, checkDX := asmtest.Guarded[float32](t, planes*h*w, 3-off)
				wantY, wantDX := make([]float32, len(y)), make([]float32, len(dx))
				numbers(off%2 == 1, x)
				numbers(off%2 == 0, dy)
				for i := range x {
					if x[i] != x[i] {
						x[i] = float32(math.Copysign(0, -1))
					}
					if off == 0 { // many ties, of zeros too
						x[i] = float32(math.Round(float64(x[i]))) * 0
					}
					if x[i] != x[i] {
						x[i] = 0
					}
				}
				name := fmt.Sprintf("%d planes of %d x %d, stride %d, pad %d", planes, h, w, stride, pad)
				same := func(pass string, want, got []float32) {
					t.Helper()
					asmtest.SameBits(t, want, got, "%s of %s", pass, name)
					checkX()
					checkDY()
					checkY()
					checkDX()
				}
				require.True(t, ref.MaxPool3F32(wantY, x, s))
				require.True(t, k.MaxPool3F32(y, x, s), name)
				same("maximum", wantY, y)
				ref.AvgPool3F32(wantY, x, s)
				k.AvgPool3F32(y, x, s)
				same("average", wantY, y)
				require.True(t, ref.MaxPool3GradF32(wantDX, x, dy, nil, s))
				require.True(t, k.MaxPool3GradF32(dx, x, dy, room, s), name)
				same("gradient of the maximum", wantDX, dx)
				ref.AvgPool3GradF32(wantDX, dy, nil, s)
				k.FillF32(dx, 7)
				k.AvgPool3GradF32(dx, dy, room, s)
				same("gradient of the average", wantDX, dx)
			}
		})
	})
}

// Rows of whole vectors, where dx begins with one, may pass the caches by.
func TestAvgPool3GradPastEqualsItsReference(t *testing.T) {
	ref := generic(t)
	asmtest.ForEachPath(t, func(t *testing.T) {
		k := asm.Active()
		for i := range 2 * 2 * 7 * 6 * 3 {
			stride, pad, h, w, planes := 1+i%2, i/2%2, 3+i/4%7, 8*(1+i/28%6), 1+i/168
			s := asm.NewWindows3(h, w, stride, pad)
			ho, wo := (h+2*pad-3)/stride+1, (w+2*pad-3)/stride+1
			room, checkRoom := asmtest.Guarded[float32](t, s.Room(), i%4)
			dy, checkDY := asmtest.Guarded[float32](t, planes*ho*wo, i%4)
			dx, checkDX := asmtest.Guarded[float32](t, planes*h*w, 0)
			want := make([]float32, len(dx))
			numbers(i%3 == 0, dy)
			k.FillF32(room, 7)
			k.FillF32(dx, 7)
			if k.AvgPool3GradPastF32(dx, dy, room, s) {
				ref.AvgPool3GradF32(want, dy, nil, s)
				asmtest.SameBits(t, want, dx, "%d planes of %d x %d, stride %d, pad %d", planes, h, w, stride, pad)
			} else {
				require.True(t, !k.Direct3 || w < 16, "%d columns", w)
				asmtest.SameBits(t, filled(len(dx), 7), dx, "dx that is left")
			}
			checkRoom()
			checkDY()
			checkDX()
			if k.Direct3 && planes*h > 1 {
				require.False(t, k.AvgPool3GradPastF32(dx[1:1+(planes*h-1)/h*h*w], dy, room, s), "dx that does not begin with a vector")
			}
		}
	})
}

func TestMaxPool3GradPastEqualsItsReference(t *testing.T) {
	ref := generic(t)
	asmtest.ForEachPath(t, func(t *testing.T) {
		k := asm.Active()
		for i := range 2 * 7 * 6 * 3 * 2 {
			pad, h, w, planes := i%2, 3-i%2*2+i/2%7, 8*(1+i/14%6), 1+i/84%3
			s := asm.NewWindows3(h, w, 1, pad)
			room, checkRoom := asmtest.Guarded[float32](t, s.Room(), i%4)
			x, checkX := asmtest.Guarded[float32](t, planes*h*w, 3-i%4)
			dy, checkDY := asmtest.Guarded[float32](t, planes*(h+2*pad-2)*(w+2*pad-2), i%4)
			dx, checkDX := asmtest.Guarded[float32](t, planes*h*w, 0)
			want := make([]float32, len(dx))
			numbers(i%3 == 0, dy)
			numbers(i%3 > 0, x)
			for j := range x {
				if i%5 == 0 { // many ties, of zeros too
					x[j] = float32(math.Round(float64(x[j]))) * 0
				}
				if x[j] != x[j] && i%7 > 0 {
					x[j] = float32(math.Inf(-1))
				}
			}
			k.FillF32(room, 7)
			k.FillF32(dx, 7)
			ordered, made := k.MaxPool3GradPastF32(dx, x, dy, room, s)
			name := fmt.Sprintf("%d planes of %d x %d, pad %d", planes, h, w, pad)
			if made {
				require.Equal(t, ref.MaxPool3GradF32(want, x, dy, nil, s), ordered, name)
				if ordered {
					asmtest.SameBits(t, want, dx, "%s", name)
				}
			} else {
				require.True(t, !k.Direct3 || w < 16, "%d columns", w)
				asmtest.SameBits(t, filled(len(dx), 7), dx, "dx that is left")
			}
			checkRoom()
			checkX()
			checkDY()
			checkDX()
			_, made = k.MaxPool3GradPastF32(dx, x, dy, room, asm.NewWindows3(h, w, 2, pad))
			require.False(t, made, "windows 2 apart")
		}
	})
}

func filled(n int, v float32) []float32 {
	x := make([]float32, n)
	for i := range x {
		x[i] = v
	}
	return x
}

// Any NaN is seen, wherever it is.
func TestPools3SeeNaN(t *testing.T) {
	asmtest.ForEachPath(t, func(t *testing.T) {
		k := asm.Active()
		planes3(func(h, w, stride, pad int) {
			s := asm.NewWindows3(h, w, stride, pad)
			room := make([]float32, s.Room())
			x, dx, y := make([]float32, h*w), make([]float32, h*w), make([]float32, h*w)
			reached := make([]float32, h*w)
			k.AvgPool3GradF32(reached, filled(h*w, 1), room, s)
			for i := 0; i < len(x); i += 1 + len(x)/90 {
				x[i] = float32(math.NaN())
				if reached[i] > 0 {
					require.False(t, k.MaxPool3F32(y, x, s), "%d of %d x %d, stride %d, pad %d", i, h, w, stride, pad)
					require.False(t, k.MaxPool3GradF32(dx, x, y, room, s), "%d of %d x %d, stride %d, pad %d", i, h, w, stride, pad)
					ordered, _ := k.MaxPool3GradPastF32(dx, x, y, room, s)
					require.False(t, ordered, "%d of %d x %d, pad %d, past the caches", i, h, w, pad)
				}
				x[i] = 0
			}
		})
	})
}
