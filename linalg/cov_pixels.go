package linalg

import (
	"fmt"
	"math"
	"math/bits"

	"randalign/tensor"
)

// pixelBatch images are multiplied at a time by one thread.
const pixelBatch = 16

// PixelCov accumulates the covariance of all patches of 8-bit images, exactly:
// products of pixels and their sums are integers below 2^53, which float64 holds,
// so that neither order nor threads can change a bit. Elements of the result are
// rounded a few times at the end: they are right to 2^-51 of themselves.
//
// Patches overlap, and so do their products. With R_u the matrix of the windows
// of image row u, R_u[(c,s)][x] = image[c][u][x*stride+s], all that is needed is
// G_{u,v} = R_u R_v' for rows less than a filter's height apart, since
//
//	sum over patches of patch[(c,r,s)] * patch[(c',r',s')] = sum_y G_{y*stride+r, y*stride+r'}[(c,s)][(c',s')]
//
// That is 2/r of the work of multiplying every patch with itself, and a gathered
// row is copied s times instead of a pixel r*s times. It serves one caller.
//
// Networks see pixels that were rounded to float32 after normalisation: the
// covariance of those, which Cov takes, differs in the eighth digit or so.
type PixelCov struct {
	ch, h, w, r, s, stride, pad int
	ho, wo                      int
	q                           int // rows of a window matrix: ch*s, and one of ones
	images                      int64
	sums                        []float64 // [h+2pad][r*q][q]: row u with the rows below it
	workers                     []*pixelWorker
	job                         []uint8
	count                       int
}

// pixelWorker is what one thread works with.
type pixelWorker struct {
	pool   *tensor.Pool
	window []float64 // [h+2pad][q][pixelBatch*wo]
	line   []float64 // one padded row of pixels
	sums   []float64
}

// NewPixelCov returns an empty accumulator for images [ch, h, w] under a filter
// of r x s. It panics unless the filter fits. It reserves about
// (h+2*pad)*ch*s*(ch*r*s + 16*w) float64s for each thread that Add uses.
func NewPixelCov(ch, h, w, r, s, stride, pad int) *PixelCov {
	if ch < 1 || h < 1 || w < 1 || r < 1 || s < 1 || stride < 1 || pad < 0 || h+2*pad < r || w+2*pad < s {
		panic(fmt.Sprintf("linalg: pixel covariance: %d x %d filter (stride %d, pad %d) on %d x %d x %d images", r, s, stride, pad, ch, h, w))
	}
	p := &PixelCov{
		ch: ch, h: h, w: w, r: r, s: s, stride: stride, pad: pad,
		ho: (h+2*pad-r)/stride + 1, wo: (w+2*pad-s)/stride + 1, q: ch*s + 1,
	}
	p.sums = make([]float64, (h+2*pad)*r*p.q*p.q)
	return p
}

// Dim returns ch*r*s.
func (p *PixelCov) Dim() int { return p.ch * p.r * p.s }

// N returns the number of patches seen.
func (p *PixelCov) N() int64 { return p.images * int64(p.ho*p.wo) }

// Add adds all patches of n images [n, ch, h, w] on the threads of pool. It
// panics if the slice has another size, or beyond 2^31 images in all.
func (p *PixelCov) Add(pool *tensor.Pool, images []uint8, n int) {
	if n < 0 || len(images) != n*p.ch*p.h*p.w {
		panic(fmt.Sprintf("linalg: pixel covariance: %d images of %d x %d x %d in a slice of %d", n, p.ch, p.h, p.w, len(images)))
	}
	if p.images+int64(n) > 1<<31 || float64(p.images+int64(n))*float64(p.wo)*255*255 > 0x1p53 {
		panic(fmt.Sprintf("linalg: pixel covariance: sums over %d images are not exact", p.images+int64(n)))
	}
	for len(p.workers) < pool.Threads() {
		w := &pixelWorker{pool: tensor.NewPool(1), sums: make([]float64, len(p.sums))}
		w.window = tensor.Make[float64]((p.h + 2*p.pad) * p.q * pixelBatch * p.wo)
		w.line = make([]float64, p.w+2*p.pad)
		p.multiply(w, pixelBatch*p.wo) // of zeros, so that none allocates later, whoever gets the first task
		p.workers = append(p.workers, w)
	}
	p.job, p.count = images, n
	pool.Run(ceilDiv(n, pixelBatch), p)
	p.job = nil
	for _, w := range p.workers {
		for i, x := range w.sums {
			p.sums[i] += x
			w.sums[i] = 0
		}
	}
	p.images += int64(n)
}

// Do implements tensor.Job: one batch.
func (p *PixelCov) Do(worker, task int) {
	w := p.workers[worker]
	lo := task * pixelBatch
	n := min(pixelBatch, p.count-lo)
	k, ld := n*p.wo, pixelBatch*p.wo
	height := p.h + 2*p.pad
	for u := range height {
		rows := w.window[u*p.q*ld:][:p.q*ld]
		for i := range n {
			for c := range p.ch {
				var pixels []uint8
				if y := u - p.pad; y >= 0 && y < p.h {
					pixels = p.job[(((lo+i)*p.ch+c)*p.h+y)*p.w:][:p.w]
				}
				p.windows(rows[c*p.s*ld+i*p.wo:], ld, pixels, w.line)
			}
		}
		ones := rows[(p.q-1)*ld:][:k]
		for i := range ones {
			ones[i] = 1
		}
	}
	p.multiply(w, k)
}

// multiply adds the products of windows of k columns.
func (p *PixelCov) multiply(w *pixelWorker, k int) {
	height, ld := p.h+2*p.pad, pixelBatch*p.wo
	for u := range height {
		below := min(p.r, height-u) * p.q
		tensor.Gemm(w.pool, below, p.q, k, tensor.RowMajor(w.window[u*p.q*ld:], ld), tensor.Transposed(w.window[u*p.q*ld:], ld),
			w.sums[u*p.r*p.q*p.q:], p.q, tensor.Accumulate)
	}
}

// windows writes the s windows of a row of pixels (nil: padding) to rows ld apart.
func (p *PixelCov) windows(dst []float64, ld int, pixels []uint8, line []float64) {
	inner := line[p.pad:][:p.w]
	if pixels == nil {
		clear(inner)
	}
	for i, v := range pixels {
		inner[i] = float64(v)
	}
	for s := range p.s {
		row := dst[s*ld:][:p.wo]
		if p.stride == 1 {
			copy(row, line[s:])
			continue
		}
		for x := range row {
			row[x] = line[x*p.stride+s]
		}
	}
}

// Merge adds the patches of o. It panics if the shapes differ.
func (p *PixelCov) Merge(o *PixelCov) {
	if [7]int{p.ch, p.h, p.w, p.r, p.s, p.stride, p.pad} != [7]int{o.ch, o.h, o.w, o.r, o.s, o.stride, o.pad} {
		panic("linalg: pixel covariance: merge of different images or filters")
	}
	for i, x := range o.sums {
		p.sums[i] += x
	}
	p.images += o.images
}

// total returns the sum over patches of element i times element j (i's row of
// the filter not below j's), or of element j alone if i < 0: an exact integer.
func (p *PixelCov) total(i, j int) uint64 {
	split := func(e int) (c, r, s int) { return e / (p.r * p.s), e / p.s % p.r, e % p.s }
	cj, rj, sj := split(j)
	row, first, column := cj*p.s+sj, rj, p.q-1
	if i >= 0 {
		ci, ri, si := split(i)
		first, column = ri, ci*p.s+si
	}
	var sum uint64
	for y := range p.ho {
		u := y*p.stride + first
		sum += uint64(p.sums[(u*p.r*p.q+(rj-first)*p.q+row)*p.q+column])
	}
	return sum
}

// Mean returns the mean patch, zeros if there are none.
func (p *PixelCov) Mean() []float64 {
	m := make([]float64, p.Dim())
	for j := range m {
		m[j] = float64(p.total(-1, j)) / float64(max(p.N(), 1))
	}
	return m
}

// Covariance returns E[(x-mean)(x-mean)'], divided by N (not N-1) and exactly
// symmetric; zeros if there are no patches. Pixels count from 0 to 255: for
// data that were standardised as (x - m_c)/s_c by channel, divide element (i, j)
// by s_c(i) s_c(j).
func (p *PixelCov) Covariance() *Mat {
	d := p.Dim()
	a := NewMat(d, d)
	n := uint64(max(p.N(), 1))
	sums := make([]uint64, d)
	for i := range sums {
		sums[i] = p.total(-1, i)
	}
	for i := range d {
		for j := i; j < d; j++ {
			x, y := i, j
			if x/p.s%p.r > y/p.s%p.r {
				x, y = y, x
			}
			// (n*sum xy - sum x * sum y) / n^2, exact up to the quotient.
			h1, l1 := bits.Mul64(n, p.total(x, y))
			h2, l2 := bits.Mul64(sums[i], sums[j])
			v := wideDifference(h1, l1, h2, l2) / float64(n) / float64(n)
			a.Data[i*d+j], a.Data[j*d+i] = v, v
		}
	}
	return a
}

// wideDifference returns x - y of two numbers of 128 bits, rounded twice.
func wideDifference(xh, xl, yh, yl uint64) float64 {
	sign := 1.0
	if xh < yh || xh == yh && xl < yl {
		xh, xl, yh, yl = yh, yl, xh, xl
		sign = -1
	}
	lo, borrow := bits.Sub64(xl, yl, 0)
	hi, _ := bits.Sub64(xh, yh, borrow)
	return sign * math.FMA(float64(hi), 0x1p64, float64(lo))
}
