package linalg

import (
	"fmt"

	"randalign/asm"
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
	c.add(&c.patches, n*c.patches.ho*c.patches.wo)
	c.patches.images = nil
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

// parts are the lines of the filter, of which it has r in each channel.
func (p *patches) parts() (n, size int) { return p.ch * p.r, p.s }

// room is that for the lines of all channels.
func (p *patches) room() int {
	n, width := p.lines()
	return p.ch * n * width
}

// gather implements vectors. The padding of the lines in kept is zeros.
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
