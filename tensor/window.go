package tensor

import "randalign/asm"

// window is how a convolution sees an image [C, H, W]: a copy with what lies
// outside the image as zeros, cut into phases of the stride, so that
// neighbouring outputs read neighbouring elements whatever the stride is:
//
//	copy[((c*ph + py)*pw + px)*hp + y][x] = image[c][y*stride+py-top][x*stride+px-left]
//
// with ph = pw = stride phases, or fewer if the filter meets fewer. The patch of
// output (i, j) is then copy[tap[t] + i*wp + j]. Where image and copy would be the
// same, there is no copy.
type window struct {
	c, h, w   int // the image
	top, left int // zeros before it, negative where it is cropped
	stride    int
	r, s      int // the filter
	ho, wo    int // outputs
	ph, pw    int // phases
	hp, wp    int // height and width of a phase
	tap       []int
	whole     bool // the image itself serves
}

func newWindow(c, h, w, top, left, stride, r, s, ho, wo int) window {
	v := window{c: c, h: h, w: w, top: top, left: left, stride: stride, r: r, s: s, ho: ho, wo: wo}
	v.ph, v.pw = min(r, stride), min(s, stride)
	v.hp, v.wp = ho+(r-1)/stride, wo+(s-1)/stride
	v.whole = stride == 1 && top == 0 && left == 0 && v.hp <= h && v.wp <= w
	if v.whole {
		v.hp, v.wp = h, w
	}
	for ch := range c {
		for y := range r {
			for x := range s {
				phase := (ch*v.ph+y%stride)*v.pw + x%stride
				v.tap = append(v.tap, (phase*v.hp+y/stride)*v.wp+x/stride)
			}
		}
	}
	return v
}

// channel is the number of elements of a channel of the copy.
func (v *window) channel() int { return v.ph * v.pw * v.hp * v.wp }

func (v *window) positions() int { return v.ho * v.wo }

// fillWindow writes channels c0..c1 of an image's copy to dst.
func fillWindow[T Float](v *window, dst, image []T, c0, c1 int) {
	size := v.hp * v.wp
	for ch := c0; ch < c1; ch++ {
		plane := image[ch*v.h*v.w:][:v.h*v.w]
		for py := range v.ph {
			for px := range v.pw {
				fillPhase(v, dst[:size], plane, py-v.top, px-v.left)
				dst = dst[size:]
			}
		}
	}
}

// inside returns which of n elements of a phase, the first of which is element
// x0 of an image's row or column of the given length, lie inside the image.
func (v *window) inside(x0, n, length int) (lo, hi int) {
	lo = min(max(0, ceilDiv(-x0, v.stride)), n)
	return lo, max(min(n, ceilDiv(length-x0, v.stride)), lo)
}

// fillPhase writes the phase whose element (0, 0) is plane[y0][x0].
func fillPhase[T Float](v *window, dst, plane []T, y0, x0 int) {
	st := v.stride
	top, bottom := v.inside(y0, v.hp, v.h)
	lo, hi := v.inside(x0, v.wp, v.w)
	if top == bottom || lo == hi {
		clear(dst)
		return
	}
	clear(dst[:top*v.wp])
	clear(dst[bottom*v.wp:])
	src := plane[(y0+top*st)*v.w+x0+lo*st:]
	dst = dst[top*v.wp : bottom*v.wp]
	if st == 1 {
		padRows(dst, src, bottom-top, v.wp, v.w, lo, hi-lo, v.wp)
		return
	}
	if d, ok := asF32(dst); ok && st == 2 {
		clear(d)
		s, _ := asF32(src)
		asm.Active().TakeSecondF32(d[lo:], s, bottom-top, v.wp, 2*v.w, hi-lo)
		return
	}
	for y := range bottom - top {
		row := dst[y*v.wp:][:v.wp]
		clear(row[:lo])
		clear(row[hi:])
		x := y * st * v.w
		for i := lo; i < hi; i++ {
			row[i] = src[x]
			x += st
		}
	}
}

// padRows copies rows into wider ones, see asm.Kernels.PadRowsF32.
func padRows[T Float](dst, src []T, rows, ldd, lds, zeros, n, width int) {
	if d, ok := asF32(dst); ok {
		s, _ := asF32(src)
		asm.Active().PadRowsF32(d, s, rows, ldd, lds, zeros, n, width)
		return
	}
	for r := range rows {
		row := dst[r*ldd:][:width]
		clear(row[:zeros])
		copy(row[zeros:], src[r*lds:][:n])
		clear(row[zeros+n:])
	}
}

// runs appends to list the stretches of outputs q0..q0+n, counted over the
// positions of images that stand size elements apart.
func (v *window) runs(list []asm.Run, q0, n, size int) []asm.Run {
	p, long := v.positions(), v.wo
	if v.wp == v.wo {
		long = p // rows follow each other
	}
	image, pos := q0/p, q0%p
	for at := 0; at < n; {
		y, x := pos/long, pos%long
		w := min(long-x, n-at)
		list = append(list, asm.Run{At: at, N: w, Offset: image*size + y*v.wp + x})
		at += w
		if pos += w; pos == p {
			image, pos = image+1, 0
		}
	}
	return list
}

// packRuns puts a panel together, see asm.Kernels.PackRunsF32.
func packRuns[T Float](dst, src []T, taps []int, runs []asm.Run, width int) {
	if d, ok := asF32(dst); ok {
		s, _ := asF32(src)
		asm.Active().PackRunsF32(d, s, taps, runs, width)
		return
	}
	for t, tap := range taps {
		step := dst[t*width:][:width]
		clear(step)
		for _, r := range runs {
			copy(step[r.At:][:r.N], src[tap+r.Offset:])
		}
	}
}
