package tensor

import (
	"fmt"

	"randalign/asm"
)

// DensePanels is the way forward through a dense layer whose weights stay as they are for
// many batches, to the bit what DenseForward computes: W is packed once. The examples
// are shared out among the threads, so that a worker finds the rows that it made in the layer
// before in its caches.
//
// A task goes through W a block of inputs at a time, of that through some rows of x, and of
// these through all panels of W. Rows that meet in the same sets of the cache are copied
// apart, the next ones while those at hand are multiplied.
//
//	      block 0               block 1
//	x  n  [ rows: copied     ][
//	      [ rows: fetched,   ][
//	      [ then copied      ][
//	W     [ panel 0          ][
//	      [ panel 1          ][
//
// A DensePanels owns the state of one layer's job; it is not safe for concurrent use.
type DensePanels[T Float] struct {
	denseInput[T] // its kern is what W is packed for
	n, out        int
	step          int // distance of two panels
	w             []T // packed
	bias, y       []T
	relu          bool
	source        []T // W, while it is packed
	gn, gy        int // parts of the examples and of the panels
	depth         int // inputs of a block
	copies        bool
}

const (
	// panelsDeep inputs at the most are a block.
	panelsDeep = 512
	// panelsSteps of tiles are one call: assembly cannot be preempted.
	panelsSteps = 1 << 13
)

// DensePacks reports whether a layer can do with packed weights. Of many inputs and few
// outputs it cannot: that is DenseForward's sum of chunks.
func DensePacks(in, out int) bool { return in > 0 && out > 0 && (in < denseLong || out > denseWide) }

// Pack packs w [out, in] if DensePacks and reports that; later changes of w are not seen.
// Memory for as many elements is allocated if there is none.
func (d *DensePanels[T]) Pack(p *Pool, in, out int, w []T) bool {
	if len(w) != in*out {
		panic(fmt.Sprintf("tensor: dense panels: %d inputs, %d outputs: w %d", in, out, len(w)))
	}
	if !DensePacks(in, out) {
		return false
	}
	d.pool, d.kern, d.in, d.out = p, kernel[T](), in, out
	d.step = d.kern.NR * (in | 1)
	if size := d.panels() * d.step; len(d.w) < size {
		old := len(d.w)
		d.w = nil
		Dropped[T](old)
		d.w = Make[T](size)
	}
	d.source = w
	p.Run(d.panels(), d)
	d.source = nil
	return true
}

func (d *DensePanels[T]) panels() int { return ceilDiv(d.out, d.kern.NR) }

// Packed reports whether Pack has been called for the kernels that are active.
func (d *DensePanels[T]) Packed() bool { return d.kern == kernel[T]() }

// Run computes y [n, out] from x [n, in] and bias [out], which may be nil, as
// DenseForward.Run does from the same W.
func (d *DensePanels[T]) Run(p *Pool, n int, x, bias, y []T, relu bool) {
	if !d.Packed() {
		panic("tensor: dense panels: not packed for these kernels")
	}
	if len(x) < n*d.in || bias != nil && len(bias) != d.out || len(y) < n*d.out {
		panic(fmt.Sprintf("tensor: dense panels: %d examples, %d inputs, %d outputs: x %d, bias %d, y %d", n, d.in, d.out, len(x), len(bias), len(y)))
	}
	if n == 0 {
		return
	}
	d.pool, d.n, d.x, d.bias, d.y, d.relu = p, n, x, bias, y, relu
	threads := sharers(p, n*d.in*d.out)
	d.gn = min(threads, ceilDiv(n, 2*d.kern.MR))
	d.gy = min(ceilDiv(threads, d.gn), d.panels())
	d.depth = evenly(d.in, panelsDeep, 2*64/wordSize[T]())
	d.copies = !d.kern.Strided || d.in > d.depth || aliased[T](d.in)
	p.Run(d.gn*d.gy, d)
	d.x, d.bias, d.y = nil, nil, nil
}

// Do implements Job.
func (d *DensePanels[T]) Do(worker, task int) {
	if d.source != nil {
		j := task * d.kern.NR
		packCols(d.w[task*d.step:], Transposed(d.source, d.in), j, min(d.kern.NR, d.out-j), d.kern.NR, 0, d.in, d.pool.offsets(worker))
		return
	}
	i0, i1 := part(task/d.gy, d.gn, d.n, 1)
	j0, j1 := part(task%d.gy, d.gy, d.out, d.kern.NR)
	if i0 < i1 && j0 < j1 {
		d.multiply(worker, i0, i1, j0, j1)
	}
}

// multiply does examples i0..i1 and outputs j0..j1.
func (d *DensePanels[T]) multiply(worker, i0, i1, j0, j1 int) {
	mr := d.kern.MR
	row := apart[T](d.depth)
	var rows []T
	if d.copies {
		rows = buffer[T](d.pool, worker, slotPanelA, 2*mr*row)
	}
	groups := ceilDiv(i1-i0, mr)
	turn, ready := 0, false
	for k := 0; k < d.in; k += d.depth {
		kc := min(d.depth, d.in-k)
		for i, g := i0, 0; g < groups; g++ {
			end := i0 + (g+1)*(i1-i0)/groups
			h := end - i
			var next ahead[T]
			if end < i1 {
				next = d.rows(end, i1, k, kc)
			} else if k+kc < d.in {
				next = d.rows(i0, i1, k+kc, min(d.depth, d.in-k-kc))
			}
			a, rs, cs := d.x[i*d.in+k:], d.in, 1
			var copied asm.Copy
			if d.copies {
				here, there := rows[turn*mr*row:][:mr*row], rows[(1-turn)*mr*row:][:mr*row]
				if !ready {
					d.copyRows(worker, here, i, h, k, kc, row)
				}
				a, rs = here, row
				if !d.kern.Strided {
					rs, cs = 1, mr
				}
				copied = next.copied(d.kern, there, d.kern.NR, row)
				turn = 1 - turn
			}
			soon := d.pool.soon(worker)
			soon.Count = 0
			next.ask(soon, mr)
			soon.Copy = copied
			d.tiles(h, kc, i, j0, j1, k, a, rs, cs, soon)
			ready = copied.Rows > 0 && soon.Rows == 0
			i = end
		}
	}
}

// tiles multiplies h rows from row i on by kc inputs from input k on of the panels of outputs
// j0..j1.
func (d *DensePanels[T]) tiles(h, kc, i, j0, j1, k int, a []T, rs, cs int, next *asm.Fetch) {
	y, last := d.y[i*d.out:], k+kc == d.in
	fused := last && d.relu && d.bias != nil
	each := max(1, panelsSteps/kc) * d.kern.NR
	for j := j0; j < j1; j += each {
		var bias *T
		if fused {
			bias = &d.bias[j]
		}
		d.kern.Run(h, min(each, j1-j), kc, &a[0], rs, cs, &d.w[j/d.kern.NR*d.step+k*d.kern.NR], d.step, d.kern.NR, &y[j], d.out, k > 0, bias, next)
	}
	if last && !fused {
		finishRows(y, d.out, h, d.bias, j0, j1, d.relu)
	}
}
