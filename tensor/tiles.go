package tensor

import "randalign/asm"

// tiles is a block of C and what is multiplied into it.
type tiles[T Float] struct {
	kern           *asm.Gemm[T]
	a              strided[T]
	b              panelled[T]
	rows, cols, kc int
	c              []T
	ldc            int
	load           bool
	past           bool        // C passes the caches by if the kernel can; not with load
	upper          bool        // leave out tiles below the diagonal
	below          int         // how far the block's first row lies below its first column
	ahead          [2]ahead[T] // every tile fetches a part of them
	soon           *asm.Fetch  // the worker's; nothing is fetched if it is nil
	packer         packer[T]   // packs the panels that come after these
	taker          *taker[T]   // the worker's, if next windows are taken meanwhile
}

// run does the tiles: a panel of A stays in the first-level cache while a group of B's panels, which
// stay in the second-level cache, passes by in one call. The rows are cut into panels of equal
// height or, where whole tiles are better and long, the last ones are lower, by two rows each.
func (t *tiles[T]) run() {
	mr, nr := t.kern.MR, t.kern.NR
	panels := ceilDiv(t.rows, mr)
	short := panels*mr - t.rows // rows that the panels lack
	whole := t.kern.Whole && short <= 2*panels && t.kc >= longSteps
	nothing := &t.c[0] // never read: the operands may be empty
	done, all := 0, panels*ceilDiv(t.cols, nr)
	if t.packer.kc > 0 {
		t.packer.pace = ceilDiv(t.packer.kc, all)
	}
	// What lies ahead comes at the end, not to be driven out again. The tiles are shared
	// out by the bytes.
	first, pace := all, [2]int{}
	if w := [2]int{t.ahead[0].rows * t.ahead[0].width, t.ahead[1].rows * t.ahead[1].width}; w[0]+w[1] > 0 {
		share := all * w[0] / (w[0] + w[1])
		for i, n := range [2]int{max(share, 1), max(all-share, 1)} {
			if pace[i] = ceilDiv(t.ahead[i].rows, n); pace[i] > 0 {
				first -= ceilDiv(t.ahead[i].rows, pace[i])
			}
		}
	}
	// B's next panels are fetched while these are used, unless all of them are near.
	group := max(1, l2.across/(max(t.kc, 1)*nr*wordSize[T]()))
	far := panels > 1 && t.cols*t.kc*wordSize[T]() > l2.near
	pieces := ceilDiv(t.kc, panels)
	if t.taker != nil {
		t.taker.part++
	}
	for p0, j0 := 0, 0; j0 < t.cols; p0, j0 = p0+group, j0+group*nr {
		last := min(t.cols, j0+group*nr)
		for i, q := 0, 0; q < panels; q++ {
			end := (q + 1) * t.rows / panels
			if whole {
				end = (q+1)*mr - max(0, short-2*(panels-1-q))
			}
			if t.a.packed {
				end = min(i+mr, t.rows)
			}
			a, rs, cs := nothing, t.a.rs, t.a.cs
			switch {
			case t.kc == 0:
			case t.a.packed:
				a, rs, cs = &t.a.data[i*t.kc], 1, mr
			default:
				a = &t.a.data[i*rs]
			}
			for p, j := p0, j0; j < last; {
				if t.upper && i+t.below >= min(j+nr, last) {
					p, j = p+1, j+nr
					continue
				}
				w := last - j // the columns of a call
				if t.b.last != nil && w > nr {
					w -= w % nr
				}
				n := ceilDiv(w, nr) // its tiles
				b, ldb := nothing, t.b.ld
				if t.kc > 0 {
					if w < nr && t.b.last != nil {
						b, ldb = &t.b.last[0], nr
					} else {
						b = &t.b.data[p*t.b.step]
					}
				}
				var next *asm.Fetch
				switch {
				case t.packer.done < t.packer.kc:
					next = t.packer.next(t.soon, n, t.kern.Copies)
				case done+n > first:
					next = t.fetch(pace, n)
				case far:
					next = t.panelAhead(p+group, q*pieces, pieces, n)
				}
				if t.taker != nil {
					next = t.taker.give(t.soon, next, done+n, all)
				}
				if c := &t.c[i*t.ldc+j]; t.past && t.kern.RunPast != nil {
					t.kern.RunPast(end-i, w, t.kc, a, rs, cs, b, t.b.step, ldb, c, t.ldc, next)
				} else {
					t.kern.Run(end-i, w, t.kc, a, rs, cs, b, t.b.step, ldb, c, t.ldc, t.load, nil, next)
				}
				switch {
				case t.taker != nil:
					t.taker.took(next)
				case next != nil && next.Rows > 0:
					t.packer.finish(next.Rows)
				}
				done, p, j = done+n, p+n, j+n*nr
			}
			i = end
		}
	}
}

// fetch asks for what so many tiles should fetch of what lies ahead, so many rows each.
func (t *tiles[T]) fetch(rows [2]int, tiles int) *asm.Fetch {
	if t.soon == nil {
		return nil
	}
	if f := t.ahead[0].ask(t.soon, tiles*rows[0]); f != nil {
		return f
	}
	return t.ahead[1].ask(t.soon, tiles*rows[1])
}

// panelAhead asks for n rows from some one on of so many panels of B from panel p on, where
// there are any and they do not stand apart.
func (t *tiles[T]) panelAhead(p, from, n, panels int) *asm.Fetch {
	nr := t.kern.NR
	left := t.cols - p*nr
	if t.b.last != nil {
		left -= left % nr
	}
	panels = min(panels, ceilDiv(left, nr))
	if n = min(n, t.kc-from); n <= 0 || panels <= 0 {
		return nil
	}
	at, row := t.b.data[p*t.b.step+from*t.b.ld:], min(panels*nr, left)
	switch {
	case t.b.ld > nr || panels == 1:
		return askRows(t.soon, at, n, t.b.ld, row)
	default:
		return askRows(t.soon, at, panels, t.b.step, n*nr)
	}
}
