package tensor

import (
	"fmt"

	"randalign/asm"
)

// DenseForward is the way forward through a dense layer, y = W x + b or the ReLU of
// it, W [out, in], for a batch of n. Each element is the chain of a Gemm and then
// one addition. But where a layer has so many inputs and so few outputs that y has
// little to share out, its inputs are cut into chunks, by the layer's size alone, and
// the chunks' chains are added in a fixed tree.
//
// A task is a chunk of inputs for some examples and some outputs. It goes through
// x once, a block of inputs at a time and of that a few rows, which are copied to where
// they lie in different sets of the cache. Meanwhile the next rows are fetched and, by a
// kernel that can, copied, and the next block of W is fetched and packed.
//
//	      block 0               block 1
//	x  n  [ rows: copied     ][
//	      [ rows: fetched,   ][
//	      [ then copied      ][
//	W out [ packed           ][ piece: packed   ][
//	      [                  ][ piece: fetched  ][
//
// A DenseForward owns the state of one layer's job; it is not safe for concurrent use.
type DenseForward[T Float] struct {
	denseInput[T]
	n, out       int
	w, bias, y   []T
	relu         bool
	chunk, depth int // inputs of a chunk and of a block
	chunks       int
	gn, gy       int // parts of the examples and of the outputs
	step         int // distance of two panels of W
	sums         []T // of the chunks, [chunks, n, out]; y if there is one
	adding       bool
}

const (
	// denseLong inputs or more are cut into denseChunks chunks, unless there are more
	// than denseWide outputs.
	denseLong   = 1 << 15
	denseWide   = 256
	denseChunks = 32
	// denseDeep inputs at the most are a block, whose rows stay in the first-level cache,
	// and so many at least unless a layer has fewer; outputs are shared out accordingly.
	denseDeep, denseFlat = 512, 256
	// densePiece inputs of a panel of W are fetched and packed at a time.
	densePiece = 32
	// denseAdd elements of y are one task of the addition, or fewer where there are many threads.
	denseAdd = 1 << 11
)

// Run computes y [n, out] from x [n, in], w and bias [out], which may be nil.
func (d *DenseForward[T]) Run(p *Pool, n, in, out int, x, w, bias, y []T, relu bool) {
	if len(x) < n*in || len(w) != out*in || bias != nil && len(bias) != out || len(y) < n*out {
		panic(fmt.Sprintf("tensor: dense: %d examples, %d inputs, %d outputs: x %d, w %d, bias %d, y %d", n, in, out, len(x), len(w), len(bias), len(y)))
	}
	if n == 0 || out == 0 {
		return
	}
	if in == 0 {
		clear(y[:n*out])
		finishRows(y, out, n, bias, 0, out, relu)
		return
	}
	d.pool, d.kern = p, kernel[T]()
	d.n, d.in, d.out, d.x, d.w, d.bias, d.y, d.relu = n, in, out, x, w, bias, y, relu
	d.chunk = in
	line := 64 / wordSize[T]()
	if in >= denseLong && out <= denseWide {
		d.chunk = roundUp(ceilDiv(in, denseChunks), line)
	}
	d.chunks = ceilDiv(in, d.chunk)
	if d.chunks == 1 && (n <= 2*d.kern.MR || out <= d.kern.NR) { // too little for the packing to hide behind
		Gemm(p, n, out, in, RowMajor(x, in), Transposed(w, in), y, out, Set)
		d.finish(0, n, 0, out)
		d.x, d.w, d.bias, d.y = nil, nil, nil, nil
		return
	}
	block := l2.densePanels / wordSize[T]()
	d.gn, d.gy = d.grid(ceilDiv(p.Threads(), d.chunks), ceilDiv(out, block/min(d.chunk, denseFlat)))
	d.depth = evenly(d.chunk, min(block/roundUp(ceilDiv(out, d.gy), d.kern.NR), denseDeep), 2*line)
	d.step = d.kern.NR * (d.depth | 1)
	d.sums = y
	if d.chunks > 1 {
		d.sums = shared[T](p, slotProducts, d.chunks*n*out)
	}
	d.adding = false
	p.Run(d.chunks*d.gn*d.gy, d)
	if d.adding = d.chunks > 1; d.adding {
		p.Run(ceilDiv(n, d.addRows()), d)
	}
	d.x, d.w, d.bias, d.y, d.sums = nil, nil, nil, nil, nil
}

// grid cuts the examples and the outputs, these at least into so many parts, for so
// many threads, by the estimated time of the whole in multiply-adds of one thread.
func (d *DenseForward[T]) grid(threads, least int) (gn, gy int) {
	const packing, copying = 10, 4 // multiply-adds in the time that an element takes
	mr, nr := d.kern.MR, d.kern.NR
	tn, ty := ceilDiv(d.n, mr), ceilDiv(d.out, nr)
	threads = min(threads, sharers(d.pool, d.n*d.out*d.chunk))
	best := 0
	for _, i := range cuts {
		for _, j := range cuts {
			if i > tn || i*max(j, least) > 4*threads*least {
				break
			}
			j = min(max(j, least), ty)
			h, w := ceilDiv(tn, i)*mr, ceilDiv(ty, j)*nr
			t := (10*ceilDiv(i*j, threads) + 1) * (h*w + packing*w + copying*h)
			if best == 0 || t < best {
				best, gn, gy = t, i, j
			}
		}
	}
	return gn, gy
}

// addRows is how many examples make one task of the addition.
func (d *DenseForward[T]) addRows() int {
	return min(ceilDiv(denseAdd, d.out), ceilDiv(d.n, d.pool.Threads()))
}

// Do implements Job.
func (d *DenseForward[T]) Do(worker, task int) {
	if d.adding {
		d.add(task*d.addRows(), min((task+1)*d.addRows(), d.n))
		return
	}
	chunk, cell := task/(d.gn*d.gy), task%(d.gn*d.gy)
	i0, i1 := part(cell/d.gy, d.gn, d.n, d.kern.MR)
	j0, j1 := part(cell%d.gy, d.gy, d.out, d.kern.NR)
	if i0 == i1 || j0 == j1 {
		return
	}
	d.multiply(worker, chunk, i0, i1, j0, j1)
}

// multiply does a chunk of examples i0..i1 and outputs j0..j1.
func (d *DenseForward[T]) multiply(worker, chunk, i0, i1, j0, j1 int) {
	first, end := chunk*d.chunk, min((chunk+1)*d.chunk, d.in)
	size := d.step * ceilDiv(j1-j0, d.kern.NR)
	dst := buffer[T](d.pool, worker, slotPanelB, 2*size)
	each := d.kern.MR * apart[T](d.depth)
	rows := buffer[T](d.pool, worker, slotPanelA, 2*each)
	turn, ready := 0, false
	groups := ceilDiv(i1-i0, d.kern.MR)
	offsets := d.pool.offsets(worker)
	now := denseWeights[T]{d: d, dst: dst, k: first, kc: min(d.depth, end-first), j0: j0, j1: j1, offsets: offsets}
	for k, b := first, 1; k < end; k, b = k+d.depth, b+1 {
		now.rest()
		next := now
		next.dst, next.k, next.kc, next.asked, next.done = dst[b%2*size:], k+now.kc, min(d.depth, end-k-now.kc), 0, 0
		for i, g := i0, 0; g < groups; g++ {
			h := min(d.kern.MR, i1-i)
			if d.kern.Strided {
				h = i0 + (g+1)*(i1-i0)/groups - i
			}
			var ahead ahead[T]
			if i+h < i1 {
				ahead = d.rows(i+h, i1, k, now.kc)
			} else if next.kc > 0 {
				ahead = d.rows(i0, i1, next.k, next.kc)
			}
			next.goal = ceilDiv(next.all()*(g+1), groups)
			here, there := rows[turn*each:][:each], rows[(1-turn)*each:][:each]
			if !ready {
				d.copyRows(worker, here, i, h, k, now.kc, apart[T](d.depth))
			}
			copies := ahead.copied(d.kern, there, d.kern.NR, apart[T](d.depth))
			ready = d.tiles(worker, here, i, h, k > first, d.sums[chunk*d.n*d.out:], &now, &next, &ahead, copies)
			if ready {
				turn = 1 - turn
			}
			if d.chunks == 1 && next.kc == 0 {
				d.finish(i, i+h, j0, j1)
			}
			i += h
		}
		now = next
	}
}

// denseInput is what both ways forward through a dense layer read: rows of x, in inputs each.
type denseInput[T Float] struct {
	pool *Pool
	kern *asm.Gemm[T]
	in   int
	x    []T
}

// rows is what is read of x next: some rows from row i on, kc inputs from input k on.
func (d *denseInput[T]) rows(i, i1, k, kc int) ahead[T] {
	return ahead[T]{data: d.x[i*d.in+k:], rows: min(d.kern.MR, i1-i), stride: d.in, width: kc}
}

// copyRows copies h rows of x from row i on, kc inputs from input k on: row elements apart, or as
// a panel where the kernel wants it so.
func (d *denseInput[T]) copyRows(worker int, dst []T, i, h, k, kc, row int) {
	x := Matrix[T]{Data: d.x[i*d.in+k:], Stride: d.in}
	if d.kern.Strided {
		copyRows(dst, x, row, h, kc)
		return
	}
	packRows(dst, x, 0, h, d.kern.MR, 0, kc, d.pool.offsets(worker))
}

// tiles multiplies h rows, copied, from row i on by a block of W. The first tile fetches what
// is given, the last copies, the others fetch a part of the next block of W; if there is none
// they are one call. It returns whether all was copied.
func (d *DenseForward[T]) tiles(worker int, rows []T, i, h int, load bool, sums []T, now, next *denseWeights[T], first *ahead[T], last asm.Copy) bool {
	nr := d.kern.NR
	rs, cs := apart[T](d.depth), 1
	if !d.kern.Strided {
		rs, cs = 1, d.kern.MR
	}
	soon := d.pool.soon(worker)
	left := ceilDiv(now.j1-now.j0, nr) - 1 // tiles after the first
	copied := false
	for p, j := 0, now.j0; j < now.j1; {
		soon.Count, soon.Rows = 0, 0
		w := min(nr, now.j1-j)
		if p == 0 {
			first.ask(soon, d.kern.MR)
		} else {
			next.pack()
			next.ask(soon, ceilDiv(next.goal-next.asked, left))
			if left--; next.kc == 0 {
				w = now.j1 - j
			}
			if j+w == now.j1 {
				soon.Copy = last
			}
		}
		d.kern.Run(h, w, now.kc, &rows[0], rs, cs, &now.dst[p*d.step], d.step, nr, &sums[i*d.out+j], d.out, load, nil, soon)
		copied = p > 0 && last.Rows > 0 && soon.Rows == 0
		p, j = p+ceilDiv(w, nr), j+w
	}
	return copied
}

// add adds the chunks' sums of examples i0..i1 by a tree, neighbours first.
func (d *DenseForward[T]) add(i0, i1 int) {
	size, lo, hi := d.n*d.out, i0*d.out, i1*d.out
	for step := 1; step < d.chunks; step *= 2 {
		for c := 0; c+step < d.chunks; c += 2 * step {
			Add(d.sums[c*size:][lo:hi], d.sums[(c+step)*size:][lo:hi])
		}
	}
	copy(d.y[lo:hi], d.sums[lo:hi])
	d.finish(i0, i1, 0, d.out)
}

// finish adds the bias and does the ReLU.
func (d *DenseForward[T]) finish(i0, i1, j0, j1 int) {
	finishRows(d.y[i0*d.out:], d.out, i1-i0, d.bias, j0, j1, d.relu)
}

// finishRows adds the bias, if there is one, to outputs j0..j1 of so many rows of y, and does the
// ReLU.
func finishRows[T Float](y []T, out, rows int, bias []T, j0, j1 int, relu bool) {
	for i := range rows {
		row := y[i*out+j0 : i*out+j1]
		switch {
		case bias != nil && relu:
			AddReLU(row, bias[j0:j1])
		case bias != nil:
			Add(row, bias[j0:j1])
		case relu:
			ReLU(row, row)
		}
	}
}

// denseWeights is a block of W, kc inputs from input k on for outputs j0..j1, as panels
// of NR outputs: packed, or on its way piece by piece, panel after panel.
type denseWeights[T Float] struct {
	d           *DenseForward[T]
	dst         []T
	k, kc       int
	j0, j1      int
	asked, done int // pieces
	goal        int // pieces that are to be asked for by and by
	offsets     []int
}

// each is the number of pieces of a panel, all that of a block.
func (w *denseWeights[T]) each() int { return ceilDiv(w.kc, densePiece) }
func (w *denseWeights[T]) all() int  { return w.each() * ceilDiv(w.j1-w.j0, w.d.kern.NR) }

// ask asks for the next n pieces of a panel.
func (w *denseWeights[T]) ask(f *asm.Fetch, n int) {
	if n <= 0 {
		return
	}
	at := w.asked % w.each()
	n = min(n, w.each()-at)
	j := w.j0 + w.asked/w.each()*w.d.kern.NR
	w.asked += n
	rows, k := min(w.d.kern.NR, w.j1-j), at*densePiece
	askRows(f, w.d.w[j*w.d.in+w.k+k:], rows, w.d.in, min(n*densePiece, w.kc-k))
}

// pack packs what has been asked for.
func (w *denseWeights[T]) pack() {
	if w.done == w.asked {
		return
	}
	nr, at := w.d.kern.NR, w.done%w.each()
	p, k := w.done/w.each(), at*densePiece
	j := w.j0 + p*nr
	m := Transposed(w.d.w, w.d.in)
	packCols(w.dst[p*w.d.step+k*nr:], m, j, min(nr, w.j1-j), nr, w.k+k, min((w.asked-w.done)*densePiece, w.kc-k), w.offsets)
	w.done = w.asked
}

// rest packs what is left.
func (w *denseWeights[T]) rest() {
	w.pack()
	for w.done < w.all() {
		var f asm.Fetch
		w.ask(&f, 1)
		asm.Prefetch(f)
		w.pack()
	}
}
