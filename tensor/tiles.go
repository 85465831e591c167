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
	upper          bool        // leave out tiles below the diagonal
	below          int         // how far the block's first row lies below its first column
	fresh          Matrix[T]   // if it holds data, what a is a copy of, to be made on the way
	ahead          [2]ahead[T] // every tile fetches a part of them
	soon           *asm.Fetch  // the worker's; nothing is fetched if it is nil
	packer         packer[T]   // packs the panels that come after these
}

// run does the tiles: B's panel stays in the first-level cache while A streams
// from the second. The rows are cut into panels of equal height.
func (t *tiles[T]) run() {
	mr, nr := t.kern.MR, t.kern.NR
	panels := ceilDiv(t.rows, mr)
	nothing := &t.c[0] // never read: the operands may be empty
	done, all := 0, panels*ceilDiv(t.cols, nr)
	copied := 0 // panels of B for which A is copied
	if t.fresh.Data != nil {
		copied = 1
	}
	if t.packer.kc > 0 {
		t.packer.pace = ceilDiv(t.packer.kc, max(1, all-copied*panels))
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
	// B's next panel is fetched while this one is used, unless all of them are near.
	far := panels > 1 && t.cols*t.kc*wordSize[T]() > nearBytes
	var coming ahead[T]
	for p, j := 0, 0; j < t.cols; p, j = p+1, j+nr {
		w := min(nr, t.cols-j)
		if far {
			coming = t.panelAhead(p + 1)
		}
		b, ldb := nothing, t.b.ld
		if t.kc > 0 {
			if w < nr && t.b.last != nil {
				b, ldb = &t.b.last[0], nr
			} else {
				b = &t.b.data[p*t.b.step]
			}
		}
		for i, q := 0, 0; q < panels; q++ {
			end := (q + 1) * t.rows / panels
			if t.a.packed {
				end = min(i+mr, t.rows)
			}
			h := end - i
			if t.upper && i+t.below >= j+w {
				break
			}
			a, rs, cs := nothing, t.a.rs, t.a.cs
			switch {
			case t.kc == 0:
			case t.a.packed:
				a, rs, cs = &t.a.data[i*t.kc], 1, mr
			default:
				a = &t.a.data[i*rs]
			}
			var next *asm.Fetch
			switch {
			case p < copied:
				next = t.ask(t.copyFresh(i, end))
			case t.packer.under < t.packer.kc:
				next = t.ask(t.packer.next())
			case done >= first:
				next = t.ask(t.fetch(pace))
			case far:
				next = t.ask(coming.take(ceilDiv(t.kc, panels)))
			}
			t.kern.RunAhead(h, w, t.kc, a, rs, cs, b, ldb, &t.c[i*t.ldc+j], t.ldc, t.load, next)
			done++
			i = end
		}
	}
}

// ask puts f where a kernel finds it.
func (t *tiles[T]) ask(f asm.Fetch) *asm.Fetch {
	if t.soon == nil || f.Count == 0 {
		return nil
	}
	*t.soon = f
	return t.soon
}

// copyFresh copies rows i..end of A, and returns those of the next tile.
func (t *tiles[T]) copyFresh(i, end int) asm.Fetch {
	copyRows(t.a.data, t.fresh, t.a.rs, i, end, t.kc)
	if end == t.rows {
		return asm.Fetch{}
	}
	rows := min(end-i, t.rows-end)
	next := ahead[T]{data: t.fresh.Data[end*t.fresh.Stride:], rows: rows, stride: t.fresh.Stride, width: t.kc}
	return next.take(rows)
}

// fetch returns so many rows of what lies ahead.
func (t *tiles[T]) fetch(rows [2]int) asm.Fetch {
	f := t.ahead[0].take(rows[0])
	if f.Count == 0 {
		f = t.ahead[1].take(rows[1])
	}
	return f
}

// panelAhead returns panel p of B, or nothing where that stands apart or is none.
func (t *tiles[T]) panelAhead(p int) ahead[T] {
	left := t.cols - p*t.kern.NR
	if left <= 0 || left < t.kern.NR && t.b.last != nil {
		return ahead[T]{}
	}
	return ahead[T]{data: t.b.data[p*t.b.step:], rows: t.kc, stride: t.b.ld, width: t.kern.NR}
}
