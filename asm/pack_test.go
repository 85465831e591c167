package asm_test

import (
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/stretchr/testify/require"

	"randalign/asm"
	"randalign/asm/asmtest"
)

// checkPack interleaves rows that stand in no order.
func checkPack[T float32 | float64](t *testing.T, pack func(dst, src []T, offset []int, width, kc int)) {
	for _, width := range []int{1, 4, 6, 8, 12, 16, 32} {
		for rows := 0; rows <= width; rows++ {
			for kc := range 36 {
				src, _ := asmtest.Guarded[T](t, max(rows, 1)*(kc+3), kc%4)
				offset := make([]int, rows)
				for i := range offset {
					offset[i] = (i * 5 % rows) * (kc + 3)
				}
				for i := range src {
					src[i] = T(i + 1)
				}
				dst, check := asmtest.Guarded[T](t, kc*width, 1)
				pack(dst, src, offset, width, kc)
				for p := range kc {
					for i := range width {
						want := T(0)
						if i < rows {
							want = src[offset[i]+p]
						}
						if dst[p*width+i] != want {
							t.Fatalf("width %d, %d rows, kc %d: step %d, row %d is %v for %v", width, rows, kc, p, i, dst[p*width+i], want)
						}
					}
				}
				check()
			}
		}
	}
}

func TestPack(t *testing.T) {
	asmtest.ForEachPath(t, func(t *testing.T) {
		checkPack(t, asm.Active().PackF32)
		checkPack(t, asm.Active().PackF64)
	})
}

func TestCopyRows(t *testing.T) {
	asmtest.ForEachPath(t, func(t *testing.T) {
		for _, width := range []int{1, 8, 12, 16, 32, 48, 64} {
			for kc := range 20 {
				ld := width + 3
				src, _ := asmtest.Guarded[float32](t, kc*ld+width, 1)
				for i := range src {
					src[i] = float32(i)
				}
				for _, ldd := range []int{width, width + 5} {
					rows, check := asmtest.Guarded[float32](t, kc*ldd, 2)
					before := slices.Clone(rows)
					asm.Active().CopyRowsF32(rows, ldd, src, ld, width, kc)
					for i := range kc {
						require.Equal(t, src[i*ld:][:width], rows[i*ldd:][:width])
						require.Equal(t, before[i*ldd+width:][:ldd-width], rows[i*ldd+width:][:ldd-width])
					}
					check()
				}
			}
		}
	})
}

// Runs of every length, some of which leave gaps or straddle two registers.
func TestPackRuns(t *testing.T) {
	rng := rand.New(rand.NewPCG(7, 8))
	asmtest.ForEachPath(t, func(t *testing.T) {
		for _, width := range []int{8, 12, 16, 32} {
			for round := range 200 {
				var runs []asm.Run
				size := 0
				for at := rng.IntN(3); at < width; {
					n := min(1+rng.IntN(1+round%width), width-at)
					offset := rng.IntN(40)
					runs = append(runs, asm.Run{At: at, N: n, Offset: offset})
					at += n + rng.IntN(2)*rng.IntN(3)
					size = max(size, offset+n)
				}
				taps := []int{0, 0, 3, 7, 8, 30}[:round%7]
				src, _ := asmtest.Guarded[float32](t, size+30, round%4)
				for i := range src {
					src[i] = float32(i + 1)
				}
				want := make([]float32, len(taps)*width)
				for k, tap := range taps {
					for _, r := range runs {
						for j := range r.N {
							want[k*width+r.At+j] = src[tap+r.Offset+j]
						}
					}
				}
				dst, check := asmtest.Guarded[float32](t, len(want), 3-round%4)
				asm.Active().PackRunsF32(dst, src, taps, runs, width)
				asmtest.SameBits(t, want, dst, "width %d, runs %v", width, runs)
				check()
			}
		}
	})
}

func TestPadRows(t *testing.T) {
	asmtest.ForEachPath(t, func(t *testing.T) {
		for width := 1; width <= 70; width++ {
			for zeros := range min(width+1, 4) {
				for _, n := range []int{0, 1, width - zeros - 1, width - zeros} {
					if n < 0 || zeros+n > width {
						continue
					}
					const rows = 3
					src, _ := asmtest.Guarded[float32](t, rows*(n+1), width%4)
					for i := range src {
						src[i] = float32(i + 1)
					}
					dst, check := asmtest.Guarded[float32](t, (rows-1)*(width+2)+width, zeros)
					asm.Active().PadRowsF32(dst, src, rows, width+2, n+1, zeros, n, width)
					for r := range rows {
						for j := range width {
							want := float32(0)
							if j >= zeros && j < zeros+n {
								want = src[r*(n+1)+j-zeros]
							}
							if got := dst[r*(width+2)+j]; got != want {
								t.Fatalf("width %d, %d zeros, %d elements: row %d, column %d is %v for %v", width, zeros, n, r, j, got, want)
							}
						}
					}
					check()
				}
			}
		}
	})
}

// Rows that begin with a vector and rows that do not, with rests of all lengths.
func TestReluGradRows(t *testing.T) {
	asmtest.ForEachPath(t, func(t *testing.T) {
		const rows, ldx, ld = 5, 83, 80
		for width := range 70 {
			for off := range 16 {
				dx, check := asmtest.Guarded[float32](t, (rows-1)*ldx+width, off)
				dy, y := make([]float32, rows*ld), make([]float32, rows*ld)
				for i := range dy {
					dy[i], y[i] = asmtest.Special(i*3+1), asmtest.Special(i*5+off)
				}
				want := append([]float32(nil), dx...)
				for r := range rows {
					for j := range width {
						want[r*ldx+j] = 0
						if y[r*ld+j] > 0 {
							want[r*ldx+j] = dy[r*ld+j]
						}
					}
				}
				asm.Active().ReluGradRowsF32(dx, ldx, dy, y, ld, rows, width)
				asmtest.SameBits(t, want, dx, "width %d offset %d", width, off)
				check()
			}
		}
	})
}

func TestTranspose(t *testing.T) {
	asmtest.ForEachPath(t, func(t *testing.T) {
		for rows := range 36 {
			for cols := range 36 {
				src, _ := asmtest.Guarded[float32](t, rows*(cols+2), rows%4)
				for i := range src {
					src[i] = float32(i + 1)
				}
				ldd := rows + cols%3
				if cols%8 == 3 {
					ldd = 1024 // a page, of which some paths take care
				}
				dst, check := asmtest.Guarded[float32](t, max(cols-1, 0)*ldd+rows, cols%4)
				asm.Active().TransposeF32(dst, ldd, src, cols+2, rows, cols)
				for r := range rows {
					for c := range cols {
						if got, want := dst[c*ldd+r], src[r*(cols+2)+c]; got != want {
							t.Fatalf("%d x %d: row %d, column %d is %v for %v", rows, cols, r, c, got, want)
						}
					}
				}
				check()
			}
		}
	})
}
