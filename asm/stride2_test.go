package asm_test

import (
	"slices"
	"testing"
	"unsafe"

	"randalign/asm"
	"randalign/asm/asmtest"
)

func TestEverySecondElement(t *testing.T) {
	asmtest.ForEachPath(t, func(t *testing.T) {
		k := asm.Active()
		for n := range 70 {
			for rows := range 4 {
				const planes = 2
				long, short := 2*n+rows, n+1
				farLong, farShort := rows*long+1, rows*short+3 // distances of planes
				src, _ := asmtest.Guarded[float32](t, farLong+max(rows-1, 0)*long+2*n, n%4)
				for i := range src {
					src[i] = asmtest.Marked[float32](i)
				}
				taken, check := asmtest.Guarded[float32](t, farShort+max(rows-1, 0)*short+n, rows)
				wantTaken := slices.Clone(taken)
				k.TakeSecondF32(taken, src, asm.Planes{Planes: planes, Rows: rows, DstPlane: farShort, DstRow: short, SrcPlane: farLong, SrcRow: long}, n)
				check()
				second, _ := asmtest.Guarded[float32](t, len(taken), n%3)
				for i := range second {
					second[i] = -asmtest.Marked[float32](i)
				}
				for i, pair := range [][2][]float32{{taken, second}, {taken, nil}, {nil, second}, {nil, nil}, {taken, second}} {
					even, odd := pair[0], pair[1]
					woven, check := asmtest.Guarded[float32](t, len(src), 3-n%4)
					for i := range woven {
						woven[i] = 0.5
					}
					k.WeaveF32(woven, even, odd, asm.Planes{Planes: planes, Rows: rows, DstPlane: farLong, DstRow: long, SrcPlane: farShort, SrcRow: short}, n, i > 1)
					check()
					want := make([]float32, len(woven))
					for i := range want {
						want[i] = 0.5
					}
					for r := range planes * rows {
						to, from := r/rows*farLong+r%rows*long, r/rows*farShort+r%rows*short
						for i := range n {
							wantTaken[from+i] = src[to+2*i]
							want[to+2*i], want[to+2*i+1] = 0, 0
							if even != nil {
								want[to+2*i] = even[from+i]
							}
							if odd != nil {
								want[to+2*i+1] = odd[from+i]
							}
						}
					}
					asmtest.SameBits(t, want, woven, "%d rows of %d", rows, n)
					asmtest.SameBits(t, wantTaken, taken, "second ones of %d rows of %d", rows, n)
				}
			}
		}
	})
}

// Short rows that follow each other in the copy; what stands between its planes stays.
func TestEverySecondElementOfShortRows(t *testing.T) {
	asmtest.ForEachPath(t, func(t *testing.T) {
		for n := 1; n < 18; n++ {
			for rows := range 10 {
				for gap := range 3 {
					p := asm.Planes{Planes: 1 + rows%3, Rows: rows, DstPlane: rows*n + gap, DstRow: n, SrcPlane: rows*(4*n+gap) + 1, SrcRow: 4*n + gap}
					src, _ := asmtest.Guarded[float32](t, (p.Planes-1)*p.SrcPlane+max(rows-1, 0)*p.SrcRow+2*n-gap%2, n%4)
					for i := range src {
						src[i] = asmtest.Marked[float32](i)
					}
					dst, check := asmtest.Guarded[float32](t, (p.Planes-1)*p.DstPlane+rows*n, rows%4)
					want := make([]float32, len(dst))
					for i := range want {
						dst[i], want[i] = 0.5, 0.5
					}
					for i := range p.Planes * rows * n {
						r := i / n
						want[r/rows*p.DstPlane+r%rows*n+i%n] = src[r/rows*p.SrcPlane+r%rows*p.SrcRow+i%n*2]
					}
					asm.Active().TakeSecondF32(dst, src, p, n)
					check()
					asmtest.SameBits(t, want, dst, "%d rows of %d, gap %d", rows, n, gap)
				}
			}
		}
	})
}

// Rows that the copy makes longer or shorter, and what stands between them stays.
func TestCopyAndPartPlanes(t *testing.T) {
	asmtest.ForEachPath(t, func(t *testing.T) {
		k := asm.Active()
		for n := range 70 {
			for rows := range 4 {
				const planes = 2
				p := asm.Planes{Planes: planes, Rows: rows, DstPlane: rows*(n+1) + 3, DstRow: n + 1, SrcPlane: rows * (n + rows), SrcRow: n + rows}
				src, _ := asmtest.Guarded[float32](t, p.SrcPlane+max(rows-1, 0)*p.SrcRow+n, n%4)
				for i := range src {
					src[i] = asmtest.Marked[float32](i)
				}
				dst, check := asmtest.Guarded[float32](t, p.DstPlane+max(rows-1, 0)*p.DstRow+n, rows)
				want := make([]float32, len(dst))
				for i := range want {
					dst[i], want[i] = 0.5, 0.5
				}
				for r := range planes * rows {
					for i := range n {
						want[r/rows*p.DstPlane+r%rows*p.DstRow+i] = src[r/rows*p.SrcPlane+r%rows*p.SrcRow+i]
					}
				}
				k.CopyPlanesF32(dst, src, p, n)
				check()
				asmtest.SameBits(t, want, dst, "%d rows of %d", rows, n)

				wide, _ := asmtest.Guarded[float64](t, len(src), n%4)
				for i := range wide {
					wide[i] = asmtest.Marked[float64](i)
				}
				far, checkFar := asmtest.Guarded[float64](t, len(dst), rows)
				clear(far)
				asm.CopyPlanesF64(far, wide, p, n)
				checkFar()
				for r := range planes * rows {
					to, from := r/rows*p.DstPlane+r%rows*p.DstRow, r/rows*p.SrcPlane+r%rows*p.SrcRow
					asmtest.SameBits(t, wide[from:from+n], far[to:to+n], "%d rows of %d float64", rows, n)
					clear(far[to : to+n])
				}
				asmtest.SameBits(t, make([]float64, len(far)), far, "between %d rows of %d float64", rows, n)

				even, checkEven := asmtest.Guarded[float32](t, len(dst), rows)
				odd, checkOdd := asmtest.Guarded[float32](t, len(dst), 3-rows)
				pairs, _ := asmtest.Guarded[float32](t, 2*len(src), n%3)
				wantOdd := append([]float32(nil), want...)
				for i := range pairs {
					pairs[i] = asmtest.Marked[float32](i/2) * float32(1-i%2*2)
				}
				for i, v := range want {
					even[i], odd[i] = 0.5, 0.5
					if v != 0.5 {
						wantOdd[i] = -v
					}
				}
				p.SrcPlane, p.SrcRow = 2*p.SrcPlane, 2*p.SrcRow
				k.PartF32(even, odd, pairs, p, n)
				checkEven()
				checkOdd()
				asmtest.SameBits(t, want, even, "even ones of %d rows of %d", rows, n)
				asmtest.SameBits(t, wantOdd, odd, "odd ones of %d rows of %d", rows, n)
			}
		}
	})
}

func TestAddPlanes(t *testing.T) {
	asmtest.ForEachPath(t, func(t *testing.T) {
		for n := range 70 {
			for rows := range 4 {
				const planes = 3
				p := asm.Planes{Planes: planes, Rows: rows, DstPlane: rows*(n+1) + 3, DstRow: n + 1, SrcPlane: rows * (n + rows), SrcRow: n + rows}
				src, _ := asmtest.Guarded[float32](t, (planes-1)*p.SrcPlane+max(rows-1, 0)*p.SrcRow+n, n%4)
				dst, check := asmtest.Guarded[float32](t, (planes-1)*p.DstPlane+max(rows-1, 0)*p.DstRow+n, rows)
				numbers(rows == 3, src, dst)
				want := slices.Clone(dst)
				for r := range planes * rows {
					for i := range n {
						want[r/rows*p.DstPlane+r%rows*p.DstRow+i] += src[r/rows*p.SrcPlane+r%rows*p.SrcRow+i]
					}
				}
				asm.Active().AddPlanesF32(dst, src, p, n)
				check()
				asmtest.SameBits(t, want, dst, "%d rows of %d", rows, n)
			}
		}
	})
}

// Rows of all lengths, at places that are and are not cache lines, with and without past.
func TestUpsample(t *testing.T) {
	asmtest.ForEachPath(t, func(t *testing.T) {
		for n := range 41 {
			for rows := range 4 {
				for i, gap := range []int{0, 0, 16, 3} {
					const planes = 3
					p := asm.Planes{Planes: planes, Rows: rows, DstPlane: rows*4*n + gap, DstRow: 4 * n, SrcPlane: rows*n + 2*gap, SrcRow: n}
					src, _ := asmtest.Guarded[float32](t, planes*p.SrcPlane, n%4)
					for i := range src {
						src[i] = asmtest.Marked[float32](i)
					}
					aligned, _ := asmtest.Guarded[float32](t, planes*p.DstPlane+16, 0)
					dst, check := asmtest.Guarded[float32](t, planes*p.DstPlane, rows)
					if n%4 == 0 { // a whole number of lines from the start of one
						dst = aligned
						for uintptr(unsafe.Pointer(&dst[0]))%64 != 0 {
							dst = dst[1:]
						}
					}
					want := make([]float32, len(dst))
					for i := range dst {
						dst[i], want[i] = 0.5, 0.5
					}
					for r := range planes * rows {
						to, from := r/rows*p.DstPlane+r%rows*p.DstRow, r/rows*p.SrcPlane+r%rows*p.SrcRow
						clear(want[to:][:4*n])
						for i := range n {
							want[to+2*i] = src[from+i]
						}
					}
					asm.Active().UpsampleF32(dst, src, p, n, i > 0)
					check()
					asmtest.SameBits(t, want, dst, "%d rows of %d, gap %d", rows, n, gap)
				}
			}
		}
	})
}

// Planes of all sizes, with elements at every place of a mask.
func TestExpand(t *testing.T) {
	asmtest.ForEachPath(t, func(t *testing.T) {
		for size := range 70 {
			for _, pattern := range []uint16{0, 1, 0x8000, 0x5a5a, 0xfffe, 0xffff} {
				const planes = 3
				masks := make([]uint16, (size+15)/16)
				count := 0
				for i := range size {
					bit := pattern >> ((i + i/16) % 16) & 1
					masks[i/16] |= bit << (i % 16)
					count += int(bit)
				}
				src, _ := asmtest.Guarded[float32](t, planes*count, size%4)
				for i := range src {
					src[i] = asmtest.Marked[float32](i)
				}
				var want []float32
				next := src
				for i := range planes * size {
					x := float32(0)
					if at := i % size; masks[at/16]>>(at%16)&1 != 0 {
						x, next = next[0], next[1:]
					}
					want = append(want, x)
				}
				dst, check := asmtest.Guarded[float32](t, planes*size, size%3)
				asm.Active().ExpandF32(dst, src, planes, masks, size, count)
				check()
				asmtest.SameBits(t, want, dst, "size %d pattern %x", size, pattern)
			}
		}
	})
}
