package tensor

// A slim block of a product has few columns, so that its left operand, read once
// for each of their panels, comes from memory about as fast as it is multiplied: the
// features of many examples under a layer of few outputs. Where the rows of that
// operand meet in the same sets of the cache they stay where they are: a copy would
// wait for memory before the multiplications do. Tiles of a few rows keep them in
// the first-level cache for all columns, and the rows of the next tiles are fetched
// meanwhile.
const (
	// slimRows rows of A, fewer than the ways of any first-level cache, make a tile.
	slimRows = 7
	// slimBytes of B are packed: they stay in the second-level cache.
	slimBytes = 192 << 10
)

// slim reports whether a block of so many columns is slim.
func (j *gemmJob[T]) slim(cols int) bool {
	return j.kern.Strided && !j.a.Trans && !j.upper && cols <= directN*j.kern.NR && aliased[T](j.a.Stride)
}

// doSlim does the block of rows i0..i1 and columns j0..j1 of C.
func (j *gemmJob[T]) doSlim(worker, i0, i1, j0, j1 int) {
	nr, tall, rows, cols := j.kern.NR, min(slimRows, j.kern.MR), i1-i0, j1-j0
	depth := max(evenly(j.k, slimBytes/(roundUp(cols, nr)*wordSize[T]()), 16), 1)
	panels, parts := ceilDiv(rows, tall), ceilDiv(cols, nr)
	for k0 := 0; k0 < j.k; k0 += depth {
		kc := min(depth, j.k-k0)
		b := j.packedB(worker, j0, cols, k0, kc)
		after := min(depth, j.k-k0-kc)
		for q := range panels {
			lo, hi := i0+q*rows/panels, i0+(q+1)*rows/panels
			next := ahead[T]{rows: min(tall, i1-hi), stride: j.a.Stride, width: kc}
			if next.rows > 0 {
				next.data = j.a.Data[hi*j.a.Stride+k0:]
			} else if after > 0 {
				next = ahead[T]{data: j.a.Data[i0*j.a.Stride+k0+kc:], rows: min(tall, rows), stride: j.a.Stride, width: after}
			}
			soon := j.nextB(j0, cols, k0+kc, after)
			for p := range parts {
				next.fetch(p, parts)
				soon.fetch(q*parts+p, panels*parts)
				n0 := p * nr
				j.kern.Run(hi-lo, min(nr, cols-n0), kc, &j.a.Data[lo*j.a.Stride+k0], j.a.Stride, 1, &b.data[p*b.step], b.ld,
					&j.c[lo*j.ldc+j0+n0], j.ldc, j.store == Accumulate || k0 > 0)
			}
		}
	}
}

// nextB is steps k0..k0+kc of columns j0..j0+cols of B, to be fetched.
func (j *gemmJob[T]) nextB(j0, cols, k0, kc int) ahead[T] {
	switch {
	case kc == 0:
		return ahead[T]{}
	case j.b.Trans:
		return ahead[T]{data: j.b.Data[j0*j.b.Stride+k0:], rows: cols, stride: j.b.Stride, width: kc}
	}
	return ahead[T]{data: j.b.Data[k0*j.b.Stride+j0:], rows: kc, stride: j.b.Stride, width: cols}
}
