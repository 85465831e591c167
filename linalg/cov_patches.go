package linalg

import (
	"fmt"

	"randalign/asm"
	"randalign/tensor"
)

// AddPatches adds all patches of n images [n, c, h, w] under a filter of r x s
// with the given stride and zero padding: image by image, row by row of output
// positions, each in the order of package tensor. It panics unless
// d = c*r*s, the slice holds the images, and the filter fits.
func (c *Cov) AddPatches(images []float32, n, ch, h, w, r, s, stride, pad int) {
	if n < 0 || ch < 1 || h < 1 || w < 1 || r < 1 || s < 1 || stride < 1 || pad < 0 || ch*r*s != c.d {
		panic(fmt.Sprintf("linalg: add patches: %d x %d x %d patches (stride %d, pad %d) of %d images, for dimension %d",
			ch, r, s, stride, pad, n, c.d))
	}
	if len(images) != n*ch*h*w || h+2*pad < r || w+2*pad < s {
		panic(fmt.Sprintf("linalg: add patches: %d x %d filter (pad %d) on %d x %d x %d x %d images in a slice of %d",
			r, s, pad, n, ch, h, w, len(images)))
	}
	c.patches = patches{images, ch, h, w, r, s, stride, pad, (h+2*pad-r)/stride + 1, (w+2*pad-s)/stride + 1}
	group := c.reserve()
	end := n * c.patches.ho * c.patches.wo
	for c.from = 0; c.from < end; c.from += c.count {
		// The first block of all tells the origin of the others.
		if c.blocks = min((end-c.from)/covBlock, group); c.n == 0 || c.fill > 0 || c.blocks < 2 {
			c.count = min(end-c.from, covBlock-c.fill)
			c.pool.Run(ceilDiv(ch*r, c.gatherLines()), (*gathering)(c))
			c.advance(c.count)
			continue
		}
		c.count = c.blocks * covBlock
		c.pool.Run(c.blocks, (*multiplying)(c))
		c.join(covBlock)
	}
	c.patches.images = nil
}

// reserve makes room for the blocks to be under way at a time, and returns their number.
func (c *Cov) reserve() int {
	threads := c.pool.Threads()
	group := threads * min(blocksPerThread, productWords/(c.d*c.d))
	if threads == 1 || group < threads {
		group = 1
	}
	if len(c.weights) < group {
		c.weights, c.means, c.products = make([]float64, group), make([]float64, group*c.d), make([]float64, group*c.d*c.d)
	}
	for i := range c.workers[:threads] {
		w := &c.workers[i]
		n, width := c.patches.lines()
		if size := c.patches.ch * n * width; len(w.lines) < size {
			w.lines = make([]float64, size)
		}
		clear(w.lines)
		if group > 1 && w.pool == nil {
			w.pool, w.block = tensor.NewPool(1), make([]float64, c.d*covStride)
			w.multiply(c.d, c.products) // so that none allocates later, whoever gets the first task
		}
	}
	return group
}

// multiplying is the job of one block of patches, up to its products.
type multiplying Cov

// Do implements tensor.Job.
func (j *multiplying) Do(worker, task int) {
	w, d := &j.workers[worker], j.d
	j.patches.gather(w.block, 0, j.patches.ch*j.patches.r, j.from+task*covBlock, covBlock, w.lines)
	(*Cov)(j).centre(w, w.block, j.means[task*d:], 0, d, covBlock)
	w.multiply(d, j.products[task*d*d:])
}

func (w *covWorker) multiply(d int, products []float64) {
	tensor.Syrk(w.pool, d, covBlock, tensor.RowMajor(w.block, covStride), products, d, tensor.Set)
}

// gathering is the job of some lines of the filter for the block that waits.
type gathering Cov

func (c *Cov) gatherLines() int { return ceilDiv(centreRows, c.patches.s) }

// Do implements tensor.Job.
func (j *gathering) Do(worker, task int) {
	n := (*Cov)(j).gatherLines()
	lo := task * n
	j.patches.gather(j.block[j.fill:], lo, min(lo+n, j.patches.ch*j.patches.r), j.from, j.count, j.workers[worker].lines)
}

// patches are those of images [n, ch, h, w] at ho x wo positions each.
type patches struct {
	images                              []float32
	ch, h, w, r, s, stride, pad, ho, wo int
}

// A worker keeps some lines of each channel in float64, their padding with them, which
// many rows of positions read: lineBlocks times the height of the filter, if there are so many.
const lineBlocks = 8

// lines returns how many lines of a channel are kept, and how long they are.
func (p *patches) lines() (n, width int) {
	return min(p.h+2*p.pad, lineBlocks*p.r), p.w + 2*p.pad
}

// gather writes count patches, the from-th and what follows, to the columns of
// dst: of each patch the rows that lines lo..hi-1 of the filter see, of which it
// has r in each channel. kept has room for the lines of all channels, and
// their padding is zeros.
func (p *patches) gather(dst []float64, lo, hi, from, count int, kept []float64) {
	lines, ld := p.lines()
	last, first, end := -1, 0, 0 // of image last, lines first..end-1 are kept
	for at, k := 0, 0; at < count; at += k {
		image, y, x := (from+at)/(p.ho*p.wo), (from+at)/p.wo%p.ho, (from+at)%p.wo
		k = min(p.wo-x, count-at)
		top := y * p.stride
		if image != last || top+p.r > first+lines {
			last, first, end = image, top, top
		}
		for ; end < top+p.r; end++ {
			for c := lo / p.r; c*p.r < hi; c++ {
				p.widen(kept[(c*lines+end-first)*ld+p.pad:][:p.w], image, c, end-p.pad)
			}
		}
		for l, next := lo, 0; l < hi; l = next {
			c := l / p.r
			next = min((c+1)*p.r, hi)
			in := kept[(c*lines+top-first+l%p.r)*ld+x*p.stride:]
			out := dst[l*p.s*covStride+at:]
			if p.stride == 1 {
				asm.CopyPlanesF64(out, in, asm.Planes{Planes: next - l, Rows: p.s, DstPlane: p.s * covStride, DstRow: covStride, SrcPlane: ld, SrcRow: 1}, k)
				continue
			}
			for row := range (next - l) * p.s {
				from, to := in[row/p.s*ld+row%p.s:], out[row*covStride:][:k]
				for i := range to {
					to[i] = from[i*p.stride]
				}
			}
		}
	}
}

// widen writes line u of a channel, zeros where the image has none.
func (p *patches) widen(line []float64, image, c, u int) {
	if u < 0 || u >= p.h {
		clear(line)
		return
	}
	for i, v := range p.images[((image*p.ch+c)*p.h+u)*p.w:][:p.w] {
		line[i] = float64(v)
	}
}
