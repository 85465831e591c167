package tensor

import (
	"fmt"

	"randalign/asm"
)

// DenseGrad is the way back through a dense layer y = W x, W [out, in], for a
// batch of n: dW = dy'x and dx = dy W, each element one chain in increasing
// example or output, as Gemm's. Both products go through the inputs together, a
// block of columns at a time: where a ReLU made x, its gradient is applied to a
// block of dx while that of x is in the cache. While a block is multiplied, the
// next one is fetched and copied, row by row, to where its rows lie in different
// sets of the cache: a layer far larger than the caches would wait for memory
// otherwise, before each of its multiplications.
//
//	      columns b        b+1            the copy of a block
//	x  n  [ rows of x   ][ fetched ]      n   rows of x
//	W out [ rows of W   ][         ]      out rows of W, where dx is wanted
//
// A DenseGrad owns the state of one layer's job; it is not safe for concurrent use.
type DenseGrad[T Float] struct {
	pool          *Pool
	kern          *asm.Gemm[T]
	n, in, out    int
	x, w, dw, dx  []T
	relu          bool
	turned, plain strided[T] // dy' and dy as left operands
	width, ld     int        // of a block; the distance of its copy's rows
	rows, soon    int        // of a block's copy; how many are fetched ahead
	blocks, tasks int
}

const (
	// denseBlock bytes hold the copy of a block: two of them, the operands on the
	// left and the results under way fit into a second-level cache of 1 MiB.
	denseBlock = 224 << 10
	// densePast bytes of dx are more than the next layer could find in the caches.
	densePast = 16 << 20
	// denseAhead bytes are fetched before they are copied: in the time between,
	// memory answers several times.
	denseAhead = 8 << 10
)

// Run computes dw [out, in] and, unless dx is nil, dx [n, in] from x [n, in], w
// and dy [n, out]. dx may be x: a block is multiplied as it was copied. With relu, x is the output of a ReLU and dx the gradient
// before it: +0 where x is not above 0.
func (g *DenseGrad[T]) Run(p *Pool, n, in, out int, x, w, dy, dw, dx []T, relu bool) {
	if len(x) < n*in || len(w) != out*in || len(dy) < n*out || len(dw) != out*in || dx != nil && len(dx) < n*in {
		panic(fmt.Sprintf("tensor: dense gradient: %d examples, %d inputs, %d outputs: x %d, w %d, dy %d, dw %d, dx %d", n, in, out, len(x), len(w), len(dy), len(dw), len(dx)))
	}
	if n == 0 {
		clear(dw)
		return
	}
	g.pool, g.kern = p, kernel[T]()
	g.n, g.in, g.out, g.x, g.w, g.dw, g.dx, g.relu = n, in, out, x, w, dw, dx, relu
	g.operands(dy)
	g.rows = n
	if dx != nil {
		g.rows += out
	}
	nr := g.kern.NR
	g.width = max(1, min(16, denseBlock/wordSize[T]()/g.rows/nr, ceilDiv(in, nr*p.Threads()))) * nr
	g.ld = apart[T](g.width)
	g.soon = max(1, denseAhead/wordSize[T]()/g.width)
	g.blocks = ceilDiv(in, g.width)
	g.tasks = min(g.blocks, 16*p.Threads())
	p.Run(g.tasks, g)
	g.x, g.w, g.dw, g.dx, g.turned, g.plain = nil, nil, nil, nil, strided[T]{}, strided[T]{}
}

// operands makes dy ready to stand on the left of both products.
func (g *DenseGrad[T]) operands(dy []T) {
	n, out, mr := g.n, g.out, g.kern.MR
	if !g.kern.Strided {
		t := shared[T](g.pool, slotFilters, roundUp(out, mr)*n)
		packPanels(t, Transposed(dy, out), 0, out, mr, 0, n, g.pool.offsets(0))
		s := shared[T](g.pool, slotTurned, roundUp(n, mr)*out)
		packPanels(s, RowMajor(dy, out), 0, n, mr, 0, out, g.pool.offsets(0))
		g.turned, g.plain = strided[T]{data: t, packed: true}, strided[T]{data: s, packed: true}
		return
	}
	ld := out
	if aliased[T](out) {
		ld = apart[T](out)
		d := shared[T](g.pool, slotFilters, n*ld)
		for i := range n {
			copy(d[i*ld:][:out], dy[i*out:])
		}
		dy = d
	}
	g.turned, g.plain = strided[T]{data: dy, rs: 1, cs: ld}, strided[T]{data: dy, rs: ld, cs: 1}
}

// Do implements Job.
func (g *DenseGrad[T]) Do(worker, task int) {
	first, end := task*g.blocks/g.tasks, (task+1)*g.blocks/g.tasks
	if first == end {
		return
	}
	size := g.rows * g.ld
	f := denseFeed[T]{g: g, end: (end - first) * g.rows, at: feedRow{b: first}, ahead: feedRow{b: first}}
	f.copies[first%2] = buffer[T](g.pool, worker, slotPanelA, size+g.kern.NR)
	f.copies[(first+1)%2] = buffer[T](g.pool, worker, slotPanelB, size+g.kern.NR)
	f.copy(g.rows)
	tile := buffer[T](g.pool, worker, slotCols, g.kern.MR*g.ld)
	for b := first; b < end; b++ {
		g.block(b, (b-first+1)*g.rows, f.copies[b%2], tile, &f)
	}
}

// block multiplies the columns of block b, whose copy is given, and feeds the
// copy of the next one, whose rows begin with number next.
func (g *DenseGrad[T]) block(b, next int, block, tile []T, f *denseFeed[T]) {
	c0 := b * g.width
	w := min(g.width, g.in-c0)
	nr, mr := g.kern.NR, g.kern.MR
	work, all := 0, g.n*g.out
	if g.dx != nil {
		all *= 2
	}
	all *= ceilDiv(w, nr)
	did := func(h, k int) {
		work += h * k
		f.copy(next + g.rows*work/all)
	}
	for i, panels, q := 0, ceilDiv(g.out, mr), 0; q < panels; q++ {
		h := g.height(i, q, g.out)
		a, rs, cs := g.turned.rowsAt(i, g.n, mr)
		for j := 0; j < w; j += nr {
			g.kern.Run(h, min(nr, w-j), g.n, a, rs, cs, &block[j], g.ld, &g.dw[i*g.in+c0+j], g.in, false)
			did(h, g.n)
		}
		i += h
	}
	if g.dx == nil {
		return
	}
	weights := block[g.n*g.ld:]
	for i, panels, q := 0, ceilDiv(g.n, mr), 0; q < panels; q++ {
		h := g.height(i, q, g.n)
		a, rs, cs := g.plain.rowsAt(i, g.out, mr)
		dst, ld := g.dx[i*g.in+c0:], g.in
		if g.relu {
			dst, ld = tile, g.ld
		}
		for j := 0; j < w; j += nr {
			g.kern.Run(h, min(nr, w-j), g.out, a, rs, cs, &weights[j], g.ld, &dst[j], ld, false)
			did(h, g.out)
		}
		if g.relu {
			g.reluGrad(i, h, c0, w, tile, block)
		}
		i += h
	}
}

// reluGrad moves rows i..i+h of a block of dx, as far as x is above 0, from a
// tile to where they belong.
func (g *DenseGrad[T]) reluGrad(i, h, c0, w int, tile, block []T) {
	if d, ok := asF32(g.dx); ok && 4*len(d) > densePast {
		t, _ := asF32(tile)
		x, _ := asF32(block)
		asm.Active().ReluGradRowsF32(d[i*g.in+c0:], g.in, t, x[i*g.ld:], g.ld, h, w)
		return
	}
	for r := range h {
		ReLUGrad(g.dx[(i+r)*g.in+c0:][:w], tile[r*g.ld:][:w], block[(i+r)*g.ld:][:w])
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

// denseFeed copies the blocks of a task row by row, ahead of their use. Rows are
// counted from the first one of the task's first block.
type denseFeed[T Float] struct {
	g         *DenseGrad[T]
	end       int // of the task's rows
	at, ahead feedRow
	copies    [2][]T // of the blocks of even and odd number
}

// feedRow is a row of a feed: row r of block b is number n.
type feedRow struct{ n, b, r int }

func (p *feedRow) next(rows int) {
	p.n++
	if p.r++; p.r == rows {
		p.b, p.r = p.b+1, 0
	}
}

// row is where a row comes from.
func (f *denseFeed[T]) row(p feedRow) []T {
	g := f.g
	c0 := p.b * g.width
	c1 := min(c0+g.width, g.in)
	if p.r < g.n {
		return g.x[p.r*g.in+c0 : p.r*g.in+c1]
	}
	r := p.r - g.n
	return g.w[r*g.in+c0 : r*g.in+c1]
}

// copy copies the rows before row to, and fetches some behind them.
func (f *denseFeed[T]) copy(to int) {
	g := f.g
	to = min(to, f.end)
	if f.at.n >= to {
		return
	}
	for soon := min(to+g.soon, f.end); f.ahead.n < soon; f.ahead.next(g.rows) {
		row := f.row(f.ahead)
		next := ahead[T]{data: row, rows: 1, width: len(row)}
		asm.Prefetch(next.take(1))
	}
	for ; f.at.n < to; f.at.next(g.rows) {
		copy(f.copies[f.at.b%2][f.at.r*g.ld:], f.row(f.at))
	}
}
