package tensor

import (
	"fmt"

	"randalign/asm"
)

// DenseForward is the way forward through a dense layer, y = x W' with W [out, in],
// for a batch of n. A layer is a Gemm, unless it has so many inputs and so few outputs
// that y has little to share out: its inputs are cut into chunks then, by the
// layer's size alone, and their sums are added in a fixed tree. A task is a chunk of
// some examples. It goes through x once, a block of inputs at a time and in that a few
// rows, which are copied to where they lie in different sets of the cache; W's
// next block is packed meanwhile.
//
//	      chunk 0                            chunk 1
//	x  n  [ rows: copied   ][              ][
//	      [ rows: fetched  ][              ][
//	W out [ block: packed  ][ on its way   ][
//
// A DenseForward owns the state of one layer's job; it is not safe for concurrent use.
type DenseForward[T Float] struct {
	pool          *Pool
	kern          *asm.Gemm[T]
	n, in, out    int
	x, w, y       []T
	chunk, depth  int // inputs of a chunk and of a block
	chunks, parts int // parts of the examples
	step          int // distance of two panels of W
	sums          []T // of the chunks, [chunks, n, out]
	adding        bool
}

const (
	// denseLong inputs or more are cut into denseChunks chunks, unless there are more
	// than denseWide outputs.
	denseLong   = 1 << 15
	denseWide   = 256
	denseChunks = 32
	// densePanels bytes of W are a block: two of them, the rows under way and the sums
	// stay in a second-level cache of 1 MiB.
	densePanels = 128 << 10
	// denseAdd elements of y are one task of the addition.
	denseAdd = 1 << 11
)

// Run computes y [n, out] from x [n, in] and w.
func (d *DenseForward[T]) Run(p *Pool, n, in, out int, x, w, y []T) {
	if in < denseLong || out > denseWide {
		Gemm(p, n, out, in, RowMajor(x, in), Transposed(w, in), y, out, Set)
		return
	}
	if len(x) < n*in || len(w) != out*in || len(y) < n*out {
		panic(fmt.Sprintf("tensor: dense: %d examples, %d inputs, %d outputs: x %d, w %d, y %d", n, in, out, len(x), len(w), len(y)))
	}
	if n == 0 || out == 0 {
		return
	}
	d.pool, d.kern = p, kernel[T]()
	d.n, d.in, d.out, d.x, d.w, d.y = n, in, out, x, w, y
	line := 64 / wordSize[T]()
	d.chunk = roundUp(ceilDiv(in, denseChunks), line)
	d.chunks = ceilDiv(in, d.chunk)
	d.depth = evenly(d.chunk, densePanels/wordSize[T]()/roundUp(out, d.kern.NR), line)
	d.step = d.kern.NR * (d.depth | 1)
	d.parts = min(ceilDiv(2*p.Threads(), d.chunks), ceilDiv(n, 4*d.kern.MR))
	d.sums = shared[T](p, slotProducts, d.chunks*n*out)
	d.adding = false
	p.Run(d.chunks*d.parts, d)
	d.adding = true
	p.Run(ceilDiv(n*out, denseAdd), d)
	d.x, d.w, d.y, d.sums = nil, nil, nil, nil
}

// Do implements Job.
func (d *DenseForward[T]) Do(worker, task int) {
	if d.adding {
		d.add(task*denseAdd, min((task+1)*denseAdd, d.n*d.out))
		return
	}
	i0, i1 := part(task%d.parts, d.parts, d.n, d.kern.MR)
	if i0 < i1 {
		d.multiply(worker, task/d.parts, i0, i1)
	}
}

// multiply does a chunk of examples i0..i1.
func (d *DenseForward[T]) multiply(worker, chunk, i0, i1 int) {
	first, end := chunk*d.chunk, min((chunk+1)*d.chunk, d.in)
	panels := d.step * ceilDiv(d.out, d.kern.NR)
	dst := buffer[T](d.pool, worker, slotPanelB, 2*panels)
	rows := buffer[T](d.pool, worker, slotPanelA, d.kern.MR*apart[T](d.depth))
	groups := ceilDiv(i1-i0, d.kern.MR)
	weights := d.packer(worker, first, end, dst)
	for k, b := first, 1; k < end; k, b = k+d.depth, b+1 {
		weights.rest()
		next := d.packer(worker, k+d.depth, end, dst[b%2*panels:])
		if k+d.depth >= end { // of the next chunk, most likely this worker's: only fetched
			next = d.packer(worker, end, d.in, nil)
		}
		next.pace = roundUp(ceilDiv(next.kc, groups), 128/wordSize[T]())
		for i, g := i0, 0; g < groups; g++ {
			h := min(d.kern.MR, i1-i)
			if d.kern.Strided {
				h = i0 + (g+1)*(i1-i0)/groups - i
			}
			r := denseRows[T]{i: i, h: h, k: k, kc: min(d.depth, end-k), load: k > first, weights: weights.dst, sums: d.sums[(chunk*d.n+i)*d.out:]}
			if i+h < i1 {
				r.ahead = d.rows(i+h, i1, k, end)
			} else if k+r.kc < d.in {
				r.ahead = d.rows(i0, i1, k+r.kc, d.in)
			}
			d.tiles(worker, rows, &r, &next)
			i += h
		}
		weights = next
	}
}

// packer packs a block of W that begins with input k.
func (d *DenseForward[T]) packer(worker, k, end int, dst []T) packer[T] {
	return packer[T]{b: Transposed(d.w, d.in), dst: dst, k0: k, cols: d.out, kc: max(0, min(d.depth, end-k)), nr: d.kern.NR, step: d.step, offsets: d.pool.offsets(worker)}
}

// rows is what is read of x next: some rows from row i on, a block from input k on.
func (d *DenseForward[T]) rows(i, i1, k, end int) ahead[T] {
	return ahead[T]{data: d.x[i*d.in+k:], rows: min(d.kern.MR, i1-i), stride: d.in, width: min(d.depth, end-k)}
}

// denseRows are h rows of x from row i on, kc inputs from input k on.
type denseRows[T Float] struct {
	i, h, k, kc int
	load        bool
	weights     []T // packed
	sums        []T
	ahead       ahead[T] // the rows after these
}

// tiles multiplies some rows, which it copies to dst first, by a block of W. The first
// tile fetches the rows that follow, the others a part of the next block of W.
func (d *DenseForward[T]) tiles(worker int, dst []T, r *denseRows[T], next *packer[T]) {
	mr, nr := d.kern.MR, d.kern.NR
	x := Matrix[T]{Data: d.x[r.i*d.in+r.k:], Stride: d.in}
	rs, cs := apart[T](d.depth), 1
	if d.kern.Strided {
		copyRows(dst, x, rs, 0, r.h, r.kc)
	} else {
		rs, cs = 1, mr
		packRows(dst, x, 0, r.h, mr, 0, r.kc, d.pool.offsets(worker))
	}
	soon := d.pool.soon(worker)
	for j := 0; j < d.out; j += nr {
		*soon = asm.Fetch{}
		switch {
		case j == 0:
			*soon = r.ahead.take(mr)
		case next.dst == nil:
			*soon = next.upTo(next.under + next.pace)
		case j == nr:
			*soon = next.next()
		}
		d.kern.RunAhead(r.h, min(nr, d.out-j), r.kc, &dst[0], rs, cs, &r.weights[j/nr*d.step], nr, &r.sums[j], d.out, r.load, soon)
	}
}

// add adds elements lo..hi of the chunks' sums by a tree, neighbours first.
func (d *DenseForward[T]) add(lo, hi int) {
	size := d.n * d.out
	for step := 1; step < d.chunks; step *= 2 {
		for c := 0; c+step < d.chunks; c += 2 * step {
			Add(d.sums[c*size:][lo:hi], d.sums[(c+step)*size:][lo:hi])
		}
	}
	copy(d.y[lo:hi], d.sums[lo:hi])
}
