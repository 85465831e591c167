package asm_test

import (
	"math"
	"testing"

	"github.com/stretchr/testify/require"

	"randalign/asm"
	"randalign/asm/asmtest"
)

// tapLists are windows over rows of ld elements, and lists that are none.
func tapLists(ld int) [][]int {
	lists := [][]int{{0}, {3}, {0, 1}, {5, 0, 5, 2}} // not sorted, and twice the same
	for _, r := range []int{2, 3, 5} {
		var taps []int
		for i := range r * r {
			taps = append(taps, i/r*ld+i%r)
		}
		lists = append(lists, taps)
	}
	long := make([]int, 35) // more beside each other than a kernel takes at a time
	for i := range long {
		long[i] = i + 2
	}
	return append(lists, long)
}

// reach is how far the farthest tap is.
func reach(taps []int) (far int) {
	for _, t := range taps {
		far = max(far, t)
	}
	return far
}

// picked makes taps for PickTapsF32 of a list, numbered otherwise than in order.
func picked(taps []int) []asm.Tap {
	list := make([]asm.Tap, len(taps))
	for i, t := range taps {
		list[i] = asm.Tap{At: t, Note: (i * 3) % len(taps)}
	}
	return list
}

func TestTapsEqualTheirReference(t *testing.T) {
	ref := generic(t)
	asmtest.ForEachPath(t, func(t *testing.T) {
		k := asm.Active()
		for n := range 200 { // past three blocks of the largest
			for l, taps := range tapLists(7) {
				off := (n + l) % 4
				src, checkSrc := asmtest.Guarded[float32](t, n+reach(taps), off)
				y, _ := asmtest.Guarded[float32](t, n, 3-off)
				dst, checkDst := asmtest.Guarded[float32](t, n, 3-off)
				want := make([]float32, n)
				numbers(off%2 == 1, src)
				if off == 0 { // many ties, of zeros too
					for i := range src {
						src[i] = float32(math.Round(float64(src[i]))) * 0
					}
				}
				same := func(name string) {
					t.Helper()
					asmtest.SameBits(t, want, dst, "%s of %d, taps %v, offset %d", name, n, taps, off)
					checkSrc()
					checkDst()
				}
				ref.MaxTapsF32(want, src, taps)
				k.MaxTapsF32(dst, src, taps)
				same("maximum")
				copy(y, dst)
				for _, v := range [][2]float32{{float32(math.Copysign(0, -1)), 9}, {0, 1}, {0.5, 3}} {
					ref.SumTapsF32(want, src, taps, v[0], v[1])
					k.SumTapsF32(dst, src, taps, v[0], v[1])
					same("sum")
				}
				none, note, wantNote := make([]int32, n), make([]int32, n+reach(taps)+1), make([]int32, n+reach(taps))
				for i := range none {
					none[i] = int32(-i)
					if i%5 == 0 {
						y[i] += 1 // perhaps of no element
					}
				}
				note[n] = 77
				ref.NoteTapsF32(wantNote[:n], none, src, y, taps)
				k.NoteTapsF32(note[:n], none, src, y, taps)
				require.Equal(t, wantNote[:n], note[:n], "notes of %d, taps %v", n, taps)
				require.EqualValues(t, 77, note[n])
				for i := range wantNote {
					wantNote[i] = int32(i*5%(len(taps)+1)) - 1
				}
				ref.PickTapsF32(want, src, wantNote, picked(taps))
				k.PickTapsF32(dst, src, wantNote, picked(taps))
				same("picked sum")
			}
		}
	})
}

// By hand: 2 x 2 windows over rows of three, in which the last output of a row is
// made of the ends of two rows.
func TestTapsByHand(t *testing.T) {
	asmtest.ForEachPath(t, func(t *testing.T) {
		k := asm.Active()
		nan := float32(math.NaN())
		x := []float32{1, 5, 2, 5, 4, 3, nan, 0, 9}
		window := []int{0, 1, 3, 4}
		y, note := make([]float32, 5), make([]int32, 5)
		k.MaxTapsF32(y, x, window)
		require.Equal(t, []float32{5, 5}, y[:2])
		require.True(t, y[2] != y[2] && y[3] != y[3])
		require.Equal(t, float32(9), y[4])
		k.NoteTapsF32(note, []int32{6, 6, 6, 6, 6}, x, y, window)
		require.Equal(t, []int32{1, 0, 6, 6, 3}, note)
		k.SumTapsF32(y[:2], x, window, 1, 2)
		require.Equal(t, []float32{8, 7.5}, y[:2])
		k.PickTapsF32(y[:2], x, []int32{2, 0, 0, 2, 1}, []asm.Tap{{At: 3, Note: 2}, {At: 0, Note: 2}, {At: 1, Note: 0}})
		require.Equal(t, []float32{11, 2}, y[:2])
	})
}
