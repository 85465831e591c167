package asm_test

import (
	"math/rand/v2"
	"slices"
	"testing"

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
					src[i] = asmtest.Marked[T](i)
				}
				dst, check := asmtest.Guarded[T](t, kc*width, 1)
				pack(dst, src, offset, width, kc)
				want := make([]T, len(dst))
				for i, o := range offset {
					for p := range kc {
						want[p*width+i] = src[o+p]
					}
				}
				asmtest.SameBits(t, want, dst, "width %d, %d rows, %d steps", width, rows, kc)
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

// Rows so long that a path asks for them ahead, those of a matrix and others.
func checkPackFar[T float32 | float64](t *testing.T, width int, pack func(dst, src []T, offset []int, width, kc int)) {
	for _, kc := range []int{79, 80, 160, 161, 176, 191, 320, 333} {
		for _, gap := range []int{0, 5, 5000} {
			for _, rows := range []int{1, width - 1, width} {
				src := make([]T, (2*rows-1)*(kc+gap)+kc) // as many rows follow
				for i := range src {
					src[i] = asmtest.Marked[T](i)
				}
				offset := make([]int, rows)
				for i := range offset {
					offset[i] = i * (kc + gap)
				}
				dst, check := asmtest.Guarded[T](t, kc*width, 1)
				want := make([]T, len(dst))
				for i, o := range offset {
					for p := range kc {
						want[p*width+i] = src[o+p]
					}
				}
				pack(dst, src, offset, width, kc)
				asmtest.SameBits(t, want, dst, "%d rows, %d steps, gap %d", rows, kc, gap)
				pack(dst, src[:offset[rows-1]+kc], offset, width, kc)
				asmtest.SameBits(t, want, dst, "%d rows, %d steps, gap %d, none behind", rows, kc, gap)
				check()
			}
		}
	}
}

func TestPackFar(t *testing.T) {
	asmtest.ForEachPath(t, func(t *testing.T) {
		k := asm.Active()
		checkPackFar(t, k.GemmF32.NR, k.PackF32)
		checkPackFar(t, k.GemmF64.NR, k.PackF64)
	})
}

func TestCopyRows(t *testing.T) {
	asmtest.ForEachPath(t, func(t *testing.T) {
		for _, width := range []int{1, 8, 12, 16, 32, 48, 64} {
			for kc := range 210 {
				if kc >= 20 && kc%32 > 2 { // past those that a path asks for ahead
					continue
				}
				ld := width + 3
				src, _ := asmtest.Guarded[float32](t, kc*ld+width, 1)
				for i := range src {
					src[i] = asmtest.Marked[float32](i)
				}
				for _, ldd := range []int{width, width + 5} {
					rows, check := asmtest.Guarded[float32](t, kc*ldd, 2)
					before := slices.Clone(rows)
					asm.Active().CopyRowsF32(rows, ldd, src, ld, width, kc, kc%2 == 0)
					for i := range kc {
						asmtest.SameBits(t, src[i*ld:][:width], rows[i*ldd:][:width], "row %d of %d", i, width)
						asmtest.SameBits(t, before[i*ldd+width:][:ldd-width], rows[i*ldd+width:][:ldd-width], "behind row %d of %d", i, width)
					}
					check()
				}
			}
		}
	})
}

func TestCopyPanels(t *testing.T) {
	asmtest.ForEachPath(t, func(t *testing.T) {
		for _, width := range []int{1, 6, 12, 16, 32} {
			for panels := range 6 {
				for _, kc := range []int{0, 1, 2, 7, 64, 65, 66, 129, 257, 260} {
					ld, step := panels*width+kc%3, kc*width+kc%2
					src, _ := asmtest.Guarded[float32](t, max(0, (kc-1)*ld+panels*width), kc%4)
					for i := range src {
						src[i] = asmtest.Marked[float32](i)
					}
					dst, check := asmtest.Guarded[float32](t, max(0, (panels-1)*step+kc*width), panels%4)
					want := slices.Clone(dst)
					for p := range panels {
						for k := range kc {
							copy(want[p*step+k*width:][:width], src[k*ld+p*width:])
						}
					}
					asm.Active().CopyPanelsF32(dst, step, src, ld, width, panels, kc)
					check()
					asmtest.SameBits(t, want, dst, "%d panels of %d, %d steps", panels, width, kc)
				}
			}
		}
	})
}

// Runs of every length, some of which leave gaps or straddle two registers.
func TestPackRuns(t *testing.T) {
	rng := rand.New(rand.NewPCG(7, 8))
	asmtest.ForEachPath(t, func(t *testing.T) {
		for _, width := range []int{8, 12, 16, 32, 40, 48} {
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
					src[i] = asmtest.Marked[float32](i)
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
			for _, zeros := range []int{0, 1, 2, 3, width / 3} {
				for _, n := range []int{0, 1, 4, 7, width / 2, width - zeros - 1, width - zeros} {
					if n < 0 || zeros+n > width {
						continue
					}
					const rows = 3
					src, _ := asmtest.Guarded[float32](t, rows*(n+1), width%4)
					for i := range src {
						src[i] = asmtest.Marked[float32](i)
					}
					dst, check := asmtest.Guarded[float32](t, (rows-1)*(width+2)+width, zeros)
					want := slices.Clone(dst)
					for r := range rows {
						clear(want[r*(width+2):][:width])
						copy(want[r*(width+2)+zeros:], src[r*(n+1):][:n])
					}
					asm.Active().PadRowsF32(dst, src, rows, width+2, n+1, zeros, n, width)
					asmtest.SameBits(t, want, dst, "width %d, %d zeros, %d elements", width, zeros, n)
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
					dy[i], y[i] = asmtest.Special[float32](i*3+1), asmtest.Special[float32](i*5+off)
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
			for cols := range 200 {
				if cols >= 36 && (rows%8 > 1 || cols < 159 || cols > 178) { // past those that a path asks for ahead
					continue
				}
				ldd := rows + cols%3
				switch cols % 8 {
				case 3:
					ldd = 1024 // a page, of which some paths take care
				case 1, 6:
					ldd = 257 + cols // rows far apart, which others write otherwise
				}
				checkTranspose(t, ldd, rows, cols, cols%4, false)
				checkTranspose(t, (rows+15)/16*16, rows, cols, 0, true) // cache lines
				checkTranspose(t, ldd, rows, cols, cols%4, true)
			}
		}
		checkTranspose(t, 128, 115, 37, 0, true)
	})
}

func checkTranspose(t *testing.T, ldd, rows, cols, off int, past bool) {
	t.Helper()
	src, _ := asmtest.Guarded[float32](t, rows*(cols+2), rows%4)
	for i := range src {
		src[i] = asmtest.Marked[float32](i)
	}
	dst, check := asmtest.Guarded[float32](t, max(cols-1, 0)*ldd+rows, off)
	want := slices.Clone(dst)
	for r := range rows {
		for c := range cols {
			want[c*ldd+r] = src[r*(cols+2)+c]
		}
	}
	asm.Active().TransposeF32(dst, ldd, src, cols+2, rows, cols, !past, past)
	asm.Fence()
	asmtest.SameBits(t, want, dst, "%d x %d, past %v", rows, cols, past)
	check()
}
