package tensor

import (
	"fmt"
	"math"

	"randalign/asm"
)

// Store says what becomes of the values that are in the result already.
type Store int

const (
	// Set overwrites; the old values are not read, so an old NaN cannot leak.
	Set Store = iota
	// Accumulate goes on from them: each element is the start of its chain.
	Accumulate
)

// Gemm computes C = A*B or C += A*B, A being [m, k], B [k, n] and C row-major
// [m, n] with rows ldc apart. Each element is one chain of fused multiply-adds
// in increasing k, so its bits depend neither on the threads of p nor on the
// kernel path. Nothing is allocated once p has seen the same sizes.
func Gemm[T Float](p *Pool, m, n, k int, a, b Matrix[T], c []T, ldc int, store Store) {
	if m < 0 || n < 0 || k < 0 {
		panic(fmt.Sprintf("tensor: gemm: size %d x %d x %d", m, n, k))
	}
	if !a.holds(m, k) {
		panic(a.misfit("A", m, k))
	}
	if !b.holds(k, n) {
		panic(b.misfit("B", k, n))
	}
	if m == 0 || n == 0 {
		return
	}
	if ldc < n || len(c) < (m-1)*ldc+n {
		panic(fmt.Sprintf("tensor: gemm: C as %d x %d (stride %d) does not fit %d elements", m, n, ldc, len(c)))
	}
	j := gemmJobOf[T](p)
	j.a.set(&a)
	j.b.set(&b)
	j.c, j.ldc, j.upper = c, ldc, false
	j.run(p, m, n, k, store)
}

// Syrk computes the upper triangle of C = A*A' or C += A*A' for A [m, k], with
// the chains of Gemm; elements below the diagonal are left undefined. It does
// little more than half the work of Gemm.
func Syrk[T Float](p *Pool, m, k int, a Matrix[T], c []T, ldc int, store Store) {
	if m < 0 || k < 0 {
		panic(fmt.Sprintf("tensor: syrk: size %d x %d", m, k))
	}
	if !a.holds(m, k) {
		panic(a.misfit("A", m, k))
	}
	if m == 0 {
		return
	}
	if ldc < m || len(c) < (m-1)*ldc+m {
		panic(fmt.Sprintf("tensor: syrk: C as %d x %d (stride %d) does not fit %d elements", m, m, ldc, len(c)))
	}
	j := gemmJobOf[T](p)
	j.a, j.b, j.c, j.ldc = a, a.T(), c, ldc
	j.upper = true
	j.run(p, m, m, k, store)
}

// gemmJob is a GEMM under way: C is cut into a grid of blocks, and a task does
// one of them over the whole of K, packing what it needs into memory of its own,
// so that no worker waits for another. One job lives in each Pool: a call
// allocates nothing.
type gemmJob[T Float] struct {
	pool    *Pool
	kern    *asm.Gemm[T]
	a, b    Matrix[T]
	c       []T
	ldc     int
	m, n, k int
	store   Store
	upper   bool // blocks and tiles below the diagonal are left out
	cost    blockCost
	gm, gn  int // the grid
}

func gemmJobOf[T Float](p *Pool) *gemmJob[T] {
	if j, ok := any(&p.gemm32).(*gemmJob[T]); ok {
		return j
	}
	return any(&p.gemm64).(*gemmJob[T])
}

func (j *gemmJob[T]) run(p *Pool, m, n, k int, store Store) {
	j.pool, j.kern = p, kernel[T]()
	j.m, j.n, j.k, j.store = m, n, k, store
	j.cut(sharers(p, m*n*k))
	if tasks := j.gm * j.gn; tasks > 1 {
		p.Run(tasks, j)
	} else { // as Run would, some nanoseconds later
		j.Do(0, 0)
	}
	j.a.Data, j.b.Data, j.c = nil, nil, nil
}

// cut chooses the grid for so many threads.
func (j *gemmJob[T]) cut(threads int) {
	mr, nr, size, c := j.kern.MR, j.kern.NR, wordSize[T](), &j.cost
	c.rows, c.cols, c.once, c.last = 8, 6, 16384, 0.02
	c.beside, c.cached = l2.near/size, cachedBytes/size
	// A block may have any rows where tiles of equal height, lower than the highest, do as much
	// for each row.
	c.even = j.kern.Strided && !j.kern.Whole
	c.fewRows, c.nearRows, c.fewCols = 0, 0, 0
	switch {
	case j.b.Trans:
	case aliased[T](j.b.Stride):
		c.fewRows, c.nearRows = mr, mr
	default:
		c.fewRows, c.nearRows = directM, directNear
	}
	switch meet := aliased[T](j.a.Stride); {
	case !j.kern.Strided || j.a.Trans:
	// A copy would be no closer. If it is near it need not be fetched in time either, and a panel
	// of rows that follow each other fills all sets of the cache, though those of a step meet in
	// some: not in one, as a page apart.
	case j.a.Stride <= depthOf[T](j.k) && (!meet || j.m*j.k <= c.cached && j.a.Stride*size%4096 != 0):
		c.fewCols = math.MaxInt
	case !meet:
		c.fewCols = directN * nr
	}
	if threads == 1 {
		j.gm, j.gn = 1, 1
		return
	}
	if j.upper { // strips of columns of equal work
		j.gm, j.gn = 1, min(threads, ceilDiv(j.n, nr))
		return
	}
	j.gm, j.gn = grids(threads, 1, j.m, j.n, j.k, mr, nr, c)
}

// block returns the rows i0..i1 and columns j0..j1 of a task.
func (j *gemmJob[T]) block(task int) (i0, i1, j0, j1 int) {
	mr, nr := j.kern.MR, j.kern.NR
	if j.upper {
		j0, j1 = strip(task, j.gn, j.n, nr), strip(task+1, j.gn, j.n, nr)
		return 0, j1, j0, j1
	}
	if j.cost.even {
		mr = 1
	}
	i0, i1 = part(task/j.gn, j.gm, j.m, mr)
	j0, j1 = part(task%j.gn, j.gn, j.n, nr)
	return i0, i1, j0, j1
}

// Do implements Job.
func (j *gemmJob[T]) Do(worker, task int) {
	i0, i1, j0, j1 := j.block(task)
	packA, packB := j.cost.packs(i1-i0, j1-j0, j.k)
	depth := depthOf[T](j.k)
	if packB && !j.b.Trans && i1-i0 <= narrowRows && j.kern.NR*wordSize[T]() <= 64 {
		depth = evenly(max(j.k, 1), narrowK, 1)
	}
	if !packA && !packB && !j.upper && depth == j.k && (j1-j0)*j.k*wordSize[T]() <= l2.across {
		j.direct(worker, i0, i1, j0, j1)
		return
	}
	rows := evenly(i1-i0, rowsOfA[T](i1-i0, depth), j.kern.MR)
	soon := j.pool.soon(worker)
	for k0 := 0; k0 == 0 || k0 < j.k; k0 += depth {
		kc := min(depth, j.k-k0)
		load := j.store == Accumulate || k0 > 0
		for n0 := j0; n0 < j1; n0 += blockN[T]() {
			nc := min(blockN[T](), j1-n0)
			var t tiles[T]
			t.kern, t.cols, t.kc, t.ldc, t.load, t.soon = j.kern, nc, kc, j.ldc, load, soon
			t.past = !load && kc == j.k && wordSize[T]()*j.m*j.n > pastBytes
			if !packB {
				j.panelsB(&t.b, worker, n0, nc, k0, kc)
			}
			for m0 := i0; m0 < i1; m0 += rows {
				mc := min(rows, i1-m0)
				if j.upper && m0 >= n0+nc {
					continue
				}
				t.rows, t.c = mc, j.c[m0*j.ldc+n0:]
				t.upper, t.below = j.upper, m0-n0
				j.blockA(&t, worker, m0, mc, k0, kc, packA)
				if packA {
					t.ahead[0] = ahead[T]{}
					switch { // the block of A after this one
					case m0+rows < i1:
						t.ahead[0] = j.aheadA(m0+rows, min(rows, i1-m0-rows), k0, kc)
					case n0+blockN[T]() < j1:
						t.ahead[0] = j.aheadA(i0, min(rows, i1-i0), k0, kc)
					case k0+depth < j.k:
						t.ahead[0] = j.aheadA(i0, min(rows, i1-i0), k0+depth, min(depth, j.k-k0-depth))
					}
				}
				if packB && m0 == i0 && kc > 0 {
					j.packing(worker, &t, n0, k0, i1-i0 <= rows)
				} else {
					t.run()
				}
			}
		}
	}
}

// direct is Do of a block that needs nothing beside: its operands are near and read where they stand.
func (j *gemmJob[T]) direct(worker, i0, i1, j0, j1 int) {
	k, nr, load := j.k, j.kern.NR, j.store == Accumulate
	var b panelled[T]
	j.panelsB(&b, worker, j0, j1-j0, 0, k)
	whole := j1
	if b.last != nil {
		whole = j0 + (j1-j0)/nr*nr
	}
	rows := i1 - i0
	if rows > directRows {
		rows = evenly(rows, directRows, j.kern.MR)
	}
	for i := i0; i < i1; i += rows {
		h := min(rows, i1-i)
		a, c := &j.a.Data[i*j.a.Stride], j.c[i*j.ldc:]
		if j0 < whole {
			j.kern.Run(h, whole-j0, k, a, j.a.Stride, 1, &b.data[0], nr, b.ld, &c[j0], j.ldc, load, nil, nil)
		}
		if whole < j1 {
			j.kern.Run(h, j1-whole, k, a, j.a.Stride, 1, &b.last[0], 0, nr, &c[whole], j.ldc, load, nil, nil)
		}
	}
}

// part returns the range of part i of n elements cut into parts of whole tiles.
func part(i, parts, n, tile int) (lo, hi int) {
	if parts == 1 {
		return 0, n
	}
	t := ceilDiv(n, tile)
	return min(i*t/parts*tile, n), min((i+1)*t/parts*tile, n)
}

// strip returns where strip i of an n x n triangle begins, whole tiles, when its columns are
// cut into strips of about equal area.
func strip(i, strips, n, tile int) int {
	t := ceilDiv(n, tile)
	q := math.Sqrt(float64(i*t*(t+1))/float64(strips)+0.25) - 0.5 // q(q+1) is i's share of t(t+1)
	return min(int(q+0.5)*tile, n)
}

// evenly returns the size of the blocks, whole tiles, when n elements are cut
// into as few as a limit allows, all of about the same size.
func evenly(n, limit, tile int) int {
	if n <= limit {
		return roundUp(n, tile)
	}
	return roundUp(ceilDiv(n, max(ceilDiv(n, limit), 1)), tile)
}

// strided is an operand of a block of tiles: element (i, k) of A stands at
// data[i*rs+k*cs]. An operand in place or copied has no panels; a packed one,
// for kernels that are not Strided, has panels of MR rows.
type strided[T Float] struct {
	data   []T
	rs, cs int
	packed bool
}

// panelled is B as panels of NR columns: row k of panel p begins at
// data[p*step+k*ld]. The last, partial panel may stand apart.
type panelled[T Float] struct {
	data     []T
	step, ld int
	last     []T // its rows are NR apart; nil where it stands with the others
}

// blockA makes rows m0..m0+mc, steps k0..k0+kc of A ready for the kernel, as the left
// operand of t. A copy keeps the layout and changes the distance of its rows, so that they
// meet in no set of the cache and on few pages.
func (j *gemmJob[T]) blockA(t *tiles[T], worker, m0, mc, k0, kc int, pack bool) {
	if kc == 0 { // nothing will be read
		return
	}
	if !pack {
		t.a.data, t.a.rs, t.a.cs = j.a.Data[m0*j.a.Stride+k0:], j.a.Stride, 1
		return
	}
	mr := j.kern.MR
	if !j.kern.Strided {
		t.a.data, t.a.packed = buffer[T](j.pool, worker, slotPanelA, roundUp(mc, mr)*kc), true
		packPanels(t.a.data, j.a, m0, mc, mr, mr*kc, k0, kc, j.pool.offsets(worker))
		return
	}
	if j.a.Trans {
		ld := apart[T](mc)
		t.a = strided[T]{data: buffer[T](j.pool, worker, slotPanelA, ld*kc), rs: 1, cs: ld}
		for k := range kc {
			copy(t.a.data[k*ld:][:mc], j.a.Data[(k0+k)*j.a.Stride+m0:])
		}
		return
	}
	ld := apart[T](kc)
	t.a = strided[T]{data: buffer[T](j.pool, worker, slotPanelA, ld*mc), rs: ld, cs: 1}
	copyRows(t.a.data, Matrix[T]{Data: j.a.Data[m0*j.a.Stride+k0:], Stride: j.a.Stride}, ld, mc, kc)
}

// copyRows copies so many rows of m, kc elements each, to dst, where they are ld apart.
func copyRows[T Float](dst []T, m Matrix[T], ld, rows, kc int) {
	for i := range rows {
		copy(dst[i*ld:][:kc], m.Data[i*m.Stride:])
	}
}

// panelsB makes steps k0..k0+kc of columns n0..n0+nc of B ready for the kernel where
// they stand; the last ones are packed if they fill no panel and the kernel would read too far.
func (j *gemmJob[T]) panelsB(b *panelled[T], worker, n0, nc, k0, kc int) {
	nr := j.kern.NR
	if kc == 0 {
		return
	}
	b.data, b.step, b.ld = j.b.Data[k0*j.b.Stride+n0:], nr, j.b.Stride
	// What a kernel reads of a row beyond its columns has to end before the next row's do.
	if reads := j.kern.Reads; reads > 0 && -nc&(reads-1) <= j.b.Stride {
		return
	}
	if whole := nc / nr * nr; whole < nc {
		b.last = buffer[T](j.pool, worker, slotPanelB, nr*kc)
		packCols(b.last, j.b, n0+whole, nc-whole, nr, k0, kc, j.pool.offsets(worker))
	}
}
