package tensor

import (
	"fmt"

	"randalign/asm"
)

// DenseGrad is the way back through a dense layer y = W x, W [out, in], for a
// batch of n: dW = dy'x and dx = dy W, each element one chain in increasing
// example or output, as Gemm's. Both products go through the inputs together, a
// block of columns at a time: where a ReLU made x, its gradient is applied to a
// block of dx while that of x is in the cache. A block is copied to panels, whose
// rows lie in different sets of the cache. While its dW is multiplied, the next block
// is fetched and copied, some rows at a time, by a kernel that can while the next rows are
// fetched: a layer far larger than the caches would wait for memory otherwise, before each
// of its multiplications. It stays the worker's when the next task is that block's.
//
//	      columns b        b+1            the copy of a block, by panels of NR columns
//	x  n  [ rows of x   ][ fetched ]      n   rows of x
//	W out [ rows of W   ][         ]      out rows of W, where dx is wanted
//
// Descend takes a step of SGD with dW: some rows of a block at a time, straight after
// their products, since both products read W from the copy.
//
// A DenseGrad owns the state of one layer's job; it is not safe for concurrent use.
type DenseGrad[T Float] struct {
	pool          *Pool
	kern          *asm.Gemm[T]
	n, in, out    int
	x, w, dw, dx  []T
	dy            []T        // while it is made ready, nil otherwise
	step          Descent[T] // its V is nil where dw is wanted
	relu          bool
	turned, plain strided[T]     // dy' and dy as left operands
	rows, width   int            // of a block's copy
	blocks, parts int            // parts of a block's rows
	spans         int            // tasks where dx is x or w changes, 0 elsewhere
	past          bool           // dx passes the caches by
	feeds         []denseFeed[T] // the workers'
}

const (
	// denseSpans tasks for each thread share out the blocks well enough.
	denseSpans = 8
	// denseAhead rows are fetched before they are copied, where no product hides it.
	denseAhead = 8
	// denseOperand elements of dy, at least, are one task of making it ready.
	denseOperand = 1 << 13
	// denseRow panels are one row of tiles of dW: of more, what is fetched beside one row and
	// copied beside the next would come in long bursts.
	denseRow = 4
)

// Run computes dw [out, in] and, unless dx is nil, dx [n, in] from x [n, in], w
// and dy [n, out]. dx may be x, which a block is read from its copy for. With relu,
// x is the output of a ReLU and dx the gradient before it: +0 where x is not above 0.
func (g *DenseGrad[T]) Run(p *Pool, n, in, out int, x, w, dy, dw, dx []T, relu bool) {
	if len(x) < n*in || len(w) != out*in || len(dy) < n*out || len(dw) != out*in || dx != nil && len(dx) < n*in {
		panic(fmt.Sprintf("tensor: dense gradient: %d examples, %d inputs, %d outputs: x %d, w %d, dy %d, dw %d, dx %d", n, in, out, len(x), len(w), len(dy), len(dw), len(dx)))
	}
	if n == 0 || in == 0 || out == 0 {
		clear(dw)
		clear(dx[:min(n*in, len(dx))])
		return
	}
	g.run(p, n, in, out, x, w, dy, dw, dx, relu, Descent[T]{})
}

// Descend is Run and then the step s with dw on w, to the bit. dw itself is written
// nowhere: its rows go into the step while they are in the cache.
func (g *DenseGrad[T]) Descend(p *Pool, n, in, out int, x, w, dy, dx []T, relu bool, s Descent[T]) {
	if len(x) < n*in || len(w) != out*in || len(dy) < n*out || len(s.V) != out*in || dx != nil && len(dx) < n*in {
		panic(fmt.Sprintf("tensor: dense descent: %d examples, %d inputs, %d outputs: x %d, w %d, dy %d, v %d, dx %d", n, in, out, len(x), len(w), len(dy), len(s.V), len(dx)))
	}
	if n == 0 || in == 0 || out == 0 {
		clear(dx[:min(n*in, len(dx))])
		zero := shared[T](p, slotFilters, in)
		clear(zero)
		for i := 0; i < len(w); i += in {
			SGD(w[i:i+in], s.V[i:i+in], zero, s.LR, s.Mu, s.WD)
		}
		return
	}
	g.run(p, n, in, out, x, w, dy, nil, dx, relu, s)
}

func (g *DenseGrad[T]) run(p *Pool, n, in, out int, x, w, dy, dw, dx []T, relu bool, s Descent[T]) {
	g.pool, g.kern = p, kernel[T]()
	g.n, g.in, g.out, g.x, g.w, g.dw, g.dx, g.relu, g.step = n, in, out, x, w, dw, dx, relu, s
	g.operands(dy)
	g.rows = n
	if dx != nil {
		g.rows += out
	}
	g.past = relu && wordSize[T]() == 4 && 4*len(dx) > pastBytes
	nr := g.kern.NR
	g.width = blockWidth(in, max(1, min(16, l2.denseBlock/wordSize[T]()/g.rows/nr)), nr, p.Threads())
	g.blocks = ceilDiv(in, g.width)
	g.parts = ceilDiv(sharers(p, n*in*out), g.blocks)
	tasks := g.blocks * g.parts
	g.spans = 0
	if dx != nil && (&dx[0] == &x[0] || s.V != nil) {
		g.spans, g.parts = min(g.blocks, denseSpans*p.Threads()), 1
		tasks = g.spans
	}
	if len(g.feeds) < p.Threads() {
		g.feeds = make([]denseFeed[T], p.Threads())
	}
	for i := range g.feeds {
		g.feeds[i].block = -1
	}
	p.Run(tasks, g)
	g.x, g.w, g.dw, g.dx, g.step, g.turned, g.plain = nil, nil, nil, nil, Descent[T]{}, strided[T]{}, strided[T]{}
}

// blockWidth is the width of blocks of at most so many panels of nr columns: the widest, or
// a smaller one with which the thread that has the most of n columns has clearly fewer.
func blockWidth(n, panels, nr, threads int) int {
	load := func(w int) int { return ceilDiv(ceilDiv(n, w), threads) * w }
	width := panels * nr
	for w := width - nr; w > 0; w -= nr {
		if 32*load(w) < 31*load(width) {
			width = w
		}
	}
	return width
}

// operands makes dy ready to stand on the left of both products: packed for kernels that
// want it so, otherwise copied where its rows meet in the same sets of the cache.
func (g *DenseGrad[T]) operands(dy []T) {
	n, out, mr := g.n, g.out, g.kern.MR
	ld := out
	g.dy = dy
	switch {
	case !g.kern.Strided:
		t, s := shared[T](g.pool, slotFilters, roundUp(out, mr)*n), shared[T](g.pool, slotTurned, roundUp(n, mr)*out)
		g.turned, g.plain = strided[T]{data: t, packed: true}, strided[T]{data: s, packed: true}
		g.pool.Run(ceilDiv(out, g.operandRows(n))+ceilDiv(n, g.operandRows(out)), g)
	case aliased[T](out) && (g.dx != nil || g.in > directN*g.kern.NR):
		ld = apart[T](out)
		g.turned.data = shared[T](g.pool, slotFilters, n*ld)
		g.pool.Run(ceilDiv(n, g.operandRows(out)), g)
		dy = g.turned.data
		fallthrough
	default:
		g.turned, g.plain = strided[T]{data: dy, rs: 1, cs: ld}, strided[T]{data: dy, rs: ld, cs: 1}
	}
	g.dy = nil
}

// operandRows is how many rows of so many elements, whole panels, make a task of operands.
func (g *DenseGrad[T]) operandRows(size int) int {
	return roundUp(ceilDiv(denseOperand, size), g.kern.MR)
}

// operand does a task of operands.
func (g *DenseGrad[T]) operand(worker, task int) {
	n, out, mr := g.n, g.out, g.kern.MR
	if g.kern.Strided {
		rows := g.operandRows(out)
		for i := task * rows; i < min((task+1)*rows, n); i++ {
			copy(g.turned.data[i*apart[T](out):][:out], g.dy[i*out:])
		}
		return
	}
	m, to, all, depth := Transposed(g.dy, out), g.turned.data, out, n
	if first := ceilDiv(out, g.operandRows(n)); task >= first {
		m, to, all, depth, task = RowMajor(g.dy, out), g.plain.data, n, out, task-first
	}
	rows := g.operandRows(depth)
	i := task * rows
	packPanels(to[i*depth:], m, i, min(rows, all-i), mr, mr*depth, 0, depth, g.pool.offsets(worker))
}

// Do implements Job. A task is a block, or some rows of its dW and dx where there are
// fewer blocks than threads. Where dx is x, or w changes, nobody may copy a block that
// another worker has: a task is then a row of blocks.
func (g *DenseGrad[T]) Do(worker, task int) {
	if g.dy != nil {
		g.operand(worker, task)
		return
	}
	f := &g.feeds[worker]
	if g.spans == 0 {
		f.end = g.blocks
		g.do(worker, task/g.parts, task%g.parts, f)
		return
	}
	b := task * g.blocks / g.spans
	f.block, f.end = -1, (task+1)*g.blocks/g.spans
	for ; b < f.end; b++ {
		g.do(worker, b, 0, f)
	}
}

// do does part q of block b.
func (g *DenseGrad[T]) do(worker, b, q int, f *denseFeed[T]) {
	size := g.rows * g.width
	f.copies[0] = buffer[T](g.pool, worker, slotPanelA, size)
	f.copies[1] = buffer[T](g.pool, worker, slotPanelB, size)
	if f.block != b {
		f.start(b)
		ahead, next := *f, g.pool.soon(worker) // fetches rows before they are copied
		ahead.ask(g, next, denseAhead)
		asm.Prefetch(*next)
		for f.done < g.rows {
			ahead.ask(g, next, ahead.under+denseAhead)
			asm.Prefetch(*next)
			f.ask(g, next, f.done+denseAhead)
			f.copy(g, f.under)
		}
	}
	block := f.copies[b%2]
	if q == g.parts-1 {
		f.start(b + 1)
	}
	g.weights(worker, b, q, block, f)
	if g.dx != nil {
		g.inputs(worker, b, q, block)
	}
}

// weights computes part q of the columns of block b of dW, or takes the step with it, and
// copies the next block.
func (g *DenseGrad[T]) weights(worker, b, q int, block []T, f *denseFeed[T]) {
	c0 := b * g.width
	w := min(g.width, g.in-c0)
	nr := g.kern.NR
	i0, i1 := part(q, g.parts, g.out, g.kern.MR)
	panels := ceilDiv(i1-i0, g.kern.MR)
	each := evenly(w, denseRow*nr, nr)
	done, all := 0, panels*ceilDiv(w, each)
	ldw := g.in
	var dw []T
	if g.step.V != nil {
		ldw, dw = g.width, buffer[T](g.pool, worker, slotImage, g.kern.MR*g.width)
	}
	next := g.pool.soon(worker)
	for i, r := i0, 0; r < panels; r++ {
		h := g.height(i-i0, r, i1-i0)
		a, rs, cs := g.turned.rowsAt(i, g.n, g.kern.MR)
		if g.step.V == nil {
			dw = g.dw[i*g.in+c0:]
		}
		for j := 0; j < w; j += each {
			done++
			copied, under := f.give(g), f.under
			f.ask(g, next, g.rows*done/max(all-1, 1))
			next.Copy = copied
			g.kern.Run(h, min(each, w-j), g.n, a, rs, cs, &block[j*g.rows], g.rows*nr, nr, &dw[j], ldw, false, nil, next)
			switch {
			case !g.kern.Copies: // the nearer they are, the better
				under = f.under
			case copied.Rows > 0 && next.Rows == 0:
				f.done = under
			}
			f.copy(g, under)
		}
		if g.step.V != nil {
			g.step.rows(g.w, i*g.in+c0, g.in, h, w, dw, ldw)
		}
		i += h
	}
	for f.done < g.rows && f.block < f.end {
		f.copy(g, f.under)
		f.ask(g, next, g.rows)
	}
}

// inputs computes part q of the columns of block b of dx.
func (g *DenseGrad[T]) inputs(worker, b, q int, block []T) {
	c0 := b * g.width
	w := min(g.width, g.in-c0)
	nr := g.kern.NR
	tile := buffer[T](g.pool, worker, slotCols, g.kern.MR*nr)
	i0, i1 := part(q, g.parts, g.n, g.kern.MR)
	var coming ahead[T] // the momentum of the next block
	if at := c0 + g.width; g.step.V != nil && at < g.in {
		coming = ahead[T]{data: g.step.V[at:], rows: g.out, stride: g.in, width: min(g.width, g.in-at)}
	}
	pace := ceilDiv(g.out, max(1, ceilDiv(i1-i0, g.kern.MR)))
	for i, panels, r := i0, ceilDiv(i1-i0, g.kern.MR), 0; r < panels; r++ {
		h := g.height(i-i0, r, i1-i0)
		a, rs, cs := g.plain.rowsAt(i, g.out, g.kern.MR)
		dst, weights := g.dx[i*g.in+c0:], block[g.n*nr:]
		if !g.past {
			next := g.pool.soon(worker)
			next.Count, next.Rows = 0, 0
			coming.ask(next, pace)
			g.kern.Run(h, w, g.out, a, rs, cs, &weights[0], g.rows*nr, nr, &dst[0], g.in, false, nil, next)
		}
		for j := 0; j < w && g.past; j += nr {
			asm.Prefetch(coming.take(ceilDiv(pace, ceilDiv(w, nr))))
			t, _ := asF32(tile)
			asm.Active().GemmReluGradF32(h, min(nr, w-j), g.out, ptrF32(a), rs, cs, ptrF32(&weights[j*g.rows]), nr, ptrF32(&dst[j]), g.in, ptrF32(&block[j*g.rows+i*nr]), t)
		}
		for k := i; k < i+h && g.relu && !g.past; k++ {
			for j := 0; j < w; j += nr {
				row := g.dx[k*g.in+c0+j:][:min(nr, w-j)]
				ReLUGrad(row, row, block[j*g.rows+k*nr:][:len(row)])
			}
		}
		i += h
	}
}

// height is that of panel q of so many rows, which begins with row i: all are
// about equal, unless the operand is packed.
func (g *DenseGrad[T]) height(i, q, rows int) int {
	mr := g.kern.MR
	if !g.kern.Strided {
		return min(mr, rows-i)
	}
	return (q+1)*rows/ceilDiv(rows, mr) - i
}

// rowsAt is the operand from row i on, k elements deep.
func (s *strided[T]) rowsAt(i, k, mr int) (a *T, rs, cs int) {
	if s.packed {
		return &s.data[i*k], 1, mr
	}
	return &s.data[i*s.rs], s.rs, s.cs
}

// denseFeed is a worker's copy of a block, under way or done: rows of x, then of W,
// as panels of NR columns.
type denseFeed[T Float] struct {
	block, end  int    // no block from end on is copied
	done, under int    // rows that are copied, and fetched
	copies      [2][]T // of the blocks of even and odd number
	_           [64]byte
}

func (f *denseFeed[T]) start(b int) { f.block, f.done, f.under = b, 0, 0 }

// source is where row r of the block comes from, and how many rows of its matrix follow.
func (f *denseFeed[T]) source(g *DenseGrad[T], r int) (from []T, rows int) {
	c0 := f.block * g.width
	if r < g.n {
		return g.x[r*g.in+c0:], g.n - r
	}
	return g.w[(r-g.n)*g.in+c0:], g.rows - r
}

// ask asks for the rows before row to of one matrix.
func (f *denseFeed[T]) ask(g *DenseGrad[T], next *asm.Fetch, to int) {
	if next.Count = 0; f.block >= f.end || f.under == g.rows {
		return
	}
	rows := f.rowsOf(g, f.under, to-f.under)
	f.under += rows.rows
	rows.ask(next, rows.rows)
}

// rowsOf is rows of one matrix, from row r of the block on.
func (f *denseFeed[T]) rowsOf(g *DenseGrad[T], r, rows int) ahead[T] {
	from, most := f.source(g, r)
	return ahead[T]{data: from, rows: min(rows, most), stride: g.in, width: min(g.width, g.in-f.block*g.width)}
}

// give returns what has been fetched, for a kernel to copy.
func (f *denseFeed[T]) give(g *DenseGrad[T]) asm.Copy {
	if f.done == f.under {
		return asm.Copy{}
	}
	rows, nr := f.rowsOf(g, f.done, f.under-f.done), g.kern.NR
	return rows.copied(g.kern, f.copies[f.block%2][f.done*nr:], g.rows*nr, nr)
}

// copy copies what has been fetched, before row to, rows of one matrix.
func (f *denseFeed[T]) copy(g *DenseGrad[T], to int) {
	if f.done == to {
		return
	}
	rows, nr := f.rowsOf(g, f.done, to-f.done), g.kern.NR
	packPanels(f.copies[f.block%2][f.done*nr:], Transposed(rows.data, g.in), 0, rows.width, nr, g.rows*nr, 0, rows.rows, nil)
	f.done = to
}
