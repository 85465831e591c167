package tensor

import "randalign/asm"

// packer packs a group of neighbouring panels of B while the tiles of the group
// before are done: beside each call of the kernel some steps, fetched shortly before, if it
// copies, and otherwise before each some that the one before has fetched.
// A step of a group is some hundred bytes of neighbours; rows of B may share sets of the
// second-level cache, which holds but few of them.
type packer[T Float] struct {
	b            Matrix[T]
	dst          []T
	n0, k0       int // the group's place in B
	cols, kc, nr int
	step         int // distance of two panels
	offsets      []int
	done, under  int // steps that are packed, and on their way
	pace         int // steps to a tile
}

// groupRows is how many steps there are at least for each 128 bytes of one. Of few
// steps, a tile would have to pack and fetch whole ones, which take it too long.
const groupRows = 36

// packAtOnce steps at the most are packed all at once: a few at a time between tiles
// that are short themselves cost more than they hide.
const packAtOnce = 128

// packLead steps are fetched before the first is copied: from then on, one is copied for each that
// is fetched. Memory needs the time of a few; more may not find room in a set of the caches.
const packLead = 8

// pack packs the steps that are on their way.
func (p *packer[T]) pack() {
	if p.under > p.done {
		p.steps(p.done, p.under)
	}
	p.done = p.under
}

// steps packs some steps.
func (p *packer[T]) steps(from, to int) {
	n, rest := to-from, 0
	if whole := p.cols / p.nr; n <= whole && !p.b.Trans { // row by row
		for k := from; k < to; k++ {
			copyRuns(p.dst[k*p.nr:], p.step, p.b.Data[(p.k0+k)*p.b.Stride+p.n0:], p.nr, p.nr, whole, false)
		}
		rest = whole * p.nr
	}
	if rest < p.cols {
		packPanels(p.dst[rest/p.nr*p.step+from*p.nr:], p.b.T(), p.n0+rest, p.cols-rest, p.nr, p.step, p.k0+from, n, p.offsets)
	}
}

// next asks for what so many tiles should fetch, and has the kernel copy as many steps if it can, see
// finish for what it leaves, or packs what has been fetched.
func (p *packer[T]) next(f *asm.Fetch, tiles int, copies bool) *asm.Fetch {
	if !copies || f == nil || p.b.Trans || p.cols%p.nr != 0 {
		if p.kc > packAtOnce {
			p.pack()
		}
		return p.upTo(f, p.under+tiles*p.pace)
	}
	if p.under == 0 {
		if g := p.upTo(f, packLead); g != nil {
			asm.Prefetch(*g)
		}
	}
	from, n := p.done, min(tiles*p.pace, p.kc-p.done)
	if p.upTo(f, p.under+n) == nil {
		f.Count = 0
	}
	f.Copy = copyRowsBeside(p.b.Data[(p.k0+from)*p.b.Stride+p.n0:], n, p.b.Stride, p.cols, p.nr, p.dst[from*p.nr:], p.step, p.nr)
	p.done += n
	return f
}

// finish packs the last n steps of those that a kernel should have copied.
func (p *packer[T]) finish(n int) { p.steps(p.done-n, p.done) }

// upTo asks for what is needed now of the steps up to some one.
func (p *packer[T]) upTo(f *asm.Fetch, to int) *asm.Fetch {
	from := p.under
	if p.b.Trans { // whole cache lines
		to = roundUp(to, 16)
	}
	p.under = max(min(to, p.kc), from)
	n := p.under - from
	switch {
	case n == 0:
		return nil
	case p.b.Trans:
		return askRows(f, p.b.Data[p.n0*p.b.Stride+p.k0+from:], p.cols, p.b.Stride, n)
	}
	return askRows(f, p.b.Data[(p.k0+from)*p.b.Stride+p.n0:], n, p.b.Stride, p.cols)
}

// rest packs what is left.
func (p *packer[T]) rest() {
	p.pack()
	for p.done < p.kc {
		var f asm.Fetch
		p.upTo(&f, p.done+16)
		asm.Prefetch(f)
		p.pack()
	}
}

// packedB packs cols columns of B at once.
func (j *gemmJob[T]) packedB(b *panelled[T], worker, n0, cols, k0, kc int) {
	nr := j.kern.NR
	b.data = buffer[T](j.pool, worker, slotPanelB, b.step*ceilDiv(cols, nr))
	packPanels(b.data, j.b.T(), n0, cols, nr, b.step, k0, kc, j.pool.offsets(worker))
}

// packing does the tiles of the first block of A and packs B for it and those that
// follow, which find it in t. With once there are none: two groups of panels are enough
// then.
func (j *gemmJob[T]) packing(worker int, t *tiles[T], n0, k0 int, once bool) {
	nr, kc := j.kern.NR, t.kc
	// An odd number of rows apart, panels share no set of the first-level cache.
	t.b.step, t.b.ld = nr*(kc|1), nr
	panels, row := ceilDiv(t.cols, nr), nr*wordSize[T]()
	group := max(1, min(l2.group/row/kc, kc*128/row/groupRows, panels))
	// Near, as a rule. A last group that is small would be packed beside all tiles of another one.
	if 2*panels*row*kc <= 3*l2.group {
		j.packedB(&t.b, worker, n0, t.cols, k0, kc)
		t.run()
		return
	}
	size := panels
	if once {
		size = min(2*group, panels)
	}
	t.b.data = buffer[T](j.pool, worker, slotPanelB, t.b.step*size)
	of := func(g int) packer[T] {
		at := g
		if once {
			at = g / group % 2 * group
		}
		return packer[T]{b: j.b, dst: t.b.data[at*t.b.step:], n0: n0 + g*nr, k0: k0, cols: min(group*nr, t.cols-g*nr), kc: kc, nr: nr, step: t.b.step, offsets: j.pool.offsets(worker)}
	}
	part := *t
	part.packer = of(0)
	for g := 0; g < panels; g += group {
		part.packer.rest()
		part.b.data, part.cols = part.packer.dst, part.packer.cols
		part.c, part.below = t.c[g*nr:], t.below-g*nr
		part.packer, part.ahead = packer[T]{}, t.ahead
		if g+group < panels {
			part.packer, part.ahead = of(g+group), [2]ahead[T]{}
		}
		part.run()
	}
}

// aheadA returns a block of A, which is copied next.
func (j *gemmJob[T]) aheadA(m0, mc, k0, kc int) ahead[T] {
	switch {
	case kc == 0: // nothing will be read
		return ahead[T]{}
	case j.a.Trans:
		return ahead[T]{data: j.a.Data[k0*j.a.Stride+m0:], rows: kc, stride: j.a.Stride, width: mc}
	}
	return ahead[T]{data: j.a.Data[m0*j.a.Stride+k0:], rows: mc, stride: j.a.Stride, width: kc}
}
