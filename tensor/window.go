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
	far       int // distance of two channels of the copy
	tap       []int
	whole     bool // the image itself serves

	// Where the whole image is in a copy of stride 1: which elements of its plane come
	// from there, see asm.Kernels.ExpandF32.
	masks []uint16
}

func newWindow(c, h, w, top, left, stride, r, s, ho, wo int) window {
	v := window{c: c, h: h, w: w, top: top, left: left, stride: stride, r: r, s: s, ho: ho, wo: wo}
	v.ph, v.pw = min(r, stride), min(s, stride)
	v.hp, v.wp = ho+(r-1)/stride, wo+(s-1)/stride
	v.whole = stride == 1 && top == 0 && left == 0 && v.hp <= h && v.wp <= w
	if v.whole {
		v.hp, v.wp = h, w
	}
	v.far = v.ph * v.pw * v.hp * v.wp
	if v.pointwise() { // channels that share no set of the first-level cache
		v.far = (ceilDiv(v.far, lanes) | 1) * lanes
	}
	v.place(0, 0)
	v.setMasks()
	return v
}

// place sets the taps; that of the filter's first element at output (0, 0) stands at
// row y0, column x0 of a phase.
func (v *window) place(y0, x0 int) {
	v.tap = v.tap[:0]
	for ch := range v.c {
		for y := range v.r {
			for x := range v.s {
				phase := y%v.stride*v.pw + x%v.stride
				v.tap = append(v.tap, ch*v.far+(phase*v.hp+y0+y/v.stride)*v.wp+x0+x/v.stride)
			}
		}
	}
}

func (v *window) setMasks() {
	if v.whole || v.stride != 1 || v.top < 0 || v.left < 0 || v.top+v.h > v.hp || v.left+v.w > v.wp || v.far != v.hp*v.wp {
		return
	}
	v.masks = make([]uint16, ceilDiv(v.far, 16))
	for y := range v.h {
		for x := range v.w {
			i := (v.top+y)*v.wp + v.left + x
			v.masks[i/16] |= 1 << (i % 16)
		}
	}
}

// pointwise reports whether a patch is one element of each channel, in a copy of the
// image whose rows follow each other: the copy then is the matrix of the patches.
func (v *window) pointwise() bool {
	return !v.whole && v.r*v.s == 1 && v.hp == v.ho && v.wp == v.wo
}

// channel is the distance of two channels of the copy.
func (v *window) channel() int { return v.far }

// union returns a window of stride 1 whose copy holds what those of all the given ones
// do, and lets them read it. Those that read the image stay as they are.
func union(list []*window) (u window, any bool) {
	for _, v := range list {
		if !v.whole {
			u.top, u.left, any = max(u.top, v.top), max(u.left, v.left), true
		}
	}
	for _, v := range list {
		if !v.whole {
			u.c, u.h, u.w, u.ph, u.pw, u.stride = v.c, v.h, v.w, 1, 1, 1
			u.hp, u.wp = max(u.hp, u.top-v.top+v.hp), max(u.wp, u.left-v.left+v.wp)
		}
	}
	u.far = u.hp * u.wp
	u.setMasks()
	for _, v := range list {
		if !v.whole {
			v.hp, v.wp, v.far = u.hp, u.wp, u.far
			v.place(u.top-v.top, u.left-v.left)
		}
	}
	return u, any
}

func (v *window) positions() int { return v.ho * v.wo }

// fillWindow writes channels c0..c1 of an image's copy to dst.
func fillWindow[T Float](v *window, dst, image []T, c0, c1 int) {
	channels, size := c1-c0, v.hp*v.wp
	image = image[c0*v.h*v.w : c1*v.h*v.w]
	if d, ok := asF32(dst); ok {
		s, _ := asF32(image)
		switch {
		case v.masks != nil:
			asm.Active().ExpandF32(d, s, channels, v.masks, size, v.h*v.w)
			return
		case v.stride == 2:
			v.takeSeconds(d, s, channels)
			return
		}
	}
	for ch := range channels {
		plane := image[ch*v.h*v.w:][:v.h*v.w]
		to := dst[ch*v.far:]
		for py := range v.ph {
			for px := range v.pw {
				fillPhase(v, to[:size], plane, py-v.top, px-v.left)
				to = to[size:]
			}
		}
	}
}

// takeSeconds is fillWindow for a stride of 2: phase by phase of all channels.
func (v *window) takeSeconds(dst, image []float32, channels int) {
	ylo, yhi := v.inside(-v.top, v.hp, v.h)
	xlo, xhi := v.inside(-v.left, v.wp, v.w)
	if ylo > 0 || xlo > 0 || yhi < v.hp || xhi < v.wp || v.ph*v.pw > 1 {
		clear(dst[:channels*v.far])
	}
	for py := range v.ph {
		for px := range v.pw {
			y0, x0 := py-v.top, px-v.left
			top, bottom := v.inside(y0, v.hp, v.h)
			lo, hi := v.inside(x0, v.wp, v.w)
			if top == bottom || lo == hi {
				continue
			}
			planes := asm.Planes{Planes: channels, Rows: bottom - top, DstPlane: v.far, DstRow: v.wp, SrcPlane: v.h * v.w, SrcRow: 2 * v.w}
			to := ((py*v.pw+px)*v.hp+top)*v.wp + lo
			asm.Active().TakeSecondF32(dst[to:], image[(y0+2*top)*v.w+x0+2*lo:], planes, hi-lo)
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
