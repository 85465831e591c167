package tensor

import (
	"fmt"

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
	a.check("A", m, k)
	b.check("B", k, n)
	if m == 0 || n == 0 {
		return
	}
	if ldc < n || len(c) < (m-1)*ldc+n {
		panic(fmt.Sprintf("tensor: gemm: C as %d x %d (stride %d) does not fit %d elements", m, n, ldc, len(c)))
	}
	j := gemmJobOf[T](p)
	j.a, j.b, j.c, j.ldc = a, b, c, ldc
	j.upper = false
	j.run(p, m, n, k, store)
}

// Syrk computes the upper triangle of C = A*A' or C += A*A' for A [m, k], with
// the chains of Gemm; elements below the diagonal are left undefined. It does
// little more than half the work of Gemm.
func Syrk[T Float](p *Pool, m, k int, a Matrix[T], c []T, ldc int, store Store) {
	if m < 0 || k < 0 {
		panic(fmt.Sprintf("tensor: syrk: size %d x %d", m, k))
	}
	a.check("A", m, k)
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
	gm, gn  int  // the grid
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
	j.gm, j.gn = grid(p.Threads(), m, n, k, j.kern.MR, j.kern.NR)
	p.Run(j.gm*j.gn, j)
	j.a.Data, j.b.Data, j.c = nil, nil, nil
}

// Do implements Job.
func (j *gemmJob[T]) Do(worker, task int) {
	mr, nr := j.kern.MR, j.kern.NR
	i0, i1 := part(task/j.gn, j.gm, j.m, mr)
	j0, j1 := part(task%j.gn, j.gn, j.n, nr)
	if j.k > 0 && j.slim(j1-j0) {
		j.doSlim(worker, i0, i1, j0, j1)
		return
	}
	rows := evenly(i1-i0, blockM[T](), mr)
	depth := max(evenly(j.k, blockK, 1), 1)
	packB := j.b.Trans || i1-i0 > directM || i1-i0 > mr && aliased[T](j.b.Stride)
	packA := !j.kern.Strided || j.a.Trans || j1-j0 > directN*nr || aliased[T](j.a.Stride)
	for k0 := 0; k0 == 0 || k0 < j.k; k0 += depth {
		kc := min(depth, j.k-k0)
		load := j.store == Accumulate || k0 > 0
		for n0 := j0; n0 < j1; n0 += blockN[T]() {
			nc := min(blockN[T](), j1-n0)
			b := j.panelsB(worker, n0, nc, k0, kc, packB)
			for m0 := i0; m0 < i1; m0 += rows {
				mc := min(rows, i1-m0)
				if j.upper && m0 >= n0+nc {
					continue
				}
				a := j.blockA(worker, m0, mc, k0, kc, packA)
				t := tiles[T]{kern: j.kern, a: a, b: b, rows: mc, cols: nc, kc: kc, c: j.c[m0*j.ldc+n0:], ldc: j.ldc, load: load}
				if j.upper {
					t.below, t.upper = m0-n0, true
				}
				t.run()
			}
		}
	}
}

// part returns the range of part i of n elements cut into parts of whole tiles.
func part(i, parts, n, tile int) (lo, hi int) {
	t := ceilDiv(n, tile)
	return min(i*t/parts*tile, n), min((i+1)*t/parts*tile, n)
}

// evenly returns the size of the blocks, whole tiles, when n elements are cut
// into as few as a limit allows, all of about the same size.
func evenly(n, limit, tile int) int {
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

// blockA makes rows m0..m0+mc, steps k0..k0+kc of A ready for the kernel. A
// copy keeps the layout and changes the distance of its rows, so that they meet
// in no set of the cache and on few pages.
func (j *gemmJob[T]) blockA(worker, m0, mc, k0, kc int, pack bool) strided[T] {
	mr := j.kern.MR
	switch {
	case kc == 0: // nothing will be read
		return strided[T]{}
	case !pack:
		return strided[T]{data: j.a.Data[m0*j.a.Stride+k0:], rs: j.a.Stride, cs: 1}
	case !j.kern.Strided:
		dst := buffer[T](j.pool, worker, slotPanelA, roundUp(mc, mr)*kc)
		for i := 0; i < mc; i += mr {
			packRows(dst[i*kc:], j.a, m0+i, min(mr, mc-i), mr, k0, kc, j.pool.offsets(worker))
		}
		return strided[T]{data: dst, packed: true}
	case j.a.Trans:
		ld := apart[T](mc)
		dst := buffer[T](j.pool, worker, slotPanelA, ld*kc)
		for k := range kc {
			copy(dst[k*ld:][:mc], j.a.Data[(k0+k)*j.a.Stride+m0:])
		}
		return strided[T]{data: dst, rs: 1, cs: ld}
	}
	ld := apart[T](kc)
	dst := buffer[T](j.pool, worker, slotPanelA, ld*mc)
	for i := range mc {
		copy(dst[i*ld:][:kc], j.a.Data[(m0+i)*j.a.Stride+k0:])
	}
	return strided[T]{data: dst, rs: ld, cs: 1}
}

// panelsB makes steps k0..k0+kc of columns n0..n0+nc of B ready for the kernel.
func (j *gemmJob[T]) panelsB(worker, n0, nc, k0, kc int, pack bool) panelled[T] {
	nr := j.kern.NR
	if kc == 0 {
		return panelled[T]{}
	}
	whole := 0
	if !pack {
		whole = nc / nr * nr
	}
	dst := buffer[T](j.pool, worker, slotPanelB, roundUp(nc-whole, nr)*kc)
	for i := whole; i < nc; i += nr {
		packCols(dst[(i-whole)*kc:], j.b, n0+i, min(nr, nc-i), nr, k0, kc, j.pool.offsets(worker))
	}
	if pack {
		return panelled[T]{data: dst, step: nr * kc, ld: nr}
	}
	b := panelled[T]{data: j.b.Data[k0*j.b.Stride+n0:], step: nr, ld: j.b.Stride}
	if whole < nc {
		b.last = dst
	}
	return b
}

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
	ahead          [2]ahead[T] // every tile fetches a part of them
}

// run does the tiles: B's panel stays in the first-level cache while A streams
// from the second. The rows are cut into panels of equal height.
func (t *tiles[T]) run() {
	mr, nr := t.kern.MR, t.kern.NR
	panels := ceilDiv(t.rows, mr)
	nothing := &t.c[0] // never read: the operands may be empty
	done, all := 0, panels*ceilDiv(t.cols, nr)
	for p, j := 0, 0; j < t.cols; p, j = p+1, j+nr {
		w := min(nr, t.cols-j)
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
			t.ahead[0].fetch(done, all)
			t.ahead[1].fetch(done, all)
			done++
			t.kern.Run(h, w, t.kc, a, rs, cs, b, ldb, &t.c[i*t.ldc+j], t.ldc, t.load)
			i = end
		}
	}
}
